"""Diagnostics drawn as text, with the source line and a caret: the one place that does so."""

from __future__ import annotations

from watstep.source.diagnostic import Diagnostic, StackPicture
from watstep.source.text import Source, Span

_TAB = "    "
_LONGEST_FORM = 40
"""Characters of a form in a picture."""
_LONGEST = 160
"""Columns of a source line that are shown; a longer one is cut around the place."""


def render(source: Source, diagnostic: Diagnostic) -> str:
    """Draw a diagnostic whose spans are in `source`; several lines, the last without an end.

    Control characters of the program are shown, never sent to the terminal.
    """
    heading = f"{diagnostic.severity.value}[{diagnostic.code}]: {printable(diagnostic.message)}"
    lines = [heading, *_excerpt(source, diagnostic.span, "-->", "^")]
    if diagnostic.stack:
        lines += [f"  {line}" for line in picture_lines(source, diagnostic.stack)]
    pictured = {value.span for value in diagnostic.stack.values} if diagnostic.stack else set()
    for label in diagnostic.labels:
        if label.span in pictured:
            continue
        lines.append(f"  note: {printable(label.text)}")
        lines += _excerpt(source, label.span, "-->", "-")
    lines += [f"  fix: {printable(fix.title)}" for fix in diagnostic.fixes]
    return "\n".join(lines)


def picture_lines(source: Source, picture: StackPicture) -> list[str]:
    """A stack picture as lines: a heading, then a row for each value, the bottom first.

    A row holds what the value is called, its type, the form that made it, where, and its fate.
    """
    beyond = sum(value.fate == "out of reach" for value in picture.values)
    rows = [
        (
            value.name or (str(number) if number > 0 else "."),
            value.type,
            _form(source, value.span) if value.span else "-",
            _place(source, value.span) if value.span else "",
            "" if value.fate == "taken" else f"<- {value.fate}",
        )
        for number, value in enumerate(picture.values, 1 - beyond)
    ]
    if not rows:
        return []
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    lines = [f"stack for {printable(picture.place)}, bottom first:"]
    for row in rows:
        cells = [text + " " * (w - _width(text)) for text, w in zip(row[:4], widths, strict=True)]
        lines.append("  " + "  ".join((*cells, row[4])).rstrip())
    return lines


def picture_line(source: Source, picture: StackPicture) -> str:
    """A stack picture on one line, the bottom first; "" for one that holds nothing."""
    rows = (" ".join(line.split()) for line in picture_lines(source, picture)[1:])
    return " | ".join(rows)


def _form(source: Source, span: Span) -> str:
    """The first words of a form, on one line."""
    written = source.text[span.start : min(span.end, span.start + 4 * _LONGEST_FORM)]
    text = printable(" ".join(written.split()))
    return text if len(text) <= _LONGEST_FORM else text[: _LONGEST_FORM - 1] + "\u2026"


def _place(source: Source, span: Span) -> str:
    position = source.position(span.start)
    return f"{position.line}:{position.column}"


def printable(text: str) -> str:
    """The text with every control character but tab and line feed replaced by a visible sign."""
    if text.isprintable():
        return text
    return "".join(_visible(letter) for letter in text)


def _visible(letter: str) -> str:
    code = ord(letter)
    if code < 32 and letter not in "\t\n":
        return chr(0x2400 + code)
    if code == 127:
        return "\u2421"
    hidden = 128 <= code < 160 or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    return "\ufffd" if hidden or 0xD800 <= code < 0xE000 else letter


def _excerpt(source: Source, span: Span, arrow: str, mark: str) -> list[str]:
    """Where it is, the line, and marks under what the span covers of it."""
    position = source.position(span.start)
    place = f"{printable(source.name)}:{position.line}:{position.column}"
    if not source.text:
        return [f"  {arrow} {place}"]
    line = source.line_text(position.line)
    start = position.column - 1
    end = max(min(start + span.end - span.start, len(line)), start + 1)
    first = max(start - _LONGEST // 2, 0) if len(line) > _LONGEST else 0
    before = _shown(line[first:start])
    marked = _shown(line[start:end][:_LONGEST])
    after = _shown(line[end : first + _LONGEST])
    number = str(position.line)
    gap = " " * len(number)
    underline = " " * _width(before) + mark * max(_width(marked), 1)
    return [
        f"{gap} {arrow} {place}",
        f"{number} | {before}{marked}{after}".rstrip(),
        f"{gap} | {underline}",
    ]


def _shown(text: str) -> str:
    return printable(text.replace("\t", _TAB))


def _width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(letter) else 1 + (east_asian_width(letter) in "WF") for letter in text
    )

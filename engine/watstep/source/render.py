"""Diagnostics drawn as text, with the source line and a caret: the one place that does so."""

from __future__ import annotations

from watstep.source.diagnostic import Diagnostic
from watstep.source.text import Source, Span

_TAB = "    "
_LONGEST = 160
"""Columns of a source line that are shown; a longer one is cut around the place."""


def render(source: Source, diagnostic: Diagnostic) -> str:
    """Draw a diagnostic whose spans are in `source`; several lines, the last without an end.

    Control characters of the program are shown, never sent to the terminal.
    """
    heading = f"{diagnostic.severity.value}[{diagnostic.code}]: {printable(diagnostic.message)}"
    lines = [heading, *_excerpt(source, diagnostic.span, "-->", "^")]
    for label in diagnostic.labels:
        lines.append(f"  note: {printable(label.text)}")
        lines += _excerpt(source, label.span, "-->", "-")
    lines += [f"  fix: {printable(fix.title)}" for fix in diagnostic.fixes]
    return "\n".join(lines)


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

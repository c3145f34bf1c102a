"""Interleaved: the expansion, each source line that became something else standing above it."""

from __future__ import annotations

from watstep.expand.pieces import Expansion, Rendering
from watstep.source.text import Span
from watstep.views.levels import all_doors, doors
from watstep.views.writer import Writer


def interleaved(expansion: Expansion) -> Rendering:
    """The full expansion with the lines that changed as comments: `;; 3 | (argv 0 $url)`.

    It compiles to the same module. Lines that were taken over as they stand have no comment; the
    text of a comment is copied, so that it leads to the source like what follows it.
    """
    full = expansion.full
    text, starts = full.as_source, full.as_source.line_starts
    writer = Writer(full)
    newline = "\r\n" if "\r\n" in text.text else "\n"
    at = 0
    for line, rows in _comments(expansion).items():
        start = starts[line - 1]
        writer.copy(at, start)
        at = start
        row = text.line_text(line)
        lead = row[: _blanks(row)]
        _write(writer, rows, lead, newline)
    writer.copy(at, len(text.text))
    return writer.rendering()


def _comments(expansion: Expansion) -> dict[int, list[int]]:
    """For lines of the expansion, in order, the source lines that stand above them."""
    source, text = expansion.tree.source, expansion.full.as_source
    places = [
        (door.origin.span.start, door.origin.span.end, door.shown.start)
        for door in doors(expansion, all_doors(expansion))
        if door.origin.parent is None and not _is_moved(door.shown, door.origin.rule)
    ]
    found: dict[int, list[int]] = {}
    shown: set[int] = set()
    for start, end, place in sorted(places):
        rows = range(source.line_of(start), source.line_of(end) + 1)
        new = [row for row in rows if row not in shown]
        shown.update(new)
        if new:
            found.setdefault(text.line_of(place), []).extend(new)
    return dict(sorted(found.items()))


def _is_moved(shown: Span, rule: str) -> bool:
    """Whether it is the declaration at the top, which is no place of the source."""
    return rule == "local" and shown.start < shown.end


def _write(writer: Writer, rows: list[int], lead: str, newline: str) -> None:
    source = writer.full.source
    digits = len(str(len(source.line_starts)))
    margin = _blanks(source.line_text(rows[0]))
    for row in rows:
        line = source.line_text(row)
        blanks = min(_blanks(line), margin)
        start = source.line_starts[row - 1] + int(row == 1 and source.text.startswith("\ufeff"))
        place = Span(start + blanks, start + len(line.rstrip()))
        if place.start >= place.end:
            continue
        writer.add(f"{lead};; {row:>{digits}} | ", "source", place)
        writer.take(place)
        writer.add(newline, "source", place)


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip())

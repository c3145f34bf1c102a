"""Cutting a text at its edits: what lies between is copied, lines of a wrapped body are indented."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from watstep.expand.pieces import Copied, Generated, Origin, Part, Pass, Replacement
from watstep.source.text import Source, Span

BODY_INDENT = "    "


class Edit(NamedTuple):
    """A part that takes the place of `span` of the source (empty to insert)."""

    span: Span
    part: Part
    removes: bool = False
    """Nothing stays there, so the line's indentation is not wanted."""


class Layout:
    """Turns a stretch of the source and its edits into parts."""

    def __init__(self, source: Source, *, indented: bool) -> None:
        """Indent every line by `BODY_INDENT` if `indented`, in the last pass."""
        self.source = source
        self.indented = indented
        self.newline = "\r\n" if "\r\n" in source.text else "\n"

    def indent(self, place: int) -> tuple[Part, ...]:
        """The indentation that a wrapped line gets, as a replacement of the last pass."""
        if not self.indented:
            return ()
        origin = Origin(Span(place, place), "indent")
        return (Replacement(Pass.LOCALS, origin, (), (Generated(BODY_INDENT, origin),)),)

    def lead(self, offset: int) -> str:
        """The blanks that begin the line of `offset`."""
        start = self.source.line_starts[self.source.line_of(offset) - 1]
        line = self.source.text[start:offset]
        return line[: len(line) - len(line.lstrip(" \t\ufeff"))].replace("\ufeff", "")

    def line_break(self, offset: int, origin: Origin) -> tuple[Part, ...]:
        """A generated line end that continues the indentation of the line of `offset`."""
        lead = self.lead(offset)
        before = Generated(self.newline, origin)
        after = (Generated(lead, origin),) if lead else ()
        return (before, *self.indent(offset), *after)

    def copied(self, start: int, end: int) -> list[Part]:
        """The source from `start` to `end`, each line that begins in it indented."""
        if start >= end:
            return []
        if not self.indented:
            return [Copied(Span(start, end))]
        parts: list[Part] = []
        text, starts = self.source.text, self.source.line_starts
        at = start
        for index in range(bisect_left(starts, start), len(starts)):
            line = starts[index]
            if line >= end:
                break
            if text[line] in "\r\n":
                continue
            if line > at:
                parts.append(Copied(Span(at, line)))
                at = line
            parts.extend(self.indent(line))
        parts.append(Copied(Span(at, end)))
        return parts

    def stitch(self, span: Span, edits: list[Edit]) -> tuple[Part, ...]:
        """The parts of `span`: copied text with the edits, in order, in their places."""
        parts: list[Part] = []
        at = span.start
        starts = self.source.line_starts
        for edit in sorted(edits, key=lambda e: e.span):
            parts.extend(self.copied(at, edit.span.start))
            line = starts[self.source.line_of(edit.span.start) - 1]
            if not edit.removes and edit.span.start == line and edit.span.end > line:
                parts.extend(self.indent(line))
            parts.append(edit.part)
            at = edit.span.end
        parts.extend(self.copied(at, span.end))
        return tuple(parts)

    def whole_line(self, span: Span, siblings: set[Span]) -> Span:
        """What to take away with `span`: its whole line where only `siblings` stand on it."""
        text = self.source.text
        number = self.source.line_of(span.start)
        start = self.source.line_starts[number - 1]
        starts = self.source.line_starts
        end = starts[number] if number < len(starts) else len(text)
        after = span.end
        while after < end and text[after] in " \t":
            after += 1
        rest = list(text[start:end])
        for other in siblings:
            if other.start >= start and other.end <= end:
                rest[other.start - start : other.end - start] = " " * (other.end - other.start)
        if "".join(rest).strip():
            return Span(span.start, after)
        begins = not text[start : span.start].strip()
        ends = after >= end or text[after] in "\r\n"
        return Span(start if begins else span.start, end if ends else after)

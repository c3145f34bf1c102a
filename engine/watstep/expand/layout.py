"""Cutting a text at its edits: what lies between is copied, a wrapped body is indented."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from watstep.expand.pieces import Copied, Generated, Origin, Part, Pass, Replacement
from watstep.source.text import Source, Span


class Edit(NamedTuple):
    """A part that takes the place of `span` of the source (empty to insert)."""

    span: Span
    part: Part
    removes: bool = False
    """Nothing stays there, so the line's indentation is not wanted."""


class Siblings:
    """Forms of one kind in one list, and where they have lines to themselves."""

    def __init__(self, source: Source, spans: list[Span]) -> None:
        """`spans` in the order of the source."""
        self.source = source
        self.spans = spans
        self._alone: dict[Span, bool] = {}

    def alone_on(self, lines: Span) -> bool:
        """Whether nothing else stands on these lines."""
        if lines not in self._alone:
            at, between = lines.start, ""
            for span in self.spans[bisect_left(self.spans, (lines.start, 0)) :]:
                if span.end > lines.end:
                    break
                between += self.source.text[at : span.start]
                at = span.end
            between += self.source.text[at : lines.end]
            self._alone[lines] = not between.strip()
        return self._alone[lines]


class Layout:
    """Turns a stretch of the source and its edits into parts."""

    def __init__(self, source: Source, indent: str = "") -> None:
        """Every line gets `indent` more blanks in the last pass."""
        self.source = source
        self.indentation = indent
        self.line_starts = source.line_starts
        if source.text.startswith("\ufeff"):
            self.line_starts = [1, *source.line_starts[1:]]
        self.newline = "\r\n" if "\r\n" in source.text else "\n"
        origin = Origin(Span(0, 0), "indent")
        made = Replacement(Pass.LOCALS, origin, (), (Generated(indent, origin),))
        self.indent: tuple[Part, ...] = (made,) if indent else ()

    def begins_line(self, offset: int) -> bool:
        """Whether a line begins at `offset`."""
        return self.line_starts[self.source.line_of(offset) - 1] == offset

    def lead(self, offset: int) -> str:
        """The blanks that begin the line of `offset`."""
        start = self.line_starts[self.source.line_of(offset) - 1]
        line = self.source.text[start:offset]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def line_break(self, offset: int, origin: Origin) -> tuple[Part, ...]:
        """A generated line end that continues the indentation of the line of `offset`."""
        lead = self.lead(offset)
        before = Generated(self.newline, origin)
        after = (Generated(lead, origin),) if lead else ()
        return (before, *self.indent, *after)

    def copied(self, start: int, end: int) -> list[Part]:
        """The source from `start` to `end`, each line that begins in it indented."""
        if start >= end:
            return []
        if not self.indentation:
            return [Copied(Span(start, end))]
        parts: list[Part] = []
        text, starts = self.source.text, self.line_starts
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
            parts.extend(self.indent)
        parts.append(Copied(Span(at, end)))
        return parts

    def stitch(self, span: Span, edits: list[Edit]) -> tuple[Part, ...]:
        """The parts of `span`: copied text with the edits, in order, in their places."""
        parts: list[Part] = []
        at, starts = span.start, self.line_starts
        at_margin = False
        for edit in sorted(edits, key=lambda e: e.span):
            start, end = edit.span
            if at_margin and at < start:
                parts.extend(self.indent)
                at_margin = False
            parts.extend(self.copied(at, start))
            at_margin = at_margin or start == starts[self.source.line_of(start) - 1]
            if at_margin and start < end and not edit.removes:
                parts.extend(self.indent)
            parts.append(edit.part)
            # What is taken away at the beginning of a line leaves the rest of it there.
            line = starts[self.source.line_of(end) - 1]
            at_margin = at_margin and edit.removes and end != line
            at = end
        if at_margin and at < span.end and self.source.text[at] not in "\r\n":
            parts.extend(self.indent)
        parts.extend(self.copied(at, span.end))
        return tuple(parts)

    def whole_line(self, span: Span, siblings: Siblings) -> Span:
        """What to take away with `span`: its whole line where only `siblings` stand on it."""
        text = self.source.text
        starts = self.line_starts
        start = starts[self.source.line_of(span.start) - 1]
        last = self.source.line_of(span.end)
        end = starts[last] if last < len(starts) else len(text)
        after = span.end
        while after < end and text[after] in " \t":
            after += 1
        if not siblings.alone_on(Span(start, end)):
            return Span(span.start, after)
        begins = not text[start : span.start].strip()
        ends = after >= end or text[after] in "\r\n"
        return Span(start if begins else span.start, end if ends else after)

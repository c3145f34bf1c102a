"""A broken text as recovery reads it, and the way back from that reading to the text itself."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from watstep.expand.pieces import Copied, Expansion, Generated, Origin, Part, Replacement
from watstep.source.diagnostic import Diagnostic, Edit, moved_picture
from watstep.source.text import Source, Span
from watstep.syntax.tree import Tree


class _Segment(NamedTuple):
    """A stretch of the mended text: its start, that of its source, and what a mend put there."""

    start: int
    source: int
    put: str
    length: int


class Mended:
    """The text with the mends made; spans of the one become spans of the other."""

    def __init__(self, source: Source, mends: tuple[Edit, ...]) -> None:
        """Make the `mends` in `source`; they do not overlap, those at one place stay in order."""
        self.original = source
        self._segments: list[_Segment] = []
        self._length = at = 0
        for edit in sorted(mends, key=lambda edit: edit.span.start):
            self._add(at, "", edit.span.start - at)
            self._add(edit.span.start, edit.text, len(edit.text))
            at = edit.span.end
        self._add(at, "", len(source.text) - at)
        self._starts = [segment.start for segment in self._segments]
        text = "".join(map(self._text, self._segments))
        self.source = Source(source.name, text)

    def _add(self, source: int, put: str, length: int) -> None:
        if length:
            self._segments.append(_Segment(self._length, source, put, length))
            self._length += length

    def _text(self, segment: _Segment) -> str:
        if segment.put:
            return segment.put
        return self.original.text[segment.source : segment.source + segment.length]

    def _offset(self, offset: int, *, last: bool) -> int:
        """The source offset of a place in the mended text, at a seam that of the segment before."""
        index = max(bisect_right(self._starts, offset - last) - 1, 0)
        segment = self._segments[index]
        return segment.source + (0 if segment.put else offset - segment.start)

    def span(self, span: Span) -> Span:
        """Where a span of the mended text lies in the source."""
        if not self._segments:
            return Span(0, 0)
        start = self._offset(span.start, last=False)
        if span.start == span.end:
            return Span(start, start)
        return Span(start, max(start, self._offset(span.end, last=True)))

    def diagnostic(self, problem: Diagnostic) -> Diagnostic:
        """A problem of the mended text as one of the source."""
        labels = tuple(label._replace(span=self.span(label.span)) for label in problem.labels)
        fixes = tuple(
            fix._replace(edits=tuple(Edit(self.span(edit.span), edit.text) for edit in fix.edits))
            for fix in problem.fixes
        )
        stack = problem.stack and moved_picture(problem.stack, self.span)
        return problem._replace(
            span=self.span(problem.span), labels=labels, fixes=fixes, stack=stack
        )

    def expansion(self, expansion: Expansion, tree: Tree) -> Expansion:
        """An expansion of the mended text as one of the source, whose tree is `tree`."""
        moved = Expansion(tree, self._parts(expansion.parts), expansion.diagnostics)
        # What it becomes is the same text, and to parse it takes a seventh of the compilation.
        moved.full_tree = expansion.full_tree
        return moved

    def _parts(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        moved: list[Part] = []
        for part in parts:
            if isinstance(part, Copied):
                moved += self._copied(part.span)
            elif isinstance(part, Generated):
                moved.append(Generated(part.text, self._origin(part.origin)))
            else:
                closed, opened = self._parts(part.closed), self._parts(part.open)
                moved.append(Replacement(part.by, self._origin(part.origin), closed, opened))
        return tuple(moved)

    def _copied(self, span: Span) -> list[Part]:
        parts: list[Part] = []
        first = max(bisect_right(self._starts, span.start) - 1, 0)
        for index in range(first, len(self._segments)):
            segment = self._segments[index]
            start = max(span.start, segment.start)
            end = min(span.end, segment.start + segment.length)
            if start >= end:
                break
            at = segment.source
            if segment.put:
                text = segment.put[start - segment.start : end - segment.start]
                parts.append(Generated(text, Origin(Span(at, at), "mend")))
            else:
                shift = at - segment.start
                parts.append(Copied(Span(start + shift, end + shift)))
        return parts

    def _origin(self, origin: Origin) -> Origin:
        parent = self._origin(origin.parent) if origin.parent else None
        return Origin(self.span(origin.span), origin.rule, parent)

"""An expansion as rows to draw: its lines, and which rule made which characters of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from watstep.expand.pieces import Rendering
from watstep.source.text import Source, Span
from watstep.syntax.lexer import LineState
from watstep_tui.cells import width
from watstep_tui.compiled.counterparts import Counterparts, counterparts
from watstep_tui.highlight import line_states

KINDS = {
    "string": "string",
    "data": "string",
    "local": "local",
    "import": "wrapper",
    "memory": "wrapper",
    "module": "wrapper",
}
"""The kind of origin of a rule; every other rule is a macro's name."""

_PLAIN = frozenset(("flat", "stack", "source", "note"))
"""Rules of text that a view tells, which is no part of the program."""

Made = tuple[int, int, str]
"""Characters of a row, half-open, and the kind of their origin."""
Row = tuple[str, LineState, tuple[Made, ...]]
"""A line, what it begins inside of, and what of it was generated."""


@dataclass(frozen=True)
class Expanded:
    """A rendering, row by row; a row is made when it is looked at."""

    rendering: Rendering
    full: Rendering
    """That of the full expansion, of which it is a view."""
    lines: list[str]
    states: list[LineState]
    """What each line begins inside of."""
    width: int
    """Cells of the longest line."""

    def row(self, index: int) -> Row | None:
        """A row, counted from 0, None after the last."""
        if index >= len(self.lines):
            return None
        return self.lines[index], self.states[index], tuple(self._made(index))

    def _made(self, index: int) -> Iterator[Made]:
        size, start = len(self.lines[index]), self.rendering.as_source.line_starts[index]
        for piece in self.rendering.pieces_in(Span(start, start + size)):
            rule = piece.origin.rule if piece.origin else "indent"
            if piece.span is not None or rule in _PLAIN or not piece.text.strip():
                continue
            first = max(piece.start - start, 0)
            after = min(piece.start + len(piece.text) - start, size)
            if first < after:
                yield first, after, KINDS.get(rule, "macro")

    @cached_property
    def full_lines(self) -> list[str]:
        """The lines of the full expansion."""
        return self.lines if self.rendering is self.full else _lines(self.full.as_source)

    @cached_property
    def counterparts(self) -> Counterparts:
        """Which rows of the full expansion the rows stand for."""
        return counterparts(self.rendering, self.full)


def expanded(rendering: Rendering, full: Rendering | None = None) -> Expanded:
    """The rows of a rendering, a view of a program that is `full` expanded, itself where None."""
    lines = _lines(rendering.as_source)
    return Expanded(rendering, full or rendering, lines, line_states(lines), max(map(width, lines)))


def _lines(source: Source) -> list[str]:
    return [source.line_text(number + 1) for number in range(len(source.line_starts))]


NOTHING = expanded(Rendering(Source("", ""), (), ()))
"""The expansion of nothing."""

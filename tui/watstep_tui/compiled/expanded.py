"""An expansion as rows to draw: its lines, and which rule made which characters of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from watstep.expand.pieces import Piece, Rendering
from watstep.source.text import Source
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
    """A rendering, row by row."""

    rendering: Rendering
    full: Rendering
    """That of the full expansion, of which it is a view."""
    lines: list[str]
    rows: list[Row]
    width: int
    """Cells of the longest line."""

    def row(self, index: int) -> Row | None:
        """A row, counted from 0, None after the last."""
        return self.rows[index] if index < len(self.rows) else None

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
    made: list[list[Made]] = [[] for _ in lines]
    for piece in rendering.pieces:
        if piece.span is None and piece.text.strip():
            _mark(piece, rendering, lines, made)
    states = line_states(lines)
    rows = [(line, states[at], tuple(made[at])) for at, line in enumerate(lines)]
    return Expanded(rendering, full or rendering, lines, rows, max(map(width, lines)))


def _lines(source: Source) -> list[str]:
    return [source.line_text(number + 1) for number in range(len(source.line_starts))]


def _mark(piece: Piece, rendering: Rendering, lines: list[str], made: list[list[Made]]) -> None:
    source = rendering.as_source
    rule = piece.origin.rule if piece.origin else "indent"
    if rule in _PLAIN:
        return
    kind = KINDS.get(rule, "macro")
    end = piece.start + len(piece.text)
    for row in range(source.line_of(piece.start) - 1, source.line_of(end)):
        start = source.line_starts[row]
        first, after = max(piece.start - start, 0), min(end - start, len(lines[row]))
        if first < after:
            made[row].append((first, after, kind))


NOTHING = expanded(Rendering(Source("", ""), (), ()))
"""The expansion of nothing."""

"""An expansion as rows to draw: its lines, and which rule made which characters of them."""

from __future__ import annotations

from dataclasses import dataclass

from watstep.expand.pieces import Piece, Rendering
from watstep.source.text import Source
from watstep.syntax.lexer import LineState
from watstep_tui.cells import width
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

Made = tuple[int, int, str]
"""Characters of a row, half-open, and the kind of their origin."""
Row = tuple[str, LineState, tuple[Made, ...]]
"""A line, what it begins inside of, and what of it was generated."""


@dataclass(frozen=True)
class Expanded:
    """A rendering, row by row."""

    rendering: Rendering
    lines: list[str]
    rows: list[Row]
    width: int
    """Cells of the longest line."""

    def row(self, index: int) -> Row | None:
        """A row, counted from 0, None after the last."""
        return self.rows[index] if index < len(self.rows) else None


def expanded(rendering: Rendering) -> Expanded:
    """The rows of a rendering."""
    source = rendering.as_source
    lines = [source.line_text(number + 1) for number in range(len(source.line_starts))]
    made: list[list[Made]] = [[] for _ in lines]
    for piece in rendering.pieces:
        if piece.span is None and piece.text.strip():
            _mark(piece, rendering, lines, made)
    states = line_states(lines)
    rows = [(line, states[at], tuple(made[at])) for at, line in enumerate(lines)]
    return Expanded(rendering, lines, rows, max(map(width, lines)))


def _mark(piece: Piece, rendering: Rendering, lines: list[str], made: list[list[Made]]) -> None:
    source = rendering.as_source
    rule = piece.origin.rule if piece.origin else "indent"
    kind = KINDS.get(rule, "macro")
    end = piece.start + len(piece.text)
    for row in range(source.line_of(piece.start) - 1, source.line_of(end)):
        start = source.line_starts[row]
        first, after = max(piece.start - start, 0), min(end - start, len(lines[row]))
        if first < after:
            made[row].append((first, after, kind))


NOTHING = expanded(Rendering(Source("", ""), (), ()))
"""The expansion of nothing."""

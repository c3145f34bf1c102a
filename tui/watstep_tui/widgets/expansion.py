"""The expansion: read-only lines, generated text marked by tint and by a mark in the gutter."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from watstep.expand.pieces import Rendering
from watstep.syntax.lexer import LineState
from watstep_tui.highlight import Range, line_states, paint, token_ranges
from watstep_tui.theming import Look

GUTTER = 9
"""Cells for the breakpoint, the arrow, the line number, the origin's mark and a space."""


class ExpansionView(ScrollView, can_focus=True):
    """What the program becomes, line by line."""

    def __init__(self, look: Look, *, id: str | None = None) -> None:  # noqa: A002
        """Show nothing yet."""
        super().__init__(id=id)
        self.look = look
        self.text = ""
        self.linked: dict[int, tuple[int, int]] = {}
        self.breakpoints: set[int] = set()
        self.arrow: int | None = None
        self._lines: list[str] = []
        self._states: list[LineState] = []
        self._generated: dict[int, list[tuple[int, int]]] = {}

    def show(self, rendering: Rendering) -> None:
        """Show another expansion."""
        self.text = rendering.text
        source = rendering.as_source
        self._lines = [source.line_text(n + 1) for n in range(len(source.line_starts))]
        self._states = line_states(self._lines)
        self._generated = {}
        for piece in rendering.pieces:
            if piece.span is None and piece.text.strip():
                end = piece.start + len(piece.text)
                for row in range(source.line_of(piece.start) - 1, source.line_of(end)):
                    start = source.line_starts[row]
                    first = max(piece.start - start, 0)
                    after = min(end - start, len(self._lines[row]))
                    if first < after:
                        self._generated.setdefault(row, []).append((first, after))
        width = max(map(len, self._lines), default=0) + GUTTER
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def show_linked(self, linked: dict[int, tuple[int, int]], beside: int | None) -> None:
        """Light up characters of rows; scroll so that the first is `beside` rows from the top."""
        if linked != self.linked:
            self.linked = linked
            self.refresh()
        if linked and beside is not None:
            self.scroll_to(y=max(min(linked) - beside, 0), animate=False)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        code = self.look.code
        row = y + self.scroll_offset.y
        width = self.size.width
        base = code["text"]
        if row >= len(self._lines):
            return Strip([Segment(" " * width, base)], width)
        line = self._lines[row]
        made = self._generated.get(row, [])
        ranges: list[Range] = [(start, end, code["generated"]) for start, end in made]
        ranges += token_ranges(line, self._states[row], self.look.syntax)
        if row in self.linked:
            ranges.append((*self.linked[row], code["linked"]))
        gutter = [
            Segment("●" if row + 1 in self.breakpoints else " ", base + code["breakpoint"]),
            Segment("▶" if row + 1 == self.arrow else " ", base + code["arrow"]),
            Segment(f"{row + 1:>4} ", code["gutter"]),
            Segment("┆ " if made else "  ", code["gutter"]),
        ]
        left = self.scroll_offset.x
        body = Strip(paint(line, base, ranges)).crop_extend(left, left + width - GUTTER, base)
        return Strip.join((Strip(gutter), body))

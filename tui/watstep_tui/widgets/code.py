"""Lines of code with breakpoints and the arrow, made when they are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from rich.style import Style
from rich.text import Text

from watstep.source.text import Source
from watstep_tui.highlight import line_states, paint, token_ranges
from watstep_tui.theming import Look


class CodeRows(Sequence[Text]):
    """The rows of a text at one stop; a row is made when it is asked for."""

    def __init__(self, source: Source, look: Look) -> None:
        """The rows without marks."""
        self.source, self.look = source, look
        self.current = 0
        self.breakpoints: dict[int, bool] = {}
        count = len(source.line_starts)
        self._lines = [source.line_text(number) for number in range(1, count + 1)]
        self._states = line_states(self._lines)
        self._coloured: dict[int, Text] = {}

    def mark(self, current: int, breakpoints: dict[int, bool]) -> None:
        """Put the arrow on a line, from 1, and breakpoints, enabled or not, on others."""
        self.current, self.breakpoints = current, breakpoints

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> Text: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Text]: ...

    def __getitem__(self, index: int | slice) -> Text | Sequence[Text]:
        """A row, of the line of that index from 0."""
        if isinstance(index, slice):
            return [self[at] for at in range(len(self))[index]]
        number = index + 1
        here = number == self.current
        enabled = self.breakpoints.get(number)
        stop = " " if enabled is None else "●" if enabled else "○"
        row = Text()
        row.append(stop, self.look.code["breakpoint"])
        row.append("▶" if here else " ", self.look.code["arrow"])
        row.append(f"{number:>4}  ", "bold" if here else "dim")
        row.append_text(self._colour(index))
        if here:
            row.stylize(self.look.code["cursor_line"])
            row.stylize("bold")
        return row

    def _colour(self, index: int) -> Text:
        known = self._coloured.get(index)
        if known is None:
            known = Text()
            line, state = self._lines[index], self._states[index]
            ranges = token_ranges(line, state, self.look.syntax)
            for segment in paint(line, Style.null(), ranges):
                known.append(segment.text, segment.style)
            self._coloured[index] = known
        return known

"""Lines of code with breakpoints and the arrow, made when they are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.style import Style
from rich.text import Text

from watstep.source.text import Source, Span
from watstep_tui.cells import width
from watstep_tui.highlight import line_states, paint, token_ranges
from watstep_tui.rows.lazy import LazyRows
from watstep_tui.theming import Look


@dataclass(frozen=True)
class Marks:
    """What stands where in a text at one stop; lines count from 1."""

    cursor: Span
    """The form that runs next, or that failed."""
    line: int = 0
    """The cursor's line."""
    failed: bool = False
    seen: int = 0
    """The line of another frame that is looked at, 0 where none is."""
    breakpoints: dict[int, bool] = field(default_factory=dict)
    """Whether those are enabled, by line."""
    remarks: Mapping[int, Text] = field(default_factory=dict)
    """What is said beside lines."""
    dimmed: tuple[Span, ...] = ()
    """The code that is not run this time."""
    width: int = 0
    """The cells of a row, 0 where they do not matter."""


class CodeRows(LazyRows):
    """The rows of a text at one stop."""

    def __init__(self, source: Source, look: Look) -> None:
        """The rows without marks."""
        self.source, self.look = source, look
        self.marks = Marks(Span(0, 0))
        count = len(source.line_starts)
        self.digits = max(len(str(count)), 2)
        self.gutter = self.digits + 4
        """Cells for the breakpoint, the arrow, the line's number and spaces around it."""
        self._lines = [source.line_text(number) for number in range(1, count + 1)]
        self._states = line_states(self._lines)
        self._coloured: dict[int, Text] = {}

    def show_look(self, look: Look) -> None:
        """Take other colours."""
        self.look = look
        self._coloured.clear()

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def plain(self, index: int) -> str:
        """The line of an index from 0."""
        return self._lines[index]

    def length(self, index: int) -> int:
        """The cells of a whole line with its gutter, and of what is said beside it."""
        remark = self.marks.remarks.get(index + 1)
        return self.gutter + width(self._lines[index]) + (remark.cell_len + 2 if remark else 0)

    @property
    def kept(self) -> int:
        """The gutter stays in sight."""
        return self.gutter

    def row(self, index: int) -> Text:
        """The line of an index from 0, in its colours and with its marks."""
        number, marks, code = index + 1, self.marks, self.look.code
        here = number == marks.line
        enabled = marks.breakpoints.get(number)
        row = Text(style=code["arrow_line"] if here else "")
        row.append(" " if enabled is None else "●" if enabled else "○", code["breakpoint"])
        if here and marks.failed:
            row.append("✗", code["breakpoint"])
        else:
            row.append("▶" if here else "▷" if number == marks.seen else " ", code["arrow"])
        row.append(f" {number:>{self.digits}} ", "strong" if here else "muted")
        row.append_text(self._colour(index))
        if here:
            start = self.source.line_starts[index]
            first, after = marks.cursor.start - start, marks.cursor.end - start
            style = code["error"] + Style(bold=True) if marks.failed else Style(bold=True)
            row.stylize(style, self.gutter + max(first, 0), self.gutter + after)
        return self._remarked(row, number)

    def _remarked(self, row: Text, number: int) -> Text:
        """A row with what is said beside it; the code keeps the larger part of a narrow pane."""
        start = self.source.line_starts[number - 1]
        for span in self.marks.dimmed:
            first, after = span.start - start, span.end - start
            if after > 0 and first < len(row):
                row.stylize("muted", self.gutter + max(first, 0), self.gutter + after)
        remark = self.marks.remarks.get(number)
        if remark is None:
            return row
        room = self.marks.width
        if room:
            least = self.gutter + (room - self.gutter) * 3 // 5
            row.truncate(max(room - remark.cell_len - 2, least), overflow="ellipsis")
        return row.append("  ").append_text(remark)

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

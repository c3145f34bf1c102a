"""The text under edit as lines: every line keeps its own end, and nothing is done per key twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import add

from textual.document._document import Document, EditResult, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset, Size

from watstep.syntax.lexer import LineState
from watstep_tui.cells import cell_of, column_at, next_column, previous_column, width
from watstep_tui.highlight import line_tokens
from watstep_tui.text.marks import Change

_BYTE_ORDER_MARK = "\ufeff"
_LINE_END = re.compile(r"(\r\n?|\n)")


class LineDocument(Document):
    """A text whose line ends are kept as they are: CRLF, LF and CR may stand in one file.

    Lines are what the compiler calls lines; other signs that Unicode counts as line ends do not
    divide them. `changed` is told of every change.
    """

    def __init__(self, text: str, changed: Callable[[Change], None]) -> None:
        """Divide a text into lines; a byte-order mark is kept, and is no character of a line."""
        super().__init__("")
        self._mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
        self._lines, self._ends = _divide(text[len(self._mark) :])
        found = next((end for end in self._ends if end), "\n")
        self._newline = "\r\n" if found == "\r\n" else "\r" if found == "\r" else "\n"
        self._widths = [width(line) for line in self._lines]
        self._changed = changed
        self._text: str | None = text
        self._states = [LineState()] * len(self._lines)
        self._settled = 0
        """The last row whose state is known."""
        self._disturbed = len(self._lines)
        """From this row on, rows that agree with the known state are right to the end."""

    @property
    def text(self) -> str:
        """The whole text; the same object until it changes."""
        if self._text is None:
            self._text = self._mark + "".join(map(add, self._lines, self._ends))
        return self._text

    def get_size(self, tab_width: int) -> Size:
        """Cells of the longest line, and the number of lines."""
        return Size(max(self._widths), len(self._lines))

    def line_end(self, row: int) -> str:
        """What ends a line, "" for the last."""
        return self._ends[row]

    def in_own_ends(self, text: str) -> str:
        """A text that is typed or pasted, with the line ends of this one."""
        return _LINE_END.sub(self._newline, text)

    def get_text_range(self, start: Location, end: Location) -> str:
        """The text between two places, with the line ends that stand there."""
        (first, column), (last, after) = sorted((start, self._held(end)))
        if first == last:
            return self._lines[first][column:after]
        parts = [self._lines[first][column:], self._ends[first]]
        for row in range(first + 1, last):
            parts += [self._lines[row], self._ends[row]]
        return "".join((*parts, self._lines[last][:after]))

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Replace what stands between two places; everything that changes the text passes here."""
        top, bottom = sorted((self._held(start), self._held(end)))
        replaced = self.get_text_range(top, bottom)
        before = self._lines[top[0] : bottom[0] + 1]
        lines, ends = _divide(text.removeprefix(_BYTE_ORDER_MARK) if top == (0, 0) else text)
        lines[0] = before[0][: top[1]] + lines[0]
        place = (top[0] + len(lines) - 1, len(lines[-1]))
        lines[-1] += before[-1][bottom[1] :]
        ends[-1] = self._ends[bottom[0]]
        rows = slice(top[0], bottom[0] + 1)
        self._lines[rows], self._ends[rows] = lines, ends
        self._widths[rows] = [width(line) for line in lines]
        self._text = None
        self._disturb(top[0], bottom[0], place[0])
        self._changed(Change(top, bottom, place, before, lines))
        return EditResult(place, replaced)

    def _held(self, place: Location) -> Location:
        """A place, held to the text."""
        if place[0] >= len(self._lines):
            return self.end
        return place

    def _disturb(self, top: int, bottom: int, end: int) -> None:
        whole = self._settled == len(self._states) - 1
        after = self._disturbed + end - bottom if not whole and self._disturbed > bottom else 0
        self._states[top + 1 : bottom + 1] = [LineState()] * (end - top)
        self._disturbed = max(after, end + 1)
        self._settled = min(self._settled, top)

    def state(self, row: int) -> LineState:
        """What a row begins inside of."""
        if row > self._settled:
            self.settle(row)
        return self._states[row]

    def settle(self, row: int) -> int:
        """Make the states up to a row right; the last row that one was changed of, -1 for none."""
        last = -1
        row = min(row, len(self._states) - 1)
        while self._settled < row:
            known = self._settled
            state = line_tokens(self._lines[known], self._states[known])[1]
            self._settled = known + 1
            if self._states[known + 1] != state:
                self._states[known + 1] = state
                self._disturbed = max(self._disturbed, known + 2)
                last = known + 1
            elif known + 1 >= self._disturbed:
                self._settled = len(self._states) - 1
        return last


def _divide(text: str) -> tuple[list[str], list[str]]:
    """Lines, and the end of each; the last one's is empty."""
    parts = _LINE_END.split(text)
    return parts[::2], [*parts[1::2], ""]


class Unwrapped(WrappedDocument):
    """A document as it is shown: a line is a row, and nothing has to be kept for it."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Nothing: lines are not wrapped."""

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Nothing: lines are not wrapped."""

    @property
    def height(self) -> int:
        """Rows."""
        return self.document.line_count

    def get_offsets(self, line_index: int) -> list[int]:
        """No line is wrapped anywhere."""
        return []

    def location_to_offset(self, location: Location) -> Offset:
        """The cell and the row of a place."""
        row = min(location[0], self.document.line_count - 1)
        return Offset(cell_of(self.document.get_line(row), location[1]), row)

    def offset_to_location(self, offset: Offset) -> Location:
        """The place that a cell of a row shows."""
        row = max(0, min(offset.y, self.document.line_count - 1))
        return row, column_at(self.document.get_line(row), offset.x)


class CellNavigator(DocumentNavigator):
    """Moves the cursor by what is seen: a sign at a time, and up and down in its cell."""

    def get_location_left(self, location: Location) -> Location:
        """A sign to the left, or the end of the line above."""
        row, column = location
        if column:
            return row, previous_column(self._document[row], column)
        return (row - 1, len(self._document[row - 1])) if row else (0, 0)

    def get_location_right(self, location: Location) -> Location:
        """A sign to the right, or the start of the line below."""
        row, column = location
        if column < len(self._document[row]):
            return row, next_column(self._document[row], column)
        return (row + 1, 0) if row + 1 < self._document.line_count else location

    def get_location_above(self, location: Location) -> Location:
        """The line above, in the cell that the cursor came from; else the start of the text."""
        row = location[0] - 1
        return (row, column_at(self._document[row], self.last_x_offset)) if row >= 0 else (0, 0)

    def get_location_below(self, location: Location) -> Location:
        """The line below, in the cell that the cursor came from; else the end of the text."""
        row = location[0] + 1
        if row == self._document.line_count:
            return row - 1, len(self._document[row - 1])
        return row, column_at(self._document[row], self.last_x_offset)

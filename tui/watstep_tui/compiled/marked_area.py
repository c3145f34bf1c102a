"""A text area that draws its own lines, with what is known of them: problems, links, matches."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.document._document import Location, Selection
from textual.geometry import Offset, Size
from textual.reactive import Reactive, reactive
from textual.strip import Strip

from watstep_tui.cells import cell_of, next_column, shown, width
from watstep_tui.compiled.problems import RowProblems, problem_style
from watstep_tui.highlight import Range, joined, paint, token_ranges
from watstep_tui.results import SIGNS
from watstep_tui.scrolling import refresh_rows, size_scrollbars
from watstep_tui.text.brackets import matching_parenthesis
from watstep_tui.text.line_area import LineArea
from watstep_tui.text.stops import Stops, toggled
from watstep_tui.theming import Look

MARKS = 2
"""Cells before the line number: the breakpoint and the arrow."""
LINKED = "▸"
"""The sign, in the gutter, of a lit form."""
SIDEWAYS = 12
"""Cells that the text moves on by when the cursor leaves the pane sideways."""


class MarkedArea(LineArea):
    """A text with marks at its lines; only the rows that look different are drawn again."""

    selection = reactive(Selection(), init=False, always_update=True, repaint=False)
    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)

    def __init__(self, look: Look, *, id: str | None = None) -> None:  # noqa: A002
        """Show an empty text in a look."""
        self.look = look
        self.breakpoints: Stops = {}
        """Lines, from 1."""
        self.arrow: int | None = None
        self.problems: Mapping[int, RowProblems] = {}
        """By row, from 0."""
        self.linked: dict[int, tuple[int, int]] = {}
        self.found: dict[int, list[tuple[int, int]]] = {}
        """Characters that a search found, by row from 0."""
        self.occurrences: dict[int, list[tuple[int, int]]] = {}
        """The uses of the name under the cursor, likewise."""
        self.stops: list[tuple[Location, Location]] = []
        """Places to fill in, in order; the last is where the cursor goes in the end."""
        self._matched: set[Location] = set()
        super().__init__(
            "", soft_wrap=False, show_line_numbers=True, tab_behavior="indent", id=id,
            max_checkpoints=1000,
        )  # fmt: skip
        self.indent_width = 2
        self.cursor_blink = False

    @property
    def gutter_width(self) -> int:
        """Cells for the marks, the line number, the problem's sign and a space."""
        return len(str(self.document.line_count)) + MARKS + 2

    def show_problems(self, problems: Mapping[int, RowProblems]) -> None:
        """Show what is wrong at rows, from 0."""
        before, self.problems = self.problems, problems
        differ = {row for row in {*before, *problems} if before.get(row) != problems.get(row)}
        refresh_rows(self, differ)

    def show_found(self, found: dict[int, list[tuple[int, int]]]) -> None:
        """Show what a search found, by row from 0."""
        before, self.found = self.found, found
        differ = {row for row in {*before, *found} if before.get(row) != found.get(row)}
        refresh_rows(self, differ)

    def show_occurrences(self, occurrences: dict[int, list[tuple[int, int]]]) -> None:
        """Show the uses of the name under the cursor, by row from 0."""
        before, self.occurrences = self.occurrences, occurrences
        rows = {*before, *occurrences}
        refresh_rows(self, {row for row in rows if before.get(row) != occurrences.get(row)})

    def show_linked(self, linked: dict[int, tuple[int, int]], beside: int | None = None) -> None:
        """Light up characters of rows, from 0; the first stands `beside` rows from the top."""
        before, self.linked = self.linked, linked
        differ = {row for row in {*before, *linked} if before.get(row) != linked.get(row)}
        refresh_rows(self, differ)
        if linked and beside is not None:
            self.scroll_to(y=max(min(linked) - beside, 0), animate=False)

    def toggle_breakpoint(self, line: int) -> None:
        """Set or take away the breakpoint of a line, from 1."""
        self.breakpoints = toggled(self.breakpoints, (line,))
        refresh_rows(self, (line - 1,))

    def _refresh_size(self) -> None:
        # An undo shortens the text before it moves the cursor: hold the cursor to the text.
        last = self.document.line_count - 1
        if max(self.selection.start[0], self.selection.end[0]) > last:
            end = (last, len(self.document.get_line(last)))
            self.set_reactive(MarkedArea.selection, Selection.cursor(end))
        longest, rows = self.document.get_size(self.indent_width)
        wide = longest + self.gutter_width + 1
        if wide > self.scrollable_content_region.width:
            wide += SIDEWAYS
        self.virtual_size = Size(wide, rows)

    def watch_virtual_size(self) -> None:
        """Keep the scrollbars in step; the panes keep their places."""
        size_scrollbars(self)

    def watch_selection(self, previous: Selection, selection: Selection) -> None:
        """Draw the rows that look different with the cursor or the selection elsewhere."""
        rows = {previous.end[0], selection.end[0]}
        for ends in (previous, selection):
            if ends.start != ends.end:
                first, last = sorted((ends.start[0], ends.end[0]))
                rows.update(range(first, last + 1))
        match = self._matching_bracket_location
        matched = {match, selection.end} if match else set()
        rows.update(place[0] for place in self._matched ^ matched)
        self._matched = matched
        refresh_rows(self, rows)

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Bring the cursor into sight; sideways by several cells at a time."""
        x, y = self._cursor_offset = self.wrapped_document.location_to_offset(self.selection.end)
        left, top = self.scroll_offset
        wide, high = self.scrollable_content_region.size
        room = wide - self.gutter_width
        if room <= 0 or high <= 0:
            return Offset(0, 0)
        if center or not top <= y < top + high:
            far = center or not top - high <= y < top + 2 * high
            top = y - high // 2 if far else y if y < top else y - high + 1
        if not left <= x < left + room:
            left = 0 if x < room - SIDEWAYS else x - room + SIDEWAYS if x >= left else x - SIDEWAYS
        moved = Offset(max(left, 0), max(top, 0)) - self.scroll_offset
        if moved:
            self.scroll_to(max(left, 0), max(top, 0), animate=animate, force=True)
        return moved

    def cell_on_screen(self, place: Location) -> Offset:
        """The cell of the screen at which a place of the text is drawn."""
        cell = Offset(cell_of(self.document.get_line(place[0]), place[1]), place[0])
        return self.content_region.offset + cell + (self.gutter_width, 0) - self.scroll_offset

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """The partner of a parenthesis, by tokens, so that text and comments do not count."""
        if bracket not in ("(", ")"):
            return None
        return matching_parenthesis(self.document, search_from)

    def get_column_width(self, row: int, column: int) -> int:
        """The cell at which a character begins."""
        return cell_of(self.document.get_line(row), column)

    def render_line(self, y: int) -> Strip:
        """One line of the screen: gutter, code, and the first message at the end."""
        row = y + self.scroll_offset.y
        wide = self.size.width
        base = self.look.code["text"]
        if row >= self.document.line_count:
            return Strip([Segment(" " * wide, base)], wide)
        if row == self.selection.end[0]:
            base = base + self.look.code["cursor_line"]
        line = self.document.get_line(row)
        left, room = self.scroll_offset.x, wide - self.gutter_width
        code = Strip(paint(line + " ", base, self._ranges(row, line)))
        body = code.crop_extend(left, left + room, base)
        message = self._message(row, base, room - width(line) - 1 + left)
        if message:
            body = Strip.join((body.crop(0, room - message.cell_length), message))
        return Strip(joined((*self._gutter(row, base), *body)))

    def _message(self, row: int, base: Style, room: int) -> Strip | None:
        """What is wrong with a row, as wide as the room after its line, cut where that ends."""
        problem = self.problems.get(row)
        if problem is None or not problem.message or room < 4:
            return None
        text = shown(f"  {SIGNS[problem.severity]} {problem.severity.value}: {problem.message}")
        style = base + problem_style(self.look, problem.severity, "message", aged=problem.aged)
        strip = Strip([Segment(text, style)])
        if strip.cell_length > room:
            strip = Strip.join((strip.crop(0, room - 1), Strip([Segment("…", style)])))
        return strip.extend_cell_length(room, base)

    def _gutter(self, row: int, base: Style) -> list[Segment]:
        code = self.look.code
        here = row == self.selection.end[0]
        number = f"{row + 1:>{self.gutter_width - MARKS - 2}}"
        problem = self.problems.get(row)
        sign, style = " ", base
        if problem is not None:
            sign = SIGNS[problem.severity]
            style = base + problem_style(self.look, problem.severity, "message", aged=problem.aged)
        plain = (base if here else Style.null()) + code["gutter"]
        return [
            Segment("●" if row + 1 in self.breakpoints else " ", base + code["breakpoint"]),
            Segment("▶" if row + 1 == self.arrow else " ", base + code["arrow"]),
            Segment(number, plain + Style(bgcolor=base.bgcolor, bold=here)),
            Segment(sign, style),
            Segment(LINKED if row in self.linked else " ", base + code["gutter"]),
        ]

    def _ranges(self, row: int, line: str) -> list[Range]:
        code = self.look.code
        ranges = token_ranges(line, self.document.state(row), self.look.syntax)
        if row in self.linked:
            ranges.append((*self.linked[row], code["linked"]))
        ranges += [(*place, code["occurrence"]) for place in self.occurrences.get(row, ())]
        ranges += [(start, end, code["found"]) for start, end in self.found.get(row, ())]
        problem = self.problems.get(row)
        for start, end, severity in problem.underlined if problem else ():
            ranges.append((start, end, problem_style(self.look, severity, "line")))
        for (top, start), (bottom, end) in self.stops[:-1]:
            if top == bottom == row:
                ranges.append((start, end, code["occurrence"]))
        first, last = sorted(self.selection)
        if first != last and first[0] <= row <= last[0]:
            start = first[1] if row == first[0] else 0
            end = last[1] if row == last[0] else len(line) + 1
            # While something else has the keys, a match of the search must be seen.
            held = code["selection"] if self.has_focus else Style(reverse=True)
            ranges.append((start, end, held))
        for place in self._matched:
            if place[0] == row:
                ranges.append((place[1], place[1] + 1, code["bracket"]))
        if row == self.selection.end[0] and self.has_focus:
            column = self.selection.end[1]
            after = next_column(line, column) if column < len(line) else column + 1
            ranges.append((column, after, Style(reverse=True)))
        return ranges

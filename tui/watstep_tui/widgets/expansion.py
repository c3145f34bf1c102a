"""The expansion: read-only lines with a cursor, coloured by the rule that made them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from watstep_tui.cells import cell_of, column_at, next_column, previous_column
from watstep_tui.compiled.expanded import NOTHING, Expanded, Row
from watstep_tui.highlight import Range, joined, paint, token_ranges
from watstep_tui.keymap import VIEWS
from watstep_tui.scrolling import refresh_rows, size_scrollbars
from watstep_tui.text.marks import Change, Flashes, flashes, lines_changed, moved
from watstep_tui.text.stops import Stops, followed, toggled
from watstep_tui.theming import Look

MARKS = 2
"""Cells before the line number: the breakpoint and the arrow."""
LINKED = "▸"
"""The sign, in the gutter, of a lit form."""
COPIED = "│"
"""The sign, in the gutter, of a row that is taken over from the source."""
SIGNS = {"macro": "m", "string": "s", "local": "l", "wrapper": "w"}
"""The signs of rows that rules made a part of, by the kind of rule; capitals where all of it."""
REST = 0.6
"""Seconds after which the mouse rests on a place."""
FLASH = 0.5
"""Seconds for which what changed is seen; none where it is 0."""
MOST_FLASHED = 24
"""Rows; where more changed, it is another text rather than a change."""


def sign_of(row: Row) -> str:
    """The sign that tells without colour where a row comes from."""
    line, _, made = row
    if not made:
        return COPIED
    covered = sum(after - first for first, after, _ in made)
    sign = SIGNS[made[0][2]]
    return sign.upper() if covered >= len(line.strip()) else sign


class ExpansionView(ScrollView, can_focus=True):
    """What the program becomes, line by line."""

    DEFAULT_CSS = """
    ExpansionView { background: $surface; scrollbar-background: $surface;
        scrollbar-background-hover: $surface; scrollbar-background-active: $surface;
        scrollbar-size: 1 1; }
    ExpansionView > ScrollBarCorner { background: $surface; }
    """
    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(key, f"go('{key}')", show=False)
            for key in ("up", "down", "left", "right", "pageup", "pagedown", "home", "end")
        ),
        Binding("ctrl+home", "go('top')", show=False),
        Binding("ctrl+end", "go('bottom')", show=False),
        Binding("enter", "pick", show=False),
        Binding("escape", "leave", show=False),
        Binding("space", "app.do('toggle_form')", show=False),
        *(
            Binding(str(number), f"app.do('{name}')", show=False)
            for number, name in enumerate(VIEWS, 1)
        ),
    ]

    @dataclass
    class CursorMoved(Message):
        """The cursor moved to a row and a column, from 0."""

        row: int
        column: int

    @dataclass
    class Hovered(Message):
        """The mouse rests on a row and a column, from 0; None where it went on."""

        place: tuple[int, int] | None

    class Left(Message):
        """The keys are to go back to the source."""

    class Picked(Message):
        """The source of what the cursor is on is asked for."""

    @dataclass
    class BreakpointToggled(Message):
        """The gutter was clicked at a row, from 0."""

        row: int

    def __init__(self, look: Look, *, id: str | None = None) -> None:  # noqa: A002
        """Show nothing yet."""
        super().__init__(id=id)
        self.look = look
        self.expanded: Expanded = NOTHING
        self.linked: dict[int, tuple[int, int]] = {}
        self.found: dict[int, list[tuple[int, int]]] = {}
        """Characters that a search found, by row from 0."""
        self.breakpoints: Stops = {}
        """Lines of the full expansion, from 1."""
        self.arrow: int | None = None
        self.cursor = (0, 0)
        """Row and column, from 0."""
        self.flashed: Flashes = {}
        self.flashes = True
        """Whether what changed stands out for a moment."""
        """Characters that changed a moment ago, by row from 0."""
        self._fading: Timer | None = None
        self._under: tuple[int, int] | None = None
        """The row and the column that the mouse is on."""
        self._resting: Timer | None = None
        self._cell = 0

    @property
    def text(self) -> str:
        """The whole view of the expansion."""
        return self.expanded.rendering.text

    @property
    def gutter_width(self) -> int:
        """Cells for the marks, the line number, the origin's sign and two spaces."""
        return max(len(str(len(self.expanded.lines))), 3) + MARKS + 3

    def show(self, expanded: Expanded) -> None:
        """Show another expansion; marks move with the text that they stand at (B5)."""
        before, gutter = self.expanded, self.gutter_width
        self.expanded = expanded
        row = self._carried(before)
        row = min(self.cursor[0] if row is None else row, len(expanded.lines) - 1)
        self.cursor = (row, min(self.cursor[1], len(expanded.lines[row])))
        self._measure(self.scroll_offset.y)
        if self.has_focus:
            # Keys go on at the cursor, which another view or an opened form may have moved.
            column = self.cursor[1]
            self._bring_into_sight(self.cursor[0], cell_of(expanded.lines[self.cursor[0]], column))
        if gutter != self.gutter_width:
            self.refresh()
            return
        top = self.scroll_offset.y
        seen = range(top, top + self.size.height)
        refresh_rows(self, [at for at in seen if before.row(at) != expanded.row(at)])

    def _flash(self, change: Change) -> None:
        """Have what a change made stand out for a moment."""
        flashed = flashes(change)
        if not self.flashes or not FLASH or not flashed or len(flashed) > MOST_FLASHED:
            return
        if self._fading is not None:
            self._fading.stop()
        before, self.flashed = self.flashed, flashed
        refresh_rows(self, {*before, *flashed})
        self._fading = self.set_timer(FLASH, self._fade)

    def _fade(self) -> None:
        before, self.flashed, self._fading = self.flashed, {}, None
        refresh_rows(self, before)

    def _carried(self, before: Expanded) -> int | None:
        """Move the breakpoints; the cursor's row after what stood there `before`."""
        row, now = self.cursor[0], self.expanded
        if before.full is now.full and before.rendering is not now.rendering:
            full = before.counterparts.in_full(row)
            return None if full is None else now.counterparts.in_view(full)
        change = lines_changed(before.lines, now.lines)
        if before is not NOTHING:
            self._flash(change)
        if self.breakpoints:
            whole = change
            if now.lines is not now.full_lines or before.lines is not before.full_lines:
                whole = lines_changed(before.full_lines, now.full_lines)
            self.breakpoints, _ = followed(self.breakpoints, whole)
        return moved(row, change) if self.cursor != (0, 0) else 0

    def watch_virtual_size(self) -> None:
        """Keep the scrollbars in step; the panes keep their places."""
        size_scrollbars(self)

    def show_linked(
        self, linked: dict[int, tuple[int, int]], row: int = 0, beside: int | None = None
    ) -> None:
        """Light up characters of rows; `row` of them stands `beside` rows down, held in sight."""
        before, self.linked = self.linked, linked
        differ = {at for at in {*before, *linked} if before.get(at) != linked.get(at)}
        refresh_rows(self, differ)
        if linked and beside is not None:
            last = max(self.scrollable_content_region.height - 1, 0)
            top = max(row - min(beside, last), 0)
            self._measure(top)
            self.scroll_to(y=top, animate=False, force=True)

    def show_found(self, found: dict[int, list[tuple[int, int]]]) -> None:
        """Show what a search found, by row from 0."""
        before, self.found = self.found, found
        differ = {row for row in {*before, *found} if before.get(row) != found.get(row)}
        refresh_rows(self, differ)

    def _measure(self, top: int) -> None:
        """Take the size of the text, and what it needs for `top` to be the first row in sight."""
        high = self.scrollable_content_region.height
        rows = len(self.expanded.lines)
        if rows > top:
            rows = max(rows, top + high) if top else rows
        self.virtual_size = Size(self.expanded.width + self.gutter_width + 1, rows)

    def toggle_breakpoint(self, row: int) -> bool:
        """Set or take away the breakpoint at a row, from 0; False where it can have none.

        Breakpoints are of the full expansion. A row of another view stands for a row of that, a
        closed form for all that it becomes.
        """
        places = self.expanded.counterparts
        full = places.in_full(row)
        if full is None:
            return False
        here = {line for line in self.breakpoints if places.in_view(line - 1) == row}
        self.breakpoints = toggled(self.breakpoints, here or {full + 1})
        refresh_rows(self, (row, *filter(None, (places.in_view(full),))))
        return True

    def _has_breakpoint(self, row: int) -> bool:
        if not self.breakpoints:
            return False
        places = self.expanded.counterparts
        return any(places.in_view(line - 1) == row for line in self.breakpoints)

    def move_cursor(self, row: int, column: int, *, keep_cell: bool = False) -> None:
        """Put the cursor at a place, held to the text, and bring it into sight."""
        lines = self.expanded.lines
        left = self.cursor[0]
        row = max(0, min(row, len(lines) - 1))
        column = column_at(lines[row], self._cell) if keep_cell else min(column, len(lines[row]))
        self.cursor = (row, column)
        cell = cell_of(lines[row], column)
        if not keep_cell:
            self._cell = cell
        refresh_rows(self, {left, row})
        self._bring_into_sight(row, cell)
        self.post_message(self.CursorMoved(row, column))

    def _bring_into_sight(self, row: int, cell: int) -> None:
        wide, high = self.scrollable_content_region.size
        left, top = self.scroll_offset
        room = wide - self.gutter_width
        if not left <= cell < left + room:
            left = max(0, cell - room // 2)
        if not top <= row < top + high:
            top = row if row < top else row - high + 1
        if (left, top) != self.scroll_offset:
            self.scroll_to(left, top, animate=False, force=True)

    def action_go(self, where: str) -> None:
        """Move the cursor by a key."""
        row, column = self.cursor
        line = self.expanded.lines[row]
        page = max(self.scrollable_content_region.height - 1, 1)
        rows = {"up": -1, "down": 1, "pageup": -page, "pagedown": page}
        if where in rows:
            self.move_cursor(row + rows[where], 0, keep_cell=True)
            return
        text = len(line) - len(line.lstrip())
        last = len(self.expanded.lines) - 1
        targets = {
            "left": (row, previous_column(line, column)),
            "right": (row, next_column(line, column)),
            "home": (row, 0 if column == text else text),
            "end": (row, len(line)),
            "top": (0, 0),
            "bottom": (last, len(self.expanded.lines[last])),
        }
        self.move_cursor(*targets[where])

    def action_pick(self) -> None:
        """Ask for the source of what the cursor is on."""
        self.post_message(self.Picked())

    def action_leave(self) -> None:
        """Give the keys back to the source."""
        self.post_message(self.Left())

    def cell_on_screen(self, place: tuple[int, int]) -> Offset:
        """The cell of the screen at which a row and a column are drawn."""
        cell = Offset(cell_of(self.expanded.lines[place[0]], place[1]), place[0])
        shift = Offset(self.gutter_width, 0) - self.scroll_offset
        return self.content_region.offset + cell + shift

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Announce where the mouse rests, and that it went on."""
        self._hover(None if event.button else self._place_under(event))

    def on_leave(self) -> None:
        """The mouse is elsewhere."""
        self._hover(None)

    def _place_under(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """The row and the column under the mouse; in the gutter, the first sign of the row."""
        place = event.offset - self.gutter.top_left
        row = place.y + self.scroll_offset.y
        if not 0 <= row < len(self.expanded.lines):
            return None
        line = self.expanded.lines[row]
        first = len(line) - len(line.lstrip())
        column = column_at(line, place.x - self.gutter_width + self.scroll_offset.x)
        return (row, max(column, first)) if column < len(line) else None

    def _hover(self, place: tuple[int, int] | None) -> None:
        if place == self._under:
            return
        if self._resting is not None:
            self._resting.stop()
        elif self._under is not None:
            self.post_message(self.Hovered(None))
        self._under = place
        self._resting = None if place is None else self.set_timer(REST, self._rest)

    def _rest(self) -> None:
        self._resting = None
        self.post_message(self.Hovered(self._under))

    def on_focus(self) -> None:
        """Show the cursor."""
        self.post_message(self.CursorMoved(*self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Place the cursor; twice, go to the source; in the gutter, toggle a breakpoint."""
        place = event.offset - self.gutter.top_left
        row = place.y + self.scroll_offset.y
        if not 0 <= row < len(self.expanded.lines):
            return
        if place.x < self.gutter_width:
            self.post_message(self.BreakpointToggled(row))
            return
        cell = place.x - self.gutter_width + self.scroll_offset.x
        self.move_cursor(row, column_at(self.expanded.lines[row], cell))
        if event.chain == 2:
            self.action_pick()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        code = self.look.code
        row = y + self.scroll_offset.y
        wide = self.size.width
        base = code["text"]
        found = self.expanded.row(row)
        if found is None:
            return Strip([Segment(" " * wide, base)], wide)
        here = self.has_focus and row == self.cursor[0]
        if here:
            base = base + code["cursor_line"]
        body = Strip(paint(found[0] + " ", base, self._ranges(row, found, here)))
        left = self.scroll_offset.x
        body = body.crop_extend(left, left + wide - self.gutter_width, base)
        return Strip(joined((*self._gutter(row, found, base), *body)))

    def _gutter(self, row: int, found: Row, base: Style) -> list[Segment]:
        code = self.look.code
        plain = code["gutter"] + Style(bgcolor=base.bgcolor)
        sign = sign_of(found)
        origin = plain + code[f"sign_{found[2][0][2]}"] if found[2] else plain
        return [
            Segment("●" if self._has_breakpoint(row) else " ", base + code["breakpoint"]),
            Segment("▶" if row + 1 == self.arrow else " ", base + code["arrow"]),
            Segment(f"{row + 1:>{self.gutter_width - MARKS - 3}} ", plain),
            Segment(sign, origin),
            Segment(LINKED if row in self.linked else " ", plain),
        ]

    def _ranges(self, row: int, found: Row, here: bool) -> list[Range]:
        code = self.look.code
        line, state, made = found
        # Without colour, the sign of the row alone would not tell which part of it was made.
        mark = Style(underline=self.app.no_color and sign_of(found).islower())
        ranges: list[Range] = [
            (first, after, code[f"generated_{kind}"] + mark) for first, after, kind in made
        ]
        ranges += token_ranges(line, state, self.look.syntax)
        if row in self.linked:
            ranges.append((*self.linked[row], code["linked"]))
        if row in self.flashed:
            ranges.append((*self.flashed[row], code["flash"]))
        ranges += [(start, end, code["found"]) for start, end in self.found.get(row, ())]
        if here:
            column = self.cursor[1]
            after = next_column(line, column) if column < len(line) else column + 1
            ranges.append((column, after, Style(reverse=True)))
        return ranges

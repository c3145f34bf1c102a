"""The source editor: a TextArea that draws its own lines and keeps keys in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.document._document import EditResult, Location, Selection
from textual.document._edit import Edit
from textual.document._history import EditHistory
from textual.geometry import Offset, Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.widgets import TextArea

from watstep_tui.cells import cell_of, column_at, next_column, shown, width
from watstep_tui.compiled.problems import RowProblems, moved_problems, problem_style
from watstep_tui.files.reading import LARGEST, is_too_large
from watstep_tui.highlight import Range, joined, paint, token_ranges
from watstep_tui.results import SIGNS
from watstep_tui.scrolling import refresh_rows, size_scrollbars
from watstep_tui.terminal.clipboard import paste
from watstep_tui.text.brackets import matching_parenthesis
from watstep_tui.text.document import CellNavigator, LineDocument, Unwrapped
from watstep_tui.text.electric import Pair, Typing, kept_pairs, struck
from watstep_tui.text.line_area import LineArea
from watstep_tui.text.lines import indented
from watstep_tui.text.marks import Change, carried, carried_columns, carried_range
from watstep_tui.text.stops import Stops, followed, toggled
from watstep_tui.theming import Look

MARKS = 2
"""Cells before the line number: the breakpoint and the arrow."""
LINKED = "▸"
"""The sign, in the gutter, of a lit form."""
RESTS = 0.6
"""Seconds after which a mouse that does not move rests."""
SIDEWAYS = 12
"""Cells that the text moves on by when the cursor leaves the pane sideways."""


class Page(NamedTuple):
    """A text that the editor may show: with its cursor, its scroll and what undo knows of it."""

    document: LineDocument
    history: EditHistory
    selection: Selection = Selection()
    scroll: Offset = Offset(0, 0)


@dataclass
class MarkedEdit(Edit):
    """An edit that brings back, when it is undone, the breakpoints that it took."""

    taken: Stops = field(default_factory=dict)

    def do(self, text_area: TextArea, record_selection: bool = True) -> EditResult:
        """Perform it."""
        editor = text_area
        assert isinstance(editor, Editor)
        before, editor.gone = editor.gone, {}
        result = super().do(text_area, record_selection)
        self.taken, editor.gone = editor.gone, before
        return result

    def undo(self, text_area: TextArea) -> EditResult:
        """Take it back."""
        result = super().undo(text_area)
        assert isinstance(text_area, Editor)
        text_area.breakpoints |= self.taken
        return result


class Editor(LineArea):
    """The program's text with its marks: breakpoints, problems, the linked form, the arrow."""

    BINDINGS: ClassVar = [
        Binding("ctrl+home", "to_end(-1, False)", show=False),
        Binding("ctrl+end", "to_end(1, False)", show=False),
        Binding("ctrl+shift+home", "to_end(-1, True)", show=False),
        Binding("ctrl+shift+end", "to_end(1, True)", show=False),
    ]
    DEFAULT_CSS = """
    Editor { scrollbar-background: $surface;
        scrollbar-background-hover: $surface; scrollbar-background-active: $surface;
        scrollbar-size: 1 1; padding: 0; }
    """
    selection = reactive(Selection(), init=False, always_update=True, repaint=False)
    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)
    app_keys: ClassVar[Mapping[str, str]] = {}
    """Keys of the registry, with the editor's own action, "" where it leaves them to the app."""

    @dataclass
    class BreakpointToggled(Message):
        """The gutter was clicked at a line, from 1."""

        line: int

    @dataclass
    class Hovered(Message):
        """The mouse rests on a place of the text, or with None left the place where it rested."""

        place: Location | None

    @dataclass
    class Typed(Message):
        """One character was typed, and stands in the text."""

        letter: str

    def __init__(self, text: str, look: Look, *, id: str | None = None) -> None:  # noqa: A002
        """Show a text in a look."""
        self.look = look
        self.breakpoints: Stops = {}
        """Lines, from 1."""
        self.gone: Stops = {}
        """Lines whose breakpoints the edit in hand took away."""
        self.arrow: int | None = None
        self.problems: Mapping[int, RowProblems] = {}
        """By row, from 0."""
        self.linked: dict[int, tuple[int, int]] = {}
        self.found: dict[int, list[tuple[int, int]]] = {}
        """Characters that a search found, by row from 0."""
        self.stops: list[tuple[Location, Location]] = []
        """Places to fill in, in order; the last is where the cursor goes in the end."""
        self.pairs: list[Pair] = []
        """What closed itself around the cursor, outermost first."""
        self.closes = True
        """Whether what is opened closes itself."""
        self.takes_key: Callable[[str], bool] = lambda key: False
        """Asked first at every key, for what stands over the text."""
        self.follows: Callable[[Change], None] = lambda change: None
        """Told of every change, for what moves with the text elsewhere."""
        self.occurrences: dict[int, list[tuple[int, int]]] = {}
        """The uses of the name under the cursor, likewise."""
        self._moved: events.MouseMove | None = None
        self._rests_at: Offset | None = None
        self._matched: set[Location] = set()
        super().__init__(
            "", soft_wrap=False, show_line_numbers=True, tab_behavior="indent", id=id,
            max_checkpoints=1000,
        )  # fmt: skip
        self.indent_width = 2
        self.cursor_blink = False
        self._set_document(text, None)

    def page_of(self, text: str) -> Page:
        """A page with a text, for `take`."""
        like = self.history
        history = EditHistory(
            like.max_checkpoints, like.checkpoint_timer, like.checkpoint_max_characters
        )
        return Page(LineDocument(text, self._follow), history)

    def put_away(self) -> Page:
        """What is shown, for another time."""
        return Page(self.document, self.history, self.selection, self.scroll_offset)

    def take(self, page: Page) -> None:
        """Show another page in the place of this one."""
        self.history = page.history
        self._show_document(page.document)
        self.set_reactive(Editor.selection, page.selection)
        self.scroll_to(*page.scroll, animate=False, force=True)
        self.refresh()
        self.post_message(self.Changed(self))
        self.post_message(self.SelectionChanged(page.selection, self))

    def _set_document(self, text: str, language: str | None) -> None:
        self._show_document(LineDocument(text, self._follow))

    def _show_document(self, document: LineDocument) -> None:
        self.document: LineDocument = document
        self.wrapped_document = Unwrapped(self.document)
        self.navigator = CellNavigator(self.wrapped_document)
        self.breakpoints.clear()
        self.problems, self.linked, self.found, self.occurrences = {}, {}, {}, {}
        self.stops, self.pairs = [], []
        self.set_reactive(Editor.selection, Selection())
        if self.is_mounted:
            self._refresh_size()
            self.scroll_to(0, 0, animate=False)
            self.refresh()

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

    def edit(self, edit: Edit) -> EditResult:
        """Change the text."""
        place = edit.from_location, edit.to_location
        return super().edit(MarkedEdit(edit.text, *place, edit.maintain_selection_offset))

    def _follow(self, change: Change) -> None:
        """Move the marks with the text; draw again the rows that look different."""
        self.breakpoints, gone = followed(self.breakpoints, change)
        self.gone |= gone
        first, last = change.top[0], change.end[0]
        linked = carried(self.linked, change)
        if first == last and not change.grown and first in linked:
            linked[first] = carried_columns(linked[first], change)
        self.linked, self.problems = linked, moved_problems(self.problems, change)
        if self.stops:
            whole = change.top <= self.stops[0][0] and self.stops[-1][1] <= change.bottom
            stops = [carried_range(*stop, change) for stop in self.stops]
            self.stops = [] if whole else stops
        self.pairs = kept_pairs(self.pairs, change)
        self.follows(change)
        self.show_occurrences({})
        below = self.scroll_offset.y + self.size.height
        restated = self.document.settle(below)
        refresh_rows(self, range(first, below if change.grown else max(last, restated) + 1))

    def _refresh_size(self) -> None:
        # An undo shortens the text before it moves the cursor: hold the cursor to the text.
        last = self.document.line_count - 1
        if max(self.selection.start[0], self.selection.end[0]) > last:
            end = (last, len(self.document.get_line(last)))
            self.set_reactive(Editor.selection, Selection.cursor(end))
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
        self.pairs = [pair for pair in self.pairs if pair[0] < selection.end <= pair[1]]
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

    async def _on_key(self, event: events.Key) -> None:
        if self.takes_key(event.key):
            event.stop()
            event.prevent_default()
            return
        # Bound keys would go round by the app and arrive after keys pressed later.
        letter = event.character if event.is_printable else None
        if self._strike(letter or event.key):
            event.stop()
            event.prevent_default()
            return
        several = self.selection.start[0] != self.selection.end[0]
        if not self.read_only and (event.key == "shift+tab" or (event.key == "tab" and several)):
            event.stop()
            event.prevent_default()
            width = self.indent_width if event.key == "tab" else -self.indent_width
            self.edit_lines(indented(self.document.lines, self.selection, width))
            return
        action = self.app_keys.get(event.key)
        if action is None:
            bound = self._bindings.key_to_bindings.get(event.key)
            action = bound[0].action if bound and not event.is_printable else ""
        if action:
            event.stop()
            event.prevent_default()
            await self.run_action(action)

    def _strike(self, key: str) -> bool:
        """Whether a key was more than its letter, and has done what it does."""
        fills = any(stop == tuple(sorted(self.selection)) for stop in self.stops)
        typing = Typing(self.document, self.selection, self.pairs, self.closes, fills)
        done = None if self.read_only else struck(typing, key)
        if done is None:
            return False
        if done.text or done.start != done.end:
            text = self.document.in_own_ends(done.text)
            self.replace(text, done.start, done.end, maintain_selection_offset=False)
        if done.pair:
            self.pairs.append(done.pair)
            # What is typed into it belongs to the same step to take back.
            self.history._force_end_batch = False
        self.selection = Selection(*done.selected)
        self.record_cursor_width()
        if len(key) == 1:
            self.post_message(self.Typed(key))
        return True

    def action_to_end(self, way: int, select: bool) -> None:
        """Move to the start (-1) or the end (1) of the text, selecting up to there or not."""
        self.move_cursor(self.document.end if way > 0 else (0, 0), select=select)

    def action_copy(self) -> None:
        """Copy the selection, else the cursor's line with its end."""
        row = self.selection.end[0]
        line = self.document.get_line(row) + self.document.line_end(row)
        self.app.copy_to_clipboard(self.selected_text or line)

    async def action_paste(self) -> None:  # type: ignore[override]  # Textual awaits what it gets.
        """Paste what the system's clipboard holds, else what was copied here."""
        text = await paste() or self.app.clipboard
        found = None if self.read_only else self._replace_via_keyboard(text, *self.selection)
        if found is not None:
            self.move_cursor(found.end_location)

    def _replace_via_keyboard(
        self, insert: str, start: Location, end: Location
    ) -> EditResult | None:
        if len(insert) > 1 and is_too_large(insert, self.document.text):
            message = f"not pasted: the editor takes texts up to {LARGEST >> 20} MiB"
            self.notify(message, severity="warning")
            return None
        done = super()._replace_via_keyboard(self.document.in_own_ends(insert), start, end)
        if len(insert) == 1 and insert != "\n":
            self.post_message(self.Typed(insert))
        return done

    def forget_stops(self) -> None:
        """There are no places to fill in any more."""
        before, self.stops = self.stops, []
        refresh_rows(self, {row for stop in before for row, _ in stop})

    def cell_on_screen(self, place: Location) -> Offset:
        """The cell of the screen at which a place of the text is drawn."""
        cell = Offset(cell_of(self.document.get_line(place[0]), place[1]), place[0])
        return self.content_region.offset + cell + (self.gutter_width, 0) - self.scroll_offset

    def _place(self, event: events.MouseEvent) -> Offset:
        """Where the mouse is, from the corner of the text and its gutter."""
        return event.offset - self.gutter.top_left

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Announce where the mouse rests, once it does."""
        if event.offset == self._rests_at:
            return
        if self._rests_at is not None:
            self._rests_at = None
            self.post_message(self.Hovered(None))
        self._moved = event
        self.set_timer(RESTS, lambda: self._rested(event))

    def _rested(self, event: events.MouseMove) -> None:
        cell = self._place(event) - Offset(self.gutter_width, 0) + self.scroll_offset
        line = self.document[cell.y] if cell.y < self.document.line_count else ""
        at_rest = event is self._moved and self.mouse_hover and not event.button
        if at_rest and self.scroll_offset.x <= cell.x < width(line):
            self._rests_at = event.offset
            self.post_message(self.Hovered((cell.y, column_at(line, cell.x))))

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1 and self._place(event).x < self.gutter_width:
            event.prevent_default()
            line = self._place(event).y + self.scroll_offset.y + 1
            if line <= self.document.line_count:
                self.post_message(self.BreakpointToggled(line))

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

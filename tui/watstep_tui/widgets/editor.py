"""The source editor: what keys, the mouse and edits do; it keeps keys in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding
from textual.document._document import EditResult, Location, Selection
from textual.document._edit import Edit
from textual.document._history import EditHistory
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import TextArea

from watstep_tui.cells import column_at, width
from watstep_tui.compiled.marked_area import MarkedArea
from watstep_tui.compiled.problems import moved_problems
from watstep_tui.files.reading import LARGEST, is_too_large
from watstep_tui.scrolling import refresh_rows
from watstep_tui.terminal.clipboard import paste
from watstep_tui.text.document import CellNavigator, LineDocument, Unwrapped
from watstep_tui.text.electric import Pair, Typing, kept_pairs, struck
from watstep_tui.text.lines import indented
from watstep_tui.text.marks import Change, carried, carried_columns, carried_range
from watstep_tui.text.stops import Stops, followed
from watstep_tui.theming import Look

RESTS = 0.6
"""Seconds after which a mouse that does not move rests."""


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


class Editor(MarkedArea):
    """The program's text with its marks, which move with it; keys stay in their order."""

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
        self.gone: Stops = {}
        """Lines whose breakpoints the edit in hand took away."""
        self.pairs: list[Pair] = []
        """What closed itself around the cursor, outermost first."""
        self.closes = True
        """Whether what is opened closes itself."""
        self.takes_key: Callable[[str], bool] = lambda key: False
        """Asked first at every key, for what stands over the text."""
        self.follows: Callable[[Change], None] = lambda change: None
        """Told of every change, for what moves with the text elsewhere."""
        self._moved: events.MouseMove | None = None
        self._rests_at: Offset | None = None
        super().__init__(look, id=id)
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

    def watch_selection(self, previous: Selection, selection: Selection) -> None:
        """Forget what closed itself and is left; draw the rows that look different."""
        self.pairs = [pair for pair in self.pairs if pair[0] < selection.end <= pair[1]]
        super().watch_selection(previous, selection)

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

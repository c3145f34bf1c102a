"""The editing screen's layout, and what the rooms of the screen share: text, panes, status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from watstep.pipeline import Compilation
from watstep.source.diagnostic import Edit
from watstep.source.text import Position, Source, Span
from watstep_tui.compiled.compiling import compile_text
from watstep_tui.files.remembered import SettingsStore
from watstep_tui.files.workspace import Workspace
from watstep_tui.keymap import EDITING, TEXT, When, corner_hints, editing_hints
from watstep_tui.screens.arranging import EDITING_PLAN, Arrangement
from watstep_tui.screens.buffers import Buffer, titles
from watstep_tui.screens.code import CodeArea
from watstep_tui.screens.panel import BottomPanel
from watstep_tui.screens.trail import Trail
from watstep_tui.text.stops import Stops
from watstep_tui.theming import Look
from watstep_tui.widgets.bars import HeaderLine, KeyBar, StatusLine
from watstep_tui.widgets.find_bar import FindBar
from watstep_tui.widgets.popup import PopupList, PopupText

CORNER = (When.EDITING, "command_palette", "show_keys")
"""The keys of the first line."""


class Desk(Screen[None]):
    """Source and expansion side by side, tabs, status and keys below."""

    BINDINGS: ClassVar = [
        *(
            Binding(",".join(a.keys), f"app.do('{a.id}')", a.label, id=a.id, priority=True)
            for a in EDITING
        ),
        *(Binding(",".join(a.keys), f"app.do('{a.id}')", a.label, id=a.id) for a in TEXT),
        # Only while a run goes on: see `check_action`.
        Binding("escape", "stop_by_escape", "Stop", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Desk { layout: vertical; }
    Desk #main { height: 1fr; layout: vertical; }
    Desk .-alone { width: 1fr !important; height: 1fr !important; max-width: 100% !important;
        max-height: 100% !important; }
    Desk.-no-keys KeyBar { display: none; }
    Desk .-away { display: none !important; }
    Desk #code { layout: horizontal; width: 1fr; height: 1fr; }
    Desk #code > * { width: 1fr; height: 1fr; border: round $border-blurred;
        border-title-color: $text-muted; }
    Desk #code > *:focus { border: round $border; border-title-color: $border;
        border-title-style: bold reverse; }
    Desk.-narrow #code { layout: vertical; }
    Desk.-vast #main { layout: horizontal; }
    Desk.-vast #panel { width: 34%; height: 1fr; }
    Desk.-tall #panel { height: 14; }
    Desk.-vast.-tall #panel { height: 1fr; }
    Desk.-narrow #panel { height: 7; }
    Desk.-narrow.-low.-tabs #expansion { height: 5; }
    Desk.-narrow.-low.-tabs #expansion:focus { height: 1fr; }
    Desk.-short #code { layout: vertical; }
    Desk.-short #panel { height: 6; }
    Desk.-short #expansion, Desk.-short.-expanded #source { display: none; }
    Desk.-short.-expanded #expansion { display: block; }
    Desk #too-small { display: none; }
    Desk.-tiny #main, Desk.-tiny KeyBar { display: none; }
    Desk.-tiny #too-small { display: block; width: 1fr; height: 1fr;
        content-align: center middle; }
    """
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  Textual declares it on the instance.
        (0, "-tiny"),
        (60, "-narrow"),
        (110, "-wide"),
        (180, "-vast"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012  as above
        (0, "-short"),
        (20, "-low"),
        (30, "-high"),
        (50, "-tall"),
    ]

    def __init__(self, workspace: Workspace, store: SettingsStore, text: str, look: Look) -> None:
        """Edit `text`, which belongs to the workspace's file."""
        super().__init__()
        self.store = store
        self.buffer = Buffer(workspace, text)
        """The program that is edited."""
        self.buffers = [self.buffer]
        self.header = HeaderLine(look, "EDITING", corner_hints(*CORNER), id="header")
        self.code = CodeArea(text, workspace.name, look, id="code")
        self.code.path = str(workspace.path or "")
        self.editor, self.view = self.code.editor, self.code.view
        self.panel = BottomPanel(look, id="panel")
        self.find_bar = FindBar(id="find")
        self.status_line = StatusLine(id="status")
        self.popup = PopupList(look, id="popup")
        self.piece_note = PopupText(look, id="piece-note")
        self.info = PopupText(look, id="info")
        self.arrangement = Arrangement(self, EDITING_PLAN, store, self.use_pane)
        self.answer = ""
        self.trail = Trail()
        self.editor.follows = lambda change: self.trail.follow(self.buffer, change)
        self._divided = Source("", text)
        self._note = ""
        self._noted: object = None
        """Where keys stood when the note was made."""

    def compose(self) -> ComposeResult:
        """Header, panes, tabs, find, status, keys."""
        yield self.header
        with Container(id="main"):
            yield self.code
            yield self.panel
        yield Static("watstep needs 60 columns", id="too-small")
        yield self.find_bar
        yield self.status_line
        yield KeyBar(self.editor.look, editing_hints())
        yield self.popup
        yield self.piece_note
        yield self.info

    def on_mount(self) -> None:
        """Stand as it was left."""
        self.call_after_refresh(self.arrangement.apply)

    def on_resize(self) -> None:
        """Panes that stood side by side may stand one above the other."""
        self.call_after_refresh(self.arrangement.apply)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Have the pane in use in sight."""
        name = event.widget.id
        if name in {"source", "expansion"}:
            self.set_class(name == "expansion", "-expanded")
        self.arrangement.focused(name)

    def stand_beside(self, code: int, tabs: int) -> None:
        """Have the code panes, and the tabs, stand side by side from these columns on."""
        steps = sorted([(0, "-tiny"), (60, "-narrow"), (code, "-wide"), (tabs, "-vast")])
        if steps != self.HORIZONTAL_BREAKPOINTS:
            self.HORIZONTAL_BREAKPOINTS = steps
            now = [name for least, name in steps if least <= self.size.width][-1]
            self.update_classes({name: name == now for _, name in steps})
            self.call_after_refresh(self.arrangement.apply)

    def show_keys(self) -> None:
        """Name the keys that actions have now."""
        self.query_one(KeyBar).show(editing_hints())
        self.header.show_keys(corner_hints(*CORNER))
        self.find_bar.show_keys()

    def use_pane(self, name: str) -> None:
        """Have keys act on a pane."""
        self.query_one(f"#{name}").focus()

    @property
    def workspace(self) -> Workspace:
        """The file of the program that is edited."""
        return self.buffer.workspace

    @property
    def titles(self) -> list[str]:
        """What to call each open program."""
        return titles(self.buffers)

    @property
    def unsaved(self) -> bool:
        """Whether the text differs from the file's."""
        return self.editor.text != self.buffer.saved_text

    @property
    def compilation(self) -> Compilation | None:
        """The newest compilation; it may be of an older text."""
        return self.code.compilation

    def fresh(self) -> Compilation:
        """The compilation of the text as it stands now, made here where it is not there yet."""
        return self.code.fresh or compile_text(
            Source(self.workspace.name, self.editor.text), self.code.path
        )

    def place_of(self, source: Source, offset: int) -> tuple[int, int]:
        """A place of the editor, row and column from 0."""
        place = source.position(offset)
        return place.line - 1, place.column - 1

    def offset_of(self, place: tuple[int, int]) -> int:
        """The offset in the text of a place of the editor."""
        return self._source.offset(Position(place[0] + 1, place[1] + 1))

    @property
    def _source(self) -> Source:
        """The text as it stands, divided into lines once."""
        if self._divided.text is not self.editor.text:
            self._divided = Source("", self.editor.text)
        return self._divided

    def go_to(self, place: Position, of: Source | None = None) -> None:
        """Put the cursor at a place, in sight, and give the text the keys, as a jump.

        `of` is the text that the place is of, where that may have been edited since.
        """
        if of is not None and of.text != self.editor.text:
            from watstep_tui.text.differing import place_in

            row, column = place_in(self.editor.text, of.text, (place.line - 1, place.column - 1))
            place = Position(row + 1, column + 1)
        if self.editor.selection.end[0] != place.line - 1:
            self.begin_jump()
        self.put_cursor(place)

    def begin_jump(self) -> None:
        """Remember the cursor's place, to come back to."""
        self.trail.begin(self.buffer, self.editor.selection.end)

    def put_cursor(self, place: Position) -> None:
        """Put the cursor at a place, held to the text, and give the text the keys."""
        row = max(0, min(place.line, self.editor.document.line_count) - 1)
        column = max(0, min(place.column - 1, len(self.editor.document.get_line(row))))
        self.editor.move_cursor((row, column), center=self._out_of_sight(row))
        self.editor.focus()

    def _out_of_sight(self, row: int) -> bool:
        top = self.editor.scroll_offset.y
        return not top <= row < top + self.editor.size.height

    def select(self, span: Span) -> None:
        """Select a span of the text as it stands, in sight."""
        source = Source("", self.editor.text)
        start, end = self.place_of(source, span.start), self.place_of(source, span.end)
        self.editor.move_cursor(start, center=self._out_of_sight(start[0]))
        self.editor.move_cursor(end, select=True)

    def apply_edits(
        self, source: Source, edits: Iterable[Edit], said: str, cursor: int | None = None
    ) -> None:
        """Make edits of the text as it stands, in one step to take back, and say what was done.

        `source` is that text; the edits do not overlap. `cursor` is the offset at which the cursor
        stands in the new text, after what was written where none is given.
        """
        ordered = sorted(edits, key=lambda item: item.span)
        first, after = ordered[0].span.start, max(edit.span.end for edit in ordered)
        text, at = "", first
        for edit in ordered:
            text += source.text[at : edit.span.start] + edit.text
            at = edit.span.end
        text += source.text[at:after]
        editor = self.editor
        editor.history.checkpoint()
        editor.replace(text, self.place_of(source, first), self.place_of(source, after))
        editor.history.checkpoint()
        if cursor is not None:
            editor.move_cursor(self.place_of(Source("", editor.text), cursor))
        editor.focus()
        self.note(said)

    def show_breakpoints(self, source: Stops, expansion: Stops) -> None:
        """Have breakpoints on these lines, from 1, and on no others."""
        for pane, lines in ((self.editor, source), (self.view, expansion)):
            pane.breakpoints = dict(lines)
            pane.refresh()

    def note(self, text: str) -> None:
        """Say something in the status line until the text changes or the cursor goes on."""
        self._note, self._noted = text, self._stands() if text else None
        self.show_status()

    def _stands(self) -> tuple[str, object, object]:
        """The text, the cursor in it, and that of the expansion while keys act there."""
        return (
            self.editor.text,
            self.editor.selection,
            self.view.cursor if self.view.has_focus else None,
        )

    def forget_note(self) -> None:
        """What was said of another text or of another place is over."""
        if self._note and self._noted != self._stands():
            self.note("")

    def show_status(self, busy: str = "") -> None:
        """Say what goes on, else what was noted, else the answer."""
        self.status_line.say(busy or self._note or self.answer, busy=bool(busy))

    def show_name(self) -> None:
        """The programs' names, each marked while it holds unsaved work."""
        unsaved = [buffer.unsaved for buffer in self.buffers]
        here = self.buffers.index(self.buffer)
        unsaved[here] = self.unsaved
        self.header.show_programs(list(zip(self.titles, unsaved, strict=True)), here)

    def say_problems_of_store(self) -> None:
        """Tell what could not be kept or read."""
        while self.store.problems:
            self.notify(self.store.problems.pop(0), severity="warning", timeout=10)

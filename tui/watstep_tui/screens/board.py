"""What the stepping screen shows: code, values, tabs and the bar, brought to a snapshot."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from watstep.debug.state import Level
from watstep.pipeline import Program
from watstep.source.text import Source
from watstep_tui.files.remembered import SettingsStore
from watstep_tui.keymap import closing
from watstep_tui.rows import values
from watstep_tui.rows.beside import remarks_by_line, skipped_in
from watstep_tui.rows.events import TraceRows
from watstep_tui.rows.leading import CauseRows, LeadingRows
from watstep_tui.rows.memory import MemoryRows
from watstep_tui.rows.snapshot import Snapshot
from watstep_tui.screens.arranging import STEPPING_PLAN, Arrangement
from watstep_tui.screens.tabs import MEMORY, SHORT, TABS, TRACE, Tab
from watstep_tui.theming import Look
from watstep_tui.widgets.code import CodeRows, Marks
from watstep_tui.widgets.pane import Pane, tab_cells, tabs_title
from watstep_tui.widgets.timeline import TimelineBar

PANES = ("source", "expansion", "stack", "locals", "frames", "below")
"""The panes in the order in which Tab goes through them."""
CODE = {"source": Level.SOURCE, "expansion": Level.EXPANSION}
BELOW = "6 "
"""The number of the pane of the tabs, before their names."""


class Board(Vertical):
    """The panes of a session; it shows, and knows which pane keys act on."""

    DEFAULT_CSS = """
    Board { height: 1fr; }
    Board #code { height: 1fr; }
    Board #source, Board #expansion { width: 1fr; height: 1fr; }
    Board #values { width: 28%; min-width: 34; max-width: 64; height: 1fr; }
    Board #stack, Board #locals { height: 2fr; }
    Board #frames { height: 1fr; min-height: 4; }
    Board #below { height: 26%; min-height: 6; max-height: 16; }
    Board #below.-active { border-title-style: none; }
    Board .-alone { width: 1fr !important; height: 1fr !important; max-width: 100% !important;
        max-height: 100% !important; }
    Board .-away { display: none !important; }
    Board #answer { display: none; max-height: 50%; }
    Board.-answering #answer { display: block; }
    Board.-answering #below { display: none; }
    """

    def __init__(self, program: Program, look: Look, store: SettingsStore) -> None:
        """Empty panes."""
        super().__init__()
        self.arrangement = Arrangement(self, STEPPING_PLAN, store, self.focus_pane)
        self.look = look
        self.program = program
        self.active = "source"
        self.tab = 0
        self.across = False
        """Whether the operand stack lies side by side."""
        self.snapshot: Snapshot | None = None
        self._asked_from = "source"
        self.kept: int | None = None
        """The instant that an answer led to: a move to it leaves the answer open."""
        self._code = {
            Level.SOURCE: CodeRows(program.source, look),
            Level.EXPANSION: CodeRows(program.rendering.as_source, look),
        }

    def compose(self) -> ComposeResult:
        """Code and values above, a tab and the bar below."""
        look = self.look
        with Horizontal(id="code"):
            yield Pane("1 Source", look, id="source")
            yield Pane("2 Expansion · full", look, id="expansion")
            with Vertical(id="values"):
                yield Pane("3 Operand stack", look, id="stack")
                yield Pane("4 Locals", look, id="locals")
                yield Pane("5 Calls", look, id="frames")
        yield Pane("Host calls", look, id="below")
        yield Pane("", look, id="answer")
        yield TimelineBar(look, id="bar")

    def on_mount(self) -> None:
        """Say what the marks mean; begin in the source."""
        self.pane("locals").border_subtitle = values.LEGEND
        self.pane("answer").border_subtitle = closing()
        self.focus_pane("source")
        self.show_tab()

    def on_resize(self) -> None:
        """Sizes are kept for panes side by side and for those one above the other."""
        self.call_after_refresh(self.arrangement.apply)

    def show_look(self, look: Look) -> None:
        """Take other colours."""
        self.look = look
        for pane in self.query(Pane):
            pane.look = look
            pane.refresh()
        for code in self._code.values():
            code.show_look(look)
        self._show_title()

    def pane(self, name: str) -> Pane:
        """The pane of a name."""
        return self.query_one(f"#{name}", Pane)

    # Which pane keys act on.

    @property
    def open_tab(self) -> Tab:
        """The tab that is shown."""
        return TABS[self.tab]

    @property
    def level(self) -> Level | None:
        """What a step is for the pane that keys act on; None where it leaves that alone."""
        if self.active == "below" and self.open_tab is TRACE:
            return Level.INSTRUCTION
        return CODE.get(self.active)

    def focus_pane(self, name: str) -> None:
        """Have keys act on a pane, and bring it into sight where the screen is narrow."""
        self.active = name
        if name == "below":
            self.set_class(False, "-answering")
        for pane in self.query(Pane):
            pane.set_class(pane.id == name, "-active")
        if name in CODE:
            self.set_class(name == "expansion", "-expanded")
        self.set_class(name == "frames", "-calls")
        self.set_class(name == "locals", "-locals")
        self.arrangement.focused(name)

    def focus_next(self, by: int) -> None:
        """Have keys act on the next pane, or the one before."""
        at = PANES.index(self.active) if self.active in PANES else 0
        self.focus_pane(PANES[(at + by) % len(PANES)])

    def open(self, tab: int) -> None:
        """Show another tab."""
        self.tab = tab % len(TABS)
        self.pane("below").unmark()
        self.show_tab()

    def tab_at(self, cell: int) -> int | None:
        """The tab whose name stands at a cell of the title, which begins with its number."""
        cells = enumerate(tab_cells(self._labels()))
        return next((number for number, taken in cells if cell - len(BELOW) in taken), None)

    def _labels(self) -> list[str]:
        room = self.pane("below").size.width - len(BELOW) - 4
        labels: list[str] = []
        for shortened in range(len(SHORT) + 1):
            labels = [tab.label(self.snapshot, shortened) for tab in TABS]
            if tab_cells(labels)[-1].stop <= room or room <= 0:
                break
        return labels

    # What is shown.

    def show(self, found: Snapshot) -> None:
        """Bring every pane to a snapshot."""
        before, self.snapshot = self.snapshot, found
        if before is None or before.state.position != found.state.position:
            for pane in self.query(Pane):
                if pane.id != "answer":
                    pane.unmark()
        beside = self._show_code("source", found, None)
        self._show_code("expansion", found, beside)
        self.show_stack(found)
        names = self.pane("locals")
        names.name_it(Text(f"4 Locals · {found.frame.name}"))
        names.show(values.local_rows(found))
        self.pane("frames").show(values.FrameRows(found), found.view.frame)
        self.show_tab()
        bar = self.query_one(TimelineBar)
        bar.show(found)
        if self.pane("below").border_subtitle != bar.legend:
            self.pane("below").border_subtitle = bar.legend

    def show_stack(self, found: Snapshot) -> None:
        """The operand stack, in the form that is in sight."""
        pane = self.pane("stack")
        if self.across:
            pane.show(values.stack_columns(found, pane.scrollable_content_region.width))
        else:
            pane.show(values.stack_rows(found))

    def _show_code(self, name: str, found: Snapshot, beside: int | None) -> int:
        """One text with its marks; the row of the screen on which the cursor's line stands."""
        level = CODE[name]
        code, pane = self._code[level], self.pane(name)
        marks = self._marks(level, found)
        code.marks = marks
        shown = marks.seen or marks.line
        pane.show(code, shown - 1, beside)
        return shown - 1 - pane.scroll_offset.y

    def _marks(self, level: Level, found: Snapshot) -> Marks:
        at = 0 if level is Level.SOURCE else 1
        state, frame = found.state, found.frame
        text = self.text_of(level)
        cursor = (state.source_line, state.expansion_line)[at]
        if found.failed:
            cursor = found.failed[at]
        outer = found.view.frame and not found.failed
        seen = (frame.source, frame.expansion)[at]
        stops = [item for item in found.breakpoints if item.level is level]
        return Marks(
            cursor,
            text.line_of(cursor.start),
            found.failed is not None,
            text.line_of(seen.start) if outer else 0,
            {b.bound_line: b.enabled for b in stops if b.bound_line is not None},
            remarks_by_line(found, level),
            () if outer else skipped_in(found, level),
            self._room("expansion" if at else "source"),
        )

    def _room(self, name: str) -> int:
        """The cells that a row of a pane has, those that were moved out of sight among them."""
        pane = self.pane(name)
        return pane.scrollable_content_region.width + pane.aside

    def move_aside(self, name: str, by: int) -> bool:
        """Move the rows of a pane sideways; False where there is nothing more."""
        moved = self.pane(name).move_aside(by)
        if moved and name in CODE and self.snapshot:
            self._show_code(name, self.snapshot, None)
        return moved

    def text_of(self, level: Level) -> Source:
        """The text of a level's pane."""
        return self.program.source if level is Level.SOURCE else self.program.rendering.as_source

    def gutter_of(self, name: str) -> int:
        """The cells before the code of a pane, a click on which is meant for a breakpoint."""
        return self._code[CODE[name]].gutter

    def line_pointed_at(self, name: str) -> int:
        """The marked line of a code pane, else that of the cursor."""
        return self.pane(name).pointed_at + 1

    def show_tab(self) -> None:
        """Bring the tab to the snapshot."""
        self._show_title()
        found, tab, pane = self.snapshot, self.open_tab, self.pane("below")
        if found is None:
            return
        # Behind an answer the pane has no width; it will have that of the screen again.
        rows = tab.rows(found, pane.size.width or self.size.width)
        chosen = tab.chosen(found)
        if isinstance(rows, MemoryRows):
            chosen = found.memory_at // rows.size
        scrolled = found.view.scrolled is not None and tab in {MEMORY, TRACE}
        pane.show(rows, chosen, follow=not scrolled)

    def _show_title(self) -> None:
        title = Text(BELOW, self.look.panes["tab"])
        title.append_text(tabs_title(self._labels(), self.tab, self.look))
        self.pane("below").name_it(title)

    def wanted(self) -> int | None:
        """The address or the instant that was scrolled to and is not held by the snapshot."""
        pane = self.pane("below")
        rows, seen = pane.rows, pane.in_sight
        if not isinstance(rows, MemoryRows | TraceRows) or not seen:
            return None
        if seen[0] in rows.held and seen[-1] in rows.held:
            return None
        return seen[0] * rows.size if isinstance(rows, MemoryRows) else rows.instant_of(seen[0])

    def answer(self, title: str, text: str) -> None:
        """Show an answer of several lines until it is closed."""
        self.pane("answer").unmark()
        self._show_answer(title, [Text(line) for line in text.splitlines()], closing())

    def list_answer(self, rows: LeadingRows) -> None:
        """Show an answer whose rows lead to instants; its mark stays where the same is shown."""
        pane = self.pane("answer")
        if pane.rows is not rows:
            pane.unmark()
        keys = (
            ("y opens a row", "Enter goes there")
            if isinstance(rows, CauseRows)
            else ("Enter goes there",)
        )
        self._show_answer(rows.title, rows, closing(*keys))

    def _show_answer(self, title: str, rows: Sequence[Text], said: str) -> None:
        pane = self.pane("answer")
        if self.active != "answer":
            self._asked_from = self.active
        pane.border_title, pane.border_subtitle = Text(title), said
        pane.styles.height = max(len(rows) + 2, 6)
        pane.show(rows)
        self.set_class(True, "-answering")
        self.focus_pane("answer")

    def close_answer(self) -> bool:
        """Close an answer; False where none is shown."""
        if not self.has_class("-answering"):
            return False
        self.set_class(False, "-answering")
        if self.active == "answer":
            self.focus_pane(self._asked_from)
        return True

    def _slot_of(self, found: Snapshot, row: int) -> int | None:
        """The value of the stack that a row stands for: side by side the top."""
        if self.across:
            return len(found.frame.stack) - 1 if found.frame.stack else None
        return values.stack_slot_of(found, row)

    def value_at(self, row: int) -> tuple[str, int] | None:
        """The name and the value on a row of the stack or the locals."""
        found = self.snapshot
        if found is None:
            return None
        if self.active == "stack":
            number = self._slot_of(found, row)
            return None if number is None else (f"stack[{number}]", found.frame.stack[number].value)
        slots = found.frame.locals
        if self.active == "locals" and row < len(slots):
            return slots[row].name, slots[row].value
        return None

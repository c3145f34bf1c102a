"""Looking around in a session: panes, tabs, rows, frames, memory; nothing here moves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from watstep.debug import reports
from watstep.debug.commands.table import execute
from watstep.debug.session import Session
from watstep.debug.state import Level
from watstep.errors import CommandError
from watstep_tui.rows import values
from watstep_tui.rows.memory import MemoryRows
from watstep_tui.rows.snapshot import Form, View
from watstep_tui.screens.board import CODE, PANES
from watstep_tui.screens.session import SessionScreen
from watstep_tui.screens.tabs import MEMORY, PROBLEMS, TABS, TRACE, problems_told
from watstep_tui.widgets.command_line import CommandLine
from watstep_tui.widgets.pane import Pane

ASIDE = 12
"""Cells that a key or the wheel moves rows sideways."""


class Looking:
    """The rows of the registry that change what is looked at."""

    def __init__(self, screen: SessionScreen) -> None:
        """Look around on a screen."""
        self.screen, self.board = screen, screen.board
        self._before_trace: Level | None = None
        """What a step was before the trace was looked at, None while it is not."""

    def action_level(self) -> None:
        """The next level, and with it the pane that shows it."""
        levels = list(Level)
        now = self.screen.snapshot.level if self.screen.snapshot else Level.SOURCE
        level = levels[(levels.index(now) + 1) % len(levels)]
        self._before_trace = None
        self.board.focus_pane("source" if level is Level.SOURCE else "expansion")
        self.screen.send(f"level {level.value}")

    def _take_level(self, level: Level) -> None:
        def take(session: Session) -> None:
            execute(session, f"level {level.value}")

        self.screen.ask(take)

    def follow_pane(self) -> None:
        """Have a step be what the active pane shows; after the trace, what it was before."""
        if self.screen.snapshot is None:
            return
        level = self.board.level
        if level is Level.INSTRUCTION:
            self._before_trace = self._before_trace or self.screen.snapshot.level
        elif self._before_trace is not None:
            level = level or self._before_trace
            self._before_trace = None
        if level is not None and self.screen.snapshot.level is not level:
            self._take_level(level)

    def action_pane(self, by: int = 1) -> None:
        """The next pane, or that of the typed number."""
        number = self.screen.take_count()
        if number is None:
            self.board.focus_next(by)
        elif 1 <= number <= len(PANES):
            self.board.focus_pane(PANES[number - 1])
        else:
            self.screen.say(f"the panes are numbered 1 to {len(PANES)}")
        self.follow_pane()

    def action_pane_before(self) -> None:
        """The pane before."""
        self.action_pane(-1)

    def action_stack_form(self) -> None:
        """The operand stack from top to bottom, or side by side."""
        self.board.across = not self.board.across
        if self.screen.snapshot:
            self.board.show_stack(self.screen.snapshot)

    def action_memory(self) -> None:
        """The memory at the typed address, at the marked value, or ask for an address."""
        pane = self.board.pane(self.board.active)
        value = None if pane.marked is None else self.board.value_at(pane.marked)
        address = self.screen.take_count()
        if address is None and value is not None:
            address = value[1]
        if address is None:
            self.screen.query_one(CommandLine).open("memory ")
        else:
            self.look_at_memory(address)

    def action_pointer(self) -> None:
        """The memory at the address that stands in the memory where it is looked at."""
        found = self.screen.snapshot
        if found is None:
            return
        address = self._address_looked_at()

        def follow(session: Session) -> None:
            word = session.memory(address, 4)
            pointer = int.from_bytes(word, "little")
            if len(word) < 4 or not 0 < pointer < found.state.pages << 16:
                raise CommandError(f"what stands at {address} is no address: {pointer}")
            self.screen.app.call_from_thread(self.look_at_memory, pointer)

        self.screen.ask(follow)

    def action_decode(self) -> None:
        """What the bytes can be read as: at the typed address, the marked value, the marked row."""
        self.screen.send(f"decode {self._address_looked_at()}")

    def _address_looked_at(self) -> int:
        """The typed address, else the marked value, else where the memory is looked at."""
        typed, pane = self.screen.take_count(), self.board.pane(self.board.active)
        value = None if pane.marked is None else self.board.value_at(pane.marked)
        if typed is not None or value is not None:
            return typed if typed is not None else value[1] if value else 0
        rows = self.board.pane("below").rows
        marked = self.board.pane("below").marked
        if marked is not None and isinstance(rows, MemoryRows):
            return marked * rows.size
        return self.screen.snapshot.memory_at if self.screen.snapshot else 0

    def look_at_memory(self, address: int | None) -> None:
        """The memory at an address; with None, wherever it is written and read."""
        self.board.open(TABS.index(MEMORY))
        self.board.focus_pane("below")
        size = self.screen.snapshot.state.pages << 16 if self.screen.snapshot else 0
        held = None if address is None else max(0, min(address, size - 1))
        self.look(lambda view: replace(view, memory=held, scrolled=None, traces=False))

    def look(self, change: Callable[[View], View]) -> None:
        """Look at something else of the same position."""

        def look(session: Session) -> None:
            self.screen.driver.view = change(self.screen.driver.view)

        self.screen.ask(look)

    def action_frame(self) -> None:
        """The next frame outwards, then the innermost again."""
        found = self.screen.snapshot
        if found:
            self.see_frame((found.view.frame + 1) % len(found.state.frames))

    def see_frame(self, number: int) -> None:
        """Stack and locals of a frame, counted from the innermost."""
        self.look(lambda view: replace(view, frame=number))

    def action_form(self) -> None:
        """The next form of numbers."""
        forms = list(Form)
        self.look(lambda view: replace(view, form=forms[(forms.index(view.form) + 1) % len(forms)]))

    def action_tab(self, by: int = 1) -> None:
        """The next tab below, on which keys act from now on."""
        self.open_tab(self.board.tab + by)

    def action_tab_before(self) -> None:
        """The tab before."""
        self.action_tab(-1)

    def open_tab(self, number: int) -> None:
        """A tab, on which keys act from now on."""
        self.board.open(number)
        self.board.focus_pane("below")
        self.follow_pane()
        traces = self.board.open_tab is TRACE
        self.look(lambda view: replace(view, traces=traces, scrolled=None))

    def action_row_down(self) -> None:
        """Mark the row below."""
        self.board.pane(self.board.active).move_mark(1)

    def action_row_up(self) -> None:
        """Mark the row above."""
        self.board.pane(self.board.active).move_mark(-1)

    def action_page_down(self) -> None:
        """A page of the pane on."""
        self._page(1)

    def action_page_up(self) -> None:
        """A page of the pane back."""
        self._page(-1)

    def _page(self, by: int) -> None:
        pane = self.board.pane(self.board.active)
        pane.mark(pane.pointed_at + by * max(pane.size.height - 1, 1))

    def action_aside(self, by: int = 1) -> None:
        """What of the pane's rows lies to the right."""
        name = self.board.active
        if not self.board.move_aside(name, by * ASIDE):
            self.screen.say("the rows in sight end here" if by > 0 else "the rows begin here")

    def action_aside_back(self) -> None:
        """What of them lies to the left."""
        self.action_aside(-1)

    def action_pick(self) -> None:
        """Look closer at the marked row of the active pane."""
        self.pick(self.board.active, self.board.pane(self.board.active).pointed_at)

    def pick(self, name: str, row: int) -> None:
        """Look closer at a row of a pane."""
        if self.screen.snapshot is None:
            return
        value = self.board.value_at(row)
        if name == "frames":
            self.see_frame(row)
        elif name == "below" and self.board.open_tab is PROBLEMS:
            told = problems_told(self.screen.snapshot, self.board.pane("below").size.width - 3)
            place = told[row].place if row < len(told) else None
            if place:
                self.board.focus_pane("source")
                self.board.pane("source").mark(place.line - 1)
        elif name == "below":
            self.screen.ask(self.board.open_tab.enter(self.screen.snapshot, row))
        elif value is not None:
            self.board.answer(value[0], values.value_text(self.screen.snapshot, *value))
        elif name in CODE:
            self.screen.say("b sets a breakpoint on the marked line, u runs to it")

    def action_filter(self) -> None:
        """Ask what the rows of the trace are to hold; where they hold something, show all."""
        if self.screen.snapshot and self.screen.snapshot.view.filter:
            self.show_trace("")
        else:
            self.screen.query_one(CommandLine).open("filter ")

    def show_trace(self, wanted: str) -> None:
        """The trace with the rows that hold a text alone; with "" all of them."""
        self.board.open(TABS.index(TRACE))
        self.board.focus_pane("below")
        self.follow_pane()
        self.look(lambda view: replace(view, filter=wanted, traces=True, scrolled=None))

    def memory_command(self, argument: str, session: Session) -> None:
        """Look at the address that an expression has; without one, follow what is written."""
        address = reports.printed(session, argument)[1] if argument else None
        if isinstance(address, str):
            raise CommandError(f"an address is a number, not `{argument}`")
        self.screen.app.call_from_thread(self.look_at_memory, address)

    def scrolled(self, pane: Pane) -> None:
        """Have the rows that were scrolled to, where they are not held."""
        found = self.screen.snapshot
        if self.board.open_tab is TRACE and found and not found.view.traces:
            # The tab was just opened: its rows are on their way.
            return
        wanted = self.board.wanted() if pane.id == "below" else None
        if wanted is not None:
            self.look(lambda view: replace(view, scrolled=wanted))

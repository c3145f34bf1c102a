"""The stepping screen: letters, the mouse and the command line move a session both ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial

from textual import events, on

from watstep.debug.breakpoint import Breakpoint
from watstep.debug.state import Level, Stop, StopReason
from watstep_tui.debugger import Driver
from watstep_tui.keymap import STEPPING, When, rows_in
from watstep_tui.rows.bar import closest, seen_of, span_of
from watstep_tui.rows.snapshot import Snapshot
from watstep_tui.screens.board import CODE
from watstep_tui.screens.deciding import Deciding
from watstep_tui.screens.keeping import Keeping
from watstep_tui.screens.looking import ASIDE, Looking
from watstep_tui.screens.questioning import Questioning
from watstep_tui.screens.searching import WORD, Searching
from watstep_tui.screens.session import SessionScreen
from watstep_tui.screens.tabs import BREAKPOINTS, TABS
from watstep_tui.widgets.command_line import CommandLine
from watstep_tui.widgets.pane import Pane
from watstep_tui.widgets.timeline import TimelineBar

SCRUB = 20
"""A scrub moves by one part in so many of what the bar shows."""

_ASKED_FIRST = (
    "break LINE", "until LINE", "back-until LINE", "goto INSTANT", "level",
    "decode ADDRESS", "save FILE", "script", "filter TEXT",
    "bookmark NOTE", "answer", "set WHAT VALUE", "timelines",
)  # fmt: skip
"""Commands that need more than a count: the action's own method sends them."""

_DIGITS = frozenset("0123456789")


class SteppingScreen(SessionScreen):
    """Stepping: letters are commands."""

    _decided: Stop | None = None
    """The stop at a call that waits, for which an answer was asked."""

    @cached_property
    def looking(self) -> Looking:
        """What moves only the eye, not the session."""
        return Looking(self)

    @cached_property
    def keeping(self) -> Keeping:
        """What is taken along from the session."""
        return Keeping(self, self.store)

    @cached_property
    def searching(self) -> Searching:
        """What looks for something in a pane."""
        return Searching(self, self.looking)

    @cached_property
    def deciding(self) -> Deciding:
        """What decides on answers and values."""
        return Deciding(self)

    @on(Driver.Stopped)
    def decide(self, event: Driver.Stopped) -> None:
        """Ask for the answer of a call that waits, once."""
        stop = event.snapshot.stop
        if stop.reason is StopReason.ASKED and stop is not self._decided:
            self._decided = stop
            self.deciding.action_answer()

    @cached_property
    def questioning(self) -> Questioning:
        """What is asked of the run."""
        return Questioning(self, self.looking)

    def show(self, found: Snapshot) -> None:
        """Bring every pane to a snapshot; an answer that led there stays."""
        self.questioning.moved(self.snapshot, found)
        super().show(found)

    def action_do(self, name: str) -> None:
        """Carry out a row of the registry: its command with the typed count, or its method."""
        action = next(item for item in STEPPING if item.id == name)
        if action.command and action.command not in _ASKED_FIRST:
            line = f"{action.command} {self.count}".strip()
            self.count = ""
            self.send(line)
        else:
            self._named(name)()

    def _named(self, name: str) -> Callable[[], object]:
        """What a row of the registry does; a screen's own scrolling is not meant."""
        for room in (
            self.questioning,
            self.looking,
            self.searching,
            self.keeping,
            self.deciding,
            self,
        ):
            found: Callable[[], object] | None = getattr(room, f"action_{name}", None)
            if found is not None:
                return found
        raise LookupError(name)

    def on_key(self, event: events.Key) -> None:
        """Carry out a key at once: bound keys would go round by the app, and lose their order."""
        event.stop()
        event.prevent_default()
        self.said = None
        command_line = self.query_one(CommandLine)
        if command_line.display:
            command_line.take(event)
        elif name := self._action_on(event.key):
            self.action_do(name)
        elif event.key in _DIGITS and (self.count or event.key != "0"):
            self.count += event.key
            self.show_edges()

    def _action_on(self, key: str) -> str:
        """The row that a key belongs to, "" where there is none."""
        return next((row.id for row in rows_in(When.STEPPING) if key in row.keys), "")

    def on_paste(self, event: events.Paste) -> None:
        """Into the command line, where it is open."""
        command_line = self.query_one(CommandLine)
        if command_line.display:
            command_line.insert(event.text)

    def _code_pane(self) -> str:
        """The code pane that is looked at: the active one, else that of the level."""
        if self.board.active in CODE:
            return self.board.active
        level = self.snapshot.level if self.snapshot else Level.SOURCE
        return "source" if level is Level.SOURCE else "expansion"

    def _marked_breakpoint(self) -> Breakpoint | None:
        """The row of the list of breakpoints that is marked, where keys act on that list."""
        board, found = self.board, self.snapshot
        if found is None or board.active != "below" or board.open_tab is not BREAKPOINTS:
            return None
        row = board.pane("below").pointed_at
        return found.breakpoints[row] if row < len(found.breakpoints) else None

    def action_breakpoints(self) -> None:
        """The list of breakpoints; where it is looked at, edit the marked one."""
        marked = self._marked_breakpoint()
        if marked:
            self.query_one(CommandLine).open(f"edit {marked.number} {marked.words}")
            return
        self.board.open(TABS.index(BREAKPOINTS))
        self.board.focus_pane("below")
        self.looking.follow_pane()

    def action_bookmark(self) -> None:
        """Ask for the note of a bookmark."""
        self.query_one(CommandLine).open("bookmark ")

    def action_breakpoint(self) -> None:
        """Set or take away a breakpoint, on the typed line, the marked one or the cursor's."""
        marked = self._marked_breakpoint()
        if marked:
            self.send(f"delete {marked.number}")
            return
        name = self._code_pane()
        line = self.take_count() or self.board.line_pointed_at(name)
        self._toggle_breakpoint(CODE[name], line)

    def _toggle_breakpoint(self, level: Level, line: int) -> None:
        for item in self.snapshot.breakpoints if self.snapshot else ():
            if item.level is level and line in {item.line, item.bound_line}:
                self.send(f"delete {item.number}")
                return
        self.send(f"break {level.value} {line}")

    def action_back_until(self) -> None:
        """Back to the typed line or the marked one."""
        self.action_until("back-until")

    def action_until(self, verb: str = "until") -> None:
        """Run to the typed line or the marked one."""
        name = self._code_pane()
        line = self.take_count() or self.board.line_pointed_at(name)
        self.send(f"{verb} {CODE[name].value} {line}")

    def action_goto(self) -> None:
        """Ask for an instant, or go to the typed count."""
        instant = self.take_count()
        if instant is None:
            self.query_one(CommandLine).open("goto ")
        else:
            self.send(f"goto {instant}")

    def action_command(self) -> None:
        """Open the command line."""
        self.query_one(CommandLine).open("")

    def action_scrub(self, by: int = 1) -> None:
        """A twentieth of the bar on."""
        if self.snapshot:
            span, (first, last) = span_of(self.snapshot.state), seen_of(self.snapshot)
            instant = self.snapshot.instant + by * max((last - first) // SCRUB, 1)
            self.send(f"goto {max(0, min(instant, span))}")

    def action_scrub_back(self) -> None:
        """A twentieth of the bar back."""
        self.action_scrub(-1)

    def action_zoom(self, by: int = 1) -> None:
        """The timeline bar from nearer: half of what it shows, around the position."""
        found = self.snapshot
        if found is None:
            return
        most = closest(span_of(found.state))
        if found.view.zoom == (most if by > 0 else 0):
            self.say("the bar shows no less" if by > 0 else "the bar shows the whole run")
        # Keys may come faster than they are shown: each goes on from the one before.
        self.looking.look(lambda view: replace(view, zoom=max(0, min(view.zoom + by, most))))

    def action_zoom_out(self) -> None:
        """The timeline bar from further away."""
        self.action_zoom(-1)

    def action_interrupt(self) -> None:
        """End the command in progress, or close an answer."""
        self.count = ""
        busy = self.driver.progress() is not None
        if busy or not (self.questioning.back() or self.board.close_answer()):
            self.driver.interrupt()
        self.show_edges()

    def action_keys(self) -> None:
        """List every key."""
        self.app.call_later(self.run_action, "app.do('show_keys')")

    def action_edit(self) -> None:
        """Back to editing, with the breakpoints; the run stays, to be gone back to."""
        words = self.breakpoints
        if self.snapshot:
            words = (*(item.words for item in self.snapshot.breakpoints), *self.refused)
        self.driver.interrupt()
        self.dismiss(words)

    # The mouse and the command line.

    @on(TimelineBar.Sought)
    def seek(self, event: TimelineBar.Sought) -> None:
        """Go where the mouse is on the bar."""
        self.send(f"goto {event.instant}")

    @on(TimelineBar.Zoomed)
    def look_nearer(self, event: TimelineBar.Zoomed) -> None:
        """The wheel over the bar."""
        self.action_zoom(event.by)

    @on(Pane.Picked)
    def pick_row(self, event: Pane.Picked) -> None:
        """A click: the gutter of code has a breakpoint or none, a row elsewhere is looked at."""
        pane, name = event.pane, event.pane.id or ""
        self.board.focus_pane(name)
        self.looking.follow_pane()
        if name in CODE:
            if event.cell < self.board.gutter_of(name):
                self._toggle_breakpoint(CODE[name], event.row + 1)
            else:
                pane.mark(event.row)
        elif name == "answer":
            pane.mark(event.row)
            self.questioning.pick(event.row)
        else:
            self.looking.pick(name, event.row)

    @on(Pane.TitlePicked)
    def pick_tab(self, event: Pane.TitlePicked) -> None:
        """A click on a title: the pane, and of the tabs the one that is named there."""
        name = event.pane.id or ""
        number = self.board.tab_at(event.cell) if name == "below" else None
        if number is not None:
            self.looking.open_tab(number)
        else:
            self.board.focus_pane(name)
            self.looking.follow_pane()

    @on(Pane.Aside)
    def look_aside(self, event: Pane.Aside) -> None:
        """Shift and the wheel over a pane."""
        self.board.move_aside(event.pane.id or "", event.by * ASIDE)

    @on(Pane.Moved)
    def look_there(self, event: Pane.Moved) -> None:
        """Rows that are not held were scrolled to."""
        self.looking.scrolled(event.pane)

    @on(CommandLine.Entered)
    def carry_out(self, event: CommandLine.Entered) -> None:
        """A command was entered."""
        word, _, argument = event.line.partition(" ")
        if event.line in {"q", "quit"}:
            self.action_edit()
        elif word == "filter":
            self.looking.show_trace(argument.strip())
        elif word == WORD:
            self.searching.search(argument.strip())
        elif word == "memory":
            self.pressed = f":{event.line}"
            self.ask(partial(self.looking.memory_command, argument.strip()))
        elif not self.questioning.typed(event.line):
            self.send(event.line)

"""The stepping screen: a session's state in panes, moved by single letters in both directions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.screen import Screen

from watstep.debug import reports
from watstep.debug.agreement import first_difference
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Level
from watstep.errors import CommandError
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome
from watstep.pipeline import Program
from watstep_tui.debugger import Driver, Request
from watstep_tui.keymap import ALWAYS, STEPPING, hint, stepping_hints
from watstep_tui.rows import ending, values
from watstep_tui.rows.bar import span_of
from watstep_tui.rows.snapshot import Form, Snapshot, View
from watstep_tui.screens.board import CODE, PANES, Board
from watstep_tui.screens.tabs import MEMORY, TABS, TRACE, command
from watstep_tui.theming import Look
from watstep_tui.widgets.bars import HeaderLine, KeyBar, Line
from watstep_tui.widgets.code import GUTTER
from watstep_tui.widgets.command_line import CommandLine
from watstep_tui.widgets.pane import Pane
from watstep_tui.widgets.timeline import TimelineBar

WATCH_PAUSE = 0.1
"""Seconds between looks at how far a long command has come."""

SCRUB = 20
"""A scrub moves by one part in so many of the run."""

_ASKED_FIRST = (
    "break LINE", "until LINE", "back-until LINE", "goto INSTANT", "level",
)  # fmt: skip
"""Commands that need more than a count: the action's own method sends them."""

_KEYS = {key: action.id for action in STEPPING for key in action.keys}
_DIGITS = frozenset("0123456789")

CORNER = (
    *(hint(a)._replace(label="palette") for a in ALWAYS if a.id == "command_palette"),
    *(hint(action) for action in STEPPING if action.id == "keys"),
)


class SteppingScreen(Screen[set[int]]):
    """Stepping: letters are commands; it closes with the source lines that hold breakpoints."""

    # No widget takes the letters: they are commands.
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    SteppingScreen #status { background: $panel; padding: 0 1; }
    SteppingScreen.-narrow #expansion { display: none; }
    SteppingScreen.-narrow .-expanded #expansion { display: block; }
    SteppingScreen.-narrow .-expanded #source { display: none; }
    SteppingScreen.-narrow #values { width: 36; }
    SteppingScreen.-narrow #frames { display: none; }
    SteppingScreen.-narrow .-calls #frames { display: block; height: 2fr; }
    SteppingScreen.-narrow .-calls #stack { display: none; }
    SteppingScreen.-tiny #values, SteppingScreen.-tiny #expansion { display: none; }
    """
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  Textual declares it on the instance.
        (0, "-tiny"),
        (60, "-narrow"),
        (110, "-wide"),
    ]

    def __init__(
        self,
        program: Program,
        settings: RunSettings,
        recorded: Recorded | None,
        breakpoints: set[int],
        look: Look,
    ) -> None:
        """Step through a run of `program`: the recorded one, or a new live one."""
        super().__init__()
        self.program = program
        self.look = look
        self.snapshot: Snapshot | None = None
        self.verdict: str | None = None
        self.count = ""
        self.pressed = ""
        """The command that the last key stands for."""
        self._before_trace: Level | None = None
        """What a step was before the trace was looked at, None while it is not."""
        self._settings, self._recorded = settings, recorded
        self._lines = sorted(breakpoints)
        self.driver = Driver(self._make_session, self.post_message)
        self.driver.view = View(traces=False)
        self.board = Board(program, look)

    def compose(self) -> ComposeResult:
        """The header, the panes, the command line, the status and the keys."""
        yield HeaderLine(self.look, "STEPPING", CORNER, id="header")
        yield self.board
        yield CommandLine(self.look, id="command")
        yield Line(self.look, id="status")
        yield KeyBar(self.look, stepping_hints(), id="keys")

    def on_mount(self) -> None:
        """Open the session away from the keyboard."""
        self.say("opening the run")
        self.set_interval(WATCH_PAUSE, self._watch)
        self.ask(self._open)

    def on_resize(self) -> None:
        """Fit the lines at the edges to the width."""
        self._show_edges()

    def show_look(self, look: Look) -> None:
        """Take other colours."""
        self.look = look
        self.board.show_look(look)
        for line in self.query(Line):
            line.show_look(look)

    # The session.

    def _make_session(self) -> Session:
        return Session(self.program, self._settings, self._recorded, whole=False)

    def _open(self, session: Session) -> None:
        """Run a recorded run through once, so that its end is known; set the breakpoints."""
        if self._recorded:
            session.finish()
            if session.timeline.trap:
                # What a person wants to see of a run that trapped is where it did.
                session.goto(session.timeline.frontier)
        for line in self._lines:
            session.add_breakpoint(Level.SOURCE, line)

    def ask(self, request: Request | None) -> None:
        """Have the session do something, after what was asked before."""
        if request and self.driver.ask(request):
            self.drive()

    def send(self, line: str) -> None:
        """Have one command line carried out; what it cannot do is said and changes nothing."""
        self.pressed = f":{line}"
        self.ask(command(line))

    @work(thread=True, group="debug")
    def drive(self) -> None:
        """Carry out what was asked, in a thread."""
        self.driver.work()

    def _watch(self) -> None:
        """Say how far a long command has come."""
        instant = self.driver.progress()
        if instant is not None:
            self.say(f"at instant {instant:,} …  Escape interrupts")

    @on(Driver.Refused)
    def refuse(self, event: Driver.Refused) -> None:
        """Say why a command did nothing."""
        self.say(event.reason, "error")

    @on(Driver.Answered)
    def answered(self, event: Driver.Answered) -> None:
        """Show what a command answered: a line at the edge, more in a pane."""
        if "\n" in event.text:
            self.board.answer(event.command, event.text)
        else:
            self.say(event.text)

    @on(Driver.Stopped)
    def stopped(self, event: Driver.Stopped) -> None:
        """Show where the session stands."""
        self.show(event.snapshot)

    @on(Driver.Ended)
    def ended(self, event: Driver.Ended) -> None:
        """Hold the run against wasmtime, once its end is known (P2)."""
        self.verdict = None
        self.compare(event.outcome)

    @work(thread=True, group="compare", exclusive=True)
    def compare(self, outcome: Outcome) -> None:
        """Repeat the run on wasmtime, on the same answers."""
        difference = first_difference(self.program, self._settings, outcome)
        self.app.call_from_thread(self.judge, difference or "")

    def judge(self, verdict: str) -> None:
        """Show what wasmtime said."""
        self.verdict = verdict
        if verdict:
            self.notify(f"wasmtime differs in {verdict}", severity="error", timeout=20)
        if self.snapshot and self.is_attached:
            self.snapshot = replace(self.snapshot, verdict=verdict)
            self.board.snapshot = self.snapshot
            self.board.show_tab()

    # What is shown.

    def show(self, found: Snapshot) -> None:
        """Bring every pane to a snapshot."""
        moved = self.snapshot is not None and found.instant != self.snapshot.instant
        if moved:
            self.board.close_answer()
        self.snapshot = found = replace(found, verdict=self.verdict)
        self.board.show(found)
        self._show_edges()

    def say(self, text: str, style: str = "") -> None:
        """Put a sentence where the reason of the last stop stands."""
        line = Text.assemble((text, style))
        self.query_one("#status", Line).put(line)

    def _show_edges(self) -> None:
        """The header and the status."""
        found = self.snapshot
        level = found.level if found else Level.SOURCE
        header = self.query_one(HeaderLine)
        detail = f"{level.value}{', recorded' if self._recorded else ''}"
        header.show(self.program.source.name, unsaved=False, detail=detail)
        if found:
            right = f"count {self.count}" if self.count else self.pressed
            line = ending.status_text(found, right, self.size.width - 2)
            self.query_one("#status", Line).put(line)

    # Keys.

    def action_do(self, name: str) -> None:
        """Carry out a row of the registry: its command with the typed count, or its method."""
        action = next(item for item in STEPPING if item.id == name)
        if action.command and action.command not in _ASKED_FIRST:
            line = f"{action.command} {self.count}".strip()
            self.count = ""
            self.send(line)
        else:
            getattr(self, f"action_{name}")()

    def on_key(self, event: events.Key) -> None:
        """Carry out a key at once: bound keys would go round by the app, and lose their order."""
        event.stop()
        event.prevent_default()
        command_line = self.query_one(CommandLine)
        if command_line.display:
            command_line.take(event)
        elif event.key in _KEYS:
            self.action_do(_KEYS[event.key])
        elif event.key in _DIGITS and (self.count or event.key != "0"):
            self.count += event.key
            self._show_edges()

    def on_paste(self, event: events.Paste) -> None:
        """Into the command line, where it is open."""
        command_line = self.query_one(CommandLine)
        if command_line.display:
            command_line.insert(event.text)

    def _counted(self) -> int | None:
        """The typed count, which is used up."""
        count, self.count = self.count, ""
        return int(count) if count else None

    def _code_pane(self) -> str:
        """The code pane that is looked at: the active one, else that of the level."""
        if self.board.active in CODE:
            return self.board.active
        level = self.snapshot.level if self.snapshot else Level.SOURCE
        return "source" if level is Level.SOURCE else "expansion"

    def action_breakpoint(self) -> None:
        """Set or take away a breakpoint, on the typed line, the marked one or the cursor's."""
        name = self._code_pane()
        line = self._counted() or self.board.line_pointed_at(name)
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
        line = self._counted() or self.board.line_pointed_at(name)
        self.send(f"{verb} {CODE[name].value} {line}")

    def action_level(self) -> None:
        """The next level, and with it the pane that shows it."""
        levels = list(Level)
        now = self.snapshot.level if self.snapshot else Level.SOURCE
        level = levels[(levels.index(now) + 1) % len(levels)]
        self._before_trace = None
        self.board.focus_pane("source" if level is Level.SOURCE else "expansion")
        self.send(f"level {level.value}")

    def _follow_pane(self) -> None:
        """Have a step be what the active pane shows; after the trace, what it was before."""
        if self.snapshot is None:
            return
        level = self.board.level
        if level is Level.INSTRUCTION:
            self._before_trace = self._before_trace or self.snapshot.level
        elif self._before_trace is not None:
            level = level or self._before_trace
            self._before_trace = None
        if level is not None and self.snapshot.level is not level:
            self.send(f"level {level.value}")

    def action_pane(self, by: int = 1) -> None:
        """The next pane, or that of the typed number."""
        number = self._counted()
        if number is None:
            self.board.focus_next(by)
        elif 1 <= number <= len(PANES):
            self.board.focus_pane(PANES[number - 1])
        else:
            self.say(f"the panes are numbered 1 to {len(PANES)}")
        self._follow_pane()

    def action_pane_before(self) -> None:
        """The pane before."""
        self.action_pane(-1)

    def action_goto(self) -> None:
        """Ask for an instant, or go to the typed count."""
        instant = self._counted()
        if instant is None:
            self.query_one(CommandLine).open("goto ")
        else:
            self.send(f"goto {instant}")

    def action_command(self) -> None:
        """Open the command line."""
        self.query_one(CommandLine).open("")

    def action_memory(self) -> None:
        """The memory at the typed address, at the marked value, or ask for an address."""
        pane = self.board.pane(self.board.active)
        value = None if pane.marked is None else self.board.value_at(pane.marked)
        address = self._counted()
        if address is None and value is not None:
            address = value[1]
        if address is None:
            self.query_one(CommandLine).open("memory ")
        else:
            self._look_at_memory(address)

    def _look_at_memory(self, address: int | None) -> None:
        self.board.open(TABS.index(MEMORY))
        self.board.focus_pane("below")
        size = self.snapshot.state.pages << 16 if self.snapshot else 0
        held = None if address is None else max(0, min(address, size - 1))
        self._look(lambda view: replace(view, memory=held, scrolled=None, traces=False))

    def _look(self, change: Callable[[View], View]) -> None:
        """Look at something else of the same position."""

        def look(session: Session) -> None:
            self.driver.view = change(self.driver.view)

        self.ask(look)

    def action_frame(self) -> None:
        """The next frame outwards, then the innermost again."""
        if self.snapshot:
            self._see_frame((self.snapshot.view.frame + 1) % len(self.snapshot.state.frames))

    def _see_frame(self, number: int) -> None:
        self._look(lambda view: replace(view, frame=number))

    def action_form(self) -> None:
        """The next form of numbers."""
        forms = list(Form)
        self._look(
            lambda view: replace(view, form=forms[(forms.index(view.form) + 1) % len(forms)])
        )

    def action_tab(self, by: int = 1) -> None:
        """The next tab below, on which keys act from now on."""
        self._open_tab(self.board.tab + by)

    def action_tab_before(self) -> None:
        """The tab before."""
        self.action_tab(-1)

    def _open_tab(self, number: int) -> None:
        self.board.open(number)
        self.board.focus_pane("below")
        self._follow_pane()
        traces = self.board.open_tab is TRACE
        self._look(lambda view: replace(view, traces=traces, scrolled=None))

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

    def action_pick(self) -> None:
        """Look closer at the marked row of the active pane."""
        self._pick(self.board.active, self.board.pane(self.board.active).pointed_at)

    def _pick(self, name: str, row: int) -> None:
        if self.snapshot is None:
            return
        value = self.board.value_at(row)
        if name == "frames":
            self._see_frame(row)
        elif name == "below":
            self.ask(self.board.open_tab.enter(self.snapshot, row))
        elif value is not None:
            self.board.answer(value[0], values.value_text(self.snapshot, *value))
        elif name in CODE:
            self.say("b sets a breakpoint on the marked line, u runs to it")

    def action_scrub(self, by: int = 1) -> None:
        """A twentieth of the run on."""
        if self.snapshot:
            span = span_of(self.snapshot.state)
            self.send(
                f"goto {max(0, min(self.snapshot.instant + by * max(span // SCRUB, 1), span))}"
            )

    def action_scrub_back(self) -> None:
        """A twentieth of the run back."""
        self.action_scrub(-1)

    def action_interrupt(self) -> None:
        """End the command in progress, or close an answer."""
        self.count = ""
        if not self.board.close_answer():
            self.driver.interrupt()
        self._show_edges()

    def action_keys(self) -> None:
        """List every key."""
        self.app.call_later(self.run_action, "app.do('show_keys')")

    def action_edit(self) -> None:
        """Back to editing, with the breakpoints."""
        lines = set(self._lines)
        if self.snapshot:
            stops = self.snapshot.breakpoints
            lines = {b.line for b in stops if b.level is Level.SOURCE}
        self.driver.close()
        self.dismiss(lines)

    # The mouse and the command line.

    @on(TimelineBar.Sought)
    def seek(self, event: TimelineBar.Sought) -> None:
        """Go where the mouse is on the bar."""
        self.send(f"goto {event.instant}")

    @on(Pane.Picked)
    def pick_row(self, event: Pane.Picked) -> None:
        """A click: the gutter of code has a breakpoint or none, a row elsewhere is looked at."""
        pane, name = event.pane, event.pane.id or ""
        self.board.focus_pane(name)
        self._follow_pane()
        if name in CODE:
            if event.cell < GUTTER:
                self._toggle_breakpoint(CODE[name], event.row + 1)
            else:
                pane.mark(event.row)
        elif name != "answer":
            self._pick(name, event.row)

    @on(Pane.TitlePicked)
    def pick_tab(self, event: Pane.TitlePicked) -> None:
        """A click on a title: the pane, and of the tabs the one that is named there."""
        name = event.pane.id or ""
        number = self.board.tab_at(event.cell) if name == "below" else None
        if number is not None:
            self._open_tab(number)
        else:
            self.board.focus_pane(name)
            self._follow_pane()

    @on(Pane.Moved)
    def look_there(self, event: Pane.Moved) -> None:
        """Rows that are not held were scrolled to."""
        wanted = self.board.wanted() if event.pane.id == "below" else None
        if wanted is not None:
            self._look(lambda view: replace(view, scrolled=wanted))

    @on(CommandLine.Entered)
    def carry_out(self, event: CommandLine.Entered) -> None:
        """A command was entered."""
        word, _, argument = event.line.partition(" ")
        if event.line in {"q", "quit"}:
            self.action_edit()
        elif word == "memory":
            self.pressed = f":{event.line}"
            self.ask(partial(self._memory_command, argument.strip()))
        else:
            self.send(event.line)

    def _memory_command(self, argument: str, session: Session) -> None:
        """Look at the address that an expression has; without one, follow what is written."""
        address = reports.printed(session, argument)[1] if argument else None
        if isinstance(address, str):
            raise CommandError(f"an address is a number, not `{argument}`")
        self.app.call_from_thread(self._look_at_memory, address)

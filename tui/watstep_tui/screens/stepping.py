"""The stepping screen: a session's state in panes, moved by single letters in both directions."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input, Static

from watstep.debug.agreement import first_difference
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Level
from watstep.errors import CommandError
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome
from watstep.pipeline import Program
from watstep_tui import rows
from watstep_tui.debugger import MEMORY_ROWS, Driver, Request
from watstep_tui.keymap import STEPPING, key_label
from watstep_tui.rows import BYTES_A_ROW, Form, Snapshot, View
from watstep_tui.screens.tabs import MEMORY, TABS, command
from watstep_tui.theming import Look
from watstep_tui.widgets.code import CodeRows
from watstep_tui.widgets.pane import Pane
from watstep_tui.widgets.timeline import TimelineBar

WATCH_PAUSE = 0.1
"""Seconds between looks at how far a long command has come."""

SCRUB = 20
"""A scrub moves by one part in so many of the run."""


class SteppingScreen(Screen[set[int]]):
    """Stepping: letters are commands; it closes with the source lines that hold breakpoints."""

    # No widget takes the letters: they are commands.
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    SteppingScreen #code { height: 1fr; }
    SteppingScreen #source, SteppingScreen #expansion { width: 1fr; height: 1fr; }
    SteppingScreen #values { width: 38; height: 1fr; }
    SteppingScreen #values Pane { height: 1fr; }
    SteppingScreen #below { height: 10; }
    SteppingScreen #bar, SteppingScreen #status, SteppingScreen #keys { height: 1; padding: 0 1; }
    SteppingScreen #status { background: $panel; }
    SteppingScreen #keys { color: $text-muted; }
    SteppingScreen #command { display: none; height: 3; }
    SteppingScreen.-narrow #expansion { display: none; }
    SteppingScreen.-narrow #values { width: 34; }
    SteppingScreen.-narrow #frames { display: none; }
    SteppingScreen.-narrow #below { height: 6; }
    """
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  Textual declares it on the instance.
        (0, "-narrow"),
        (110, "-wide"),
    ]
    BINDINGS: ClassVar = [
        Binding(",".join(action.keys), f"do('{action.id}')", action.label, id=f"step.{action.id}")
        for action in STEPPING
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
        self.tab = 0
        self._settings, self._recorded = settings, recorded
        self._lines = sorted(breakpoints)
        self.driver = Driver(self._make_session, self.post_message)
        self._code = {
            Level.SOURCE: CodeRows(program.source, look),
            Level.EXPANSION: CodeRows(program.rendering.as_source, look),
        }

    def compose(self) -> ComposeResult:
        """Code and values above, a tab, the timeline and the status below."""
        with Horizontal(id="code"):
            yield Pane("Source", id="source")
            yield Pane("Expansion · full", id="expansion")
            with Vertical(id="values"):
                yield Pane("Operand stack", id="stack")
                yield Pane("Locals", id="locals")
                yield Pane("Call stack", id="frames")
        yield Pane("Host calls", id="below")
        yield TimelineBar(id="bar")
        yield Input(placeholder="a command: help lists them", id="command")
        yield Static(id="status", markup=False)
        shown = [action for action in STEPPING if action.footer]
        hints = [f"{key_label(action.keys[0])} {action.label}" for action in shown]
        yield Static("  ".join(hints), id="keys", markup=False)

    def on_mount(self) -> None:
        """Open the session away from the keyboard."""
        self._say("opening the run")
        self.set_interval(WATCH_PAUSE, self._watch)
        self.ask(self._open)

    def _make_session(self) -> Session:
        return Session(self.program, self._settings, self._recorded, whole=False)

    def _open(self, session: Session) -> None:
        """Run a recorded run through once, so that its end is known; set the breakpoints."""
        if self._recorded:
            session.finish()
        for line in self._lines:
            session.add_breakpoint(Level.SOURCE, line)

    def ask(self, request: Request | None) -> None:
        """Have the session do something, after what was asked before."""
        if request and self.driver.ask(request):
            self.drive()

    def send(self, line: str) -> None:
        """Have one command line carried out; what it cannot do is said and changes nothing."""
        self.ask(command(line))

    @work(thread=True, group="debug")
    def drive(self) -> None:
        """Carry out what was asked, in a thread."""
        self.driver.work()

    def _watch(self) -> None:
        """Say how far a long command has come."""
        instant = self.driver.progress()
        if instant is not None:
            self._say(f"at instant {instant:,} …  escape interrupts")

    def _say(self, text: str) -> None:
        self.query_one("#status", Static).update(f"STEPPING  {text}")

    @on(Driver.Refused)
    def refuse(self, event: Driver.Refused) -> None:
        """Say why a command did nothing."""
        self.notify(event.reason, severity="warning")

    @on(Driver.Answered)
    def answer(self, event: Driver.Answered) -> None:
        """Show what a command answered."""
        self.notify(event.text, title=event.command)

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
            self.show(self.snapshot)

    def show(self, found: Snapshot) -> None:
        """Bring every pane to a snapshot."""
        found = replace(found, verdict=self.verdict)
        moved = self.snapshot is None or found.state.position != self.snapshot.state.position
        self.snapshot = found
        state, source = found.state, self.program.source
        if moved:
            self.query_one("#below", Pane).unmark()
        self._show_code("source", Level.SOURCE, source.line_of(state.source_line.start))
        rendering = self.program.rendering.as_source
        line = rendering.line_of(state.expansion_line.start)
        self._show_code("expansion", Level.EXPANSION, line)
        self.query_one("#stack", Pane).show(rows.stack_rows(found, source))
        names = self.query_one("#locals", Pane)
        names.border_title = Text(f"Locals · {found.frame.name}")
        names.show(rows.local_rows(found))
        self.query_one("#frames", Pane).show(rows.frame_rows(found, source), found.view.frame)
        self._show_tab()
        self.query_one("#bar", TimelineBar).show(found)
        self._show_status()

    def _show_status(self) -> None:
        if self.snapshot:
            count = f"{self.count}  " if self.count else ""
            text = count + rows.status_text(self.snapshot)
            self.query_one("#status", Static).update(text)

    def _show_tab(self) -> None:
        if self.snapshot is None:
            return
        tab = TABS[self.tab]
        pane = self.query_one("#below", Pane)
        names = [f"[{other.name}]" if other is tab else other.name for other in TABS]
        pane.border_title = Text(" ┃ ".join(names))
        pane.show(tab.rows(self.snapshot), tab.chosen(self.snapshot))

    def _show_code(self, name: str, level: Level, current: int) -> None:
        """One text with its breakpoints and the arrow at the cursor's line."""
        assert self.snapshot is not None
        code = self._code[level]
        stops = [item for item in self.snapshot.breakpoints if item.level is level]
        code.mark(current, {b.bound_line: b.enabled for b in stops if b.bound_line is not None})
        self.query_one(f"#{name}", Pane).show(code, current - 1)

    def action_do(self, name: str) -> None:
        """Carry out a row of the registry: its command with the typed count, or its method."""
        action = next(item for item in STEPPING if item.id == name)
        if action.command and "LINE" not in action.command and "INSTANT" not in action.command:
            line = f"{action.command} {self.count}".strip()
            self.count = ""
            self.send(line)
        else:
            getattr(self, f"action_{name}")()

    def on_key(self, event: events.Key) -> None:
        """Digits collect a count while nothing is typed into the command line."""
        if isinstance(self.focused, Input):
            if event.key == "escape":
                self._close_command()
                event.stop()
            return
        if event.character and event.character.isdigit() and (self.count or event.key != "0"):
            self.count += event.character
            self._show_status()
            event.stop()

    def action_breakpoint(self) -> None:
        """Set or take away a breakpoint, on the typed line or the cursor's, of the level's text."""
        found = self.snapshot
        if found is None:
            return
        level = Level.SOURCE if found.level is Level.SOURCE else Level.EXPANSION
        line, self.count = int(self.count or 0), ""
        self._toggle_breakpoint(level, line or self._code[level].current)

    def _toggle_breakpoint(self, level: Level, line: int) -> None:
        assert self.snapshot is not None
        for item in self.snapshot.breakpoints:
            if item.level is level and line in {item.line, item.bound_line}:
                self.send(f"delete {item.number}")
                return
        self.send(f"break {level.value} {line}")

    def action_level(self) -> None:
        """The next level."""
        levels = list(Level)
        now = self.snapshot.level if self.snapshot else Level.SOURCE
        self.send(f"level {levels[(levels.index(now) + 1) % len(levels)].value}")

    def action_goto(self) -> None:
        """Ask for an instant, or go to the typed count."""
        if self.count:
            line, self.count = f"goto {self.count}", ""
            self.send(line)
        else:
            self._open_command("goto ")

    def action_command(self) -> None:
        """Open the command line."""
        self._open_command("")

    def action_memory(self) -> None:
        """Ask for an address, or show the typed one."""
        if self.count:
            address, self.count = int(self.count), ""
            self._look_at_memory(address)
        else:
            self._open_command("memory ")

    def _look_at_memory(self, address: int) -> None:
        self.tab = TABS.index(MEMORY)
        found = self.snapshot
        size = (found.state.pages if found else 0) << 16
        first = min(address, max(size - MEMORY_ROWS * BYTES_A_ROW, 0))
        self._look(memory=max(first, 0) // BYTES_A_ROW * BYTES_A_ROW)
        self._show_tab()

    def _look(
        self, *, frame: int | None = None, form: Form | None = None, memory: int | None = None
    ) -> None:
        """Look at something else of the same position."""

        def look(session: Session) -> None:
            now = self.driver.view
            self.driver.view = View(
                now.frame if frame is None else frame,
                form or now.form,
                now.memory if memory is None else memory,
            )

        self.ask(look)

    def action_frame(self) -> None:
        """The next frame outwards, then the innermost again."""
        if self.snapshot:
            count = len(self.snapshot.state.frames)
            self._look(frame=(self.snapshot.view.frame + 1) % count)

    def action_form(self) -> None:
        """The next form of numbers."""
        if self.snapshot:
            forms = list(Form)
            following = (forms.index(self.snapshot.view.form) + 1) % len(forms)
            self._look(form=forms[following])

    def action_tab(self, by: int = 1) -> None:
        """The next tab below."""
        self.tab = (self.tab + by) % len(TABS)
        self.query_one("#below", Pane).unmark()
        self._show_tab()

    def action_tab_before(self) -> None:
        """The tab before."""
        self.action_tab(-1)

    def action_row_down(self) -> None:
        """Mark the row below."""
        self.query_one("#below", Pane).move_mark(1)

    def action_row_up(self) -> None:
        """Mark the row above."""
        self.query_one("#below", Pane).move_mark(-1)

    def action_page_down(self) -> None:
        """A page of the tab on."""
        self._page(1)

    def action_page_up(self) -> None:
        """A page of the tab back."""
        self._page(-1)

    def _page(self, by: int) -> None:
        pane = self.query_one("#below", Pane)
        height = max(pane.size.height, 1)
        if TABS[self.tab] is MEMORY and self.snapshot:
            self._look_at_memory(self.snapshot.memory_start + by * height * BYTES_A_ROW)
        else:
            pane.move_mark(by * height)

    def action_pick(self) -> None:
        """Do what Enter does on the marked row of the tab."""
        pane = self.query_one("#below", Pane)
        if self.snapshot:
            row = pane.chosen if pane.marked is None else pane.marked
            self.ask(TABS[self.tab].enter(self.snapshot, row))

    def action_scrub(self, by: int = 1) -> None:
        """A twentieth of the run on."""
        if self.snapshot:
            span = rows.span_of(self.snapshot.state)
            now = self.snapshot.state.position.instant
            self.send(f"goto {max(0, min(now + by * max(span // SCRUB, 1), span))}")

    def action_scrub_back(self) -> None:
        """A twentieth of the run back."""
        self.action_scrub(-1)

    @on(TimelineBar.Sought)
    def seek(self, event: TimelineBar.Sought) -> None:
        """Go where the mouse is on the bar."""
        self.send(f"goto {event.instant}")

    @on(Pane.Picked)
    def pick_row(self, event: Pane.Picked) -> None:
        """A click: a line of code has a breakpoint or none, a frame is looked at, a row entered."""
        name = event.pane.id
        if self.snapshot is None:
            return
        if name in {"source", "expansion"}:
            level = Level.SOURCE if name == "source" else Level.EXPANSION
            self._toggle_breakpoint(level, event.row + 1)
        elif name == "frames":
            self._look(frame=event.row)
        elif name == "below":
            self.ask(TABS[self.tab].enter(self.snapshot, event.row))

    async def action_keys(self) -> None:
        """List every key."""
        await self.run_action("app.do('show_keys')")

    def action_interrupt(self) -> None:
        """End the command in progress."""
        self.count = ""
        self.driver.interrupt()
        self._show_status()

    def action_edit(self) -> None:
        """Back to editing, with the breakpoints."""
        lines = set(self._lines)
        if self.snapshot:
            stops = self.snapshot.breakpoints
            lines = {b.line for b in stops if b.level is Level.SOURCE}
        self.driver.close()
        self.dismiss(lines)

    def _open_command(self, text: str) -> None:
        box = self.query_one("#command", Input)
        box.display = True
        box.value = text
        box.focus()
        box.cursor_position = len(text)

    def _close_command(self) -> None:
        self.query_one("#command", Input).display = False
        self.set_focus(None)

    @on(Input.Submitted)
    def carry_out(self, event: Input.Submitted) -> None:
        """The command line was entered."""
        self._close_command()
        line = event.value.strip()
        word, _, argument = line.partition(" ")
        if line in {"q", "quit"}:
            self.action_edit()
        elif word == "memory":
            self.ask(partial(self._memory_command, argument.strip()))
        elif line:
            self.send(line)

    def _memory_command(self, argument: str, session: Session) -> None:
        try:
            address = int(argument, 0)
        except ValueError:
            raise CommandError(f"an address is a number, not `{argument}`") from None
        self.app.call_from_thread(self._look_at_memory, address)

"""The stepping screen: a session's state in panes, moved by single letters in both directions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input, Static

from watstep.debug.commands import execute
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Level, Stop, StopReason
from watstep.errors import CommandError
from watstep.host.settings import RunSettings
from watstep.pipeline import Program
from watstep.source.text import Source
from watstep_tui import debugger
from watstep_tui.debugger import Snapshot
from watstep_tui.highlight import line_states, paint, token_ranges
from watstep_tui.keymap import STEPPING
from watstep_tui.theming import Look
from watstep_tui.widgets.pane import Pane

TABS: tuple[tuple[str, Callable[[Snapshot], list[Text]]], ...] = (
    ("Host calls", debugger.call_rows),
    ("Trace", debugger.trace_text),
    ("Memory", debugger.memory_rows),
    ("Log", debugger.log_rows),
    ("Breakpoints", debugger.breakpoint_rows),
)


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
        self.session: Session | None = None
        self.snapshot: Snapshot | None = None
        self.count = ""
        self.tab = 0
        self._settings, self._recorded = settings, recorded
        self._lines = sorted(breakpoints)
        self._lock = threading.Lock()
        self._code = {
            "source": self._coloured(program.source),
            "expansion": self._coloured(program.rendering.as_source),
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
        yield Static(id="bar", markup=False)
        yield Input(placeholder="a command: help lists them", id="command")
        yield Static(id="status", markup=False)
        hints = [f"{action.keys[0]} {action.label}" for action in STEPPING if action.footer]
        yield Static("  ".join(hints), id="keys", markup=False)

    def on_mount(self) -> None:
        """Open the session away from the keyboard."""
        self.query_one("#status", Static).update("STEPPING  opening the run")
        self.open_session()

    @work(thread=True, group="debug")
    def open_session(self) -> None:
        """A recorded run is run through once, so that its end is known."""
        with self._lock:
            session = Session(self.program, self._settings, self._recorded)
            for line in self._lines:
                session.add_breakpoint(Level.SOURCE, line)
            found = debugger.gather(session, Stop(StopReason.START, 0, "at the start of the run"))
        self.session = session
        self.app.call_from_thread(self.show, found)

    @work(thread=True, group="debug")
    def send(self, line: str) -> None:
        """Carry out one command line; what it cannot do is said and changes nothing."""
        session = self.session
        if session is None:
            return
        with self._lock:
            try:
                reply = execute(session, line)
            except CommandError as refused:
                self.app.call_from_thread(self.notify, str(refused), severity="warning")
                return
            found = debugger.gather(session, reply.stop)
        if reply.text and reply.stop.reason is StopReason.NONE:
            self.app.call_from_thread(self.notify, reply.text, title=reply.command)
        self.app.call_from_thread(self.show, found)

    def show(self, found: Snapshot) -> None:
        """Bring every pane to a snapshot."""
        self.snapshot = found
        state, source = found.state, self.program.source
        rendering = self.program.rendering.as_source
        self._show_code("source", debugger.line_of(source, state.source_line), Level.SOURCE)
        line = debugger.line_of(rendering, state.expansion_line)
        self._show_code("expansion", line, Level.EXPANSION)
        self.query_one("#stack", Pane).show(debugger.stack_rows(found, source))
        self.query_one("#locals", Pane).show(debugger.local_rows(found))
        self.query_one("#frames", Pane).show(debugger.frame_rows(found, source))
        self._show_tab()
        self.query_one("#bar", Static).update(debugger.timeline_bar(found, self.size.width - 2))
        count = f"{self.count}  " if self.count else ""
        self.query_one("#status", Static).update(count + debugger.status_text(found))

    def _show_tab(self) -> None:
        if self.snapshot is None:
            return
        title, rows_of = TABS[self.tab]
        rows = rows_of(self.snapshot)
        pane = self.query_one("#below", Pane)
        names = [f"[{name}]" if name == title else name for name, _ in TABS]
        pane.border_title = Text(" ┃ ".join(names))
        latest = max(len(self.snapshot.state.calls) - 1, 0) if self.tab == 0 else 0
        pane.show(rows, len(rows) - 1 if title in {"Trace", "Log"} else latest)

    def _coloured(self, text: Source) -> list[Text]:
        """The lines of a text in the theme's colours."""
        lines = [text.line_text(number) for number in range(1, len(text.line_starts) + 1)]
        coloured = []
        for line, state in zip(lines, line_states(lines), strict=True):
            row = Text()
            ranges = token_ranges(line, state, self.look.syntax)
            for segment in paint(line, Style.null(), ranges):
                row.append(segment.text, segment.style)
            coloured.append(row)
        return coloured

    def _show_code(self, name: str, current: int, level: Level) -> None:
        """One text with its breakpoints and the arrow at the cursor's line."""
        assert self.snapshot is not None
        marked = {item.bound_line for item in self.snapshot.breakpoints if item.level is level}
        rows = []
        for number, line in enumerate(self._code[name], 1):
            marks = ("●" if number in marked else " ") + ("▶" if number == current else " ")
            head = f"{marks}{number:>4}  "
            row = Text()
            row.append(head, "bold" if number == current else "dim")
            row.append_text(line)
            if number == current:
                row.stylize(self.look.code["cursor_line"])
                row.stylize("bold")
            rows.append(row)
        self.query_one(f"#{name}", Pane).show(rows, current - 1)

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
            if self.snapshot:
                self.show(self.snapshot)
            event.stop()

    def action_breakpoint(self) -> None:
        """Set or take away a breakpoint on the cursor's line, in the text of the level."""
        found = self.snapshot
        if found is None:
            return
        in_source = found.level is Level.SOURCE
        text = self.program.source if in_source else self.program.rendering.as_source
        span = found.state.source_line if in_source else found.state.expansion_line
        line = debugger.line_of(text, span)
        level = Level.SOURCE if in_source else Level.EXPANSION
        for item in found.breakpoints:
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

    def action_tab(self) -> None:
        """The next tab below."""
        self.tab = (self.tab + 1) % len(TABS)
        self._show_tab()

    def action_interrupt(self) -> None:
        """End the command in progress."""
        self.count = ""
        if self.session:
            self.session.interrupt()

    def action_edit(self) -> None:
        """Back to editing, with the breakpoints."""
        lines = set(self._lines)
        if self.session:
            self.session.interrupt()
            lines = {b.line for b in self.session.breakpoints if b.level is Level.SOURCE}
            self.session.close()
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
        if event.value.strip() in {"q", "quit"}:
            self.action_edit()
        elif event.value.strip():
            self.send(event.value)

    def on_resize(self) -> None:
        """The bar is as wide as the screen."""
        if self.snapshot:
            self.show(self.snapshot)

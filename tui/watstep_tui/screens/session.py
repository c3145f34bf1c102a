"""The screen of a session: its driver's messages, its panes and the lines at its edges."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult

from watstep.debug.agreement import first_difference
from watstep.debug.commands.row import Reply
from watstep.debug.commands.table import execute
from watstep.debug.opening import take_up
from watstep.debug.rerunning import Earlier, land, rerun
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Level
from watstep.errors import CommandError
from watstep.host.settings import RunSettings
from watstep.pipeline import Program
from watstep.source.diagnostic import Diagnostic
from watstep_tui.debugger import Driver, Request
from watstep_tui.files.remembered import SettingsStore
from watstep_tui.keymap import When, corner_hints, stepping_hints
from watstep_tui.line import Line
from watstep_tui.rows import ending
from watstep_tui.rows.snapshot import Snapshot, View
from watstep_tui.screens.arranging import Arrangement
from watstep_tui.screens.board import Board
from watstep_tui.screens.closing import ClosesOnce
from watstep_tui.screens.tabs import command
from watstep_tui.theming import Look
from watstep_tui.widgets.bars import HeaderLine, KeyBar
from watstep_tui.widgets.command_line import CommandLine

WATCH_PAUSE = 0.1
"""Seconds between looks at how far a long command has come."""

CORNER = (When.STEPPING, "command_palette", "keys")
"""The keys of the first line."""


Begun: TypeAlias = Recorded | Earlier | Driver | None
"""A run that was made, one to be made again, one that was left, or a new live one."""


class SessionScreen(ClosesOnce[tuple[str, ...]]):
    """A session as it stands; it closes with the words of its breakpoints."""

    # No widget takes the letters: they are commands.
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    SessionScreen #status { background: $panel; padding: 0 1; }
    SessionScreen.-no-keys #keys { display: none; }
    SessionScreen.-narrow #expansion { display: none; }
    SessionScreen.-narrow .-expanded #expansion { display: block; }
    SessionScreen.-narrow .-expanded #source { display: none; }
    SessionScreen.-narrow #values { width: 36; }
    SessionScreen.-narrow #frames { display: none; }
    SessionScreen.-narrow .-calls #frames { display: block; height: 2fr; }
    SessionScreen.-narrow .-calls #stack { display: none; }
    SessionScreen.-short #below { min-height: 4; }
    SessionScreen.-short.-narrow #locals { display: none; }
    SessionScreen.-short.-narrow .-locals #locals { display: block; }
    SessionScreen.-short.-narrow .-locals #stack { display: none; }
    SessionScreen.-tiny #values, SessionScreen.-tiny #expansion { display: none; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-high")]  # noqa: RUF012  as below
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  Textual declares it on the instance.
        (0, "-tiny"),
        (60, "-narrow"),
        (110, "-wide"),
    ]

    def __init__(
        self,
        program: Program,
        settings: RunSettings,
        begun: Begun,
        breakpoints: tuple[str, ...],
        look: Look,
        store: SettingsStore,
    ) -> None:
        """Step through a run of `program`, as it was begun."""
        super().__init__()
        self.program = program
        self.look = look
        self._verdicts: dict[int, str] = {}
        """What wasmtime said of each timeline, by number; "" agrees (P2)."""
        self.count = ""
        self.problems: tuple[Diagnostic, ...] = ()
        """What was found in the program."""
        self.said: tuple[str, str] | None = None
        """A sentence and its style, until the next key or move."""
        self.opening = ""
        """What is said of the run when it is opened."""
        self.called = program.source.name
        """The program's path, else its name."""
        self._watched = False
        """Whether a long command was seen to be in progress."""
        self.pressed = ""
        """The command that the last key stands for."""
        self._settings, self._begun = settings, begun
        self.breakpoints = breakpoints
        self.refused: tuple[str, ...] = ()
        """Those that the program as it is now cannot have; they are kept for the next."""
        if isinstance(begun, Driver):
            self.driver = begun
            begun.attach(self.post_message)
        else:
            self.driver = Driver(self._make_session, self.post_message)
            self.driver.view = View(traces=False)
        self.store = store
        self.board = Board(program, look, store)

    def compose(self) -> ComposeResult:
        """The header, the panes, the command line, the status and the keys."""
        yield HeaderLine(self.look, "STEPPING", corner_hints(*CORNER), id="header")
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
        """Fit the lines at the edges, and the rows of the tab, to the width."""
        self.show_edges()
        self.call_after_refresh(self.board.show_tab)

    def show_look(self, look: Look) -> None:
        """Take other colours."""
        self.look = look
        self.board.show_look(look)
        for line in self.query(Line):
            line.show_look(look)

    def show_keys(self) -> None:
        """Name the keys that actions have now."""
        self.query_one(KeyBar).show(stepping_hints())
        self.query_one(HeaderLine).show_keys(corner_hints(*CORNER))

    @property
    def snapshot(self) -> Snapshot | None:
        """Where the session stands, once that is known."""
        return self.board.snapshot

    @property
    def arrangement(self) -> Arrangement:
        """How the panes stand."""
        return self.board.arrangement

    # The session.

    def _make_session(self) -> Session:
        begun = self._begun
        if isinstance(begun, Earlier):
            session = rerun(self.program, self._settings, begun)
        else:
            recorded = begun if isinstance(begun, Recorded) else None
            session = Session(self.program, self._settings, recorded, whole=False)
        session.called = self.called
        return session

    def _open(self, session: Session) -> Reply | None:
        """Run a recorded run through once, where its end can be known; set the breakpoints."""
        begun, reply = self._begun, None
        if isinstance(begun, Recorded) and begun.file:
            for problem in take_up(session, begun.file):
                self.app.call_from_thread(self.notify, problem, severity="warning")
        elif isinstance(begun, Recorded) and not begun.stopped_between_calls:
            session.finish()
            if session.timeline.trap:
                # What a person wants to see of a run that trapped is where it did.
                execute(session, "goto end")
        elif isinstance(begun, Earlier):
            reply = Reply("restart", land(session, begun))
        self._set_breakpoints(session)
        return reply

    def _set_breakpoints(self, session: Session) -> None:
        """Those of the program; a run that was left may hold others, which were changed since."""
        if isinstance(self._begun, Driver):
            for item in session.breakpoints:
                if item.words not in self.breakpoints:
                    execute(session, f"delete {item.number}")
        known = {item.words for item in session.breakpoints}
        for words in self.breakpoints:
            try:
                if words not in known:
                    execute(session, f"break {words}")
            except CommandError:
                self.refused += (words,)

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
            self.say(f"at instant {instant:,} …  Escape interrupts", "call")
        elif self._watched:
            self.said = None
            self.show_edges()
        self._watched = instant is not None

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
        self.compare(event)

    @work(thread=True, group="compare")
    def compare(self, ended: Driver.Ended) -> None:
        """Repeat the run on wasmtime, on the same answers."""
        difference = first_difference(self.program, self._settings, ended.outcome)
        self.app.call_from_thread(self.judge, ended.number, difference or "")

    def judge(self, number: int, verdict: str) -> None:
        """Show what wasmtime said of a timeline."""
        self._verdicts[number] = verdict
        if verdict:
            self.notify(f"wasmtime differs in {verdict}", severity="error", timeout=20)
        if self.snapshot and self.is_attached:
            self.board.snapshot = self._judged(self.snapshot)
            self.board.show_tab()

    def _judged(self, found: Snapshot) -> Snapshot:
        """A snapshot with what wasmtime said of its timeline."""
        timeline = found.timeline
        verdict = self._verdicts.get(timeline.number) if timeline else None
        return replace(found, verdict=verdict, problems=self.problems)

    # What is shown.

    def show(self, found: Snapshot) -> None:
        """Bring every pane to a snapshot."""
        if self.snapshot is None:
            again = isinstance(self._begun, Earlier)
            opening = found.stop.message if again else self.opening
            quiet = not opening or (found.state.trap and not again)
            self.said = None if quiet else (opening, "")
        elif found.instant != self.snapshot.instant:
            self.said = None
            if found.instant != self.board.kept:
                self.board.close_answer()
        self.board.show(self._judged(found))
        self.show_edges()

    def say(self, text: str, style: str = "") -> None:
        """Put a sentence where the reason of the last stop stands."""
        self.said = (text, style)
        self.show_edges()

    @property
    def title_of_run(self) -> str:
        """The program's name, and that of the run file."""
        begun = self._begun
        recorded = begun.recorded if isinstance(begun, Driver) else begun
        file = recorded.file if isinstance(recorded, Recorded) else None
        return file.title if file else self.program.source.name

    def show_edges(self) -> None:
        """The header and the status."""
        found = self.snapshot
        level = found.level if found else Level.SOURCE
        header = self.query_one(HeaderLine)
        detail = f"{level.value}{', recorded' if found and found.recorded else ''}"
        timeline = found.timeline if found and len(found.timelines) > 1 else None
        detail += f", timeline {timeline.name}" if timeline else ""
        header.show(self.title_of_run, unsaved=False, detail=detail)
        right = f"count {self.count}" if self.count else self.pressed
        line = Text.assemble(self.said or "")
        if found:
            line = ending.status_text(found, self.said, self.size.width - len(right) - 5)
        self.query_one("#status", Line).put(ending.beside(line, right, self.size.width - 2))

    def take_count(self) -> int | None:
        """The typed count, which is used up."""
        count, self.count = self.count, ""
        return int(count) if count else None

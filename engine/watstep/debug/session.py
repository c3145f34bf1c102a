"""The session: a position on a timeline, breakpoints, and the user's verbs (STEPPING.md S1 to S12).

It holds no state of the program: that depends on the instant alone (L1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from watstep.debug import backward, forward
from watstep.debug.armed import Armed
from watstep.debug.breaking import Breaking
from watstep.debug.breakpoint import Breakpoint
from watstep.debug.calls import difference_text
from watstep.debug.fuel import first_instant
from watstep.debug.ground import START, Ground, Move
from watstep.debug.places import Place, Places
from watstep.debug.scope import MachineScope
from watstep.debug.state import Bookmark, Level, Logged, Position, State, Stop, StopReason, TraceRow
from watstep.debug.timelines import Timelines
from watstep.debug.tracing import Tracer
from watstep.debug.view import Viewer
from watstep.errors import CommandError
from watstep.host.answer import replayed
from watstep.host.settings import RunSettings
from watstep.host.tape import HostCall
from watstep.machine.outcome import LIMITS, Outcome, Trap, TrapKind
from watstep.machine.timeline import Before, Timeline
from watstep.pipeline import Program
from watstep.runfile.reading import RunFile
from watstep.source.text import counted

MOST_LOGGED = 200
"""What a move tells of what was logged on its way; `logs` tells all."""


@dataclass(frozen=True)
class Recorded:
    """A run that was made before, to be debugged on its tape."""

    tape: tuple[HostCall, ...]
    ending: Trap | None = None
    """How it was stopped, where a limit of time or the person did that."""
    file: RunFile | None = None
    """The run file that it comes from."""

    @property
    def stopped_between_calls(self) -> bool:
        """Whether no instant is known as its end: it was stopped while the program itself ran."""
        cut = self.ending is not None and self.ending.kind in {TrapKind.TIME, TrapKind.CANCELLED}
        return cut and not (self.tape and self.tape[-1].possibly_done)


class Session:
    """One debugging session; every command answers a `Stop`, `state` tells what is to be seen."""

    def __init__(
        self,
        program: Program,
        settings: RunSettings,
        recorded: Recorded | None = None,
        *,
        whole: bool = True,
        begun: Timeline | None = None,
    ) -> None:
        """Stand at instant 0 of a new live run, of a recorded one, or of what has `begun`.

        Where it is not wanted `whole`, the caller runs a recorded one through by `finish`, so
        that it can be interrupted.
        """
        self.program = program
        self.settings = settings
        self.recorded = recorded
        self.places = Places(program)
        self._level = Level.SOURCE
        self.breaking = Breaking(self.places, settings.limits.fuel)
        self.called = program.source.name
        """What the program is called on a command line."""
        self.bookmarks: tuple[Bookmark, ...] = ()
        """In the order of their instants, one at each."""
        self.script: list[str] = []
        """The commands that were carried out, which do the same again."""
        self.secrets: tuple[str, ...] = ()
        """What a person says is secret, and is covered where the run is kept."""
        if recorded:
            tape = tuple(map(replayed, recorded.tape))
            before = Before(changes=recorded.file.changes) if recorded.file else None
            first = Timeline(program, settings, tape, recorded.ending, before)
            self.timelines = Timelines(first)
        else:
            self.timelines = Timelines(begun or Timeline(program, settings))
        self._viewer = Viewer(self.timeline, self.places)
        self._tracer: Tracer | None = None
        self.reason = StopReason.START
        if recorded and whole:
            # A run that was made before is there whole: no command of it can cross a frontier.
            self.finish()

    @property
    def timeline(self) -> Timeline:
        """The one that is looked at."""
        return self.timelines.current.timeline

    @property
    def position(self) -> Position:
        """Where one stands on it."""
        return self.timelines.current.position

    @position.setter
    def position(self, position: Position) -> None:
        self.timelines.current.position = position

    @property
    def reached(self) -> int:
        """The instant that the move in progress has come to; backwards it goes down."""
        return self.timeline.reached

    def close(self) -> None:
        """Let go of what the runs hold open."""
        self.timelines.close()

    def interrupt(self) -> None:
        """End the command in progress, from another thread."""
        self.timeline.interrupt()

    @property
    def level(self) -> Level:
        """What a step is."""
        return self._level

    @level.setter
    def level(self, level: Level) -> None:
        # Macro frames are entered at the source level alone (S5).
        if level is not Level.SOURCE:
            self.position = self.position._replace(entered=0)
        self._level = level

    # Moving.

    def step(self, count: int = 1) -> Stop:
        """S1, S2, S5: to the next stop of the level."""
        return self._repeat(count, forward.step)

    def next(self, count: int = 1) -> Stop:
        """S3: like step, without stopping in what is called from here."""
        return self._repeat(count, forward.step_over)

    def out(self, count: int = 1) -> Stop:
        """S4: until the innermost frame is left."""
        return self._repeat(count, forward.step_out)

    def continue_(self, count: int = 1) -> Stop:
        """S8: to the next breakpoint, else to the end."""
        return self._repeat(count, forward.go_on)

    def back(self, count: int = 1) -> Stop:
        """S7: the exact inverse of step."""
        return self._repeat(count, backward.step)

    def back_over(self, count: int = 1) -> Stop:
        """S7: the inverse of next within one frame."""
        return self._repeat(count, backward.step_over)

    def back_out(self, count: int = 1) -> Stop:
        """S7: to the instant before the call that made this frame."""
        return self._repeat(count, backward.step_out)

    def reverse_continue(self, count: int = 1) -> Stop:
        """S8: to the previous breakpoint, else to the start."""
        return self._repeat(count, backward.go_on)

    def until(self, line: int, level: Level | None = None, count: int = 1) -> Stop:
        """S9: to the next time that a statement on a line begins."""
        places = self._line(line, level)
        return self._repeat(count, lambda ground, at: forward.until(ground, at, places))

    def back_until(self, line: int, level: Level | None = None, count: int = 1) -> Stop:
        """S9: to the last time before that a statement on a line began."""
        places = self._line(line, level)
        return self._repeat(count, lambda ground, at: backward.until(ground, at, places))

    def _line(self, line: int, level: Level | None) -> frozenset[Place]:
        level = level or (Level.SOURCE if self.level is Level.SOURCE else Level.EXPANSION)
        found = self.places.on_line(level, line)
        if found is None:
            raise CommandError(f"line {line} of the {level.value} holds no code")
        return frozenset((found,))

    def goto(self, instant: int) -> Stop:
        """S9: to an instant; one outside the run changes nothing."""
        if instant < 0:
            raise CommandError("instants begin at 0")
        timeline, before = self.timeline, self.position
        timeline.interrupted = False
        frontier = timeline.frontier
        if instant > frontier and not timeline.reach(instant):
            self.position = Position(timeline.machine.step, 0)
            waits = timeline.difference() is not None
            return self.stopped(StopReason.ASKED if waits else StopReason.CANCELLED, 1)
        if instant > timeline.frontier:
            said = f"the run ends at instant {timeline.end}, there is no {instant}"
            raise CommandError(said + self._carried_on(frontier))
        self.position = Position(instant, 0)
        return self.stopped(StopReason.GOTO, 1, since=before)

    def goto_fuel(self, units: int) -> Stop:
        """S9: to the first instant at which so much fuel is used; one outside changes nothing."""
        timeline, before = self.timeline, self.position
        timeline.interrupted = False
        frontier = timeline.frontier
        found = first_instant(timeline, units, self.places.grows, live=True)
        if timeline.interrupted or timeline.waiting:
            self.position = Position(timeline.machine.step, 0)
            waits = timeline.difference() is not None
            return self.stopped(StopReason.ASKED if waits else StopReason.CANCELLED, 1)
        if found is None:
            used = timeline.machine.fuel
            said = f"the run uses {counted(used, 'unit')} of fuel in all"
            raise CommandError(said + self._carried_on(frontier))
        self.position = Position(found, 0)
        return self.stopped(StopReason.FUEL, 1, since=before)

    def _carried_on(self, frontier: int) -> str:
        """What to add where a live run had to be made to its end to know of it (S9)."""
        timeline = self.timeline
        if timeline.frontier == frontier and timeline.end is not None:
            return ""
        calls = sum(1 for call in timeline.tape if (call.instant or 0) > frontier)
        made = f", with {counted(calls, 'host call')}" if calls else ""
        return f"; you stay at {self.position.instant}, the run was made to its end to know{made}"

    def move(self, count: int, move: Callable[[Ground, Position], Move]) -> Stop:
        """S9: up to `count` moves of a kind; a breakpoint or an end of the run ends them."""
        return self._repeat(count, move)

    def _repeat(self, count: int, move: Callable[[Ground, Position], Move]) -> Stop:
        """Make up to `count` moves; a breakpoint or an end of the run ends them (S9)."""
        ground = Ground(self.timeline, self.places, self.level, self.armed)
        self.timeline.interrupted = False
        first = self.position
        moved, reason = 0, StopReason.NONE
        while moved < count:
            before = self.position
            self.position, reason = move(ground, before)
            if self.position == before:
                break
            self.timeline.reached = self.position.instant
            moved += 1
            if self.timeline.interrupted and moved < count:
                reason = StopReason.CANCELLED
            if reason in {StopReason.BREAKPOINT, StopReason.CANCELLED, StopReason.ASKED}:
                break
        if moved and reason is StopReason.AT_END:
            reason = ground.ending()
        elif moved and reason is StopReason.AT_START:
            reason = StopReason.START
        return self.stopped(reason, moved, count, since=first)

    # Breakpoints.

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """All breakpoints, in the order in which they were made."""
        return self.breaking.all

    @property
    def armed(self) -> Armed:
        """The enabled breakpoints as one predicate."""
        return self.breaking.armed(self.timeline)

    def add_breakpoint(self, level: Level, line: int) -> Breakpoint:
        """A breakpoint on a line of the source or of the expansion (B3, B4)."""
        return self.breaking.add(str(line), level)

    def hits(self, first: int, last: int, most: int) -> tuple[int, ...]:
        """The instants from `first` up to `last` at which breakpoints stand, `most` at most."""
        self.timeline.interrupted = False
        stops = self.breaking.search(self.timeline).stops_between(first, last)
        return tuple(visit.instant for visit in islice(stops, most))

    def logs(self, most: int, number: int | None = None) -> tuple[Logged, ...]:
        """What breakpoints with a message say of the run as far as it was made, `most` at most.

        Those added after it too; of all of them, or of one.
        """
        self.timeline.interrupted = False
        last = self.timeline.frontier + 1
        return tuple(islice(self.breaking.logged(self.timeline, 0, last, number), most))

    # The run.

    def restart(self) -> Stop:
        """Instant 0, on the same tape."""
        self.position = START
        return self.stopped(StopReason.START, 1)

    def run(self) -> Stop:
        """A new live run; the timelines so far are given up.

        Raises `CommandError` for the run of a file: what that was granted, nobody granted here.
        """
        self.allow_live()
        self.timelines.replace(Timeline(self.program, self.settings))
        return self.stopped(StopReason.START, 1)

    def allow_live(self) -> None:
        """Raise `CommandError` where nobody granted the run what it asks the world for."""
        if self.recorded and self.recorded.file:
            raise CommandError(f"{self.recorded.file.name} holds a run that was made: {_LIVE}")

    def finish(self, report: Callable[[int], None] | None = None) -> bool:
        """Run the timeline to its end without moving; False where that was interrupted.

        Live where the tape ends and the run is not a recorded one.
        """
        self.timeline.interrupted = False
        return self.timeline.run_to_end(report)

    def outcome(self) -> Outcome:
        """How the run ended; the end must have been reached."""
        return self.timeline.outcome()

    # What is to be seen.

    def state(self) -> State:
        """All that the panes show at the position."""
        if self._viewer.timeline is not self.timeline:
            self._viewer = Viewer(self.timeline, self.places)
        return self._viewer.state(self.position, self.level)

    def scope(self) -> MachineScope:
        """What an expression can name at the position; it holds until the next command."""
        self.timeline.seek_machine(self.position.instant)
        return MachineScope(self.program, self.timeline.machine)

    def memory(self, address: int, length: int) -> bytes:
        """Bytes of the memory at the position, fewer where it ends."""
        self.timeline.seek_machine(self.position.instant)
        return self.timeline.machine.read(max(address, 0), length)

    def calls(self) -> tuple[HostCall, ...]:
        """The tape: all host calls up to the frontier, and beyond it those that were recorded."""
        return tuple(self.timeline.tape)

    @property
    def tracer(self) -> Tracer:
        """What tells of the timeline's instructions."""
        if self._tracer is None or self._tracer.timeline is not self.timeline:
            self._tracer = Tracer(self.timeline)
        return self._tracer

    def trace(self, first: int, last: int) -> tuple[TraceRow, ...]:
        """The instructions executed from instant `first` to `last`, within the frontier."""
        return tuple(self.tracer.rows(first, min(last, self.timeline.frontier)))

    def stopped(
        self, reason: StopReason, moved: int = 1, wanted: int = 1, since: Position | None = None
    ) -> Stop:
        """A stop at the position, for this reason, come to from `since` where that was a move."""
        self.reason = reason
        message = _message(reason, self, moved, wanted)
        if reason is StopReason.BREAKPOINT:
            self.timeline.seek_machine(self.position.instant)
            hits = self.breaking.search(self.timeline).hits()
            message += "; ".join(hit.why for hit in hits)
        if since is None or self.position <= since:
            return Stop(reason, moved, message)
        logged = self.breaking.logged(self.timeline, since.instant + 1, self.position.instant + 1)
        said = tuple(islice(logged, MOST_LOGGED))
        return Stop(reason, moved, message, said)


_LIVE = "to run its program live, save that as a file and grant it what it needs"
_SENTENCES = {
    StopReason.STEP: "",
    StopReason.BACK: "",
    StopReason.BREAKPOINT: "stopped at ",
    StopReason.START: "at the start of the run",
    StopReason.GOTO: "",
    StopReason.UNTIL: "reached the line",
    StopReason.OUT: "left the frame",
    StopReason.CALL: "before a host call",
    StopReason.ITERATION: "an iteration begins",
    StopReason.LOOP_START: "here the loop begins",
    StopReason.LOOP_END: "the loop was left",
    StopReason.FUEL: "",
    StopReason.AT_START: "this is the start of the run: nothing is before it",
    StopReason.AT_END: "this is the end of the run: nothing is after it",
    StopReason.CANCELLED: "interrupted",
    StopReason.CHANGED: "changed: a new timeline begins here",
    StopReason.ANSWERED: "answered",
    StopReason.TIMELINE: "",
    StopReason.NONE: "",
}


def _message(reason: StopReason, session: Session, moved: int, wanted: int) -> str:
    """One line for a person: why it stopped, and how far it came where that was less than asked."""
    trap = session.timeline.trap
    if reason is StopReason.TRAP and trap:
        verb = "was stopped" if trap.kind in LIMITS else "trapped"
        said = "the run" in trap.message
        text = trap.message if said else f"the run {verb}: {trap.message}"
    elif reason is StopReason.END:
        text = "the run has returned"
    elif reason is StopReason.ASKED:
        difference = session.timeline.difference()
        text = difference_text(*difference) if difference else ""
    else:
        text = _SENTENCES[reason]
    if moved < wanted and wanted > 1:
        text = f"moved {moved} of {wanted}: {text}" if text else f"moved {moved} of {wanted}"
    return text

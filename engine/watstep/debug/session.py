"""The session: a position on a timeline, breakpoints, and the user's verbs (STEPPING.md S1 to S12).

It holds no state of the program: that depends on the instant alone (L1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from watstep.debug.breakpoint import Breakpoint, bind
from watstep.debug.places import FunctionPlaces, MacroRange, Place, Places
from watstep.debug.search import Found, Search
from watstep.debug.state import Level, Position, State, Stop, StopReason, TraceRow
from watstep.debug.view import build_state, trace_rows
from watstep.errors import CommandError
from watstep.host.settings import RunSettings
from watstep.host.tape import HostCall
from watstep.machine.outcome import Outcome, Trap
from watstep.machine.timeline import Timeline
from watstep.pipeline import Program


@dataclass(frozen=True)
class Recorded:
    """A run that was made before, to be debugged on its tape."""

    tape: tuple[HostCall, ...]
    ending: Trap | None = None
    """How it was stopped, where a limit of time or the person did that."""


class Session:
    """One debugging session; every command answers a `Stop`, `state` tells what is to be seen."""

    def __init__(
        self,
        program: Program,
        settings: RunSettings,
        recorded: Recorded | None = None,
        *,
        whole: bool = True,
    ) -> None:
        """Stand at instant 0 of a new live run, or of a recorded one.

        Where it is not wanted `whole`, the caller runs a recorded one through by `finish`, so
        that it can be interrupted.
        """
        self.program = program
        self.settings = settings
        self.places = Places(program)
        self.level = Level.SOURCE
        self.breakpoints: tuple[Breakpoint, ...] = ()
        self._next_number = 1
        self._open(Timeline(program, settings, *self._tape(recorded)))
        if recorded and whole:
            # A run that was made before is there whole: no command of it can cross a frontier.
            self.finish()

    @staticmethod
    def _tape(recorded: Recorded | None) -> tuple[tuple[HostCall, ...] | None, Trap | None]:
        return (recorded.tape, recorded.ending) if recorded else (None, None)

    def _open(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.position = Position(0, 0)
        self.reason = StopReason.START

    def close(self) -> None:
        """Let go of what the run holds open."""
        self.timeline.close()

    def interrupt(self) -> None:
        """End the command in progress, from another thread."""
        self.timeline.interrupt()

    # Where the cursor is.

    def place(self) -> Place:
        """The cursor: the instruction that runs next."""
        self.timeline.seek_machine(self.position.instant)
        function, pc, _, _ = self.timeline.machine.top
        return Place(function, pc)

    def _function(self, place: Place) -> FunctionPlaces:
        return self.places.functions[place.function]

    def _beginning(self, place: Place) -> tuple[MacroRange, ...]:
        """The macro calls that can be entered at a place; none past the end of the run."""
        return self._function(place).beginning.get(place.pc, ())

    def _macro_depth(self, place: Place, entered: int) -> int:
        """How many macro frames all the machine's frames stand in."""
        depth = len(self._function(place).around(place.pc, entered))
        for function, pc, _, _ in self.timeline.machine.frames:
            depth += len(self.places.functions[function].inside(pc))
        return depth

    def depth(self, place: Place, callers: int, entered: int) -> int:
        """The depth that `next` compares: macro frames count at the source level alone (S3, S5)."""
        macros = self._macro_depth(place, entered) if self.level is Level.SOURCE else 0
        return callers + 1 + macros

    def _here(self) -> tuple[Place, int]:
        place = self.place()
        return place, len(self.timeline.machine.frames)

    @property
    def at_end(self) -> bool:
        """Whether the position is the last instant."""
        return self.timeline.end is not None and self.position.instant >= self.timeline.end

    # Forward.

    def step(self, count: int = 1) -> Stop:
        """S1, S2, S5: to the next stop of the level."""
        return self._repeat(count, self._step)

    def next(self, count: int = 1) -> Stop:
        """S3: like step, without stopping in what is called from here."""
        return self._repeat(count, self._next)

    def out(self, count: int = 1) -> Stop:
        """S4: until the innermost frame is left."""
        return self._repeat(count, self._out)

    def continue_(self, count: int = 1) -> Stop:
        """S8: to the next breakpoint, else to the end."""
        return self._repeat(count, lambda: self._forward(frozenset(), None))

    def until(self, line: int, level: Level | None = None) -> Stop:
        """S9: to the next time that a statement on a line begins."""
        level = level or (Level.SOURCE if self.level is Level.SOURCE else Level.EXPANSION)
        found = self.places.on_line(level, line)
        if found is None:
            raise CommandError(f"line {line} holds no code")
        return self._repeat(1, lambda: self._until(found))

    def _until(self, place: Place) -> StopReason:
        reason = self._forward(frozenset((place,)), None)
        return StopReason.UNTIL if reason is StopReason.STEP else reason

    def goto(self, instant: int) -> Stop:
        """S9: to an instant; one outside the run changes nothing."""
        if instant < 0:
            raise CommandError("instants begin at 0")
        timeline = self.timeline
        if instant > timeline.frontier and not timeline.reach(instant):
            self.position = Position(timeline.machine.step, 0)
            return self._stopped(StopReason.CANCELLED, 1)
        last = timeline.frontier if timeline.end is None else timeline.end
        if instant > last:
            raise CommandError(f"the run ends at instant {timeline.end}, there is no {instant}")
        self.position = Position(instant, 0)
        return self._stopped(StopReason.GOTO, 1)

    def _repeat(self, count: int, move: Callable[[], StopReason]) -> Stop:
        """Make up to `count` moves; a breakpoint or an end of the run ends them (S9)."""
        moved, reason = 0, StopReason.NONE
        while moved < count:
            before = self.position
            reason = move()
            if self.position == before:
                break
            moved += 1
            if reason in {StopReason.BREAKPOINT, StopReason.CANCELLED}:
                break
        if moved and reason in {StopReason.AT_END, StopReason.AT_START}:
            reason = self._end_reason() if reason is StopReason.AT_END else StopReason.START
        return self._stopped(reason, moved, count)

    def _end_reason(self) -> StopReason:
        return StopReason.TRAP if self.timeline.trap else StopReason.END

    def _step(self) -> StopReason:
        if self.level is Level.INSTRUCTION:
            return self._one_instant()
        place, _ = self._here()
        if self.level is Level.SOURCE:
            entered = self.position.entered
            if not self._finished() and entered < len(self._beginning(place)):
                self.position = self.position._replace(entered=entered + 1)
                return StopReason.STEP
        return self._forward(self.places.statements, None)

    def _finished(self) -> bool:
        return self.at_end and not self.timeline.trap

    def _one_instant(self) -> StopReason:
        if self.at_end:
            return StopReason.AT_END
        self.place()
        instant = self.position.instant
        self.timeline.advance(instant + 1, live=True)
        machine = self.timeline.machine
        moved = machine.step > instant
        self.position = Position(machine.step, 0)
        ended = not moved or self.timeline.end == machine.step
        return self._end_reason() if ended else StopReason.STEP

    def _next(self) -> StopReason:
        place, callers = self._here()
        deepest = self.depth(place, callers, self.position.entered)
        if self.level is Level.INSTRUCTION:
            return self._next_instruction(callers)
        statements = self.places.statements
        return self._forward(
            statements, callers, lambda at, depth: self.depth(at, depth, 0) <= deepest
        )

    def _next_instruction(self, callers: int) -> StopReason:
        reason = self._one_instant()
        if reason is not StopReason.STEP or len(self.timeline.machine.frames) <= callers:
            return reason
        search = Search(self.timeline, self.armed)
        return self._land(search.until_left(callers + 1, lambda place, depth: True))

    def _out(self) -> StopReason:
        if self.at_end:
            return StopReason.AT_END
        place, callers = self._here()
        search = Search(self.timeline, self.armed)
        around = self._function(place).around(place.pc, self.position.entered)
        if self.level is Level.SOURCE and around:
            inner = around[-1]
            found = search.until_left(callers, lambda at, depth: inner.first <= at.pc < inner.after)
        else:
            found = search.until_left(callers, lambda at, depth: True)
        reason = self._land(found)
        return StopReason.OUT if reason is StopReason.STEP else reason

    def _forward(
        self,
        places: frozenset[Place],
        deepest: int | None,
        accept: Callable[[Place, int], bool] = lambda place, depth: True,
    ) -> StopReason:
        if self.at_end:
            return StopReason.AT_END
        self.place()
        search = Search(self.timeline, self.armed)
        return self._land(search.forward(places, accept, deepest))

    def _land(self, found: Found) -> StopReason:
        """Take the machine's instant as the position."""
        self.position = Position(self.timeline.machine.step, 0)
        return {
            Found.STOP: StopReason.STEP,
            Found.BREAKPOINT: StopReason.BREAKPOINT,
            Found.INTERRUPTED: StopReason.CANCELLED,
        }.get(found, self._end_reason())

    # Backward.

    def back(self, count: int = 1) -> Stop:
        """S7: the exact inverse of step."""
        return self._repeat(count, self._back)

    def back_over(self, count: int = 1) -> Stop:
        """S7: the inverse of next within one frame."""
        return self._repeat(count, self._back_over)

    def back_out(self, count: int = 1) -> Stop:
        """S7: to the instant before the call that made this frame."""
        return self._repeat(count, self._back_out)

    def reverse_continue(self, count: int = 1) -> Stop:
        """S8: to the previous breakpoint, else to the start."""
        return self._repeat(count, self._reverse_continue)

    def _back(self) -> StopReason:
        return self._backward(None)

    def _back_over(self) -> StopReason:
        place, callers = self._here()
        return self._backward(self.depth(place, callers, self.position.entered))

    def _backward(self, deepest: int | None) -> StopReason:
        """To the last earlier stop of the level, none deeper than `deepest`."""
        instant, entered = self.position
        if self.position == Position(0, 0):
            return StopReason.AT_START
        if entered and self.level is Level.SOURCE:
            self.position = Position(instant, entered - 1)
            return StopReason.STEP
        if instant == 0 or (self.level is Level.INSTRUCTION and deepest is None):
            return self._arrive(max(instant - 1, 0), 0)
        search = Search(self.timeline, self.armed)
        by_instruction = self.level is Level.INSTRUCTION
        every = self._every_place() if by_instruction else self.places.statements

        def accept(place: Place, callers: int) -> bool:
            return deepest is None or self.depth(place, callers, 0) <= deepest

        found = search.last_before(instant, every, accept)
        if self.timeline.interrupted:
            return StopReason.CANCELLED
        if found is None:
            return self._arrive(0, 0)
        self.position = Position(found, 0)
        if self.level is Level.SOURCE:
            place, callers = self._here()
            most = len(self._beginning(place))
            while most and deepest is not None and self.depth(place, callers, most) > deepest:
                most -= 1
            return self._arrive(found, most)
        return self._arrive(found, 0)

    def _arrive(self, instant: int, entered: int) -> StopReason:
        self.position = Position(instant, entered)
        return StopReason.START if self.position == Position(0, 0) else StopReason.STEP

    def _every_place(self) -> frozenset[Place]:
        return frozenset(
            Place(function.index, pc)
            for function in self.program.module.functions
            for pc in range(len(function.body))
        )

    def _back_out(self) -> StopReason:
        place, callers = self._here()
        if self.position == Position(0, 0):
            return StopReason.AT_START
        around = self._function(place).around(place.pc, self.position.entered)
        search = Search(self.timeline, frozenset())
        if self.level is Level.SOURCE and around:
            return self._back_to_macro(around[-1], place, callers, search)
        if callers == 0:
            return self._arrive(0, 0)
        found = search.last_before(
            self.position.instant, self.places.calls, lambda at, depth: depth == callers - 1
        )
        return self._arrive(found or 0, 0)

    def _back_to_macro(
        self, macro: MacroRange, place: Place, callers: int, search: Search
    ) -> StopReason:
        """To the macro call whose frame is innermost, not entered."""
        first = Place(place.function, macro.first)
        order = self._beginning(first).index(macro)
        if place == first:
            return self._arrive(self.position.instant, order)
        found = search.last_before(
            self.position.instant, frozenset((first,)), lambda at, depth: depth == callers
        )
        return self._arrive(found or 0, order)

    def _reverse_continue(self) -> StopReason:
        instant, entered = self.position
        if self.position == Position(0, 0):
            return StopReason.AT_START
        armed = self.armed
        if entered and self.place() in armed:
            self.position = Position(instant, 0)
            return StopReason.BREAKPOINT
        found = None
        if armed:
            search = Search(self.timeline, frozenset())
            found = search.last_before(instant, armed, lambda place, depth: True)
            if self.timeline.interrupted:
                return StopReason.CANCELLED
        self.position = Position(found or 0, 0)
        return StopReason.START if found is None else StopReason.BREAKPOINT

    # Breakpoints.

    @property
    def armed(self) -> frozenset[Place]:
        """Where the enabled breakpoints stand."""
        return frozenset(b.place for b in self.breakpoints if b.enabled and b.place)

    def add_breakpoint(self, level: Level, line: int) -> Breakpoint:
        """A breakpoint on a line of the source or of the expansion (B3, B4)."""
        if level is Level.INSTRUCTION:
            level = Level.EXPANSION
        if not 1 <= line <= len(self.places.text(level).line_starts):
            raise CommandError(f"the {level.value} has no line {line}")
        for known in self.breakpoints:
            if (known.level, known.line) == (level, line):
                return known
        made = bind(self.places, self._next_number, level, line)
        self._next_number += 1
        self.breakpoints = (*self.breakpoints, made)
        return made

    def delete_breakpoint(self, number: int) -> None:
        """Take a breakpoint away; raises `CommandError` where there is none of that number."""
        kept = tuple(b for b in self.breakpoints if b.number != number)
        if len(kept) == len(self.breakpoints):
            raise CommandError(f"there is no breakpoint {number}")
        self.breakpoints = kept

    def enable_breakpoint(self, number: int, enabled: bool) -> None:
        """Switch a breakpoint on or off."""
        if not any(b.number == number for b in self.breakpoints):
            raise CommandError(f"there is no breakpoint {number}")
        self.breakpoints = tuple(
            replace(b, enabled=enabled) if b.number == number else b for b in self.breakpoints
        )

    def hits(self, first: int, last: int, most: int) -> tuple[int, ...]:
        """The instants from `first` up to `last` at which breakpoints stand, `most` at most."""
        self.timeline.interrupted = False
        stops = Search(self.timeline, self.armed).stops_between(first, last)
        return tuple(instant for instant, _, _ in islice(stops, most))

    # The run.

    def restart(self) -> Stop:
        """Instant 0, on the same tape."""
        self.position = Position(0, 0)
        return self._stopped(StopReason.START, 1)

    def run(self) -> Stop:
        """A new live run; the tape so far is given up."""
        self.timeline.close()
        self._open(Timeline(self.program, self.settings))
        return self._stopped(StopReason.START, 1)

    def finish(self, report: Callable[[int], None] | None = None) -> bool:
        """Run the timeline to its end without moving; False where that was interrupted.

        Live where the tape ends and the run is not a recorded one.
        """
        return self.timeline.run_to_end(report)

    def outcome(self) -> Outcome:
        """How the run ended; the end must have been reached."""
        return self.timeline.outcome()

    # What is to be seen.

    def state(self) -> State:
        """All that the panes show at the position."""
        return build_state(self.timeline, self.places, self.position, self.level)

    def memory(self, address: int, length: int) -> bytes:
        """Bytes of the memory at the position, fewer where it ends."""
        self.place()
        return self.timeline.machine.read(max(address, 0), length)

    def calls(self) -> tuple[HostCall, ...]:
        """The tape: all host calls up to the frontier, and beyond it those that were recorded."""
        return tuple(self.timeline.tape)

    def trace(self, first: int, last: int) -> tuple[TraceRow, ...]:
        """The instructions executed from instant `first` to `last`, within the frontier."""
        return trace_rows(self.timeline, self.places, first, min(last, self.timeline.frontier))

    def _stopped(self, reason: StopReason, moved: int, wanted: int = 1) -> Stop:
        self.reason = reason
        return Stop(reason, moved, _message(reason, self, moved, wanted))


_SENTENCES = {
    StopReason.STEP: "",
    StopReason.BREAKPOINT: "stopped at a breakpoint",
    StopReason.START: "at the start of the run",
    StopReason.GOTO: "",
    StopReason.UNTIL: "reached the line",
    StopReason.OUT: "left the frame",
    StopReason.AT_START: "this is the start of the run: nothing is before it",
    StopReason.AT_END: "this is the end of the run: nothing is after it",
    StopReason.CANCELLED: "interrupted",
    StopReason.NONE: "",
}


def _message(reason: StopReason, session: Session, moved: int, wanted: int) -> str:
    """One line for a person: why it stopped, and how far it came where that was less than asked."""
    trap = session.timeline.trap
    if reason is StopReason.TRAP and trap:
        text = f"the run trapped: {trap.message}"
    elif reason is StopReason.END:
        text = "the run has returned"
    else:
        text = _SENTENCES[reason]
    if moved < wanted and wanted > 1:
        text = f"moved {moved} of {wanted}: {text}" if text else f"moved {moved} of {wanted}"
    return text

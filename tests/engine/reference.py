"""The stepping rules read off a list of all instants: slow, plain; sessions are held to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from watstep.debug.places import MacroRange, Place, Places
from watstep.debug.state import Level, Position, StopReason
from watstep.host.settings import RunSettings
from watstep.machine.timeline import Timeline
from watstep.pipeline import Program


class Instant(NamedTuple):
    """What a plain run showed after so many instructions; places are outermost first."""

    frames: tuple[Place, ...]
    locals: tuple[tuple[int, ...], ...]
    stacks: tuple[tuple[int, ...], ...]
    fuel: int
    memory: bytes
    calls: int

    @property
    def place(self) -> Place:
        """The cursor."""
        return self.frames[-1]

    @property
    def callers(self) -> int:
        """How many frames wait for the innermost."""
        return len(self.frames) - 1


def all_instants(program: Program, settings: RunSettings) -> tuple[list[Instant], bool]:
    """Every instant of a run, one instruction after the other; and whether it trapped."""
    timeline = Timeline(program, settings)
    machine = timeline.machine
    found = []
    while True:
        frames = [*machine.frames, machine.top]
        found.append(
            Instant(
                tuple(Place(function, pc) for function, pc, _, _ in frames),
                tuple(tuple(map(int, values)) for _, _, values, _ in frames),
                tuple(tuple(map(int, stack)) for _, _, _, stack in frames),
                machine.fuel,
                bytes(machine.memory),
                machine.calls_made,
            )
        )
        if timeline.end is not None:
            break
        timeline.advance(machine.step + 1, live=True)
        if machine.step < len(found):
            break
    timeline.close()
    return found, timeline.trap is not None


@dataclass
class Reference:
    """What each verb must do, by the rules' words, at one level and with some breakpoints."""

    places: Places
    instants: list[Instant]
    trapped: bool
    level: Level = Level.SOURCE
    armed: frozenset[Place] = frozenset()

    @property
    def end(self) -> int:
        """The last instant."""
        return len(self.instants) - 1

    def begins(self, n: int) -> bool:
        """Whether what starts at the cursor starts anew, and is no operand's loop come round."""
        now = self.instants[n]
        if now.place not in self.places.operand_loops or n == 0:
            return True
        before = self.instants[n - 1]
        return before.frames[:-1] != now.frames[:-1] or before.place.pc < now.place.pc

    def is_stop(self, n: int) -> bool:
        """S1, S2: whether an instant is a stop of the level."""
        if n in (0, self.end) or self.level is Level.INSTRUCTION:
            return True
        return self.instants[n].place in self.places.statements and self.begins(n)

    def holds(self, n: int) -> bool:
        """B1, B3: whether a breakpoint stands at an instant."""
        return self.instants[n].place in self.armed and self.begins(n)

    def beginning(self, n: int) -> tuple[MacroRange, ...]:
        """S5: the macro calls that can be entered at an instant."""
        if self.level is not Level.SOURCE or (n == self.end and not self.trapped):
            return ()
        function, pc = self.instants[n].place
        return self.places.functions[function].beginning.get(pc, ())

    def macros(self, n: int, entered: int) -> list[MacroRange]:
        """S5: the macro frames of the innermost program frame, innermost last."""
        if self.level is not Level.SOURCE:
            return []
        function, pc = self.instants[n].place
        return self.places.functions[function].around(pc, entered)

    def depth(self, n: int, entered: int) -> int:
        """S3: how many frames there are, macro frames of the source level among them."""
        now = self.instants[n]
        depth = len(now.frames) + len(self.macros(n, entered))
        if self.level is Level.SOURCE:
            for function, pc in now.frames[:-1]:
                depth += len(self.places.functions[function].inside(pc))
        return depth

    def _after(self, n: int, target: int | None, reason: StopReason, *, armed: bool) -> Arrival:
        """Forward from `n` to `target` (None: the end), or to a breakpoint on the way (S8)."""
        last = self.end if target is None else target
        stop = next((m for m in range(n + 1, last + 1) if self.holds(m)), None) if armed else None
        if stop is not None:
            return Position(stop, 0), StopReason.BREAKPOINT
        if self.holds(last):
            reason = StopReason.BREAKPOINT
        elif last == self.end:
            reason = StopReason.TRAP if self.trapped else StopReason.END
        return Position(last, 0), reason

    def step(self, at: Position) -> Arrival:
        """S1, S2, S5."""
        n, entered = at
        if entered < len(self.beginning(n)):
            return Position(n, entered + 1), StopReason.STEP
        if n == self.end:
            return at, StopReason.AT_END
        target = next(m for m in range(n + 1, self.end + 1) if self.is_stop(m))
        return self._after(n, target, StopReason.STEP, armed=False)

    def next(self, at: Position) -> Arrival:
        """S3."""
        n, entered = at
        if n == self.end:
            return at, StopReason.AT_END
        deepest = self.depth(n, entered)
        target = next(
            (
                m
                for m in range(n + 1, self.end + 1)
                if self.is_stop(m) and self.depth(m, 0) <= deepest
            ),
            None,
        )
        return self._after(n, target, StopReason.STEP, armed=True)

    def out(self, at: Position) -> Arrival:
        """S4."""
        n, entered = at
        if n == self.end:
            return at, StopReason.AT_END
        callers, macros = self.instants[n].callers, self.macros(n, entered)

        def left(m: int) -> bool:
            now = self.instants[m]
            if now.callers != callers or not macros:
                return now.callers < callers
            return not macros[-1].first <= now.place.pc < macros[-1].after

        target = next((m for m in range(n + 1, self.end) if left(m)), None)
        return self._after(n, target, StopReason.OUT, armed=True)

    def continue_(self, at: Position) -> Arrival:
        """S8."""
        if at.instant == self.end:
            return at, StopReason.AT_END
        return self._after(at.instant, None, StopReason.END, armed=True)

    def until(self, at: Position, line: Place) -> Arrival:
        """S9."""
        n = at.instant
        if n == self.end:
            return at, StopReason.AT_END
        target = next(
            (
                m
                for m in range(n + 1, self.end + 1)
                if self.instants[m].place == line and self.begins(m)
            ),
            None,
        )
        return self._after(n, target, StopReason.UNTIL, armed=True)

    def _before(self, n: int, target: Position, reason: StopReason, *, armed: bool) -> Arrival:
        """Backward from `n` to `target`, or to a breakpoint on the way (S8)."""
        if armed:
            for m in range(n - 1, target.instant, -1):
                if self.holds(m):
                    return Position(m, 0), StopReason.BREAKPOINT
        if target.entered == 0 and self.holds(target.instant):
            return target, StopReason.BREAKPOINT
        return target, StopReason.START if target == (0, 0) else reason

    def back(self, at: Position) -> Arrival:
        """S7: the stop before, with every macro frame entered that begins there."""
        n, entered = at
        if at == (0, 0):
            return at, StopReason.AT_START
        if entered:
            return self._before(n, Position(n, entered - 1), StopReason.BACK, armed=False)
        if n == 0:
            return Position(0, 0), StopReason.START
        m = max(m for m in range(n) if self.is_stop(m))
        target = Position(m, len(self.beginning(m)))
        return self._before(n, target, StopReason.BACK, armed=False)

    def back_over(self, at: Position) -> Arrival:
        """S7: the stop before that is no deeper."""
        n, entered = at
        if at == (0, 0):
            return at, StopReason.AT_START
        if entered or n == 0:
            return self._before(n, Position(n, max(entered - 1, 0)), StopReason.BACK, armed=False)
        deepest = self.depth(n, 0)
        target = next(
            Position(m, k)
            for m in range(n - 1, -1, -1)
            if self.is_stop(m)
            for k in range(len(self.beginning(m)), -1, -1)
            if self.depth(m, k) <= deepest
        )
        return self._before(n, target, StopReason.BACK, armed=True)

    def back_out(self, at: Position) -> Arrival:
        """S7: before the call that made this frame."""
        n, entered = at
        if at == (0, 0):
            return at, StopReason.AT_START
        macros, callers = self.macros(n, entered), self.instants[n].callers
        if macros:
            first = macros[-1].first
            same = self.instants[n].frames[:-1]
            m = max(
                m
                for m in range(n + bool(entered))
                if self.instants[m].frames == (*same, Place(self.instants[n].place.function, first))
                and self.begins(m)
            )
            order = self.places.functions[self.instants[n].place.function].beginning
            entered = order[first].index(macros[-1]) if macros[-1] in order.get(first, ()) else 0
            target = Position(m, entered)
            return self._before(n, target, StopReason.OUT, armed=True)
        if callers == 0:
            return self._before(n, Position(0, 0), StopReason.START, armed=True)
        m = max(m for m in range(n) if self.instants[m].callers == callers - 1)
        return self._before(n, Position(m, 0), StopReason.OUT, armed=True)

    def reverse_continue(self, at: Position) -> Arrival:
        """S8."""
        n, entered = at
        if at == (0, 0):
            return at, StopReason.AT_START
        if entered and self.holds(n):
            return Position(n, 0), StopReason.BREAKPOINT
        return self._before(n, Position(0, 0), StopReason.START, armed=True)

    def back_until(self, at: Position, line: Place) -> Arrival:
        """S9 backwards."""
        n, entered = at
        if at == (0, 0):
            return at, StopReason.AT_START
        if entered and (self.holds(n) or self.instants[n].place == line):
            reason = StopReason.BREAKPOINT if self.holds(n) else StopReason.UNTIL
            return Position(n, 0), reason
        found = [m for m in range(n) if self.instants[m].place == line and self.begins(m)]
        target = Position(found[-1] if found else 0, 0)
        reason = StopReason.UNTIL if found else StopReason.START
        arrival, why = self._before(n, target, reason, armed=True)
        return arrival, reason if why is StopReason.START and found else why


Arrival = tuple[Position, StopReason]

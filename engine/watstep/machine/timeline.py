"""The timeline: the state at any instant of one run, by checkpoints and re-execution.

Up to the frontier host calls are answered by the tape; only `advance` with `live` crosses it, and
an outside call happens once, when it is crossed (STEPPING.md, Words: Frontier).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from watstep.host.context import Cancellation
from watstep.host.live import LimitReachedError, LiveHost, replay
from watstep.host.settings import RunSettings
from watstep.host.tape import HostCall
from watstep.machine.decode import Codes
from watstep.machine.history import History
from watstep.machine.loop import Reason
from watstep.machine.machine import Machine, MachineState
from watstep.machine.outcome import Outcome, Trap, TrapKind, stopped, trap_kind
from watstep.pipeline import Program
from watstep.wasm.types import PAGE_SIZE
from watstep.wasm.values import signed, wrap

NEAR = 2_000
"""How far before a sought instant a further checkpoint is left, so that stepping back is quick."""

SLICE = 200_000
"""Instants between looks at whether a long move was cancelled."""


class _Draft:
    """The machine's memory as a live call sees it, which changes nothing.

    What the call did is then replayed from its record, so that both ways give the same state.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine, self._grown = machine, 0

    def size(self) -> int:
        return self._machine.size() + self._grown

    def read(self, address: int, length: int) -> bytes:
        return self._machine.read(address, length)

    def write(self, address: int, content: bytes) -> None:
        """Nothing: the record holds it."""

    def grow(self, pages: int) -> bool:
        possible = self.size() // PAGE_SIZE + pages <= self._machine.most_pages
        self._grown += pages * PAGE_SIZE * possible
        return possible


class Timeline:
    """All instants of one run, as far as it was made."""

    def __init__(
        self,
        program: Program,
        settings: RunSettings,
        tape: tuple[HostCall, ...] | None = None,
        ending: Trap | None = None,
    ) -> None:
        """A new live run, or with a `tape` one that was made before, which ends where it ends.

        `ending` is how the run on the tape was stopped, where a limit of time did that.
        """
        self.program = program
        self.settings = settings
        self.cancellation = Cancellation()
        self.host = LiveHost(program.module, settings, self.cancellation)
        self.machine = Machine(program, settings.limits)
        self.tape: list[HostCall] = list(tape or ())
        self.sealed = tape is not None
        self.ending = ending
        self.frontier = 0
        # The instant that a long move has come to, for whoever shows its progress.
        self.reached = 0
        self.end: int | None = None
        self.trap: Trap | None = None
        self.interrupted = False
        # A recorded run has kept its limit of time already, on whatever executor that was.
        self.timed = tape is None or (ending is not None and ending.kind is TrapKind.TIME)
        self.seconds = 0.0
        self.history = History(self.machine)
        self._note_end(Reason.ENDED if self.machine.ended else Reason.LIMIT)

    def interrupt(self) -> None:
        """End the move in progress, from another thread; the run itself goes on.

        A host call that is waited for is left, and the run ends there. Whoever begins a move
        sets `interrupted` to False before.
        """
        self.interrupted = True
        self.host.abandon()

    def close(self) -> None:
        """Let go of what the host holds open."""
        self.host.close()

    def seek(self, instant: int) -> MachineState:
        """The state at an instant up to the frontier."""
        self.seek_machine(instant)
        return self.machine.state()

    def seek_machine(self, instant: int) -> None:
        """Put the machine at an instant up to the frontier."""
        machine = self.machine
        if machine.step == instant:
            return
        nearest = self.history.nearest(instant)
        if machine.step > instant or machine.step < nearest.state.step:
            machine.restore(nearest)
        if instant - machine.step > 2 * NEAR:
            self._run_on(instant - NEAR)
            self.history.keep_near(machine, nearest)
        self._run_on(instant)

    def _run_on(self, instant: int) -> None:
        """Run to an instant within the frontier, on the tape alone."""
        while self.machine.step < instant:
            reason = self.advance(instant, live=False)
            if reason not in {Reason.LIMIT, Reason.HOST}:
                break

    def windows_before(self, instant: int) -> list[tuple[int, int]]:
        """The stretches (from, to) that lie between checkpoints, the latest first."""
        starts = self.history.starts_before(instant)
        ends = [*starts[1:], instant][: len(starts)]
        return list(zip(starts, ends, strict=True))[::-1]

    def advance(
        self, limit: int, *, live: bool, codes: Codes | None = None, floor: int = -1
    ) -> Reason:
        """Run from where the machine stands to `limit` at most; why it gave back control.

        `Reason.HOST` is given after a host call was answered, and where it was not made since
        `live` is False; the machine has then not moved.
        """
        machine = self.machine
        due = self.history.due
        # A run that a clock or a person stopped could go on beyond its end.
        target = min(limit, machine.step + SLICE, limit if self.end is None else self.end)
        if machine.step < due < target:
            target = due
        began = time.monotonic() if machine.step >= self.frontier else None
        reason = machine.run(target, codes, floor)
        if reason is Reason.HOST:
            reason = self._answer(live)
        if began is not None:
            self._count_time(time.monotonic() - began)
        self.frontier = max(self.frontier, machine.step)
        if live:
            self.reached = machine.step
        if machine.step >= due and not machine.failure:
            self.history.keep(machine)
        self._note_end(reason)
        return reason

    def _count_time(self, seconds: float) -> None:
        """Count the running of what was not run before, and keep its limit (LANGUAGE.md 7)."""
        self.seconds += seconds
        limit = self.settings.limits.seconds
        if self.timed and self.seconds > limit and self.end is None:
            self._stop_here(stopped(True, limit))

    def _note_end(self, reason: Reason) -> None:
        if reason in {Reason.OUT_OF_FUEL, Reason.TOO_DEEP, Reason.TRAPPED}:
            self.trap = self.machine.trap(reason)
            self.end = self.machine.step
        elif reason is Reason.ENDED or self.machine.ended:
            self.end = self.machine.step

    def _answer(self, live: bool) -> Reason:
        """Answer the pending host call from the tape, or for real beyond it."""
        machine = self.machine
        number = machine.calls_made
        if number < len(self.tape):
            call = self.tape[number]
        else:
            if self.sealed:
                self._stop_here(self.ending or Trap(TrapKind.CANCELLED, "the tape ends here"))
                return Reason.LIMIT
            if not live:
                return Reason.HOST
            made = self._call_live()
            if made is None:
                return Reason.LIMIT
            call = made
        name, arguments = machine.pending_call()
        if call.instant is None or call.instant != machine.step + 1:
            call = replace(call, instant=machine.step + 1)
            self.tape[number] = call
        recorded = tuple(wrap(value.value) for value in call.arguments)
        if call.function != name or recorded != arguments:
            message = f"the tape has `{call.function}` here, the program calls `{name}`"
            self._stop_here(Trap(TrapKind.HOST, message))
            return Reason.LIMIT
        if call.trap:
            self._stop_here(Trap(trap_kind(call), call.trap))
            return Reason.LIMIT
        machine.answer(replay(call, machine) if number < len(self.tape) else ())
        return Reason.ENDED if machine.ended else Reason.HOST

    def _call_live(self) -> HostCall | None:
        """Make the pending call in the world and put it on the tape; None where a limit stops."""
        machine = self.machine
        name, arguments = machine.pending_call()
        self.host.context.deadline = time.monotonic() + self.settings.limits.seconds
        try:
            call = self.host.call(name, arguments, _Draft(machine), machine.step + 1)
        except LimitReachedError as limit:
            self._stop_here(Trap(TrapKind.HOST_LIMIT, str(limit)))
            return None
        self.tape.append(call)
        return call

    def stop(self, trap: Trap) -> None:
        """End the run where the machine stands, for a limit that it does not keep itself."""
        self._stop_here(trap)

    def _stop_here(self, trap: Trap) -> None:
        function, pc, _, _ = self.machine.top
        self.trap = replace(trap, function=function, pc=pc)
        self.end = self.machine.step

    def reach(self, instant: int) -> bool:
        """Run live to an instant, or to the end before it; False where that was interrupted."""
        self.seek_machine(self.frontier)
        while self.end is None and self.machine.step < instant:
            self.advance(instant, live=True)
            if self.interrupted:
                return False
        return True

    def run_to_end(self, report: Callable[[int], None] | None = None) -> bool:
        """Run to the last instant, live; False where that was interrupted."""
        self.seek_machine(self.frontier)
        while self.end is None:
            self.advance(self.machine.step + SLICE, live=True)
            if report:
                report(self.machine.step)
            if self.interrupted:
                return False
        return True

    def outcome(self) -> Outcome:
        """How the run ended; the end must be known."""
        assert self.end is not None
        self.seek_machine(self.end)
        machine = self.machine
        results = () if self.trap else tuple(signed(value) for value in machine.top[3])
        # A run may return beyond the limit, after the last check; wasmtime tells no more than that.
        fuel = machine.fuel if self.trap else min(machine.fuel, self.settings.limits.fuel)
        return Outcome(
            results,
            self.trap,
            fuel,
            self.end,
            tuple(self.tape),
            "machine",
            bytes(machine.memory),
        )

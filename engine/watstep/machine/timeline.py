"""The timeline: the state at any instant of one run, by checkpoints and re-execution.

Up to the frontier host calls are answered by the tape; only `advance` with `live` crosses it, and
an outside call happens once, when it is crossed (STEPPING.md, Words: Frontier).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from watstep.host.answer import Answer, denial, is_outside, kinds_of_answer, recorded_answer
from watstep.host.context import Cancellation
from watstep.host.live import LimitReachedError, LiveHost, asked_values, replay
from watstep.host.offered import Difference, Offered, Question, expected, same_question
from watstep.host.settings import RunSettings
from watstep.host.tape import CallOrigin, HostCall
from watstep.machine.change import Change
from watstep.machine.decode import Codes
from watstep.machine.history import History
from watstep.machine.loop import Reason
from watstep.machine.machine import Checkpoint, Machine, MachineState
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


@dataclass(frozen=True)
class Before:
    """What a live run begins with: its first instants, and answers to calls of the later ones."""

    tape: tuple[HostCall, ...] = ()
    """The calls made up to the frontier that it begins with."""
    changes: tuple[Change, ...] = ()
    """In the order of their instants (STEPPING.md L7)."""
    offered: tuple[HostCall, ...] = ()
    """Recorded answers for calls from there on."""
    whole: bool = False
    """Whether those are of a run that has ended: a further call of the world is asked about."""
    frontier: int = 0
    history: History | None = None
    """Of a run that is the same up to the instant `shared`."""
    shared: int = -1
    denied: frozenset[str] = frozenset()
    """Capabilities that are not granted any more."""


class Timeline:
    """All instants of one run, as far as it was made."""

    def __init__(
        self,
        program: Program,
        settings: RunSettings,
        tape: tuple[HostCall, ...] | None = None,
        ending: Trap | None = None,
        before: Before | None = None,
    ) -> None:
        """A new live run, or with a `tape` one that was made before, which ends where it ends.

        `ending` is how the run on the tape was stopped, where a limit of time did that. A live
        run may go on from what was `before`.
        """
        before = before or Before()
        self.program = program
        self.settings = settings
        self.cancellation = Cancellation()
        self.host = LiveHost(program.module, settings, self.cancellation)
        self.machine = Machine(program, settings.limits)
        self.tape: list[HostCall] = list(tape or before.tape)
        self.changes = before.changes
        self.offered = Offered(before.offered, len(before.tape))
        self.whole = before.whole
        self.denied = before.denied
        # Whether further calls of the world that differ are made without asking.
        self.free = False
        # Whether the last move ended at a call that waits for a person's answer.
        self.waiting = False
        self._by_hand: tuple[Answer | None] | None = None
        self.sealed = tape is not None
        self.ending = ending
        self.frontier = before.frontier
        # The instant that a long move has come to, for whoever shows its progress.
        self.reached = 0
        self.end: int | None = None
        self.trap: Trap | None = None
        self.interrupted = False
        # A recorded run has kept its limit of time already, on whatever executor that was.
        self.timed = tape is None or (ending is not None and ending.kind is TrapKind.TIME)
        self.seconds = 0.0
        self._apply_changes()
        if before.tape:
            self.host.resume(before.tape)
        self.history = History(self.machine, before.history, before.shared)
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

    def forked(self, instant: int, change: Change | None = None) -> Timeline:
        """Another timeline, the same up to an instant within the frontier, with its own future.

        It begins with the `change`, which is of that instant, if there is one. What this one
        was answered later is offered to it, the world is not asked again for that (L6).
        """
        self.seek_machine(instant)
        made = self.machine.calls_made
        changes = tuple(item for item in self.changes if item.instant <= instant)
        before = Before(
            tape=tuple(self.tape[:made]),
            changes=(*changes, change) if change else changes,
            offered=(*self.tape[made:], *self.offered.rest(self.tape)),
            whole=self.whole or self.sealed or self.end is not None,
            frontier=instant,
            history=self.history,
            shared=instant - 1 if change else instant,
            denied=self.denied,
        )
        return Timeline(self.program, self.settings, before=before)

    def seek(self, instant: int) -> MachineState:
        """The state at an instant up to the frontier."""
        self.seek_machine(instant)
        return self.machine.state()

    def seek_machine(self, instant: int) -> None:
        """Put the machine at an instant up to the frontier."""
        machine = self.machine
        if machine.step == instant:
            return
        nearest = self._restored_before(instant)
        if instant - machine.step > 2 * NEAR:
            self._run_on(instant - NEAR)
            self.history.keep_near(machine, nearest)
        self._run_on(instant)

    def visit(self, instant: int, most: int) -> bool:
        """Come nearer to an instant up to the frontier by so many at most; whether it is reached.

        No checkpoint is left, those that are near where a person stands stay.
        """
        self._restored_before(instant)
        self._run_on(min(instant, self.machine.step + most))
        return self.machine.step == instant

    def _restored_before(self, instant: int) -> Checkpoint:
        """Have the machine stand shortly before an instant, or at it; the checkpoint before it."""
        machine, nearest = self.machine, self.history.nearest(instant)
        if machine.step > instant or machine.step < nearest.state.step:
            machine.restore(nearest)
        return nearest

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
        machine, before = self.machine, self.machine.step
        due = self.history.due
        self.waiting = False
        # A run that a clock or a person stopped could go on beyond its end.
        target = min(limit, before + SLICE, limit if self.end is None else self.end)
        for change in self.changes:
            if before < change.instant < target:
                target = change.instant
        if machine.step < due < target:
            target = due
        began = time.monotonic() if machine.step >= self.frontier else None
        reason = machine.run(target, codes, floor)
        if reason is Reason.HOST:
            reason = self._answer(live)
        if machine.step > before:
            self._apply_changes()
        if began is not None:
            self._count_time(time.monotonic() - began)
        self.frontier = max(self.frontier, machine.step)
        if live:
            self.reached = machine.step
        if machine.step >= due and not machine.failure:
            self.history.keep(machine)
        self._note_end(reason)
        return reason

    def _apply_changes(self) -> None:
        """Make the changes of the instant at which the machine has come to stand."""
        for change in self.changes:
            if change.instant == self.machine.step:
                self.machine.change(change)

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
            made = self._call_beyond()
            if made is None:
                return Reason.HOST if self.waiting else Reason.LIMIT
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
        machine.answer(replay(call, machine))
        return Reason.ENDED if machine.ended else Reason.HOST

    def question(self) -> Question | None:
        """The host call that is the machine's next instruction, None where it is none."""
        if not self.machine.at_host_call:
            return None
        name, arguments = self.machine.pending_call()
        return Question(name, asked_values(name, arguments, self.machine))

    def answer(self, given: Answer | None) -> None:
        """Answer the call that the machine has come to at the frontier: by hand, or live."""
        self._by_hand = (given,)
        self.advance(self.machine.step + 1, live=True)

    def _call_beyond(self) -> HostCall | None:
        """Put the pending call on the tape, answered; None where a limit stops or it waits."""
        machine = self.machine
        given = self._decided()
        if self.waiting:
            return None
        name, arguments = machine.pending_call()
        draft, instant = _Draft(machine), machine.step + 1
        self.host.context.deadline = time.monotonic() + self.settings.limits.seconds
        try:
            if given is None:
                call = self.host.call(name, arguments, draft, instant)
            else:
                call = self.host.answer(name, arguments, draft, instant, given)
        except LimitReachedError as limit:
            self._stop_here(Trap(TrapKind.HOST_LIMIT, str(limit)))
            return None
        self.tape.append(call)
        return call

    def _decided(self) -> Answer | None:
        """What answers the pending call: a person, a denied grant, the record; None: the world.

        Where a call of the world is not the one that was recorded, it waits for a person.
        """
        if self._by_hand:
            (given,), self._by_hand = self._by_hand, None
            return given
        if not (self.whole or self.denied or self.offered.calls):
            return None
        question = self.question()
        assert question is not None
        capability = question.function.partition(".")[0]
        if capability in self.denied and "deny" in kinds_of_answer(question.function):
            return denial(CallOrigin.TYPED)
        found = self.offered.answering(self.tape, question)
        given = recorded_answer(found) if found else None
        self.waiting = given is None and self.difference() is not None
        return given

    def difference(self) -> Difference | None:
        """The call of the world that the machine has come to, where no recorded one is it.

        None where a call is made without asking, or is none of the world.
        """
        question = self.question()
        made = self.machine.calls_made < len(self.tape)
        if question is None or made or self.free or not is_outside(question.function):
            return None
        recorded = expected(self.offered.rest(self.tape))
        if recorded is None:
            return Difference(question, None) if self.whole else None
        answered = same_question(recorded, question) and recorded_answer(recorded) is not None
        return None if answered else Difference(question, recorded)

    def stop(self, trap: Trap) -> None:
        """End the run where the machine stands, for a limit that it does not keep itself."""
        self._stop_here(trap)

    def _stop_here(self, trap: Trap) -> None:
        function, pc, _, _ = self.machine.top
        self.trap = replace(trap, function=function, pc=pc)
        self.end = self.machine.step

    def reach(self, instant: int) -> bool:
        """Run live to an instant, or to the end before it.

        False where that was interrupted, or where a call waits for a person.
        """
        self.seek_machine(self.frontier)
        while self.end is None and self.machine.step < instant:
            self.advance(instant, live=True)
            if self.interrupted or self.waiting:
                return False
        return True

    def run_to_end(self, report: Callable[[int], None] | None = None) -> bool:
        """Run to the last instant, live; False as with `reach`."""
        self.seek_machine(self.frontier)
        while self.end is None:
            self.advance(self.machine.step + SLICE, live=True)
            if report:
                report(self.machine.step)
            if self.interrupted or self.waiting:
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

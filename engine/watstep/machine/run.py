"""Running a program to its end on the machine, under the same limits as wasmtime."""

from __future__ import annotations

from threading import Timer

from watstep.host.context import Cancellation
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome, Trap, TrapKind
from watstep.machine.timeline import Timeline
from watstep.pipeline import Program


def run_machine(
    program: Program, settings: RunSettings, *, cancellation: Cancellation | None = None
) -> Outcome:
    """Run live; time and a cancellation interrupt it between slices and in host calls."""
    timeline = Timeline(program, settings)
    stopped_by: list[TrapKind] = []

    def stop(kind: TrapKind) -> None:
        stopped_by.append(kind)
        timeline.cancellation.cancel()
        timeline.interrupt()

    cancellation = cancellation or Cancellation()
    cancellation.on_cancel(lambda: stop(TrapKind.CANCELLED))
    timer = Timer(settings.limits.seconds, stop, (TrapKind.TIME,))
    timer.daemon = True
    timer.start()
    try:
        if timeline.run_to_end():
            return timeline.outcome()
        kind = stopped_by[0] if stopped_by else TrapKind.CANCELLED
        return _stopped_outcome(timeline, settings, kind)
    finally:
        timer.cancel()
        timeline.close()


def _stopped_outcome(timeline: Timeline, settings: RunSettings, kind: TrapKind) -> Outcome:
    """How a run stands that was stopped from outside."""
    machine = timeline.machine
    function, pc, _, _ = machine.top
    message = (
        f"the run took more than {settings.limits.seconds:g} s"
        if kind is TrapKind.TIME
        else "the run was stopped"
    )
    return Outcome(
        (),
        Trap(kind, message, function, pc),
        machine.fuel,
        machine.step,
        tuple(timeline.tape),
        "machine",
        bytes(machine.memory),
    )

"""Running a program to its end on the machine, under the same limits as wasmtime."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from watstep.host.context import Cancellation
from watstep.host.settings import RunSettings
from watstep.host.tape import HostCall
from watstep.machine.outcome import Outcome, Trap, TrapKind
from watstep.machine.timeline import SLICE, Timeline
from watstep.pipeline import Program


def run_machine(
    program: Program,
    settings: RunSettings,
    *,
    cancellation: Cancellation | None = None,
    on_call: Callable[[HostCall], None] | None = None,
) -> Outcome:
    """Run a program live; `on_call` is told of each host call."""
    cancellation = cancellation or Cancellation()
    timeline = Timeline(program, settings)
    deadline = time.monotonic() + settings.limits.seconds
    told = 0
    stopped: Trap | None = None
    try:
        while timeline.end is None and stopped is None:
            timeline.advance(timeline.machine.step + SLICE, live=True)
            while on_call and told < len(timeline.tape):
                on_call(timeline.tape[told])
                told += 1
            if cancellation.cancelled:
                stopped = Trap(TrapKind.CANCELLED, "the run was stopped")
            elif time.monotonic() > deadline:
                seconds = f"{settings.limits.seconds:g}"
                stopped = Trap(TrapKind.TIME, f"the run took more than {seconds} s")
        if timeline.end is not None:
            return timeline.outcome()
        assert stopped is not None
        function, pc, _, _ = timeline.machine.top
        timeline.stop(replace(stopped, function=function, pc=pc))
        return timeline.outcome()
    finally:
        timeline.close()

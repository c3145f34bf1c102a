"""Running a program to its end on the machine, under the same limits as wasmtime."""

from __future__ import annotations

from threading import Timer

from watstep.host.context import Cancellation
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome, stopped
from watstep.machine.timeline import Timeline
from watstep.pipeline import Program

SLICE = 50_000
"""Instants between looks at whether the run was stopped: a few hundredths of a second."""


def run_machine(
    program: Program, settings: RunSettings, *, cancellation: Cancellation | None = None
) -> Outcome:
    """Run live; time and a cancellation stop it between slices and in host calls."""
    timeline = Timeline(program, settings)
    stopping = timeline.cancellation
    if cancellation:
        cancellation.on_cancel(stopping.cancel)
    seconds = settings.limits.seconds
    timer = Timer(seconds, stopping.cancel, kwargs={"timed_out": True})
    timer.daemon = True
    timer.start()
    try:
        while timeline.end is None:
            if stopping.cancelled:
                timeline.stop(stopped(stopping.timed_out, seconds))
            else:
                timeline.advance(timeline.machine.step + SLICE, live=True)
        return timeline.outcome()
    finally:
        timer.cancel()
        timeline.close()

"""`watstep run`: one run, its value and results, its log, and how it ended."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from watstep.cli.arguments import Request
from watstep.cli.compiling import compile_program
from watstep.cli.keeping import run_target
from watstep.cli.output import (
    diagnostic_json,
    outcome_json,
    print_diagnostics,
    print_json,
    print_outcome,
)
from watstep.cli.reading import read_source
from watstep.cli.settings import chosen_executor, run_settings
from watstep.errors import SourceError
from watstep.host.context import Cancellation
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome
from watstep.machine.start import start_problems
from watstep.pipeline import Program

if TYPE_CHECKING:
    from watstep.runfile.writing import MadeRun


def run_command(request: Request) -> int:
    """Run a program: 0 it returned, 1 a trap or a limit stopped it; a rejection is raised."""
    values = request.values
    settings = run_settings(request.words[1:], values)
    executor = chosen_executor(values)
    source = read_source(request.words[0])
    program, compilation = compile_program(source)
    problems = start_problems(program, settings)
    if problems:
        raise SourceError(source, (*compilation.diagnostics, *problems))
    with run_target(values.get("record")) as target:
        with stopped_by_signals() as cancellation:
            outcome = execute(program, settings, executor, cancellation)
        # Kept before it is printed: whoever reads the output may be gone.
        unkept = target.keep(made_run(program, settings, outcome, values)) if target else None
    if values.get("json"):
        warnings = [diagnostic_json(source, found) for found in compilation.diagnostics]
        print_json(outcome_json(program, outcome, warnings))
    else:
        print_diagnostics(source, compilation.diagnostics)
        print_outcome(program, outcome)
        sys.stderr.write(figures(outcome))
    if unkept:
        sys.stderr.write(f"watstep: {unkept}\n")
        return 2
    return 1 if outcome.trap else 0


def made_run(
    program: Program, settings: RunSettings, outcome: Outcome, values: dict[str, Any]
) -> MadeRun:
    """The run as it is to be kept, with the secrets that the command line marks."""
    from watstep.runfile.writing import MadeRun

    return MadeRun(program, settings, outcome, marked=tuple(values.get("secrets", ())))


def execute(
    program: Program, settings: RunSettings, executor: str, cancellation: Cancellation
) -> Outcome:
    """Run a program that may start, on the executor of that name."""
    if executor == "machine":
        from watstep.machine.run import run_machine

        return run_machine(program, settings, cancellation=cancellation)
    from watstep.native.runner import run_native

    return run_native(program, settings, cancellation=cancellation)


@contextmanager
def stopped_by_signals() -> Iterator[Cancellation]:
    """A cancellation that the first Ctrl-C or SIGTERM asks for; a second one ends the process."""
    cancellation = Cancellation()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # In a thread: this one may be inside a lock that listeners need.
        threading.Thread(target=cancellation.cancel, daemon=True).start()

    try:
        before = [(number, signal.signal(number, stop)) for number in numbers]
    except ValueError:
        # Only the main thread may handle signals; elsewhere nobody presses Ctrl-C.
        yield cancellation
        return
    try:
        yield cancellation
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def figures(outcome: Outcome) -> str:
    """One line of how much the run took."""
    fuel = outcome.known_fuel
    parts = [f"{fuel:,} fuel"] if fuel is not None else []
    if outcome.steps is not None:
        parts.append(f"{outcome.steps:,} steps")
    parts.append(f"{len(outcome.calls)} host call{'' if len(outcome.calls) == 1 else 's'}")
    return f"{outcome.executor}: {', '.join(parts)}\n"

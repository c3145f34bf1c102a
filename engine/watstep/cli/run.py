"""`watstep run`: one run, its value and results, its log, and how it ended."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from watstep.cli.arguments import Request
from watstep.cli.compiling import compile_program
from watstep.cli.output import (
    diagnostic_json,
    outcome_json,
    print_diagnostics,
    print_json,
    print_outcome,
)
from watstep.cli.reading import STANDARD_INPUT, read_source
from watstep.cli.settings import chosen_executor, run_settings
from watstep.errors import SourceError, UsageError, reason_of
from watstep.host.context import Cancellation
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome
from watstep.machine.start import start_problems
from watstep.pipeline import Program


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
    record = values.get("record")
    file = opened_record(record) if record is not None else None
    with stopped_by_signals() as cancellation:
        outcome = execute(program, settings, executor, cancellation)
    # Kept before it is printed: whoever reads the output may be gone.
    unkept = _keep(file, program, settings, outcome) if file else None
    if values.get("json"):
        warnings = [diagnostic_json(source, found) for found in compilation.diagnostics]
        print_json(outcome_json(program, outcome, warnings))
    else:
        print_diagnostics(source, compilation.diagnostics)
        print_outcome(program, outcome)
        sys.stderr.write(figures(outcome))
    if unkept:
        sys.stderr.write(f"watstep: cannot write `{record}`: {unkept}\n")
        return 2
    return 1 if outcome.trap else 0


def _keep(file: IO[str], program: Program, settings: RunSettings, outcome: Outcome) -> str | None:
    """Write the run file; what keeps it from being written, if anything does."""
    from watstep.cli.record import write_record

    try:
        with file:
            write_record(file, program, settings, outcome)
    except OSError as failure:
        return reason_of(failure)
    return None


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


def opened_record(path: str) -> IO[str]:
    """The run file, opened before the run: the world is not asked for what cannot be kept.

    What it holds stays until there is a run to put in its place. Raises `UsageError`.
    """
    if path == STANDARD_INPUT:
        raise UsageError("`--record` needs a file: standard output has the results")
    try:
        return Path(path).open("a", encoding="utf-8", newline="\n")
    except (OSError, ValueError) as failure:
        raise UsageError(f"cannot write `{path}`: {reason_of(failure)}") from None


def figures(outcome: Outcome) -> str:
    """One line of how much the run took."""
    fuel = outcome.known_fuel
    parts = [f"{fuel:,} fuel"] if fuel is not None else []
    if outcome.steps is not None:
        parts.append(f"{outcome.steps:,} steps")
    parts.append(f"{len(outcome.calls)} host call{'' if len(outcome.calls) == 1 else 's'}")
    return f"{outcome.executor}: {', '.join(parts)}\n"

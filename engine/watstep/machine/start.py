"""What keeps a checked program from starting: no `run`, missing grants, too little memory."""

from __future__ import annotations

from watstep.host.grants import missing_grants
from watstep.host.settings import RunSettings
from watstep.pipeline import Program
from watstep.source.diagnostic import Diagnostic, Severity
from watstep.source.text import Span
from watstep.validate.checker import exported_run


def start_problems(program: Program, settings: RunSettings) -> tuple[Diagnostic, ...]:
    """Why a run of `program` under `settings` cannot start, in source spans; () where it can.

    Grants and limits are judged here and by no earlier phase (LANGUAGE.md 6, 7).
    """
    module, found = program.module, []
    if exported_run(module) is None:
        message = (
            "nothing to run: export a function `run` that takes no parameters and gives i32 "
            'results, `(func (export "run") (result i32) ...)`'
        )
        found.append(Diagnostic("no-run", Severity.ERROR, _heading(program), message))
    if module.start is not None:
        message = "a start function is not run: call it at the beginning of `run` instead"
        found.append(Diagnostic("start-function", Severity.ERROR, _heading(program), message))
    found += missing_grants(module, settings.grants, program.rendering.source_span).values()
    lacking = memory_problem(program, settings)
    if lacking:
        found.append(Diagnostic("memory-limit", Severity.ERROR, _heading(program), lacking))
    return tuple(found)


def memory_problem(program: Program, settings: RunSettings) -> str | None:
    """What to say where the memory that a program begins with is over the limit, or None."""
    most, memory = settings.limits.memory_pages, program.module.memory
    if memory is None or memory.minimum <= most:
        return None
    return (
        f"the program needs {memory.minimum} pages of memory, the limit is {most}: "
        f"run with `--memory {memory.minimum}`"
    )


def _heading(program: Program) -> Span:
    """The first word of the program, for a problem that is the whole program's."""
    items = program.expansion.tree.items
    if not items:
        return Span(0, 0)
    start = items[0].start
    return Span(start, min(items[0].end, start + len("(module")))

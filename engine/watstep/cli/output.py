"""What the subcommands print: diagnostics and outcomes, as text and as JSON objects."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

from watstep.source.diagnostic import Diagnostic, Edit, StackPicture
from watstep.source.render import printable, render
from watstep.source.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watstep.machine.outcome import Outcome, Trap
    from watstep.pipeline import Program

Json = dict[str, Any]


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at it; a stream that was closed before Python began is None."""
    return stream is not None and stream.isatty()


def wants_colour(stream: TextIO) -> bool:
    """Colour is for a terminal that can show it and a person who has not declined it."""
    return (
        is_terminal(stream)
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM", "") not in {"", "dumb"}
    )


def print_json(value: Json) -> None:
    """One object on one line of standard output."""
    import json

    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def print_diagnostics(source: Source, diagnostics: Iterable[Diagnostic]) -> None:
    """Draw diagnostics on standard error."""
    for diagnostic in diagnostics:
        sys.stderr.write(render(source, diagnostic) + "\n")


def differing(source: Source, text: str, what: str, around: int = 3) -> Iterator[str]:
    """The lines in which a text differs from a source, and so many lines around each.

    `what` says in the heading what the text is beside the source.
    """
    # Loaded where a difference was asked for.
    from difflib import unified_diff

    name = printable(source.name)
    before, after = source.text.split("\n"), text.split("\n")
    return unified_diff(before, after, name, f"{name} ({what})", n=around, lineterm="")


def diagnostic_json(source: Source, diagnostic: Diagnostic) -> Json:
    """A diagnostic; lines and columns from 1, in characters, the end exclusive."""
    # Loaded for JSON alone.
    from watstep.editing.mending import sure_fix

    stack = diagnostic.stack
    return {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        **place_json(source, diagnostic.span),
        "labels": [
            {"message": label.text, **place_json(source, label.span)} for label in diagnostic.labels
        ],
        "stack": stack and {"place": stack.place, "values": _values_json(source, stack)},
        "fixes": [
            {
                "title": fix.title,
                "safe": fix == sure_fix(diagnostic),
                "edits": [_edit_json(source, edit) for edit in fix.edits],
            }
            for fix in diagnostic.fixes
        ],
    }


def place_json(source: Source, span: Span) -> Json:
    """A span as lines and columns."""
    start = source.position(span.start)
    end = source.position(min(span.end, len(source.text)))
    return {
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


def _edit_json(source: Source, edit: Edit) -> Json:
    """An edit; offsets from 0, in characters and in bytes of UTF-8."""
    before = len(source.text[: edit.span.start].encode())
    size = len(source.text[edit.span.start : edit.span.end].encode())
    return {
        **place_json(source, edit.span),
        "start": edit.span.start,
        "end": edit.span.end,
        "start_byte": before,
        "end_byte": before + size,
        "text": edit.text,
    }


def _values_json(source: Source, picture: StackPicture) -> list[Json]:
    """The values of a stack picture, bottom first; what is missing has no place."""
    return [
        {
            "name": value.name or None,
            "type": value.type,
            "fate": value.fate,
            "made_by": value.span and place_json(source, value.span),
        }
        for value in picture.values
    ]


def usage_json(message: str) -> Json:
    """A problem that has no place in a program, in the form of a diagnostic."""
    place = {"line": 1, "column": 1, "end_line": 1, "end_column": 1}
    rest: Json = {"labels": [], "stack": None, "fixes": []}
    return {"severity": "error", "code": "usage", "message": message, **place, **rest}


def rejected_json(diagnostics: list[Json], executor: str) -> Json:
    """The object of `run --json` for a program that did not start."""
    return {
        "status": "rejected",
        "results": [],
        "value": None,
        "trap": None,
        "diagnostics": diagnostics,
        "log": [],
        "calls": [],
        "fuel": None,
        "steps": None,
        "executor": executor,
    }


def outcome_json(program: Program, outcome: Outcome, diagnostics: list[Json]) -> Json:
    """The object of `run --json` for a run that ended; `diagnostics` are warnings."""
    from watstep.host.tape import call_value
    from watstep.machine.outcome import trap_value

    return {
        "status": "trapped" if outcome.trap else "returned",
        "results": list(outcome.results),
        "value": outcome.value,
        "trap": trap_value(program, outcome.trap) if outcome.trap else None,
        "diagnostics": diagnostics,
        "log": list(outcome.log),
        "calls": [call_value(call) for call in outcome.calls],
        "fuel": outcome.known_fuel,
        "steps": outcome.steps,
        "executor": outcome.executor,
    }


def print_outcome(program: Program, outcome: Outcome) -> None:
    """The value and the results on standard output, log and trap on standard error."""
    for entry in outcome.log:
        sys.stderr.write(f"log: {printable(str(entry))}\n")
    if outcome.value is not None:
        text = printable(outcome.value) if is_terminal(sys.stdout) else outcome.value
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
    if outcome.results:
        sys.stdout.write(" ".join(map(str, outcome.results)) + "\n")
    sys.stdout.flush()
    if outcome.trap:
        _print_trap(program, outcome.trap)


def _print_trap(program: Program, trap: Trap) -> None:
    from watstep.source.diagnostic import Severity

    message = f"{trap.kind.value}: {trap.message}"
    if trap.function is None or trap.pc is None:
        sys.stderr.write(f"error[trap]: {printable(message)}\n")
        return
    span = program.source_span(trap.function, trap.pc)
    found = Diagnostic("trap", Severity.ERROR, span, message)
    sys.stderr.write(render(program.source, found) + "\n")

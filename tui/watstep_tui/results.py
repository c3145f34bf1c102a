"""What the tabs of the editing mode show: problems, and how a run ended, as rows with places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from watstep.host.settings import RunSettings
from watstep.lint.project import NAME, Project
from watstep.machine.outcome import Outcome, trap_place
from watstep.pipeline import Program
from watstep.source.diagnostic import Diagnostic, Severity
from watstep.source.render import picture_lines, printable
from watstep.source.text import Position, Source, counted
from watstep_tui.cells import width
from watstep_tui.keymap import key_for

if TYPE_CHECKING:
    from watstep.runfile.reading import RunFile

SIGNS = {Severity.ERROR: "■", Severity.WARNING: "▲", Severity.NOTE: "◆"}
"""How bad a problem is, without colour."""
_LONGEST = 2_000
_WORDS = re.compile(r"\S+")


class Row(NamedTuple):
    """A row of a tab, and the place of the source that Enter goes to."""

    text: Text
    place: Position | None = None
    problem: Diagnostic | None = None
    call: int | None = None
    """Which host call of the run the row is, from 0."""
    file: str = ""
    """The file that the place is in, "" for the program."""


@dataclass(frozen=True)
class Report:
    """A run that ended: what ran, under which settings, and how it went."""

    program: Program
    settings: RunSettings
    outcome: Outcome
    seconds: float
    kept: RunFile | None = None
    """The file that it comes from."""


def project_rows(project: Project, room: int) -> list[Row]:
    """What is wrong in a project's file: rows like those of the program, that name the file."""
    if project.source is None:
        return []
    told = [problem._replace(message=f"{NAME}: {problem.message}") for problem in project.problems]
    rows = problem_rows(project.source, told, room)
    return [row._replace(file=project.source.name) for row in rows]


def aged_rows(rows: Sequence[Row]) -> list[Row]:
    """The same rows as those of a text that stands no more."""
    told = []
    for row in rows:
        text = row.text.copy()
        text.stylize("dim")
        told.append(row._replace(text=text))
    return told


def problem_rows(source: Source, found: Sequence[Diagnostic], room: int) -> list[Row]:
    """Rows for each problem: glyph, place, message, fix, code, the other places it speaks of."""
    rows = []
    for problem in found:
        place = source.position(problem.span.start)
        head = f"{SIGNS[problem.severity]} {_place(place):<8} "
        for number, line in enumerate(_told(problem, room - cell_len(head))):
            first = " " * cell_len(head) if number else head
            rows.append(Row(Text.assemble((first, "bold"), line), place, problem))
        pictured = set()
        if problem.stack:
            pictured = {value.span for value in problem.stack.values}
            lines = picture_lines(source, problem.stack)
            rows += [Row(Text(f"           {line}", "dim"), place, problem) for line in lines]
        for label in problem.labels:
            if label.span in pictured:
                continue
            other = source.position(label.span.start)
            note = Text(f"  {_place(other):<8} ↳ {printable(label.text)}", "dim")
            rows.append(Row(note, other, problem))
    return rows


def _told(problem: Diagnostic, room: int) -> list[Text]:
    """The message as lines, and after it what mends it, and the code where that finds room."""
    lines = wrapped(Text(printable(problem.message)), room)
    if problem.fixes:
        fix = Text(f"{key_for('fix')} {printable(problem.fixes[0].title)}", "italic")
        if lines[-1].cell_len + 2 + fix.cell_len <= room:
            lines[-1].append("  ").append_text(fix)
        else:
            lines += wrapped(fix, room)
    if lines[-1].cell_len + 2 + len(problem.code) <= room:
        lines[-1].append(f"  {problem.code}", "dim")
    return lines


def wrapped(text: Text, room: int) -> list[Text]:
    """A text as lines of a number of cells at most, broken before words."""
    if width(text.plain) <= room:
        return [text]
    breaks, begun = [], 0
    for word in _WORDS.finditer(text.plain):
        if begun < word.start() and width(text.plain[begun : word.end()]) > room:
            begun = word.start()
            breaks.append(begun)
    lines = list(text.divide(breaks))
    for line in lines:
        line.rstrip()
    return lines


def _place(place: Position) -> str:
    return f"{place.line}:{place.column}"


def result_rows(report: Report) -> list[Row]:
    """How a run ended, what it gave, and what it cost."""
    outcome, program = report.outcome, report.program
    rows = []
    if outcome.trap is None:
        results = ", ".join(map(str, outcome.results)) or "nothing"
        rows.append(_named("returned", results, "bold"))
    else:
        place = trap_place(program, outcome.trap)
        message = f"{outcome.trap.kind.value}: {outcome.trap.message}"
        at = Position(place.line, place.column) if place else None
        rows.append(_named("✗ trap", message, "bold", at))
        if place and at:
            code = program.source.line_text(at.line).strip()
            rows.append(_named("  at", f"{_place(at)} in {place.function}   {code}", "", at))
    if outcome.value is not None:
        rows += _lines("value", outcome.value)
    fuel = outcome.known_fuel
    parts = [
        "fuel not known" if fuel is None else f"{fuel:,} fuel",
        counted(len(outcome.calls), "host call"),
        f"{report.seconds * 1000:,.0f} ms",
        counted(len(outcome.memory) >> 16, "page", " of memory"),
        f"on {outcome.executor}",
    ]
    rows.append(_named("cost", " · ".join(parts), "dim"))
    return rows


def _named(name: str, text: str, style: str = "", place: Position | None = None) -> Row:
    row = Text(f"{name:<9} ", "dim")
    row.append(printable(text[:_LONGEST]), f"not dim {style}".strip())
    return Row(row, place)


def _lines(name: str, text: str) -> list[Row]:
    """A text of several lines as rows of their own, empty ones at its end left out."""
    lines = text[:_LONGEST].rstrip("\n").split("\n")
    return [_named(name if number == 0 else "", line) for number, line in enumerate(lines)]


def host_call_rows(report: Report) -> list[Row]:
    """The host calls, decoded; Enter goes to the form that made one."""
    # The debugger's rooms are loaded with the first run: the first paint need not wait for them.
    from watstep.debug.reports import call_text

    rows = []
    for number, call in enumerate(report.outcome.calls):
        # wasmtime counts no instants: the call's number stands in their place.
        numbered = call if call.instant is not None else replace(call, instant=number + 1)
        failed = bool(call.error or call.trap)
        rows.append(
            Row(Text(printable(call_text(numbered)), "bold" if failed else ""), call=number)
        )
    return rows


def log_rows(report: Report) -> list[Row]:
    """What was logged, one row an entry, each with the call that logged it."""
    rows = []
    for number, call in enumerate(report.outcome.calls):
        if call.log is not None:
            shown = str(call.log).replace("\n", "⏎")
            rows.append(Row(Text(printable(shown)), call=number))
    return rows

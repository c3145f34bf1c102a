"""Problems as the editor shows them: signs, underlined characters, a message per line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rich.style import Style

from watstep.pipeline import Compilation
from watstep.source.diagnostic import Severity
from watstep.source.text import Span
from watstep_tui.compiled.linking import rows_of
from watstep_tui.results import SIGNS
from watstep_tui.text.marks import Change, carried, carried_columns
from watstep_tui.theming import Look

_ORDER = tuple(SIGNS)
MOST_UNDERLINED = 64
"""As many problems of a line are underlined."""


class RowProblems(NamedTuple):
    """The problems of a line."""

    severity: Severity
    """Of the worst that begins here, else of the worst that goes on here."""
    message: str
    """Of the first of those that begin here, "" where none does."""
    underlined: tuple[tuple[int, int, Severity], ...]
    """Characters, half-open."""
    aged: bool = False
    """Whether they are those of an older text, and no newer ones came in time."""


def problems_by_row(found: Compilation) -> dict[int, RowProblems]:
    """What to show at each row, from 0, that has problems."""
    rows: dict[int, RowProblems] = {}
    for problem in found.diagnostics:
        span = Span(problem.span.start, max(problem.span.end, problem.span.start + 1))
        begins = found.source.line_of(span.start) - 1
        places = rows_of(found.source, (span,))
        for row, (start, end) in places.items():
            old = rows.get(row)
            message = problem.message if row == begins else ""
            underlined = (start, max(end, start + 1), problem.severity)
            if old is None:
                rows[row] = RowProblems(problem.severity, message, (underlined,))
                continue
            worst = min(old.severity, problem.severity, key=_ORDER.index)
            worse = worst is not old.severity and message
            marks = old.underlined
            if len(marks) < MOST_UNDERLINED:
                marks = (*marks, underlined)
            rows[row] = RowProblems(worst, message if worse else old.message or message, marks)
    return rows


def moved_problems(problems: Mapping[int, RowProblems], change: Change) -> dict[int, RowProblems]:
    """What to show after a change, until the new text is compiled.

    Underlined characters move with a change within their line; a change of lines leaves none
    underlined in those that it touched.
    """
    rows = carried(problems, change)
    first, last = change.top[0], change.end[0]
    within = first == last and not change.grown
    for row in [row for row in rows if first <= row <= last]:
        marks = rows[row].underlined if within else ()
        places = ((*carried_columns(mark[:2], change), mark[2]) for mark in marks)
        rows[row] = rows[row]._replace(
            underlined=tuple(item for item in places if item[0] < item[1])
        )
    return rows


def aged_problems(problems: Mapping[int, RowProblems]) -> dict[int, RowProblems]:
    """The same as those of a text that stands no more."""
    return {row: problem._replace(aged=True) for row, problem in problems.items()}


_AGED = Style(dim=True)


def problem_style(look: Look, severity: Severity, part: str, *, aged: bool = False) -> Style:
    """How a problem's `line` is underlined, or its `message` written."""
    kind = "message" if severity is Severity.ERROR else f"message_{severity.value}"
    style = look.code[severity.value if part == "line" else kind]
    return style + _AGED if aged else style

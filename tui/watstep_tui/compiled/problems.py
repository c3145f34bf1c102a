"""Problems as the editor shows them: signs, underlined characters, a message per line."""

from __future__ import annotations

from typing import NamedTuple

from rich.style import Style

from watstep.pipeline import Compilation
from watstep.source.diagnostic import Severity
from watstep.source.text import Span
from watstep_tui.compiled.linking import rows_of
from watstep_tui.results import SIGNS
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


def problem_style(look: Look, severity: Severity, part: str) -> Style:
    """How a problem's `line` is underlined, or its `message` written."""
    if part == "line":
        return look.code[severity.value]
    return look.code["message" if severity is Severity.ERROR else f"message_{severity.value}"]

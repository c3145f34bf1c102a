"""The tabs below the code: their rows, which to keep in sight, and what Enter does on one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.text import Text

from watstep.debug.commands.row import Reply
from watstep.debug.commands.table import execute
from watstep.debug.session import Session
from watstep_tui.debugger import Request
from watstep_tui.results import Row, problem_rows
from watstep_tui.rows.ending import breakpoint_rows, result_rows
from watstep_tui.rows.events import CallRows, LogRows, TraceRows
from watstep_tui.rows.host import HostRows
from watstep_tui.rows.memory import MemoryRows
from watstep_tui.rows.snapshot import Snapshot


def _last_made(found: Snapshot) -> int:
    return max(len(found.state.calls) - 1, 0)


def _row_of_position(found: Snapshot) -> int:
    return TraceRows(found).row_of(found.instant)


def _last_logged(found: Snapshot) -> int:
    return max(len(found.state.log) - 1, 0)


def _first(found: Snapshot) -> int:
    return 0


def _to_call(found: Snapshot, row: int) -> Request | None:
    calls = found.tape[row : row + 1]
    return command(f"goto {calls[0].instant}") if calls and calls[0].instant is not None else None


def _to_traced(found: Snapshot, row: int) -> Request | None:
    instant = TraceRows(found).instant_of(row)
    return None if instant is None else command(f"goto {instant}")


def _to_logged(found: Snapshot, row: int) -> Request | None:
    logged = [call for call in found.state.calls if call.log is not None][row : row + 1]
    return command(f"goto {logged[0].instant}") if logged else None


def _to_held(found: Snapshot, row: int) -> Request | None:
    instant = HostRows(found).instant(row)
    return None if instant is None else command(f"goto {instant}")


def _switch_breakpoint(found: Snapshot, row: int) -> Request | None:
    def switch(session: Session) -> None:
        for item in found.breakpoints[row : row + 1]:
            execute(session, f"{'disable' if item.enabled else 'enable'} {item.number}")

    return switch if row < len(found.breakpoints) else None


def problems_told(found: Snapshot, width: int) -> list[Row]:
    """The problems of the program as rows with their places; what mends them is for the editor."""
    bare = [problem._replace(fixes=()) for problem in found.problems]
    return problem_rows(found.program.source, bare, width)


def _problem_rows(found: Snapshot, width: int) -> list[Text]:
    rows = [row.text for row in problems_told(found, width - 3)]
    return rows or [Text.assemble(("no problems", "muted"))]


def _nothing(found: Snapshot, row: int) -> Request | None:
    return None


def command(line: str) -> Request:
    """The request that carries out a command line."""

    def run(session: Session) -> Reply:
        return execute(session, line)

    return run


SHORT = (
    ("Host calls", "Calls"),
    ("Memory", "Mem"),
    ("Problems", "Probs"),
    ("Breakpoints", "Breaks"),
)
"""The names of tabs where there is no room for all of them, in the order in which they give way."""


class Tab(NamedTuple):
    """A tab below the code: its rows, the one to keep in sight, and what Enter does on a row."""

    name: str
    rows: Callable[[Snapshot, int], Sequence[Text]]
    """Given the cells of a row."""
    chosen: Callable[[Snapshot], int] = _first
    enter: Callable[[Snapshot, int], Request | None] = _nothing
    count: Callable[[Snapshot], int] = _first
    """What there is to be counted; 0 is not shown."""

    def label(self, found: Snapshot | None, shortened: int = 0) -> str:
        """The name with the count; the first so many of those with a short name have that."""
        count = self.count(found) if found else 0
        names = dict(SHORT[:shortened])
        name = names.get(self.name, self.name)
        return f"{name} {count:,}" if count else name


CALLS = Tab(
    "Host calls", CallRows, _last_made, _to_call,
    lambda found: len(found.state.calls),
)  # fmt: skip
MEMORY = Tab("Memory", MemoryRows)
LOG = Tab(
    "Log", lambda found, width: LogRows(found), _last_logged, _to_logged,
    lambda found: len(found.state.log),
)  # fmt: skip
TRACE = Tab("Trace", TraceRows, _row_of_position, _to_traced)
BREAKPOINTS = Tab(
    "Breakpoints", lambda found, width: breakpoint_rows(found), _first, _switch_breakpoint,
    lambda found: len(found.breakpoints),
)  # fmt: skip
HOST = Tab("Host", lambda found, width: HostRows(found), _first, _to_held)
RESULT = Tab("Result", lambda found, width: result_rows(found))
PROBLEMS = Tab("Problems", _problem_rows, count=lambda found: len(found.problems))
TABS = (CALLS, MEMORY, LOG, TRACE, BREAKPOINTS, HOST, PROBLEMS, RESULT)

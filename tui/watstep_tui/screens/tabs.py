"""The tabs below the code: their rows, which to keep in sight, and what Enter does on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rich.text import Text

from watstep.debug.commands import Reply, execute
from watstep.debug.session import Session
from watstep_tui import rows
from watstep_tui.debugger import Request
from watstep_tui.rows import Snapshot


def _last_made(found: Snapshot) -> int:
    return max(len(found.state.calls) - 1, 0)


def _row_of_position(found: Snapshot) -> int:
    now = found.state.position.instant
    return next((at for at, row in enumerate(found.trace) if row.instant == now), 0)


def _last_logged(found: Snapshot) -> int:
    return max(len(found.state.log) - 1, 0)


def _first(found: Snapshot) -> int:
    return 0


def _to_call(found: Snapshot, row: int) -> Request | None:
    calls = found.tape[row : row + 1]
    return command(f"goto {calls[0].instant}") if calls and calls[0].instant is not None else None


def _to_traced(found: Snapshot, row: int) -> Request | None:
    traced = found.trace[row : row + 1]
    return command(f"goto {traced[0].instant}") if traced else None


def _switch_breakpoint(found: Snapshot, row: int) -> Request | None:
    def switch(session: Session) -> None:
        for item in found.breakpoints[row : row + 1]:
            session.enable_breakpoint(item.number, not item.enabled)

    return switch if row < len(found.breakpoints) else None


def _nothing(found: Snapshot, row: int) -> Request | None:
    return None


def command(line: str) -> Request:
    """The request that carries out a command line."""

    def run(session: Session) -> Reply:
        return execute(session, line)

    return run


class Tab(NamedTuple):
    """A tab below the code: its rows, the one to keep in sight, and what Enter does on a row."""

    name: str
    rows: Callable[[Snapshot], list[Text]]
    chosen: Callable[[Snapshot], int] = _first
    enter: Callable[[Snapshot, int], Request | None] = _nothing


TABS = (
    Tab("Host calls", rows.call_rows, _last_made, _to_call),
    Tab("Trace", rows.trace_rows, _row_of_position, _to_traced),
    Tab("Memory", rows.memory_rows),
    Tab("Log", rows.log_rows, _last_logged),
    Tab("Breakpoints", rows.breakpoint_rows, _first, _switch_breakpoint),
    Tab("Result", rows.result_rows),
)
MEMORY = next(tab for tab in TABS if tab.name == "Memory")

"""Commands for breakpoints (STEPPING.md B1 to B4)."""

from __future__ import annotations

from watstep.debug import reports
from watstep.debug.commands.row import (
    Command,
    Reply,
    asking,
    no_argument,
    read_line,
    read_number,
    still,
)
from watstep.debug.session import Session


def _break(session: Session, argument: str) -> Reply:
    level, line, rest = read_line(session, argument)
    no_argument(rest)
    made = session.add_breakpoint(level, line)
    text = reports.breakpoint_text(made)
    return Reply("break", still(text), text, reports.breakpoint_value(made))


def _delete(session: Session, argument: str) -> Reply:
    if argument:
        session.delete_breakpoint(read_number(argument, "a breakpoint"))
        return Reply("delete", still(), f"breakpoint {argument} is gone")
    session.breakpoints = ()
    return Reply("delete", still(), "all breakpoints are gone")


STOPPING: tuple[Command, ...] = (
    Command(
        "break", ("b",), "LINE|eLINE", "a breakpoint on a line (eLINE: of the expansion)", _break
    ),
    Command("delete", ("d",), "[NUMBER]", "take a breakpoint away, or all of them", _delete),
    Command(
        "breakpoints", (), "", "list the breakpoints", asking("breakpoints", reports.breakpoints)
    ),
)

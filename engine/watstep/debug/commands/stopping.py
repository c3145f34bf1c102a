"""Commands for breakpoints and what they log (STEPPING.md B1 to B5)."""

from __future__ import annotations

from typing import Any

from watstep.debug.break_words import OPTIONS, TARGETS
from watstep.debug.breakpoint import Breakpoint
from watstep.debug.breakpoint_reports import breakpoint_text, breakpoint_value
from watstep.debug.commands.row import Command, Reply, asking, read_number, still
from watstep.debug.reports import logged_text
from watstep.debug.session import Session
from watstep.errors import NoCommandError

MOST_TOLD = 10_000
"""Lines of a log that are told at once."""


def _told(name: str, made: Breakpoint) -> Reply:
    text = f"breakpoint {breakpoint_text(made)}"
    return Reply(name, still(text), text, breakpoint_value(made))


def _break(session: Session, argument: str) -> Reply:
    return _told("break", session.breaking.add(argument, session.level))


def _edit(session: Session, argument: str) -> Reply:
    number, words = _numbered(argument)
    if not words:
        raise NoCommandError("say what changes: `edit 2 if $x > 3`, or `edit 2 if` for none")
    return _told("edit", session.breaking.edit(number, words, session.level))


def _numbered(argument: str) -> tuple[int, str]:
    """The number of a breakpoint, and what follows it."""
    number, _, rest = argument.partition(" ")
    if not number:
        raise NoCommandError("give the number of a breakpoint; `breakpoints` lists them")
    return read_number(number, "a breakpoint"), rest.strip()


def _switch(session: Session, argument: str, *, enabled: bool) -> Reply:
    name = "enable" if enabled else "disable"
    said = "on" if enabled else "off"
    if not argument:
        for item in session.breakpoints:
            session.breaking.enable(item.number, enabled)
        return Reply(name, still(), f"all breakpoints are {said}")
    number = read_number(argument, "a breakpoint")
    session.breaking.enable(number, enabled)
    return Reply(name, still(), f"breakpoint {number} is {said}")


def _enable(session: Session, argument: str) -> Reply:
    return _switch(session, argument, enabled=True)


def _disable(session: Session, argument: str) -> Reply:
    return _switch(session, argument, enabled=False)


def _delete(session: Session, argument: str) -> Reply:
    if argument:
        session.breaking.delete(read_number(argument, "a breakpoint"))
        return Reply("delete", still(), f"breakpoint {argument} is gone")
    session.breaking.clear()
    return Reply("delete", still(), "all breakpoints are gone")


def _list(session: Session, argument: str) -> tuple[str, Any]:
    rows = [f"breakpoint {breakpoint_text(item)}" for item in session.breakpoints]
    values = [breakpoint_value(item) for item in session.breakpoints]
    return "\n".join(rows) or "no breakpoints", values


def _logs(session: Session, argument: str) -> tuple[str, Any]:
    number = read_number(argument, "a breakpoint") if argument else None
    logged = session.logs(MOST_TOLD + 1, number)
    rows = [logged_text(item) for item in logged[:MOST_TOLD]]
    if session.timeline.interrupted:
        rows.append("interrupted: there may be more")
    elif len(logged) > MOST_TOLD:
        rows.append(f"these are the first {MOST_TOLD:,}: a condition makes them fewer")
    elif session.timeline.end is None:
        rows.append(f"the run was made up to instant {session.timeline.frontier}")
    values = [item._asdict() for item in logged[:MOST_TOLD]]
    return "\n".join(rows) or "nothing was logged: `break LINE log TEXT` logs", values


_KINDS = "\n".join(f"    {row.words:<40}{row.help}" for row in TARGETS)
_BREAK_HELP = (
    "stop where something is reached. What it is:\n"
    f"{_KINDS}\n"
    f"  and after that {OPTIONS}:\n"
    "  `hit 3` the third time alone, `from 3` that and later ones, `every 3` each third;\n"
    "  with `log`, the text is said and the run goes on; `{$x}` in it is a value"
)

STOPPING: tuple[Command, ...] = (
    Command(
        "break",
        ("b",),
        "WHERE [OPTIONS]",
        "a breakpoint: 7, e12, write $x, error … (`help break`)",
        _break,
        more=_BREAK_HELP,
    ),
    Command("edit", (), "NUMBER OPTIONS", "change a breakpoint: `edit 2 if $x > 3`", _edit),
    Command("enable", (), "[NUMBER]", "switch a breakpoint on, or all of them", _enable),
    Command("disable", (), "[NUMBER]", "switch a breakpoint off, or all of them", _disable),
    Command("delete", ("d",), "[NUMBER]", "take a breakpoint away, or all of them", _delete),
    Command("breakpoints", (), "", "list the breakpoints", asking("breakpoints", _list)),
    Command(
        "logs",
        (),
        "[NUMBER]",
        "all that breakpoints with `log` say of the run",
        asking("logs", _logs),
    ),
)

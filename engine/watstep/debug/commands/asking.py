"""Commands that put questions to the run: who wrote this, why is it so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from watstep.debug import telling
from watstep.debug.causes import Causes, Operand
from watstep.debug.commands.questions import occasions_asked, stretch_of
from watstep.debug.commands.row import (
    Command,
    Reply,
    no_argument,
    read_count,
    read_number,
    still,
)
from watstep.debug.reports import place_text
from watstep.debug.session import Session
from watstep.debug.spots import Sites, Spot
from watstep.debug.state import Stop, StopReason
from watstep.debug.subject import target
from watstep.debug.writers import Hand, Writers
from watstep.errors import NoCommandError

LEVELS = 4
"""How deep `why` looks where no number is given."""
MOST_ROWS = 500

_INTERRUPTED = Stop(StopReason.CANCELLED, 0, "interrupted")


def _who(session: Session, argument: str) -> Reply:
    asked = target(session, argument)
    no_argument(asked.rest)
    return who(session, asked.spot, asked.name)


def who(session: Session, spot: Spot, name: str) -> Reply:
    """Answer, and go where a value was written: asked again there, it walks back."""
    session.timeline.interrupted = False
    write = Writers(session.timeline, Sites(session.program)).writer(spot)
    if write is None:
        return Reply("who", _INTERRUPTED, _INTERRUPTED.message)
    text = telling.write_text(session.program, session.timeline.tape, f"`{name}`", write)
    result = telling.write_value(session.program, write)
    if write.hand in {Hand.DATA, Hand.NOBODY}:
        return Reply("who", still(text), text, result)
    stop = replace(session.goto(write.instant), message=text)
    return Reply("who", stop, place_text(session, stop), result)


def _why(session: Session, argument: str) -> Reply:
    """The tree of a value, so many levels deep."""
    asked = target(session, argument)
    levels = read_count(asked.rest) if asked.rest else LEVELS
    session.timeline.interrupted = False
    causes = Causes(Writers(session.timeline, Sites(session.program)))
    program, tape = session.program, session.timeline.tape
    rows: list[str] = []
    result: list[dict[str, Any]] = []
    pending = [(0, Operand(asked.spot))]
    while pending and len(rows) < MOST_ROWS:
        depth, operand = pending.pop()
        cause = causes.cause(operand)
        if cause is None:
            return Reply("why", _INTERRUPTED, _INTERRUPTED.message)
        more = cause.operands if depth + 1 < levels else ()
        pending += [(depth + 1, part) for part in reversed(more)]
        leads = "  …" if cause.operands and not more else ""
        rows.append(f"{'  ' * min(depth, 40)}{telling.cause_text(program, tape, cause)}{leads}")
        result.append({"depth": depth, **telling.cause_value(program, tape, cause)})
    if pending:
        rows.append(f"… the first {MOST_ROWS} rows: ask of one of these instants for more")
    return Reply("why", still(), "\n".join(rows), result)


def _when(session: Session, argument: str) -> Reply:
    """All instants at which a line runs, a function is called, a value is read or written."""
    found = occasions_asked(session, argument)
    program, tape = session.program, session.timeline.tape
    text = telling.occasions_text(program, found)
    return Reply("when", still(), text, telling.occasions_value(program, tape, found))


def _span(session: Session, argument: str) -> Reply:
    """What happened between two instants, the second the position where it is not given."""
    words = argument.split()
    if len(words) not in {1, 2}:
        raise NoCommandError("give two instants, or one: from there to here")
    ends = [read_number(word, "an instant") for word in words]
    first, last = (ends[0], ends[1] if len(ends) > 1 else session.position.instant)
    found = stretch_of(session, first, last)
    if found is None:
        return Reply("span", _INTERRUPTED, _INTERRUPTED.message)
    rows = telling.stretch_rows(session.program, found)
    text = "\n".join(row if at is None else f"{row}  instant {at}" for at, row in rows)
    return Reply("span", still(), text, telling.stretch_value(session.program, found))


ASKING: tuple[Command, ...] = (
    Command(
        "who",
        ("w",),
        "$x|stack[0]|mem ADDRESS [BYTES]",
        "go to where it was last written; again, it walks back",
        _who,
    ),
    Command(
        "why",
        ("y",),
        "$x|stack[0]|mem ADDRESS [BYTES] [LEVELS]",
        "what it was made of, as a tree",
        _why,
    ),
    Command(
        "when",
        ("W",),
        "LINE|host NAME|$x|mem ADDRESS [BYTES]|if EXPRESSION",
        "all instants at which that happens",
        _when,
    ),
    Command("span", ("z",), "FROM [TO]", "what happened between two instants", _span),
)

"""Commands that put questions to the run: who wrote this, why is it so."""

from __future__ import annotations

from typing import Any

from watstep.debug.asked import target
from watstep.debug.causes import Causes, Operand
from watstep.debug.commands.row import Command, Reply, no_argument, read_count, still
from watstep.debug.reports import place_text
from watstep.debug.session import Session
from watstep.debug.spots import Sites
from watstep.debug.state import Stop, StopReason
from watstep.debug.telling import cause_text, cause_value, write_text, write_value
from watstep.debug.writers import Hand, Writers

LEVELS = 4
"""How deep `why` looks where no number is given."""
MOST_ROWS = 500

_INTERRUPTED = Stop(StopReason.CANCELLED, 0, "interrupted")


def _who(session: Session, argument: str) -> Reply:
    """Answer, and go where it was written: asked again there, it walks back."""
    asked = target(session, argument)
    no_argument(asked.rest)
    session.timeline.interrupted = False
    write = Writers(session.timeline, Sites(session.program)).writer(asked.spot)
    if write is None:
        return Reply("who", _INTERRUPTED, _INTERRUPTED.message)
    text = write_text(session.program, session.timeline.tape, f"`{asked.name}`", write)
    result = write_value(session.program, write)
    if write.hand in {Hand.DATA, Hand.NOBODY}:
        return Reply("who", still(text), text, result)
    stop = session.goto(write.instant)
    return Reply("who", stop, f"{text}\n{place_text(session, stop)}", result)


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
        rows.append(f"{'  ' * min(depth, 40)}{cause_text(program, tape, cause)}{leads}")
        result.append({"depth": depth, **cause_value(program, tape, cause)})
    if pending:
        rows.append(f"… the first {MOST_ROWS} rows: ask of one of these instants for more")
    return Reply("why", still(), "\n".join(rows), result)


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
)

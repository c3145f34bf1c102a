"""Commands that put answers and values into a person's hand, and their timelines (L7)."""

from __future__ import annotations

import re

from watstep.debug import branches_told
from watstep.debug.answering import answer, call_asked
from watstep.debug.changing import change_value
from watstep.debug.commands.row import (
    Command,
    Reply,
    asking,
    moved,
    read_number,
    still,
)
from watstep.debug.session import Session
from watstep.debug.state import StopReason
from watstep.errors import CommandError, NoCommandError
from watstep.syntax.literals import decode_string

_AT = re.compile(r"at\s+(\S+)\s*(.*)", re.DOTALL)
KINDS = ("live", "recorded", "text", "number", "error", "empty", "deny")


def _answer(session: Session, argument: str) -> Reply:
    at = _AT.fullmatch(argument)
    instant = read_number(at[1], "an instant") if at else None
    kind, _, typed = (at[2] if at else argument).partition(" ")
    if kind and kind not in KINDS:
        raise NoCommandError(f"an answer is one of {', '.join(KINDS)}, not `{kind}`")
    asked = call_asked(session, instant)
    if not kind:
        text, value = branches_told.asked(session, asked)
        return Reply("answer", still(), text, value)
    return moved(session, "answer", answer(session, asked, kind, _unquoted(typed.strip())))


def _unquoted(typed: str) -> str:
    """A text in double quotes as the language writes it; any other as it is."""
    error, quote, _ = typed.partition('"')
    if not (quote and len(typed) > len(error) + 1 and typed.endswith('"')):
        return typed
    content = decode_string(typed[len(error) :])
    if content is None:
        raise CommandError(f"{typed} is no text")
    return error + content.decode("utf-8", "replace")


def _set(session: Session, argument: str) -> Reply:
    return moved(session, "set", change_value(session, argument))


def _timeline(session: Session, argument: str) -> Reply:
    session.timelines.look_at(argument)
    return moved(session, "timeline", session.stopped(StopReason.TIMELINE))


def _name(session: Session, argument: str) -> Reply:
    session.timelines.rename(argument)
    text = f"this timeline is called {argument}"
    return Reply("name", still(text), text, argument)


def _forget(session: Session, argument: str) -> Reply:
    session.timelines.forget(argument)
    text = f"timeline {argument} is gone"
    return Reply("forget", still(text), text)


ANSWERING: tuple[Command, ...] = (
    Command(
        "answer",
        ("r",),
        "[at INSTANT] [live|recorded|text T|number N|error NAME|empty|deny]",
        "answer a host call by hand; alone: what is asked",
        _answer,
    ),
    Command(
        "set",
        (),
        "WHAT VALUE",
        "change $x, stack[0], mem32[16], text[16]: a new timeline",
        _set,
    ),
    Command(
        "timelines", ("v",), "", "list the timelines", asking("timelines", branches_told.listed)
    ),
    Command("timeline", (), "NAME", "go to a timeline, where you left it", _timeline),
    Command("name", (), "NAME", "give this timeline a name", _name),
    Command(
        "compare",
        (),
        "NAME",
        "where this timeline and another part",
        asking("compare", branches_told.compared),
    ),
    Command("forget", (), "NAME", "give a timeline up", _forget),
)

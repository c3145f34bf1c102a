"""What a debugger command is: its row, its reply, and how its argument is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from watstep.debug import reports
from watstep.debug.session import Session
from watstep.debug.state import Level, Stop, StopReason
from watstep.errors import NoCommandError
from watstep.syntax.literals import decode_integer

_LINE = re.compile(r"(?:(source|s|expansion|e)\s*)?(\d{1,9})(?:\s+(\S+))?")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command answers: a stop, and for those that ask something their result.

    `text` is for the prompt; `result` is made of lists, dicts, numbers and texts alone.
    """

    command: str
    stop: Stop
    text: str = ""
    result: Any = None
    quits: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One row: the full name, its short forms, what it takes, and what it does."""

    name: str
    short: tuple[str, ...]
    argument: str
    """As help shows it: `[N]` is a count."""
    help: str
    run: Callable[[Session, str], Reply]
    kept: bool = True
    """Whether it is a part of the session's script."""
    more: str = ""
    """What `help NAME` says instead, where that is more than one line."""


def read_number(text: str, what: str) -> int:
    """An integer as WAT writes it; raises `NoCommandError` that says `what` it is to be."""
    number = decode_integer(text)
    if number is None:
        raise NoCommandError(f"{what} is a number, not `{text}`")
    return number


def read_count(text: str) -> int:
    """A count of 1 or more, 1 where none is given; raises `NoCommandError`."""
    if not text:
        return 1
    count = read_number(text, "a count")
    if count < 1:
        raise NoCommandError("a count is 1 or more")
    return count


def moving(name: str, move: Callable[[Session, int], Stop]) -> Callable[[Session, str], Reply]:
    """What a command does that makes a counted move."""

    def run(session: Session, argument: str) -> Reply:
        return moved(session, name, move(session, read_count(argument)))

    return run


def moved(session: Session, name: str, stop: Stop) -> Reply:
    """The reply of a command that moved."""
    logged = [item._asdict() for item in stop.logged]
    text = reports.place_text(session, stop)
    return Reply(name, stop, text, {"logged": logged} if logged else None)


def still(message: str = "") -> Stop:
    """The stop of a command that does not move."""
    return Stop(StopReason.NONE, 0, message)


def asking(
    name: str, ask: Callable[[Session, str], tuple[str, Any]]
) -> Callable[[Session, str], Reply]:
    """What a command does that asks: the text for the prompt, and the plain value for JSON."""

    def run(session: Session, argument: str) -> Reply:
        text, result = ask(session, argument)
        return Reply(name, still(), text, result)

    return run


def no_argument(argument: str) -> None:
    """Raise `NoCommandError` where something follows a command that takes nothing."""
    if argument:
        raise NoCommandError(f"`{argument}` is one thing too many")


def read_line(session: Session, argument: str) -> tuple[Level, int, str]:
    """A line of a text, and what follows it.

    `7` is of the level's text, `source 7` (or `s7`) and `expansion 7` (or `e7`) of another.
    """
    match = _LINE.fullmatch(argument)
    if match is None:
        given = f", not `{argument}`" if argument else ""
        raise NoCommandError(f"give a line: 7, s7 (of the source) or e7 (of the expansion){given}")
    level = Level.SOURCE if session.level is Level.SOURCE else Level.EXPANSION
    if match[1]:
        level = Level.SOURCE if match[1].startswith("s") else Level.EXPANSION
    return level, int(match[2]), match[3] or ""

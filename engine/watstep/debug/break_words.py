"""Reading what `break` is given: a target, and the options after it (STEPPING.md B1, B2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from typing import NamedTuple

from watstep.debug.breakpoint import HIT_WORDS, Hits, Options, read_message
from watstep.debug.expression import parse_beginning
from watstep.debug.state import Level
from watstep.debug.targets import (
    ACCESS,
    READ,
    WRITE,
    ErrorTarget,
    FormTarget,
    FuelTarget,
    FunctionTarget,
    HostTarget,
    LineTarget,
    LocalTarget,
    MemoryTarget,
    Target,
    TrapTarget,
)
from watstep.errors import NoCommandError
from watstep.syntax.literals import decode_integer

_NAME = r"(\$[^\s()\"]+)"
_PLACE = r"(?:(source|s|expansion|e)\s*)?(\d{1,9})"
_NUMBER = r"(0x[0-9a-fA-F_]{1,9}|\d[\d_]{0,12})"


class Row(NamedTuple):
    """A kind of target: the words that it begins with, what follows them, and what that means."""

    words: str
    """As help shows them."""
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Level], Target]
    help: str


def _level(word: str | None, usual: Level) -> Level:
    """The text that a letter or a word before a line names."""
    if word:
        return Level.SOURCE if word.startswith("s") else Level.EXPANSION
    return Level.SOURCE if usual is Level.SOURCE else Level.EXPANSION


def _form(found: re.Match[str], level: Level) -> FormTarget:
    alone = found[0].startswith("instruction")
    return FormTarget(_level(found[1], level), int(found[2]), int(found[3]), alone)


def _number(text: str) -> int:
    value = decode_integer(text)
    if value is None:
        raise NoCommandError(f"`{text}` is no number")
    return value


def _row(words: str, pattern: str, read: Callable[[re.Match[str], Level], Target], say: str) -> Row:
    return Row(words, re.compile(rf"{pattern}(?=\s|$)"), read, say)


def _access(found: re.Match[str], level: Level) -> LocalTarget:
    return LocalTarget(found[1], found[2], found[3] or "")


def _memory(found: re.Match[str], level: Level) -> MemoryTarget:
    return MemoryTarget(found[1], _number(found[2]), max(_number(found[3] or "1"), 1))


_ACCESSES = f"({READ}|{WRITE}|{ACCESS})"
TARGETS: tuple[Row, ...] = (
    _row("LINE", _PLACE, lambda found, level: LineTarget(_level(found[1], level), int(found[2])),
         "the first statement of a line; s7 of the source, e7 of the expansion"),
    _row("statement LINE:COLUMN", rf"(?:statement\s+)?{_PLACE}:(\d{{1,9}})", _form,
         "the statement there"),
    _row("instruction LINE:COLUMN", rf"instruction\s+{_PLACE}:(\d{{1,9}})", _form,
         "a single instruction, without its operands"),
    _row("function $NAME", r"function\s+(\$?[^\s()\"]+)",
         lambda found, level: FunctionTarget(found[1]), "where a function is entered"),
    _row("host NAME", r"host\s+([a-z]\w*\.\w+)", lambda found, level: HostTarget(found[1]),
         "before a host function is called"),
    _row("error", "error", lambda found, level: ErrorTarget(),
         "after a host call that answered with an error"),
    _row("trap", "trap", lambda found, level: TrapTarget(), "where the run trapped"),
    _row("read|write|access $LOCAL [in $FUNCTION]",
         rf"{_ACCESSES}\s+{_NAME}(?:\s+in\s+(\$?[^\s()\"]+))?", _access,
         "before a local is read or written"),
    _row("read|write|access mem ADDRESS [BYTES]",
         rf"{_ACCESSES}\s+mem\s+{_NUMBER}(?:\s+{_NUMBER})?", _memory,
         "before memory is read or written"),
    _row("fuel N", rf"fuel\s+{_NUMBER}", lambda found, level: FuelTarget(_number(found[1])),
         "once less than so much fuel is left"),
)  # fmt: skip
"""Every kind of target, in the order in which help lists them."""

OPTIONS = "[if EXPRESSION] [hit|from|every N] [off] [log TEXT {EXPRESSION}]"
_FIRST_WORDS = (
    *("statement", "instruction", "function", "host", "error", "trap"),
    *(READ, WRITE, ACCESS, "fuel"),
)


def read_asked(text: str, level: Level) -> tuple[Target, Options]:
    """A target and its options; lines without a letter are of the level's text.

    Raises `NoCommandError` that says what could stand there.
    """
    text = text.strip()
    target, rest = read_target(text, level)
    return target, read_options(rest)


def read_target(text: str, level: Level) -> tuple[Target, str]:
    """The target that a text begins with, and what follows it."""
    for row in TARGETS:
        found = row.pattern.match(text)
        if found:
            return row.read(found, level), text[found.end() :].strip()
    word = text.split(" ")[0]
    known = {"mem": "memory"}.get(word, word)
    for row in TARGETS:
        if known and known in row.words.split(" ")[0].split("|"):
            same = [r.words for r in TARGETS if known in r.words.split(" ")[0].split("|")]
            raise NoCommandError(f"write `break {'` or `break '.join(same)}`, not `{text}`")
    near = get_close_matches(word, _FIRST_WORDS, 1, 0.6)
    given = f", not `{text}`" if text else ""
    hint = f": did you mean {near[0]}?" if near else ""
    raise NoCommandError(
        f"give a line, such as 7, s7 (of the source) or e7 (of the expansion), or one of "
        f"{', '.join(_FIRST_WORDS)}{given}{hint}"
    )


def read_options(text: str, before: Options | None = None) -> Options:
    """Options, in any order but that a message comes last; raises `NoCommandError`.

    Those that are not named stay as they were `before`; `if`, `hit` and `log` with nothing after
    them take theirs away.
    """
    options, rest = before or Options(), text.strip()
    while rest:
        word, _, after = rest.partition(" ")
        after = after.strip()
        if word == "log":
            return replace(options, message=read_message(after) if after else None)
        if word == "if":
            nothing = not after or after.split(" ")[0] in {*HIT_WORDS, "off", "on", "log"}
            condition, rest = (None, after) if nothing else parse_beginning(after)
            options = replace(options, condition=condition)
        elif word in HIT_WORDS:
            number, _, rest = after.partition(" ")
            options = replace(options, hits=_hits(word, number))
        elif word in {"on", "off"}:
            options, rest = replace(options, enabled=word == "on"), after
        else:
            raise NoCommandError(f"`{word}` cannot stand there; there can {OPTIONS}")
    return options


def _hits(word: str, number: str) -> Hits | None:
    if not number:
        return None
    value = decode_integer(number)
    if value is None or value < 1:
        raise NoCommandError(f"`{word}` takes a number of 1 or more, not `{number}`")
    return Hits(word, value)

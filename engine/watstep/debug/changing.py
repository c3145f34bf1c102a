"""Values changed by hand: `$x`, `stack[0]`, `mem32[16]`, `text[16]` at an instant (L7)."""

from __future__ import annotations

import re
from typing import NamedTuple

from watstep.debug.expression import parse
from watstep.debug.session import Session
from watstep.debug.state import Stop, StopReason
from watstep.errors import CommandError
from watstep.machine.change import Change, Where
from watstep.syntax.literals import decode_string
from watstep.wasm.types import PAGE_SIZE
from watstep.wasm.values import wrap

_NAME = re.compile(r"\$[^\s()\[\]=]+|local|stack|mem8|mem32|text")
_HOW = 'set takes what and a value: $x 5, local[0] 5, stack[0] 5, mem32[16] 5, text[16] "..."'


class Wanted(NamedTuple):
    """What is to be changed, and into what, as it was typed."""

    name: str
    within: str
    """What stood between brackets, "" for a local by its name."""
    value: str

    @property
    def said(self) -> str:
        """The change as one reads it."""
        target = f"{self.name}[{self.within}]" if self.within else self.name
        return f"{target} = {self.value}"


def wanted(text: str) -> Wanted:
    """Read `$x 5`, also `$x = 5`; raises `CommandError`."""
    match = _NAME.match(text)
    if match is None:
        raise CommandError(_HOW)
    name, rest, index = match[0], text[match.end() :].lstrip(), ""
    if not name.startswith("$"):
        end = _closing(rest)
        index, rest = rest[1:end].strip(), rest[end + 1 :].lstrip()
    if rest.startswith("=") and not rest.startswith("=="):
        rest = rest[1:].lstrip()
    if not rest or (not name.startswith("$") and not index):
        raise CommandError(_HOW)
    return Wanted(name, index, rest)


def _closing(text: str) -> int:
    """Where the bracket that begins a text closes."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "[") - (letter == "]")
        if not depth:
            if at:
                return at
            break
    raise CommandError(_HOW)


def change_value(session: Session, text: str) -> Stop:
    """Begin a new timeline at the position with one value changed, and look at it.

    Raises `CommandError` where there is no such value, or where nothing runs after it.
    """
    timeline, instant = session.timeline, session.position.instant
    state = session.state()
    if state.ended and not state.trap:
        raise CommandError("the run has returned here: no value can change anything any more")
    found = wanted(text)
    change = _change(session, found, instant)
    fork = timeline.forked(instant, change)
    session.timelines.fork(fork, found.said, instant)
    return session.stopped(StopReason.CHANGED)


def _change(session: Session, found: Wanted, instant: int) -> Change:
    frames = session.state().frames
    frame = frames[0]
    depth = sum(item.kind == "function" for item in frames) - 1
    if found.name == "text":
        return _text(session, found, instant)
    value = _number(session, found.value)
    if found.name in {"mem8", "mem32"}:
        size = 4 if found.name == "mem32" else 1
        if size == 1 and not -128 <= value < 256:
            raise CommandError(f"{value} does not fit a byte")
        content = wrap(value).to_bytes(4, "little")[:size]
        return _memory(session, _number(session, found.within), content, instant)
    if found.name == "stack":
        index = _number(session, found.within)
        if not -len(frame.stack) <= index < len(frame.stack):
            raise CommandError(f"the stack has {len(frame.stack)} values")
        at = index % len(frame.stack)
        return Change(instant, Where.STACK, at, wrap(value), frame=depth)
    names = [slot.name for slot in frame.locals]
    name = found.within if found.name == "local" else found.name
    if name.isdecimal() and int(name) < len(names):
        at = int(name)
    elif name in names:
        at = names.index(name)
    else:
        known = ", ".join(names) or "none"
        raise CommandError(f"there is no local `{name}` here; there is {known}")
    return Change(instant, Where.LOCAL, at, wrap(value), frame=depth)


def _number(session: Session, text: str) -> int:
    value = parse(text).value(session.scope())
    if isinstance(value, str):
        raise CommandError(f"`{text}` is a text: a number is wanted")
    if not -(1 << 31) <= value < 1 << 32:
        raise CommandError(f"{value} does not fit an i32")
    return value


def _text(session: Session, found: Wanted, instant: int) -> Change:
    """A text value, length and all, in the place of what stands there."""
    literal = found.value
    quoted = len(literal) > 1 and literal[0] == literal[-1] == '"'
    content = decode_string(literal) if quoted else None
    if content is None:
        raise CommandError('a text stands in double quotes: "héllo\\n"')
    address = _number(session, found.within)
    whole = len(content).to_bytes(4, "little") + content
    return _memory(session, address, whole, instant)


def _memory(session: Session, address: int, content: bytes, instant: int) -> Change:
    at, size = wrap(address), session.state().pages * PAGE_SIZE
    if at + len(content) > size:
        raise CommandError(f"{len(content)} bytes at {at} do not lie in the memory of {size:,}")
    return Change(instant, Where.MEMORY, at, content=content)

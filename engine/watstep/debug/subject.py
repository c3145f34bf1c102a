"""What a question is asked about, as people write it: `$x`, `stack[0]`, `mem 16 8`."""

from __future__ import annotations

import re
from typing import NamedTuple

from watstep.debug.causes import MOST_BYTES
from watstep.debug.expression import parse
from watstep.debug.session import Session
from watstep.debug.spots import InLocal, InMemory, OnStack, Spot
from watstep.errors import CommandError, NoCommandError
from watstep.wasm.values import wrap

_TARGET = re.compile(
    r"(?P<local>\$\S+|\d+)|stack\s*\[\s*(?P<slot>-?\d+)\s*\]|mem32\s*\[(?P<word>[^\]]+)\]"
    r"|mem\s+(?P<address>\S+)(?:\s+(?P<length>\d+))?"
)
_WANTED = "a local, `stack[0]`, or `mem ADDRESS [BYTES]`"


class Asked(NamedTuple):
    """A spot at the session's position, as it was named, and what followed it."""

    spot: Spot
    name: str
    rest: str


def target(session: Session, argument: str) -> Asked:
    """Read what a question is about.

    Raises `NoCommandError` for what names nothing, `CommandError` for what is not there now.
    """
    match = _TARGET.match(argument)
    if match is None or argument[match.end() : match.end() + 1].strip():
        given = f", not `{argument}`" if argument else ""
        raise NoCommandError(f"give {_WANTED}{given}")
    rest = argument[match.end() :].strip()
    return Asked(_spot(session, match), " ".join(match[0].split()), rest)


def _spot(session: Session, match: re.Match[str]) -> Spot:
    instant = session.position.instant
    session.timeline.seek_machine(instant)
    machine = session.timeline.machine
    function, _, _, stack = machine.top
    depth = len(machine.frames)
    if match["local"]:
        return InLocal(instant, depth, _local(session, function, match["local"]))
    if match["slot"]:
        slot = int(match["slot"])
        if not -len(stack) <= slot < len(stack):
            raise CommandError(f"the stack has {len(stack)} values")
        return OnStack(instant, depth, slot % len(stack))
    value = parse(match["word"] or match["address"]).value(session.scope())
    if isinstance(value, str):
        raise CommandError("a text stands where an address must")
    length = int(match["length"] or 4)
    address = wrap(value)
    if not 0 < length <= MOST_BYTES:
        raise CommandError(f"a range is of 1 to {MOST_BYTES:,} bytes")
    if address + length > machine.size():
        raise CommandError(f"address {address + length - 1} is outside the memory")
    return InMemory(instant, address, length)


def _local(session: Session, function: int, name: str) -> int:
    locals_ = session.program.function(function).locals
    names = [local.name or str(number) for number, local in enumerate(locals_)]
    if name in names:
        return names.index(name)
    known = f"there is {', '.join(names)}" if names else "it has none"
    raise CommandError(f"there is no local {name} in this frame; {known}")

"""Where something stands in the memory at the position, or in the trace of the run."""

from __future__ import annotations

from itertools import chain

from watstep.debug.armed import NOTHING
from watstep.debug.search import Search
from watstep.debug.session import Session
from watstep.debug.tracing import matching
from watstep.errors import CommandError
from watstep.syntax.literals import decode_integer

MOST_FOUND = 100


def pattern(text: str) -> bytes:
    """The bytes that are looked for: a number is its i32, `"text"` or a word is its UTF-8.

    Raises `CommandError` where there is nothing to be looked for.
    """
    number = decode_integer(text)
    if number is not None and -(1 << 31) <= number < 1 << 32:
        return (number & 0xFFFFFFFF).to_bytes(4, "little")
    content = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    if not content:
        raise CommandError('find takes a number, a word or a "text"')
    return content.encode("utf-8", "surrogateescape")


def in_memory(session: Session, wanted: bytes) -> tuple[int, ...]:
    """The addresses at which bytes stand at the position, in order, `MOST_FOUND` at most."""
    session.timeline.seek_machine(session.position.instant)
    memory = session.timeline.machine.memory
    found: list[int] = []
    at = memory.find(wanted)
    while at >= 0 and len(found) < MOST_FOUND:
        found.append(at)
        at = memory.find(wanted, at + 1)
    return tuple(found)


def next_in_memory(session: Session, wanted: bytes, at: int, *, before: bool) -> int | None:
    """The next address after `at`, or the one before it, round the end; None for none."""
    session.timeline.seek_machine(session.position.instant)
    memory = session.timeline.machine.memory
    if before:
        found = memory.rfind(wanted, 0, max(at + len(wanted) - 1, 0))
        found = memory.rfind(wanted) if found < 0 else found
    else:
        found = memory.find(wanted, at + 1)
        found = memory.find(wanted) if found < 0 else found
    return None if found < 0 else found


def in_trace(session: Session, text: str, at: int, *, before: bool) -> int | None:
    """The next instant whose instruction holds a text, or the one before; None for none.

    It goes round the ends of what was run. A long search ends when the session is interrupted.
    """
    timeline, places = session.timeline, matching(session.program, text)
    if not places:
        return None
    timeline.interrupted = False
    search = Search(timeline, NOTHING, frozenset())
    if before:
        # The row of an instant is the instruction that stood at the one before it.
        found = search.last_before(at - 1, places)
        if found is None and not timeline.interrupted:
            found = search.last_before(timeline.frontier, places)
    else:
        rounds = ((at, timeline.frontier), (0, at))
        stops = chain.from_iterable(search.stops_between(*part, places) for part in rounds)
        found = next((visit.instant for visit in stops), None)
    return None if found is None or timeline.interrupted else found + 1

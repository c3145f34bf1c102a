"""Whose bytes the memory holds at an instant: strings, answers of the host, the heap (L2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from watstep.host.live import heap_start
from watstep.host.tape import HostCall
from watstep.pipeline import Program
from watstep.source.text import Span

HEAP = "heap"


class Region(NamedTuple):
    """Bytes from `start` up to `end`, and who put them there."""

    start: int
    end: int
    label: str
    """`http.get at 10`, `heap`, or "" where `form` says it."""
    form: Span | None = None
    """The form of the source that the bytes are of: a string, a data segment."""


def regions(
    program: Program, calls: Sequence[HostCall], first: int, after: int
) -> tuple[Region, ...]:
    """The regions that touch the bytes `first` up to `after`, the latest first."""
    found = []
    for call in reversed(calls):
        for write in call.writes:
            end = write.address + len(write.content)
            if write.address < after and end > first:
                found.append(Region(write.address, end, f"{call.function} at {call.instant}"))
    for data in program.module.data:
        end = data.address + len(data.content)
        if data.address < after and end > first:
            form = program.rendering.source_span(data.span)
            found.append(Region(data.address, end, "", form))
    begin = heap_start(program.module)
    if calls and calls[-1].heap > begin:
        found.append(Region(begin, calls[-1].heap, HEAP))
    return tuple(found)

"""What happened here: a stretch of instants, by what it changed, called, wrote and used."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from watstep.debug.armed import NOTHING
from watstep.debug.places import Places
from watstep.debug.search import Search
from watstep.debug.spots import Sites
from watstep.debug.state import MemoryRange
from watstep.host.tape import HostCall
from watstep.machine.machine import MachineState
from watstep.machine.timeline import Timeline

MOST_RANGES = 1_000
"""How many ranges of memory are told apart; beyond that near ones are told as one."""


class LocalChange(NamedTuple):
    """A local that differs at the two ends, of a frame that is there at both."""

    function: int
    depth: int
    """The callers of its frame."""
    name: str
    before: int
    after: int
    """Both 0 to 2**32-1."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What happened from the instant `first` to the instant `last`."""

    first: int
    last: int
    locals: tuple[LocalChange, ...]
    memory: tuple[MemoryRange, ...]
    """Bytes that were written, whatever they held before, in order."""
    calls: tuple[HostCall, ...]
    entered: tuple[tuple[int, int], ...]
    """Functions of the program that were called, by index, and how often."""
    fuel: int
    pages: int
    """By how much the memory grew."""
    depths: tuple[int, int]
    """Program frames at both ends."""


def happened(
    timeline: Timeline, places: Places, sites: Sites, ends: tuple[int, int]
) -> Stretch | None:
    """What happened between two instants within the frontier; None where it was interrupted."""
    first, last = sorted(ends)
    search = Search(timeline, NOTHING)
    written, entered = _Written(), Counter[int]()
    machine = timeline.machine
    for instant, place, _, _ in search.stops_between(first, last, sites.stores | places.calls):
        timeline.reached = instant
        touched = sites.touched(place, machine.top[3])
        if touched is not None:
            written.add(*touched)
            continue
        called = sites.instruction(place).immediate
        assert isinstance(called, int)
        entered[called] += 1
    if timeline.interrupted:
        return None
    before, after = timeline.seek(first), timeline.seek(last)
    calls = tuple(timeline.tape[before.calls_made : after.calls_made])
    for call in calls:
        for write in call.writes:
            written.add(write.address, write.address + len(write.content))
    return Stretch(
        first,
        last,
        _locals(timeline, before, after),
        written.ranges(),
        calls,
        tuple(sorted(entered.items())),
        after.fuel - before.fuel,
        after.pages - before.pages,
        (len(before.frames), len(after.frames)),
    )


class _Written:
    """Ranges of bytes, joined where they touch."""

    def __init__(self) -> None:
        self._pending: set[tuple[int, int]] = set()

    def add(self, start: int, end: int) -> None:
        """Bytes that were written."""
        self._pending.add((start, end))
        if len(self._pending) > 16 * MOST_RANGES:
            self._pending = set(self.ranges())

    def ranges(self) -> tuple[MemoryRange, ...]:
        """All of them, in order; of very many those with the smallest gaps are one."""
        joined: list[MemoryRange] = []
        for start, end in sorted(self._pending):
            if joined and start <= joined[-1].end:
                joined[-1] = joined[-1]._replace(end=max(joined[-1].end, end))
            else:
                joined.append(MemoryRange(start, end))
        if len(joined) <= MOST_RANGES:
            return tuple(joined)
        gaps = sorted(b.start - a.end for a, b in pairwise(joined))
        bridged = gaps[len(joined) - MOST_RANGES]
        wide = [joined[0]]
        for found in joined[1:]:
            if found.start - wide[-1].end <= bridged:
                wide[-1] = wide[-1]._replace(end=found.end)
            else:
                wide.append(found)
        return tuple(wide)


def _locals(
    timeline: Timeline, before: MachineState, after: MachineState
) -> tuple[LocalChange, ...]:
    """The locals that differ, of the frames that both ends have, the innermost frame first."""
    found = []
    pairs = list(enumerate(zip(before.frames, after.frames, strict=False)))
    for depth, (old, new) in reversed(pairs):
        if old.function != new.function:
            continue
        names = timeline.program.function(new.function).locals
        for number, (one, other) in enumerate(zip(old.locals, new.locals, strict=True)):
            if one != other:
                name = names[number].name or str(number)
                found.append(LocalChange(new.function, depth, name, int(one), int(other)))
    return tuple(found)

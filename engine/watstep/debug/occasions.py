"""When does this run: all instants of a line, a host function, an access to memory, a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from watstep.debug.armed import NOTHING
from watstep.debug.places import Place
from watstep.debug.search import Search
from watstep.debug.spots import Sites
from watstep.host.tape import HostCall
from watstep.machine.timeline import Timeline

MOST_OCCASIONS = 10_000
"""How many are told; the others are counted."""


class Difference(NamedTuple):
    """A local that is another than at the occasion before."""

    name: str
    value: int
    """0 to 2**32-1."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One instant at which it happens: the cursor stands at what does it."""

    instant: int
    place: Place | None
    differing: tuple[Difference, ...] = ()
    """The locals that differ from those of the occasion before, all at the first one."""
    call: HostCall | None = None
    """Of a host call, or of one that wrote to the memory."""
    access: str = ""
    """`reads` or `writes`."""


@dataclass(frozen=True, slots=True)
class Occasions:
    """All of them up to the frontier, in order; of very many the first ones."""

    told: tuple[Occasion, ...]
    count: int
    whole: bool = True
    """Whether the run was searched to its frontier, and not interrupted."""


class _Noting:
    """Takes occasions as they are found, and counts those that are too many."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.told: list[Occasion] = []
        self.count = 0
        self._before: tuple[int, list[int]] | None = None

    def note(self, place: Place | None, call: HostCall | None = None, access: str = "") -> None:
        """One where the machine stands."""
        self.count += 1
        if self.count <= MOST_OCCASIONS:
            instant = self.timeline.machine.step
            self.told.append(Occasion(instant, place, self._differing(), call, access))

    def _differing(self) -> tuple[Difference, ...]:
        function, _, locals_, _ = self.timeline.machine.top
        before, self._before = self._before, (function, locals_[:])
        known = before[1] if before and before[0] == function else None
        names = self.timeline.program.function(function).locals
        return tuple(
            Difference(name.name or str(number), int(value))
            for number, (name, value) in enumerate(zip(names, locals_, strict=True))
            if known is None or known[number] != value
        )

    def answer(self) -> Occasions:
        whole = not self.timeline.interrupted
        return Occasions(tuple(self.told), self.count, whole)


def of_places(timeline: Timeline, places: frozenset[Place], loops: frozenset[Place]) -> Occasions:
    """When one of some places is come to; at the operand `loops` where control falls in alone."""
    noting = _Noting(timeline)
    for place in _stops(timeline, places, loops):
        noting.note(place)
    return noting.answer()


def of_host(timeline: Timeline, function: str) -> Occasions:
    """When a host function is called: those whose name it is, or the beginning of it."""
    found = [
        Occasion(call.instant - 1, None, call=call)
        for call in timeline.tape
        if call.instant is not None
        and call.instant <= timeline.frontier
        and (call.function == function or call.function.startswith(f"{function}."))
    ]
    return Occasions(tuple(found[:MOST_OCCASIONS]), len(found))


def of_memory(timeline: Timeline, sites: Sites, address: int, length: int) -> Occasions:
    """When bytes are read or written, by instructions and by host calls."""
    noting = _Noting(timeline)
    machine, end = timeline.machine, address + length
    calls = frozenset(
        Place(function.index, pc)
        for function in sites.program.module.functions
        for pc, instruction in enumerate(function.body)
        if instruction.name == "call"
        and isinstance(instruction.immediate, int)
        and instruction.immediate < sites.imported
    )
    for place in _stops(timeline, sites.loads | sites.stores | calls):
        if place in calls:
            made = timeline.tape[machine.calls_made : machine.calls_made + 1]
            for call in made:
                writes = call.writes
                if any(w.address < end and w.address + len(w.content) > address for w in writes):
                    noting.note(place, call, "writes")
            continue
        touched = sites.touched(place, machine.top[3])
        if touched is not None and touched[0] < end and touched[1] > address:
            noting.note(place, access="writes" if place in sites.stores else "reads")
    return noting.answer()


def of_local(timeline: Timeline, sites: Sites, function: int, local: int) -> Occasions:
    """When a local of a function is read or written, in whichever frame."""
    noting, setters = _Noting(timeline), sites.setters(function, local)
    for place in _stops(timeline, setters | sites.getters(function, local)):
        noting.note(place, access="writes" if place in setters else "reads")
    return noting.answer()


def of_condition(
    timeline: Timeline, places: frozenset[Place], holds: Callable[[], bool | None]
) -> Occasions:
    """When something comes to hold, as it is asked at the beginning of each statement.

    Where it cannot be told (None), as in a function that lacks a local, it is as it was before.
    """
    noting, held = _Noting(timeline), False
    for place in _stops(timeline, places):
        now = holds()
        if now and not held:
            noting.note(place)
        held = held if now is None else now
    return noting.answer()


def _stops(
    timeline: Timeline, places: frozenset[Place], loops: frozenset[Place] = frozenset()
) -> Iterator[Place]:
    """The places among some that the run comes to, in order, the machine standing there."""
    search = Search(timeline, NOTHING, loops)
    for visit in search.stops_between(0, timeline.frontier, places):
        timeline.reached = visit.instant
        yield visit.place
    timeline.seek_machine(timeline.frontier)
    last = Place(*timeline.machine.top[:2])
    # Where the run trapped, or was not run any further, an instruction stands that is not done.
    waits = not timeline.interrupted and not timeline.machine.ended
    if waits and last in places and search.begins(last):
        yield last

"""Where in a run some fuel is used: its use only grows, so no instant is asked twice."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from watstep.debug.places import Place
from watstep.machine.loop import Reason
from watstep.machine.machine import Machine
from watstep.machine.timeline import Timeline

FAR = 1 << 62
_DEAREST = 2
"""The units that an instruction uses at most, a `memory.grow` aside (STEPPING.md P3)."""


def no_later_than(machine: Machine, units: int) -> int:
    """An instant up to which a machine may run without passing the one where `units` are used.

    It must stop before each `memory.grow`. FAR where they are used already.
    """
    left = units - machine.fuel
    return machine.step + max(left // _DEAREST, 1) if left > 0 else FAR


def first_instant(
    timeline: Timeline, units: int, grows: frozenset[Place], *, live: bool = False
) -> int | None:
    """The first instant at which `units` of fuel are used; None where there is none as yet.

    The timeline's machine is left there. With `live` the run is gone on with where need be. None
    too where that was interrupted.
    """
    timeline.seek_machine(timeline.history.latest_below(units))
    machine = timeline.machine
    codes = machine.code.stopped_at(grows)
    while machine.fuel < units:
        before = machine.step
        limit = FAR if live else timeline.frontier
        if before >= limit or timeline.interrupted or timeline.waiting:
            return None
        limit = min(limit, no_later_than(machine, units))
        if Place(machine.top[0], machine.top[1]) in grows:
            reason = timeline.advance(before + 1, live=live)
        else:
            reason = timeline.advance(limit, live=live, codes=codes)
        if machine.step == before and reason is not Reason.STOPPED:
            return None
    return machine.step


class Crossing:
    """The instant at which some units are used for the first time, found once a timeline."""

    def __init__(self, units: int, grows: frozenset[Place]) -> None:
        """Of `units`, in a program with these `memory.grow`."""
        self.units, self.grows = units, grows
        self._known: WeakKeyDictionary[Timeline, int] = WeakKeyDictionary()

    def is_here(self, timeline: Timeline) -> bool:
        """Whether the timeline's machine stands there."""
        here = timeline.machine.step
        if timeline.machine.fuel < self.units:
            return False
        if timeline not in self._known:
            found = first_instant(timeline, self.units, self.grows)
            timeline.seek_machine(here)
            if found is None:
                return False
            self._known[timeline] = found
        return self._known[timeline] == here

"""How densely a run loops: rounds of loops by stretches of the run, found bit by bit by samples."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from watstep.debug.places import Place
from watstep.machine.decode import Codes
from watstep.machine.loop import Reason
from watstep.machine.timeline import Timeline

PARTS = 128
"""A stretch is looked at in so many parts at most."""
LEAST = 16
"""Instants of the smallest part."""
SAMPLE = 500
"""Instants at the beginning of a part that are counted for all of it."""
AT_ONCE = 100_000
"""Instants that are run at once; a key waits no longer than for these."""


class Rates(NamedTuple):
    """Rounds of loops for each instant, in parts of equal size from the instant 0 on."""

    size: int
    known: dict[int, float]
    """By the number of the part."""

    def rounds(self, first: int, after: int) -> float:
        """About how many rounds begin from an instant up to another; 0 where it is not known."""
        return self.known.get(first // self.size, 0.0) * max(after - first, 1)


class Density:
    """What is known of one timeline; parts are of powers of two, so that they outlive a frontier.

    The timeline's machine is left anywhere.
    """

    def __init__(self, timeline: Timeline) -> None:
        """Nothing is known yet."""
        self.timeline = timeline
        self._rates: dict[int, Rates] = {}

    def known(self, first: int, last: int) -> Rates:
        """What is known of a stretch: a new value whenever that is more."""
        size = _size(last - first)
        return self._rates.setdefault(size, Rates(size, {}))

    def search(self, first: int, last: int) -> bool:
        """Look at the next part of a stretch; False where none is left."""
        rates = self.known(first, last)
        size, timeline = rates.size, self.timeline
        if not self._branches:
            return False
        for number in range(first // size, last // size + 1):
            after = (number + 1) * size
            whole = after <= timeline.frontier or timeline.end is not None
            if number not in rates.known and whole and number * size < timeline.frontier:
                if timeline.visit(number * size, AT_ONCE):
                    until = min(after, number * size + SAMPLE, timeline.frontier)
                    rate = self._rounds(until) / (until - number * size)
                    self._rates[size] = Rates(size, {**rates.known, number: rate})
                return True
        return False

    @cached_property
    def _branches(self) -> frozenset[Place]:
        """The branches of a program that loops."""
        functions = self.timeline.program.module.functions
        if not any(at.name == "loop" for function in functions for at in function.body):
            return frozenset()
        return frozenset(
            Place(function.index, pc)
            for function in functions
            for pc, at in enumerate(function.body)
            if at.name in {"br", "br_if", "br_table"}
        )

    @cached_property
    def _stopping(self) -> Codes:
        return self.timeline.machine.code.stopped_at(self._branches)

    def _rounds(self, until: int) -> int:
        """The branches backwards that are taken from where the machine stands to an instant."""
        timeline, machine, found = self.timeline, self.timeline.machine, 0
        while machine.step < until:
            before = machine.step
            reason = timeline.advance(until, live=False, codes=self._stopping)
            if reason is Reason.STOPPED:
                function, pc, _, _ = machine.top
                callers = len(machine.frames)
                timeline.advance(machine.step + 1, live=False)
                same = (machine.top[0], len(machine.frames)) == (function, callers)
                found += same and machine.top[1] < pc
            if machine.step == before:
                break
        return found


def _size(instants: int) -> int:
    """Instants of a part of a stretch."""
    size = LEAST
    while instants > size * PARTS:
        size *= 2
    return size

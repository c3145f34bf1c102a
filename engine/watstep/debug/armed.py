"""The enabled breakpoints as one predicate on an instant (STEPPING.md B1, B2, S8)."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from watstep.debug.breakpoint import Breakpoint
from watstep.debug.fuel import FAR, no_later_than
from watstep.debug.places import Place
from watstep.debug.scope import MachineScope
from watstep.debug.state import Logged
from watstep.errors import CommandError
from watstep.machine.timeline import Timeline


class Hit(NamedTuple):
    """A breakpoint that holds, and the sentence that says so."""

    number: int
    why: str


@dataclass
class Tally:
    """The instants at which a counted breakpoint holds, in order, as far as was searched."""

    searched: int = 0
    """All instants before it were searched."""
    instants: array[int] = field(default_factory=lambda: array("q"))

    def note(self, instant: int) -> int:
        """How many times it held up to an instant at which it does; what is before was searched."""
        if instant >= self.searched:
            self.instants.append(instant)
            self.searched = instant + 1
            return len(self.instants)
        return bisect_right(self.instants, instant)


NO_PLACES: frozenset[Place] = frozenset()
Tallies = Mapping[tuple[object, object], Tally]


class Armed:
    """Asked at the instants where a machine stands; it moves nothing that is seen."""

    def __init__(self, breakpoints: Iterable[Breakpoint], tallies: Tallies | None = None) -> None:
        """Of those that are enabled; counts that are known already are taken over."""
        self.breakpoints = tuple(b for b in breakpoints if b.enabled)
        self.places = NO_PLACES.union(*(b.trigger.places for b in self.breakpoints))
        self.tallies = {
            _key(b): (tallies or {}).get(_key(b), Tally())
            for b in self.breakpoints
            if b.options.hits
        }
        self.foresees = any(b.trigger.foresees for b in self.breakpoints)
        self._at: dict[Place, list[Breakpoint]] = {}
        self._scope: MachineScope | None = None
        self._anywhere = [b for b in self.breakpoints if b.trigger.after]
        for item in self.breakpoints:
            if not item.trigger.after:
                for place in item.trigger.places:
                    self._at.setdefault(place, []).append(item)
        self._units = sorted(
            b.trigger.units for b in self.breakpoints if b.trigger.units is not None
        )

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.breakpoints)

    def limit(self, timeline: Timeline) -> int:
        """An instant up to which a machine may run without passing one that places do not tell."""
        limits = (no_later_than(timeline.machine, units) for units in self._units)
        return min(limits, default=FAR)

    def stops(self, timeline: Timeline, *, begins: bool) -> tuple[Hit, ...]:
        """Those that hold where the machine stands and do more than to log.

        What `begins` there is told by whoever searches. Every instant before was searched for
        those that are counted.
        """
        hits: list[Hit] = []
        for item, scope, failure in self._holding(timeline, begins):
            if failure is None and item.options.message:
                failure = _failure_of_message(item, scope)
                if failure is None:
                    continue
            said = f"breakpoint {item.number}: {item.target.words}"
            hits.append(Hit(item.number, f"{said}: {failure}" if failure else said))
        return tuple(hits)

    def logged(self, timeline: Timeline, *, begins: bool) -> Iterator[Logged]:
        """What is logged where the machine stands."""
        for item, scope, failure in self._holding(timeline, begins):
            if item.options.message:
                if failure is None:
                    try:
                        text = item.options.message.filled(scope)
                    except CommandError as refused:
                        failure, text = str(refused), ""
                text = text if failure is None else f"it has no value: {failure}"
                yield Logged(timeline.machine.step, item.number, text)

    def alone(self, key: tuple[object, object]) -> Armed:
        """The breakpoint that a tally belongs to, as an uncounted one."""
        item = next(b for b in self.breakpoints if _key(b) == key)
        return Armed((_uncounted(item),))

    def _holding(
        self, timeline: Timeline, begins: bool
    ) -> Iterator[tuple[Breakpoint, MachineScope, str | None]]:
        """Those that hold, and why one cannot be evaluated where that is so."""
        machine = timeline.machine
        place = Place(machine.top[0], machine.top[1])
        candidates = self._at.get(place)
        if not candidates and not self._anywhere:
            return
        if self._scope is None or self._scope.machine is not machine:
            self._scope = MachineScope(timeline.program, machine)
        scope = self._scope
        for item in (*(candidates or ()), *self._anywhere):
            trigger = item.trigger
            if (trigger.begins and not begins) or (trigger.check and not trigger.check(timeline)):
                continue
            condition, failure = item.options.condition, None
            if condition:
                try:
                    if not condition.value(scope):
                        continue
                except CommandError as refused:
                    failure = f"`{condition.text}` has no value: {refused}"
            if failure is None and item.options.hits:
                time = self.tallies[_key(item)].note(machine.step)
                if not item.options.hits.counts(time):
                    continue
            yield item, scope, failure


def _failure_of_message(item: Breakpoint, scope: MachineScope) -> str | None:
    try:
        if item.options.message:
            item.options.message.filled(scope)
    except CommandError as refused:
        return str(refused)
    return None


def _key(item: Breakpoint) -> tuple[object, object]:
    """What a tally counts: wherever a target holds under a condition."""
    return item.target, item.options.condition


def _uncounted(item: Breakpoint) -> Breakpoint:
    return replace(item, options=replace(item.options, hits=None, message=None))


NOTHING = Armed(())
"""No breakpoint."""

"""Moving along a timeline to the next or the last instant at which something holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from watstep.debug.places import Place
from watstep.machine.loop import Reason
from watstep.machine.timeline import Codes, Timeline

FAR = 1 << 62

Accept = Callable[[Place, int], bool]
"""Asked with the place of the cursor and the number of callers of its frame."""


class Found(Enum):
    """Why a search ended."""

    STOP = "stop"
    BREAKPOINT = "breakpoint"
    END = "end"
    INTERRUPTED = "interrupted"


@dataclass
class Search:
    """Searches one timeline; `breakpoints` end every forward search (STEPPING.md S8)."""

    timeline: Timeline
    breakpoints: frozenset[Place]

    def _codes(self, places: frozenset[Place]) -> Codes:
        wanted = frozenset((place.function, place.pc) for place in places | self.breakpoints)
        return self.timeline.machine.code.stopped_at(wanted)

    def _here(self) -> tuple[Place, int]:
        machine = self.timeline.machine
        return Place(machine.top[0], machine.top[1]), len(machine.frames)

    def forward(
        self, places: frozenset[Place], accept: Accept, deepest: int | None = None
    ) -> Found:
        """Go on, live where need be, to the next place that is accepted.

        Frames with more than `deepest` callers hold none, and are run through at full speed. The
        timeline's machine is left at the instant that was found.
        """
        timeline = self.timeline
        timeline.interrupted = False
        stopping = self._codes(places)
        quiet = self._codes(frozenset())
        self._leave_place(live=True)
        while not self._at_end():
            place, depth = self._here()
            if place in self.breakpoints:
                return Found.BREAKPOINT
            too_deep = deepest is not None and depth > deepest
            if not too_deep and place in places and accept(place, depth):
                return Found.STOP
            if timeline.interrupted:
                return Found.INTERRUPTED
            if place in places:
                self._leave_place(live=True)
                continue
            floor = deepest if too_deep and deepest is not None else -1
            timeline.advance(FAR, live=True, codes=quiet if too_deep else stopping, floor=floor)
        return Found.END

    def until_left(self, callers: int, still_inside: Accept) -> Found:
        """Go on until a frame with `callers` callers was left, or its cursor is outside."""
        timeline = self.timeline
        timeline.interrupted = False
        quiet = self._codes(frozenset())
        first = True
        while not self._at_end():
            place, depth = self._here()
            if depth < callers or (depth == callers and not still_inside(place, depth)):
                return Found.STOP
            if place in self.breakpoints and not first:
                return Found.BREAKPOINT
            if timeline.interrupted:
                return Found.INTERRUPTED
            first = False
            self._leave_place(live=True)
            _, depth = self._here()
            if depth > callers and not self._at_end():
                timeline.advance(FAR, live=True, codes=quiet, floor=callers)
        return Found.END

    def last_before(self, instant: int, places: frozenset[Place], accept: Accept) -> int | None:
        """The last instant before `instant` whose place is accepted; None where none is."""
        timeline = self.timeline
        timeline.interrupted = False
        sought = Search(timeline, places)
        for start, end in timeline.windows_before(instant):
            stops = sought.stops_between(start, end)
            found = [at for at, place, depth in stops if accept(place, depth)][-1:]
            if found or timeline.interrupted:
                return found[0] if found else None
        return None

    def stops_between(self, first: int, last: int) -> Iterator[tuple[int, Place, int]]:
        """Each instant from `first` up to `last` at which a breakpoint stands, in order.

        With it come the place and the number of callers. Nothing is run that was not run before.
        """
        timeline, machine = self.timeline, self.timeline.machine
        codes = self._codes(frozenset())
        timeline.seek_machine(first)
        while machine.step < last and not timeline.interrupted:
            place, depth = self._here()
            if place in self.breakpoints:
                yield machine.step, place, depth
                self._leave_place(live=False)
                continue
            before = machine.step
            reason = timeline.advance(last, live=False, codes=codes)
            if machine.step == before and reason is not Reason.STOPPED:
                break

    def _leave_place(self, *, live: bool) -> None:
        """Execute one instruction, whatever stop stands on it."""
        self.timeline.advance(self.timeline.machine.step + 1, live=live)

    def _at_end(self) -> bool:
        timeline = self.timeline
        return timeline.end is not None and timeline.machine.step >= timeline.end

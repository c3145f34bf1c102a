"""Moving along a timeline to the next or the last instant at which something holds."""

from __future__ import annotations

from collections.abc import Callable
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
        codes = Search(timeline, frozenset())._codes(places)
        for start, end in timeline.windows_before(instant):
            timeline.seek_machine(start)
            found = self._last_in_window(end, places, accept, codes)
            if found is not None or timeline.interrupted:
                return found
        return None

    def _last_in_window(
        self, end: int, places: frozenset[Place], accept: Accept, codes: Codes
    ) -> int | None:
        timeline, machine = self.timeline, self.timeline.machine
        found: int | None = None
        while machine.step < end and not timeline.interrupted:
            place, depth = self._here()
            if place in places:
                if accept(place, depth):
                    found = machine.step
                self._leave_place(live=False)
                continue
            before = machine.step
            reason = timeline.advance(end, live=False, codes=codes)
            if machine.step == before and reason is not Reason.STOPPED:
                break
        return found

    def _leave_place(self, *, live: bool) -> None:
        """Execute one instruction, whatever stop stands on it."""
        self.timeline.advance(self.timeline.machine.step + 1, live=live)

    def _at_end(self) -> bool:
        timeline = self.timeline
        return timeline.end is not None and timeline.machine.step >= timeline.end

"""Moving along a timeline to the next or the last instant at which something holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from watstep.debug.places import Place
from watstep.machine.loop import Reason
from watstep.machine.timeline import Timeline

FAR = 1 << 62
STRETCHES = (100, 1_000, 10_000)
"""Instants that a backward search looks at first: what is sought is most often near."""

Accept = Callable[[Place, int], bool]
"""Asked with the place of the cursor and the number of callers of its frame."""


def anywhere(place: Place, callers: int) -> bool:
    """Accept every place."""
    return True


class Found(Enum):
    """Why a search ended."""

    STOP = "stop"
    BREAKPOINT = "breakpoint"
    END = "end"
    INTERRUPTED = "interrupted"
    ASKED = "asked"
    """A call waits for a person's answer."""


@dataclass(frozen=True)
class Search:
    """Searches one timeline; `armed` is where breakpoints end a search on its way (S8).

    At the `operand_loops` something begins only where control falls in, not where it comes round.
    """

    timeline: Timeline
    armed: frozenset[Place]
    operand_loops: frozenset[Place] = frozenset()

    def forward(
        self,
        places: frozenset[Place] = frozenset(),
        accept: Accept = anywhere,
        *,
        deepest: int = FAR,
        leaving: int = 0,
    ) -> Found:
        """Go on, live where need be, to the next place that is accepted.

        Frames with more than `deepest` callers hold none and are run through at full speed. A
        frame with fewer than `leaving` callers is a stop wherever its cursor stands. The
        timeline's machine is left at the instant that was found.
        """
        timeline, machine = self.timeline, self.timeline.machine
        stopping = machine.code.stopped_at(places, self.armed)
        quiet = machine.code.stopped_at(self.armed)
        instant = machine.step
        self._leave_place(live=True)
        if machine.step == instant and not timeline.waiting:
            return Found.END if self._at_end() else Found.INTERRUPTED
        while not timeline.waiting:
            place, callers = self._here()
            if self.holds(place):
                return Found.BREAKPOINT
            if self._at_end():
                return Found.END
            wanted = place in places and callers <= deepest and self._begins(place)
            if callers < leaving or (wanted and accept(place, callers)):
                return Found.STOP
            if timeline.interrupted:
                return Found.INTERRUPTED
            if place in places or place in self.armed:
                self._leave_place(live=True)
                continue
            codes, floor = (quiet, deepest) if callers > deepest else (stopping, leaving - 1)
            timeline.advance(FAR, live=True, codes=codes, floor=floor)
        return Found.ASKED

    def last_before(
        self,
        instant: int,
        places: frozenset[Place] = frozenset(),
        accept: Accept = anywhere,
        *,
        deepest: int = FAR,
        since: int = 0,
    ) -> int | None:
        """The last instant before `instant` at which a breakpoint stands or a place is accepted.

        None where there is none from `since` on, or where the search was interrupted.
        """
        for start, end in self._stretches_before(instant, since):
            self.timeline.reached = end
            found = None
            for at, place, callers in self.stops_between(start, end, places, deepest=deepest):
                if place in self.armed or accept(place, callers):
                    found = at
            if self.timeline.interrupted:
                return None
            if found is not None:
                return found
        return None

    def _stretches_before(self, instant: int, since: int) -> Iterator[tuple[int, int]]:
        """Stretches (from, to) that cover the instants from `since` to `instant`, the latest first.

        After the first short ones they lie between checkpoints, so that nothing is run twice.
        """
        sizes = iter(STRETCHES)
        size = next(sizes)
        for begin, end in self.timeline.windows_before(instant):
            if end <= since:
                break
            after, start = end, max(begin, since)
            while size and after - start > 2 * size:
                yield after - size, after
                after -= size
                size = next(sizes, 0)
            yield start, after

    def stops_between(
        self, first: int, last: int, places: frozenset[Place] = frozenset(), *, deepest: int = FAR
    ) -> Iterator[tuple[int, Place, int]]:
        """Each instant from `first` up to `last` at a breakpoint or one of `places`, in order.

        With it come the place and the number of callers. Frames with more than `deepest` callers
        hold breakpoints alone. Nothing is run that was not run before.
        """
        timeline, machine = self.timeline, self.timeline.machine
        stopping = machine.code.stopped_at(places, self.armed)
        quiet = machine.code.stopped_at(self.armed)
        timeline.seek_machine(first)
        while machine.step < last and not timeline.interrupted:
            place, callers = self._here()
            too_deep = callers > deepest
            if place in self.armed or (place in places and not too_deep):
                if self._begins(place):
                    yield machine.step, place, callers
                self._leave_place(live=False)
                continue
            before = machine.step
            codes, floor = (quiet, deepest) if too_deep else (stopping, -1)
            reason = timeline.advance(last, live=False, codes=codes, floor=floor)
            if machine.step == before and reason is not Reason.STOPPED:
                break

    def holds(self, place: Place) -> bool:
        """Whether a breakpoint holds at the cursor, which is at `place`."""
        return place in self.armed and self._begins(place)

    def _begins(self, place: Place) -> bool:
        """Whether what starts at the cursor begins now, and is not a loop inside it come round."""
        if place not in self.operand_loops:
            return True
        timeline = self.timeline
        instant, callers = timeline.machine.step, len(timeline.machine.frames)
        if instant == 0:
            return True
        timeline.seek_machine(instant - 1)
        before, depth = self._here()
        timeline.seek_machine(instant)
        return (before.function, depth) != (place.function, callers) or before.pc < place.pc

    def _here(self) -> tuple[Place, int]:
        machine = self.timeline.machine
        return Place(machine.top[0], machine.top[1]), len(machine.frames)

    def _leave_place(self, *, live: bool) -> None:
        """Execute one instruction, whatever stop stands on it."""
        self.timeline.advance(self.timeline.machine.step + 1, live=live)

    def _at_end(self) -> bool:
        timeline = self.timeline
        return timeline.end is not None and timeline.machine.step >= timeline.end

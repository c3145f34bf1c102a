"""Moving along a timeline to the next or the last instant at which something holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from watstep.debug.armed import Armed, Hit
from watstep.debug.fuel import FAR
from watstep.debug.places import Place
from watstep.debug.state import Logged
from watstep.machine.loop import Reason
from watstep.machine.timeline import Timeline

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


class Visit(NamedTuple):
    """An instant that a search came to, where the cursor is, and the breakpoints that hold."""

    instant: int
    place: Place
    callers: int
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Search:
    """Searches one timeline; breakpoints that are `armed` end a search on its way (S8).

    At the `operand_loops` something begins only where control falls in, not where it comes round.
    """

    timeline: Timeline
    armed: Armed
    operand_loops: frozenset[Place] = frozenset()

    def forward(
        self,
        places: frozenset[Place] = frozenset(),
        accept: Accept = anywhere,
        *,
        deepest: int = FAR,
        leaving: int = 0,
        rounds: bool = False,
    ) -> Found:
        """Go on, live where need be, to the next place that is accepted.

        Frames with more than `deepest` callers hold none and are run through at full speed. A
        frame with fewer than `leaving` callers is a stop wherever its cursor stands. With `rounds`
        a loop that comes round is a place too. The timeline's machine is left at the instant that
        was found.
        """
        timeline, machine, armed = self.timeline, self.timeline.machine, self.armed
        stopping = machine.code.stopped_at(places, armed.places)
        quiet = machine.code.stopped_at(armed.places)
        found = self._depart()
        while found is None and not timeline.waiting:
            if self._stops():
                return Found.BREAKPOINT
            if self._at_end():
                return Found.END
            place, callers = self._here()
            wanted = place in places and callers <= deepest and (rounds or self.begins(place))
            if callers < leaving or (wanted and accept(place, callers)):
                return Found.STOP
            if timeline.interrupted:
                return Found.INTERRUPTED
            if place in places or place in armed.places:
                if self._leave_place(live=True):
                    return Found.BREAKPOINT
                continue
            codes, floor = (quiet, deepest) if callers > deepest else (stopping, leaving - 1)
            timeline.advance(armed.limit(timeline), live=True, codes=codes, floor=floor)
        return found or Found.ASKED

    def _depart(self) -> Found | None:
        """Execute the first instruction of a search; why it ends with that, if it does."""
        timeline = self.timeline
        instant = timeline.machine.step
        self.count_before(instant + 1)
        timeline.seek_machine(instant)
        if timeline.interrupted:
            return Found.INTERRUPTED
        if self._leave_place(live=True):
            # That it holds where the move began was only learned now.
            timeline.seek_machine(instant + 1)
        if timeline.machine.step > instant:
            return None
        if timeline.waiting:
            return Found.ASKED
        return Found.END if self._at_end() else Found.INTERRUPTED

    def last_before(
        self,
        instant: int,
        places: frozenset[Place] = frozenset(),
        accept: Accept = anywhere,
        *,
        deepest: int = FAR,
        since: int = 0,
        rounds: bool = False,
    ) -> int | None:
        """The last instant before `instant` at which a breakpoint holds or a place is accepted.

        None where there is none from `since` on, or where the search was interrupted.
        """
        for start, end in self._stretches_before(instant, since):
            self.timeline.reached = end
            found = None
            stops = self.stops_between(start, end, places, deepest=deepest, rounds=rounds)
            for at, place, callers, hits in stops:
                if hits or accept(place, callers):
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
        self,
        first: int,
        last: int,
        places: frozenset[Place] = frozenset(),
        *,
        deepest: int = FAR,
        rounds: bool = False,
    ) -> Iterator[Visit]:
        """Each instant from `first` up to `last` at a breakpoint or one of `places`, in order.

        Frames with more than `deepest` callers hold breakpoints alone. Nothing is run that was not
        run before.
        """
        for place, callers in self._places_between(first, last, places, deepest):
            hits = self._stops()
            wanted = place in places and callers <= deepest and (rounds or self.begins(place))
            if hits or wanted:
                yield Visit(self.timeline.machine.step, place, callers, hits)

    def logged_between(self, first: int, last: int) -> Iterator[Logged]:
        """What is logged at the instants from `first` up to `last`, in order."""
        for place, _ in self._places_between(first, last, frozenset(), FAR):
            yield from self.armed.logged(self.timeline, begins=self.begins(place))

    def _places_between(
        self, first: int, last: int, places: frozenset[Place], deepest: int
    ) -> Iterator[tuple[Place, int]]:
        """Stand at each instant from `first` up to `last` at which something could hold."""
        timeline, machine, armed = self.timeline, self.timeline.machine, self.armed
        stopping = machine.code.stopped_at(places, armed.places)
        quiet = machine.code.stopped_at(armed.places)
        self.count_before(first)
        timeline.seek_machine(first)
        while machine.step < last and not timeline.interrupted:
            place, callers = self._here()
            yield place, callers
            before = machine.step
            too_deep = callers > deepest
            if place in armed.places or (place in places and not too_deep):
                self._leave_place(live=False)
                if machine.step == before:
                    break
                continue
            codes, floor = (quiet, deepest) if too_deep else (stopping, -1)
            until = min(last, armed.limit(timeline))
            reason = timeline.advance(until, live=False, codes=codes, floor=floor)
            if machine.step == before and reason is not Reason.STOPPED:
                break

    def count_before(self, instant: int) -> None:
        """Have the times counted that counted breakpoints hold before an instant."""
        if self.armed.foresees:
            # What a call does that was not made yet is not known.
            instant = min(instant, self.timeline.frontier)
        for key, tally in self.armed.tallies.items():
            if tally.searched < instant:
                alone = Search(self.timeline, self.armed.alone(key), self.operand_loops)
                for visit in alone.stops_between(tally.searched, instant):
                    tally.note(visit.instant)
                if self.timeline.interrupted:
                    return
                tally.searched = instant

    def hits(self) -> tuple[Hit, ...]:
        """The breakpoints that hold where the machine stands."""
        instant = self.timeline.machine.step
        self.count_before(instant)
        self.timeline.seek_machine(instant)
        return self._stops()

    def _stops(self) -> tuple[Hit, ...]:
        if not self.armed:
            return ()
        place, _ = self._here()
        return self.armed.stops(self.timeline, begins=self.begins(place))

    def begins(self, place: Place) -> bool:
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

    def _leave_place(self, *, live: bool) -> bool:
        """Execute one instruction, whatever stop stands on it.

        True where it turned out to be a host call before which a breakpoint holds: what that call
        does is known once it was made, and the machine then stands before it again.
        """
        timeline, instant = self.timeline, self.timeline.machine.step
        unknown = self.armed.foresees and timeline.machine.calls_made == len(timeline.tape)
        timeline.advance(instant + 1, live=live)
        made = timeline.machine.calls_made
        if not unknown or not made or timeline.tape[made - 1].instant != instant + 1:
            return False
        timeline.seek_machine(instant)
        if self._stops():
            return True
        timeline.seek_machine(instant + 1)
        return False

    def _at_end(self) -> bool:
        timeline = self.timeline
        return timeline.end is not None and timeline.machine.step >= timeline.end

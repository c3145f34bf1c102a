"""The thread that holds a session: carries out what it is asked, in order, and says what came."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from textual.message import Message

from watstep.debug.branches_told import branch_text
from watstep.debug.commands.row import Reply
from watstep.debug.density import Density
from watstep.debug.pointed import text_at
from watstep.debug.rerunning import Earlier, earlier_of
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Stop, StopReason, TraceRow
from watstep.debug.tracing import Filter
from watstep.errors import CommandError
from watstep.host.tape import HostCall
from watstep.machine.outcome import Outcome
from watstep.source.text import Span
from watstep_tui.rows.bar import seen_of, span_of, window_of
from watstep_tui.rows.snapshot import BYTES_A_ROW, TRACE_AROUND, Shown, Snapshot, View

MEMORY_BEFORE = 64 * BYTES_A_ROW
MEMORY_HELD = 256 * BYTES_A_ROW
MOST_HITS = 400
HITS_AT_ONCE = 100_000
"""Instants that are searched for breakpoints at once; a key waits no longer than for these."""

TOLD_EACH = 0.3
"""Seconds after which it is said what was found of a long run."""

LONG = 0.2
"""Seconds after which a command is said to be in progress."""

Request = Callable[[Session], Reply | None]
"""What to do with the session; None where nothing but the view changed."""


@dataclass
class Hits:
    """The instants at which breakpoints stand, found bit by bit as the run grows."""

    places: object = None
    timeline: object = None
    searched: int = 0
    instants: tuple[int, ...] = ()

    def known(self, session: Session) -> tuple[int, ...]:
        """Those that were found already."""
        if (self.places, self.timeline) != (session.armed, session.timeline):
            self.places, self.timeline = session.armed, session.timeline
            self.searched, self.instants = 0, ()
        return self.instants

    def search(self, session: Session) -> bool:
        """Search the next piece of the run; False where there is none to be searched."""
        found = self.known(session)
        after = min(session.timeline.frontier, self.searched + HITS_AT_ONCE)
        if not session.armed or after <= self.searched or len(found) >= MOST_HITS:
            return False
        more = session.hits(self.searched, after, MOST_HITS)
        if not session.timeline.interrupted:
            self.instants, self.searched = found + more, after
        return True


@dataclass
class Held:
    """What one stop leaves to the next: rows of the trace, and which memory was looked at."""

    timeline: object = None
    rows: tuple[TraceRow, ...] = ()
    """They hold for every position of the timeline."""
    address: int = 0
    calls: tuple[HostCall, ...] = ()
    _known: tuple[object, int, int] | None = None
    _density: Density | None = None
    _filter: Filter | None = None

    def density(self, session: Session) -> Density:
        """How densely the run loops."""
        if self._density is None or self._density.timeline is not session.timeline:
            self._density = Density(session.timeline)
        return self._density

    def calls_of(self, session: Session) -> tuple[HostCall, ...]:
        """The tape, the same value as long as it did not change."""
        timeline = session.timeline
        known = (timeline, len(timeline.tape), timeline.frontier)
        if known != self._known:
            self._known, self.calls = known, session.calls()
        return self.calls

    def filter(self, session: Session, wanted: str) -> Filter | None:
        """What finds the rows of the trace that match, None where all do."""
        known = self._filter
        if not wanted:
            self._filter = None
        elif known is None or (known.timeline, known.wanted) != (session.timeline, wanted):
            self._filter = Filter(session.timeline, wanted)
        return self._filter

    def matching_around(self, session: Session, instant: int) -> tuple[TraceRow, ...]:
        """Rows that match, on either side of an instant, as far as they were found."""
        found = self._filter
        if found is None:
            return self.trace_around(session, instant)
        at = bisect_right(found.instants, instant)
        around = found.instants[max(at - TRACE_AROUND, 0) : at + TRACE_AROUND]
        return session.tracer.at(around, found.wanted)

    def trace_around(self, session: Session, instant: int) -> tuple[TraceRow, ...]:
        """Rows that cover `TRACE_AROUND` instants on either side, as far as the run was made."""
        if self.timeline is not session.timeline:
            self.timeline, self.rows = session.timeline, ()
        first = max(instant - TRACE_AROUND, 1)
        last = min(instant + TRACE_AROUND, session.timeline.frontier)
        if last < first:
            return self.rows
        held = self.rows
        begin, end = (held[0].instant, held[-1].instant) if held else (1, 0)
        if held and begin <= first <= end + 1:
            if last > end:
                more = session.trace(end + 1, last)
                self.rows = (*held[max(first - TRACE_AROUND - begin, 0) :], *more)
        elif not begin <= first <= last <= end:
            self.rows = session.trace(max(first - TRACE_AROUND, 1), last)
        return self.rows


def gather(
    session: Session,
    stop: Stop,
    view: View | None = None,
    hits: tuple[int, ...] = (),
    held: Held | None = None,
) -> Snapshot:
    """The snapshot of a session where it stands."""
    view, held = view or View(), held or Held()
    state = session.state()
    view = replace(view, frame=min(view.frame, len(state.frames) - 1))
    touched = [*state.memory_written, *state.memory_read_next]
    wanted = (None if view.traces else view.scrolled, view.memory, *(r.start for r in touched))
    held.address = next((address for address in wanted if address is not None), held.address)
    start = max(held.address // BYTES_A_ROW * BYTES_A_ROW - MEMORY_BEFORE, 0)
    frame = state.frames[view.frame]
    values = {slot.value for slot in frame.stack} | {slot.value for slot in frame.locals}
    read = session.memory
    at_now = state.position.instant
    at = at_now if view.scrolled is None else view.scrolled
    filtered = held.filter(session, view.filter)
    return Snapshot(
        program=session.program,
        stop=stop,
        level=session.level,
        state=state,
        view=view,
        tape=held.calls_of(session),
        memory_at=held.address,
        memory_start=start,
        memory=read(start, MEMORY_HELD),
        texts={value: text for value in values if (text := text_at(value, read))},
        trace=held.matching_around(session, at) if view.traces else (),
        matches=filtered.found() if filtered else None,
        breakpoints=session.breakpoints,
        hits=hits,
        failed=_failed(session) if state.ended else None,
        trapped=session.timeline.trap is not None,
        recorded=session.timeline.sealed,
        timelines=tuple(
            Shown(item.number, item.name, branch_text(item), item is session.timelines.current)
            for item in session.timelines
        ),
        forks=tuple(
            item.start for item in session.timelines if item.parent is session.timelines.current
        ),
        rates=held.density(session).known(*window_of(at_now, span_of(state), view.zoom)),
        changed=bool(session.timeline.changes),
    )


def _failed(session: Session) -> tuple[Span, Span] | None:
    """The form that a run stopped at, in the source and expanded; None where it returned."""
    trap = session.timeline.trap
    if trap is None or trap.function is None or trap.pc is None:
        return None
    expanded = session.program.expanded_span(trap.function, trap.pc)
    return session.program.rendering.source_span(expanded), expanded


class Driver:
    """The only holder of a session; `ask` from the keyboard's thread, `work` in a worker's."""

    @dataclass
    class Stopped(Message):
        """The session stands where the snapshot was taken."""

        snapshot: Snapshot

    @dataclass
    class Answered(Message):
        """What a command that asks something answered."""

        command: str
        text: str

    @dataclass
    class Refused(Message):
        """A request could not be carried out; nothing changed."""

        reason: str

    @dataclass
    class Ended(Message):
        """The end of a timeline is known, for the first time."""

        outcome: Outcome
        number: int

    def __init__(self, make: Callable[[], Session], post: Callable[[Message], object]) -> None:
        """Hold what `make` makes once there is work; `post` takes messages from any thread."""
        self.view = View()
        self._make, self._post = make, post
        self._session: Session | None = None
        self._stop = Stop(StopReason.START, 0, "at the start of the run")
        self._hits = Hits()
        self._held = Held()
        self._told: set[int] = set()
        """The timelines, by number, whose end was told."""
        self._waiting: deque[Request] = deque()
        self._guard = Lock()
        self._working = False
        self._seen = True
        self._closed = False
        self._since = 0.0

    def attach(self, post: Callable[[Message], object]) -> None:
        """Post to another screen from now on, which was told nothing yet."""
        self._post = post
        self._told.clear()

    @property
    def recorded(self) -> Recorded | None:
        """The run that was made before, where the session is on one."""
        return self._session.recorded if self._session else None

    def earlier(self) -> Earlier | None:
        """The run as it stands, to be made again by an edited program; None before it was begun."""
        return earlier_of(self._session) if self._session else None

    def ask(self, request: Request) -> bool:
        """Take a request; True where nobody works, so that `work` must be started."""
        with self._guard:
            self._waiting.append(request)
            idle, self._working = not self._working, True
        return idle

    def work(self) -> None:
        """Carry out what waits, in order, until nothing does."""
        while True:
            with self._guard:
                waits = bool(self._waiting) and not self._closed
                request = self._waiting.popleft() if waits else None
                if not waits and (self._closed or self._seen):
                    self._working = False
                    break
            self._since = time.monotonic()
            if request:
                self._carry_out(request)
            if not self._waiting:
                self._tell()
            self._since = 0.0
        if self._closed and self._session:
            self._session.close()

    def _carry_out(self, request: Request) -> None:
        if self._session is None:
            self._session = self._make()
        if self._closed:
            return
        try:
            reply = request(self._session)
        except CommandError as refused:
            self._post(self.Refused(str(refused)))
            return
        self._seen = False
        if reply and reply.stop.reason is not StopReason.NONE:
            self._stop = reply.stop
            self.view = replace(self.view, frame=0, scrolled=None)
        elif reply and reply.text:
            self._post(self.Answered(reply.command, reply.text))

    def _tell(self) -> None:
        """Say where the session stands, if that was not said."""
        session = self._session
        if session is None or self._seen:
            return
        self._seen = True
        found = gather(session, self._stop, self.view, self._hits.known(session), self._held)
        self._post(self.Stopped(found))
        timeline, number = session.timeline, session.timelines.current.number
        if timeline.end is not None and number not in self._told and not timeline.changes:
            self._told.add(number)
            self._post(self.Ended(session.outcome(), number))
        self._since = 0.0
        told = time.monotonic()
        while not self._waiting and not self._closed and self._search(session, found):
            if time.monotonic() - told > TOLD_EACH:
                found, told = self._told_again(session, found), time.monotonic()
        # What a key cut short is said with the next stop, or again after a refusal.
        self._seen = not self._waiting
        if self._seen:
            self._told_again(session, found)

    def _search(self, session: Session, found: Snapshot) -> bool:
        """Find more of what needs the whole run; False where nothing is left to be found."""
        if self._hits.search(session) or self._held.density(session).search(*seen_of(found)):
            return True
        filtered = self._held.filter(session, found.view.filter)
        return filtered is not None and filtered.search()

    def _told_again(self, session: Session, found: Snapshot) -> Snapshot:
        """Say what was found since a snapshot was taken."""
        held, filtered = self._held, self._held.filter(session, found.view.filter)
        more = replace(
            found,
            hits=self._hits.instants,
            rates=held.density(session).known(*seen_of(found)),
            matches=filtered.found() if filtered else None,
        )
        if (more.hits, more.matches) == (found.hits, found.matches) and more.rates is found.rates:
            return found
        if filtered and found.view.traces:
            at = found.instant if found.view.scrolled is None else found.view.scrolled
            more = replace(more, trace=held.matching_around(session, at))
        self._post(self.Stopped(more))
        return more

    def progress(self) -> int | None:
        """The instant that a long command has come to; None where none is in progress."""
        since, session = self._since, self._session
        if not since or time.monotonic() - since < LONG:
            return None
        return session.reached if session else 0

    def interrupt(self) -> None:
        """End the command in progress, and forget those that wait."""
        with self._guard:
            self._waiting.clear()
        if self._session:
            self._session.interrupt()

    def close(self) -> None:
        """End what is in progress and let go of the session."""
        with self._guard:
            self._closed = True
            working = self._working
        if self._session:
            self._session.interrupt()
            if not working:
                self._session.close()

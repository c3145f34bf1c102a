"""Where two runs part: one program's on other answers, or a program's and its edited one's.

Both machines run side by side, at full speed between the places where runs can part: forms that
the other program lacks, host calls, growing memories. As long as both states are the same nothing
else can make a difference. Once they hold equal texts at other addresses, since a string was added
say, every decision is compared instead of every value, and texts in the place of their addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from watstep.debug.alignment import Alignment, align
from watstep.debug.places import Place
from watstep.host.catalog import FUNCTIONS
from watstep.host.function import Takes
from watstep.host.live import read_text
from watstep.host.tape import HostCall
from watstep.machine.decode import Codes
from watstep.machine.loop import Reason
from watstep.machine.timeline import SLICE, Timeline
from watstep.module.ir import BranchTable, Module


class Difference(Enum):
    """What differs first; the values are the words that people see."""

    NONE = "nothing"
    """Both ran alike to the same end."""
    OPEN = "nothing so far"
    """They are alike as far as both were run, or as far as they were compared."""
    FORM = "form"
    """Another form runs next: here the program was edited."""
    WAY = "way"
    """A value decides for another way."""
    CALL = "call"
    """Another host function is called, or with other arguments."""
    ANSWER = "answer"
    """The same host call is answered otherwise."""
    VALUE = "value"
    """A memory grew in one run alone."""
    ENDING = "ending"
    """One run ends, or ends otherwise."""


@dataclass(frozen=True, slots=True)
class Parting:
    """The first difference of two runs, which begin alike.

    `instant` is where to look in both: the two are alike at all instants before it, so it is their
    number too. With `NONE` and `OPEN` it is the last one that was compared.
    """

    difference: Difference
    instant: int
    calls: tuple[HostCall | None, HostCall | None] = (None, None)
    """The host calls that differ; None for a run that makes none there."""


Report = Callable[[int], None]


def part(first: Timeline, second: Timeline, report: Report | None = None) -> Parting:
    """Compare two runs up to the nearer of their frontiers; neither is run any further.

    Where one of the timelines is interrupted the answer is `OPEN`. `report` is told the instants.
    """
    return _Pair(first, second).compare(report)


class _Pair:
    """Two runs side by side, at the same instant whenever they are compared."""

    def __init__(self, first: Timeline, second: Timeline) -> None:
        self.both = (first, second)
        self.alignment: Alignment = align(first.machine.code, second.machine.code)
        # Whether equal texts may lie at different addresses.
        self.moved = False
        if not self.alignment.same:
            ours, theirs = first.program.module, second.program.module
            self.moved = _contents(ours) != _contents(theirs)
        self.codes = self._stopping()

    def _stopping(self) -> tuple[Codes, Codes]:
        first, second = self.both
        known = self.alignment
        ours, theirs = frozenset(known.first_stops), frozenset(known.second_stops)
        if self.moved:
            ours, theirs = ours | known.first_decisions, theirs | known.second_decisions
        return first.machine.code.stopped_at(ours), second.machine.code.stopped_at(theirs)

    def compare(self, report: Report | None) -> Parting:
        """Run both on until something differs."""
        first, second = self.both
        for timeline in self.both:
            timeline.seek_machine(0)
        last = min(first.frontier, second.frontier)
        while True:
            instant = self._run(min(first.machine.step + SLICE, last))
            if report:
                report(instant)
            if first.interrupted or second.interrupted:
                return Parting(Difference.OPEN, instant)
            ended = [timeline.end == instant for timeline in self.both]
            if first.machine.ended or second.machine.ended:
                return self._ending(instant)
            if not self._together():
                return Parting(Difference.FORM, instant)
            found = self._call(instant) or (self._ending(instant) if any(ended) else None)
            if found is None and instant == last:
                return Parting(Difference.OPEN, instant)
            found = found or self._pass(instant)
            if found:
                return found

    def _together(self) -> bool:
        """Whether the cursors of both stand at instructions that stand for each other."""
        first, second = self.both
        if len(first.machine.frames) != len(second.machine.frames):
            return False
        return self.alignment.counterpart.get(_here(first)) == _here(second)

    def _run(self, limit: int) -> int:
        """Run both to the first stop of either; that instant."""
        for timeline, codes in zip(self.both, self.codes, strict=True):
            machine = timeline.machine
            while machine.step < limit and not timeline.interrupted:
                before = machine.step
                reason = timeline.advance(limit, live=False, codes=codes)
                if reason is Reason.STOPPED or machine.step == before:
                    break
            limit = min(limit, machine.step)
        self.both[0].seek_machine(limit)
        return limit

    def _pass(self, instant: int) -> Parting | None:
        """Execute the instruction that both stand at; what differs in that, or None."""
        first, second = self.both
        if _choice(first) != _choice(second):
            return Parting(Difference.WAY, instant)
        place, number, there = _here(first), first.machine.calls_made, second.machine.calls_made
        for timeline in self.both:
            timeline.advance(instant + 1, live=False)
        if first.machine.calls_made > number:
            calls = first.tape[number], second.tape[there]
            if _answer(calls[0]) != _answer(calls[1]):
                return Parting(Difference.ANSWER, instant + 1, calls)
            if [w.address for w in calls[0].writes] != [w.address for w in calls[1].writes]:
                self._move()
        elif _named(first, place) == "memory.grow":
            if first.machine.top[3][-1] != second.machine.top[3][-1]:
                return Parting(Difference.VALUE, instant + 1)
        elif place in self.alignment.moved:
            self._move()
        return None

    def _move(self) -> None:
        """From here on compare decisions too: equal texts lie at different addresses."""
        if not self.moved:
            self.moved = True
            self.codes = self._stopping()

    def _call(self, instant: int) -> Parting | None:
        """What differs in the host calls that both are about to make."""
        first, second = self.both
        if _named(first, _here(first)) != "call" or _host_call(first) == _host_call(second):
            return None
        calls = [timeline.tape[timeline.machine.calls_made :] for timeline in self.both]
        made = [next(iter(call), None) for call in calls]
        return Parting(Difference.CALL, instant, (made[0], made[1]))

    def _ending(self, instant: int) -> Parting:
        """Where at least one run has ended: whether both have, and alike."""
        ends = [_end(timeline, self.moved) for timeline in self.both]
        known = all(timeline.end is not None for timeline in self.both)
        if ends[0] == ends[1] and known:
            return Parting(Difference.NONE, instant)
        return Parting(Difference.ENDING, instant)


def _contents(module: Module) -> set[tuple[int, bytes]]:
    """What the memory holds at instant 0."""
    return {(item.address, item.content) for item in module.data}


def _here(timeline: Timeline) -> Place:
    function, pc, _, _ = timeline.machine.top
    return Place(function, pc)


def _named(timeline: Timeline, place: Place) -> str:
    return timeline.program.function(place.function).body[place.pc].name


def _choice(timeline: Timeline) -> int:
    """Which way an instruction goes that decides on one; 0 for others."""
    place, stack = _here(timeline), timeline.machine.top[3]
    instruction = timeline.program.function(place.function).body[place.pc]
    if instruction.name in {"if", "br_if"}:
        return bool(stack[-1])
    if isinstance(instruction.immediate, BranchTable):
        return min(stack[-1], len(instruction.immediate.depths) - 1)
    return 0


def _host_call(timeline: Timeline) -> tuple[object, ...]:
    """The host call that a run is about to make, texts in the place of their addresses."""
    place, program = _here(timeline), timeline.program
    called = program.function(place.function).body[place.pc].immediate
    if not isinstance(called, int) or called >= len(program.module.imported_functions):
        return ()
    name, arguments = timeline.machine.pending_call()
    takes = (takes for _, takes in FUNCTIONS[name].parameters)
    texts = (
        None if taken is Takes.NUMBER else read_text(timeline.machine, value)
        for taken, value in zip(takes, arguments, strict=True)
    )
    return name, *(
        value if text is None else text for value, text in zip(arguments, texts, strict=True)
    )


def _answer(call: HostCall) -> tuple[object, ...]:
    """All that a host call did to a run, texts in the place of their addresses."""
    results = [value.value if value.text is None else value.text for value in call.results]
    return results, call.error, call.trap, [written.content for written in call.writes]


def _end(timeline: Timeline, moved: bool) -> tuple[object, ...]:
    """How a run ended; addresses in what a trap says are left out where they may differ."""
    trap = timeline.trap
    if timeline.end != timeline.machine.step:
        return ("goes on",)
    if trap is None:
        return tuple(map(int, timeline.machine.top[3]))
    return trap.kind, "" if moved else trap.message

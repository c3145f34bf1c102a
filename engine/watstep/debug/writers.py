"""Who wrote this: the instruction that last wrote a local, a stack value or bytes of the memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from watstep.debug.armed import NOTHING
from watstep.debug.places import Place
from watstep.debug.search import Search
from watstep.debug.spots import InLocal, InMemory, OnStack, Returned, Sites, Spot
from watstep.host.tape import HostCall, MemoryWrite
from watstep.machine.change import Change, Where
from watstep.machine.machine import Running
from watstep.machine.timeline import Timeline
from watstep.module.ir import Data


class Hand(Enum):
    """What wrote a value; the values are the words that people see."""

    INSTRUCTION = "instruction"
    PARAMETER = "parameter"
    """The call that made the frame gave it."""
    RESULT = "result"
    """A function of the program returned it."""
    HOST = "host call"
    """A host call wrote the bytes, or answered with the value."""
    DATA = "data"
    """It is there from the start: a text of the program, a data segment."""
    PERSON = "person"
    """A person changed it, where this timeline begins (STEPPING.md L7)."""
    NOBODY = "nobody"
    """It was never written, and is 0."""


@dataclass(frozen=True, slots=True)
class Write:
    """The last write of a value.

    `instant` is the one before it, at which the cursor stands at what wrote it; 0 for what is there
    from the start.
    """

    hand: Hand
    instant: int
    place: Place | None = None
    """The instruction; for a parameter and a result the call. None for what is there before."""
    depth: int = 0
    """The callers of the frame that `place` runs in."""
    operands: tuple[Spot, ...] = ()
    """Where the values stand that it was made of."""
    call: int | None = None
    """Of a host call: which one of the run it is, from 0."""
    result: int = 0
    """Which of the results of a host call it is."""
    bytes: tuple[int, int] | None = None
    """Of the memory: the bytes, from and up to, that were written then."""
    data: Data | None = None


Held = Callable[[list[int]], bool]
"""Asked with the operand stack before an instruction: whether it writes what is sought."""


def _before(change: Change) -> int:
    """The instant before a change, which is there already at its own."""
    return max(change.instant - 1, 0)


def _always(stack: list[int]) -> bool:
    return True


@dataclass(frozen=True)
class Writers:
    """Answers for one timeline. An answer of None is that the timeline was interrupted."""

    timeline: Timeline
    sites: Sites

    def writer(self, spot: Spot) -> Write | None:
        """What last wrote the value that stands at a spot."""
        if isinstance(spot, InLocal):
            return self.local(spot)
        if isinstance(spot, InMemory):
            return self.memory(spot)
        return self.returned(spot) if isinstance(spot, Returned) else self.stack(spot)

    @cached_property
    def _search(self) -> Search:
        return Search(self.timeline, NOTHING)

    def frames(self, instant: int) -> list[Running]:
        """The frames at an instant, the outermost first."""
        self.timeline.seek_machine(instant)
        machine = self.timeline.machine
        return [*machine.frames, machine.top]

    def _last(
        self, instant: int, depth: int, places: frozenset[Place], held: Held = _always
    ) -> tuple[int, bool] | None:
        """The last instant before at which one of `places` ran in a frame that is there now.

        True stands beside it where that is the call which made the frame; (-1, True) for the
        outermost one, None where the search was interrupted.
        """
        calls: frozenset[Place] = frozenset()
        if depth:
            function, pc, _, _ = self.frames(instant)[depth - 1]
            calls = frozenset((Place(function, pc),))
        machine = self.timeline.machine

        def accept(place: Place, callers: int) -> bool:
            if callers == depth:
                return place in places and held(machine.top[3])
            return callers == depth - 1 and place in calls

        found = self._search.last_before(instant, places | calls, accept, deepest=depth)
        if self.timeline.interrupted:
            return None
        if found is None:
            return -1, True
        self.timeline.seek_machine(found)
        return found, len(machine.frames) < depth

    def _changed(self, where: Where, spot: tuple[int, int, int], after: int) -> Write | None:
        """The last change that a person made to a spot, since the instruction at `after` ran."""
        instant, depth, number = spot
        for change in reversed(self.timeline.changes):
            if not after < change.instant <= instant or change.where is not where:
                continue
            if where is Where.MEMORY:
                # Of the memory, a spot is an address and a length.
                end = change.at + len(change.content)
                if change.at < depth + number and end > depth:
                    return Write(Hand.PERSON, _before(change), bytes=(change.at, end))
            elif (change.frame, change.at) == (depth, number):
                return Write(Hand.PERSON, _before(change))
        return None

    def local(self, spot: InLocal) -> Write | None:
        """What last set a local."""
        instant, depth, index = spot
        function = self.frames(instant)[depth][0]
        last = self._last(instant, depth, self.sites.setters(function, index))
        if last is None:
            return None
        found, entered = last
        if by_hand := self._changed(Where.LOCAL, spot, found):
            return by_hand
        if not entered:
            top = self.timeline.machine.top
            value = OnStack(found, depth, len(top[3]) - 1)
            return Write(Hand.INSTRUCTION, found, Place(*top[:2]), depth, (value,))
        parameters = self.sites.parameters(function)
        if index >= parameters or found < 0:
            return Write(Hand.NOBODY, max(found, 0), depth=depth)
        top = self.timeline.machine.top
        value = OnStack(found, depth - 1, len(top[3]) - parameters + index)
        return Write(Hand.PARAMETER, found, Place(*top[:2]), depth - 1, (value,))

    def stack(self, spot: OnStack) -> Write | None:
        """What last pushed a stack value, wherever branches moved it to since."""
        while True:
            instant, depth, slot = spot
            frames = self.frames(instant)
            if self.timeline.machine.ended:
                return self.returned(Returned(instant - 1, 0, slot))
            places = self.sites.pushers(frames[depth][0], slot)
            last = self._last(instant, depth, places, self._writing(slot))
            if last is None:
                return None
            found, _ = last
            if by_hand := self._changed(Where.STACK, spot, found):
                return by_hand
            moved = self._after(found, depth, slot)
            if not isinstance(moved, OnStack):
                return moved
            spot = moved

    def _writing(self, slot: int) -> Held:
        """Whether the instruction that runs next writes a slot: of a branch that is taken alone."""
        machine, sites = self.timeline.machine, self.sites

        def held(stack: list[int]) -> bool:
            place = Place(machine.top[0], machine.top[1])
            if not sites.branches(place):
                return True
            taken = sites.taken(place, stack)
            if taken is None:
                return False
            branch, _ = taken
            return branch.height <= slot < branch.height + branch.arity

        return held

    def _after(self, instant: int, depth: int, slot: int) -> Write | OnStack | None:
        """What wrote a slot, or where its value stood before, in the instruction at an instant.

        The frame is the one that runs it.
        """
        function, pc, _, stack = self.frames(instant)[depth]
        place = Place(function, pc)
        taken = self.sites.taken(place, stack)
        if taken is not None:
            branch, height = taken
            if slot < branch.height:
                return OnStack(instant, depth, slot)
            return OnStack(instant, depth, height - branch.arity + slot - branch.height)
        low = len(stack) - self.sites.takes(place)
        if slot < low:
            return OnStack(instant, depth, slot)
        operands = tuple(OnStack(instant, depth, number) for number in range(low, len(stack)))
        called = self.sites.instruction(place)
        if called.name != "call" or not isinstance(called.immediate, int):
            return Write(Hand.INSTRUCTION, instant, place, depth, operands)
        if called.immediate < self.sites.imported:
            number = self.timeline.machine.calls_made
            return Write(Hand.HOST, instant, place, depth, operands, number, slot - low)
        left = self._return(instant, depth)
        if left is None:
            return None
        result = Returned(left, depth + 1, slot - low)
        return Write(Hand.RESULT, left, place, depth, (result,))

    def _return(self, instant: int, depth: int) -> int | None:
        """The instant before the one at which the call at `instant` has returned."""
        timeline, machine = self.timeline, self.timeline.machine
        timeline.seek_machine(instant + 1)
        # A callee may be left within the very instant of its call's last instruction.
        while len(machine.frames) > depth:
            timeline.advance(timeline.frontier, live=False, floor=depth)
            if timeline.interrupted:
                return None
        return machine.step - 1

    def returned(self, spot: Returned) -> Write | None:
        """What pushed a result of a frame that the instruction at an instant leaves."""
        instant, depth, index = spot
        frames = self.frames(instant)
        function, pc, _, stack = frames[depth]
        if depth < len(frames) - 1:
            # The frame is left in the same instant as the one that it called last.
            if index < len(stack):
                return self.stack(OnStack(instant, depth, index))
            result = Returned(instant, depth + 1, index - len(stack))
            return Write(Hand.RESULT, instant, Place(function, pc), depth, (result,))
        found = self._after(instant, depth, index)
        return self.stack(found) if isinstance(found, OnStack) else found

    def memory(self, spot: InMemory) -> Write | None:
        """What last wrote any byte of a range."""
        instant, address, length = spot
        host = self._host_write(spot)
        since = host[0] if host else 0
        machine, sites = self.timeline.machine, self.sites

        def accept(place: Place, callers: int) -> bool:
            touched = sites.touched(place, machine.top[3])
            return touched is not None and touched[0] < address + length and touched[1] > address

        self.timeline.seek_machine(instant)
        found = self._search.last_before(instant, sites.stores, accept, since=since)
        if self.timeline.interrupted:
            return None
        last = found if found is not None else since - 1
        if by_hand := self._changed(Where.MEMORY, spot, last):
            return by_hand
        if found is not None:
            self.timeline.seek_machine(found)
            place, depth = Place(*machine.top[:2]), len(machine.frames)
            height = len(machine.top[3])
            values = (OnStack(found, depth, height - 1), OnStack(found, depth, height - 2))
            written = sites.touched(place, machine.top[3])
            return Write(Hand.INSTRUCTION, found, place, depth, values, bytes=written)
        if host:
            return self._by_host(*host)
        for data in reversed(self.timeline.program.module.data):
            if data.address < address + length and data.address + len(data.content) > address:
                end = data.address + len(data.content)
                return Write(Hand.DATA, 0, bytes=(data.address, end), data=data)
        return Write(Hand.NOBODY, 0)

    def _host_write(self, spot: InMemory) -> tuple[int, HostCall, MemoryWrite] | None:
        """The last host call that wrote to a range: its instant, the call, what it wrote there."""
        instant, address, length = spot
        self.timeline.seek_machine(instant)
        for call in reversed(self.timeline.tape[: self.timeline.machine.calls_made]):
            for write in reversed(call.writes):
                end = write.address + len(write.content)
                if write.address < address + length and end > address:
                    assert call.instant is not None
                    return call.instant, call, write
        return None

    def _by_host(self, instant: int, call: HostCall, write: MemoryWrite) -> Write:
        _, _, _, stack = self.frames(instant - 1)[-1]
        machine = self.timeline.machine
        place, depth = Place(*machine.top[:2]), len(machine.frames)
        low = len(stack) - len(call.arguments)
        operands = tuple(OnStack(instant - 1, depth, slot) for slot in range(low, len(stack)))
        written = write.address, write.address + len(write.content)
        number = machine.calls_made
        return Write(Hand.HOST, instant - 1, place, depth, operands, number, bytes=written)

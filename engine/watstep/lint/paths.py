"""Where the results of one host call go, on every path from it."""

from __future__ import annotations

from typing import NamedTuple

from watstep.lint.analysis import Body, HostCall
from watstep.module.ir import BlockType
from watstep.wasm.instructions import INSTRUCTIONS

POINTER, ERROR = 1, 2
"""What a value may be made of, as bits."""
TAKES = {
    row.name: len(row.type.params) for row in INSTRUCTIONS.values() if row.type is not None
} | {"local.get": 0, "local.set": 1, "local.tee": 1, "drop": 1}
"""How many values an instruction takes that goes straight on, calls aside."""
_STOP = -1

Held = dict[int, int]
"""Bits by the index of a local, or by a place of the operand stack; what has none is absent."""


class Found(NamedTuple):
    """What became of a call's results."""

    used: int | None
    """A use of the pointer that a path reaches without a test of the error."""
    looked: bool
    """Whether any path reads the error at all."""


class _Path(NamedTuple):
    pc: int
    held: Held
    slots: Held


class Paths:
    """Follows the calls of one function; the steps of all together are bounded."""

    def __init__(self, body: Body) -> None:
        """Nothing is followed yet."""
        self.body = body
        self.steps = 20_000 + 8 * len(body.code)
        self._found_use: int | None = None
        self._looked = False
        self._waiting: list[_Path] = []
        self._seen: set[tuple[int, frozenset[tuple[int, int]], frozenset[tuple[int, int]]]] = set()
        self._site = _STOP

    def follow(self, call: HostCall) -> Found:
        """Follow a call that can run; a walk that grows too long finds nothing."""
        height = self.body.facts.heights[call.pc] - len(call.signature.type.params)
        results = len(call.signature.type.results)
        slots = {height + results - 1: ERROR}
        if results == 2:
            slots[height] = POINTER
        self._found_use, self._looked, self._site = None, False, call.pc
        self._seen.clear()
        self._waiting = [_Path(call.pc + 1, {}, slots)]
        while self._waiting and self._found_use is None:
            pc, held, slots = self._waiting.pop()
            while pc >= 0:
                self.steps -= 1
                if self.steps < 0:
                    return Found(None, True)
                pc = self._step(pc, held, slots)
        return Found(self._found_use, self._looked)

    def _step(self, pc: int, held: Held, slots: Held) -> int:
        """Execute an instruction: the index of the next one, or -1 where the path ends."""
        name, immediate, _, _ = self.body.code[pc]
        height = self.body.facts.heights[pc]
        if name == "local.get":
            bits = held.get(immediate, 0)  # type: ignore[arg-type]  # A local's index.
            if bits:
                slots[height] = bits
            return pc + 1
        if name == "local.set" or name == "local.tee":
            bits = slots.pop(height - 1, 0)
            assert isinstance(immediate, int)
            held.pop(immediate, 0)
            if bits:
                held[immediate] = bits
                if name == "local.tee":
                    slots[height - 1] = bits
        elif name in _FLOW:
            return _FLOW[name](self, pc, held, slots)
        elif slots or name == "call":
            return self._consume(pc, name, height, held, slots)
        return pc + 1 if held or slots else _STOP

    def _taken(self, slots: Held, height: int, count: int) -> list[int]:
        """The bits of the values that an instruction takes, the last on top."""
        return [slots.pop(height - count + index, 0) for index in range(count)]

    def _consume(self, pc: int, name: str, height: int, held: Held, slots: Held) -> int:
        if name == "call":
            return self._call(pc, height, held, slots)
        if name == "select":
            return self._select(pc, height, slots)
        taken = self._taken(slots, height, TAKES.get(name, 0))
        bits = 0
        for each in taken:
            bits |= each
        if not bits or name == "drop":
            return pc + 1 if held or slots else _STOP
        if "load" in name or "store" in name:
            return self._access(pc, taken)
        slots[height - len(taken)] = bits
        return pc + 1

    def _access(self, pc: int, taken: list[int]) -> int:
        """A load or a store: a use of its address; a stored error may be looked at by anyone."""
        if taken[0] & POINTER:
            self._found_use = pc
        elif ERROR & (taken[0] | taken[-1]):
            self._looked = True
        else:
            return pc + 1
        return _STOP

    def _select(self, pc: int, height: int, slots: Held) -> int:
        first, second, condition = self._taken(slots, height, 3)
        if condition:
            return self._tested()
        if first | second:
            slots[height - 3] = first | second
        return pc + 1

    def _call(self, pc: int, height: int, held: Held, slots: Held) -> int:
        index = self.body.code[pc].immediate
        assert isinstance(index, int)
        host = self.body.subject.host
        params = self.body.subject.parameters(index)
        bits = 0
        for each in self._taken(slots, height, params):
            bits |= each
        own = index >= len(host)
        if bits & ERROR:
            self._looked = True
            if own:
                return _STOP
        if bits & POINTER:
            self._found_use = pc
        if bits & POINTER or pc == self._site:
            return _STOP
        return pc + 1 if held or slots else _STOP

    def _tested(self) -> int:
        self._looked = True
        return _STOP

    def _is_seen(self, pc: int, held: Held, slots: Held) -> bool:
        """Whether a path came by here in the same state."""
        state = (pc, frozenset(held.items()), frozenset(slots.items()))
        if state in self._seen:
            return True
        self._seen.add(state)
        return False

    def _begin(self, pc: int, held: Held, slots: Held) -> int:
        return _STOP if self._is_seen(pc, held, slots) else pc + 1

    def _if(self, pc: int, held: Held, slots: Held) -> int:
        if slots.pop(self.body.facts.heights[pc] - 1, 0):
            return self._tested()
        block = self.body.code[pc].immediate
        assert isinstance(block, BlockType)
        other = block.otherwise + 1 if block.otherwise >= 0 else block.end
        self._waiting.append(_Path(other, dict(held), dict(slots)))
        return pc + 1

    def _else(self, pc: int, held: Held, slots: Held) -> int:
        return self.body.ends[pc]

    def _end(self, pc: int, held: Held, slots: Held) -> int:
        if pc == len(self.body.code) - 1:
            return self._return(pc, held, slots)
        return _STOP if self._is_seen(pc, held, slots) else pc + 1

    def _go(self, pc: int, which: int, held: Held, slots: Held, *, after: int = 0) -> None:
        """Take a branch; `after` are the values that the instruction itself takes."""
        target, arity, height = self.body.facts.branches[pc][which]
        top = self.body.facts.heights[pc] - after
        moved = {place: bits for place, bits in slots.items() if place < height}
        for index in range(arity):
            bits = slots.get(top - arity + index, 0)
            if bits:
                moved[height + index] = bits
        self._waiting.append(_Path(target, dict(held), moved))

    def _br(self, pc: int, held: Held, slots: Held) -> int:
        self._go(pc, 0, held, slots)
        return _STOP

    def _br_if(self, pc: int, held: Held, slots: Held) -> int:
        if slots.pop(self.body.facts.heights[pc] - 1, 0):
            return self._tested()
        self._go(pc, 0, held, slots, after=1)
        return pc + 1

    def _br_table(self, pc: int, held: Held, slots: Held) -> int:
        if slots.pop(self.body.facts.heights[pc] - 1, 0):
            return self._tested()
        for which in range(len(self.body.facts.branches[pc])):
            self._go(pc, which, held, slots, after=1)
        return _STOP

    def _return(self, pc: int, held: Held, slots: Held) -> int:
        """What leaves the function: an error is handed on, with its pointer or without."""
        count = len(self.body.function.type.results)
        bits = 0
        for each in self._taken(slots, self.body.facts.heights[pc], count):
            bits |= each
        if bits & ERROR:
            self._looked = True
        elif bits & POINTER:
            self._found_use = pc
        return _STOP

    def _stop(self, pc: int, held: Held, slots: Held) -> int:
        return _STOP


_FLOW = {
    "block": Paths._begin,
    "loop": Paths._begin,
    "if": Paths._if,
    "else": Paths._else,
    "end": Paths._end,
    "br": Paths._br,
    "br_if": Paths._br_if,
    "br_table": Paths._br_table,
    "return": Paths._return,
    "unreachable": Paths._stop,
}

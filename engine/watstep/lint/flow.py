"""The flow of control through a function, in one walk: what can run, and which locals are set.

Code is structured, so what is set on every path to a place is known when it is reached: a branch
back to a loop comes from inside it, where no less is set than at its start.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from watstep.module.ir import BlockType, BranchTable, Function, Immediate
from watstep.validate.stack import FunctionFacts

_SETS = frozenset(("local.set", "local.tee"))


class Flow(NamedTuple):
    """What the walk found; places are indices in the body."""

    unset: tuple[tuple[int, bool], ...]
    """The reads of a local that is not set on every path to them; whether it is set on none."""
    dead: tuple[tuple[int, int], ...]
    """What never runs, each stretch from its first instruction to the `else` or `end` after it."""
    endless: tuple[int, ...]
    """The loops that nothing leaves, once they are entered."""


class _Frame:
    """A block that is open; sets of locals are bits of a number."""

    __slots__ = ("at_label", "close", "entry", "escape", "keyword", "loop", "pc")

    def __init__(self, pc: int, keyword: str, close: int, entry: tuple[int, int], depth: int):
        self.pc = pc
        self.keyword = keyword
        self.close = close
        self.entry = entry
        self.at_label: tuple[int, int] | None = None
        self.escape = depth
        """The outermost block that a branch in here goes to."""


def flow_of(function: Function, facts: FunctionFacts) -> Flow:
    """Walk a valid function."""
    return _Walk(function, facts).run()


class _Walk:
    def __init__(self, function: Function, facts: FunctionFacts) -> None:
        self.body = function.body
        self.bits = [1 << index for index in range(len(function.locals))]
        parameters = (1 << len(function.type.params)) - 1
        self.must, self.may = parameters, parameters
        self.live = True
        self.frames = [_Frame(-1, "func", len(self.body) - 1, (parameters, parameters), 0)]
        self.repeated = {branch.target for there in facts.branches.values() for branch in there}
        self.sets: list[int] = []
        """Where locals are set, once a loop asks."""
        self.widened = -1
        self.skip = -1
        self.unset: list[tuple[int, bool]] = []
        self.dead: list[tuple[int, int]] = []
        self.endless: list[int] = []

    def run(self) -> Flow:
        bits, handlers, unset = self.bits, _HANDLERS, self.unset
        for pc, (name, immediate, _, _) in enumerate(self.body):
            if pc < self.skip:
                continue
            if name == "local.get":
                bit = bits[immediate]  # type: ignore[index]  # An index of a local.
                if not self.must & bit:
                    unset.append((pc, not self.may & bit))
            elif name == "local.set" or name == "local.tee":
                bit = bits[immediate]  # type: ignore[index]  # An index of a local.
                self.must |= bit
                self.may |= bit
            elif name in handlers:
                handlers[name](self, pc, immediate)
        return Flow(tuple(unset), tuple(self.dead), tuple(self.endless))

    def _open(self, pc: int, immediate: Immediate) -> None:
        assert isinstance(immediate, BlockType)
        name = self.body[pc].name
        if name == "loop" and pc in self.repeated and pc > self.widened:
            self._widen(pc, immediate.end)
        close = immediate.otherwise if immediate.otherwise >= 0 else immediate.end
        entry = (self.must, self.may)
        self.frames.append(_Frame(pc, name, close, entry, len(self.frames)))

    def _widen(self, start: int, end: int) -> None:
        """What is set anywhere in a loop may be set at its start."""
        self.widened = end
        if not self.sets:
            self.sets = [pc for pc, i in enumerate(self.body) if i.name in _SETS]
        for pc in self.sets[bisect_left(self.sets, start) : bisect_left(self.sets, end)]:
            local = self.body[pc].immediate
            assert isinstance(local, int)
            self.may |= self.bits[local]

    def _else(self, pc: int, immediate: Immediate) -> None:
        frame = self.frames[-1]
        self._join(frame)
        self.must, self.may = frame.entry
        self.live = True
        block = self.body[frame.pc].immediate
        assert isinstance(block, BlockType)
        frame.close = block.end
        frame.keyword = "else"

    def _end(self, pc: int, immediate: Immediate) -> None:
        frame = self.frames.pop()
        depth = len(self.frames)
        if not self.frames:
            return
        if frame.keyword == "loop":
            if not self.live and frame.escape >= depth:
                self.endless.append(frame.pc)
            frame.at_label = None
        self._join(frame)
        if frame.keyword == "if":
            # Without an `else`, what was set before it is what is set after it.
            self.live = True
            self.must, self.may = frame.entry
            self._join(frame)
        outer = self.frames[-1]
        outer.escape = min(outer.escape, frame.escape)
        if frame.at_label is None:
            self._stop(pc)
        else:
            self.must, self.may = frame.at_label
            self.live = True

    def _join(self, frame: _Frame) -> None:
        """Go on at a block's label with what is set here."""
        if not self.live:
            return
        known = frame.at_label
        if known is None:
            frame.at_label = (self.must, self.may)
        else:
            frame.at_label = (known[0] & self.must, known[1] | self.may)

    def _stop(self, pc: int) -> None:
        """Nothing after `pc` runs until its block is left."""
        self.live = False
        self.skip = self.frames[-1].close
        if pc + 1 < self.skip:
            self.dead.append((pc + 1, self.skip))

    def _go(self, depth: int) -> None:
        index = len(self.frames) - 1 - depth
        top = self.frames[-1]
        top.escape = min(top.escape, index)
        self._join(self.frames[index])

    def _branch(self, pc: int, immediate: Immediate) -> None:
        assert isinstance(immediate, int)
        self._go(immediate)
        if self.body[pc].name == "br":
            self._stop(pc)

    def _table(self, pc: int, immediate: Immediate) -> None:
        assert isinstance(immediate, BranchTable)
        for depth in set(immediate.depths):
            self._go(depth)
        self._stop(pc)

    def _leave(self, pc: int, immediate: Immediate) -> None:
        self.frames[-1].escape = 0
        self._stop(pc)


_HANDLERS = {
    "block": _Walk._open,
    "loop": _Walk._open,
    "if": _Walk._open,
    "else": _Walk._else,
    "end": _Walk._end,
    "br": _Walk._branch,
    "br_if": _Walk._branch,
    "br_table": _Walk._table,
    "return": _Walk._leave,
    "unreachable": _Walk._leave,
}

"""The specification's validation algorithm (appendix "Validation Algorithm") for one function.

Every value of this version's instructions is an i32, so the type of a stack is its height; what the
algorithm keeps for each value instead is the instruction that pushed it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from watstep.module.ir import GAP, BlockType, BranchTable, Function, Instruction, Module
from watstep.source.diagnostic import Diagnostic
from watstep.validate import wording
from watstep.validate.wording import Reading, Shortage, Surplus
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.types import FunctionType

UNREACHABLE = -1
MOST_LEFT_OVER = 50
"""How many values that are left over in one block are told apart."""
_TYPES = {row.name: row.type for row in INSTRUCTIONS.values() if row.type is not None}


class Branch(NamedTuple):
    """Where a branch goes: the index in the body, the values it takes, the height it unwinds to."""

    target: int
    arity: int
    height: int


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """What validation knows of a function; lists are indexed like its body.

    `heights` is the operand stack's height before each instruction, `UNREACHABLE` where none runs.
    `branches` holds the targets of `br`, `br_if` (one) and `br_table` (the default last).
    """

    heights: tuple[int, ...]
    branches: dict[int, tuple[Branch, ...]]


class _Control(NamedTuple):
    pc: int
    keyword: str
    type: FunctionType
    height: int


class Checker:
    """Validates one function; `watch` are indices at which to keep the stack for a reader.

    Where `deep` is not 0, that many of its topmost values.
    """

    def __init__(
        self,
        reading: Reading,
        function: Function,
        diagnostics: list[Diagnostic],
        watch: range = range(0),
        deep: int = 0,
    ) -> None:
        """Report to `diagnostics`, with spans in the expanded text."""
        self.reading = reading
        self.module = reading.module
        self.function = function
        self.diagnostics = diagnostics
        self.stack: list[int] = []
        self.controls = [_Control(-1, "func", FunctionType((), function.type.results), 0)]
        self.dead = [False]
        self.heights: list[int] = []
        self.branches: dict[int, tuple[Branch, ...]] = {}
        self.watch, self.deep = watch, deep
        self.seen: dict[int, tuple[int, ...]] = {}

    def run(self) -> FunctionFacts:
        """Check every instruction."""
        stack, heights, dead = self.stack, self.heights, self.dead
        types = _TYPES
        has_memory = self.module.memory is not None
        watched = self.watch.stop
        for pc, instruction in enumerate(self.function.body):
            heights.append(UNREACHABLE if dead[-1] else len(stack))
            if pc < watched and pc >= self.watch.start:
                self.seen[pc] = tuple(stack[-self.deep :])
            name = instruction.name
            if name == "local.get":
                stack.append(pc)
                continue
            signature = types.get(name)
            if signature is None:
                _CONTROL[name](self, pc, instruction)
                continue
            if not has_memory and ("load" in name or "store" in name or name[:6] == "memory"):
                found = wording.no_memory(self.reading, self.function.body[pc])
                self.diagnostics.append(found)
            wanted = len(signature.params)
            if wanted:
                if len(stack) - self.controls[-1].height >= wanted:
                    del stack[-wanted:]
                else:
                    self._pop(wanted, pc)
            if signature.results:
                stack.append(pc)
        return FunctionFacts(tuple(heights), self.branches)

    def _pop(self, count: int, pc: int, target: int | None = None) -> None:
        """Take `count` values off; below the block's height only where code is unreachable.

        What lacks is reported and then taken for granted, so that the next error is another one.
        """
        available = len(self.stack) - self.controls[-1].height
        if available < count and not self.dead[-1]:
            height = self.controls[-1].height
            short = Shortage(count, self.stack[height:], self.stack[:height], target)
            self.diagnostics.append(wording.underflow(self.reading, self.function, pc, short))
        taken = min(available, count)
        if taken:
            del self.stack[-taken:]

    def _unreachable(self) -> None:
        del self.stack[self.controls[-1].height :]
        self.dead[-1] = True

    def _push(self, count: int, pc: int) -> None:
        self.stack.extend([pc] * count)

    def _block(self, pc: int, instruction: Instruction) -> None:
        block = instruction.immediate
        assert isinstance(block, BlockType)
        if instruction.name == "if":
            self._pop(1, pc)
        params = len(block.type.params)
        self._pop(params, pc)
        self.controls.append(_Control(pc, instruction.name, block.type, len(self.stack)))
        self.dead.append(False)
        self._push(params, pc)

    def _else(self, pc: int, instruction: Instruction) -> None:
        control = self.controls[-1]
        self._leave(pc, control)
        self.dead[-1] = False
        self._push(len(control.type.params), control.pc)

    def _end(self, pc: int, instruction: Instruction) -> None:
        control = self.controls[-1]
        if control.keyword == "if" and control.type.params != control.type.results:
            block = self.function.body[control.pc].immediate
            assert isinstance(block, BlockType)
            if block.otherwise < 0:
                results = len(control.type.results)
                self.diagnostics.append(wording.no_else(self.function, control.pc, pc, results))
                del self.stack[control.height :]
                self._push(results, control.pc)
        self._leave(pc, control)
        self.controls.pop()
        self.dead.pop()
        if self.controls:
            self._push(len(control.type.results), control.pc)

    def _leave(self, pc: int, control: _Control) -> None:
        """Check what a block leaves at its end, and empty its stack."""
        wanted = len(control.type.results)
        there = self.stack[control.height :]
        function, diagnostics = self.function, self.diagnostics
        if len(there) < wanted and not self.dead[-1]:
            diagnostics.append(wording.missing_value(function, pc, control.pc, wanted, there))
        extra = there[: len(there) - wanted] if len(there) > wanted else []
        seen: set[int] = set()
        for index, pusher in enumerate(extra[:MOST_LEFT_OVER]):
            if pusher not in seen:
                seen.add(pusher)
                at = self._on_top(pusher, control.height + index + 1, control.pc, pc)
                surplus = Surplus(control.pc, there, wanted)
                found = wording.left_over(self.reading, function, surplus, pusher, at)
                diagnostics.append(found)
        del self.stack[control.height :]

    def _on_top(self, pusher: int, height: int, opener: int, end: int) -> int:
        """Where the stack is `height` high, after `pusher`: before a statement or the end."""
        statements = self.function.statements
        after = bisect_right(statements, pusher, key=lambda statement: statement.first)
        for number in range(after, len(statements)):
            statement = statements[number]
            if statement.first >= len(self.heights):
                break
            if self.heights[statement.first] == height:
                return statement.span.start
        return wording.last_end(self.function, opener, end)

    def _target(self, depth: int) -> tuple[_Control, Branch]:
        control = self.controls[-1 - depth]
        if control.keyword == "loop":
            return control, Branch(control.pc, len(control.type.params), control.height)
        if control.keyword == "func":
            end = len(self.function.body) - 1
            return control, Branch(end, len(control.type.results), 0)
        block = self.function.body[control.pc].immediate
        assert isinstance(block, BlockType)
        return control, Branch(block.end, len(control.type.results), control.height)

    def _br(self, pc: int, instruction: Instruction) -> None:
        assert isinstance(instruction.immediate, int)
        if instruction.name == "br_if":
            self._pop(1, pc)
        control, branch = self._target(instruction.immediate)
        self.branches[pc] = (branch,)
        if instruction.name == "br":
            self._pop(branch.arity, pc, control.pc)
            self._unreachable()
        elif branch.arity:
            kept = self.stack[self.controls[-1].height :][-branch.arity :]
            self._pop(branch.arity, pc, control.pc)
            self.stack.extend(kept)
            self._push(branch.arity - len(kept), pc)

    def _br_table(self, pc: int, instruction: Instruction) -> None:
        table = instruction.immediate
        assert isinstance(table, BranchTable)
        self._pop(1, pc)
        targets = [self._target(depth)[1] for depth in table.depths]
        self.branches[pc] = tuple(targets)
        if any(target.arity != targets[-1].arity for target in targets):
            openers = [self._target(depth)[0].pc for depth in table.depths]
            arities = [target.arity for target in targets]
            found = wording.unequal_labels(self.function, pc, openers, arities)
            self.diagnostics.append(found)
        self._pop(targets[-1].arity, pc)
        self._unreachable()

    def _return(self, pc: int, instruction: Instruction) -> None:
        self._pop(len(self.function.type.results), pc, -1)
        self._unreachable()

    def _stop(self, pc: int, instruction: Instruction) -> None:
        self._unreachable()

    def _nop(self, pc: int, instruction: Instruction) -> None:
        """Nothing changes."""

    def _call(self, pc: int, instruction: Instruction) -> None:
        assert isinstance(instruction.immediate, int)
        signature = self.module.function_type(instruction.immediate)
        self._pop(len(signature.params), pc)
        self._push(len(signature.results), pc)

    def _take(self, pc: int, instruction: Instruction) -> None:
        self._pop(1, pc)

    def _keep(self, pc: int, instruction: Instruction) -> None:
        self._pop(1, pc)
        self._push(1, pc)

    def _select(self, pc: int, instruction: Instruction) -> None:
        self._pop(3, pc)
        self._push(1, pc)


_CONTROL = {
    "block": Checker._block,
    "loop": Checker._block,
    "if": Checker._block,
    "else": Checker._else,
    "end": Checker._end,
    "br": Checker._br,
    "br_if": Checker._br,
    "br_table": Checker._br_table,
    "return": Checker._return,
    "unreachable": Checker._stop,
    GAP: Checker._stop,
    "nop": Checker._nop,
    "call": Checker._call,
    "local.set": Checker._take,
    "drop": Checker._take,
    "local.tee": Checker._keep,
    "select": Checker._select,
}


def stacks_before(module: Module, function: Function, watch: range) -> dict[int, tuple[int, ...]]:
    """For each index in `watch`, what pushed each value on the operand stack before it.

    Bottom first; an answer is the index in the body of the instruction that pushed it, for a
    block's result or parameter that of the block.
    """
    checker = Checker(Reading(module), function, [], watch)
    checker.run()
    return checker.seen

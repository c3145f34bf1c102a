"""Where a value stands at an instant: in a local, on a stack, in memory, among a call's results.

Of each function it is known beforehand which instructions write which slot of its stack, since
validation knows the height before every instruction; so what wrote a slot is one backward search.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

from watstep.debug.effects import pushes, takes
from watstep.debug.places import Place
from watstep.module.ir import BlockType, BranchTable, Instruction, MemoryArgument
from watstep.pipeline import Program
from watstep.validate.stack import UNREACHABLE, Branch
from watstep.wasm.instructions import INSTRUCTIONS


class InLocal(NamedTuple):
    """A local of the frame that has `depth` callers."""

    instant: int
    depth: int
    local: int


class OnStack(NamedTuple):
    """A slot, from the bottom, of the operand stack of the frame that has `depth` callers."""

    instant: int
    depth: int
    slot: int


class InMemory(NamedTuple):
    """Bytes of the memory."""

    instant: int
    address: int
    length: int


class Returned(NamedTuple):
    """A result of the frame of `depth` callers, which the instruction at `instant` leaves."""

    instant: int
    depth: int
    result: int


Spot: TypeAlias = InLocal | OnStack | InMemory | Returned


class Slots(NamedTuple):
    """Slots of a stack from `low` up to `high`."""

    low: int
    high: int


@dataclass(frozen=True)
class Sites:
    """Which instructions of a program write what."""

    program: Program
    _setters: dict[tuple[int, int], frozenset[Place]] = field(default_factory=dict)
    _pushers: dict[tuple[int, int], frozenset[Place]] = field(default_factory=dict)
    _slots: dict[int, list[tuple[Place, Slots]]] = field(default_factory=dict)

    @cached_property
    def imported(self) -> int:
        """How many functions are imported; their indices come first."""
        return len(self.program.module.imported_functions)

    def instruction(self, place: Place) -> Instruction:
        """What stands at a place."""
        return self.program.function(place.function).body[place.pc]

    def setters(self, function: int, local: int) -> frozenset[Place]:
        """The instructions that set a local."""
        found = self._setters.get((function, local))
        if found is None:
            found = self._named(function, local, frozenset(("local.set", "local.tee")))
            self._setters[function, local] = found
        return found

    def getters(self, function: int, local: int) -> frozenset[Place]:
        """The instructions that read a local."""
        return self._named(function, local, frozenset(("local.get",)))

    def _named(self, function: int, local: int, names: frozenset[str]) -> frozenset[Place]:
        return frozenset(
            Place(function, pc)
            for pc, instruction in enumerate(self.program.function(function).body)
            if instruction.name in names and instruction.immediate == local
        )

    def pushers(self, function: int, slot: int) -> frozenset[Place]:
        """The instructions that can write a slot of a function's stack."""
        found = self._pushers.get((function, slot))
        if found is None:
            known = self._slots.get(function)
            if known is None:
                known = self._slots[function] = self._written(function)
            found = self._pushers[function, slot] = frozenset(
                place for place, slots in known if slots.low <= slot < slots.high
            )
        return found

    @cached_property
    def stores(self) -> frozenset[Place]:
        """Every store."""
        return self._accesses("store")

    @cached_property
    def loads(self) -> frozenset[Place]:
        """Every load."""
        return self._accesses("load")

    def _accesses(self, kind: str) -> frozenset[Place]:
        return frozenset(
            Place(function.index, pc)
            for function in self.program.module.functions
            for pc, instruction in enumerate(function.body)
            if isinstance(instruction.immediate, MemoryArgument) and kind in instruction.name
        )

    def touched(self, place: Place, stack: list[int]) -> tuple[int, int] | None:
        """The bytes, from and up to, that a load or a store touches before which `stack` is."""
        instruction = self.instruction(place)
        argument = instruction.immediate
        if not isinstance(argument, MemoryArgument):
            return None
        address = stack[-2 if "store" in instruction.name else -1] + argument.offset
        return address, address + INSTRUCTIONS[instruction.name].size

    def results(self, function: int) -> int:
        """How many values a function returns."""
        return len(self.program.module.function_type(function).results)

    def parameters(self, function: int) -> int:
        """How many values a function takes."""
        return len(self.program.module.function_type(function).params)

    def takes(self, place: Place) -> int:
        """How many values an instruction pops."""
        return takes(self.program.module, self.instruction(place))

    def pushes(self, place: Place) -> int:
        """How many values an instruction pushes."""
        return pushes(self.program.module, self.instruction(place))

    def branches(self, place: Place) -> tuple[Branch, ...]:
        """Where an instruction can branch, () for one that does not; the default last."""
        return self.program.facts[place.function - self.imported].branches.get(place.pc, ())

    def taken(self, place: Place, stack: list[int]) -> tuple[Branch, int] | None:
        """The branch that an instruction takes, and the height of the stack without its condition.

        None for an instruction that goes on.
        """
        found = self.branches(place)
        instruction = self.instruction(place)
        if instruction.name == "return":
            end = len(self.program.function(place.function).body) - 1
            return Branch(end, self.results(place.function), 0), len(stack)
        if not found or (instruction.name == "br_if" and not stack[-1]):
            return None
        if isinstance(instruction.immediate, BranchTable):
            return found[min(stack[-1], len(found) - 1)], len(stack) - 1
        return found[0], len(stack) - (instruction.name == "br_if")

    def _written(self, function: int) -> list[tuple[Place, Slots]]:
        """Each instruction that writes slots of the stack, also where it only moves them down."""
        facts = self.program.facts[function - self.imported]
        found: list[tuple[Place, Slots]] = []
        for pc, instruction in enumerate(self.program.function(function).body):
            height, place = facts.heights[pc], Place(function, pc)
            if height == UNREACHABLE or isinstance(instruction.immediate, BlockType):
                continue
            for branch in facts.branches.get(pc, ()):
                if branch.arity:
                    found.append((place, Slots(branch.height, branch.height + branch.arity)))
            pushed = self.pushes(place)
            if pushed:
                low = height - self.takes(place)
                found.append((place, Slots(low, low + pushed)))
        return found

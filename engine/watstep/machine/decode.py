"""Validated bodies to code for the machine: one entry an instruction, fallthrough resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from watstep.machine.constants import small_requests
from watstep.machine.operations import OPERATIONS
from watstep.module.ir import BlockType, Function, MemoryArgument
from watstep.pipeline import Program
from watstep.validate.stack import Branch, FunctionFacts

Entry: TypeAlias = tuple[int, Any, int]
"""(operation, decoded immediate, index of the next instruction)."""

Codes: TypeAlias = list[tuple[Entry, ...] | None]
"""The code of each function by its index; None stands at the imported ones."""

MOST_COPIES = 8
EXIT = OPERATIONS["exit"]
STOP = OPERATIONS["stop"]


@dataclass(frozen=True)
class Code:
    """A program's code, by function index; None stands at the imported functions."""

    program: Program
    functions: tuple[tuple[Entry, ...] | None, ...]
    _copies: dict[tuple[frozenset[tuple[int, int]], ...], Codes] = field(default_factory=dict)

    def stopped_at(self, *groups: frozenset[tuple[int, int]]) -> Codes:
        """A copy in which the instructions at all `groups` (function, index) stop the machine.

        The last few are kept: every step of a level asks for the same one.
        """
        known = self._copies.get(groups)
        if known is None:
            while len(self._copies) >= MOST_COPIES:
                del self._copies[next(iter(self._copies))]
            known = self._copies[groups] = self._stopped_at(frozenset().union(*groups))
        return known

    def _stopped_at(self, places: frozenset[tuple[int, int]]) -> Codes:
        copies: dict[int, list[Entry]] = {}
        for function, pc in places:
            code = self.functions[function]
            assert code is not None
            copy = copies.setdefault(function, list(code))
            copy[pc] = (STOP, None, code[pc][2])
        return [
            tuple(copies[index]) if index in copies else code
            for index, code in enumerate(self.functions)
        ]

    @cached_property
    def imported(self) -> tuple[str, ...]:
        """The imported functions' full names, by index."""
        return tuple(
            f"{item.module}.{item.name}" for item in self.program.module.imported_functions
        )


def decode(program: Program) -> Code:
    """The code of every function of a program."""
    module = program.module
    imported = len(module.imported_functions)
    defined = tuple(
        _function(program, function, facts)
        for function, facts in zip(module.functions, program.facts, strict=True)
    )
    return Code(program, (*([None] * imported), *defined))


def _function(program: Program, function: Function, facts: FunctionFacts) -> tuple[Entry, ...]:
    following = _following(function)
    small = small_requests(program.module, function)
    return tuple(
        _entry(program, function, facts, pc, following, small) for pc in range(len(function.body))
    )


def _following(function: Function) -> list[int]:
    """For each index, the instruction that runs when control comes there.

    It is the one at the index itself, or the one beyond the `end`s and `else`s that stand there.
    """
    body = function.body
    last = len(body) - 1
    ends: dict[int, int] = {}
    for instruction in body:
        block = instruction.immediate
        if isinstance(block, BlockType) and block.otherwise >= 0:
            ends[block.otherwise] = block.end
    following = [last] * len(body)
    for pc in range(last - 1, -1, -1):
        name = body[pc].name
        if name == "end":
            following[pc] = following[pc + 1]
        elif name == "else":
            following[pc] = following[ends[pc]]
        else:
            following[pc] = pc
    return following


def _entry(
    program: Program,
    function: Function,
    facts: FunctionFacts,
    pc: int,
    following: list[int],
    small: frozenset[int],
) -> Entry:
    name, value, *_ = function.body[pc]
    if pc == len(function.body) - 1:
        return EXIT, None, pc
    after = following[pc + 1]
    if name in {"end", "else"}:
        return OPERATIONS["nop"], None, following[pc]
    if name == "if":
        assert isinstance(value, BlockType)
        other = value.otherwise + 1 if value.otherwise >= 0 else value.end
        return OPERATIONS["if"], following[other], after
    if name in {"br", "br_if", "br_table"}:
        return _branch(name, facts, pc, following, after)
    if name == "call":
        assert isinstance(value, int)
        return _call(program, value, after)
    if name == "return":
        return OPERATIONS["return"], len(function.type.results), len(function.body) - 1
    if isinstance(value, MemoryArgument):
        return OPERATIONS[name], value.offset, after
    if name == "memory.grow":
        return OPERATIONS[name], pc in small, after
    return OPERATIONS[name], value if isinstance(value, int) else None, after


def _call(program: Program, index: int, after: int) -> Entry:
    module = program.module
    imported = len(module.imported_functions)
    signature = module.function_type(index)
    if index < imported:
        return OPERATIONS["host"], (index, len(signature.params)), after
    callee = module.functions[index - imported]
    zeros = [False] * (len(callee.locals) - len(signature.params))
    return OPERATIONS["call"], (index, len(signature.params), zeros), after


def _branch(name: str, facts: FunctionFacts, pc: int, following: list[int], after: int) -> Entry:
    branches = facts.branches.get(pc, ())
    if not branches:
        return OPERATIONS["unreachable"], None, after
    decoded = [(following[b.target], b.arity, b.height) for b in branches]
    if name == "br_table":
        return OPERATIONS[name], tuple(decoded), after
    branch = branches[0]
    if _needs_no_unwinding(facts, branch, pc, name):
        return OPERATIONS[name], decoded[0][0], after
    return OPERATIONS[f"{name} unwinding"], decoded[0], after


def _needs_no_unwinding(facts: FunctionFacts, branch: Branch, pc: int, name: str) -> bool:
    """Whether the stack is already as the branch leaves it."""
    height = facts.heights[pc] - (1 if name == "br_if" else 0)
    return height == branch.height + branch.arity

"""What the rules share: an index of a function's instructions, its flow, its host calls."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import Final, NamedTuple

from watstep.expand.pieces import Origin, Rendering
from watstep.lint.flow import Flow, flow_of
from watstep.module.ir import BlockType, Function, Instruction, Module, Statement
from watstep.source.text import Span
from watstep.validate.stack import FunctionFacts
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.types import FunctionType, HostInterface, HostSignature

_ARITHMETIC = {
    row.name: len(row.type.params)
    for row in INSTRUCTIONS.values()
    if row.type is not None and not row.size and not row.name.startswith("memory")
} | {"local.get": 0}
"""What a value may be made by that depends on locals alone, and how many operands it takes."""
PUSHES = frozenset(("local.get", "i32.const"))
"""What pushes one value and takes none."""
IGNORED = ("$_", "$unused", "$ignored")
"""How the name of a local begins that is there to take a value that nobody wants."""
_NOWHERE: list[int] = []


class HostCall(NamedTuple):
    """A call of a host function at an index of a body."""

    pc: int
    signature: HostSignature


class Subject:
    """The module under judgement."""

    def __init__(self, module: Module, interface: HostInterface, rendering: Rendering) -> None:
        """`rendering` is what the module's spans are in."""
        self.module: Final = module
        self.interface: Final = interface
        self.rendering: Final = rendering
        self.bodies: list[Body] = []
        """The functions that are judged."""
        self.host: Final = [
            interface.get(f"{item.module}.{item.name}") for item in module.imported_functions
        ]
        """What each imported function is, by index."""

    @property
    def complete(self) -> bool:
        """Whether every function is judged."""
        return len(self.bodies) == len(self.module.functions)

    @cached_property
    def host_calls(self) -> dict[str, tuple[Body, int]]:
        """The first call of each host function that is called, by full name."""
        found: dict[str, tuple[Body, int]] = {}
        for body in self.bodies:
            for call in body.host_calls:
                found.setdefault(call.signature.full_name, (body, call.pc))
        return found

    @cached_property
    def _parameters(self) -> list[int]:
        types = [item.type for item in self.module.imported_functions]
        imported = [len(each.params) for each in types if isinstance(each, FunctionType)]
        return imported + [len(function.type.params) for function in self.module.functions]

    def parameters(self, function: int) -> int:
        """How many values a function takes, by its index."""
        return self._parameters[function]

    def origin(self, offset: int) -> Origin | None:
        """Who made the text at a place, None where it was copied."""
        piece = self.rendering.pieces[self.rendering.piece_at(offset)]
        return piece.origin if piece.span is None else None


class Body:
    """One function; every answer is made when it is first asked for, then kept."""

    def __init__(self, subject: Subject, function: Function, facts: FunctionFacts) -> None:
        """Judge `function`, whose `facts` validation found."""
        self.subject: Final = subject
        self.function: Final = function
        self.facts: Final = facts
        self.code: Final[tuple[Instruction, ...]] = function.body

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """Where each instruction stands."""
        found: dict[str, list[int]] = {}
        for pc, instruction in enumerate(self.code):
            name = instruction[0]
            if name in found:
                found[name].append(pc)
            else:
                found[name] = [pc]
        return found

    def named(self, *names: str) -> list[int]:
        """Where instructions of these names stand, in order."""
        if len(names) == 1:
            return self.by_name.get(names[0], _NOWHERE)
        return sorted(pc for name in names for pc in self.by_name.get(name, _NOWHERE))

    @cached_property
    def reads(self) -> dict[int, list[int]]:
        """Where each local is read, in order."""
        return self._by_local(self.named("local.get"))

    @cached_property
    def writes(self) -> dict[int, list[int]]:
        """Where each local is set, in order."""
        return self._by_local(self.named("local.set", "local.tee"))

    def _by_local(self, places: list[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for pc in places:
            local = self.code[pc].immediate
            assert isinstance(local, int)
            found.setdefault(local, []).append(pc)
        return found

    @cached_property
    def flow(self) -> Flow:
        """What can run, and what is set by then."""
        return flow_of(self.function, self.facts)

    @cached_property
    def host_calls(self) -> list[HostCall]:
        """The calls of host functions, in order."""
        host, found = self.subject.host, []
        for pc in self.named("call"):
            index = self.code[pc].immediate
            assert isinstance(index, int)
            signature = host[index] if index < len(host) else None
            if signature is not None:
                found.append(HostCall(pc, signature))
        return found

    @cached_property
    def pairs(self) -> dict[int, HostCall]:
        """The calls that give a pointer and, on top of it, an error, by index."""
        return {
            call.pc: call
            for call in self.host_calls
            if call.signature.errors and len(call.signature.type.results) == 2
        }

    @cached_property
    def pointer_reads(self) -> set[int]:
        """The `local.get`s whose value is an address: of a load, or of a text for the host."""
        found = {pc - 1 for name in self.by_name if "load" in name for pc in self.by_name[name]}
        for call in self.host_calls:
            last = len(call.signature.type.params) - 1
            for back in range(last + 1):
                pc = call.pc - 1 - back
                if pc < 0 or self.code[pc].name not in PUSHES:
                    break
                if last - back in call.signature.pointers:
                    found.add(pc)
        return {pc for pc in found if self.code[pc].name == "local.get"}

    @cached_property
    def ends(self) -> dict[int, int]:
        """The `end` of the `if` that each `else` belongs to."""
        found = {}
        for pc in self.named("if"):
            block = self.code[pc].immediate
            assert isinstance(block, BlockType)
            found[block.otherwise] = block.end
        return found

    @cached_property
    def repeated(self) -> set[int]:
        """The loops that a branch goes back to, among the targets of all branches."""
        return {branch.target for there in self.facts.branches.values() for branch in there}

    @cached_property
    def jumps(self) -> list[int]:
        """Where control may go elsewhere than on, blocks aside."""
        return self.named("br", "br_if", "br_table", "return", "unreachable", "if")

    def operands(self, pc: int) -> range | None:
        """The instructions that make the last operand of one, None where they do more."""
        lacking, at = 1, pc
        while lacking:
            at -= 1
            takes = _ARITHMETIC.get(self.code[at].name) if at >= 0 else None
            if takes is None:
                return None
            lacking += takes - 1
        return range(at, pc)

    def local_name(self, index: int) -> str:
        """A local's name for people."""
        return self.function.locals[index].name or str(index)

    def statement_at(self, pc: int) -> Statement | None:
        """The innermost statement that an instruction belongs to."""
        statements = self.function.statements
        at = bisect_right(statements, pc, key=lambda statement: statement.first) - 1
        while at >= 0 and statements[at].after <= pc:
            at -= 1
        return statements[at] if at >= 0 else None

    def hoisted(self, index: int) -> Span | None:
        """Where in the source a local was declared that moved to the top of its function."""
        if self.function.locals[index].name is None:
            return None
        origin = self.subject.origin(self.function.locals[index].span.start)
        return origin.span if origin and origin.rule == "local" else None

    def source_span(self, pc: int) -> Span:
        """Where in the source an instruction's form stands."""
        instruction = self.code[pc]
        return self.subject.rendering.source_span(Span(instruction.start, instruction.end))

    @cached_property
    def early(self) -> dict[int, int]:
        """The locals whose first use in the program's order precedes their declaration.

        By index, with where that use is (LANGUAGE.md 5).
        """
        found: dict[int, int] = {}
        for index in range(len(self.function.type.params), len(self.function.locals)):
            uses = [places[index][0] for places in (self.reads, self.writes) if index in places]
            declared = self.hoisted(index) if uses else None
            if declared is not None and self.source_span(min(uses)).end <= declared.start:
                found[index] = min(uses)
        return found

"""The module that everything after resolution shares: validator, encoder, machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from watstep.source.text import Span
from watstep.wasm.types import FunctionType, Limits, ValueType


class MemoryArgument(NamedTuple):
    """The immediate of a load or a store; `align` is the exponent of two."""

    align: int
    offset: int


class BlockType(NamedTuple):
    """The immediate of `block`, `loop` and `if`.

    `end` is the index in the body of the matching `end`; `otherwise` that of the `else`, or -1.
    """

    type: FunctionType
    end: int
    otherwise: int


class BranchTable(NamedTuple):
    """The immediate of `br_table`: relative depths, the default last."""

    depths: tuple[int, ...]


Immediate: TypeAlias = int | BlockType | MemoryArgument | BranchTable | None
"""A constant (0 to 2**32-1), an index, a relative label depth, or one of the above."""


class Instruction(NamedTuple):
    """One instruction of a body, `else` and `end` included, as in the binary format.

    `start` and `end` are the span, in the expanded text, of the instruction's own form: the whole
    folded form, or the flat instruction with its immediates. The final `end` of a function is the
    last entry of its body.
    """

    name: str
    immediate: Immediate
    start: int
    end: int


GAP = "?"
"""The name of what stands where the text says no instruction; nobody knows what it does.

A module that holds one has been reported and never runs.
"""


class Statement(NamedTuple):
    """A form that stands where a list of instructions can stand (STEPPING.md, Words).

    `first` and `after` are indices in the body: the instructions of the statement are
    `body[first:after]`. In flat code every instruction is one.
    """

    first: int
    after: int
    span: Span


@dataclass(frozen=True, slots=True)
class Local:
    """A parameter or a local; `name` with its dollar, or None."""

    name: str | None
    type: ValueType
    span: Span


@dataclass(frozen=True, slots=True)
class Import:
    """An imported function or memory; `index` is its index among the functions, else 0."""

    module: str
    name: str
    kind: str
    """`func` or `memory`."""
    index: int
    type: FunctionType | Limits
    span: Span


@dataclass(frozen=True, slots=True)
class Function:
    """A function that the module defines."""

    index: int
    """In the function index space, imports first."""
    name: str | None
    """With its dollar."""
    type: FunctionType
    locals: tuple[Local, ...]
    """Parameters first."""
    body: tuple[Instruction, ...]
    statements: tuple[Statement, ...]
    """In the order of their first instruction; an outer one before an inner one."""
    span: Span

    @property
    def label(self) -> str:
        """The name for people: without the dollar, or the index."""
        return self.name.removeprefix("$") if self.name else f"func[{self.index}]"


@dataclass(frozen=True, slots=True)
class Data:
    """An active data segment at a constant address."""

    address: int
    content: bytes
    span: Span


@dataclass(frozen=True, slots=True)
class Export:
    """An export: `kind` is `func` or `memory`."""

    name: str
    kind: str
    index: int
    span: Span


@dataclass(frozen=True, slots=True)
class Module:
    """A module with every name resolved; spans are in the expanded text."""

    name: str | None
    types: tuple[FunctionType, ...]
    """The type section, in the order in which types are declared or first used."""
    imports: tuple[Import, ...]
    functions: tuple[Function, ...]
    memory: Limits | None
    """The one memory, imported or defined."""
    data: tuple[Data, ...]
    exports: tuple[Export, ...]
    start: int | None

    @property
    def imported_functions(self) -> tuple[Import, ...]:
        """The imported functions, in index order."""
        return tuple(item for item in self.imports if item.kind == "func")

    def function_type(self, index: int) -> FunctionType:
        """The type of a function of the index space, imported or defined."""
        imported = self.imported_functions
        if index < len(imported):
            found = imported[index].type
            assert isinstance(found, FunctionType)
            return found
        return self.functions[index - len(imported)].type

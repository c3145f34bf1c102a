"""What a body's resolution has yet to do, kept in a list so that it never recurses."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from watstep.module.ir import Instruction
from watstep.syntax.tree import Form, Item
from watstep.wasm.types import FunctionType


class Label(NamedTuple):
    """A block that is open: its name or "", where in the body it stands, how it was written."""

    name: str
    pc: int
    keyword: str
    folded: bool


class Emit(NamedTuple):
    """Emit an instruction once its operands are; close the statement that began at `statement`."""

    instruction: Instruction
    statement: int


class Open(NamedTuple):
    """Emit an `if` once its condition is, then its branches."""

    form: Form
    label: str
    type: FunctionType
    branches: list[Form]
    statement: int
    odd: bool = False
    """Whether its branches are not those of an `if`."""


class Else(NamedTuple):
    """Begin the other branch of the innermost `if`."""

    form: Form


class End(NamedTuple):
    """End the innermost folded block; close its statement."""

    form: Form
    statement: int


class List(NamedTuple):
    """Go on with a list of items at an index; `statements` is whether they are instructions."""

    items: list[Item]
    first: int
    statements: bool


Task: TypeAlias = Emit | Open | Else | End | List

"""How many values an instruction takes from the stack and puts there."""

from __future__ import annotations

from watstep.module.ir import Instruction, Module
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.types import FunctionType

_TAKES = {
    "if": 1,
    "br_if": 1,
    "br_table": 1,
    "local.set": 1,
    "local.tee": 1,
    "drop": 1,
    "select": 3,
}
_PUSHES = {"local.get": 1, "local.tee": 1, "select": 1}


def takes(module: Module, instruction: Instruction) -> int:
    """How many values an instruction pops."""
    known = _type_of(module, instruction)
    return _TAKES.get(instruction.name, 0) if known is None else len(known.params)


def pushes(module: Module, instruction: Instruction) -> int:
    """How many values an instruction pushes."""
    known = _type_of(module, instruction)
    return _PUSHES.get(instruction.name, 0) if known is None else len(known.results)


def _type_of(module: Module, instruction: Instruction) -> FunctionType | None:
    """The signature of a call or of an instruction that has one."""
    if instruction.name == "call" and isinstance(instruction.immediate, int):
        return module.function_type(instruction.immediate)
    return INSTRUCTIONS[instruction.name].type

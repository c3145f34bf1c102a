"""How many values an instruction takes from the stack and puts there."""

from __future__ import annotations

from watstep.module.ir import Instruction, Module
from watstep.wasm.instructions import INSTRUCTIONS

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
    row = INSTRUCTIONS[instruction.name]
    if row.type is not None:
        return len(row.type.params)
    if instruction.name == "call" and isinstance(instruction.immediate, int):
        return len(module.function_type(instruction.immediate).params)
    return _TAKES.get(instruction.name, 0)


def pushes(module: Module, instruction: Instruction) -> int:
    """How many values an instruction pushes."""
    row = INSTRUCTIONS[instruction.name]
    if row.type is not None:
        return len(row.type.results)
    if instruction.name == "call" and isinstance(instruction.immediate, int):
        return len(module.function_type(instruction.immediate).results)
    return _PUSHES.get(instruction.name, 0)

"""The operand stack at a problem, as a value to draw: what is needed, what is there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from watstep.module.ir import Function, Instruction
from watstep.source.diagnostic import StackPicture, StackValue
from watstep.source.text import Span
from watstep.wasm.instructions import STRUCTURED

_PARTS = {
    "if": ("condition",),
    "i32.load": ("address",),
    "i32.store": ("address", "value"),
    "memory.grow": ("pages",),
    "local.set": ("value",),
    "local.tee": ("value",),
    "drop": ("value",),
    "select": ("first", "second", "condition"),
}
"""What the operands of an instruction are called, where they have names."""
MOST_SHOWN = 12
"""How many values of one fate a picture holds."""


def place(instruction: Instruction) -> Span:
    """Where to point at an instruction: at a block's first word, not at all that it holds."""
    start, end = instruction.start, instruction.end
    if instruction.name in STRUCTURED:
        return Span(start, min(start + 1 + len(instruction.name), end))
    return Span(start, end)


def operand_names(instruction: Instruction, wanted: int) -> tuple[str, ...]:
    """What an instruction other than a call calls its `wanted` operands; "" for each without."""
    if instruction.name == "br_if":
        return (*[""] * (wanted - 1), "condition")
    return _PARTS.get(instruction.name, ()) or ("",) * wanted


def operands(
    function: Function,
    title: str,
    names: Sequence[str],
    there: Sequence[int],
    below: Sequence[int] = (),
) -> StackPicture:
    """Too few operands: one of each of `names` is needed, `there` and `below` say what made some.

    Those `below` lie outside the block, so that it does not reach them.
    """
    values = [_value(function, pusher, "", "out of reach") for pusher in below[-MOST_SHOWN:]]
    for name, pusher in zip_longest(names, there):
        if pusher is None:
            values.append(StackValue(name, "i32", None, "missing"))
        else:
            values.append(_value(function, pusher, name or "", "taken"))
    return StackPicture(title, tuple(values))


def results(function: Function, title: str, wanted: int, there: Sequence[int]) -> StackPicture:
    """The stack at the end of what leaves `wanted` values: too many, or too few."""
    extra = max(len(there) - wanted, 0)
    name = "result" if wanted == 1 else ""
    values = [_value(function, pusher, "", "left over") for pusher in there[:extra][-MOST_SHOWN:]]
    values += [_value(function, pusher, name, "taken") for pusher in there[extra:]]
    values += [StackValue(name, "i32", None, "missing")] * (wanted - len(there))
    return StackPicture(title, tuple(values))


def _value(function: Function, pusher: int, name: str, fate: str) -> StackValue:
    instruction = function.body[pusher]
    return StackValue(name, "i32", Span(instruction.start, instruction.end), fate)

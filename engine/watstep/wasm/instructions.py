"""The one instruction table; lexer, validator, encoder, machine, hover and completion read it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from watstep.wasm.types import FunctionType


class Immediates(Enum):
    """What follows an instruction's name."""

    NONE = "none"
    CONSTANT = "constant"
    LOCAL = "local"
    FUNCTION = "function"
    LABEL = "label"
    LABELS = "labels"
    MEMORY = "memory argument"
    BLOCK = "block"


class InstructionRow(NamedTuple):
    """One instruction.

    `type` is None where it depends on the place (control, locals, calls, `drop`, `select`).
    `fuel` is in units (STEPPING.md P3); `size` the bytes that a load or a store touches, else 0.
    """

    name: str
    opcode: int
    immediates: Immediates
    type: FunctionType | None
    profile: str
    fuel: int
    size: int
    help: str
    section: str
    """Of the specification."""
    traps: str = ""
    """When it ends the run, "" where it never does."""
    shape: str = ""
    """What it takes and leaves where `type` is None; `t*` stands for any number of values."""
    effect: str = ""
    """The same in words."""


_SHAPES = {
    "unreachable": ("t* → never", "whatever is on the stack is never looked at"),
    "nop": ("· → ·", "leaves the stack as it is"),
    "block": ("t* → t*", "takes its parameters, leaves its results"),
    "loop": ("t* → t*", "takes its parameters, at each time round too; leaves its results"),
    "if": ("i32 t* → t*", "takes the condition and its parameters, leaves its results"),
    "else": ("t* → t*", "takes the first branch's results away, puts the parameters back"),
    "end": ("t* → t*", "what the block promised is what is left of it"),
    "br": ("t* → never", "takes what the label wants, drops what else its block had"),
    "br_if": (
        "t* i32 → t*",
        "takes the condition; what the label wants stays where it does not go",
    ),
    "br_table": ("t* i32 → never", "takes the number of a label, and what the labels want"),
    "return": ("t* → never", "takes the function's results, drops the rest"),
    "call": ("t* → t*", "takes the function's parameters, the last on top; leaves its results"),
    "drop": ("t → ·", "takes a value"),
    "select": ("t t i32 → t", "takes two values and a condition, leaves one of the two"),
    "local.get": ("· → t", "leaves the local's value"),
    "local.set": ("t → ·", "takes a value"),
    "local.tee": ("t → t", "takes a value and leaves it"),
}
"""What the instructions without a type do to the stack, as a signature and in words."""
_OUTSIDE_MEMORY = "where the address, its offset and the width reach past the memory"
_TRAPS = {
    "unreachable": "always",
    "call": "where the calls are nested too deeply",
    "i32.div_s": "where the divisor is 0, and at -2^31 / -1",
    "i32.div_u": "where the divisor is 0",
    "i32.rem_s": "where the divisor is 0",
    "i32.rem_u": "where the divisor is 0",
}

_BINARY = FunctionType(("i32", "i32"), ("i32",))
_UNARY = FunctionType(("i32",), ("i32",))
_NULLARY = FunctionType((), ("i32",))
_STORE = FunctionType(("i32", "i32"), ())
_NUMERIC, _MEMORY, _CONTROL = "4.4.1 Numeric", "4.4.7 Memory", "4.4.8 Control"
_AGENT_NUMERIC = frozenset(
    ("add", "sub", "mul", "div_s", "rem_s", "and", "or", "ne", "eq", "lt_s", "gt_s", "le_s", "ge_s")
)

_BINARY_ROWS = (
    ("eq", 0x46, "1 if the two are equal, else 0"),
    ("ne", 0x47, "1 if the two differ, else 0"),
    ("lt_s", 0x48, "1 if the first is less, signed"),
    ("lt_u", 0x49, "1 if the first is less, unsigned"),
    ("gt_s", 0x4A, "1 if the first is greater, signed"),
    ("gt_u", 0x4B, "1 if the first is greater, unsigned"),
    ("le_s", 0x4C, "1 if the first is less or equal, signed"),
    ("le_u", 0x4D, "1 if the first is less or equal, unsigned"),
    ("ge_s", 0x4E, "1 if the first is greater or equal, signed"),
    ("ge_u", 0x4F, "1 if the first is greater or equal, unsigned"),
    ("add", 0x6A, "the sum, modulo 2^32"),
    ("sub", 0x6B, "the first less the second, modulo 2^32"),
    ("mul", 0x6C, "the product, modulo 2^32"),
    ("div_s", 0x6D, "the signed quotient, toward zero; traps on 0 and on -2^31 / -1"),
    ("div_u", 0x6E, "the unsigned quotient; traps on 0"),
    ("rem_s", 0x6F, "the signed remainder, with the sign of the first; traps on 0"),
    ("rem_u", 0x70, "the unsigned remainder; traps on 0"),
    ("and", 0x71, "the bits set in both"),
    ("or", 0x72, "the bits set in either"),
    ("xor", 0x73, "the bits set in just one"),
    ("shl", 0x74, "the first shifted left by the second modulo 32"),
    ("shr_s", 0x75, "the first shifted right, the sign filled in"),
    ("shr_u", 0x76, "the first shifted right, zeros filled in"),
    ("rotl", 0x77, "the first rotated left"),
    ("rotr", 0x78, "the first rotated right"),
)
_UNARY_ROWS = (
    ("eqz", 0x45, "1 if it is 0, else 0"),
    ("clz", 0x67, "how many zero bits lead"),
    ("ctz", 0x68, "how many zero bits trail"),
    ("popcnt", 0x69, "how many bits are set"),
    ("extend8_s", 0xC0, "the low 8 bits, the sign extended"),
    ("extend16_s", 0xC1, "the low 16 bits, the sign extended"),
)
_ACCESS_ROWS = (
    ("i32.load", 0x28, 4, "agent", "the four bytes at the address, little-endian"),
    ("i32.load8_s", 0x2C, 1, "core", "the byte at the address, the sign extended"),
    ("i32.load8_u", 0x2D, 1, "core", "the byte at the address"),
    ("i32.load16_s", 0x2E, 2, "core", "two bytes at the address, the sign extended"),
    ("i32.load16_u", 0x2F, 2, "core", "two bytes at the address"),
    ("i32.store", 0x36, 4, "agent", "put the value's four bytes at the address"),
    ("i32.store8", 0x3A, 1, "core", "put the value's low byte at the address"),
    ("i32.store16", 0x3B, 2, "core", "put the value's low two bytes at the address"),
)


def _row(
    name: str, opcode: int, immediates: Immediates, profile: str, fuel: int, text: str
) -> InstructionRow:
    section = "4.4.5 Variable" if immediates is Immediates.LOCAL else _CONTROL
    shape, effect = _SHAPES[name]
    traps = _TRAPS.get(name, "")
    return InstructionRow(
        name, opcode, immediates, None, profile, fuel, 0, text, section, traps, shape, effect
    )


def _numeric(name: str, opcode: int, signature: FunctionType, text: str) -> InstructionRow:
    profile = "agent" if name in _AGENT_NUMERIC else "core"
    return InstructionRow(
        f"i32.{name}",
        opcode,
        Immediates.NONE,
        signature,
        profile,
        1,
        0,
        text,
        _NUMERIC,
        _TRAPS.get(f"i32.{name}", ""),
    )


_ROWS = (
    _row("unreachable", 0x00, Immediates.NONE, "core", 0, "trap"),
    _row("nop", 0x01, Immediates.NONE, "core", 0, "do nothing"),
    _row("block", 0x02, Immediates.BLOCK, "agent", 0, "a label at its end: `br` leaves it"),
    _row("loop", 0x03, Immediates.BLOCK, "agent", 0, "a label at its start: `br` repeats it"),
    _row("if", 0x04, Immediates.BLOCK, "agent", 1, "take `then` unless the condition is 0"),
    _row("else", 0x05, Immediates.NONE, "agent", 0, "the other branch of an `if`"),
    _row("end", 0x0B, Immediates.NONE, "agent", 0, "the end of a block"),
    _row("br", 0x0C, Immediates.LABEL, "agent", 1, "go to a label"),
    _row("br_if", 0x0D, Immediates.LABEL, "agent", 1, "go to a label unless the condition is 0"),
    _row("br_table", 0x0E, Immediates.LABELS, "core", 1, "go to the label chosen by the operand"),
    _row("return", 0x0F, Immediates.NONE, "agent", 0, "leave the function with its results"),
    _row("call", 0x10, Immediates.FUNCTION, "agent", 1, "call a function"),
    _row("drop", 0x1A, Immediates.NONE, "core", 0, "throw a value away"),
    _row("select", 0x1B, Immediates.NONE, "core", 1, "the first unless the third is 0"),
    _row("local.get", 0x20, Immediates.LOCAL, "agent", 1, "push a local's value"),
    _row("local.set", 0x21, Immediates.LOCAL, "agent", 1, "pop a value into a local"),
    _row("local.tee", 0x22, Immediates.LOCAL, "agent", 1, "put the top into a local, keep it"),
    *(
        InstructionRow(
            name,
            opcode,
            Immediates.MEMORY,
            _STORE if "store" in name else _UNARY,
            profile,
            1,
            size,
            text,
            _MEMORY,
            _OUTSIDE_MEMORY,
        )
        for name, opcode, size, profile, text in _ACCESS_ROWS
    ),
    InstructionRow(
        "memory.size", 0x3F, Immediates.NONE, _NULLARY, "core", 1, 0, "pages of memory", _MEMORY
    ),
    InstructionRow(
        "memory.grow",
        0x40,
        Immediates.NONE,
        _UNARY,
        "agent",
        1,
        0,
        "grow the memory by so many pages; the old size, or -1",
        _MEMORY,
    ),
    InstructionRow(
        "i32.const", 0x41, Immediates.CONSTANT, _NULLARY, "agent", 1, 0, "push a constant", _NUMERIC
    ),
    *(_numeric(name, opcode, _BINARY, text) for name, opcode, text in _BINARY_ROWS),
    *(_numeric(name, opcode, _UNARY, text) for name, opcode, text in _UNARY_ROWS),
)

INSTRUCTIONS: dict[str, InstructionRow] = {row.name: row for row in _ROWS}
"""Every instruction that this version runs, by name."""

STRUCTURED = frozenset(("block", "loop", "if"))
"""The structured instructions: each holds others, up to its `end` or its parenthesis."""

"""What to say of an operand stack that does not come out, and how to mend it."""

from __future__ import annotations

from typing import NamedTuple

from watstep.module.ir import Function, Instruction, Module
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from watstep.source.text import Span
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.types import HostInterface

_ZERO = "(i32.const 0)"
NO_HOST: HostInterface = {}


class Reading(NamedTuple):
    """What a message may speak of."""

    module: Module
    host: HostInterface = NO_HOST
    text: str = ""
    """That the module's spans are in."""


_LAST_OPERAND = {"if": " (its condition)", "br_if": " (the last is its condition)"}
_OPERANDS = {row.name: len(row.type.params) for row in INSTRUCTIONS.values() if row.type}
_HEADS = frozenset(("block", "loop", "if"))


def place(instruction: Instruction) -> Span:
    """Where to point at an instruction: at a block's first word, not at all that it holds."""
    start, end = instruction.start, instruction.end
    if instruction.name in _HEADS:
        return Span(start, min(start + 1 + len(instruction.name), end))
    return Span(start, end)


def underflow(
    reading: Reading, function: Function, pc: int, wanted: int, there: list[int]
) -> Diagnostic:
    """Too few values; `there` are the instructions that pushed those that are there."""
    instruction = function.body[pc]
    name, detail = instruction.name, _LAST_OPERAND.get(instruction.name, "")
    if name == "call" and isinstance(instruction.immediate, int):
        called, words = _called(reading, instruction.immediate)
        name = f"call {called}"
        detail = f" ({', '.join(words)})" if words else ""
    has = str(len(there)) if there else "none"
    message = f"`{name}` needs {amount(wanted)}{detail}, the stack has {has} here"
    labels = tuple(
        Label(place(function.body[pusher]), "what it has came from here")
        for pusher in dict.fromkeys(there)
    )
    lacking = wanted - len(there)
    text = " ".join([_ZERO] * lacking)
    if reading.text.startswith("(", instruction.start):
        edit = Edit(Span(instruction.end - 1, instruction.end - 1), f" {text}")
    else:
        edit = Edit(Span(instruction.start, instruction.start), f"{text} ")
    fixes = () if instruction.name in _HEADS else (Fix(f"give it {text}", (edit,)),)
    span = place(instruction)
    return Diagnostic("stack-underflow", Severity.ERROR, span, message, labels, fixes)


def missing_value(
    function: Function, pc: int, opener: int, wanted: int, there: list[int]
) -> Diagnostic:
    """Too few values at the end of a block, or of the function where `opener` is -1."""
    end = function.body[pc]
    has = f"leaves {len(there)}" if there else "leaves none"
    where = f"`{function.label}`" if opener < 0 else f"this `{function.body[opener].name}`"
    if end.name == "else":
        where = "the first branch of " + where
    message = f"{where} must leave {amount(wanted)} at its end, it {has}"
    text = " ".join([_ZERO] * (wanted - len(there)))
    at = last_end(function, opener, pc)
    fix = Fix(f"end it with {text}", (Edit(Span(at, at), f" {text} "),))
    if opener >= 0:
        span = place(function.body[opener])
    else:
        # The end of a body program's text may lie behind comments, far from its last form.
        span = Span(at, at) if pc else Span(end.start, end.end)
    fixes = (fix,) if pc > opener + 1 or end.name == "end" else ()
    return Diagnostic("missing-value", Severity.ERROR, span, message, fixes=fixes)


def last_end(function: Function, opener: int, pc: int) -> int:
    """Where what a block holds ends, from the instruction that opens it to the one that ends it."""
    return max((i.end for i in function.body[opener + 1 : pc]), default=function.body[pc].start)


def _taker(function: Function, pusher: int) -> Instruction | None:
    """The folded instruction that a value was written as an operand of."""
    inner = function.body[pusher]
    for outer in function.body[pusher + 1 :]:
        if outer.start < inner.start and inner.end <= outer.end:
            return None if outer.name in _HEADS else outer
    return None


def _too_many(reading: Reading, operand: Instruction, taker: Instruction) -> Diagnostic:
    """An operand more than the instruction takes that it is written into."""
    name, takes = taker.name, _OPERANDS.get(taker.name, 1)
    if name == "call" and isinstance(taker.immediate, int):
        name = f"call {_called(reading, taker.immediate)[0]}"
        takes = len(reading.module.function_type(taker.immediate).params)
    message = f"`{name}` takes {amount(takes) if takes else 'nothing'}: this operand is left over"
    span = Span(operand.start, operand.end)
    fix = Fix("take it away", (Edit(span, ""),))
    label = Label(Span(taker.start, taker.start + 1 + len(taker.name)), "it is written in here")
    return Diagnostic("left-over-value", Severity.ERROR, span, message, (label,), (fix,))


def left_over(
    reading: Reading, function: Function, opener: int, pusher: int, at: int, wanted: int
) -> Diagnostic:
    """A value that nobody takes before its block ends; it lies on top at the offset `at`."""
    taker = _taker(function, pusher)
    if taker is not None:
        return _too_many(reading, function.body[pusher], taker)
    where = f"`{function.label}`" if opener < 0 else f"this `{function.body[opener].name}`"
    leaves = f"{amount(wanted)}" if wanted else "none"
    message = (
        f"this value is left over at the end of {where}, which leaves {leaves}: "
        "take it with `local.set`"
    )
    labels = () if opener < 0 else (Label(place(function.body[opener]), "the block begins here"),)
    taken = " (local $unused i32) (local.set $unused) "
    fix = Fix("take it into a local", (Edit(Span(at, at), taken),))
    span = place(function.body[pusher])
    return Diagnostic("left-over-value", Severity.ERROR, span, message, labels, (fix,))


def no_else(function: Function, opener: int, end: int, results: int) -> Diagnostic:
    """An `if` that gives values in one branch alone."""
    message = f"an `if` that gives {amount(results)} needs an `else`"
    closing = function.body[end]
    text = " ".join([_ZERO] * results)
    written = f" (else {text})" if closing.end - closing.start == 1 else f" else {text} "
    fix = Fix(f"write{written.rstrip()}", (Edit(Span(closing.start, closing.start), written),))
    span = place(function.body[opener])
    return Diagnostic("if-without-else", Severity.ERROR, span, message, fixes=(fix,))


def no_memory(reading: Reading, instruction: Instruction) -> Diagnostic:
    """An access to a memory that the module does not have."""
    message = f"`{instruction.name}` needs a memory, the module has none"
    at = reading.module.functions[0].span.start
    fix = Fix("give it a page", (Edit(Span(at, at), "(memory 1) "),))
    return Diagnostic("unknown-memory", Severity.ERROR, place(instruction), message, fixes=(fix,))


def amount(count: int) -> str:
    """So many values, in words."""
    return "an i32" if count == 1 else f"{count} x i32"


def _called(reading: Reading, index: int) -> tuple[str, tuple[str, ...]]:
    """A function's name for people, and those of its parameters, where they have some."""
    module, host = reading.module, reading.host
    imported = module.imported_functions
    if index < len(imported):
        name = f"{imported[index].module}.{imported[index].name}"
        return f"${name}", host[name].parameters if name in host else ()
    function = module.functions[index - len(imported)]
    params = function.locals[: len(function.type.params)]
    return function.name or str(index), tuple(p.name for p in params if p.name)

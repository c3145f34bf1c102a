"""What to say of an operand stack that does not come out, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from watstep.module.ir import BlockType, Function, Instruction, Module
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from watstep.source.text import Span
from watstep.validate.pictures import operand_names, operands, place, results
from watstep.wasm.instructions import INSTRUCTIONS, STRUCTURED
from watstep.wasm.types import HostInterface

_ZERO = "(i32.const 0)"
NO_HOST: HostInterface = {}


class Reading(NamedTuple):
    """What a message may speak of."""

    module: Module
    host: HostInterface = NO_HOST
    text: str = ""
    """That the module's spans are in."""
    profile: str = "agent"


_OPERANDS = {row.name: len(row.type.params) for row in INSTRUCTIONS.values() if row.type}


class Shortage(NamedTuple):
    """What lies on the stack where an instruction finds too little, as what pushed it."""

    wanted: int
    there: list[int]
    below: list[int]
    """Outside the innermost block, which does not reach it."""
    target: int | None = None
    """Of a branch: the block that it leaves, -1 for the function."""


def underflow(reading: Reading, function: Function, pc: int, short: Shortage) -> Diagnostic:
    """Too few values for an instruction."""
    instruction = function.body[pc]
    name, names = instruction.name, operand_names(instruction, short.wanted)
    if name == "call" and isinstance(instruction.immediate, int):
        called, words = _called(reading, instruction.immediate)
        name = f"call {called}"
        names = words if len(words) == short.wanted else names
    wanted, there = short.wanted, short.there
    detail = f" ({', '.join(filter(None, names))})" if any(names) else ""
    has = str(len(there)) if there else "none"
    message = f"`{name}` needs {amount(wanted)}{detail}, the stack has {has} here"
    below = short.below[-(wanted - len(there)) :]
    labels = [*_origins(function, names, there), *_branch_target(function, name, short.target)]
    if below:
        opener = _innermost(function, pc)
        message += f": what lies outside this `{function.body[opener].name}` is out of its reach"
        if opener != short.target:
            labels.append(Label(place(function.body[opener]), "the block begins here"))
    text = " ".join([_ZERO] * (wanted - len(there)))
    if reading.text.startswith("(", instruction.start):
        edit = Edit(Span(instruction.end - 1, instruction.end - 1), f" {text}")
    else:
        edit = Edit(Span(instruction.start, instruction.start), f"{text} ")
    if instruction.name == "if" and reading.text.startswith("(", instruction.start):
        edit = Edit(Span(instruction.start, instruction.start), f"{text} ")
    fixes = () if instruction.name in {"block", "loop"} else (Fix(f"give it {text}", (edit,)),)
    picture = operands(function, name, names, there, below)
    span = place(instruction)
    return Diagnostic(
        "stack-underflow", Severity.ERROR, span, message, tuple(labels), fixes, picture
    )


def _origins(function: Function, names: Sequence[str], there: list[int]) -> list[Label]:
    """A label for each form that made one of the operands that are there."""
    made: dict[int, str] = {}
    for pusher, name in zip(there, names, strict=False):
        made.setdefault(pusher, name)
    return [
        Label(place(function.body[pusher]), f"`{name}` is made here" if name else "it has this one")
        for pusher, name in made.items()
    ]


def _branch_target(function: Function, name: str, target: int | None) -> list[Label]:
    """Where a branch goes that needs what its block gives."""
    if target is None:
        return []
    if target < 0:
        return [Label(Span(function.span.start, function.span.start + 5), "it leaves this one")]
    return [Label(place(function.body[target]), f"`{name}` goes to this block, which gives values")]


def _innermost(function: Function, pc: int) -> int:
    """The index of the innermost block that holds the instruction at `pc`."""
    for index in range(pc - 1, -1, -1):
        block = function.body[index].immediate
        if isinstance(block, BlockType) and block.end >= pc:
            return index
    return 0


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
    labels = [Label(place(function.body[pusher]), "it leaves this one") for pusher in there]
    if opener >= 0:
        span = place(function.body[opener])
        labels.append(Label(Span(at, at), "the value is missing here"))
    else:
        # The end of a body program's text may lie behind comments, far from its last form.
        span = Span(at, at) if pc else Span(end.start, end.end)
    fixes = (fix,) if pc > opener + 1 or end.name == "end" else ()
    picture = results(function, f"the end of {where}", wanted, there)
    return Diagnostic("missing-value", Severity.ERROR, span, message, tuple(labels), fixes, picture)


def last_end(function: Function, opener: int, pc: int) -> int:
    """Where what a block holds ends, from the instruction that opens it to the one that ends it."""
    return max((i.end for i in function.body[opener + 1 : pc]), default=function.body[pc].start)


def _taker(function: Function, pusher: int) -> Instruction | None:
    """The folded instruction that a value was written as an operand of."""
    inner = function.body[pusher]
    for outer in function.body[pusher + 1 :]:
        if outer.start < inner.start and inner.end <= outer.end:
            return None if outer.name in STRUCTURED else outer
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


class Surplus(NamedTuple):
    """What lies on the stack at the end of a block that leaves `wanted`: too much."""

    opener: int
    """The block, -1 for the function."""
    there: list[int]
    wanted: int


def left_over(
    reading: Reading, function: Function, surplus: Surplus, pusher: int, at: int
) -> Diagnostic:
    """A value that nobody takes before its block ends; it lies on top at the offset `at`."""
    opener, there, wanted = surplus
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
    name = _free_name(function)
    taken = f" (local {name} i32) (local.set {name}) "
    fixes = [Fix(f"take it into {name}", (Edit(Span(at, at), taken),))]
    if reading.profile == "core":
        fixes.insert(0, Fix("drop it", (Edit(Span(at, at), " (drop) "),)))
    picture = results(function, f"the end of {where}", wanted, there)
    span = place(function.body[pusher])
    return Diagnostic(
        "left-over-value", Severity.ERROR, span, message, labels, tuple(fixes), picture
    )


def _free_name(function: Function) -> str:
    """`$unused`, which values that nobody takes share, unless a parameter is called that."""
    params = function.locals[: len(function.type.params)]
    return "$unused_value" if any(p.name == "$unused" for p in params) else "$unused"


def no_else(function: Function, opener: int, end: int, results: int) -> Diagnostic:
    """An `if` that gives values in one branch alone."""
    message = f"an `if` that gives {amount(results)} needs an `else`"
    closing = function.body[end]
    text = " ".join([_ZERO] * results)
    written = f" (else {text})" if closing.end - closing.start == 1 else f" else {text} "
    fix = Fix(f"write{written.rstrip()}", (Edit(Span(closing.start, closing.start), written),))
    span = place(function.body[opener])
    return Diagnostic("if-without-else", Severity.ERROR, span, message, fixes=(fix,))


def unequal_labels(
    function: Function, pc: int, openers: Sequence[int], arities: Sequence[int]
) -> Diagnostic:
    """A `br_table` whose labels take different numbers of values."""
    message = "the labels of a `br_table` take equally many values"
    labels = tuple(
        Label(place(function.body[opener]), f"this one takes {amount(arity) if arity else 'none'}")
        for opener, arity in dict(zip(openers, arities, strict=True)).items()
        if opener >= 0
    )
    span = place(function.body[pc])
    return Diagnostic("label-arity", Severity.ERROR, span, message, labels)


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

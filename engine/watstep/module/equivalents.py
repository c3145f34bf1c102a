"""What the instructions of profile `agent` say exactly that one outside it says (LANGUAGE.md 2).

A value that is needed twice is written twice, so it has to be one of locals, constants and
arithmetic that cannot trap: to work it out again changes nothing and gives the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pygments.token import Number, String

from watstep.module.forms import identifier
from watstep.source.diagnostic import Diagnostic, Edit, Fix
from watstep.source.text import Source, Span
from watstep.syntax.literals import decode_integer
from watstep.syntax.tree import Atom, Form, Item, Tree
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.types import FunctionType, HostInterface
from watstep.wasm.values import signed, wrap

_SIGN = "(i32.const -2147483648)"
_UPPER = "(i32.and A (i32.const 2147483647))"
_LOW = f"(i32.add (i32.div_s {_UPPER} POWER) (i32.mul (i32.lt_s A (i32.const 0)) TOP))"
"""A moved right by a number of bits, as a number without a sign: its sign is a bit by itself."""
_EXACT: dict[str, str] = {
    "i32.xor": "(i32.sub (i32.or A B) (i32.and A B))",
    # An order without signs is the one with them where the sign bit is turned round.
    **{
        f"i32.{name}_u": f"(i32.{name}_s (i32.add A {_SIGN}) (i32.add B {_SIGN}))"
        for name in ("lt", "gt", "le", "ge")
    },
    "i32.extend8_s": "(i32.div_s (i32.mul A (i32.const 16777216)) (i32.const 16777216))",
    "i32.extend16_s": "(i32.div_s (i32.mul A (i32.const 65536)) (i32.const 65536))",
    "select": "(if (result i32) C (then A) (else B))",
}
"""By instruction; A, B and C are its operands in order."""
_BY_BITS: dict[str, str] = {
    "i32.shl": "(i32.mul A POWER)",
    "i32.shr_u": _LOW,
    "i32.shr_s": "(i32.div_s (i32.sub A (i32.and A MASK)) POWER)",
}
"""By an instruction that moves A by a constant number of bits.

POWER is two to that number, MASK one less, TOP two to what is left of 31.
"""
_BY_POWER: dict[str, str] = {"i32.div_u": _LOW, "i32.rem_u": "(i32.and A MASK)"}
"""By an instruction whose second operand is a constant power of two."""
_SIGN_ALONE = "(i32.sub (i32.const 0) (i32.lt_s A (i32.const 0)))"
"""A moved right by 31 bits, each of them its sign: two to 31 is no divisor, it is negative."""
_PLAIN = frozenset(("local.get", "i32.const")) | frozenset(
    f"i32.{name}"
    for name in ("add", "sub", "mul", "and", "or", "eq", "ne", "lt_s", "gt_s", "le_s", "ge_s")
)
"""What may be worked out once more, or later."""
_SETS = frozenset(("local.set", "local.tee"))
_PLACE = re.compile(r"\b([ABC])\b")
_LONGEST = 120
"""Letters of an operand that is written twice."""
MOST_LABELS = 16


Shapes = dict[str, tuple[int, int]]
"""How many values an instruction or a function takes and gives, by name."""


def with_equivalents(
    tree: Tree, problems: Iterable[Diagnostic], interface: HostInterface
) -> list[Diagnostic]:
    """The problems of a source; those of the profile with their exact fix, where there is one."""
    forms: dict[int, Form] = {}
    shapes = {**_SHAPES, **{f"${name}": _shape(host.type) for name, host in interface.items()}}
    for form in _forms(tree.items):
        if form.items:
            forms[form.items[0].start] = form
        shape, name = _declared(form), identifier(form, 1)
        if shape and name:
            shapes[name] = shape
    return [
        problem._replace(fixes=(*_fixes(tree.source, meant, shapes), *problem.fixes))
        if problem.code == "outside-profile" and (meant := forms.get(problem.span.start))
        else problem
        for problem in problems
    ]


def _shape(type_: FunctionType) -> tuple[int, int]:
    return len(type_.params), len(type_.results)


_SHAPES: Shapes = {
    row.name: _shape(row.type) for row in INSTRUCTIONS.values() if row.type is not None
} | {"local.get": (0, 1), "local.tee": (1, 1), "select": (3, 1)}


def _declared(form: Form) -> tuple[int, int] | None:
    """What a function takes and gives, as far as its own form says."""
    if form.head != "func":
        return None
    counts = {"param": 0, "result": 0}
    for item in form.items:
        if type(item) is Form and item.head in counts:
            counts[item.head] += sum(type(i) is Atom and i.text == "i32" for i in item.items)
        elif type(item) is Form and item.head == "type":
            return None
    return counts["param"], counts["result"]


def _forms(items: Iterable[Item]) -> Iterator[Form]:
    """Every form, however deep."""
    pending = list(items)
    while pending:
        item = pending.pop()
        if type(item) is Form:
            pending += item.items
            yield item


def _operands(form: Form) -> list[Item]:
    return [item for item in form.items[1:] if type(item) is not Atom or item.kind is String]


def _fixes(source: Source, form: Form, shapes: Shapes) -> tuple[Fix, ...]:
    operands = _operands(form)
    atoms = [item for item in form.items[1:] if type(item) is Atom and item.kind is not String]
    if form.head == "nop" and len(form.items) == 1:
        return (Fix("take it away", (Edit(form.span, ""),), sure=True),)
    if form.head == "br_table":
        made = _chain(source, atoms, operands)
    else:
        made = None if atoms else _template(form.head, operands)
    if made is None or not all(_gives_one(item, shapes) for item in operands):
        return ()
    edits = _filled(source, form, operands, made)
    title = f"write exactly the same by `{made.split()[0].removeprefix('(')}`"
    return (Fix(title, edits, sure=True),) if edits else ()


def _gives_one(item: Item, shapes: Shapes) -> bool:
    """Whether an operand takes nothing but its own operands, and leaves one value."""
    for form in _forms([item]):
        word = form.items[1] if len(form.items) > 1 else None
        called = form.head == "call" and type(word) is Atom
        shape = shapes.get(word.text if called and type(word) is Atom else form.head)
        if shape != (len(_operands(form)), 1):
            return False
    return True


def _template(head: str, operands: list[Item]) -> str | None:
    """What to write, with letters for the operands."""
    count = 3 if head == "select" else 1 if head.startswith("i32.extend") else 2
    if len(operands) != count:
        return None
    if head in _EXACT:
        return _EXACT[head]
    number = _constant(operands[1]) if head in _BY_BITS or head in _BY_POWER else None
    if number is None:
        return None
    if head in _BY_POWER:
        bits = number.bit_length() - 1
        return _of_bits(_BY_POWER[head], bits) if number == 1 << max(bits, 0) else None
    bits = number % 32
    return _SIGN_ALONE if (head, bits) == ("i32.shr_s", 31) else _of_bits(_BY_BITS[head], bits)


def _of_bits(template: str, bits: int) -> str:
    numbers = {"POWER": 1 << bits, "MASK": (1 << bits) - 1, "TOP": 1 << 31 - bits}
    for word, number in numbers.items():
        template = template.replace(word, f"(i32.const {signed(number)})")
    return template


def _constant(item: Item) -> int | None:
    if type(item) is not Form or item.head != "i32.const" or len(item.items) != 2:
        return None
    word = item.items[1]
    number = decode_integer(word.text) if type(word) is Atom and word.kind is Number else None
    return None if number is None else wrap(number)


def _chain(source: Source, labels: list[Atom], operands: list[Item]) -> str | None:
    """A `br_if` for each label but the last, which all other numbers go to."""
    if len(operands) != 1 or not 0 < len(labels) <= MOST_LABELS:
        return None
    names = [source.text[label.start : label.end] for label in labels]
    tests = [f"(br_if {name} (i32.eq A (i32.const {n})))" for n, name in enumerate(names[:-1])]
    return " ".join([*tests, f"(br {names[-1]})"])


def _filled(source: Source, form: Form, operands: list[Item], made: str) -> tuple[Edit, ...]:
    """The edits that put a template's words around and between the operands; () where they cannot.

    A plain operand is written as it is wherever it is wanted. Any other stays where it stands, so
    it is wanted once and in order, and sets nothing that a plain one reads later.
    """
    plain = [_plain(source, item) for item in operands]
    if form.head == "select" and None in plain[:2]:
        # It would be worked out on one way alone.
        return ()
    if any(text is None for text in plain) and any(plain) and any(map(_sets, operands)):
        return ()
    edits: list[Edit] = []
    at, words, kept = form.start, "", 0
    for place, piece in enumerate(_PLACE.split(made)):
        if place % 2 == 0:
            words += piece
            continue
        number = "ABC".index(piece)
        text, operand = plain[number], operands[number]
        if text is not None:
            words += text
        elif operand.start < at:
            return ()
        else:
            edits.append(Edit(Span(at, operand.start), words))
            at, words, kept = operand.end, "", kept + 1
    if kept != plain.count(None):
        return ()
    return (*edits, Edit(Span(at, form.end), words))


def _plain(source: Source, item: Item) -> str | None:
    """An operand's text, where it may be worked out again and is short."""
    if item.end - item.start > _LONGEST:
        return None
    if any(form.head not in _PLAIN for form in _forms([item])):
        return None
    return source.text[item.start : item.end]


def _sets(item: Item) -> bool:
    return any(form.head in _SETS for form in _forms([item]))

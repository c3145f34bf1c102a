"""A condition that is the same each time: its branch always goes, or never.

Constants alone make one, and so does a value that is compared with itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from watstep.lint.analysis import Body
from watstep.lint.rule import finding
from watstep.source.diagnostic import Diagnostic, Edit, Fix
from watstep.source.text import Span
from watstep.validate.pictures import place
from watstep.wasm.values import MASK, signed

CODE = "constant-condition"

_FOLD: dict[str, Callable[[int, int], int]] = {
    "i32.add": lambda a, b: (a + b) & MASK,
    "i32.sub": lambda a, b: (a - b) & MASK,
    "i32.mul": lambda a, b: (a * b) & MASK,
    "i32.and": lambda a, b: a & b,
    "i32.or": lambda a, b: a | b,
    "i32.xor": lambda a, b: a ^ b,
    "i32.eq": lambda a, b: int(a == b),
    "i32.ne": lambda a, b: int(a != b),
    "i32.lt_s": lambda a, b: int(signed(a) < signed(b)),
    "i32.gt_s": lambda a, b: int(signed(a) > signed(b)),
    "i32.le_s": lambda a, b: int(signed(a) <= signed(b)),
    "i32.ge_s": lambda a, b: int(signed(a) >= signed(b)),
    "i32.lt_u": lambda a, b: int(a < b),
    "i32.gt_u": lambda a, b: int(a > b),
    "i32.le_u": lambda a, b: int(a <= b),
    "i32.ge_u": lambda a, b: int(a >= b),
}
"""What is worked out beforehand: what cannot trap and takes two."""


_ITSELF = {
    **dict.fromkeys(("i32.eq", "i32.le_s", "i32.ge_s", "i32.le_u", "i32.ge_u"), 1),
    **dict.fromkeys(("i32.ne", "i32.lt_s", "i32.gt_s", "i32.lt_u", "i32.gt_u"), 0),
    **dict.fromkeys(("i32.sub", "i32.xor"), 0),
}
"""What is so of any value and itself."""


class _Operand(NamedTuple):
    """A value, where it is known, and the instructions that make it, half-open."""

    value: int | None
    first: int
    after: int


def check(body: Body) -> Iterator[Diagnostic]:
    """Each test that comes out the same."""
    for pc in body.named("if", "br_if"):
        value = _value(body, pc) if body.facts.heights[pc] >= 0 else None
        if value is None:
            continue
        goes = "is always taken" if value else "is never taken"
        which = "branch" if body.code[pc].name == "br_if" else "`then`"
        message = f"this {which} {goes}: its condition is always {signed(value)}"
        yield finding(CODE, place(body.code[pc]), message, fixes=_fixes(body, pc, value))


def _value(body: Body, pc: int) -> int | None:
    """The condition's value, where it is the same each time."""
    last = body.code[pc - 1]
    if last.name == "i32.const":
        assert isinstance(last.immediate, int)
        return last.immediate
    if last.name in _FOLD:
        if body.code[pc - 2].name == "i32.const" and body.code[pc - 3].name == "local.get":
            # A local and a number, as in most conditions.
            return None
    elif last.name != "i32.eqz":
        return None
    stack: list[_Operand] = []
    for at in body.operands(pc) or ():
        name, immediate, _, _ = body.code[at]
        if name == "i32.const" and isinstance(immediate, int):
            stack.append(_Operand(immediate, at, at + 1))
        elif name == "local.get":
            stack.append(_Operand(None, at, at + 1))
        elif name == "i32.eqz":
            value, first, _ = stack.pop()
            stack.append(_Operand(None if value is None else int(not value), first, at + 1))
        elif name in _FOLD:
            right = stack.pop()
            left = stack.pop()
            stack.append(_Operand(_folded(body, name, left, right), left.first, at + 1))
        else:
            return None
    return stack[0].value if stack else None


def _folded(body: Body, name: str, left: _Operand, right: _Operand) -> int | None:
    if left.value is not None and right.value is not None:
        return _FOLD[name](left.value, right.value)
    if name in _ITSELF and _is_same(body, left, right):
        return _ITSELF[name]
    return None


def _is_same(body: Body, left: _Operand, right: _Operand) -> bool:
    """Whether two operands are made alike: they set nothing, so they give the same value."""
    one, other = (body.code[operand.first : operand.after] for operand in (left, right))
    return len(one) == len(other) and all(
        made[:2] == again[:2] for made, again in zip(one, other, strict=True)
    )


def _fixes(body: Body, pc: int, value: int) -> tuple[Fix, ...]:
    """A folded `br_if` without values as the `br` that it is, or as nothing."""
    if body.code[pc].name != "br_if" or body.facts.branches[pc][0].arity:
        return ()
    start, end = body.code[pc].start, body.code[pc].end
    text = body.subject.rendering.text[start:end]
    words = text.split(None, 2)
    if words[0] != "(br_if" or len(words) < 3 or not words[2].startswith("("):
        return ()
    if not value:
        return (Fix("take it away", (Edit(Span(start, end), ""),)),)
    return (Fix(f"write `(br {words[1]})`", (Edit(Span(start, end), f"(br {words[1]})"),)),)

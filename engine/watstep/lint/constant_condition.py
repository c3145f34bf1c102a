"""A condition that is the same each time: its branch always goes, or never."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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


def check(body: Body) -> Iterator[Diagnostic]:
    """Each test of constants alone."""
    for pc in body.named("if", "br_if"):
        value = _value(body, pc) if body.facts.heights[pc] >= 0 else None
        if value is None:
            continue
        goes = "is always taken" if value else "is never taken"
        which = "branch" if body.code[pc].name == "br_if" else "`then`"
        message = f"this {which} {goes}: its condition is always {signed(value)}"
        yield finding(CODE, place(body.code[pc]), message, fixes=_fixes(body, pc, value))


def _value(body: Body, pc: int) -> int | None:
    """The condition's value, where it is made of constants alone."""
    last = body.code[pc - 1]
    if last.name == "i32.const":
        assert isinstance(last.immediate, int)
        return last.immediate
    if last.name not in _FOLD and last.name != "i32.eqz":
        return None
    operands = body.operands(pc)
    stack: list[int] = []
    for name, immediate, _, _ in (body.code[at] for at in operands or ()):
        if name == "i32.const" and isinstance(immediate, int):
            stack.append(immediate)
        elif name == "i32.eqz":
            stack.append(int(not stack.pop()))
        elif name in _FOLD:
            right = stack.pop()
            stack.append(_FOLD[name](stack.pop(), right))
        else:
            return None
    return stack[0] if stack else None


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

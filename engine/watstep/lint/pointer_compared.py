"""A comparison with a string literal, which compares addresses."""

from __future__ import annotations

from collections.abc import Iterator

from watstep.lint.analysis import PUSHES, Body
from watstep.lint.rule import finding
from watstep.source.diagnostic import Diagnostic
from watstep.validate.pictures import place

CODE = "pointer-compared"
_FIRST_ADDRESS = 16


def check(body: Body) -> Iterator[Diagnostic]:
    """Each `i32.eq` and `i32.ne` of which one side is written as a string."""
    for pc in body.named("i32.eq", "i32.ne"):
        if _is_string(body, pc - 1) or (
            body.code[pc - 1].name in PUSHES and pc > 1 and _is_string(body, pc - 2)
        ):
            message = (
                "this compares addresses, not texts: a text that the host gives never lies "
                "where the literal does"
            )
            yield finding(CODE, place(body.code[pc]), message)


def _is_string(body: Body, pc: int) -> bool:
    name, value, start, _ = body.code[pc]
    if name != "i32.const" or not isinstance(value, int) or value < _FIRST_ADDRESS:
        return False
    origin = body.subject.origin(start)
    return origin is not None and origin.rule == "string"

"""Code that never runs, since what stands before it always leaves."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from watstep.lint.analysis import PUSHES, Body
from watstep.lint.rule import finding
from watstep.module.ir import Statement
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label
from watstep.source.text import Span
from watstep.validate.pictures import place

CODE = "unreachable-code"
_KEPT = re.compile(r";|\((local|func|import|memory|data|export|param|type)\b")
"""What is not taken away with the code around it."""


def check(body: Body) -> Iterator[Diagnostic]:
    """Each stretch, but for the values that a block's type asks for after what never ends."""
    for start, end in body.flow.dead:
        surely = body.facts.heights[start] < 0
        if not surely and all(i.name in PUSHES for i in body.code[start:end]):
            continue
        statements = _statements(body, start, end)
        if not statements:
            continue
        before = body.code[start - 1]
        labels = (Label(place(before), "nothing goes on after this"),) if surely else ()
        fixes = _fixes(body, statements) if surely else ()
        span = statements[0].span
        yield finding(CODE, span, "this never runs", *labels, fixes=fixes)


def _statements(body: Body, start: int, end: int) -> list[Statement]:
    """The outermost statements of a stretch."""
    found: list[Statement] = []
    statements = body.function.statements
    at = bisect_left(statements, start, key=lambda statement: statement.first)
    for statement in statements[at:]:
        if statement.first >= end:
            break
        if not found or statement.span.start >= found[-1].span.end:
            found.append(statement)
    return found


def _fixes(body: Body, statements: list[Statement]) -> tuple[Fix, ...]:
    span = Span(statements[0].span.start, statements[-1].span.end)
    rendering = body.subject.rendering
    written = rendering.copied_span(span)
    if written is None or _KEPT.search(rendering.source.text, *written):
        return ()
    return (Fix("take it away", (Edit(span, ""),)),)

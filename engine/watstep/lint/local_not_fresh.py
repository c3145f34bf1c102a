"""A local that is declared inside a loop and taken for zero each time round (LANGUAGE.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from watstep.lint.analysis import Body
from watstep.lint.rule import finding
from watstep.module.ir import BlockType
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label
from watstep.source.text import Span
from watstep.validate.pictures import place

CODE = "local-not-fresh"


def check(body: Body) -> Iterator[Diagnostic]:
    """The first read of such a local that the same round of its loop has not set."""
    loops = body.named("loop")
    told: set[int] = set()
    for pc, _ in body.flow.unset if loops else ():
        local = body.code[pc].immediate
        assert isinstance(local, int)
        declared = body.hoisted(local) if local not in told else None
        if declared is None or local in body.early:
            continue
        told.add(local)
        if _keeps(body, loops, local, pc, declared):
            yield _finding(body, local, pc)


def _keeps(body: Body, loops: list[int], local: int, pc: int, declared: Span) -> bool:
    """Whether a loop around the declaration and the read sets the local, too."""
    for loop in loops:
        block = body.code[loop].immediate
        assert isinstance(block, BlockType)
        if not loop < pc < block.end or loop not in body.repeated:
            continue
        around = body.source_span(loop)
        if around.start < declared.start and declared.end <= around.end:
            return any(loop < write < block.end for write in body.writes.get(local, ()))
    return False


def _finding(body: Body, local: int, pc: int) -> Diagnostic:
    name, span = body.local_name(local), body.function.locals[local].span
    message = f"`{name}` is not zero again each time round the loop: set it first"
    label = Label(span, "declared inside the loop here")
    text = body.subject.rendering.text[span.start : span.end]
    edit = Edit(span, f"{text} (local.set {name} (i32.const 0))")
    fix = Fix(f"set {name} to 0 there", (edit,))
    return finding(CODE, place(body.code[pc]), message, label, fixes=(fix,))

"""A loop that nothing leaves once it is entered."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from watstep.lint.analysis import Body
from watstep.lint.rule import finding
from watstep.module.ir import BlockType
from watstep.source.diagnostic import Diagnostic, Label
from watstep.validate.pictures import place

CODE = "endless-loop"


def check(body: Body) -> Iterator[Diagnostic]:
    """No branch out of it, no `return`, no way past its end; or one whose condition stays."""
    for pc in body.flow.endless:
        message = "nothing leaves this loop: a `br_if` to a block around it, or a `return`, would"
        yield finding(CODE, place(body.code[pc]), message)
    for pc in body.named("loop"):
        if pc in body.flow.endless or pc not in body.repeated:
            continue
        test = _unmoved(body, pc)
        if test is not None:
            message = "nothing in this loop changes what its only way out depends on"
            label = Label(place(body.code[test]), "this condition stays what it is")
            yield finding(CODE, place(body.code[pc]), message, label)


def _unmoved(body: Body, loop: int) -> int | None:
    """The one test that leaves or repeats a loop, where it reads only what stays the same."""
    block = body.code[loop].immediate
    assert isinstance(block, BlockType)
    jumps = body.jumps[bisect_left(body.jumps, loop) : bisect_left(body.jumps, block.end)]
    tests = [pc for pc in jumps if body.code[pc].name == "br_if"]
    if len(tests) != 1 or len(jumps) > 2:
        return None
    test = tests[0]
    others = [pc for pc in jumps if pc != test]
    if any(body.code[pc].name != "br" for pc in others):
        return None
    if any(body.facts.branches[pc][0].target != loop for pc in others):
        return None
    if loop < body.facts.branches[test][0].target < block.end:
        return None
    return None if _changes(body, loop, block.end, body.operands(test)) else test


def _changes(body: Body, loop: int, end: int, operands: range | None) -> bool:
    """Whether the loop sets what the operands read, or they read more than locals, or none."""
    if operands is None:
        return True
    read = {body.code[pc].immediate for pc in operands if body.code[pc].name == "local.get"}
    return not read or any(
        loop < write < end
        for local in read
        if isinstance(local, int)
        for write in body.writes.get(local, ())
    )

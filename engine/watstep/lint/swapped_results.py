"""The error and the pointer of a host call taken off the stack in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from watstep.lint.analysis import Body, HostCall
from watstep.lint.paths import TAKES
from watstep.lint.rule import finding
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label
from watstep.source.text import Span
from watstep.validate.pictures import place

CODE = "swapped-results"


class _Taken(NamedTuple):
    """Where a call's results are set into locals: the error, which is on top, and the pointer."""

    error: int
    pointer: int


def check(body: Body) -> Iterator[Diagnostic]:
    """A local that only ever holds errors used as a pointer, or only pointers `check`ed."""
    taken = {pc: _taken(body, call) for pc, call in body.pairs.items()}
    errors = {each.error for each in taken.values() if each}
    pointers = {each.pointer for each in taken.values() if each}
    for pc, each in taken.items():
        if each is None:
            continue
        first, second = _local(body, each.error), _local(body, each.pointer)
        if first == second:
            continue
        found = _pointer_use(body, first) if errors.issuperset(body.writes[first]) else None
        text = "it is used as a pointer here"
        if found is None and pointers.issuperset(body.writes[second]):
            found, text = _check(body, second), "the pointer is checked for an error here"
        if found is None:
            continue
        names = body.local_name(first), body.local_name(second)
        message = (
            f"`{names[0]}` gets the error of `{body.pairs[pc].signature.full_name}` and "
            f"`{names[1]}` the pointer: the error is on top of the stack, so it is taken first"
        )
        span = Span(body.code[each.error].start, body.code[each.pointer].end)
        label = Label(place(body.code[found]), text)
        yield finding(CODE, span, message, label, fixes=_swap(body, each, names))


def _taken(body: Body, call: HostCall) -> _Taken | None:
    """Where both are taken, what stands between running straight on; None where they are not."""
    error, heights = call.pc + 1, body.facts.heights
    if body.code[error].name != "local.set" or heights[error] < 0:
        return None
    for pc in range(error + 1, len(body.code)):
        name, immediate, _, _ = body.code[pc]
        takes = TAKES.get(name)
        if name == "call":
            assert isinstance(immediate, int)
            takes = body.subject.parameters(immediate)
        if takes is None:
            return None
        if heights[pc] - takes < heights[error + 1]:
            return _Taken(error, pc) if name == "local.set" else None
    return None


def _local(body: Body, pc: int) -> int:
    local = body.code[pc].immediate
    assert isinstance(local, int)
    return local


def _pointer_use(body: Body, local: int) -> int | None:
    return next((pc for pc in body.reads.get(local, ()) if pc in body.pointer_reads), None)


def _check(body: Body, local: int) -> int | None:
    """Where a local is returned unless it is 0."""
    for pc in body.reads.get(local, ()):
        names = [instruction.name for instruction in body.code[pc : pc + 6]]
        start = ["local.get", "i32.const", "i32.ne", "if"]
        if names[:4] != start or body.code[pc + 1].immediate != 0:
            continue
        inside = body.code[pc + 4 : pc + 7]
        if any(i.name == "local.get" and i.immediate == local for i in inside) and any(
            i.name == "return" for i in inside
        ):
            return pc
    return None


def _swap(body: Body, taken: _Taken, names: tuple[str, str]) -> tuple[Fix, ...]:
    """Write each name where the other stands, where nothing stands between."""
    if taken.pointer != taken.error + 1:
        return ()
    edits = []
    for at, name, other in zip(taken, names, names[::-1], strict=True):
        start, end = body.code[at].start, body.code[at].end
        found = body.subject.rendering.text.find(name, start, end)
        if found < 0 or not name.startswith("$"):
            return ()
        edits.append(Edit(Span(found, found + len(name)), other))
    return (Fix(f"take {names[1]} first", tuple(edits)),)

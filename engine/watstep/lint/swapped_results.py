"""The error and the pointer of a host call taken off the stack in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

from watstep.lint.analysis import Body
from watstep.lint.rule import finding
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label
from watstep.source.text import Span
from watstep.validate.pictures import place

CODE = "swapped-results"


def check(body: Body) -> Iterator[Diagnostic]:
    """A local that only ever holds errors used as a pointer, or only pointers `check`ed."""
    code = body.code
    for pc, call in body.pairs.items():
        taken = code[pc + 1 : pc + 3]
        if [instruction.name for instruction in taken] != ["local.set", "local.set"]:
            continue
        first, second = (_local(body, pc + 1), _local(body, pc + 2))
        if first == second:
            continue
        found = _pointer_use(body, first) if _only(body, first, 1) else None
        text = "it is used as a pointer here"
        if found is None and _only(body, second, 2):
            found, text = _check(body, second), "the pointer is checked for an error here"
        if found is None:
            continue
        names = body.local_name(first), body.local_name(second)
        message = (
            f"`{names[0]}` gets the error of `{call.signature.full_name}` and `{names[1]}` the "
            "pointer: the error is on top of the stack, so it is taken first"
        )
        span = Span(code[pc + 1].start, code[pc + 2].end)
        label = Label(place(code[found]), text)
        yield finding(CODE, span, message, label, fixes=_swap(body, pc, names))


def _local(body: Body, pc: int) -> int:
    local = body.code[pc].immediate
    assert isinstance(local, int)
    return local


def _only(body: Body, local: int, back: int) -> bool:
    """Whether a local is set by nothing but results of pairs, so many instructions after them."""
    writes = body.writes[local]
    return all(pc - back in body.pairs and body.code[pc - 1].name != "local.tee" for pc in writes)


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


def _swap(body: Body, pc: int, names: tuple[str, str]) -> tuple[Fix, ...]:
    """Write each name where the other stands."""
    edits = []
    for at, name, other in ((pc + 1, names[0], names[1]), (pc + 2, names[1], names[0])):
        start, end = body.code[at].start, body.code[at].end
        found = body.subject.rendering.text.find(name, start, end)
        if found < 0 or not name.startswith("$"):
            return ()
        edits.append(Edit(Span(found, found + len(name)), other))
    return (Fix(f"take {names[1]} first", tuple(edits)),)

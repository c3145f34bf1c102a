"""A host function's error that nobody looks at before what came with it is used.

A proof over the flow of data: from each call that can fail, its error and its pointer are followed
through the stack and the locals on every path, until the error decides a branch or leaves the
function. A pointer that is used before that, on any path, is the finding; so is an error that
nothing ever reads, unless it was put into a local whose name says that nobody wants it. A test of
the pointer counts, since the pointer beside an error is 0.
"""

from __future__ import annotations

from collections.abc import Iterator

from watstep.lint.analysis import IGNORED, Body, HostCall
from watstep.lint.paths import Paths
from watstep.lint.rule import finding
from watstep.module.ir import Instruction
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label
from watstep.source.text import Span
from watstep.validate.pictures import place

CODE = "error-unchecked"
_CHECK = ("local.get", "i32.const", "i32.ne", "if")


def check(body: Body) -> Iterator[Diagnostic]:
    """Follow every call that can fail."""
    calls = [call for call in body.host_calls if call.signature.errors]
    paths = Paths(body) if calls else None
    for call in calls:
        if paths is None or body.facts.heights[call.pc] < 0 or _checked_at_once(body, call):
            continue
        used, looked = paths.follow(call)
        if used is not None:
            yield _used(body, call, used)
        elif not looked and not _is_ignored(body, call):
            yield _dropped(body, call)


def _checked_at_once(body: Body, call: HostCall) -> bool:
    """Whether both results are taken and the error tested directly after, as it mostly is."""
    after = call.pc + 1 + len(call.signature.type.results)
    taken = body.code[call.pc + 1 : after]
    if any(instruction.name != "local.set" for instruction in taken):
        return False
    test = body.code[after : after + 4]
    return (
        tuple(instruction.name for instruction in test) == _CHECK
        and test[0].immediate == taken[0].immediate
    )


def _is_ignored(body: Body, call: HostCall) -> bool:
    """Whether the error is put where its name says that nobody wants it."""
    taken = body.code[call.pc + 1]
    return taken.name == "local.set" and (_name(body, taken) or "").startswith(IGNORED)


def _used(body: Body, call: HostCall, used: int) -> Diagnostic:
    name = call.signature.full_name
    message = (
        f"the error of `{name}` is not checked before its pointer is used: "
        "where it failed, the pointer is 0"
    )
    label = Label(_span(body, used), "the pointer is used here")
    return finding(CODE, place(body.code[call.pc]), message, label, fixes=_fixes(body, call))


def _dropped(body: Body, call: HostCall) -> Diagnostic:
    message = f"the error of `{call.signature.full_name}` is never looked at"
    return finding(CODE, place(body.code[call.pc]), message, fixes=_fixes(body, call))


def _span(body: Body, pc: int) -> Span:
    if pc == len(body.code) - 1 and body.function.statements:
        return body.function.statements[-1].span
    return place(body.code[pc])


def _fixes(body: Body, call: HostCall) -> tuple[Fix, ...]:
    """Check the error directly after the results were taken, where they are taken at once."""
    results = len(call.signature.type.results)
    taken = body.code[call.pc + 1 : call.pc + 1 + results]
    if len(body.function.type.results) not in {1, 2} or not taken:
        return ()
    if any(instruction.name != "local.set" for instruction in taken):
        return ()
    error = _name(body, taken[0])
    if error is None:
        return ()
    at = taken[-1].end
    return (Fix(f"check {error}", (Edit(Span(at, at), f" (check {error})"),)),)


def _name(body: Body, instruction: Instruction) -> str | None:
    local = instruction.immediate
    assert isinstance(local, int)
    return body.function.locals[local].name

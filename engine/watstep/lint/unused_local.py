"""A local that nothing uses, or that is set and never read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watstep.lint.analysis import IGNORED, Body
from watstep.lint.rule import finding
from watstep.source.diagnostic import Diagnostic, Edit, Fix
from watstep.source.text import Span
from watstep.validate.pictures import place

CODE = "unused-local"
_BY_NUMBER = re.compile(r"local\.(?:get|set|tee)\s+\d")
"""A local that goes by its number, which another that is taken away would shift."""


def check(body: Body) -> Iterator[Diagnostic]:
    """Every local with a name, but for one that only takes what calls give."""
    reads, writes = body.reads, body.writes
    locals_ = body.function.locals
    for index in range(len(body.function.type.params), len(locals_)):
        name = locals_[index].name
        if index in reads or name is None or name.startswith(IGNORED):
            continue
        if index not in writes:
            yield _unused(body, name, locals_[index].span)
            continue
        # There is no other way to be rid of a call's result.
        made = [pc for pc in writes[index] if not _is_result(body, pc)]
        if made and body.code[made[0]].name == "local.set":
            message = f"`{name}` is set here and read nowhere"
            yield finding(CODE, place(body.code[made[0]]), message)


def _is_result(body: Body, pc: int) -> bool:
    """Whether a write takes what a call gives, directly or after others took what lay above."""
    before = pc - 1
    while before >= 0 and body.code[before].name == "local.set":
        before -= 1
    return before >= 0 and body.code[before].name in {"call", "end"}


def _unused(body: Body, name: str, span: Span) -> Diagnostic:
    text = body.subject.rendering.source.text
    once = len(re.findall(re.escape(name) + r"(?![^\s()\";,\[\]{}])", text)) == 1
    counted = _BY_NUMBER.search(text) is not None
    fixes = (Fix("take it away", (Edit(span, ""),)),) if once and not counted else ()
    return finding(CODE, span, f"`{name}` is declared and never used", fixes=fixes)

"""A label that hides one of the same name around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watstep.lint.analysis import Body
from watstep.lint.rule import finding
from watstep.module.ir import BlockType
from watstep.source.diagnostic import Diagnostic, Label
from watstep.source.text import Span
from watstep.wasm.instructions import STRUCTURED

CODE = "shadowed-label"
_HEADER = re.compile(r"\(?\s*(?:block|loop|if)\s+(\$[^\s()\";,\[\]{}]+)")


def check(body: Body) -> Iterator[Diagnostic]:
    """Each block within one of the same name."""
    text = body.subject.rendering.text
    open_: list[tuple[int, str, Span]] = []
    for pc in body.named(*STRUCTURED):
        found = _HEADER.match(text, body.code[pc].start)
        if found is None:
            continue
        block = body.code[pc].immediate
        assert isinstance(block, BlockType)
        while open_ and open_[-1][0] < pc:
            open_.pop()
        name, span = found[1], Span(*found.span(1))
        outer = next((place for _, other, place in reversed(open_) if other == name), None)
        if outer is not None:
            message = f"`{name}` hides the label around it: in here, `br {name}` goes to this one"
            yield finding(CODE, span, message, Label(outer, "the label that it hides"))
        open_.append((block.end, name, span))

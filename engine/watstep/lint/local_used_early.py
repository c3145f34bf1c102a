"""A local that is used before the place where it is declared (LANGUAGE.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from watstep.lint.analysis import Body
from watstep.lint.rule import finding
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label
from watstep.source.text import Span
from watstep.validate.pictures import place

CODE = "local-used-early"


def check(body: Body) -> Iterator[Diagnostic]:
    """Each local whose first use in the program's order precedes its declaration."""
    surely = dict(body.flow.unset) if body.early else {}
    for local, pc in body.early.items():
        name, declared = body.local_name(local), body.function.locals[local].span
        message = f"`{name}` is set before it is declared: declare it first"
        if body.code[pc].name == "local.get":
            when = "here" if surely.get(pc, True) else "the first time"
            message = f"`{name}` is read before it is declared; it is 0 {when}"
        statement = body.statement_at(pc)
        fixes: tuple[Fix, ...] = ()
        if statement is not None:
            at = statement.span.start
            text = body.subject.rendering.text[declared.start : declared.end]
            edits = (Edit(Span(at, at), f"{text} "), Edit(declared, ""))
            fixes = (Fix("declare it first", edits),)
        label = Label(declared, "declared here")
        yield finding(CODE, place(body.code[pc]), message, label, fixes=fixes)

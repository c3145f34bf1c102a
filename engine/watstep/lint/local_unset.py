"""A local that is read before anything is set into it."""

from __future__ import annotations

from collections.abc import Iterator

from watstep.lint.analysis import Body
from watstep.lint.rule import finding
from watstep.source.diagnostic import Diagnostic, Label
from watstep.validate.pictures import place

CODE = "local-unset"
MAYBE = "pointer-unset"


def check(body: Body) -> Iterator[Diagnostic]:
    """The first read of each local that no path to it has set."""
    told: set[int] = set()
    for pc, surely in body.flow.unset:
        local = body.code[pc].immediate
        assert isinstance(local, int)
        if not surely or local in told or local in body.early:
            continue
        told.add(local)
        name, writes = body.local_name(local), body.writes.get(local)
        if writes is None:
            message = f"`{name}` is read and never set: it is always 0"
            yield finding(CODE, place(body.code[pc]), message)
        else:
            message = f"`{name}` is read before it is set: it is 0 here"
            label = Label(place(body.code[writes[0]]), "it is set here")
            yield finding(CODE, place(body.code[pc]), message, label)


def check_pointers(body: Body) -> Iterator[Diagnostic]:
    """The first use as an address of each local that some path to it has not set."""
    told: set[int] = set()
    for pc, surely in body.flow.unset:
        local = body.code[pc].immediate
        assert isinstance(local, int)
        if surely or local in told or pc not in body.pointer_reads:
            continue
        told.add(local)
        message = (
            f"`{body.local_name(local)}` is not set on every path that leads here, "
            "and 0 is no pointer"
        )
        label = Label(place(body.code[body.writes[local][0]]), "it is set here")
        yield finding(MAYBE, place(body.code[pc]), message, label)

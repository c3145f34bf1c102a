"""A program that reads its arguments and never sets a result value."""

from __future__ import annotations

from collections.abc import Iterator

from watstep.lint.analysis import Body
from watstep.lint.rule import finding
from watstep.source.diagnostic import Diagnostic
from watstep.validate.pictures import place

CODE = "missing-result"


def check(body: Body) -> Iterator[Diagnostic]:
    """The first read of an argument, where nothing in the program calls `sys.resv`."""
    subject = body.subject
    first = subject.host_calls.get("sys.argv")
    if first is None or first[0] is not body or "sys.resv" in subject.host_calls:
        return
    if subject.complete:
        message = "the program reads its arguments and sets no result value: `(resv $text)` does"
        yield finding(CODE, place(body.code[first[1]]), message)

"""What a rule is: a row with a code, a level, a line, and one function over a body."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from watstep.lint.analysis import Body
from watstep.source.diagnostic import Diagnostic, Fix, Label, Severity
from watstep.source.text import Span


class Rule(NamedTuple):
    """One lint; its page is `pages/CODE.md`."""

    code: str
    level: Severity | None
    """That it has where nobody says otherwise, None for off."""
    summary: str
    check: Callable[[Body], Iterable[Diagnostic]]
    """What it finds in a function; spans are in the expanded text, whatever the severity."""


def finding(
    code: str,
    span: Span,
    message: str,
    *labels: Label,
    fixes: tuple[Fix, ...] = (),
) -> Diagnostic:
    """A diagnostic whose severity is the rule's to say."""
    return Diagnostic(code, Severity.WARNING, span, message, labels, fixes)

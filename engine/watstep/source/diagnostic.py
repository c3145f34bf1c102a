"""Problems as values."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from watstep.source.text import Span


class Severity(Enum):
    """How bad a problem is; an error keeps the program from running."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Label(NamedTuple):
    """Another place that a diagnostic speaks of."""

    span: Span
    text: str


class Edit(NamedTuple):
    """Replace the characters of `span` by `text`."""

    span: Span
    text: str


class Fix(NamedTuple):
    """A mend that can be applied as it is; the edits do not overlap.

    Without edits it is one that is made elsewhere than in the text.

    One that is `sure` leaves the program's meaning as it is.
    """

    title: str
    edits: tuple[Edit, ...]
    sure: bool = False


class StackValue(NamedTuple):
    """A value of a stack picture: a parameter's name or "", its type, and the form that made it.

    `span` is None for one that is missing; `fate` says what becomes of it: `taken`, `missing`,
    `left over`, or `out of reach` for one that lies outside the block.
    """

    name: str
    type: str
    span: Span | None
    fate: str


class StackPicture(NamedTuple):
    """The operand stack at a problem, bottom first, what is needed and lacks included."""

    place: str
    """What the stack is seen by: `i32.add`, or the end of a block."""
    values: tuple[StackValue, ...]


class Diagnostic(NamedTuple):
    """A problem at a place of the source.

    `code` is a stable kebab-case word (`unknown-local`); `message` is one sentence in lower case
    that says what is wrong and, where it can, what to do.
    """

    code: str
    severity: Severity
    span: Span
    message: str
    labels: tuple[Label, ...] = ()
    fixes: tuple[Fix, ...] = ()
    stack: StackPicture | None = None
    """Where the problem is what lies on the operand stack."""


def moved_picture(picture: StackPicture, moved: Callable[[Span], Span]) -> StackPicture:
    """A picture in spans of another text; `moved` leads a span there."""
    values = tuple(
        value._replace(span=value.span and moved(value.span)) for value in picture.values
    )
    return picture._replace(values=values)


def has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Whether any of them keeps the program from running."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)

"""Problems as values."""

from __future__ import annotations

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
    """A mend that can be applied as it is; the edits do not overlap."""

    title: str
    edits: tuple[Edit, ...]


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


def has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Whether any of them keeps the program from running."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)

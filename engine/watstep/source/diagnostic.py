"""Problems as values, and the one function that draws them as text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from watstep.source.text import Span


class Severity(Enum):
    """How bad a problem is; an error keeps the program from running."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Label:
    """Another place that a diagnostic speaks of."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters of `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A mend that can be applied as it is; the edits do not overlap."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
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

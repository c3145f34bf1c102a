"""What expansion answers: copied and generated pieces, and replacements that can be open or closed.

An expansion is a sequence of parts. A `Replacement` holds both what stands in the source and what
it becomes, so every view (after one pass, one level opened) is a predicate on replacements.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple, TypeAlias

from watstep.source.diagnostic import Diagnostic
from watstep.source.text import Source, Span
from watstep.syntax.tree import Tree


class Pass(Enum):
    """The article's three passes, in order."""

    MACROS = "macros"
    STRINGS = "strings"
    LOCALS = "locals"


class Origin(NamedTuple):
    """Why a piece exists: the source form that asked for it and the rule that made it.

    `rule` is a macro's name, `string`, `local`, `import`, `memory`, `data`, `module` or `indent`.
    `parent` is the origin of the replacement that this one stands in (a `check` made by an
    `argv`), None at the outermost.
    """

    span: Span
    rule: str
    parent: Origin | None = None


class Copied(NamedTuple):
    """Text taken over from the source."""

    span: Span


class Generated(NamedTuple):
    """Text that a rule made."""

    text: str
    origin: Origin


class Replacement(NamedTuple):
    """Something that a pass replaces: closed it shows what was there, open what it becomes."""

    by: Pass
    origin: Origin
    closed: tuple[Part, ...]
    open: tuple[Part, ...]


Part: TypeAlias = Copied | Generated | Replacement


class Piece(NamedTuple):
    """A run of the rendered text with its provenance.

    `span` is the source text that was copied, or None where `origin` says who generated it.
    A copied piece inside a macro's expansion (its operand) has both.
    """

    start: int
    text: str
    span: Span | None
    origin: Origin | None


class MacroCall(NamedTuple):
    """A macro call and the part of the rendered text that it became, inner calls included.

    `span` is the call in the source, that of the outermost call for one made by a macro.
    """

    origin: Origin
    expanded: Span


@dataclass(frozen=True)
class Rendering:
    """One view of an expansion: the text and the map back to the source."""

    source: Source
    text: str
    pieces: tuple[Piece, ...]
    macro_calls: tuple[MacroCall, ...]
    """In the order in which they begin, an outer call before its inner ones."""

    @cached_property
    def as_source(self) -> Source:
        """The rendered text as a source of its own, for lines and columns in it."""
        return Source(f"{self.source.name} (expanded)", self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    def piece_at(self, offset: int) -> Piece:
        """The piece that holds the character at `offset` of the rendered text."""
        return self.pieces[max(bisect_right(self._starts, offset) - 1, 0)]

    def source_span(self, span: Span) -> Span:
        """What the user wrote that became `span` of the rendered text.

        Copied text maps to itself, generated text to the form that asked for it; what lies in
        several pieces maps to the smallest span that covers them all.
        """
        raise NotImplementedError

    def rendered_spans(self, span: Span) -> tuple[Span, ...]:
        """The parts of the rendered text that come from `span` of the source, in order."""
        raise NotImplementedError


@dataclass(frozen=True)
class Expansion:
    """A program after all passes, with every view of it."""

    tree: Tree
    parts: tuple[Part, ...]
    diagnostics: tuple[Diagnostic, ...]

    @cached_property
    def full(self) -> Rendering:
        """The standard WAT that is compiled: everything open."""
        return self.render(lambda replacement: True)

    def after(self, last: Pass) -> Rendering:
        """The text after the passes up to and including `last`; itself a legal program."""
        raise NotImplementedError

    def render(self, is_open: Callable[[Replacement], bool]) -> Rendering:
        """The view in which exactly the replacements chosen by `is_open` are open."""
        raise NotImplementedError

"""The S-expression tree: atoms and forms, with spans in the text they were read from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from pygments.token import _TokenType

from watstep.source.diagnostic import Diagnostic, Edit
from watstep.source.text import Source, Span


class Atom(NamedTuple):
    """One token other than a parenthesis; `text` is exactly what stands there.

    In a tree, the text of a quoted identifier is its plain form, so that equal names are equal.
    """

    kind: _TokenType
    start: int
    end: int
    text: str

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class Form:
    """A parenthesised form; comments are not among its items.

    `head` is the text of the first item where that is a keyword, else "". `end` is after the
    closing parenthesis, or the end of the text where there is none.
    Made by the parser alone and never changed afterwards; a class with slots because a frozen
    dataclass would take half of the parser's time.
    """

    __slots__ = ("end", "head", "items", "start")

    def __init__(self, start: int) -> None:
        """Open a form at the offset of its parenthesis."""
        self.start = start
        self.end = start
        self.head = ""
        self.items: list[Item] = []

    @property
    def span(self) -> Span:
        """From its opening parenthesis to after its closing one."""
        return Span(self.start, self.end)


Item: TypeAlias = Atom | Form


class Tree(NamedTuple):
    """A parsed text: its top-level items, its comments, and what was wrong with it."""

    source: Source
    items: tuple[Item, ...]
    comments: tuple[Atom, ...]
    diagnostics: tuple[Diagnostic, ...]
    mends: tuple[Edit, ...] = ()
    """What to change in a text that is no tree before the phases that follow read it again."""

    def forms(self) -> Iterator[Form]:
        """Every form, outer before inner, in the order of the text."""
        pending: list[Item] = list(reversed(self.items))
        while pending:
            item = pending.pop()
            if isinstance(item, Form):
                yield item
                pending.extend(reversed(item.items))

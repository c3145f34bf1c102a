"""The names of a text as values: what declares each, and what reads, sets, calls it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import Final, NamedTuple

from watstep.source.text import Source, Span


class Kind(Enum):
    """What a name is the name of; the value says so to people."""

    FUNCTION = "function"
    PARAMETER = "parameter"
    LOCAL = "local"
    LABEL = "label"
    TYPE = "type"
    MEMORY = "memory"
    TABLE = "table"
    GLOBAL = "global"
    SEGMENT = "segment"
    EXPORT = "export"
    TEXT = "text"


class Role(Enum):
    """What a place does with a name; the value says so to people."""

    DECLARES = "declared"
    MAKES = "declared and set"
    READS = "read"
    WRITES = "set"
    CALLS = "called"
    JUMPS = "gone to"
    ENDS = "ended"
    NAMES = "named"


DEFINES = frozenset((Role.DECLARES, Role.MAKES))
"""The roles of a place that one means by the definition of a name."""


class Occurrence(NamedTuple):
    """A place where a name is used; `written` unless it stands there as a number or by a macro."""

    span: Span
    role: Role
    written: bool = True


class Symbol(NamedTuple):
    """A name with all its places, in the order of the text.

    Locals, labels, texts and what a program does not declare have no more than one symbol where
    they are in force: two labels of one name are two symbols.
    """

    kind: Kind
    name: str
    """As the tree writes it, with its dollar; a text as the literal that stands first."""
    places: tuple[Occurrence, ...]
    scope: Span
    """Where the name is in force."""
    extent: Span
    """The whole form that declares it, or that it stands in first."""
    detail: str
    """The type of a local, the signature of a function, what an import names; for people."""
    parent: int
    """The number of the symbol that this one belongs to, -1 where none."""
    base: str
    """The local after whose name a macro makes this one: `$url` of `$url.err`; else ""."""

    @property
    def definition(self) -> Span | None:
        """Where it is declared first, None where the text does not say."""
        return next((place.span for place in self.places if place.role in DEFINES), None)


class Found(NamedTuple):
    """A symbol and the one of its places that was asked for."""

    symbol: Symbol
    place: Occurrence


class Entry(NamedTuple):
    """A line of the outline; entries stand in order, each after what it belongs to."""

    depth: int
    symbol: Symbol
    span: Span
    """Where to go."""


class Symbols:
    """Every name of a text."""

    def __init__(self, source: Source, symbols: tuple[Symbol, ...], *, wrapped: bool) -> None:
        """`wrapped` says that the text is the body of `run` (LANGUAGE 1)."""
        self.source: Final = source
        self.symbols: Final = symbols
        self.wrapped: Final = wrapped

    @cached_property
    def _written(self) -> list[tuple[int, int, Found]]:
        places = [
            (place.span.start, place.span.end, Found(symbol, place))
            for symbol in self.symbols
            for place in symbol.places
        ]
        # Where a macro makes several names of one, the one that is written there goes first.
        return sorted(places, key=lambda each: (each[0], each[1], not each[2].place.written))

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _, _ in self._written]

    def at(self, offset: int) -> Found | None:
        """The name that a place is in or beside; one that begins there goes first."""
        last = bisect_right(self._starts, offset)
        start = None
        found: Found | None = None
        # A text's places lie apart, so no more than the ones of one start can reach `offset`.
        for at in range(last - 1, -1, -1):
            first, end, each = self._written[at]
            if start is not None and first != start:
                break
            start = first
            if offset <= end:
                found = each
        return found

    def outline(self) -> tuple[Entry, ...]:
        """What the program is made of, as a tree in its order; names of the host are not in it."""
        children: dict[int, list[int]] = {}
        for number, symbol in enumerate(self.symbols):
            # The program itself and functions without a name are declared by what they hold.
            holds = symbol.kind is Kind.FUNCTION and symbol.extent.end > 0
            if symbol.definition is not None or holds:
                children.setdefault(symbol.parent, []).append(number)
        return tuple(self._entries(children))

    def _entries(self, children: dict[int, list[int]]) -> Iterator[Entry]:
        pending = [(0, number) for number in self._ordered(children.get(-1, []))]
        while pending:
            depth, number = pending.pop()
            symbol = self.symbols[number]
            yield Entry(depth, symbol, symbol.definition or Span(*symbol.extent[:1] * 2))
            inner = self._ordered(children.get(number, []))
            pending += [(depth + 1, each) for each in inner]

    def _ordered(self, numbers: list[int]) -> list[int]:
        """Texts last, the others as they stand; the first at the end of the list."""

        def place(number: int) -> tuple[bool, int, int]:
            symbol = self.symbols[number]
            start = symbol.definition.start if symbol.definition else symbol.extent.start
            return symbol.kind is Kind.TEXT, start, number

        return sorted(numbers, key=place, reverse=True)

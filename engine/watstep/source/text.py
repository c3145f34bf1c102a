"""Text and positions in it: the only place where offsets, lines and columns are converted.

No module that `watstep expand` needs makes dataclasses: they would take a third of its time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, NamedTuple

_LINE_END = re.compile(r"\r\n?|\n")
_BYTE_ORDER_MARK = "\ufeff"


class Span(NamedTuple):
    """A half-open range of characters in one text, counted from 0."""

    start: int
    end: int


class Position(NamedTuple):
    """A place as people read it: line and column from 1, the column in characters."""

    line: int
    column: int


def counted(number: int, one: str, rest: str = "") -> str:
    """So many of something, `rest` standing behind its name: `2 pages of memory`."""
    return f"{number:,} {one}{'' if number == 1 else 's'}{rest}"


class Source:
    """A named text, kept exactly as it was read.

    A byte-order mark takes no column, CRLF is one line end.
    """

    def __init__(self, name: str, text: str) -> None:
        """Name a text; the name is for people."""
        self.name: Final = name
        self.text: Final = text

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins; a last line without an end counts."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def line_of(self, offset: int) -> int:
        """The line, from 1, that holds `offset`."""
        return bisect_right(self.line_starts, offset)

    def position(self, offset: int) -> Position:
        """Where `offset` (0 to the length of the text) is, as people read it."""
        line = self.line_of(offset)
        start = self.line_starts[line - 1]
        if line == 1 and offset > 0 and self.text.startswith(_BYTE_ORDER_MARK):
            start = 1
        return Position(line, offset - start + 1)

    def offset(self, position: Position) -> int:
        """The offset of a position, held to the line and to the text."""
        line = min(max(position.line, 1), len(self.line_starts))
        start = self.line_starts[line - 1]
        if line == 1 and self.text.startswith(_BYTE_ORDER_MARK):
            start = 1
        return min(start + max(position.column, 1) - 1, start + len(self.line_text(line)))

    def line_text(self, line: int) -> str:
        """The text of a line (from 1) without its end and without a byte-order mark."""
        starts = self.line_starts
        end = starts[line] if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r\n").removeprefix(_BYTE_ORDER_MARK)

"""Two versions of a text as parts that agree and parts that differ, and one made of both."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import NamedTuple

from watstep_tui.text.marks import Place, lines_changed

MOST_COMPARED = 4_000
"""Lines, of both versions together, that are compared one by one; it takes time."""
MOST_LIKENED = 100
"""Lines among which the one is looked for that another became."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


class Part(NamedTuple):
    """Lines with their ends, of each version; where both agree, the same ones."""

    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    line: int
    """The first one's number in mine, from 1."""

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return self.mine != self.theirs


def parts_of(mine: str, theirs: str) -> list[Part]:
    """Both versions from start to end; too many lines that differ are one part."""
    old, new = _LINE.findall(mine), _LINE.findall(theirs)
    least = min(len(old), len(new))
    head = next((at for at in range(least) if old[at] != new[at]), least)
    least -= head
    tail = next((at for at in range(least) if old[-1 - at] != new[-1 - at]), least)
    middle, other = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [Part((*old[:head],), (*new[:head],), 1)]
    if len(middle) + len(other) > MOST_COMPARED:
        found.append(Part((*middle,), (*other,), head + 1))
    else:
        matcher = difflib.SequenceMatcher(None, middle, other, autojunk=False)
        found += [
            Part((*middle[first:after],), (*other[start:end],), head + first + 1)
            for _, first, after, start, end in matcher.get_opcodes()
        ]
    found.append(Part((*old[len(old) - tail :],), (*new[len(new) - tail :],), len(old) - tail + 1))
    return [part for part in found if part.mine or part.theirs]


def merged(parts: Sequence[Part], theirs: Sequence[bool]) -> str:
    """The text with each part that differs taken from theirs or from mine, in order."""
    choices = iter(theirs)
    lines: list[str] = []
    for part in parts:
        lines += part.theirs if part.differs and next(choices) else part.mine
    return "".join(lines)


def place_in(theirs: str, mine: str, place: Place) -> Place:
    """Where a place of one version stands in another.

    A line that was edited is the one most like it; where it is gone, it is where it stood.
    """
    row, column = place
    first = 0
    for part in parts_of(mine, theirs):
        within = row - part.line + 1
        if within < len(part.mine):
            if not part.differs or not part.theirs:
                return (first + within, column) if part.theirs else (first, 0)
            line = part.mine[within]
            found = _most_like(line, part.theirs, within)
            return first + found, _column_in(part.theirs[found], line, column)
        first += len(part.theirs)
    return first, 0


def _most_like(line: str, lines: Sequence[str], at: int) -> int:
    """Which of some lines is most like another one, which stood at a place among as many."""
    near = min(at, len(lines) - 1)
    if len(lines) > MOST_LIKENED:
        return near
    matcher = difflib.SequenceMatcher(None, b=line, autojunk=False)

    def likeness(index: int) -> tuple[float, int]:
        matcher.set_seq1(lines[index])
        return matcher.ratio(), -abs(index - near)

    return max(range(len(lines)), key=likeness)


def _column_in(theirs: str, mine: str, column: int) -> int:
    """The column of a character in what its line became; where it is gone, where it stood."""
    letters = lines_changed([*mine], [*theirs])
    if column >= letters.bottom[0]:
        return column + letters.grown
    return min(column, letters.top[0])

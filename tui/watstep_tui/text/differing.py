"""Two versions of a text as parts that agree and parts that differ, and one made of both."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import NamedTuple

MOST_COMPARED = 4_000
"""Lines, of both versions together, that are compared one by one; it takes time."""
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

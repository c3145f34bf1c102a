"""The breakpoints of a program between two sessions: words, whose lines move with the text (B5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from watstep_tui.text.marks import Change, carried

Stop: TypeAlias = tuple[str, str]
"""What stands before and after the line's number in the argument of `break`."""

Stops: TypeAlias = dict[int, tuple[Stop, ...]]
"""By line, from 1; of a line with a plain breakpoint alone there is nothing to be said."""

_ON_LINE = re.compile(r"((?:statement |instruction )?([se]))(\d+)(.*)", re.DOTALL)


class Kept(NamedTuple):
    """Breakpoints on lines of the source, of the expansion, and those on no line."""

    source: Stops
    expansion: Stops
    others: tuple[str, ...]


def toggled(stops: Stops, lines: Iterable[int]) -> Stops:
    """With a plain breakpoint on lines that had none, and nothing on those that had."""
    changed = dict(stops)
    for line in lines:
        if changed.pop(line, None) is None:
            changed[line] = ()
    return changed


def followed(stops: Stops, change: Change) -> tuple[Stops, Stops]:
    """Where they stand after a change of the text, and those that it took away."""
    rows = carried({line - 1: (line, held) for line, held in stops.items()}, change)
    left = {line for line, _ in rows.values()}
    now = {row + 1: held for row, (_, held) in rows.items()}
    return now, {line: held for line, held in stops.items() if line not in left}


def sorted_words(words: Iterable[str]) -> Kept:
    """The arguments of `break` by the text that they stand in."""
    lines: dict[str, Stops] = {"s": {}, "e": {}}
    others = []
    for word in words:
        found = _ON_LINE.fullmatch(word)
        if found is None:
            others.append(word)
            continue
        text, line = lines[found[2]], int(found[3])
        text[line] = (*text.get(line, ()), (found[1], found[4]))
    plain = {key: {n: () if held == ((key, ""),) else held for n, held in text.items()}
             for key, text in lines.items()}  # fmt: skip
    return Kept(plain["s"], plain["e"], tuple(others))


def words_of(kept: Kept) -> tuple[str, ...]:
    """The arguments of `break` that make them again."""
    return (*_on_lines(kept.source, "s"), *_on_lines(kept.expansion, "e"), *kept.others)


def _on_lines(stops: Mapping[int, tuple[Stop, ...]], letter: str) -> list[str]:
    return [
        f"{before}{line}{after}"
        for line, held in sorted(stops.items())
        for before, after in held or ((letter, ""),)
    ]


def within(stops: Stops, lines: int) -> Stops:
    """Those on the first lines of a text that has so many."""
    return {line: held for line, held in stops.items() if line <= lines}

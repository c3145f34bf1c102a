"""Where marks stand after a change of the text: a mark belongs to its line's text (B5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

Place = tuple[int, int]
"""Row and column, from 0."""
Columns = tuple[int, int]
"""Characters of a row, half-open."""
Flashes = dict[int, Columns]
"""Characters, by row."""
Marked = TypeVar("Marked")


class Change(NamedTuple):
    """A replacement of text."""

    top: Place
    bottom: Place
    """The end of what stood there."""
    end: Place
    """The end of what stands there now."""
    before: list[str]
    """The lines that it touched, as they were."""
    after: list[str]
    """The same as they are."""

    @property
    def grown(self) -> int:
        """How many lines there are more."""
        return self.end[0] - self.bottom[0]


def lines_changed(before: list[str], after: list[str]) -> Change:
    """The change that leads from some lines to others: what is equal at both ends is not in it."""
    most = min(len(before), len(after))
    head = 0
    while head < most and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < most - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    return Change((head, 0), (head + len(old), 0), (head + len(new), 0), [*old, ""], [*new, ""])


def moved(row: int, change: Change) -> int | None:
    """The row of a mark after a change, None where the text that it belonged to is gone."""
    first, last = change.top[0], change.bottom[0]
    if row < first:
        return row
    if row > last:
        return row + change.grown
    line = change.before[row - first]
    text = len(line) - len(line.lstrip())
    if row == first and text < change.top[1]:
        return first
    if row == last and (text >= change.bottom[1] or line[change.bottom[1] :].strip()):
        return change.end[0]
    if first == last:
        return first
    return _found_again(row - first, change)


def _found_again(index: int, change: Change) -> int | None:
    """The row of a line of a replacement in what replaced it: by its text, else by its number."""
    inner = lines_changed(change.before, change.after)
    head, old, new = inner.top[0], inner.before[:-1], inner.after[:-1]
    first = change.top[0]
    if index < head:
        return first + index
    at = index - head
    if at >= len(old):
        return first + index + inner.grown
    text = old[at].strip()
    same = [place for place, line in enumerate(new) if text and line.strip() == text]
    rank = sum(line.strip() == text for line in old[:at])
    if same:
        return first + head + same[min(rank, len(same) - 1)]
    return first + index if len(old) == len(new) else None


def carried(marks: Mapping[int, Marked], change: Change) -> dict[int, Marked]:
    """What stands at rows, at the rows where it stands after a change."""
    places = ((moved(row, change), mark) for row, mark in marks.items())
    return {row: mark for row, mark in places if row is not None}


def carried_range(first: Place, last: Place, change: Change) -> tuple[Place, Place]:
    """A range of the text after a change: what is written at its ends or into it belongs to it."""
    start = first if first <= change.top else _behind(first, change)
    end = _behind(last, change) if last >= change.bottom else min(last, change.top)
    return start, max(start, end)


def carried_place(place: Place, change: Change) -> Place | None:
    """The place of a character after a change, None where it is gone."""
    if place >= change.bottom:
        return _behind(place, change)
    return place if place < change.top else None


def _behind(place: Place, change: Change) -> Place:
    """A place after the start of a change, held to where that ends."""
    if place < change.bottom:
        return change.top
    if place[0] > change.bottom[0]:
        return place[0] + change.grown, place[1]
    return change.end[0], change.end[1] + place[1] - change.bottom[1]


def carried_columns(columns: Columns, change: Change) -> Columns:
    """Characters of the row of a change within one line, where they stand after it."""
    first, last, by = change.top[1], change.bottom[1], change.end[1] - change.bottom[1]
    start, end = columns
    start = start + by if start >= last else min(start, first)
    end = end if end <= first else end + by if end >= last else first
    return start, max(start, end)


def flashes(change: Change) -> Flashes:
    """The characters that a change of lines made, by row, as few as can be told cheaply.

    Where lines came or went, a line that stood among them before is not new.
    """
    first, old, new = change.top[0], change.before[:-1], change.after[:-1]
    if len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True), first)
        return {row: _new_part(*lines) for row, lines in pairs if lines[0] != lines[1]}
    known = set(old)
    lines = ((first + at, line) for at, line in enumerate(new) if line not in known)
    return {row: (len(line) - len(line.lstrip()), len(line)) for row, line in lines if line}


def _new_part(old: str, new: str) -> Columns:
    """The characters of a line in which it differs from another; the nearest where some went."""
    letters = lines_changed([*old], [*new])
    start, end = letters.top[0], letters.end[0]
    return (start, end) if start < end else (max(start - 1, 0), min(start + 1, len(new)))

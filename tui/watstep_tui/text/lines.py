"""Whole lines under edit: moved, written twice, made comments, put further in or out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from watstep_tui.text.marks import Place

Selected = tuple[Place, Place]
"""Where a selection begins and where its cursor is."""
_COMMENT = re.compile(r"^([ \t]*);; ?")


class LineEdit(NamedTuple):
    """Rows to replace, from 0, the lines that stand there then, and what is selected then."""

    first: int
    last: int
    after: list[str]
    selected: Selected


def touched(selected: Selected) -> range:
    """The rows that a selection is on; one that ends before a row's text is not on that row."""
    (first, _), (last, column) = sorted(selected)
    return range(first, last + (last == first or column > 0))


def moved(lines: Sequence[str], selected: Selected, by: int) -> LineEdit | None:
    """The lines with their neighbour above (-1) or below (1) on their other side."""
    rows = touched(selected)
    other = rows.start - 1 if by < 0 else rows.stop
    if not 0 <= other < len(lines):
        return None
    block = list(lines[rows.start : rows.stop])
    after = [*block, lines[other]] if by < 0 else [lines[other], *block]
    first = min(other, rows.start)
    return LineEdit(first, first + len(block), after, _shifted(selected, by))


def duplicated(lines: Sequence[str], selected: Selected) -> LineEdit:
    """The lines twice; the lower ones are selected as the lines were."""
    rows = touched(selected)
    block = list(lines[rows.start : rows.stop])
    return LineEdit(rows.start, rows.stop - 1, block * 2, _shifted(selected, len(block)))


def commented(lines: Sequence[str], selected: Selected) -> LineEdit | None:
    """The lines as comments, or as none where every one is a comment; blank ones stay."""
    rows = touched(selected)
    block = lines[rows.start : rows.stop]
    written = [line for line in block if line.strip()]
    if not written:
        return None
    if all(map(_COMMENT.match, written)):
        return _each(lines, selected, lambda line: _COMMENT.sub(r"\1", line))
    column = min(len(line) - len(line.lstrip(" \t")) for line in written)
    return _each(
        lines,
        selected,
        lambda line: f"{line[:column]};; {line[column:]}" if line.strip() else line,
    )


def indented(lines: Sequence[str], selected: Selected, width: int) -> LineEdit | None:
    """The lines so much further in, or with a negative width out; None where nothing changes."""
    if width > 0:
        lead = " " * width
        return _each(lines, selected, lambda line: lead + line if line.strip() else line)
    step = re.compile(rf"^(?:\t| {{1,{-width}}})")
    return _each(lines, selected, lambda line: step.sub("", line))


def _each(
    lines: Sequence[str], selected: Selected, change: Callable[[str], str]
) -> LineEdit | None:
    rows = touched(selected)
    before = list(lines[rows.start : rows.stop])
    after = [change(line) for line in before]
    if after == before:
        return None
    places = []
    for row, column in selected:
        grown = len(after[row - rows.start]) - len(before[row - rows.start]) if row in rows else 0
        places.append((row, max(column + grown, 0)))
    return LineEdit(rows.start, rows.stop - 1, after, (places[0], places[1]))


def _shifted(selected: Selected, by: int) -> Selected:
    (one, column), (other, after) = selected
    return (one + by, column), (other + by, after)

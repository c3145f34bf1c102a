"""Rows of a view of an expansion, and the rows of the full expansion that they stand for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from watstep.expand.pieces import Origin, Piece, Rendering
from watstep_tui.compiled.linking import ASIDE

_TOLD = frozenset(("source", "note"))
"""Rules whose rows are told by a view alone."""


class Counterparts:
    """Which row of the full expansion each row of a view stands for; rows count from 0."""

    def __init__(self, rows: Sequence[int | None], count: int) -> None:
        """The rows of the full expansion, which has `count`, by those of the view.

        None stands for a row that the view adds.
        """
        self.rows, self.count = rows, count

    @cached_property
    def _first(self) -> dict[int, int]:
        """The first row of the view for each row of the full expansion that has one."""
        found: dict[int, int] = {}
        for row, full in enumerate(self.rows):
            if full is not None:
                found.setdefault(full, row)
        return found

    @cached_property
    def _known(self) -> list[int]:
        return sorted(self._first)

    def in_full(self, row: int) -> int | None:
        """The row of the full expansion that a row of the view stands for."""
        return self.rows[row] if 0 <= row < len(self.rows) else None

    def in_view(self, full: int) -> int | None:
        """The row of the view that stands for a row of the full expansion, or that holds it."""
        if not 0 <= full < self.count:
            return None
        at = bisect_right(self._known, full) - 1
        return self._first[self._known[at]] if at >= 0 else 0


def counterparts(view: Rendering, full: Rendering) -> Counterparts:
    """The rows of a view beside those of the full expansion.

    A row is where its first sign is: copied text stands where the same text is copied, generated
    text where the same rule made the same; what is closed stands for where it begins open.
    """
    count = len(full.as_source.line_starts)
    if view is full:
        return Counterparts(range(count), count)
    index = _Index(full)
    rows: list[int | None] = []
    pieces, at = view.pieces, 0
    for start in view.as_source.line_starts:
        while at + 1 < len(pieces) and pieces[at + 1].start <= start:
            at += 1
        rows.append(index.row(view, at, start))
    return Counterparts(rows, count)


class _Index:
    """Where the pieces of the full expansion stand."""

    def __init__(self, full: Rendering) -> None:
        self.full = full
        self.copied = sorted(
            (piece.span, piece.start) for piece in full.pieces if piece.span is not None
        )
        self.starts = [span.start for span, _ in self.copied]
        self.made: dict[Origin, list[Piece]] = {}
        self.of_form: dict[int, int] = {}
        self.inside: dict[Origin, int] = {}
        aside: dict[int, int] = {}
        for piece in full.pieces:
            origin = piece.origin
            if origin is None or piece.span is not None or not piece.text.strip():
                continue
            self.made.setdefault(origin, []).append(piece)
            begins = piece.start + len(piece.text) - len(piece.text.lstrip())
            places = aside if origin.rule in ASIDE else self.of_form
            places.setdefault(origin.span.start, begins)
            if origin.parent is not None:
                self.inside.setdefault(origin.parent, begins)
        for start, place in aside.items():
            self.of_form.setdefault(start, place)

    def row(self, view: Rendering, at: int, start: int) -> int | None:
        """The row of the full expansion for the line that begins at `start`, in the piece `at`."""
        pieces = view.pieces
        for number in range(at, len(pieces)):
            piece = pieces[number]
            begins, text = piece.start, piece.text
            first = start - begins if begins < start else 0
            end = text.find("\n", first)
            words = text[first : len(text) if end < 0 else end].strip()
            if words:
                offset = self._offset(piece, text.index(words, first), words)
                return None if offset is None else self.full.as_source.line_of(offset) - 1
            if end >= 0:
                return None
        return None

    def _offset(self, piece: Piece, at: int, words: str) -> int | None:
        """The place in the full expansion of words that begin `at` characters into a piece."""
        if piece.span is not None:
            return self._of_source(piece.span.start + at)
        origin = piece.origin
        if origin is None or origin.rule in _TOLD:
            return None
        for other in self.made.get(origin, ()):
            found = other.text.find(words)
            if found >= 0:
                return other.start + found
        if origin in self.inside:
            return self.inside[origin]
        return self._of_source(origin.span.start)

    def _of_source(self, offset: int) -> int | None:
        at = bisect_right(self.starts, offset) - 1
        if at >= 0 and offset < self.copied[at][0].end:
            span, start = self.copied[at]
            return start + offset - span.start
        return self.of_form.get(offset)

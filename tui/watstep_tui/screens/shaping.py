"""The shape of the text: laid out, or its instructions written folded or flat."""

from __future__ import annotations

from watstep.source.diagnostic import Edit
from watstep.source.text import Position, Source, Span
from watstep_tui.screens.desk import Desk


class Shaping:
    """What keys do with the shape of a desk's text; each is one step to take back."""

    def __init__(self, desk: Desk) -> None:
        """Shape the text of a desk."""
        self.desk = desk

    def action_format(self) -> None:
        """Lay the text out."""
        from watstep.editing.format import format_source

        source = self._source()
        found = format_source(source)
        if found.problems:
            first = found.problems[0]
            place = source.position(first.span.start)
            self.desk.note(f"not formatted: line {place.line}: {first.message}")
            return
        self._make(source, found.edits, "formatted", "it is formatted already")

    def action_fold(self) -> None:
        """Write the selection, or the function at the cursor, as folded forms."""
        from watstep.editing.fold import fold

        found = fold(self.desk.fresh(), self._selection())
        self._make(self._source(), found.edits, "folded", f"not folded: {found.refusal}")

    def action_unfold(self) -> None:
        """Write the selection, or the statement at the cursor, one instruction a line."""
        from watstep.editing.fold import unfold

        found = unfold(self.desk.fresh(), self._selection())
        self._make(self._source(), found.edits, "unfolded", f"not unfolded: {found.refusal}")

    def _source(self) -> Source:
        return Source(self.desk.workspace.name, self.desk.editor.text)

    def _selection(self) -> Span:
        source = self._source()
        start, end = (
            source.offset(Position(row + 1, column + 1))
            for row, column in sorted(self.desk.editor.selection)
        )
        return Span(start, end)

    def _make(self, source: Source, edits: tuple[Edit, ...], said: str, nothing: str) -> None:
        """Make the edits, the cursor staying with what it is on; or say why there are none."""
        desk = self.desk
        if not edits:
            desk.note(nothing)
            return
        row, column = desk.editor.selection.end
        cursor = moved(source.text, source.offset(Position(row + 1, column + 1)), edits)
        desk.apply_edits(source, edits, said)
        desk.editor.move_cursor(desk.place_of(self._source(), cursor))


def moved(text: str, offset: int, edits: tuple[Edit, ...]) -> int:
    """Where a place is after edits that are in order.

    In one of them it is at its start, or at its end where only blanks of the line followed.
    """
    grown = 0
    for edit in edits:
        start, end = edit.span
        if end > offset:
            if offset > start and not text[offset:end].strip(" \t"):
                return start + len(edit.text) + grown
            return min(offset, start) + grown
        grown += len(edit.text) - (end - start)
    return offset + grown

"""The shape of the text: laid out, or its instructions written folded or flat."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from watstep.pipeline import Compilation
from watstep.source.diagnostic import Edit
from watstep.source.text import Position, Source, Span
from watstep_tui.compiled.compiling import compile_text
from watstep_tui.screens.desk import Desk

Shaped: TypeAlias = tuple[tuple[Edit, ...], str]
"""The edits in order, and what to say where there are none."""


class Shaping:
    """What keys do with the shape of a desk's text; each is one step to take back."""

    def __init__(self, desk: Desk) -> None:
        """Shape the text of a desk."""
        self.desk = desk

    def action_format(self) -> None:
        """Lay the text out."""
        source = self._source()

        def work() -> Shaped:
            from watstep.editing.format import format_source

            found = format_source(source)
            if found.problems:
                first = found.problems[0]
                line = source.position(first.span.start).line
                return (), f"not formatted: line {line}: {first.message}"
            return found.edits, "it is formatted already"

        self._begin(source, work, "formatted")

    def action_fold(self) -> None:
        """Write the selection, or the function at the cursor, as folded forms."""
        source, place, compiled = self._source(), self._selection(), self._compiled()

        def work() -> Shaped:
            from watstep.editing.fold import fold

            found = fold(compiled(), place)
            return found.edits, f"not folded: {found.refusal}"

        self._begin(source, work, "folded")

    def action_unfold(self) -> None:
        """Write the selection, or the statement at the cursor, one instruction a line."""
        source, place, compiled = self._source(), self._selection(), self._compiled()

        def work() -> Shaped:
            from watstep.editing.fold import unfold

            found = unfold(compiled(), place)
            return found.edits, f"not unfolded: {found.refusal}"

        self._begin(source, work, "unfolded")

    def _compiled(self) -> Callable[[], Compilation]:
        """What gives, away from the keyboard, the compilation of the text as it stands now."""
        source, fresh, path = self._source(), self.desk.code.fresh, self.desk.code.path
        return lambda: fresh or compile_text(source, path)

    def _begin(self, source: Source, work: Callable[[], Shaped], said: str) -> None:
        """Find the edits of a text away from the keyboard, and make them if it is still that."""

        async def shape() -> None:
            edits, nothing = await self.desk.code.beside(work)
            if self.desk.editor.text != source.text:
                self.desk.note(f"not {said}: the text has changed")
                return
            self._make(source, edits, said, nothing)

        self.desk.run_worker(shape(), group="shape", exclusive=True)

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
        desk.apply_edits(source, edits, said, cursor)


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

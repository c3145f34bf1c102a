"""What is known of the word under the cursor or the mouse, in a box that any key closes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TypeAlias

from rich.text import Text
from textual.geometry import Offset
from textual.worker import WorkType

from watstep.editing.about import about
from watstep.editing.explained import About
from watstep.host.catalog import INTERFACE
from watstep.pipeline import Compilation
from watstep.source.text import Position, Source
from watstep_tui.compiled.compiling import compile_text
from watstep_tui.screens.desk import Desk

Cursors: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""Those of the expansion and of the source."""
PAGE = 8
_MOVES = {"down": 1, "up": -1, "pagedown": PAGE, "pageup": -PAGE}


class Informing:
    """The room that explains words."""

    def __init__(self, desk: Desk, granted: Callable[[], Collection[str]]) -> None:
        """Nothing is shown; `granted` are the capabilities that the next run has."""
        self.desk, self.granted = desk, granted
        self._for: Cursors | None = None
        """The cursors for which the box is shown, or asked for."""

    def action_info(self) -> None:
        """Explain the word at the cursor; again, put that away."""
        editor = self.desk.editor
        if self.desk.info.display:
            self.close()
        elif self.desk.view.has_focus:
            self._for = self._cursors()
            self.desk.run_worker(self._find_in_view(), group="info", exclusive=True)
        elif not editor.has_focus:
            self.desk.note("put the cursor on a word of the source or the expansion")
        else:
            self._ask(editor.selection.end, by_key=True)

    async def _find_in_view(self) -> None:
        """The same of the cursor of the expansion, which is compiled for that."""
        desk, granted = self.desk, self.granted()
        found, path, text = desk.code.word_in_view(), desk.code.path, desk.editor.text
        if found is None:
            return
        shown, offset, place = found
        known = await desk.code.beside(
            lambda: about(compile_text(shown, path), offset, INTERFACE, granted)
        )
        if self._for is not None and desk.editor.text == text:
            self._put(known, desk.view.cell_on_screen(place), by_key=True)

    def hover(self, place: tuple[int, int] | None) -> None:
        """The mouse rests on a place of the text, or left it."""
        if place is None:
            self.close()
        elif not self.desk.popup.display and self.desk.code.fresh is not None:
            self._ask(place)

    def _ask(self, place: tuple[int, int], *, by_key: bool = False) -> None:
        self._for = self._cursors()
        work: WorkType[None] = partial(self._find, place, by_key=by_key)
        self.desk.run_worker(work, group="info", exclusive=True)

    async def _find(self, place: tuple[int, int], *, by_key: bool) -> None:
        """Look beside the keyboard for what is known of a place; show it unless that moved on."""
        code, text, granted = self.desk.code, self.desk.editor.text, self.granted()
        compiled, name, path = code.fresh, self.desk.workspace.name, code.path

        def look() -> tuple[Compilation, About | None]:
            found = compiled or compile_text(Source(name, text), path)
            offset = found.source.offset(Position(place[0] + 1, place[1] + 1))
            return found, about(found, offset, INTERFACE, granted)

        found, known = await code.beside(look)
        if self._for is None or self.desk.editor.text != text:
            return
        start = self.desk.place_of(found.source, known.span.start) if known else place
        self._put(known, self.desk.editor.cell_on_screen(start), by_key=by_key)

    def _put(self, known: About | None, cell: Offset, *, by_key: bool) -> None:
        if known is not None:
            self.desk.info.show(known.title, _lines(known), cell - Offset(2, 0))
        elif by_key:
            self.desk.note("nothing is known of what stands here")

    def _cursors(self) -> Cursors:
        return self.desk.view.cursor, self.desk.editor.selection.end

    def follow(self) -> None:
        """The text or a cursor moved: what is said is of another place."""
        if self._for is not None and self._cursors() != self._for:
            self.close()

    def close(self) -> None:
        """Put the box away."""
        if self.desk.info.display:
            self.desk.info.hide()
        self._for = None

    def take_key(self, key: str) -> bool:
        """Whether a key of the editor was for the box; every other key closes it, and goes on."""
        info = self.desk.info
        if not info.display:
            return False
        if key in _MOVES and info.scrolls:
            info.move(_MOVES[key])
            return True
        self.close()
        return key == "escape"


def _lines(known: About) -> list[Text]:
    """The parts as rows: headings told apart, what stands before a colon muted."""
    rows: list[Text] = []
    for part in known.parts:
        if part.heading:
            rows.append(Text(part.heading, "popup_match"))
        for line in part.lines:
            row = Text("  " if part.heading else "")
            name, colon, rest = line.partition(": ")
            if colon and not part.heading and " " not in name.strip(" "):
                row.append(name + colon, "popup_muted")
                row.append(rest)
            else:
                row.append(line)
            rows.append(row)
    return rows

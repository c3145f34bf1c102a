"""What is known of the word under the cursor or the mouse, in a box that any key closes."""

from __future__ import annotations

from collections.abc import Callable, Collection

from rich.text import Text
from textual.geometry import Offset

from watstep.editing.about import about
from watstep.editing.explained import About
from watstep.host.catalog import INTERFACE
from watstep.source.text import Position
from watstep_tui.screens.desk import Desk

PAGE = 8
_MOVES = {"down": 1, "up": -1, "pagedown": PAGE, "pageup": -PAGE}


class Informing:
    """The room that explains words."""

    def __init__(self, desk: Desk, granted: Callable[[], Collection[str]]) -> None:
        """Nothing is shown; `granted` are the capabilities that the next run has."""
        self.desk, self.granted = desk, granted
        self._for: tuple[int, int] | None = None
        """The cursor for which the box is shown."""

    def action_info(self) -> None:
        """Explain the word at the cursor; again, put that away."""
        editor = self.desk.editor
        if self.desk.info.display:
            self.close()
        elif not editor.has_focus:
            self.desk.note("put the cursor on a word of the source")
        elif not self._show(editor.selection.end):
            self.desk.note("nothing is known of what stands here")

    def hover(self, place: tuple[int, int] | None) -> None:
        """The mouse rests on a place of the text, or left it."""
        if place is None:
            self.close()
        elif not self.desk.popup.display and self.desk.code.fresh is not None:
            self._show(place)

    def _show(self, place: tuple[int, int]) -> bool:
        """Show what is known of the word at a place; whether there is anything."""
        found = self.desk.fresh()
        offset = found.source.offset(Position(place[0] + 1, place[1] + 1))
        known = about(found, offset, INTERFACE, self.granted())
        if known is None:
            return False
        start = self.desk.place_of(found.source, known.span.start)
        cell = self.desk.editor.cell_on_screen(start) - Offset(2, 0)
        self.desk.info.show(known.title, _lines(known), cell)
        self._for = self.desk.editor.selection.end
        return True

    def follow(self) -> None:
        """The text or the cursor moved: what is said is of another place."""
        if self._for is not None and self.desk.editor.selection.end != self._for:
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

"""The views of the expansion: choosing one, opening forms in place, notes on its pieces."""

from __future__ import annotations

from rich.text import Text

from watstep.views.kinds import View
from watstep.views.notes import told
from watstep_tui.screens.desk import Desk
from watstep_tui.widgets.popup import beside


class Viewing:
    """What keys do with the expansion of a desk; the view that was chosen is kept."""

    def __init__(self, desk: Desk) -> None:
        """Begin with the view that was chosen last."""
        self.desk = desk
        self._noted = self._cursors()
        """Where the cursors were when something was said of a piece."""
        kept = desk.store.read_user().view
        if kept in {view.value for view in View}:
            desk.code.showing = desk.code.showing._replace(view=View(kept))

    def _show(self, view: View) -> None:
        self.desk.code.show_view(view)
        self._keep()

    def _keep(self) -> None:
        """Remember the view, where it is another one."""
        name = self.desk.code.showing.view.value
        if name != self.desk.store.read_user().view:
            self.desk.store.write_view(name)
            self.desk.say_problems_of_store()

    def action_view_full(self) -> None:
        """What is compiled."""
        self._show(View.FULL)

    def action_view_level(self) -> None:
        """One level."""
        self._show(View.LEVEL)

    def action_view_macros(self) -> None:
        """After the first pass."""
        self._show(View.MACROS)

    def action_view_strings(self) -> None:
        """After the second pass."""
        self._show(View.STRINGS)

    def action_view_flat(self) -> None:
        """One instruction a line."""
        self._show(View.FLAT)

    def action_view_interleaved(self) -> None:
        """Source lines above what they became."""
        self._show(View.INTERLEAVED)

    def action_toggle_form(self) -> None:
        """The form at the cursor of the pane in use."""
        self.desk.code.toggle_form()
        self._keep()

    def action_toggle_all_forms(self) -> None:
        """All of them."""
        self.desk.code.toggle_all_forms()
        self._keep()

    def action_piece_note(self) -> None:
        """Say where the piece at the cursor comes from; again: put that away."""
        if self.desk.piece_note.display:
            self.hide_note()
        elif not self.show_note(None):
            self.desk.note("there is nothing to tell of this place of the expansion")

    def show_note(self, place: tuple[int, int] | None) -> bool:
        """Show the note on a place of the view, None for the cursor's; whether there is one."""
        found = self.desk.code.note_at(place)
        if found is None:
            return False
        (row, column), note = found
        self._noted = self._cursors()
        says, *rest = told(note)
        lines = [Text(says, "strong"), *(Text(line) for line in rest)]
        popup = self.desk.piece_note
        region = self.desk.view.content_region
        cell = self.desk.view.cell_on_screen((row, column)) - region.offset
        popup.show(note.rule, lines, beside(region, cell))
        popup.border_subtitle = "Enter goes there" if self.desk.view.has_focus else ""
        return True

    def _cursors(self) -> tuple[tuple[int, int], tuple[int, int]]:
        return self.desk.view.cursor, self.desk.editor.selection.end

    def cursor_moved(self) -> None:
        """What was said of a piece was said of the place of the cursor."""
        if self._noted != self._cursors():
            self.hide_note()

    def hide_note(self) -> None:
        """What was said of a piece is over."""
        if self.desk.piece_note.display:
            self.desk.piece_note.hide()

    def hovered(self, place: tuple[int, int] | None) -> None:
        """The mouse rests on a place of the view, or went on."""
        if place is None:
            self.hide_note()
        else:
            self.show_note(place)

    def leave(self) -> None:
        """Put away what stands over the view, else give the keys back to the source."""
        if self.desk.piece_note.display:
            self.hide_note()
        else:
            self.desk.editor.focus()
            # It was scrolled with the view.
            self.desk.editor.scroll_cursor_visible()

"""The views of the expansion: choosing one, and opening forms in place."""

from __future__ import annotations

from watstep.views.kinds import View
from watstep_tui.screens.desk import Desk


class Viewing:
    """What keys do with the expansion of a desk; the view that was chosen is kept."""

    def __init__(self, desk: Desk) -> None:
        """Begin with the view that was chosen last."""
        self.desk = desk
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

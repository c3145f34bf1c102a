"""Finding one's way: labels to jump to, and the page that is seen first."""

from __future__ import annotations

from watstep.cli.demo import examples_folder
from watstep.errors import UsageError
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.jumping import JumpScreen, Target
from watstep_tui.screens.switching import Switching

BESIDE = 14
"""Cells from a label to that of a pane that is not seen."""


class Guiding:
    """The rows of the registry that lead somewhere."""

    def __init__(self, desk: Desk, switching: Switching) -> None:
        """Lead on a desk; `switching` begins programs."""
        self.desk, self.switching = desk, switching

    def action_jump(self) -> None:
        """A label on every pane and tab."""
        targets = [*self._code_targets(), *self._tab_targets()]
        self.desk.app.push_screen(JumpScreen(targets, self.desk.editor.look), self._go)

    def _code_targets(self) -> list[Target]:
        """The code panes; one that is not seen has its label beside the other's."""
        panes = (("Source", self.desk.editor), ("Expansion", self.desk.view))
        seen = [pane.region for _, pane in panes if pane.region]
        corner = seen[0].offset if seen else self.desk.panel.region.offset
        targets = []
        for name, pane in panes:
            x, y = pane.region.offset if pane.region else (corner.x + BESIDE, corner.y)
            targets.append(Target(name, x + 2, y))
        return targets

    def _tab_targets(self) -> list[Target]:
        """The tabs, where their names stand, or in a row above the status line."""
        panel = self.desk.panel
        x, y = panel.region.x + 2, panel.region.y
        if not panel.region:
            x, y = 2, self.desk.status_line.region.y - 1
        targets = []
        for name in panel.tabs:
            targets.append(Target(name, x, y))
            x += len(name) + 5
        return targets

    def _go(self, name: str | None) -> None:
        """Have keys act on what was chosen."""
        panes = {"Source": self.desk.editor, "Expansion": self.desk.view}
        if name in panes:
            panes[name].focus()
        elif name is not None:
            self.desk.panel.open_tab(name)
            self.desk.panel.focus()

    def action_welcome(self) -> None:
        """What this is, an example to open, the keys to begin with."""
        from watstep_tui.screens.dialogs.welcome import WelcomeDialog

        self.desk.app.push_screen(WelcomeDialog(), self._open_example)

    def _open_example(self, name: str | None) -> None:
        """Begin a program with an example's text; the example's own file stays as it is."""
        if name is None:
            return
        try:
            text = (examples_folder() / name).read_text("utf-8")
        except (OSError, UsageError) as missing:
            self.desk.notify(f"{name} cannot be opened: {missing}", severity="error")
            return
        self.switching.begin(text, "untitled")

"""Jump mode: a label on every pane and tab, and one key that goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

from watstep_tui.screens.closing import ClosesOnce
from watstep_tui.theming import Look


class Target(NamedTuple):
    """Something to go to: where its label stands on the screen, and what it is called."""

    name: str
    x: int
    y: int


class JumpScreen(ClosesOnce[str], ModalScreen[str]):
    """Closes with the name of the target whose label was pressed or clicked."""

    DEFAULT_CSS = """
    JumpScreen { background: transparent; }
    JumpScreen Static { position: absolute; width: auto; height: 1; background: $accent;
        color: $background; text-style: bold; }
    """
    BINDINGS: ClassVar = [("escape", "dismiss", "Close")]

    def __init__(self, targets: Sequence[Target], look: Look) -> None:
        """Label targets from 1."""
        super().__init__()
        self.targets, self.look = targets, look

    def compose(self) -> ComposeResult:
        """A label at each target's place."""
        style = self.look.panes["mode"]
        for number, target in enumerate(self.targets, 1):
            label = Static(Text(f" {number} {target.name} ", style), name=target.name)
            label.styles.offset = (target.x, target.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        """A label's key goes there; any other one closes."""
        event.stop()
        event.prevent_default()
        number = int(event.key) if event.key.isdigit() else 0
        chosen = self.targets[number - 1] if 0 < number <= len(self.targets) else None
        self.dismiss(chosen.name if chosen else None)

    def on_click(self, event: events.Click) -> None:
        """A label goes there; a click beside them closes."""
        widget, _ = self.get_widget_at(event.screen_x, event.screen_y)
        self.dismiss(widget.name if isinstance(widget, Static) else None)

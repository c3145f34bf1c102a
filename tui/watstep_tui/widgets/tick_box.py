"""A word with a box that holds a tick or none."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.widget import Widget


class TickBox(Widget, can_focus=True):
    """Ticked or not, by its sign and not by its colour alone; Space and a click change it."""

    BINDINGS: ClassVar = [("space", "turn", "")]
    DEFAULT_CSS = """
    TickBox { height: 1; padding: 0 1; }
    TickBox:focus { background: $accent; color: $background; text-style: bold; }
    """

    def __init__(self, word: str, ticked: bool, *, id: str) -> None:  # noqa: A002  # Textual's own
        """Begin ticked or not."""
        super().__init__(id=id)
        self.word = word
        self.value = ticked

    def set(self, ticked: bool) -> None:
        """Tick it or take the tick away."""
        if ticked != self.value:
            self.value = ticked
            self.refresh()

    def render(self) -> Text:
        """The box before the word."""
        return Text(f"[{'x' if self.value else ' '}] {self.word}")

    def action_turn(self) -> None:
        """Ticked becomes not, and the other way round."""
        self.set(not self.value)

    def on_click(self) -> None:
        """A click turns it and takes the keys."""
        self.focus()
        self.action_turn()

"""A text of any number of lines to write."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from watstep_tui.keymap import closing
from watstep_tui.screens.dialogs.dialog import Dialog


class TextDialog(Dialog[str]):
    """Closes with the text as it was left, or without one; Enter begins another line."""

    BINDINGS: ClassVar = [("ctrl+s", "take", "Take")]
    AROUND = 8
    DEFAULT_CSS = """
    TextDialog > Vertical { width: 90; padding: 1 1 0 1; }
    TextDialog TextArea { height: 12; border: none; padding: 0 1; background: $panel; }
    TextDialog TextArea:focus { border: none; background-tint: $foreground 8%; }
    TextDialog .hint { margin: 1 1; }
    """

    def __init__(self, title: str, typed: str) -> None:
        """Begin with a text."""
        super().__init__()
        self._title, self._typed = title, typed

    def compose(self) -> ComposeResult:
        """The text, and what takes it."""
        with Vertical() as box:
            box.border_title = Text(self._title)
            yield TextArea(
                self._typed, soft_wrap=True, tab_behavior="indent", compact=True,
                classes="-scrolls",
            )  # fmt: skip
            yield Static(closing("^S takes it"), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Write at the end of it."""
        area = self.query_one(TextArea)
        area.focus()
        area.move_cursor(area.document.end)

    def action_take(self) -> None:
        """Close with it."""
        self.dismiss(self.query_one(TextArea).text)

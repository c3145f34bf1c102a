"""The choice among several ways to mend a problem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from watstep.source.render import printable
from watstep_tui.keymap import closing
from watstep_tui.screens.dialogs.dialog import PopupDialog


class FixDialog(PopupDialog[int]):
    """Closes with the index of a title, or without one; a digit chooses at once."""

    BINDINGS: ClassVar = [
        ("ctrl+t", "dismiss", "Close"),
        *((str(number), f"choose({number - 1})", "") for number in range(1, 10)),
    ]
    DEFAULT_CSS = "FixDialog > Vertical { width: 64; }"

    def __init__(self, titles: Sequence[str]) -> None:
        """Offer these, the likeliest first."""
        super().__init__()
        self._titles = titles

    def compose(self) -> ComposeResult:
        """A line a fix."""
        with Vertical() as box:
            box.border_title = Text("Fix")
            lines = (
                Text(f"{n} {' '.join(printable(title).split())}")
                for n, title in enumerate(self._titles, 1)
            )
            yield OptionList(*map(Option, lines))
            yield Static(closing("↓ ↑ choose", "Enter makes it"), classes="hint")

    def on_mount(self) -> None:
        """Begin at the likeliest."""
        self.begin_at(0)

    def action_choose(self, index: int) -> None:
        """Choose by number."""
        if index < len(self._titles):
            self.dismiss(index)

    @on(OptionList.OptionSelected)
    def take(self, event: OptionList.OptionSelected) -> None:
        """Close with it."""
        self.dismiss(event.option_index)

"""The timelines of a session: to go to, to name, to compare, to give up."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar

from rich.text import Text

from watstep_tui.keymap import closing
from watstep_tui.rows.snapshot import Shown
from watstep_tui.screens.dialogs.listed import ListDialog


class Wish(Enum):
    """What is wanted of the marked one, by the command that does it."""

    GO = "timeline"
    NAME = "name"
    COMPARE = "compare"
    FORGET = "forget"


class TimelinesDialog(ListDialog):
    """Closes with the number of a row; `wish` says what for."""

    BINDINGS: ClassVar = [
        ("v", "dismiss", "Close"),
        *((wish.value[0], f"wish('{wish.value}')", "") for wish in Wish if wish is not Wish.GO),
    ]
    DEFAULT_CSS = "TimelinesDialog > Vertical { width: 96; }"

    def __init__(self, timelines: Sequence[Shown]) -> None:
        """List these; the one looked at is marked."""
        rows = [
            Text(f"{'▶' if item.current else ' '} {item.text}", "bold" if item.current else "")
            for item in timelines
        ]
        super().__init__("Timelines", rows, enter="goes to it")
        self.first = next((n for n, item in enumerate(timelines) if item.current), 0)
        self.wish = Wish.GO

    def hint(self) -> str:
        """What the keys do."""
        return closing("Enter goes to it", "n names it", "c compares", "f gives it up")

    def action_wish(self, word: str) -> None:
        """Close with the marked row, for something else than going there."""
        self.wish = Wish(word)
        self.dismiss(self.chosen)

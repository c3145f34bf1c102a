"""Choosing one of many by typing a part of its name."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import on
from textual.widgets import Input

from watstep_tui.keymap import closing
from watstep_tui.screens.dialogs.choosing import ChoosingDialog

HINT = closing("↓ ↑ choose", "Enter takes it")


class PickDialog(ChoosingDialog[int]):
    """Rows of which those are shown that hold every word that is typed; answers a row's number."""

    def __init__(
        self, title: str, rows: Sequence[Text], chosen: int = 0, *, asks: str = "a part of a name"
    ) -> None:
        """Choose among rows, of which one is marked at first."""
        super().__init__(title, HINT, asks=asks)
        self._rows, self._first = rows, chosen
        self._offered: list[int] = []

    def on_mount(self) -> None:
        """Offer everything."""
        self._offer("")

    def _offer(self, typed: str) -> None:
        words = typed.casefold().split()
        self._offered = self.found(words)
        first = 0 if words else self._first
        self.offer((self._rows[n] for n in self._offered), "nothing here is called so", first)

    def found(self, words: Sequence[str]) -> list[int]:
        """The numbers of the rows that hold every word."""
        return [
            number
            for number, row in enumerate(self._rows)
            if all(word in row.plain.casefold() for word in words)
        ]

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Another text offers others."""
        self._offer(event.value)

    def take(self, row: int) -> None:
        """Close with its number."""
        if self._offered:
            self.dismiss(self._offered[row])

    @on(Input.Submitted)
    def entered(self) -> None:
        """Enter takes the chosen row."""
        if self.chosen is not None:
            self.take(self.chosen)

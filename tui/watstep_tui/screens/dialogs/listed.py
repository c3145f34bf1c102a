"""A choice among a few rows, each with its digit, under what there is to say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from watstep_tui.keymap import closing
from watstep_tui.screens.dialogs.dialog import PopupDialog


class ListDialog(PopupDialog[int]):
    """Closes with the number of a row, from 0, or without one; a digit chooses at once."""

    BINDINGS: ClassVar = [(str(number), f"choose({number - 1})", "") for number in range(1, 10)]
    DEFAULT_CSS = """
    ListDialog > Vertical { width: 76; }
    ListDialog #head { color: $popup-text; margin: 0 1 1 1; height: auto; }
    """

    def __init__(
        self, title: str, rows: Sequence[Text], *, head: Text | None = None, enter: str
    ) -> None:
        """Offer rows, the likeliest first; `head` stands over them, `enter` is what Enter does."""
        super().__init__()
        self._title, self._rows, self._head, self._enter = title, rows, head, enter
        self.first = 0
        """The row to begin at."""

    def compose(self) -> ComposeResult:
        """A line a row."""
        with Vertical() as box:
            box.border_title = Text(self._title)
            if self._head is not None:
                yield Static(self._head, id="head", markup=False)
            lines = (Text.assemble(f"{n} ", row) for n, row in enumerate(self._rows, 1))
            yield OptionList(*map(Option, lines))
            yield Static(self.hint(), classes="hint", markup=False)

    def hint(self) -> str:
        """What the keys do."""
        return closing("↓ ↑ choose", f"Enter {self._enter}")

    def on_mount(self) -> None:
        """Begin at the likeliest."""
        self.begin_at(self.first)

    @property
    def chosen(self) -> int:
        """The number of the marked row."""
        return self.query_one(OptionList).highlighted or 0

    def action_choose(self, index: int) -> None:
        """Choose by number."""
        if index < len(self._rows):
            self.dismiss(index)

    @on(OptionList.OptionSelected)
    def take(self, event: OptionList.OptionSelected) -> None:
        """Close with it."""
        self.dismiss(event.option_index)

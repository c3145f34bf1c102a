"""Choosing one of many by typing a part of its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from watstep_tui.screens.dialogs.dialog import Dialog

HINT = "type to filter   ↓ ↑ choose   Enter takes it   Esc closes"


class PickDialog(Dialog[int]):
    """Rows of which those are shown that hold every word that is typed; answers a row's number."""

    BINDINGS: ClassVar = [
        ("down", "choose(1)", ""),
        ("up", "choose(-1)", ""),
        ("pagedown", "choose(10)", ""),
        ("pageup", "choose(-10)", ""),
    ]
    DEFAULT_CSS = """
    PickDialog OptionList { height: auto; max-height: 16; margin: 1 0; border: none;
        padding: 0; background: $surface; scrollbar-size: 1 1; }
    PickDialog OptionList > .option-list--option { padding: 0 1; }
    PickDialog OptionList > .option-list--option-highlighted { background: $accent;
        color: $background; text-style: bold; }
    """

    def __init__(self, title: str, rows: Sequence[Text], chosen: int = 0) -> None:
        """Choose among rows, of which one is marked at first."""
        super().__init__()
        self._title, self._rows, self._first = title, rows, chosen
        self._offered: list[int] = []

    def compose(self) -> ComposeResult:
        """The line over what may be chosen."""
        with Vertical() as box:
            box.border_title = Text(self._title)
            yield Input(placeholder="a part of a name", select_on_focus=False)
            listed = OptionList(markup=False)
            listed.can_focus = False
            yield listed
            yield Static(HINT, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Offer everything."""
        self._offer("")

    def _offer(self, typed: str) -> None:
        words = typed.casefold().split()
        self._offered = [
            number
            for number, row in enumerate(self._rows)
            if all(word in row.plain.casefold() for word in words)
        ]
        listed = self.query_one(OptionList)
        listed.clear_options()
        for number in self._offered:
            row = self._rows[number].copy()
            row.no_wrap, row.overflow = True, "ellipsis"
            listed.add_option(Option(row))
        if not self._offered:
            listed.add_option(Option(Text("nothing here is called so", "dim"), disabled=True))
            return
        listed.highlighted = self._offered.index(self._first) if not words else 0

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Another text offers others."""
        self._offer(event.value)

    def action_choose(self, by: int) -> None:
        """Move the choice."""
        listed = self.query_one(OptionList)
        if self._offered:
            now = listed.highlighted or 0
            listed.highlighted = max(0, min(now + by, len(self._offered) - 1))

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click takes what it points at."""
        self.dismiss(self._offered[event.option_index])

    @on(Input.Submitted)
    def entered(self) -> None:
        """Enter takes the chosen row."""
        chosen = self.query_one(OptionList).highlighted
        if self._offered and chosen is not None:
            self.dismiss(self._offered[chosen])

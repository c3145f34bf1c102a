"""The palette: every row of the registry for a mode, found by a part of its name or help."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from watstep_tui.keymap import Action, key_label
from watstep_tui.screens.dialogs.pick import PickDialog


class PaletteDialog(PickDialog):
    """A line an action, its key beside it; those whose name is typed stand before the others."""

    DEFAULT_CSS = "PaletteDialog > Vertical { width: 112; }"

    def __init__(self, actions: Sequence[Action]) -> None:
        """Offer actions."""
        self._labels = [action.label.casefold() for action in actions]
        super().__init__("Palette", palette_rows(actions), asks="what to do, or a key")

    def found(self, words: Sequence[str]) -> list[int]:
        """The numbers of the rows that hold every word, by where their names have them."""
        return sorted(super().found(words), key=lambda number: self._rank(number, words))

    def _rank(self, number: int, words: Sequence[str]) -> int:
        label = self._labels[number]
        if label.startswith(" ".join(words)):
            return 0
        return 1 if all(word in label for word in words) else 2


def palette_rows(actions: Sequence[Action]) -> list[Text]:
    """A row an action: its name, its first key, what it does, the command that it stands for."""
    labels = max(len(action.label) for action in actions)
    keys = max(len(_key(action)) for action in actions)
    rows = []
    for action in actions:
        stands = f"  :{action.command}" if action.command else ""
        row = Text.assemble((action.label.ljust(labels), "bold"))
        row.append(f"  {_key(action):<{keys}}")
        rows.append(row.append(f"  {action.help}{stands}", "dim"))
    return rows


def _key(action: Action) -> str:
    return key_label(action.keys[0]) if action.keys else ""

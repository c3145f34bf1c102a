"""The choice among several ways to mend a problem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text

from watstep.source.render import printable
from watstep_tui.screens.dialogs.listed import ListDialog


class FixDialog(ListDialog):
    """Closes with the index of a title, or without one."""

    BINDINGS: ClassVar = [("ctrl+t", "dismiss", "Close")]
    DEFAULT_CSS = "FixDialog > Vertical { width: 64; }"

    def __init__(self, titles: Sequence[str]) -> None:
        """Offer these, the likeliest first."""
        rows = [Text(" ".join(printable(title).split())) for title in titles]
        super().__init__("Fix", rows, enter="makes it")

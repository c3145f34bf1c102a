"""A read-only pane of rows that keeps one of them in sight."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widget import Widget

from watstep.source.render import printable


class Pane(Widget):
    """Shows as many rows as fit around the chosen one; costs what is visible."""

    DEFAULT_CSS = """
    Pane { border: round $panel; border-title-color: $foreground; padding: 0 1;
        text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, title: str, *, id: str) -> None:  # noqa: A002  # Textual's own name
        """An empty pane."""
        super().__init__(id=id)
        self.border_title = title
        self.rows: Sequence[Text] = ()
        self.chosen = 0

    def show(self, rows: Sequence[Text], chosen: int = 0) -> None:
        """Show other rows, the one of index `chosen` in sight."""
        self.rows, self.chosen = rows, chosen
        self.refresh()

    def render(self) -> Text:
        """The rows that are in sight."""
        height = max(self.size.height, 1)
        first = max(0, min(self.chosen - height // 2, len(self.rows) - height))
        shown = Text("\n").join(self.rows[first : first + height])
        shown.plain = printable(shown.plain)
        shown.no_wrap = True
        shown.overflow = "ellipsis"
        return shown

"""A read-only pane of rows: draws what is in sight, and again only what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from watstep.source.render import printable

Drawn = tuple[str, object, list[object], bool]


class Pane(ScrollView, can_focus=False):
    """Shows rows, the chosen one in sight; costs what is visible, however many there are."""

    COMPONENT_CLASSES: ClassVar = {"pane--chosen"}
    DEFAULT_CSS = """
    Pane { border: round $panel; border-title-color: $foreground; padding: 0 1;
        scrollbar-size: 0 0; overflow: hidden auto; }
    Pane .pane--chosen { background: $panel; }
    """

    @dataclass
    class Picked(Message):
        """A row was clicked."""

        pane: Pane
        row: int

        @property
        def control(self) -> Pane:
            """The pane, so that handlers can name it."""
            return self.pane

    def __init__(self, title: str, *, id: str) -> None:  # noqa: A002  # Textual's own name
        """An empty pane."""
        super().__init__(id=id)
        self.border_title = title
        self.rows: Sequence[Text] = ()
        self.chosen = 0
        self.marked: int | None = None
        """The row that keys have moved to, None where none have."""
        self._drawn: dict[int, Drawn] = {}

    def show(self, rows: Sequence[Text], chosen: int = 0) -> None:
        """Show other rows, the one of index `chosen` in sight."""
        self.rows, self.chosen = rows, chosen
        if self.marked is not None and self.marked >= len(rows):
            self.marked = None
        self.virtual_size = Size(self.size.width, len(rows))
        self._bring_into_sight(chosen if self.marked is None else self.marked)
        self._draw_again()

    def move_mark(self, by: int) -> None:
        """Move the mark that keys move, beginning at the chosen row."""
        begin = self.chosen if self.marked is None else self.marked + by
        self.marked = max(0, min(begin, len(self.rows) - 1))
        self._bring_into_sight(self.marked)
        self._draw_again()

    def unmark(self) -> None:
        """Forget the mark, and follow the chosen row again."""
        self.marked = None

    def _bring_into_sight(self, row: int) -> None:
        height = self.size.height
        top = self.scroll_offset.y
        if height and not top <= row < top + height:
            first = max(0, min(row - height // 2, len(self.rows) - height))
            self.scroll_to(y=first, animate=False, force=True, immediate=True)

    def _draw_again(self) -> None:
        top = self.scroll_offset.y
        for row in range(top, top + self.size.height):
            if self._drawn.get(row) != self._content(row):
                self.refresh_line(row)

    def _content(self, row: int) -> Drawn:
        if not 0 <= row < len(self.rows):
            return ("", "", [], False)
        text = self.rows[row]
        return (text.plain, text.style, list(text.spans), row == self.marked)

    def render_line(self, y: int) -> Strip:
        """One row; what is too long ends with an ellipsis."""
        width = self.size.width
        row = y + self.scroll_offset.y
        self._drawn = {at: seen for at, seen in self._drawn.items() if abs(at - row) < 500}
        self._drawn[row] = self._content(row)
        base = self.rich_style
        if not 0 <= row < len(self.rows):
            return Strip.blank(width, base)
        if row == self.marked:
            base = base + self.get_component_rich_style("pane--chosen", partial=True)
        text = self.rows[row].copy()
        text.plain = printable(text.plain.replace("\n", " "))
        text.truncate(width, overflow="ellipsis")
        console = self.app.console
        base = base + console.get_style(text.style)
        return Strip(text.render(console)).adjust_cell_length(width, base).apply_style(base)

    def on_click(self, event: events.Click) -> None:
        """Announce the row that was clicked."""
        place = event.get_content_offset(self)
        if place is not None and place.y + self.scroll_offset.y < len(self.rows):
            self.post_message(self.Picked(self, place.y + self.scroll_offset.y))

    def on_resize(self) -> None:
        """Keep the chosen row in sight."""
        self.show(self.rows, self.chosen)

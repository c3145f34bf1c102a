"""What stands over the code for a moment: a list to take from, and a text to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.text import Text
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from watstep_tui.cells import width
from watstep_tui.highlight import strip_of
from watstep_tui.keymap import closing
from watstep_tui.theming import Look

FRAME = 2
"""Cells or rows that the border takes."""
MOST_ROWS, MOST_WIDE, LEAST_WIDE = 8, 72, 28


class Over(Widget, can_focus=False):
    """A box beside a place of the screen, below it where there is room, that takes no keys."""

    DEFAULT_CSS = """
    Over { overlay: screen; display: none; border: round $popup-border; background: $popup;
        color: $popup-text; border-subtitle-color: $popup-border; border-title-color: $popup-border;
        border-title-background: $popup; border-subtitle-background: $popup; }
    """

    def __init__(self, look: Look, *, id: str) -> None:  # noqa: A002  # Textual's own name
        """Nothing to show yet."""
        super().__init__(id=id)
        self.look = look

    def show_look(self, look: Look) -> None:
        """Take other colours."""
        self.look = look
        self.refresh()

    def hide(self) -> None:
        """Put it away."""
        self.display = False

    def put_at(self, place: Offset, size: Size) -> None:
        """Stand below a cell of the screen, else above it; `size` is that of the content."""
        room = self.screen.size
        wide, high = min(size.width + FRAME, room.width), min(size.height + FRAME, room.height)
        below = room.height - place.y - 1
        y = place.y + 1 if high <= below or below >= place.y else place.y - high
        at = Offset(max(min(place.x, room.width - wide), 0), max(y, 0))
        before = self.absolute_offset, self.styles.width, self.styles.height
        self.absolute_offset = at
        self.styles.width, self.styles.height = wide, high
        if self.display and before == (at, self.styles.width, self.styles.height):
            self.refresh()
        else:
            self.display = True
            self.refresh(layout=True)


class ListRow(NamedTuple):
    """A row to take; `letters` are those of the label that answer what was typed."""

    label: str
    letters: tuple[int, ...]
    detail: str
    about: str
    """What it is, in a sentence; said below the list for the chosen row."""


class PopupList(Over):
    """Rows to take from, of which one is chosen; the keys come from whoever shows it."""

    @dataclass
    class Picked(Message):
        """A row was clicked."""

        row: int

    def __init__(self, look: Look, *, id: str) -> None:  # noqa: A002  # as above
        """No rows yet."""
        super().__init__(look, id=id)
        self.rows: Sequence[ListRow] = ()
        self.chosen = 0
        self.deliberate = False
        """Whether the chosen row was chosen, rather than being the first."""
        self._top = 0

    def show(self, rows: Sequence[ListRow], place: Offset, keys: str) -> None:
        """Show rows at a cell of the screen, the first one chosen; `keys` says what takes it."""
        self.rows, self.chosen, self._top = rows, 0, 0
        self.border_subtitle = keys
        wide = max(width(row.label) + width(row.detail) + 5 for row in rows)
        about = max(width(row.about) + 2 for row in rows)
        most = min(MOST_WIDE, self.screen.size.width - FRAME)
        wide = max(min(max(wide, min(about, most)), most), min(LEAST_WIDE, most))
        high = min(len(rows), MOST_ROWS, max(self.screen.size.height // 3, 3))
        self.put_at(place - Offset(2, 0), Size(wide, high + 1))

    def move(self, by: int) -> None:
        """Choose a row further on, or back; round at the ends for a single step."""
        last = len(self.rows) - 1
        there = self.chosen + by
        if abs(by) == 1:
            there %= last + 1
        self.chosen = max(0, min(there, last))
        self.deliberate = True
        room = self._room
        self._top = max(self.chosen - room + 1, min(self._top, self.chosen))
        self.refresh()

    @property
    def _room(self) -> int:
        """Rows of the list in sight."""
        return max(self.size.height - 1, 1)

    def render_line(self, y: int) -> Strip:
        """A row, or below them what the chosen one is."""
        wide, base, panes = self.size.width, self.look.panes["popup"], self.look.panes
        if y >= self._room:
            row = self.rows[self.chosen] if self.rows else None
            about = Text(f" {row.about}" if row else "", "popup_muted")
            return strip_of(about, wide, base, panes)
        index = y + self._top
        if index >= len(self.rows):
            return Strip.blank(wide, base)
        row = self.rows[index]
        line = Text(style="popup_chosen" if index == self.chosen else "")
        line.append("▸" if index == self.chosen else " ")
        line.append(row.label)
        for letter in row.letters:
            line.stylize("popup_match", 1 + letter, 2 + letter)
        gap = wide - width(row.label) - width(row.detail) - 2
        if gap >= 1:
            line.append(" " * gap + row.detail + " ", "popup_muted")
        else:
            line.append(f"  {row.detail}", "popup_muted")
        return strip_of(line, wide, base, panes)

    def on_click(self, event: events.Click) -> None:
        """Announce the row."""
        place = event.get_content_offset(self)
        if place is not None and place.y < self._room:
            index = place.y + self._top
            if index < len(self.rows):
                self.post_message(self.Picked(index))

    def on_mouse_scroll_down(self) -> None:
        """The next row."""
        self.move(min(1, len(self.rows) - 1 - self.chosen))

    def on_mouse_scroll_up(self) -> None:
        """The row before."""
        self.move(-min(1, self.chosen))


class PopupText(Over):
    """A text to read, which scrolls where it is longer than its box."""

    def __init__(self, look: Look, *, id: str) -> None:  # noqa: A002  # as above
        """No text yet."""
        super().__init__(look, id=id)
        self.lines: Sequence[Text] = ()
        self._top = 0

    def show(self, title: str, lines: Sequence[Text], place: Offset) -> None:
        """Show lines at a cell of the screen."""
        self.lines, self._top = lines, 0
        self.border_title = title
        room = self.screen.size
        wide = min(max([width(line.plain) for line in lines] + [len(title) + 2]) + 2, room.width)
        beside = max(room.height - place.y - 1, place.y) - FRAME
        high = max(min(len(lines), beside), 1)
        more = high < len(lines)
        self.border_subtitle = closing(*["↑ ↓ scroll"] * more, key="any key")
        self.put_at(place, Size(max(wide, 30), high))

    @property
    def scrolls(self) -> bool:
        """Whether there is more than is in sight."""
        return len(self.lines) > self.size.height

    def move(self, by: int) -> None:
        """Scroll by lines."""
        self._top = max(0, min(self._top + by, len(self.lines) - self.size.height))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line."""
        wide, base, panes = self.size.width, self.look.panes["popup"], self.look.panes
        index = y + self._top
        if index >= len(self.lines):
            return Strip.blank(wide, base)
        line = Text(" ")
        line.append_text(self.lines[index])
        return strip_of(line, wide, base, panes)

    def on_leave(self) -> None:
        """The mouse that read it has gone."""
        self.hide()

    def on_mouse_scroll_down(self) -> None:
        """Lines further on."""
        self.move(2)

    def on_mouse_scroll_up(self) -> None:
        """Lines back."""
        self.move(-2)


def beside(region: Region, cell: Offset) -> Offset:
    """The cell of the screen for a cell of a region, held to it."""
    x = max(region.x, min(region.x + cell.x, region.right - 1))
    y = max(region.y, min(region.y + cell.y, region.bottom - 1))
    return Offset(x, y)

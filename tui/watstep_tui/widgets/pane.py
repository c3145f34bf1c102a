"""A read-only pane of rows: draws what is in sight, and again only what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from watstep_tui.highlight import strip_of
from watstep_tui.rows.lazy import LazyRows
from watstep_tui.scrolling import refresh_rows, size_scrollbars
from watstep_tui.theming import Look

Drawn = tuple[str, object, list[object], bool]

SEPARATOR = " ┃ "
"""What stands between the names of tabs."""


def tabs_title(labels: Sequence[str], opened: int, look: Look) -> Text:
    """The names of tabs in one line, the open one told apart."""
    title = Text()
    for number, label in enumerate(labels):
        title.append(SEPARATOR if number else "", look.panes["tab"])
        title.append(label, look.panes["tab_open" if number == opened else "tab"])
    return title


def tab_cells(labels: Sequence[str]) -> list[range]:
    """The cells of that line that each name takes."""
    cells, at = [], 0
    for label in labels:
        cells.append(range(at, at + len(label)))
        at += len(label) + len(SEPARATOR)
    return cells


class Pane(ScrollView, can_focus=False):
    """Shows rows, the chosen one in sight; costs what is visible, however many there are."""

    DEFAULT_CSS = """
    Pane { border: round $border-blurred; border-title-color: $text-muted; padding: 0 0 0 1;
        border-subtitle-color: $text-muted; border-title-style: none;
        scrollbar-size: 1 1; overflow: hidden auto; }
    Pane.-active, Pane:focus { border: round $border; border-title-color: $border;
        border-title-style: bold reverse; }
    """

    @dataclass
    class Picked(Message):
        """A row was clicked."""

        pane: Pane
        row: int
        cell: int
        """The cell of the row, from 0."""

    @dataclass
    class TitlePicked(Message):
        """The title was clicked, so many cells from its first."""

        pane: Pane
        cell: int

    @dataclass
    class Moved(Message):
        """Other rows than before are in sight."""

        pane: Pane

    @dataclass
    class Aside(Message):
        """The wheel asks for what lies to the right, or with -1 to the left."""

        pane: Pane
        by: int

    def __init__(self, title: str, look: Look, *, id: str) -> None:  # noqa: A002  # Textual's own
        """An empty pane."""
        super().__init__(id=id)
        self.border_title = title
        self.look = look
        self.rows: Sequence[Text] = ()
        self.chosen = 0
        self.marked: int | None = None
        """The row that keys have moved to, None where none have."""
        self.aside = 0
        """Cells that the rows are moved to the left."""
        self._named: Text | None = None
        self._drawn: dict[int, Drawn] = {}

    def show(
        self,
        rows: Sequence[Text],
        chosen: int = 0,
        beside: int | None = None,
        *,
        follow: bool = True,
    ) -> None:
        """Show other rows; bring the one of index `chosen` into sight, `beside` rows from the top.

        Without `follow` what is in sight stays there.
        """
        self.rows, self.chosen = rows, chosen
        if self.marked is not None and self.marked >= len(rows):
            self.marked = None
        self._measure(len(rows))
        if beside is not None and self.marked is None:
            self._begin_at(chosen - beside)
        if follow:
            self._bring_into_sight(self.pointed_at)
        self._draw_again()

    def _measure(self, count: int) -> None:
        """Take a number of rows; what is below the last one cannot be scrolled to."""
        room = self.size.height
        size = Size(1, max(count, room))
        if size == self.virtual_size:
            return
        self.set_reactive(Pane.virtual_size, size)
        size_scrollbars(self)

    def name_it(self, title: Text) -> None:
        """Put another title over the rows."""
        if title != self._named or title.spans != (self._named.spans if self._named else None):
            self._named = title
            self.border_title = title

    @property
    def title_width(self) -> int:
        """The cells of the title."""
        return self._named.cell_len if self._named else 0

    def move_mark(self, by: int) -> None:
        """Move the mark that keys move, beginning at the chosen row."""
        begin = self.chosen if self.marked is None else self.marked + by
        self.mark(begin)

    def mark(self, row: int) -> None:
        """Mark a row."""
        self.marked = max(0, min(row, len(self.rows) - 1))
        self._bring_into_sight(self.marked)
        self._draw_again()

    def unmark(self) -> None:
        """Forget the mark, and follow the chosen row again."""
        self.marked = None

    @property
    def pointed_at(self) -> int:
        """The row that keys act on: the marked one, else the chosen one."""
        return self.chosen if self.marked is None else self.marked

    @property
    def in_sight(self) -> range:
        """The rows that are drawn."""
        top = self.scroll_offset.y
        return range(top, min(top + self.size.height, len(self.rows)))

    def _bring_into_sight(self, row: int) -> None:
        height = self.size.height
        top = self.scroll_offset.y
        if height and not top <= row < top + height:
            self._begin_at(row - height // 2)

    def _begin_at(self, row: int) -> None:
        first = max(0, min(row, len(self.rows) - self.size.height))
        if first != self.scroll_offset.y:
            self.scroll_to(y=first, animate=False, force=True, immediate=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say that other rows are looked at."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Moved(self))

    def _draw_again(self) -> None:
        top = self.scroll_offset.y
        seen = range(top, top + self.size.height)
        refresh_rows(self, [row for row in seen if self._drawn.get(row) != self._content(row)])

    def _content(self, row: int) -> Drawn:
        if not 0 <= row < len(self.rows):
            return ("", "", [], False)
        text = self.rows[row]
        return (text.plain, text.style, list(text.spans), row == self.marked)

    def render_line(self, y: int) -> Strip:
        """One row; what is too long ends with an ellipsis."""
        width = self.scrollable_content_region.width
        row = y + self.scroll_offset.y
        self._drawn = {at: seen for at, seen in self._drawn.items() if abs(at - row) < 500}
        self._drawn[row] = self._content(row)
        base = self.rich_style
        if not 0 <= row < len(self.rows):
            return Strip.blank(width, base)
        if row == self.marked:
            base = base + self.look.panes["chosen"]
        strip = strip_of(self.rows[row], width + self.aside, base, self.look.panes)
        if not self.aside:
            return strip
        kept = self.kept
        return Strip.join((strip.crop(0, kept), strip.crop(kept + self.aside, width + self.aside)))

    @property
    def kept(self) -> int:
        """The cells at the beginning of rows that stay where they are."""
        return self.rows.kept if isinstance(self.rows, LazyRows) else 0

    def move_aside(self, by: int) -> bool:
        """Move the rows sideways, as far as those in sight go; whether they moved."""
        width = self.scrollable_content_region.width
        longest = max((self.length(row) for row in self.in_sight), default=0)
        aside = max(0, min(self.aside + by, longest - width))
        moved, self.aside = aside != self.aside, aside
        if moved:
            self.refresh()
        return moved

    def length(self, row: int) -> int:
        """The cells of a whole row."""
        rows = self.rows
        return rows.length(row) if isinstance(rows, LazyRows) else rows[row].cell_len

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """With Shift the rows move sideways."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """With Shift they move back."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        if event.shift:
            event.stop()
            event.prevent_default()
            self.post_message(self.Aside(self, by))

    def on_click(self, event: events.Click) -> None:
        """Announce the row or the title that was clicked."""
        place = event.get_content_offset(self)
        if place is None:
            if event.y == 0:
                self.post_message(self.TitlePicked(self, event.x - 3))
        elif place.y + self.scroll_offset.y < max(len(self.rows), 1):
            self.post_message(self.Picked(self, place.y + self.scroll_offset.y, place.x))

    def on_resize(self) -> None:
        """Keep the chosen row in sight."""
        self.show(self.rows, self.chosen)

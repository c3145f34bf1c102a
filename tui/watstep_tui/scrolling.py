"""What panes that draw by the row share: repaints of single rows, soon; thin scrollbars."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from math import ceil

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual import screen
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarCorner, ScrollBarRender

PAINT = 1 / 240
"""Seconds between two repaints of the screen."""


def refresh_rows(view: ScrollView, rows: Iterable[int]) -> None:
    """Draw rows of the content again, those of them that are in sight."""
    top, (wide, high) = view.scroll_offset.y, view.size
    if isinstance(rows, range):
        rows = range(max(rows.start, top), min(rows.stop, top + high))
    seen = sorted(row for row in set(rows) if top <= row < top + high)
    regions = []
    for _, group in groupby(enumerate(seen), lambda pair: pair[1] - pair[0]):
        together = [row for _, row in group]
        regions.append(Region(0, together[0] - top, wide, len(together)))
    if regions:
        view.refresh(*regions)


def size_scrollbars(view: ScrollView) -> None:
    """Give the scrollbars the content's size, and hold the position to it.

    A layout follows only where a scrollbar comes or goes.
    """
    view._refresh_scrollbars()
    size, (wide, high) = view.virtual_size, view.container_size
    if view.show_vertical_scrollbar:
        view.vertical_scrollbar.window_virtual_size = size.height
        view.vertical_scrollbar.window_size = high - view.scrollbar_size_horizontal
    if view.show_horizontal_scrollbar:
        view.horizontal_scrollbar.window_virtual_size = size.width
        view.horizontal_scrollbar.window_size = wide - view.scrollbar_size_vertical
    view.scroll_x = view.validate_scroll_x(view.scroll_x)
    view.scroll_y = view.validate_scroll_y(view.scroll_y)


def paint_soon() -> None:
    """Have what looks different drawn within `PAINT` seconds of what was drawn before it."""
    # Textual's own time is four times that, which a fresh expansion would wait for in the middle
    # of the answer to a key: the place of the cursor is drawn just before.
    setattr(screen, "UPDATE_PERIOD", PAINT)  # noqa: B010


class ThinBar(ScrollBarRender):
    """A scrollbar that is a line."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The line, as long as the part of the content that is in sight."""
        vertical = self.vertical
        size = (options.height or console.height) if vertical else options.max_width
        first, after = 0, 0
        if self.window_size and self.virtual_size > self.window_size:
            long = max(1, ceil(self.window_size * size / self.virtual_size))
            hidden = self.virtual_size - self.window_size
            first = min(round((size - long) * self.position / hidden), size - long)
            after = first + long
        base = console.get_style(self.style)
        parts = (("scroll_up", first, " "), ("grab", after - first, "┃" if vertical else "━"))
        for action, count, sign in (*parts, ("scroll_down", size - after, " ")):
            style = base + Style(meta={"@mouse.down": action})
            if vertical:
                for _ in range(count):
                    yield Segment(sign, style)
                    yield Segment.line()
            else:
                yield Segment(sign * count, style)


def use_thin_scrollbars() -> None:
    """Draw every scrollbar as a line from now on, and nothing where two of them meet."""
    ScrollBar.renderer = ThinBar
    # A corner of its own colour is black where that colour is the terminal's.
    setattr(ScrollBarCorner, "render", _nothing)  # noqa: B010


def _nothing(_: ScrollBarCorner) -> str:
    return ""

"""The timeline bar: the whole run as one line, on which the mouse moves."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message

from watstep_tui.line import Line
from watstep_tui.rows.bar import (
    Drawn,
    Marks,
    bar_width,
    instant_of,
    legend,
    marks_of,
    seen_of,
    timeline_bar,
)
from watstep_tui.rows.snapshot import Snapshot
from watstep_tui.theming import Look


class TimelineBar(Line):
    """Draws a snapshot's run; a click or a drag seeks an instant."""

    DEFAULT_CSS = "TimelineBar { padding: 0 1; }"

    @dataclass
    class Sought(Message):
        """The mouse asks for an instant."""

        instant: int

    @dataclass
    class Zoomed(Message):
        """The wheel asks for a nearer look, or with -1 for a wider one."""

        by: int

    def __init__(self, look: Look, *, id: str) -> None:  # noqa: A002  # Textual's own name
        """A bar without a run."""
        super().__init__(look, id=id)
        self.snapshot: Snapshot | None = None
        self._held = False
        self._marks: Marks | None = None
        self._drawn = Drawn({}, ())

    def show(self, snapshot: Snapshot) -> None:
        """Show the run and the position of a snapshot."""
        self.snapshot = snapshot
        self.fit()

    def fit(self) -> None:
        """The bar at this width."""
        if self.snapshot:
            marks = marks_of(self.snapshot, self.size.width)
            if self._marks is None or not marks.same(self._marks):
                self._marks, self._drawn = marks, marks.drawn()
            self.put(timeline_bar(self.snapshot, self.size.width, self._drawn))

    @property
    def legend(self) -> str:
        """What the signs that stand on the bar mean."""
        return legend(self._drawn)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Seek where the mouse is, until it is let go."""
        self._held = True
        self.capture_mouse()
        self._seek(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Seek along."""
        if self._held:
            self._seek(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        self._held = False
        self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Look nearer."""
        event.stop()
        self.post_message(self.Zoomed(1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Look from further away."""
        event.stop()
        self.post_message(self.Zoomed(-1))

    def _seek(self, event: events.MouseEvent) -> None:
        if self.snapshot is None:
            return
        begin, cells = bar_width(self.snapshot, self.size.width)
        cell = event.x - self.gutter.left - begin
        window = seen_of(self.snapshot)
        instant = window.first + instant_of(cell, window.last - window.first, cells)
        if instant != self.snapshot.instant:
            self.post_message(self.Sought(instant))

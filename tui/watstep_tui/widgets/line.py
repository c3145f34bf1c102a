"""One line of text at the edge of the screen, drawn again only where its text changed."""

from __future__ import annotations

from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from watstep_tui.highlight import strip_of
from watstep_tui.theming import Look


class Line(Widget, can_focus=False):
    """A row of named styles."""

    DEFAULT_CSS = "Line { height: 1; }"

    def __init__(self, look: Look, *, id: str) -> None:  # noqa: A002  # Textual's own name
        """An empty line."""
        super().__init__(id=id)
        self.look = look
        self.text = Text()

    def show(self, text: Text) -> None:
        """Show another text."""
        if (text.plain, text.spans) != (self.text.plain, self.text.spans):
            self.text = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The text, cut where it is too long."""
        return strip_of(self.text, self.size.width, self.rich_style, self.look.panes)

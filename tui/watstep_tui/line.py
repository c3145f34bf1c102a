"""One line of named styles at the edge of the screen."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from watstep_tui.highlight import strip_of
from watstep_tui.theming import Look


class Line(Widget, can_focus=False):
    """One line of named styles, drawn again only where its text changed."""

    DEFAULT_CSS = "Line { height: 1; }"

    def __init__(self, look: Look, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        """An empty line."""
        super().__init__(id=id)
        self.look = look
        self.text = Text()

    def put(self, text: Text) -> None:
        """Show another text."""
        if (text.plain, text.spans) != (self.text.plain, self.text.spans):
            self.text = text
            self.refresh()

    def show_look(self, look: Look) -> None:
        """Take other colours."""
        self.look = look
        self.refresh()

    async def on_click(self, event: events.Click) -> None:
        """Carry out the row of the registry that was clicked."""
        row = event.style.meta.get("row")
        if row is not None:
            await self.app.run_action(f"app.do('{row}')")

    def fit(self) -> None:
        """Make the text again, for another width."""

    def on_resize(self) -> None:
        """Fit the text to the width."""
        self.fit()

    def render_line(self, y: int) -> Strip:
        """The text, cut where it is too long."""
        return strip_of(self.text, self.size.width, self.rich_style, self.look.panes)

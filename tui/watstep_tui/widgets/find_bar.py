"""The line in which one types what is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class FindBar(Horizontal):
    """A text to find, how many there are, and whether case counts."""

    BINDINGS: ClassVar = [
        ("escape", "close", ""),
        ("up", "move(-1)", ""),
        ("down", "move(1)", ""),
        # A terminal sends it with its letter, which the line would take.
        Binding("alt+c", "case", "", priority=True),
    ]
    DEFAULT_CSS = """
    FindBar { height: 1; background: $panel; padding: 0 1; display: none; }
    FindBar Static { width: auto; margin-right: 1; }
    FindBar Input { width: 1fr; height: 1; border: none; padding: 0 1; background: $surface;
        background-tint: $surface 0%; }
    FindBar Input:focus { border: none; background-tint: $accent 14%; }
    FindBar #find-count { margin-left: 2; min-width: 12; }
    FindBar #find-keys { color: $text-muted; margin: 0; }
    """

    @dataclass
    class Sought(Message):
        """Another text or another case is looked for."""

        text: str
        case: bool

    @dataclass
    class Moved(Message):
        """The next match is wanted, or the one before."""

        by: int

    class Closed(Message):
        """The bar was left."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        """Nothing is looked for yet."""
        super().__init__(id=id)
        self.case = False

    def compose(self) -> ComposeResult:
        """Label, line, count, keys."""
        yield Static("Find")
        yield Input(id="find-text", select_on_focus=True, compact=True)
        yield Static("", id="find-count", markup=False)
        yield Static(self._keys(), id="find-keys", markup=False)

    def _keys(self) -> str:
        return f"Alt+C {'Aa' if self.case else 'any case'}  ↑ ↓ Enter  Esc"

    @property
    def text(self) -> str:
        """What is looked for."""
        return self.query_one(Input).value

    def open(self, text: str = "") -> None:
        """Show the bar and take the keys; a text that is selected is looked for."""
        self.display = True
        box = self.query_one(Input)
        if text:
            box.value = text
        box.focus()
        self.post_message(self.Sought(box.value, self.case))

    def show_count(self, at: int, count: int) -> None:
        """Say which match it is, from 1, of how many; 0 for none chosen."""
        if not self.text:
            said = ""
        elif not count:
            said = "none"
        else:
            said = f"{at or '·'} of {count}"
        self.query_one("#find-count", Static).update(said)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Look for what is typed, as it is typed."""
        event.stop()
        self.post_message(self.Sought(event.value, self.case))

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """Enter goes to the next."""
        event.stop()
        self.post_message(self.Moved(1))

    def action_move(self, by: int) -> None:
        """The next match, or the one before."""
        self.post_message(self.Moved(by))

    def action_case(self) -> None:
        """Upper and lower case are the same, or not."""
        self.case = not self.case
        self.query_one("#find-keys", Static).update(self._keys())
        self.post_message(self.Sought(self.text, self.case))

    def action_close(self) -> None:
        """Leave the bar."""
        self.display = False
        self.post_message(self.Closed())

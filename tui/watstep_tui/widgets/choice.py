"""An answer of a dialog: a word on a line, which Enter, Space or a click choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.message import Message
from textual.widget import Widget


class Choice(Widget, can_focus=True):
    """One of several words side by side; the one in use is reversed and pointed at."""

    BINDINGS: ClassVar = [("enter,space", "choose", "")]
    DEFAULT_CSS = """
    Choice { width: auto; height: 1; padding: 0 1; margin-right: 2; background: $panel;
        color: $foreground; }
    Choice:ansi { text-style: underline; }
    Choice:hover { text-style: underline; }
    Choice:focus, Choice:ansi:focus { background: $accent; color: $background; text-style: bold; }
    """

    @dataclass
    class Chosen(Message):
        """The word was chosen."""

        word: str

    def __init__(self, word: str) -> None:
        """A word to choose."""
        super().__init__()
        self.word = word

    def render(self) -> Text:
        """The word, pointed at while it has the keys."""
        return Text(f"{'▸' if self.has_focus else ' '} {self.word} ")

    def on_focus(self) -> None:
        """Point at it."""
        self.refresh()

    def on_blur(self) -> None:
        """Point at it no more."""
        self.refresh()

    def action_choose(self) -> None:
        """Choose it."""
        self.post_message(self.Chosen(self.word))

    def on_click(self) -> None:
        """A click chooses."""
        self.action_choose()

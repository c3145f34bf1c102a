"""The debugger's command line, which remembers what was entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Input

from watstep.debug.commands import COMMANDS


class CommandLine(Input):
    """Opens on `:`, closes on Enter and Escape; up and down go through what was entered."""

    DEFAULT_CSS = """
    CommandLine { display: none; height: 1; border: none; padding: 0 1; background: $panel; }
    CommandLine:focus { border: none; background: $panel; }
    """
    BINDINGS: ClassVar = [
        Binding("up", "earlier", show=False),
        Binding("down", "later", show=False),
        Binding("escape", "close", show=False),
    ]

    @dataclass
    class Entered(Message):
        """A command was entered; "" where the line was closed."""

        line: str

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        """A closed line."""
        names = [command.name for command in COMMANDS]
        super().__init__(
            placeholder="a command: help lists them", id=id,
            suggester=SuggestFromList([*names, "memory "]), select_on_focus=False,
        )  # fmt: skip
        self.cursor_blink = False
        self.entered: list[str] = []
        self._at = 0

    def open(self, text: str) -> None:
        """Show the line with a text to go on from."""
        self._at = len(self.entered)
        self.display = True
        self.value = text
        self.focus()
        self.cursor_position = len(text)

    def _leave(self, line: str) -> None:
        self.display = False
        self.screen.set_focus(None)
        self.post_message(self.Entered(line))

    async def action_submit(self) -> None:
        """Enter the line."""
        line = self.value.strip()
        if line and self.entered[-1:] != [line]:
            self.entered.append(line)
        self._leave(line)

    def action_close(self) -> None:
        """Leave it without a command."""
        self._leave("")

    def action_earlier(self) -> None:
        """What was entered before."""
        self._recall(-1)

    def action_later(self) -> None:
        """What was entered after."""
        self._recall(1)

    def _recall(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self.entered)))
        self.value = self.entered[self._at] if self._at < len(self.entered) else ""
        self.cursor_position = len(self.value)

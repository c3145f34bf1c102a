"""The debugger's command line, which remembers what was entered.

It takes its keys from the screen, in the order in which they were typed: a widget with the focus
would be given those typed right after `:` too late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.text import Text
from textual import events
from textual.message import Message

from watstep.debug.commands.table import COMMANDS
from watstep_tui.keymap import closing
from watstep_tui.line import Line
from watstep_tui.theming import Look

WORDS = tuple(command.name for command in COMMANDS)
"""What Tab completes."""


class CommandLine(Line):
    """Opens on `:`, closes on Enter and Escape; up and down go through what was entered."""

    DEFAULT_CSS = "CommandLine { display: none; padding: 0 1; background: $panel; }"

    @dataclass
    class Entered(Message):
        """A command was entered."""

        line: str

    def __init__(self, look: Look, *, id: str) -> None:  # noqa: A002  # Textual's own name
        """A closed line."""
        super().__init__(look, id=id)
        self.value = ""
        self.cursor = 0
        self.entered: list[str] = []
        self._recalled = 0

    def open(self, text: str) -> None:
        """Show the line with a text to go on from."""
        self._recalled = len(self.entered)
        self.display = True
        self._set(text)

    def take(self, event: events.Key) -> None:
        """Carry out a key."""
        keys: dict[str, Callable[[], None]] = {
            "enter": self._enter, "escape": self._close, "tab": self._complete,
            "up": lambda: self._recall(-1), "down": lambda: self._recall(1),
            "left": lambda: self._move(self.cursor - 1),
            "right": lambda: self._move(self.cursor + 1),
            "home": lambda: self._move(0), "end": lambda: self._move(len(self.value)),
            "backspace": self._rub_out, "ctrl+u": lambda: self._set(""),
        }  # fmt: skip
        if event.key in keys:
            keys[event.key]()
        elif event.character and event.is_printable:
            self.insert(event.character)

    def insert(self, text: str) -> None:
        """Put a text in at the cursor, on one line."""
        text = " ".join(text.split("\n"))
        value = self.value[: self.cursor] + text + self.value[self.cursor :]
        self._set(value, self.cursor + len(text))

    def fit(self) -> None:
        """The prompt, the text and the cursor; what is possible where nothing was typed."""
        line = Text.assemble((":", "key"), (f"{self.value} ", "strong"))
        line.stylize("reverse", self.cursor + 1, self.cursor + 2)
        if not self.value:
            line.append(f" {closing('a command', 'help lists them')}", "muted")
        # What does not fit is cut at the left, so that the cursor stays in sight.
        over = max(self.cursor + 2 - self.size.width, 0) if self.size.width else 0
        self.put(line[over:])

    def _set(self, value: str, cursor: int | None = None) -> None:
        self.value = value
        self._move(len(value) if cursor is None else cursor)

    def _move(self, cursor: int) -> None:
        self.cursor = max(0, min(cursor, len(self.value)))
        self.fit()

    def _rub_out(self) -> None:
        if self.cursor:
            value = self.value[: self.cursor - 1] + self.value[self.cursor :]
            self._set(value, self.cursor - 1)

    def _complete(self) -> None:
        found = [word for word in WORDS if word.startswith(self.value)]
        if found:
            self._set(found[0] + " ")

    def _recall(self, by: int) -> None:
        self._recalled = max(0, min(self._recalled + by, len(self.entered)))
        self._set(self.entered[self._recalled] if self._recalled < len(self.entered) else "")

    def _enter(self) -> None:
        line = self.value.strip()
        if line and self.entered[-1:] != [line]:
            self.entered.append(line)
        self._close()
        if line:
            self.post_message(self.Entered(line))

    def _close(self) -> None:
        self.display = False

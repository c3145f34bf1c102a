"""What a person sees first: what this is, an example to open, the keys that matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from watstep_tui.keymap import closing, key_for
from watstep_tui.screens.dialogs.dialog import Dialog

EXAMPLES = {
    "1": ("fetch.wat", "an agent's program: fetch a page, check it, log"),
    "2": ("sum.wat", "a loop that adds up: good to step through"),
    "3": ("trap_divide.wat", "one that fails: stand where, and step back"),
}
"""By the key that opens one: an example, and what it shows."""

KEYS = (
    ("run", "run the program; it asks before it reaches outside"),
    ("stepping", "step through that run, forwards and backwards"),
    ("expansion", "from the source to what it becomes, and back"),
    ("command_palette", "find every action by its name"),
    ("show_keys", "the keys of where you are"),
)
"""The rows of the registry that one needs first."""


class WelcomeDialog(Dialog[str]):
    """Closes with the name of an example, or at any other key without one."""

    DEFAULT_CSS = """
    WelcomeDialog > Vertical { width: 78; padding: 1 2 0 2; }
    WelcomeDialog Static { margin-bottom: 1; }
    WelcomeDialog .head { margin-bottom: 0; color: $accent; text-style: bold; }
    WelcomeDialog .hint { margin-bottom: 0; }
    """
    BINDINGS: ClassVar = []

    def compose(self) -> ComposeResult:
        """All of it on one screen of 80x24."""
        with Vertical() as box:
            box.border_title = Text("Welcome to watstep")
            yield Static(
                "Write extended WebAssembly text and see the WAT it becomes as you type; "
                "run it for real, then scrub through the run like a film."
            )
            yield Static("Open an example", classes="head")
            yield Static(self._table([(key, *row) for key, row in EXAMPLES.items()]))
            yield Static("The keys to begin with", classes="head")
            yield Static(self._table([(key_for(name), said) for name, said in KEYS]))
            again = f"{key_for('welcome')} is this page again"
            yield Static(closing(again, key="any other key"), classes="hint")

    def _table(self, rows: Sequence[tuple[str, ...]]) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        for key, *words in rows:
            cells = (Text(word, no_wrap=True, overflow="ellipsis") for word in words)
            table.add_row(Text(f"  {key}", "bold", no_wrap=True), *cells)
        return table

    def on_key(self, event: events.Key) -> None:
        """An example's key opens it, any other closes."""
        event.stop()
        event.prevent_default()
        self.dismiss(EXAMPLES[event.key][0] if event.key in EXAMPLES else None)

    def on_click(self) -> None:
        """A click closes."""
        self.dismiss(None)

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

from watstep_tui.keymap import key_for
from watstep_tui.screens.dialogs import Dialog

EXAMPLES = {
    "1": ("fetch.wat", "fetch a page, check for errors, log, return: the agent's program"),
    "2": ("sum.wat", "a loop that adds numbers: good to step through"),
    "3": ("trap_divide.wat", "a program that traps: stand where it failed, step back"),
}
"""By the key that opens one: an example, and what it shows."""

KEYS = (
    ("run", "runs the program; it asks before anything outside is reached"),
    ("stepping", "steps through the run just made, forwards and backwards"),
    ("expansion", "goes from the source to what it becomes, and back"),
    ("command_palette", "finds every action by its name"),
    ("show_keys", "lists the keys of where you are"),
)
"""The rows of the registry that one needs first."""


class WelcomeDialog(Dialog[str]):
    """Closes with the name of an example, or at any other key without one."""

    DEFAULT_CSS = """
    WelcomeDialog > Vertical { width: 76; }
    WelcomeDialog Static { margin-bottom: 1; }
    WelcomeDialog .hint { margin-bottom: 0; }
    """
    BINDINGS: ClassVar = []

    def compose(self) -> ComposeResult:
        """All of it on one screen of 80x24."""
        with Vertical() as box:
            box.border_title = Text("Welcome to watstep")
            yield Static(
                "Extended WebAssembly text on the left, the WAT it becomes on the right, as you "
                "type. Run it for real, then scrub through the run like a film."
            )
            yield Static(self._table("Open an example", [(k, *row) for k, row in EXAMPLES.items()]))
            rows = [(key_for(name), "", said) for name, said in KEYS]
            yield Static(self._table("The keys to begin with", rows))
            yield Static("Any other key begins; the palette has this page: Welcome", classes="hint")

    def _table(self, title: str, rows: Sequence[tuple[str, ...]]) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        for _ in range(2):
            table.add_column()
        table.add_row(Text(title, "bold", no_wrap=True))
        for key, *words in rows:
            said = "  ".join(filter(None, words))
            table.add_row(Text(f"  {key}", "bold", no_wrap=True), Text(said))
        return table

    def on_key(self, event: events.Key) -> None:
        """An example's key opens it, any other closes."""
        event.stop()
        event.prevent_default()
        self.dismiss(EXAMPLES[event.key][0] if event.key in EXAMPLES else None)

    def on_click(self) -> None:
        """A click closes."""
        self.dismiss(None)

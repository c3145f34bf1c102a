"""The list of themes: moving on it shows a theme at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from watstep_tui.keymap import closing
from watstep_tui.screens.dialogs.dialog import PopupDialog
from watstep_tui.theming import Look


class ThemeDialog(PopupDialog[str]):
    """Closes with a theme's name, or without one; the code stays in sight."""

    BINDINGS: ClassVar = [("alt+t", "dismiss", "Close")]
    DEFAULT_CSS = """
    ThemeDialog { align: right top; }
    ThemeDialog > Vertical { width: 42; margin: 2 2 0 0; }
    """

    def __init__(
        self, looks: Mapping[str, Look], current: str, preview: Callable[[str], object]
    ) -> None:
        """Begin with the current theme; `preview` shows one."""
        super().__init__()
        self._looks, self._current, self._preview = looks, current, preview

    def compose(self) -> ComposeResult:
        """A line a theme."""
        with Vertical() as box:
            box.border_title = Text("Theme")
            yield OptionList(*(Option(self._line(name), id=name) for name in self._looks))
            yield Static(closing("Enter keeps it"), classes="hint")

    def _line(self, name: str) -> Text:
        look = self._looks[name]
        kind = "terminal" if look.theme.ansi else "dark" if look.theme.dark else "light"
        here = "● " if name == self._current else "  "
        return Text(f"{here}{name:<23.23} {kind:>8}")

    def on_mount(self) -> None:
        """Mark the theme in use."""
        self.begin_at(list(self._looks).index(self._current))

    @on(OptionList.OptionHighlighted)
    def show(self, event: OptionList.OptionHighlighted) -> None:
        """Show the theme that was moved to."""
        self._preview(event.option.id or "")

    @on(OptionList.OptionSelected)
    def take(self, event: OptionList.OptionSelected) -> None:
        """Close with it."""
        self.dismiss(event.option.id)

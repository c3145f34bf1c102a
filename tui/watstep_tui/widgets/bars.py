"""The lines at the top and the bottom: where one is, and the keys that matter there."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from watstep.source.render import printable
from watstep_tui.keymap import Action, key_label

GAP = 2
"""Cells between two keys."""


def _clickable(action: Action) -> Style:
    return Style.from_meta({"@click": f"app.do('{action.id}')"})


class HeaderLine(Widget, can_focus=False):
    """The first line: the program's name, whether it is saved, the mode, and two keys."""

    DEFAULT_CSS = "HeaderLine { height: 1; background: $panel; color: $foreground; padding: 0 1; }"

    def __init__(self, mode: str, keys: Sequence[Action], *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        """Say a mode, and keys with what they do."""
        super().__init__(id=id)
        self.mode, self.keys = mode, keys
        self.name_text, self.unsaved = "", False

    def show(self, name: str, *, unsaved: bool, mode: str | None = None) -> None:
        """Show a program's name, marked while it holds unsaved work."""
        told = (name, unsaved, mode or self.mode)
        if told != (self.name_text, self.unsaved, self.mode):
            self.name_text, self.unsaved, self.mode = told
            self.refresh()

    def render(self) -> Text:
        """Name on the left, mode and keys on the right; a long name gives way."""
        right = Text(f"{self.mode}", "bold")
        for action in self.keys:
            right.append("   ")
            right.append(key_label(action.keys[0]), Style(bold=True) + _clickable(action))
            right.append(f" {action.label.lower()}", Style(bold=False) + _clickable(action))
        left = Text("watstep", "bold")
        left.append("   ")
        name = Text(printable(self.name_text))
        room = self.size.width - cell_len(left.plain) - cell_len(right.plain) - 4
        name.truncate(max(room, 8), overflow="ellipsis")
        left.append_text(name)
        if self.unsaved:
            left.append(" ●")
        space = self.size.width - cell_len(left.plain) - cell_len(right.plain)
        left.append(" " * max(space, 1))
        left.append_text(right)
        return left


class KeyBar(Widget, can_focus=False):
    """The last line: the keys that matter here; those that find no room are left to the help."""

    COMPONENT_CLASSES = {"key-bar--key"}  # noqa: RUF012  Textual declares it on the class.
    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; color: $foreground; }
    KeyBar .key-bar--key { color: $accent; text-style: bold; }
    """

    def __init__(self, actions: Sequence[Action], *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        """Show these rows of the registry."""
        super().__init__(id=id)
        self.actions = actions

    def show(self, actions: Sequence[Action]) -> None:
        """Show other rows."""
        if actions != self.actions:
            self.actions = actions
            self.refresh()

    def render(self) -> Text:
        """Each key before its word, whole or not at all."""
        text = Text()
        key_style = self.get_component_rich_style("key-bar--key", partial=True)
        for action in self.actions:
            key, word = key_label(action.keys[0]), f" {action.label}"
            gap = " " * GAP if text else ""
            if cell_len(text.plain) + cell_len(gap + key + word) > self.size.width:
                break
            text.append(gap)
            text.append(key, key_style + _clickable(action))
            text.append(word, _clickable(action))
        return text


class StatusLine(Widget, can_focus=False):
    """The line over the keys: what there is to say on the left, the cursor's place on the right."""

    DEFAULT_CSS = """
    StatusLine { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    StatusLine.-busy { background: $primary; color: $background; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        """Say nothing yet."""
        super().__init__(id=id)
        self.said, self.place = "", ""

    def say(self, text: str, *, busy: bool = False) -> None:
        """Say something else; `busy` sets it apart while something goes on."""
        self.set_class(busy, "-busy")
        if text != self.said:
            self.said = text
            self.refresh()

    def show_place(self, place: str) -> None:
        """Say where the cursor is."""
        if place != self.place:
            self.place = place
            self.refresh()

    def render(self) -> Text:
        """What is said gives way to the place."""
        width = self.size.width
        left = Text(printable(self.said).replace("\n", " "))
        left.truncate(max(width - cell_len(self.place) - 2, 0), overflow="ellipsis")
        left.append(" " * (width - cell_len(left.plain) - cell_len(self.place)))
        left.append(self.place, "dim")
        return left

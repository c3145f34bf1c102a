"""The lines at the top and the bottom: where one is, and the keys that matter there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

from watstep.source.render import printable
from watstep_tui.keymap import Hint
from watstep_tui.line import Line
from watstep_tui.theming import Look

MORE = "…"
"""Where names of programs found no room."""
PART = " · "
"""Between the parts of what the status line says, the most wanted first."""
GAP = 2
"""Cells between two keys."""


def _hint_text(hint: Hint) -> Text:
    """Keys and what they do; a click does it too."""
    text = Text.assemble((hint.keys, "key"), (f" {hint.label}", "muted"))
    if hint.action:
        text.stylize(Style.from_meta({"row": hint.action}))
    return text


class HeaderLine(Line):
    """The first line: the program's name, whether it is saved, the mode, and two keys."""

    DEFAULT_CSS = "HeaderLine { background: $panel; padding: 0 1; }"

    def __init__(self, look: Look, mode: str, hints: Sequence[Hint], *, id: str) -> None:  # noqa: A002
        """Say a mode, and keys with what they do."""
        super().__init__(look, id=id)
        self.mode, self.hints, self.detail = mode, hints, ""
        self.programs: Sequence[tuple[str, bool]] = [("", False)]
        self.here = 0

    @dataclass
    class Picked(Message):
        """A program's name was clicked."""

        index: int

    def show(self, name: str, *, unsaved: bool, mode: str | None = None, detail: str = "") -> None:
        """Show a program's name, marked while it holds unsaved work; `detail` is of the mode."""
        self.mode, self.detail = mode or self.mode, detail
        self.show_programs([(name, unsaved)], 0)

    def show_programs(self, programs: Sequence[tuple[str, bool]], here: int) -> None:
        """Show the names of open programs, each with whether it holds unsaved work."""
        self.programs, self.here = programs, here
        self.fit()

    def show_keys(self, hints: Sequence[Hint]) -> None:
        """Show other keys."""
        self.hints = hints
        self.fit()

    async def on_click(self, event: events.Click) -> None:
        """Go to the program whose name was clicked; else as every line."""
        index = event.style.meta.get("program")
        if index is None:
            await super().on_click(event)
        else:
            event.prevent_default()
            self.post_message(self.Picked(index))

    def fit(self) -> None:
        """Names on the left, mode and keys on the right; long names give way, then the keys."""
        right = Text.assemble((f" {self.mode} ", "mode"))
        if self.detail:
            right.append(f" {self.detail}", "strong")
        for hint in self.hints:
            right.append("   ").append_text(_hint_text(hint))
        left = Text.assemble(("watstep", "key"), "   ")
        left.append_text(self._names(self.size.width - left.cell_len - right.cell_len - 1))
        left.append(" " * max(self.size.width - left.cell_len - right.cell_len, 1))
        self.put(left.append_text(right))

    def _names(self, room: int) -> Text:
        """As many names as find room around the one that is edited; arrows where more are."""
        labels = [self._label(at, room) for at in range(len(self.programs))]
        first = after = self.here
        taken, room = 0, room - 2 * (len(labels) > 1)
        # Outwards from the one that is edited, to the right before to the left.
        for at in (*range(self.here, len(labels)), *range(self.here - 1, -1, -1)):
            taken += labels[at].cell_len + 1
            if taken > room and at != self.here:
                break
            first, after = min(first, at), max(after, at + 1)
        text = Text(MORE if first else "", "muted")
        text.append_text(Text(" ").join(labels[first:after]))
        return text.append(f" {MORE}" if after < len(labels) else "", "muted")

    def _label(self, at: int, room: int) -> Text:
        name, unsaved = self.programs[at]
        alone = len(self.programs) == 1
        label = Text(printable(name))
        label.truncate(max(room - 2, 8), overflow="ellipsis")
        label = Text.assemble((label.plain, "strong" if at == self.here else "muted"))
        label.append(" ●" if unsaved else "", "changed")
        if alone:
            return label
        style = "tab_open" if at == self.here else "tab"
        label = Text.assemble((f" {label.plain} ", style))
        label.stylize(Style.from_meta({"program": at}))
        return label


class KeyBar(Line):
    """The last line: the keys that matter here; those that find no room are left to the help."""

    DEFAULT_CSS = "KeyBar { padding: 0 1; }"

    def __init__(self, look: Look, hints: Sequence[Hint], *, id: str | None = None) -> None:  # noqa: A002
        """Show these keys, the most wanted first."""
        super().__init__(look, id=id)
        self.hints = hints

    def show(self, hints: Sequence[Hint]) -> None:
        """Show other keys."""
        self.hints = hints
        self.fit()

    def fit(self) -> None:
        """Each key before its word, whole or not at all."""
        line = Text()
        for hint in self.hints:
            text = _hint_text(hint)
            gap = GAP if line else 0
            if line.cell_len + gap + text.cell_len <= self.size.width:
                line.append(" " * gap).append_text(text)
        self.put(line)


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
        """What is said gives way to the place: whole parts at its end first, then letters."""
        width = self.size.width
        room = max(width - cell_len(self.place) - 2, 0)
        parts = printable(self.said).replace("\n", " ").split(PART)
        while len(parts) > 1 and cell_len(PART.join(parts)) > room:
            parts.pop()
        left = Text(PART.join(parts))
        left.truncate(room, overflow="ellipsis")
        left.append(" " * (width - cell_len(left.plain) - cell_len(self.place)))
        left.append(self.place, "dim")
        return left

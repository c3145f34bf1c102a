"""The tabs below the code while editing: problems, result, host calls, log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.message import Message

from watstep_tui.keymap import key_for
from watstep_tui.results import Row
from watstep_tui.theming import Look
from watstep_tui.widgets.pane import Pane, tab_cells, tabs_title

NOTHING = {
    "Problems": "no problems",
    "Result": "no run yet: {run} runs the program",
    "Host calls": "no host calls",
    "Log": "nothing was logged",
    "Uses": "nothing uses it",
}
"""Each tab, in order, with what it says when it holds nothing; `{run}` is the key that runs."""


class BottomPanel(Pane, can_focus=True):
    """One tab's rows at a time; says what was chosen, by key or by click."""

    BINDINGS: ClassVar = [
        ("up", "mark(-1)", ""),
        ("down", "mark(1)", ""),
        ("pageup", "mark(-8)", ""),
        ("pagedown", "mark(8)", ""),
        ("left,shift+tab", "turn(-1)", ""),
        ("right,tab", "turn(1)", ""),
        ("enter", "enter", ""),
        ("escape", "leave", ""),
    ]
    DEFAULT_CSS = """
    BottomPanel { height: 9; display: none; }
    BottomPanel:focus { border-title-style: none; }
    """

    @dataclass
    class Entered(Message):
        """A row was chosen."""

        row: Row

    class Resized(Message):
        """Rows have more or less room."""

    class Left(Message):
        """The keys belong to the text again."""

    def __init__(self, look: Look, *, id: str) -> None:  # noqa: A002  # Textual's own name
        """Every tab is empty."""
        super().__init__("", look, id=id)
        self.tab = "Problems"
        self.contents: dict[str, Sequence[Row]] = {}
        self.found: dict[int, list[tuple[int, int]]] = {}
        """Characters that a search found in the rows of the open tab."""

    def on_mount(self) -> None:
        """Name the tabs."""
        self._show()

    def on_show(self) -> None:
        """Where there is little room, the code makes some."""
        self.screen.add_class("-tabs")

    def on_hide(self) -> None:
        """The room is the code's again."""
        self.screen.remove_class("-tabs")

    def on_resize(self) -> None:
        """Rows may be written for a width."""
        super().on_resize()
        self.post_message(self.Resized())

    def put(self, contents: Mapping[str, Sequence[Row]]) -> None:
        """Give tabs other rows."""
        changed = {name for name, rows in contents.items() if rows != self.contents.get(name, ())}
        self.contents.update(contents)
        if changed and self.is_attached:
            if self.tab in changed:
                self.unmark()
            self._show()

    def show_found(self, found: dict[int, list[tuple[int, int]]]) -> None:
        """Show what a search found in the open tab."""
        if found != self.found:
            self.found = found
            self._show()

    def open_tab(self, name: str) -> None:
        """Show a tab, over a pane that stands alone too."""
        self.display = True
        self.remove_class("-away")
        if name != self.tab:
            self.tab = name
            self.unmark()
        self._show()

    @property
    def tabs(self) -> list[str]:
        """The tabs that there are: that of uses, which is asked for, once it was."""
        return [name for name in NOTHING if name != "Uses" or name in self.contents]

    def put_away(self, name: str) -> None:
        """A tab that was asked for is there no more."""
        if self.contents.pop(name, None) is not None and self.tab == name:
            self.tab = "Problems"
            self.unmark()
            self._show()

    @property
    def marked_row(self) -> Row | None:
        """The row that keys have moved to."""
        rows = self.contents.get(self.tab, ())
        return rows[self.marked] if self.marked is not None and self.marked < len(rows) else None

    def mark_row(self, index: int) -> None:
        """Mark a row of the tab."""
        self.unmark()
        self.chosen = index
        self.move_mark(0)

    def _show(self) -> None:
        self.name_it(self._title())
        rows = [row.text for row in self.contents.get(self.tab, ())]
        for at, places in self.found.items():
            if at < len(rows):
                rows[at] = rows[at].copy()
                for start, end in places:
                    rows[at].stylize(self.look.code["found"], start, end)
        self.show(rows or [Text(NOTHING[self.tab].format(run=key_for("run")), "muted")])

    def _labels(self) -> dict[str, str]:
        """Each tab's name, with how many rows it holds."""
        labels = {}
        for name in self.tabs:
            count = len({id(row.problem or row) for row in self.contents.get(name, ())})
            labels[name] = f"{name} {count}" if count and name != "Result" else name
        return labels

    def _title(self) -> Text:
        return tabs_title([*self._labels().values()], self.tabs.index(self.tab), self.look)

    @property
    def tab_cells(self) -> dict[str, range]:
        """The cells of the title that each tab's name takes."""
        labels = self._labels()
        return dict(zip(labels, tab_cells([*labels.values()]), strict=True))

    @on(Pane.TitlePicked)
    def pick_tab(self, event: Pane.TitlePicked) -> None:
        """A click on a tab's name shows it."""
        event.stop()
        for name, cells in self.tab_cells.items():
            if event.cell in cells:
                self.open_tab(name)

    def on_focus(self) -> None:
        """Begin at the first row."""
        if self.marked is None and self.contents.get(self.tab):
            self.mark_row(0)

    def action_mark(self, by: int) -> None:
        """Move the mark."""
        if self.contents.get(self.tab):
            self.move_mark(by)

    def action_turn(self, by: int) -> None:
        """Another tab."""
        tabs = self.tabs
        self.open_tab(tabs[(tabs.index(self.tab) + by) % len(tabs)])
        self.on_focus()

    def action_enter(self) -> None:
        """Choose the marked row."""
        if self.marked_row is not None:
            self.post_message(self.Entered(self.marked_row))

    def action_leave(self) -> None:
        """Back to the text."""
        self.post_message(self.Left())

    @on(Pane.Picked)
    def clicked(self, event: Pane.Picked) -> None:
        """A click chooses."""
        event.stop()
        rows = self.contents.get(self.tab, ())
        if event.row < len(rows):
            self.mark_row(event.row)
            self.post_message(self.Entered(rows[event.row]))

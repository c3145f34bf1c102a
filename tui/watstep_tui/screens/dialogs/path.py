"""Asking for a file's name, with what is there to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.containers import Vertical
from textual.widgets import Input

from watstep.source.render import printable
from watstep_tui.files.listing import (
    Candidate,
    candidates,
    completed,
    expanded,
    folder_text,
    project_files,
)
from watstep_tui.keymap import closing
from watstep_tui.screens.dialogs.choosing import ChoosingDialog

HINT = closing("↓ ↑ choose", "Tab completes", "Enter takes it")

LONGEST = 56
"""Characters of a path in the list; of a longer one the end is shown."""


class PathDialog(ChoosingDialog[Path]):
    """A path, typed or chosen; one that cannot be taken is refused below the line."""

    BINDINGS: ClassVar = [("tab", "complete", "")]

    def __init__(
        self,
        title: str,
        folder: Path,
        judge: Callable[[Path], str | None],
        *,
        typed: str = "",
        recent: Sequence[str] = (),
        deep: bool = False,
    ) -> None:
        """Ask for a path in a folder, beginning with `typed`; `judge` says why one is refused.

        `deep` offers the programs in folders below too.
        """
        super().__init__(title, HINT, typed=typed, asks="path")
        self._folder, self._judge, self._recent, self._deep = folder, judge, recent, deep
        self._offered: list[Candidate] = []
        self._project: list[str] = []

    def on_mount(self) -> None:
        """Offer what is there, and soon what lies deeper."""
        self.query_one(Vertical).border_subtitle = Text(printable(folder_text(self._folder)))
        self._offer(self._typed)
        if self._deep:
            self.run_worker(self._look_deeper, thread=True)

    def _look_deeper(self) -> None:
        """Find the project's programs, in a thread."""
        found = project_files(self._folder)
        if self.is_running:
            self.app.call_from_thread(self._take_project, found)

    def _take_project(self, found: list[str]) -> None:
        self._project = found
        if self.chosen is None:
            self._offer(self.query_one(Input).value)

    def _offer(self, typed: str) -> None:
        # A whole name offers what stands beside it.
        shown = "" if typed == self._typed else typed
        self._offered = candidates(shown, self._folder, self._recent, self._project)
        self.offer(map(_row, self._offered), "nothing here goes on like this", None)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Another text offers others."""
        self._offer(event.value)
        self.say("")

    def action_complete(self) -> None:
        """Type on as far as there is one way to go on."""
        box = self.query_one(Input)
        chosen = self.chosen
        if chosen is not None:
            box.value = self._offered[chosen].text
        else:
            box.value = completed(box.value, self._offered)
        box.cursor_position = len(box.value)

    def take(self, row: int) -> None:
        """Close with a row's path, or go into its folder."""
        self._take(self._offered[row].text)

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """Enter takes the chosen one, else what is typed, or the first that some letters found."""
        chosen = self.chosen
        if chosen is None and self._deep and self._offered and self._some_letters(event.value):
            chosen = 0
        self._take(event.value if chosen is None else self._offered[chosen].text)

    def _some_letters(self, typed: str) -> bool:
        """Whether it is less than a name: a new program is asked for with its ending."""
        path = expanded(typed, self._folder)
        return bool(typed.strip()) and not path.suffix and not path.exists()

    def _take(self, text: str) -> None:
        if not text.strip():
            self.say("type a name, or choose one with ↓")
            return
        path = expanded(text, self._folder)
        if text.endswith("/") and path.is_dir():
            box = self.query_one(Input)
            box.value = text
            box.cursor_position = len(text)
            return
        problem = self._judge(path)
        if problem is None:
            self.dismiss(path)
        else:
            self.say(problem)


def _row(item: Candidate) -> Text:
    row = Text(shortened(printable(item.text), LONGEST))
    return row.append(f"  {item.note}", "dim") if item.note else row


def shortened(path: str, room: int) -> str:
    """The end of a path that is too long for a number of characters."""
    return path if len(path) <= room else f"…{path[1 - room :]}"

"""A file of the user's own, settings or keys, edited over the program; problems as one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from watstep_tui.configuration.user_files import JUDGES, TEMPLATES, Configuration
from watstep_tui.keymap import closing
from watstep_tui.screens.dialogs.dialog import Dialog
from watstep_tui.screens.dialogs.path import shortened

WIDE = 92
"""Cells of the dialog."""
MOST_SAID = 3
"""Problems that find room below the text."""


class OwnFileDialog(Dialog[None]):
    """The file with its problems; what is saved is taken up at once."""

    BINDINGS: ClassVar = [("ctrl+s", "save", "Save"), ("escape", "leave", "Close")]
    DEFAULT_CSS = """
    OwnFileDialog > Vertical { width: 92; height: 90%; padding: 0 1; }
    OwnFileDialog TextArea { height: 1fr; border: none; padding: 0; background: $surface;
        scrollbar-size: 1 1; }
    OwnFileDialog TextArea:focus { border: none; }
    OwnFileDialog TextArea:ansi { text-style: none; }
    OwnFileDialog Static { margin: 0 1; max-height: 3; }
    """

    def __init__(
        self, name: str, configuration: Configuration, saved: Callable[[], None], *, line: int = 1
    ) -> None:
        """Edit a file of the configuration from a line on; `saved` takes it up."""
        super().__init__()
        self.file_name, self._configuration, self._saved = name, configuration, saved
        told: list[str] = []
        self._kept = configuration.text(name, told)
        self._hindrance = told[0] if told else ""
        self._warned, self._line = False, line

    def compose(self) -> ComposeResult:
        """The text over what there is to say of it."""
        with Vertical() as box:
            place = str(self._configuration.path(self.file_name))
            room = min(self.app.size.width, WIDE) - 6
            box.border_title = Text(shortened(place, room))
            box.border_subtitle = Text(closing("^S saves"))
            yield TextArea(
                self._kept or TEMPLATES[self.file_name](), soft_wrap=False, show_line_numbers=True,
                tab_behavior="focus", theme="css",
            )  # fmt: skip
            yield Static(classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin to type."""
        area = self.query_one(TextArea)
        area.read_only = bool(self._hindrance)
        area.focus()
        area.move_cursor((self._line - 1, 0), center=True)
        self.judge()

    @on(TextArea.Changed)
    def judge(self) -> None:
        """Say what is wrong with the text as it stands."""
        self._warned = False
        _, problems = JUDGES[self.file_name](self.query_one(TextArea).text)
        said = [f"line {problem.line}: {problem.message}" for problem in problems[:MOST_SAID]]
        self._say(self._hindrance or "\n".join(said), problem=bool(problems or self._hindrance))

    def _say(self, text: str, *, problem: bool) -> None:
        below = self.query_one(Static)
        below.set_classes("problem" if problem else "hint")
        below.update(text or "no problems; what is saved is taken up at once")

    def action_save(self) -> None:
        """Write the file and take it up; the dialog stays."""
        text = self.query_one(TextArea).text
        hindrance = self._hindrance or self._configuration.write(self.file_name, text)
        if hindrance:
            self._say(hindrance, problem=True)
            return
        self._kept = text
        self._saved()
        self.judge()
        self.notify(f"{self.file_name} is saved and in force")

    def action_leave(self) -> None:
        """Close; with unsaved work only the second time."""
        text = self.query_one(TextArea).text
        if text in {self._kept, TEMPLATES[self.file_name]()} or self._warned:
            self.dismiss()
            return
        self._warned = True
        self._say("not saved: ^S saves, Esc again leaves it as it was", problem=True)

"""A question with a few answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from watstep.source.render import printable
from watstep_tui.screens.dialogs.dialog import Dialog
from watstep_tui.widgets.choice import Choice


class QuestionDialog(Dialog[str]):
    """A sentence, details where there are some, and a few answers; the first has the focus."""

    BINDINGS: ClassVar = [
        ("down", "scroll(3)", ""),
        ("up", "scroll(-3)", ""),
        ("pagedown", "scroll(10)", ""),
        ("pageup", "scroll(-10)", ""),
    ]
    DEFAULT_CSS = """
    QuestionDialog VerticalScroll { height: auto; max-height: 11; margin-top: 1;
        border-left: outer $panel; padding: 0 1; scrollbar-size: 1 1; }
    QuestionDialog VerticalScroll Static { text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(
        self, question: str, answers: Sequence[str], *, title: str = "", details: Text | None = None
    ) -> None:
        """Ask `question`."""
        super().__init__()
        self.question, self.answers = question, tuple(answers)
        self._title, self._details = title, details

    def compose(self) -> ComposeResult:
        """The sentence over its answers."""
        with Vertical() as box:
            box.border_title = Text(self._title) if self._title else None
            yield Static(printable(self.question), markup=False)
            if self._details:
                with VerticalScroll(can_focus=False):
                    yield Static(self._details)
            with Horizontal(classes="answers"):
                for answer in self.answers:
                    yield Choice(answer)

    @on(Choice.Chosen)
    def answer(self, event: Choice.Chosen) -> None:
        """Close with the answer's words."""
        self.dismiss(event.word)

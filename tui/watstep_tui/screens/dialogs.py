"""Questions and lists that stand over the working screen."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from watstep_tui.keymap import ACTIONS, STEPPING


class QuestionDialog(ModalScreen[str]):
    """A sentence and a few answers; Escape answers nothing."""

    BINDINGS: ClassVar = [("escape", "dismiss", "Close")]
    DEFAULT_CSS = """
    QuestionDialog { align: center middle; }
    QuestionDialog Vertical { width: 56; height: auto; border: round $primary; padding: 1 2; }
    QuestionDialog Horizontal { height: auto; margin-top: 1; }
    QuestionDialog Button { margin-right: 2; }
    """

    def __init__(self, question: str, answers: tuple[str, ...]) -> None:
        """Ask `question`; the first answer has the focus."""
        super().__init__()
        self.question = question
        self.answers = answers

    def compose(self) -> ComposeResult:
        """The sentence over its answers."""
        with Vertical():
            yield Static(self.question, markup=False)
            with Horizontal():
                for answer in self.answers:
                    yield Button(answer)

    @on(Button.Pressed)
    def answer(self, event: Button.Pressed) -> None:
        """Close with the answer's words."""
        self.dismiss(str(event.button.label))


class KeysDialog(ModalScreen[None]):
    """Every row of the registry with its keys."""

    BINDINGS: ClassVar = [("escape,f1", "dismiss", "Close")]
    DEFAULT_CSS = """
    KeysDialog { align: center middle; }
    KeysDialog VerticalScroll { width: 76; height: auto; max-height: 90%; border: round $primary; }
    KeysDialog Static { padding: 0 2; }
    """

    def compose(self) -> ComposeResult:
        """One line an action."""
        with VerticalScroll() as box:
            box.border_title = "Keys"
            for heading, actions in (("", ACTIONS), ("While stepping", STEPPING)):
                if heading:
                    yield Static(f"\n{heading}", markup=False)
                for action in actions:
                    keys = " ".join(action.keys)
                    stands = f" (:{action.command})" if action.command else ""
                    text = f"{keys:<12} {action.label:<16} {action.help}{stands}"
                    yield Static(text, markup=False)

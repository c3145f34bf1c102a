"""Questions, lists and lines to fill in, which stand over the working screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from watstep.source.render import printable
from watstep_tui.keymap import When, grouped, key_label

T = TypeVar("T")


class Dialog(ModalScreen[T], Generic[T]):
    """A box over the working screen; Escape closes it without an answer."""

    BINDINGS: ClassVar = [
        ("escape", "dismiss", "Close"),
        ("left", "app.focus_previous", ""),
        ("right", "app.focus_next", ""),
    ]
    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog > Vertical { width: 72; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $primary; border-title-color: $foreground;
        border-title-style: bold; border-subtitle-color: $text-muted; padding: 1 2; }
    Dialog .answers { height: 1; margin-top: 1; }
    Dialog Button { min-width: 6; height: 1; border: none; margin-right: 2; padding: 0 2;
        background: $panel; color: $foreground; text-style: none; }
    Dialog Button:hover { background: $panel; text-style: underline; }
    Dialog Button:focus { background: $primary; color: $background; text-style: bold;
        background-tint: $primary 0%; }
    Dialog Input { border: none; height: 1; padding: 0 1; background: $panel;
        background-tint: $panel 0%; }
    Dialog Input:focus { border: none; background-tint: $primary 18%; }
    Dialog .problem { color: $error; height: auto; }
    Dialog .hint { color: $text-muted; height: auto; }
    """


class QuestionDialog(Dialog[str]):
    """A sentence, details where there are some, and a few answers; the first has the focus."""

    DEFAULT_CSS = """
    QuestionDialog VerticalScroll { height: auto; max-height: 12; margin-top: 1;
        border-left: outer $panel; padding: 0 1; }
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
                    yield Button(answer)

    @on(Button.Pressed)
    def answer(self, event: Button.Pressed) -> None:
        """Close with the answer's words."""
        self.dismiss(str(event.button.label))


class LineDialog(Dialog[str]):
    """One line to fill in; what makes no sense is said below it and the dialog stays."""

    def __init__(self, title: str, hint: str, judge: Callable[[str], str | None]) -> None:
        """`judge` says what is wrong with a line, or None."""
        super().__init__()
        self._title, self._hint, self._judge = title, hint, judge

    def compose(self) -> ComposeResult:
        """The line and what may stand there."""
        with Vertical() as box:
            box.border_title = Text(self._title)
            yield Input(select_on_focus=False)
            yield Static(self._hint, classes="hint", markup=False)

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Close with the line, or say what is wrong with it."""
        problem = self._judge(event.value)
        if problem is None:
            self.dismiss(event.value)
            return
        below = self.query_one(Static)
        below.set_classes("problem")
        below.update(printable(problem))


class KeysDialog(Dialog[None]):
    """Every row of the registry that a mode has, under its group."""

    BINDINGS: ClassVar = [("f1,question_mark,q", "dismiss", "Close")]
    DEFAULT_CSS = """
    KeysDialog > Vertical { width: 84; padding: 1 1 0 2; }
    KeysDialog VerticalScroll { height: auto; max-height: 100%; scrollbar-size: 1 1; }
    """

    def __init__(self, mode: When) -> None:
        """The keys of a mode."""
        super().__init__()
        self._mode = mode

    def compose(self) -> ComposeResult:
        """One line an action."""
        with Vertical() as box:
            box.border_title = Text(f"Keys while {self._mode.value}")
            box.border_subtitle = Text("Esc closes")
            with VerticalScroll():
                yield Static(keys_text(self._mode))


def keys_text(mode: When) -> Text:
    """The keys of a mode, group by group."""
    text = Text()
    for group, actions in grouped(mode).items():
        text.append(f"{group}\n", "bold")
        for action in actions:
            keys = " ".join(key_label(key) for key in action.keys)
            text.append(f"  {keys:<14}", "bold")
            text.append(f" {action.help}")
            text.append(f"  :{action.command}\n" if action.command else "\n", "dim")
        text.append("\n")
    text.rstrip()
    return text

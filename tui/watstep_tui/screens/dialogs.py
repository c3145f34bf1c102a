"""Questions, lists and lines to fill in, which stand over the working screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from watstep.source.render import printable
from watstep_tui.screens.closing import ClosesOnce
from watstep_tui.widgets.choice import Choice

T = TypeVar("T")


class Dialog(ClosesOnce[T], ModalScreen[T], Generic[T]):
    """A box over the working screen; Escape closes it without an answer."""

    BINDINGS: ClassVar = [
        ("escape", "dismiss", "Close"),
        ("left", "app.focus_previous", ""),
        ("right", "app.focus_next", ""),
    ]
    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog > Vertical { width: 72; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $border; border-title-color: $foreground;
        border-title-style: bold; border-subtitle-color: $text-muted; padding: 1 2; }
    Dialog .answers { height: 1; margin-top: 1; }
    Dialog Input { border: none; height: 1; padding: 0 1; background: $panel;
        background-tint: $panel 0%; }
    Dialog Input:focus { border: none; background-tint: $accent 14%; }
    Dialog Input:ansi, Dialog TextArea:ansi { background: ansi_default; text-style: underline; }
    Dialog .problem { color: $error; height: auto; }
    Dialog .hint { color: $text-muted; height: auto; }
    """

    def action_scroll(self, by: int) -> None:
        """Show other lines of what may be longer than the box."""
        for box in self.query(VerticalScroll):
            box.scroll_relative(y=by, animate=False)


class PopupDialog(Dialog[T], Generic[T]):
    """A list with the focus, in the colours of what stands over the code, which stays in sight."""

    DEFAULT_CSS = """
    PopupDialog, PopupDialog:ansi { background: transparent; }
    PopupDialog > Vertical { padding: 1 1 0 1; background: $popup; border: round $popup-border; }
    PopupDialog OptionList, PopupDialog OptionList:focus { height: auto; max-height: 14;
        border: none; padding: 0; background: $popup; background-tint: $popup 0%;
        scrollbar-size: 1 1; }
    PopupDialog OptionList > .option-list--option { color: $popup-text; padding: 0 1; }
    PopupDialog OptionList > .option-list--option-highlighted,
    PopupDialog OptionList:focus > .option-list--option-highlighted {
        background: $popup-chosen; color: $popup-chosen-text; text-style: bold; }
    PopupDialog .hint { margin: 1 1; color: $popup-text; }
    """

    def begin_at(self, index: int) -> None:
        """Mark a row, and give the list the keys."""
        choices = self.query_one(OptionList)
        choices.highlighted = index
        choices.focus()


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


class LineDialog(Dialog[str]):
    """One line to fill in; what makes no sense is said below it and the dialog stays."""

    def __init__(
        self,
        title: str,
        hint: str,
        judge: Callable[[str], str | None],
        *,
        typed: str = "",
        preview: Callable[[str], str] | None = None,
    ) -> None:
        """`judge` says what is wrong with a line, or None; `preview` what a line would do."""
        super().__init__()
        self._title, self._hint, self._judge = title, hint, judge
        self._typed, self._preview = typed, preview

    def compose(self) -> ComposeResult:
        """The line and what may stand there."""
        with Vertical() as box:
            box.border_title = Text(self._title)
            yield Input(self._typed, select_on_focus=bool(self._typed))
            yield Static(self._hint, classes="hint", markup=False)

    @on(Input.Changed)
    def typing(self, event: Input.Changed) -> None:
        """Say what the line as it stands would do, or what is wrong with it."""
        if self._preview is not None:
            problem = self._judge(event.value)
            self._say(problem or self._preview(event.value), wrong=problem is not None)

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Close with the line, or say what is wrong with it."""
        problem = self._judge(event.value)
        if problem is None:
            self.dismiss(event.value)
        else:
            self._say(problem, wrong=True)

    def _say(self, text: str, *, wrong: bool) -> None:
        below = self.query_one(Static)
        below.set_classes("problem" if wrong else "hint")
        below.update(printable(text))

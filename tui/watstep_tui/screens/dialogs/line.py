"""A line to fill in."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from watstep.source.render import printable
from watstep_tui.keymap import closing
from watstep_tui.screens.dialogs.dialog import Dialog


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
            box.border_subtitle = Text(closing("Enter takes it"))
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

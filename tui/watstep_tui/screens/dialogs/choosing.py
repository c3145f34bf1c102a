"""A line to type in over a list of what it leaves to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from watstep.source.render import printable
from watstep_tui.screens.dialogs.dialog import Dialog

T = TypeVar("T")


class ChoosingDialog(Dialog[T], Generic[T]):
    """The keys stay with the line, arrows move the choice below it.

    The line stands where it is while the list grows and shrinks.
    """

    BINDINGS: ClassVar = [
        ("down", "choose(1)", ""),
        ("up", "choose(-1)", ""),
        ("pagedown", "choose(10)", ""),
        ("pageup", "choose(-10)", ""),
    ]
    AROUND = 10
    DEFAULT_CSS = """
    ChoosingDialog { align: center top; }
    ChoosingDialog > Vertical { offset-y: 8vh; padding: 1 1 0 1; }
    ChoosingDialog OptionList { margin: 1 0; }
    ChoosingDialog .hint, ChoosingDialog .problem { padding: 0 1; }
    """

    def __init__(self, title: str, hint: str, *, typed: str = "", asks: str) -> None:
        """Begin with a line; `asks` says what belongs there, `hint` which keys do what."""
        super().__init__()
        self._title, self._hint, self._typed, self._asks = title, hint, typed, asks

    def compose(self) -> ComposeResult:
        """The line over what may be chosen."""
        with Vertical() as box:
            box.border_title = Text(self._title)
            yield Input(self._typed, placeholder=self._asks, select_on_focus=False)
            listed = OptionList(markup=False, classes="-scrolls")
            listed.can_focus = False
            yield listed
            yield Static(self._hint, classes="hint", markup=False)

    @property
    def listed(self) -> OptionList:
        """The list."""
        return self.query_one(OptionList)

    def offer(self, rows: Iterable[Text], nothing: str, chosen: int | None) -> None:
        """List rows, one of them chosen; `nothing` is said where there are none."""
        listed = self.listed
        listed.clear_options()
        listed.add_options(map(Option, rows))
        if listed.option_count:
            listed.highlighted = chosen
        else:
            listed.add_option(Option(Text(nothing, "dim"), disabled=True))

    @property
    def chosen(self) -> int | None:
        """The number of the chosen row."""
        return self.listed.highlighted

    def action_choose(self, by: int) -> None:
        """Move the choice."""
        listed = self.listed
        if listed.option_count and not listed.get_option_at_index(0).disabled:
            now = -1 if listed.highlighted is None else listed.highlighted
            listed.highlighted = max(0, min(now + by, listed.option_count - 1))

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click takes what it points at."""
        self.take(event.option_index)

    def take(self, row: int) -> None:
        """Answer with a row of the list."""
        raise NotImplementedError

    def say(self, problem: str) -> None:
        """Say what is wrong with the line, else what the keys do."""
        below = self.query_one(Static)
        below.set_classes("problem" if problem else "hint")
        below.update(printable(problem) if problem else self._hint)

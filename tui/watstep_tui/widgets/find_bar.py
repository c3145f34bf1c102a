"""The lines in which one types what is looked for, and what takes its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from watstep.source.render import printable
from watstep_tui.keymap import closing, key_for
from watstep_tui.text.seeker import Query

WIDE, TIGHT = 100, 70
"""Cells from which every key is named, and below which none is."""


class FindBar(Vertical):
    """What to find, how many there are, what it becomes, and how it is meant."""

    BINDINGS: ClassVar = [
        ("escape", "close", ""),
        ("up", "move(-1)", ""),
        ("down", "move(1)", ""),
        Binding("tab,shift+tab", "other_line", "", priority=True),
    ]
    DEFAULT_CSS = """
    FindBar { height: auto; background: $panel; padding: 0 1; display: none; }
    FindBar Horizontal { height: 1; }
    FindBar Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    FindBar .label { width: 8; }
    FindBar Input, FindBar Input:focus { width: 1fr; height: 1; border: none; padding: 0 1;
        background: $surface; background-tint: $surface 0%; }
    FindBar .beside { width: 16; padding: 0 1; }
    FindBar .keys { width: 30; color: $text-muted; }
    FindBar.-wide .keys { width: 50; }
    FindBar.-tight .keys { display: none; }
    FindBar #find-said { width: 1fr; color: $text-muted; }
    FindBar #find-said.problem { color: $error; }
    FindBar .replacing { display: none; }
    FindBar.-replacing .replacing { display: block; }
    """

    @dataclass
    class Sought(Message):
        """Another query is looked for."""

        query: Query

    @dataclass
    class Moved(Message):
        """The next match is wanted, or the one before."""

        by: int

    @dataclass
    class Replaced(Message):
        """The chosen match is to be replaced, or every one."""

        every: bool

    class Closed(Message):
        """The bar was left."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        """Nothing is looked for yet."""
        super().__init__(id=id)
        self.case = self.pattern = self.zone = False

    def compose(self) -> ComposeResult:
        """A line to find, a line to replace by, what comes of it."""
        with Horizontal():
            yield Static("Find", classes="label")
            yield Input(id="find-text", select_on_focus=True, compact=True)
            yield Static("", id="find-count", classes="beside", markup=False)
            yield Static("", id="find-keys", classes="keys", markup=False)
        with Horizontal(classes="replacing"):
            yield Static("Replace", classes="label")
            yield Input(id="replace-text", select_on_focus=True, compact=True)
            yield Static("", id="find-zone", classes="beside", markup=False)
            yield Static("", id="replace-keys", classes="keys", markup=False)
        yield Static("", id="find-said", markup=False)

    def on_resize(self) -> None:
        """The keys give way to the lines."""
        self.set_class(self.size.width >= WIDE, "-wide")
        self.set_class(self.size.width < TIGHT, "-tight")
        self.show_keys()

    def show_keys(self) -> None:
        """Name the keys that actions have now, and how the text is meant."""
        case, pattern = "Aa" if self.case else "any case", "pattern" if self.pattern else "text"
        meant = [f"{key_for('find_case')} {case}", f"{key_for('find_pattern')} {pattern}"]
        replaces = ["Enter this one", f"{key_for('replace_all')} all"]
        if self.has_class("-wide"):
            meant, replaces = [*meant, "↓ ↑", closing()], [*replaces, "Tab other line"]
        self.query_one("#find-keys", Static).update(" · ".join(meant))
        self.query_one("#replace-keys", Static).update(" · ".join(replaces))
        self.query_one("#find-zone", Static).update("in the selection" if self.zone else "")

    @property
    def has_focus_within(self) -> bool:
        """Whether one types in the bar."""
        return any(box.has_focus for box in self.query(Input))

    @property
    def text(self) -> str:
        """What is looked for."""
        return self.query_one("#find-text", Input).value

    @property
    def query_typed(self) -> Query:
        """What is looked for, and how it is meant."""
        replacing = self.has_class("-replacing")
        replacement = self.query_one("#replace-text", Input).value if replacing else ""
        return Query(self.text, replacement, self.case, self.pattern)

    def open(self, text: str = "", *, replacing: bool = False) -> None:
        """Show the bar and take the keys; a text that is selected is looked for."""
        self.display = True
        self.set_class(replacing, "-replacing")
        self.show_keys()
        box = self.query_one("#find-text", Input)
        if text:
            box.value = text
        self.screen.set_focus(box)
        self._ask()

    def take_keys(self) -> None:
        """Have the keys again, in the line to replace by."""
        self.query_one("#replace-text", Input).focus()

    def _ask(self) -> None:
        self.post_message(self.Sought(self.query_typed))

    def show_count(self, at: int, count: int) -> None:
        """Say which match it is, from 1, of how many; 0 for none chosen."""
        if not self.text:
            said = ""
        elif not count:
            said = "none"
        else:
            said = f"{at or '·'} of {count:,}"
        self.query_one("#find-count", Static).update(said)

    def show_problem(self, problem: str) -> None:
        """Say why nothing can be found."""
        below = self.query_one("#find-said", Static)
        below.set_class(bool(problem), "problem")
        below.display = bool(problem) or self.has_class("-replacing")
        if problem:
            self.query_one("#find-count", Static).update("")
        below.update(printable(problem))

    def show_preview(self, line: int, before: str, after: str) -> None:
        """Say what a match's line becomes; line 0 for none."""
        if line and self.has_class("-replacing"):
            said = printable(f"{before}  →  {after}").replace("\n", "␤").replace("\r", "")
            self.query_one("#find-said", Static).update(Text(f"line {line}: {said}"))

    def show_zone(self, zone: bool) -> None:
        """Say whether only what was selected is searched."""
        self.zone = zone
        self.show_keys()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Look for what is typed, as it is typed."""
        event.stop()
        self._ask()

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """Enter goes to the next; in the second line it replaces before that."""
        event.stop()
        replacing = event.input.id == "replace-text"
        self.post_message(self.Replaced(False) if replacing else self.Moved(1))

    def action_move(self, by: int) -> None:
        """The next match, or the one before."""
        self.post_message(self.Moved(by))

    def action_other_line(self) -> None:
        """From one line to the other."""
        boxes = list(self.query(Input))
        if self.has_class("-replacing"):
            # At once: letters that came with the key belong to the other line.
            self.screen.set_focus(boxes[boxes[0].has_focus])

    def toggle_case(self) -> None:
        """Upper and lower case are the same, or not."""
        self.case = not self.case
        self.show_keys()
        self._ask()

    def toggle_pattern(self) -> None:
        """A regular expression is looked for, or the text as it is."""
        self.pattern = not self.pattern
        self.show_keys()
        self._ask()

    @property
    def replaces(self) -> bool:
        """Whether it shows by what a match is replaced."""
        return self.display and self.has_class("-replacing")

    def action_close(self) -> None:
        """Leave the bar."""
        self.display = False
        self.post_message(self.Closed())

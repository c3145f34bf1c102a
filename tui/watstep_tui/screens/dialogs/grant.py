"""Asking for a capability that a program calls and was not given."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from watstep.host.catalog import CAPABILITIES, FUNCTIONS
from watstep.pipeline import Program
from watstep.source.render import printable
from watstep_tui.grants import Need
from watstep_tui.screens.dialogs.dialog import Dialog
from watstep_tui.widgets.choice import Choice

RUN, FILE, NO = "This run", "This file", "No"


@dataclass(frozen=True)
class Granted:
    """A grant that a person gave."""

    scope: tuple[str, ...]
    for_file: bool
    """Whether it is kept for this file, and not for one run alone."""


class GrantDialog(Dialog[Granted]):
    """Names the calls, the capability and its scope; nothing runs before the answer."""

    DEFAULT_CSS = """
    GrantDialog .row { height: 1; margin-top: 1; }
    GrantDialog .row Static { width: 9; color: $text-muted; }
    GrantDialog .row Input { width: 1fr; }
    GrantDialog #scope-help { margin-left: 9; }
    """

    def __init__(self, program: Program, need: Need, kept_for: str) -> None:
        """Ask for what `need` says; `kept_for` is the file's name, "" without one."""
        super().__init__()
        self._program, self._need, self._kept_for = program, need, kept_for
        self._capability = CAPABILITIES[need.capability]

    def compose(self) -> ComposeResult:
        """What is called, what would be granted, and the answers."""
        need, capability = self._need, self._capability
        with Vertical() as box:
            box.border_title = Text(f"Grant {need.capability}?")
            yield Static(self._sentence())
            with Horizontal(classes="row"):
                yield Static("scope", markup=False)
                yield Input(",".join(need.scope), disabled=not capability.scope)
            hint = capability.scope.replace("`", "") or "this capability has no scope"
            yield Static(hint, id="scope-help", classes="hint", markup=False)
            with Horizontal(classes="answers"):
                yield Choice(RUN)
                if self._kept_for:
                    yield Choice(FILE)
                yield Choice(NO)
            yield Static(self._explanation(), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin at the scope, which is to be judged; without one at what grants nothing."""
        (self.query_one(Input) if self._capability.scope else self.query(Choice).last()).focus()

    def _sentence(self) -> Text:
        need = self._need
        text = Text("The program calls\n")
        source = self._program.source
        for function, problem in need.calls.items():
            place = source.position(problem.span.start)
            text.append(f"  {function}", "bold")
            help_text = FUNCTIONS[function].help.partition(";")[0]
            text.append(f"  {place.line}:{place.column}  {help_text}\n", "dim")
        text.append("which needs the capability ")
        text.append(need.capability, "bold")
        text.append(f": {self._capability.help}.")
        return text

    def _explanation(self) -> str:
        if self._kept_for:
            name = printable(self._kept_for)
            return f"For this file: until {name} calls another function of {self._need.capability}."
        return "A grant is kept for a file once the program has one."

    @on(Input.Submitted)
    def to_answers(self) -> None:
        """Enter in the scope goes on to the answers."""
        self.query(Choice).first().focus()

    @on(Choice.Chosen)
    def answer(self, event: Choice.Chosen) -> None:
        """Close with the grant, unless its scope makes no sense."""
        if event.word == NO:
            self.dismiss(None)
            return
        parts = (part.strip() for part in self.query_one(Input).value.split(","))
        scope = tuple(part for part in parts if part)
        problem = self._capability.check_scope(scope)
        if problem is None:
            self.dismiss(Granted(scope, event.word == FILE))
            return
        below = self.query_one("#scope-help", Static)
        below.set_classes("problem")
        below.update(printable(problem))
        self.query_one(Input).focus()

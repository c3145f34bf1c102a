"""Run settings: arguments, grants and limits, each judged where it is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static, TextArea

from watstep.cli.arguments import LIMITS
from watstep.host.catalog import CAPABILITIES
from watstep.host.settings import RunLimits, RunSettings
from watstep.source.render import printable
from watstep_tui.screens.dialogs.dialog import Dialog
from watstep_tui.widgets.choice import Choice
from watstep_tui.widgets.tick_box import TickBox

FIELDS = {
    "fuel": ("fuel", "fuel", "units; about one an instruction"),
    "memory": ("memory_pages", "memory", "pages of 64 KiB at most"),
    "depth": ("call_depth", "depth", "calls within calls"),
    "timeout": ("seconds", "timeout", "seconds at most"),
}
"""By option of the command line: the limit's field, its label, and what is counted."""

APPLY = "Apply"

READERS = {option.name: option.read for option in LIMITS}


@dataclass(frozen=True)
class Chosen:
    """What the dialog was left with."""

    arguments: tuple[str, ...]
    grants: Mapping[str, tuple[str, ...]]
    limits: RunLimits


def written_arguments(arguments: tuple[str, ...]) -> str:
    """Arguments, one a line; one that is empty, quoted or of several lines stands in quotes."""
    return "\n".join(
        text if _is_plain(text) else json.dumps(text, ensure_ascii=False) for text in arguments
    )


def _is_plain(text: str) -> bool:
    return bool(text) and text.strip() == text and text.isprintable() and text[0] != '"'


def read_arguments(text: str) -> tuple[str, ...]:
    """The arguments of a text, the inverse of `written_arguments`; blank lines are none.

    Raises:
        ValueError: A line begins with a quote and is no text in quotes.
    """
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        given = line.strip()
        if given.startswith('"'):
            try:
                value = json.loads(given)
            except ValueError:
                value = None
            if not isinstance(value, str):
                raise ValueError(f'line {number}: a text in quotes ends with one: "a\\nb"')
            found.append(value)
        elif given:
            found.append(given)
    return tuple(found)


class SettingsDialog(Dialog[Chosen]):
    """Every setting of a run in one box."""

    AROUND = 8
    DEFAULT_CSS = """
    SettingsDialog > Vertical { width: 78; padding: 1 1 0 2; }
    SettingsDialog VerticalScroll { height: auto; scrollbar-size: 1 1; }
    SettingsDialog .head { text-style: bold; height: 1; margin-top: 1; }
    SettingsDialog .first { margin-top: 0; }
    SettingsDialog .row { height: 1; }
    SettingsDialog TextArea { height: 3; border: none; padding: 0 1; background: $panel; }
    SettingsDialog TextArea:focus { border: none; background-tint: $foreground 8%; }
    SettingsDialog TickBox { width: 12; }
    SettingsDialog .label { width: 12; padding-left: 1; }
    SettingsDialog .row Input { width: 24; }
    SettingsDialog .row .scope { width: 1fr; }
    SettingsDialog .row .hint { width: 1fr; margin-left: 2; height: 1; }
    SettingsDialog #help { height: 2; margin-top: 1; }
    SettingsDialog .answers { margin-top: 0; margin-bottom: 1; }
    """

    def __init__(self, settings: RunSettings, kept_for: str) -> None:
        """Begin with settings; `kept_for` is the file's name, "" without one."""
        super().__init__()
        self._settings, self._kept_for = settings, kept_for
        self._help = {"arguments": 'one a line; "" is an empty one, "a\\nb" one of two lines'}
        for name, capability in CAPABILITIES.items():
            self._help[f"grant-{name}"] = f"{name}: {capability.help}"
            self._help[f"scope-{name}"] = f"{name}: {capability.help}. Scope: {capability.scope}"

    def compose(self) -> ComposeResult:
        """Arguments, grants, limits, help on the field in use, answers."""
        with Vertical() as box:
            box.border_title = Text("Run settings")
            if self._kept_for:
                box.border_subtitle = Text(f"kept for {printable(self._kept_for)}")
            with VerticalScroll(can_focus=False, classes="-scrolls"):
                yield Static("Arguments", classes="head first")
                yield TextArea(
                    written_arguments(self._settings.arguments), id="arguments", soft_wrap=False,
                    tab_behavior="focus", compact=True,
                )  # fmt: skip
                yield Static("Grants", classes="head")
                for name in CAPABILITIES:
                    yield self._grant_row(name)
                yield Static("Limits", classes="head")
                for option in FIELDS:
                    yield self._limit_row(option)
            yield Static(id="help", classes="hint", markup=False)
            with Horizontal(classes="answers"):
                yield Choice(APPLY)
                yield Choice("Cancel")

    def _grant_row(self, name: str) -> Horizontal:
        capability, grants = CAPABILITIES[name], self._settings.grants
        beside = (
            Input(
                ",".join(grants.get(name, ())), id=f"scope-{name}", placeholder="scope",
                classes="scope", select_on_focus=False,
            )
            if capability.scope
            else Static(capability.help, classes="hint", markup=False)
        )  # fmt: skip
        return Horizontal(TickBox(name, name in grants, id=f"grant-{name}"), beside, classes="row")

    def _limit_row(self, option: str) -> Horizontal:
        field, label, unit = FIELDS[option]
        written = _number(getattr(self._settings.limits, field))
        return Horizontal(
            Static(label, classes="label"),
            Input(written, id=f"limit-{option}", select_on_focus=False),
            Static(unit, classes="hint", markup=False),
            classes="row",
        )

    def on_mount(self) -> None:
        """Begin with the arguments."""
        self.query_one(TextArea).focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what belongs into the field in use."""
        self._say(self._help.get(event.widget.id or "", ""))

    def _say(self, text: str, *, problem: bool = False) -> None:
        below = self.query_one("#help", Static)
        below.set_class(problem, "problem")
        below.set_class(not problem, "hint")
        below.update(printable(text.replace("`", "")))

    @on(Input.Changed)
    def granted_by_writing(self, event: Input.Changed) -> None:
        """Who writes a scope means to grant it."""
        name = (event.input.id or "").removeprefix("scope-")
        if name in CAPABILITIES and event.value and event.input.has_focus:
            self.query_one(f"#grant-{name}", TickBox).set(True)

    @on(Input.Submitted)
    def entered(self) -> None:
        """Enter in a line applies."""
        self._apply()

    @on(Choice.Chosen)
    def answer(self, event: Choice.Chosen) -> None:
        """Apply or close."""
        if event.word == APPLY:
            self._apply()
        else:
            self.dismiss(None)

    def _apply(self) -> None:
        """Close with what was chosen; the first field that makes no sense gets the focus."""
        try:
            arguments = read_arguments(self.query_one(TextArea).text)
        except ValueError as wrong:
            self._refuse("arguments", str(wrong))
            return
        grants = self._grants()
        values = self._limits() if grants is not None else None
        if grants is not None and values is not None:
            self.dismiss(Chosen(arguments, grants, replace(self._settings.limits, **values)))

    def _grants(self) -> dict[str, tuple[str, ...]] | None:
        grants = {}
        for name, capability in CAPABILITIES.items():
            if not self.query_one(f"#grant-{name}", TickBox).value:
                continue
            written = self.query_one(f"#scope-{name}", Input).value if capability.scope else ""
            scope = tuple(part.strip() for part in written.split(",") if part.strip())
            problem = capability.check_scope(scope)
            if problem:
                self._refuse(f"scope-{name}", problem)
                return None
            grants[name] = scope
        return grants

    def _limits(self) -> dict[str, Any] | None:
        values = {}
        for option, (field, _, _) in FIELDS.items():
            written = self.query_one(f"#limit-{option}", Input).value
            try:
                values[field] = READERS[option](written.replace(",", "").strip())
            except ValueError as wrong:
                self._refuse(f"limit-{option}", str(wrong))
                return None
        return values

    def _refuse(self, field: str, problem: str) -> None:
        """Go to the field and say what is wrong with it."""
        self.query_one(f"#{field}").focus()
        name = field.partition("-")[2] or field
        self.call_after_refresh(self._say, f"{name}: {problem}", problem=True)


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"

"""Run settings: arguments, grants and limits, each judged where it is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Checkbox, Input, Static, TextArea

from watstep.cli.arguments import LIMITS
from watstep.host.catalog import CAPABILITIES
from watstep.host.settings import RunLimits, RunSettings
from watstep.source.render import printable
from watstep_tui.screens.dialogs import Dialog

FIELDS = {
    "fuel": ("fuel", "fuel", "units; an instruction costs about one"),
    "memory": ("memory_pages", "memory", "pages of 64 KiB that it may grow to"),
    "depth": ("call_depth", "depth", "calls within calls, while stepping"),
    "timeout": ("seconds", "timeout", "seconds of running"),
}
"""By option of the command line: the limit's field, its label, and what is counted."""

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

    # The cursor's own keys matter more here than going from answer to answer.
    DEFAULT_CSS = """
    SettingsDialog > Vertical { width: 78; padding: 1 1 1 2; }
    SettingsDialog VerticalScroll { height: auto; max-height: 100%; scrollbar-size: 1 1; }
    SettingsDialog .head { text-style: bold; margin-top: 1; height: 1; width: 1fr; }
    SettingsDialog .first { margin-top: 0; }
    SettingsDialog .row { height: 1; }
    SettingsDialog TextArea { height: 3; border: none; padding: 0 1; background: $panel; }
    SettingsDialog TextArea:focus { border: none; background-tint: $primary 18%; }
    SettingsDialog Checkbox { width: 12; height: 1; border: none; padding: 0;
        background: $surface; }
    SettingsDialog Checkbox:focus { border: none; background: $panel;
        background-tint: $primary 18%; }
    SettingsDialog .label { width: 12; padding-left: 2; }
    SettingsDialog .row Input { width: 24; }
    SettingsDialog .row .hint { width: 1fr; margin-left: 2; height: 1; text-wrap: nowrap;
        text-overflow: ellipsis; }
    SettingsDialog .row .problem { width: 1fr; margin-left: 2; height: 1; text-wrap: nowrap;
        text-overflow: ellipsis; }
    """

    def __init__(self, settings: RunSettings, kept_for: str) -> None:
        """Begin with settings; `kept_for` is the file's name, "" without one."""
        super().__init__()
        self._settings, self._kept_for = settings, kept_for

    def compose(self) -> ComposeResult:
        """Arguments, grants, limits, answers."""
        settings = self._settings
        with Vertical() as box:
            box.border_title = Text("Run settings")
            if self._kept_for:
                box.border_subtitle = Text(f"kept for {printable(self._kept_for)}")
            with VerticalScroll(can_focus=False):
                yield Static("Arguments", classes="head first")
                yield TextArea(
                    written_arguments(settings.arguments), id="arguments", soft_wrap=False,
                    tab_behavior="focus", compact=True,
                )  # fmt: skip
                hint = 'one a line; "" is an empty one, "a\\nb" one of two lines'
                yield Static(hint, id="arguments-hint", classes="hint", markup=False)
                yield Static("Grants", classes="head")
                for name, capability in CAPABILITIES.items():
                    yield from self._grant_row(name, capability.scope, capability.help)
                yield Static("Limits", classes="head")
                for option, (field, label, unit) in FIELDS.items():
                    with Horizontal(classes="row"):
                        yield Static(label, classes="label")
                        yield Input(_number(getattr(settings.limits, field)), id=f"limit-{option}")
                        yield Static(unit, id=f"limit-{option}-hint", classes="hint", markup=False)
            with Horizontal(classes="answers"):
                yield Button("Apply", id="apply")
                yield Button("Cancel", id="cancel")

    def _grant_row(self, name: str, scope: str, what: str) -> ComposeResult:
        grants = self._settings.grants
        with Horizontal(classes="row"):
            yield Checkbox(name, name in grants, id=f"grant-{name}", compact=True)
            if scope:
                given = ",".join(grants.get(name, ()))
                yield Input(given, id=f"scope-{name}", placeholder="scope")
            yield Static(scope or what, id=f"scope-{name}-hint", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin with the arguments."""
        self.query_one(TextArea).focus()

    @on(Input.Changed)
    def granted_by_writing(self, event: Input.Changed) -> None:
        """Who writes a scope means to grant it."""
        name = (event.input.id or "").removeprefix("scope-")
        if name in CAPABILITIES and event.value and event.input.has_focus:
            self.query_one(f"#grant-{name}", Checkbox).value = True

    @on(Input.Submitted)
    def entered(self) -> None:
        """Enter in a line applies."""
        self._apply()

    @on(Button.Pressed)
    def answer(self, event: Button.Pressed) -> None:
        """Apply or close."""
        if event.button.id == "cancel":
            self.dismiss(None)
        else:
            self._apply()

    def _apply(self) -> None:
        """Close with what was chosen; the first field that makes no sense gets the focus."""
        try:
            arguments = read_arguments(self.query_one(TextArea).text)
        except ValueError as wrong:
            self._refuse("arguments", str(wrong))
            return
        grants = self._grants()
        values = self._limits()
        if grants is not None and values is not None:
            self.dismiss(Chosen(arguments, grants, replace(self._settings.limits, **values)))

    def _grants(self) -> dict[str, tuple[str, ...]] | None:
        grants = {}
        for name, capability in CAPABILITIES.items():
            if not self.query_one(f"#grant-{name}", Checkbox).value:
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
        """Say at the field what is wrong with it."""
        hint = self.query_one(f"#{field}-hint", Static)
        hint.set_classes("problem")
        hint.update(printable(problem))
        self.query_one(f"#{field}").focus()


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"

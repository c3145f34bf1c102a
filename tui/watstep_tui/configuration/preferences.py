"""The user's settings: the one table that `settings.toml`, its template and its page come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from watstep.source.toml_text import Problem, line_of, meant, read_toml

DEFAULT_THEME = "watstep-dusk"


def _row(default: Any, help: str, least: float = 0) -> Any:  # noqa: A002  # as the table says
    return field(default=default, metadata={"help": help, "least": least})


@dataclass(frozen=True)
class Preferences:
    """Every setting with its kind, its default and what it does."""

    theme: str = _row(
        DEFAULT_THEME,
        "The theme, by its name; choosing one in the IDE writes it here.",
    )
    key_line: bool = _row(True, "Show the line of keys at the bottom.")
    answer: bool = _row(True, "Try the program after each pause and say what it answers.")
    complete: bool = _row(True, "List what can stand at the cursor as you type.")
    auto_close: bool = _row(True, "Let `(` and the quote close themselves as you type.")
    flash: bool = _row(True, "Let what changed in the expansion stand out for a moment.")
    cursor_blink: bool = _row(True, "Let the cursor blink.")
    side_by_side: int = _row(
        110, "The columns from which source and expansion stand side by side.", 60
    )
    tabs_beside: int = _row(180, "The columns from which the tabs stand beside the code.", 120)
    message_seconds: float = _row(5.0, "How long a message stays.", 1)


class Setting(NamedTuple):
    """A row of the table."""

    name: str
    kind: type[Any]
    default: Any
    help: str
    least: float
    """The least number that makes sense."""

    @property
    def written(self) -> str:
        """The default as TOML has it."""
        return _written(self.default)


KINDS: dict[str, type[Any]] = {"str": str, "bool": bool, "int": int, "float": float}
KIND_NAMES = {str: "text", bool: "true or false", int: "whole number", float: "number"}

SETTINGS = tuple(
    Setting(
        row.name, KINDS[str(row.type)], row.default, row.metadata["help"], row.metadata["least"]
    )
    for row in fields(Preferences)
)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def template() -> str:
    """A settings file that changes nothing and names everything."""
    head = "# Settings of watstep: take away the # before a name to change it.\n"
    rows = [f"\n# {row.help}\n# {row.name} = {row.written}\n" for row in SETTINGS]
    return head + "".join(rows)


def read_preferences(text: str) -> tuple[Preferences, tuple[Problem, ...]]:
    """What a settings file says; what makes no sense is named and its default holds."""
    data, problems = read_toml(text)
    rows = {row.name: row for row in SETTINGS}
    good: dict[str, Any] = {}
    wrong: list[Problem] = list(problems)
    for name, value in data.items():
        row = rows.get(name)
        if row is None:
            place = line_of(text, "", name) if isinstance(value, Mapping) else line_of(text, name)
            wrong.append(Problem(place, f"there is no setting `{name}`{meant(name, rows)}"))
            continue
        problem = _judge(row, value)
        if problem:
            wrong.append(Problem(line_of(text, name), problem))
        else:
            good[name] = row.kind(value)
    return Preferences(**good), tuple(sorted(wrong))


def _judge(row: Setting, value: object) -> str:
    """What is wrong with a value, "" where nothing is."""
    kind = (int, float) if row.kind is float else row.kind
    if not isinstance(value, kind) or (isinstance(value, bool) and row.kind is not bool):
        return f"`{row.name}` is a {KIND_NAMES[row.kind]}, as in {row.name} = {row.written}"
    if isinstance(value, int | float) and not isinstance(value, bool) and not value >= row.least:
        return f"`{row.name}` is at least {row.least:g}"
    return ""

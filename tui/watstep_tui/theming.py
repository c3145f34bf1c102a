"""Themes: TOML files, built-in and the user's by the same path, as values to draw with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn, Protocol, runtime_checkable

from rich import errors
from rich.style import Style
from textual.color import Color, ColorParseError
from textual.theme import Theme

from watstep.source.toml_text import Problem, line_of, meant, read_toml

ORIGINS = ("macro", "string", "local", "wrapper")
"""The kinds of rules that make parts of an expansion."""
CODE_STYLES = (
    frozenset(("text", "gutter", "cursor_line", "selection", "linked", "found", "bracket"))
    | frozenset(("error", "warning", "note", "message", "message_warning", "message_note"))
    | frozenset(("breakpoint", "arrow", "arrow_line", "flash", "occurrence", "added", "removed"))
    | frozenset(f"{part}_{origin}" for part in ("generated", "sign") for origin in ORIGINS)
)
PANE_STYLES = frozenset(
    ("muted", "strong", "name", "key", "mode", "tab", "tab_open", "changed", "touched", "read")
) | frozenset(("write", "text", "error", "good", "call", "position", "breakpoint", "chosen"))
POPUP_STYLES = frozenset(
    ("popup", "popup_border", "popup_chosen", "popup_muted", "popup_match", "added", "removed")
)
"""Of lists that stand over the code and of differences; the first three are also variables of
stylesheets: `$popup`, `$popup-text`, `$popup-border`, `$popup-chosen`, `$popup-chosen-text`."""


@dataclass(frozen=True)
class Look:
    """A theme: Textual's own part, the code's styles by name, and those of token kinds."""

    theme: Theme
    code: Mapping[str, Style]
    """By the names in `CODE_STYLES`."""
    panes: Mapping[str, Style]
    """By the names in `PANE_STYLES` and `POPUP_STYLES`, with which rows are written."""
    syntax: Mapping[str, Style]
    """By Pygments token name without `Token.`: `Name.Builtin`."""


@runtime_checkable
class Dressed(Protocol):
    """Something that can change its look while it is shown."""

    def show_look(self, look: Look) -> None:
        """Take other colours."""


@dataclass(frozen=True)
class Loaded:
    """What could be read, and why the rest was skipped."""

    looks: Mapping[str, Look]
    failures: tuple[str, ...]


class BrokenThemeError(ValueError):
    """A theme that cannot be used; `problem` says why, with the line."""

    def __init__(self, problem: Problem) -> None:
        """Refuse a theme."""
        super().__init__(problem.message)
        self.problem = problem


_STYLES = {"code": CODE_STYLES, "panes": PANE_STYLES | POPUP_STYLES}
"""The tables whose every style is needed, with the styles."""
_COLOURS = frozenset(
    ("primary", "secondary", "accent", "success", "warning", "error", "foreground", "background")
) | frozenset(("surface", "panel", "boost"))


def read_look(text: str, bundled: Mapping[str, Mapping[str, Any]], name: str = "") -> Look:
    """A look from the text of a TOML file with the tables `ui`, `code`, `panes` and `syntax`.

    What a theme with a `base` does not name is that bundled theme's; `name` is what a theme
    without one of its own is called.

    Raises:
        BrokenThemeError: A line is no TOML, a name is unknown or missing, or a value is none.
    """
    own, problems = read_toml(text)
    if problems:
        raise BrokenThemeError(problems[0])
    data = _over_base(text, own, bundled)
    ui = {**data.get("ui", {}), **({"name": name} if name and "name" not in _ui(own) else {})}
    theme = _theme(text, ui)
    styles = {table: _styles(text, table, data.get(table, {})) for table in (*_STYLES, "syntax")}
    theme.variables = {**popup_variables(styles["panes"]), **theme.variables}
    return Look(theme, styles["code"], styles["panes"], styles["syntax"])


def _ui(data: Mapping[str, Any]) -> Mapping[str, Any]:
    found = data.get("ui", {})
    return found if isinstance(found, Mapping) else {}


def _over_base(
    text: str, own: Mapping[str, Any], bundled: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The tables of a theme laid over those of its base."""
    tables = {"ui", *_STYLES, "syntax"}
    for name, value in own.items():
        if name != "base" and (name not in tables or not isinstance(value, Mapping)):
            line = line_of(text, "", name) or line_of(text, name)
            refuse(line, f"a theme has no `{name}`{meant(name, [*tables, 'base'])}")
    base = own.get("base", "")
    if base and base not in bundled:
        known = ", ".join(bundled)
        refuse(
            line_of(text, "base"), f"there is no theme `{base}` to begin with; there are {known}"
        )
    below = bundled.get(base, {})
    data = {table: {**below.get(table, {}), **own.get(table, {})} for table in tables}
    variables = (below.get("ui", {}).get("variables", {}), _ui(own).get("variables", {}))
    if any(variables):
        data["ui"]["variables"] = {**variables[0], **variables[1]}
    return data


def refuse(line: int, message: str) -> NoReturn:
    """Refuse a theme for what stands on a line.

    Raises:
        BrokenThemeError: Always.
    """
    raise BrokenThemeError(Problem(line, message))


def _styles(text: str, table: str, written: Mapping[str, Any]) -> dict[str, Style]:
    needed = _STYLES.get(table, frozenset())
    styles = {}
    for name, value in written.items():
        line = line_of(text, name, table)
        if needed and name not in needed:
            refuse(line, f"[{table}] has no style `{name}`{meant(name, needed)}")
        try:
            styles[name] = Style.parse(value)
        except (errors.StyleSyntaxError, AttributeError, TypeError):
            refuse(
                line, f'`{name}` is no style: {value!r}; one is such as "bold #RRGGBB on #RRGGBB"'
            )
    missing = sorted(needed - set(styles))
    if missing:
        line = line_of(text, "", table)
        refuse(line, f"[{table}] lacks the style `{missing[0]}`; with a `base` it need not name it")
    return styles


def _theme(text: str, ui: Mapping[str, Any]) -> Theme:
    known = {row.name for row in fields(Theme)}
    for name, value in ui.items():
        line = line_of(text, name, "ui")
        if name not in known:
            refuse(line, f"[ui] has no `{name}`{meant(name, known)}")
        if name in _COLOURS or name == "name":
            _judge_text(line, name, value)
    for name in ("name", "primary", "foreground", "background", "panel"):
        if name not in ui:
            refuse(
                line_of(text, "", "ui"), f"[ui] lacks `{name}`; with a `base` it need not name it"
            )
    for name, value in ui.get("variables", {}).items():
        if not isinstance(value, str) or value.startswith("#"):
            _judge_text(line_of(text, name, "ui.variables"), name, value)
    return Theme(**{**ui, "variables": dict(ui.get("variables", {}))})


def _judge_text(line: int, name: str, value: object) -> None:
    """Refuse what is no text or, where a colour belongs, no colour."""
    if not isinstance(value, str):
        refuse(line, f"`{name}` is a text")
    if name == "name":
        return
    try:
        Color.parse(value)
    except ColorParseError:
        refuse(line, f'`{name}` is no colour: {value!r}; one is such as "#RRGGBB"')


def popup_variables(panes: Mapping[str, Style]) -> dict[str, str]:
    """The colours of popups by the names that stylesheets have for them, without the `$`."""
    grounds = {"popup": "popup", "popup-chosen": "popup_chosen"}
    texts = {"popup-text": "popup", "popup-border": "popup_border"}
    texts |= {"popup-chosen-text": "popup_chosen"}
    colours = {name: panes[style].bgcolor for name, style in grounds.items()}
    colours |= {name: panes[style].color for name, style in texts.items()}
    return {
        name: colour.name if colour.name.startswith("#") else f"ansi_{colour.name}"
        for name, colour in colours.items()
        if colour is not None
    }


def load_looks(user_folder: Path | None = None) -> Loaded:
    """The bundled looks and those of the user's folder, by name; a broken file is named."""
    texts = {
        entry.name: entry.read_text("utf-8")
        for entry in files("watstep_themes").iterdir()
        if entry.name.endswith(".toml")
    }
    data = {name: tomllib.loads(text) for name, text in sorted(texts.items())}
    bundled = {table["ui"]["name"]: table for table in data.values()}
    looks = {
        name: read_look(texts[file], bundled) for file, name in zip(data, bundled, strict=True)
    }
    failures: list[str] = []
    for path in sorted(user_folder.glob("*.toml")) if user_folder is not None else ():
        try:
            look = read_look(path.read_text("utf-8"), bundled, path.stem)
        except BrokenThemeError as broken:
            failures.append(broken.problem.told(f"themes/{path.name}") + "; the theme is skipped")
        except (OSError, UnicodeDecodeError) as failure:
            reason = getattr(failure, "strerror", None) or "it is not UTF-8"
            failures.append(f"themes/{path.name}: cannot be read: {reason}; the theme is skipped")
        else:
            looks[look.theme.name] = look
    return Loaded(looks, tuple(failures))

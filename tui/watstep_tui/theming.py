"""Themes: TOML files, built-in and the user's by the same path, as values to draw with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

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


def read_look(text: str) -> Look:
    """A look from the text of a TOML file with the tables `ui`, `code`, `panes` and `syntax`.

    Raises:
        ValueError: The text is not TOML or a colour in it is none.
        KeyError: A table or a style is missing.
        TypeError: A key of `ui` is unknown.
    """
    data: dict[str, Any] = tomllib.loads(text)
    try:
        theme = Theme(**data["ui"])
        for colour in (theme.primary, theme.foreground, theme.background):
            Color.parse(colour or "")
        code = {name: Style.parse(style) for name, style in data["code"].items()}
        panes = {name: Style.parse(style) for name, style in data["panes"].items()}
        syntax = {name: Style.parse(style) for name, style in data["syntax"].items()}
    except (TypeError, KeyError):
        raise
    except Exception as error:
        raise ValueError(str(error)) from error
    missing = sorted((CODE_STYLES - set(code)) | ((PANE_STYLES | POPUP_STYLES) - set(panes)))
    if missing:
        raise KeyError(f"the style {missing[0]} is missing")
    theme.variables.update(popup_variables(panes))
    return Look(theme, code, panes, syntax)


def popup_variables(panes: Mapping[str, Style]) -> dict[str, str]:
    """The colours of popups by the names that stylesheets have for them, without the `$`."""
    grounds = {"popup": "popup", "popup-chosen": "popup_chosen"}
    texts = {"popup-text": "popup", "popup-border": "popup_border"}
    texts |= {"popup-chosen-text": "popup_chosen"}
    colours = {name: panes[style].bgcolor for name, style in grounds.items()}
    colours |= {name: panes[style].color for name, style in texts.items()}
    return {name: colour.name for name, colour in colours.items() if colour is not None}


def load_looks(user_folder: Path | None = None) -> Loaded:
    """The bundled looks and those of the user's folder, by name; a broken file is named."""
    texts = [
        (entry.name, entry.read_text("utf-8"))
        for entry in files("watstep_themes").iterdir()
        if entry.name.endswith(".toml")
    ]
    if user_folder is not None and user_folder.is_dir():
        paths = user_folder.glob("*.toml")
        texts += [(path.name, path.read_text("utf-8", "replace")) for path in paths]
    looks: dict[str, Look] = {}
    failures: list[str] = []
    for name, text in sorted(texts):
        try:
            look = read_look(text)
        except (ValueError, KeyError, TypeError) as error:
            failures.append(f"{name}: {error}")
        else:
            looks[look.theme.name] = look
    return Loaded(looks, tuple(failures))

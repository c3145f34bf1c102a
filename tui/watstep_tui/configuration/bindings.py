"""The user's keymap: `keymap.toml` read against the registry, conflicts and lost keys named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from textual.keys import KEY_NAME_REPLACEMENTS

from watstep.source.toml_text import Problem, line_of, meant, read_toml
from watstep_tui.keymap import (
    UNDELIVERABLE,
    Given,
    When,
    default_rows,
    key_label,
)

MODIFIERS = ("ctrl", "alt", "shift")
NAMED = frozenset(
    (
        *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"),
        *("tab", "enter", "escape", "space", "backspace", *(f"f{n}" for n in range(1, 25))),
    )
)
"""Keys that are no characters."""
_EXOTIC = 0x250
"""Characters from here on are on no keyboard that has their name for them."""
_CONTROLS = frozenset(("at", "backslash", "right_square_bracket", "circumflex_accent"))
_PLAIN_ALONE = frozenset(("enter", "backspace", "space", "tab", "escape"))


def normal_key(written: str) -> str | None:
    """A key as the registry names it, from `Ctrl+S`, `alt+=`, `f5`; None where it is none."""
    *before, last = re.split(r"\+(?=.)", written.strip())
    modifiers = [word.strip().lower() for word in before]
    if not last or any(word not in MODIFIERS for word in modifiers):
        return None
    name = last.strip() or "space"
    if len(name) == 1:
        if not name.isalnum():
            called = unicodedata.name(name, "").lower().replace(" ", "_").replace("-", "_")
            name = KEY_NAME_REPLACEMENTS.get(called, called)
        elif "ctrl" in modifiers or (modifiers and "shift" not in modifiers):
            name = name.lower() if "ctrl" in modifiers else name
        elif modifiers == ["shift"]:
            return name.upper()
    else:
        name = name.lower()
        if name not in NAMED and not _is_character(name):
            return None
    order = sorted(set(modifiers), key=MODIFIERS.index)
    return "+".join([*order, name])


def _is_character(name: str) -> bool:
    replaced = {new: old for old, new in KEY_NAME_REPLACEMENTS.items()}.get(name, name)
    return replaced in _character_names()


@cache
def _character_names() -> frozenset[str]:
    """The names of the characters that are on a keyboard, as keys have them."""
    names = (unicodedata.name(chr(code), "") for code in range(_EXOTIC))
    return frozenset(name.lower().replace(" ", "_").replace("-", "_") for name in names if name)


def arrives(key: str) -> bool:
    """Whether a key reaches a program in tmux as itself."""
    *modifiers, name = key.split("+")
    if key in UNDELIVERABLE:
        return False
    if name in _PLAIN_ALONE and modifiers:
        return key in {"shift+tab", "alt+backspace"}
    if name in NAMED:
        # F3 with a modifier looks like the answer to a question for the cursor's place.
        return name != "f3" or not modifiers
    if modifiers == ["ctrl"]:
        return (len(name) == 1 and name.isalpha()) or name in _CONTROLS | {"underscore"}
    if modifiers == ["alt"]:
        # Alt+[ and Alt+O begin the sequences of other keys.
        return name not in {"left_square_bracket", "O"}
    return not modifiers


def template() -> str:
    """A keymap file that changes nothing and names every action with its keys."""
    lines = [
        "# Keys of watstep. Take away the # before an action and give it other keys:",
        '# one key "f5", several ["f5", "ctrl+r"], none [].',
    ]
    for mode in When:
        lines += ["", f"[{mode.value}]"]
        for action in default_rows(mode):
            keys = ", ".join(f'"{key}"' for key in action.keys)
            value = keys if len(action.keys) == 1 else f"[{keys}]"
            lines += [f"# {action.help}", f"# {action.id} = {value}"]
    return "\n".join(lines) + "\n"


def read_keymap(text: str) -> tuple[Given, tuple[Problem, ...]]:
    """The keys that a keymap file gives; what makes no sense is named, the rest holds."""
    data, found = read_toml(text)
    problems = list(found)
    given: dict[tuple[When, str], tuple[str, ...]] = {}
    modes = {mode.value: mode for mode in When}
    for name, table in data.items():
        mode = modes.get(name)
        if mode is None or not isinstance(table, Mapping):
            line = line_of(text, "", name) or line_of(text, name)
            known = " ".join(f"[{mode}]" for mode in modes)
            problems.append(Problem(line, f"an action stands under one of {known}, not `{name}`"))
            continue
        known_ids = {row.id for row in default_rows(mode)}
        for action, value in table.items():
            line = line_of(text, action, name)
            if action not in known_ids:
                hint = meant(action, known_ids)
                problems.append(Problem(line, f"there is no action `{action}` in [{name}]{hint}"))
                continue
            keys, wrong = _read_keys(value)
            if wrong:
                problems.append(Problem(line, wrong))
                continue
            given[mode, action] = keys
            problems += [
                Problem(line, f"`{key_label(key)}` does not arrive in tmux; give {action} another")
                for key in keys
                if not arrives(key)
            ]
    clear, conflicts = _without_conflicts(given, text) if given else (given, [])
    return clear, tuple(sorted([*problems, *conflicts]))


def _read_keys(value: Any) -> tuple[tuple[str, ...], str]:
    """The keys of a value, or what is wrong with it."""
    written = [value] if isinstance(value, str) else value
    if not isinstance(written, list) or any(not isinstance(key, str) for key in written):
        return (), 'a key is a text such as "f5" or "ctrl+s"; several stand in [ ]'
    keys = []
    for text in written:
        key = normal_key(text) if text else None
        if text and key is None:
            return (), f'`{text}` is no key: keys are such as "f5", "ctrl+s", "alt+x", "shift+up"'
        if key:
            keys.append(key)
    return tuple(dict.fromkeys(keys)), ""


def _without_conflicts(given: Given, text: str) -> tuple[Given, list[Problem]]:
    """Keys that two actions of a mode would have: the given one wins over one by default.

    Of two given ones the first has the key.
    """
    result = dict(given)
    problems = []
    for mode in (When.EDITING, When.STEPPING):
        owner: dict[str, tuple[When, str]] = {}
        rows = [(When.ALWAYS, row) for row in default_rows(When.ALWAYS)]
        rows += [(mode, row) for row in default_rows(mode)]
        for place, row in sorted(rows, key=lambda item: (item[0], item[1].id) not in given):
            keys = result.get((place, row.id), row.keys)
            left = tuple(key for key in keys if key not in owner)
            for key in keys:
                if key not in owner:
                    owner[key] = (place, row.id)
                    continue
                taken = owner[key]
                asked = taken if (place, row.id) not in given else (place, row.id)
                line = line_of(text, asked[1], asked[0].value)
                problems.append(
                    Problem(line, f"`{key_label(key)}` is {taken[1]}; {row.id} has it no more")
                )
            if left != keys:
                result[place, row.id] = left
    return result, problems

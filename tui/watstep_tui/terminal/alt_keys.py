"""Alt with a character, which terminals send as Escape and that character."""

from __future__ import annotations

from string import ascii_letters, digits, punctuation
from typing import NamedTuple

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import KEY_NAME_REPLACEMENTS, _character_to_key

_TAKEN = frozenset("[O]P_^X" + "bf")
"""Characters that begin a terminal's own sequences after an Escape, and two that some terminals
send for Alt with the arrows to the left and right."""


class _Sent(NamedTuple):
    """A key, as the parser of the terminal's bytes looks for it."""

    value: str


def deliver_alt() -> None:
    """Have Alt with a character arrive as `alt+…`, and at once.

    By itself Textual takes some of them for letters of another keyboard, and knows the others only
    after a wait; of those that are no letters it forgets the Alt.
    """
    for character in ascii_letters + digits + punctuation:
        if character not in _TAKEN:
            sent = (_Sent(alt_key(character)),)
            ANSI_SEQUENCES_KEYS[f"\x1b{character}"] = sent  # type: ignore[index]


def alt_key(character: str) -> str:
    """The key of Alt with a character: `alt+r`, `alt+shift+r`, `alt+slash`."""
    if character.isalnum():
        return f"alt+shift+{character.lower()}" if character.isupper() else f"alt+{character}"
    name = _character_to_key(character)
    return f"alt+{KEY_NAME_REPLACEMENTS.get(name, name)}"

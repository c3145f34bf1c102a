"""The action registry holds together."""

from __future__ import annotations

from itertools import combinations
from string import ascii_letters, digits, punctuation

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key

from tests.support import ROOT
from watstep_tui.keymap import (
    ALWAYS,
    EDITING,
    STEPPING,
    UNDELIVERABLE,
    Action,
    When,
    grouped,
    key_label,
    rows_of,
)
from watstep_tui.terminal.alt_keys import alt_key, deliver_alt

ARROWS = ("up", "down", "left", "right")


@pytest.mark.parametrize("mode", [When.EDITING, When.STEPPING])
def test_no_key_is_bound_twice_in_a_mode(mode: When) -> None:
    """No key is bound twice in a mode."""
    for one, other in combinations(rows_of(mode), 2):
        assert not set(one.keys) & set(other.keys), (one.id, other.id)
    assert sum(map(len, grouped(mode).values())) == len(rows_of(mode))


def test_a_name_is_one_rows_alone() -> None:
    """The palette lists names: each begins with a capital, and no two of a table are the same."""
    for rows in (EDITING, STEPPING, ALWAYS):
        labels = [row.label for row in rows]
        assert len(set(labels)) == len(labels)
        assert all(label[0].isupper() for label in labels)


@pytest.mark.parametrize("action", [*EDITING, *STEPPING, *ALWAYS], ids=lambda action: action.id)
def test_every_key_arrives_in_tmux_and_every_row_has_help(action: Action) -> None:
    """Every key arrives in tmux and every row has help."""
    assert not set(action.keys) & UNDELIVERABLE
    assert action.help.endswith(".")
    assert action.keys


@pytest.mark.parametrize("character", "aer159/,.-=;q9")
def test_alt_arrives_at_once(character: str) -> None:
    """Escape and a character in one read are one key, whatever else Textual takes them for."""
    deliver_alt()
    keys = [event for event in XTermParser().feed(f"\x1b{character}") if isinstance(event, Key)]
    assert [event.key for event in keys] == [alt_key(character)]
    assert all(event.character is None for event in keys)


def test_alt_keys_of_the_registry_are_those_that_arrive() -> None:
    """Every row's Alt with a character is a key that the terminal's bytes can become."""
    arriving = {alt_key(character) for character in ascii_letters + digits + punctuation}
    rows = (*EDITING, *STEPPING, *ALWAYS)
    wanted = {key for row in rows for key in row.keys if key.startswith("alt+")}
    assert {key for key in wanted if key.split("+")[-1] not in ARROWS} <= arriving
    assert not wanted & {"alt+b", "alt+f"}


LABELS = [("ctrl+s", "^S"), ("shift+f5", "Shift+F5"), ("f1", "F1"), ("n", "n"), ("colon", ":")]


@pytest.mark.parametrize(("key", "label"), LABELS)
def test_keys_as_people_write_them(key: str, label: str) -> None:
    """Footer, palette and help write a key in one way."""
    assert key_label(key) == label


def test_the_page_on_stepping_lists_every_key() -> None:
    """docs/stepping-mode.md has the registry's rows, word for word."""
    page = (ROOT / "docs" / "stepping-mode.md").read_text("utf-8")
    for action in STEPPING:
        keys = " ".join(f"`{key_label(key)}`" for key in action.keys)
        command = f"`{action.command}`" if action.command else ""
        assert f"| {keys} | {action.help} | {command} |" in page, action.id


def test_the_document_lists_the_keys() -> None:
    """docs/editing.md has each row of the editing mode, as the help writes it."""
    text = (ROOT / "docs" / "editing.md").read_text("utf-8")
    for action in rows_of(When.EDITING):
        keys = ", ".join(f"`{key_label(key)}`" for key in action.keys)
        assert f"| {keys} | {action.help} |" in text

"""The action registry holds together."""

from __future__ import annotations

from itertools import combinations

import pytest

from watstep_tui.keymap import ACTIONS, STEPPING, UNDELIVERABLE, Action, live_together


def test_no_key_is_bound_twice_in_a_mode() -> None:
    """No key is bound twice in a mode."""
    for one, other in [*combinations(ACTIONS, 2), *combinations(STEPPING, 2)]:
        if live_together(one.when, other.when):
            assert not set(one.keys) & set(other.keys), (one.id, other.id)


@pytest.mark.parametrize("action", [*ACTIONS, *STEPPING], ids=lambda action: action.id)
def test_every_key_arrives_in_tmux_and_every_row_has_help(action: Action) -> None:
    """Every key arrives in tmux and every row has help."""
    assert not set(action.keys) & UNDELIVERABLE
    assert action.help.endswith(".")
    assert action.keys

"""Formatting, folding and unfolding in the IDE: one step to take back, and why nothing was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.driving import ide
from watstep.source.diagnostic import Edit
from watstep.source.text import Span
from watstep_tui.screens.shaping import moved

MESSY = "(local $x i32)\n  (local.set   $x\n(i32.const 5))\n(local.get $x)"
NEAT = "(local $x i32)\n(local.set $x\n  (i32.const 5))\n(local.get $x)\n"
FLAT = "i32.const 1\ni32.const 2\ni32.add\n"
FOLDED = "(i32.add (i32.const 1) (i32.const 2))\n"


async def test_format_is_one_step(tmp_path: Path) -> None:
    """The cursor stays on its word; once formatted, there is nothing to do."""
    async with ide(tmp_path / "a.wat", MESSY) as desk:
        editor = desk.ide.editor
        editor.move_cursor((2, 5))
        await desk.press("alt+d")
        assert editor.text == NEAT
        assert editor.selection.end == (2, 7)
        assert "formatted" in desk.seen
        await desk.press("alt+d")
        assert "it is formatted already" in desk.seen
        await desk.press("ctrl+z")
        assert editor.text == MESSY


async def test_a_broken_text_is_left_alone(tmp_path: Path) -> None:
    """The status line says what has to be mended first."""
    text = "(block\n(nop"
    async with ide(tmp_path / "a.wat", text) as desk:
        for key, said in (("alt+d", "line 2"), ("alt+9", "no errors"), ("alt+0", "mended")):
            await desk.press(key)
            assert desk.ide.editor.text == text
            assert f"not {'formatted' if key == 'alt+d' else ''}" in desk.seen
            assert said in desk.seen


async def test_fold_and_unfold(tmp_path: Path) -> None:
    """There and back, the answer the same; undo takes back each."""
    async with ide(tmp_path / "a.wat", FLAT) as desk:
        editor = desk.ide.editor
        await desk.press("alt+9")
        assert editor.text == FOLDED
        assert "folded" in desk.seen
        await desk.press("alt+0")
        assert editor.text == FLAT
        await desk.press("alt+0")
        assert "this is flat already" in desk.seen
        await desk.press("ctrl+z", "ctrl+z")
        assert editor.text == FLAT


@pytest.mark.parametrize(("offset", "wanted"), [(0, 0), (2, 2), (3, 2), (4, 6), (9, 9)])
def test_places_move_with_their_text(offset: int, wanted: int) -> None:
    """Before, in and behind an edit."""
    edits = (Edit(Span(2, 4), "four"), Edit(Span(6, 8), ""))
    assert moved("0123456789", offset, edits) == wanted


def test_a_place_in_an_indentation_stays_on_its_line() -> None:
    """What comes behind the blanks is what the cursor is on, not the end of the line before."""
    text = "(nop)\n      (nop)"
    edits = (Edit(Span(5, 12), "\n"),)
    assert [moved(text, offset, edits) for offset in (5, 6, 9, 12)] == [5, 6, 6, 6]

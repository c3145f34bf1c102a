"""Finding a text and going to a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.driving import ide
from watstep_tui.text.seeker import Query, search

TEXT = "(nop)\n(NOP)\n;; nop nop\n(i32.const 0)\n"

MATCHES = [
    ("nop", False, 4),
    ("nop", True, 3),
    ("(", False, 3),  # No expression: a parenthesis is a parenthesis.
    ("aa", False, 0),
    ("", False, 0),
]


@pytest.mark.parametrize(("sought", "case", "count"), MATCHES)
def test_matches(sought: str, case: bool, count: int) -> None:
    """A text is found as it is written, in either case unless case counts."""
    found = search(TEXT, Query(sought, case=case))
    assert len(found) == count
    assert all(TEXT[hit.start : hit.end].lower() == sought.lower() for hit in found)


async def test_find_goes_round_and_counts(tmp_path: Path) -> None:
    """Typing finds at once; Enter and F3 go on, Up and F10 back, both go round; Escape returns."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("ctrl+f")
        await desk.type("nop")
        assert desk.ide.editor.selected_text == "nop"
        assert "1 of 4" in desk.seen
        assert desk.ide.editor.found == {0: [(1, 4)], 1: [(1, 4)], 2: [(3, 6), (7, 10)]}
        await desk.press("enter")
        assert desk.ide.editor.selected_text == "NOP"
        assert "2 of 4" in desk.seen
        await desk.press("up", "up")
        assert "4 of 4" in desk.seen
        await desk.press("alt+c")
        assert "of 3" in desk.seen
        await desk.press("escape")
        assert desk.ide.editor.has_focus
        assert not desk.ide.find_bar.display
        assert desk.ide.editor.found == {}
        before = desk.ide.editor.selection
        await desk.press("f3")
        assert desk.ide.editor.selection != before
        await desk.press("f10")
        assert desk.ide.editor.selection == before


async def test_what_is_selected_is_looked_for(tmp_path: Path) -> None:
    """Ctrl+F takes the selected text; one that is not there says so."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        desk.ide.editor.move_cursor((3, 1))
        desk.ide.editor.move_cursor((3, 4), select=True)
        await desk.press("ctrl+f")
        assert desk.ide.find_bar.text == "i32"
        await desk.type("zz")
        assert "none" in desk.seen


GOES = [("3", (3, 1)), ("4:6", (4, 6)), ("4,900", (4, 14)), (" 2 ", (2, 1))]


async def test_go_to_line(tmp_path: Path) -> None:
    """A line, or a line and a column, held to the line; what is no line is refused and said."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        for typed, place in GOES:
            await desk.press("ctrl+g")
            await desk.fill(typed)
            await desk.press("enter")
            assert not desk.dialog
            assert desk.place() == place
        await desk.press("ctrl+g")
        for typed in ("0", "99", "x", ""):
            await desk.fill(typed)
            await desk.press("enter")
            assert desk.dialog == "LineDialog"
            assert "line" in desk.seen
        await desk.press("escape")
        assert desk.place() == (2, 1)

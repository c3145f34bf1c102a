"""The box that says what a word is: by a key, by the mouse, and how it goes away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.driving import NARROW, Desk, ide, settled, until

TEXT = "(argv 0 $url)\n(local $n i32)\n(local.set $n (i32.add (local.get $n) (i32.const 1)))\n"


async def at(desk: Desk, word: str) -> None:
    """Put the cursor on a word and ask."""
    text = desk.ide.editor.text
    before = text[: text.index(word) + 1]
    row = before.count("\n")
    desk.ide.editor.move_cursor((row, len(before.rpartition("\n")[2])))
    await desk.press("ctrl+k")


async def test_a_key_explains_the_word(tmp_path: Path) -> None:
    """The title is the signature; the stack at this place is there."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await at(desk, "i32.add")
        assert desk.ide.info.border_title == "i32.add : i32 i32 → i32"
        assert "i32  (local.get $n)" in desk.seen
        await desk.press("ctrl+k")
        assert not desk.ide.info.display


@pytest.mark.parametrize(
    ("key", "after"), [("escape", TEXT), ("x", TEXT.replace("i32.add", "ix32.add"))]
)
async def test_any_key_closes_it(key: str, after: str, tmp_path: Path) -> None:
    """Escape does nothing else; a letter is typed."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await at(desk, "i32.add")
        await desk.press(key)
        assert not desk.ide.info.display
        assert desk.ide.editor.text == after


async def test_it_scrolls_in_a_small_terminal(tmp_path: Path) -> None:
    """It fits 80 by 24, and the arrows bring the rest."""
    async with ide(tmp_path / "a.wat", "\n" * 5 + TEXT, size=NARROW) as desk:
        await at(desk, "argv")
        box = desk.ide.info
        assert desk.app.screen.region.contains_region(box.region)
        assert "stack after" not in desk.seen
        await desk.press("pagedown", "pagedown")
        assert "stack after" in desk.seen
        assert desk.place()[0] == 6
        await desk.press("home")
        assert not box.display


async def test_nothing_is_known_of_a_blank(tmp_path: Path) -> None:
    """It says so."""
    async with ide(tmp_path / "a.wat", ";; a comment\n") as desk:
        await desk.press("ctrl+k")
        assert "nothing is known" in desk.status
        assert not desk.ide.info.display


async def test_the_mouse_explains_after_a_pause(tmp_path: Path) -> None:
    """Resting on a word opens the box; moving on closes it."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        editor = desk.ide.editor
        x = editor.gutter_width + TEXT.splitlines()[2].index("i32.add") + 3
        await desk.pilot.hover(editor, offset=(x, 3))
        await until(desk.pilot, lambda: desk.ide.info.display)
        assert desk.ide.info.border_title == "i32.add : i32 i32 → i32"
        await desk.pilot.hover(editor, offset=(x, 1))
        await settled(desk.pilot)
        assert not desk.ide.info.display


async def test_a_word_of_the_expansion_is_explained(tmp_path: Path) -> None:
    """What a macro made is no word of the source; Escape puts the box away before anything."""
    async with ide(tmp_path / "a.wat", "(argv 0 $url)\n(local.get $url)\n") as desk:
        view = desk.ide.view
        await desk.press("ctrl+e")
        line = next(n for n, line in enumerate(view.expanded.lines) if "call $sys.argv" in line)
        view.move_cursor(line, view.expanded.lines[line].index("$sys.argv") + 2)
        await desk.press("ctrl+k")
        assert desk.ide.info.display
        assert "sys.argv" in str(desk.ide.info.border_title)
        assert desk.app.screen.region.contains_region(desk.ide.info.region)
        await desk.press("down")
        assert not desk.ide.info.display
        await desk.press("ctrl+k", "escape")
        assert not desk.ide.info.display
        assert view.has_focus
        await desk.press("alt+3")
        line = next(n for n, line in enumerate(view.expanded.lines) if "call $sys.argv" in line)
        view.move_cursor(line, view.expanded.lines[line].index("$sys.argv") + 2)
        await desk.press("ctrl+k")
        assert str(desk.ide.info.border_title).startswith("(argv")

"""The problems of the text: listed, gone to, mended by a key."""

from __future__ import annotations

from pathlib import Path

from tests.tui.driving import ide

TWO = "(local $x i32)\n(local.set $x (local.get $a))\n(local.get $b)\n"
PASTED = "Here is the program:\n\n```wat\n(i32.const 7)\n```\n"


async def test_problems_are_listed_and_enter_goes_there(tmp_path: Path) -> None:
    """One row each, counted in the tab; Enter goes to the place, Escape back to the text."""
    async with ide(tmp_path / "a.wat", TWO) as desk:
        assert not desk.ide.panel.display
        await desk.press("f7")
        rows = desk.tab("Problems")
        assert [row.split()[1] for row in rows] == ["2:26", "3:12"]
        assert all(row.startswith("■") and row.endswith("unknown-local") for row in rows)
        assert len(desk.ide.panel.tab_cells["Problems"]) == len("Problems 2")
        await desk.press("down", "enter")
        assert desk.place() == (3, 12)
        assert desk.ide.editor.has_focus
        await desk.press("f7", "f7")
        assert not desk.ide.panel.display


async def test_f8_goes_round_and_says_which(tmp_path: Path) -> None:
    """F8 and Shift+F8 go from problem to problem and round."""
    async with ide(tmp_path / "a.wat", TWO) as desk:
        places = []
        for key in ("f8", "f8", "f8", "shift+f8"):
            await desk.press(key)
            places.append(desk.place())
        assert places == [(2, 26), (3, 12), (2, 26), (3, 12)]
        assert desk.status.startswith("2 of 2: ")
        await desk.write("(i32.const 1)")
        await desk.press("f8")
        assert desk.status == "no problems"


async def test_a_fix_is_one_edit(tmp_path: Path) -> None:
    """Ctrl+T applies the fix of the line's problem; one undo takes all of it back."""
    async with ide(tmp_path / "a.wat", PASTED) as desk:
        await desk.press("f8")
        assert "^T" in desk.status
        await desk.press("ctrl+t")
        assert desk.ide.editor.text.strip() == "(i32.const 7)"
        assert desk.status.startswith("fixed: ")
        await desk.press("ctrl+z")
        assert desk.ide.editor.text == PASTED


async def test_run_and_debug_with_problems_say_what_to_do(tmp_path: Path) -> None:
    """F5 and F6 go to the first problem and say so; nothing starts."""
    async with ide(tmp_path / "a.wat", TWO) as desk:
        for key in ("f5", "f6"):
            desk.ide.editor.move_cursor((0, 0))
            await desk.press(key)
            assert desk.place() == (2, 26)
            assert "2 problems keep the program from running" in desk.status
            assert desk.app.screen is desk.ide
            assert desk.tab("Problems")


async def test_a_warning_is_shown_and_keeps_nothing_from_running(tmp_path: Path) -> None:
    """The editor draws it; F5 goes past it to the first error, and counts errors alone."""
    text = "(func $f\n  (local $spare i32))\n\n(local.get $no)"
    async with ide(tmp_path / "a.wat", text) as desk:
        assert any(row.startswith("▲") for row in desk.tab("Problems"))
        await desk.press("f5")
        assert desk.place()[0] == 4
        assert "a problem keeps the program from running" in desk.status

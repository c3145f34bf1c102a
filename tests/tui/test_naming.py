"""Names in the IDE: definition and back, uses, another name, the outline, selection by form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.driving import Desk, ide, settled, until
from watstep_tui.screens.dialogs.line import LineDialog
from watstep_tui.screens.naming import REST

TEXT = """\
(argv 0 $url)
(func $twice (param $n i32) (result i32)
  (i32.add (local.get $n) (local.get $n)))
(block $done
  (br_if $done (call $twice (local.get $url)))
  (call $dbg.log "x"))
(check $url.err)
(i32.const 0)
"""


def selected(desk: Desk) -> str:
    """The selected text."""
    return desk.ide.editor.selected_text


async def put(desk: Desk, text: str) -> None:
    """Have the text that is edited, with the cursor at `|` in it."""
    offset = text.index("|")
    text = text.replace("|", "", 1)
    if desk.ide.editor.text != text:
        await desk.write(text)
    before = text[:offset].split("\n")
    desk.ide.editor.move_cursor((len(before) - 1, len(before[-1])))
    await settled(desk.pilot)


async def test_to_the_definition_and_back_by_jumps(tmp_path: Path) -> None:
    """F12 goes to what declares a name; Shift+F12 back, also from a line that one went to."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await put(desk, TEXT.replace("call $twice", "call $tw|ice"))
        await desk.press("f12")
        assert desk.place() == (2, 7)
        await desk.press("ctrl+g", "8", "enter")
        assert desk.place() == (8, 1)
        await desk.press("shift+f12")
        assert desk.place() == (2, 7)
        await desk.press("shift+f12")
        assert desk.place() == (5, 25)
        await desk.press("shift+f12")
        assert "nothing to go back to" in desk.status


async def test_the_way_back_moves_with_the_text_and_crosses_programs(tmp_path: Path) -> None:
    """What is written above a place moves it; another program is gone to, a closed one is not."""
    (tmp_path / "b.wat").write_text("(i32.const 1)\n")
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await put(desk, TEXT.replace("call $twice", "call $tw|ice"))
        await desk.press("f12")
        desk.ide.editor.replace(";; new\n;; lines\n", (0, 0), (0, 0))
        desk.ide.editor.replace("  ", (6, 0), (6, 0))
        desk.ide.switching.open(tmp_path / "b.wat")
        desk.ide.editor.replace("(nop)\n", (0, 0), (0, 0))
        await desk.press("ctrl+pageup")
        for name, place in (("b.wat", (2, 1)), ("a.wat", (4, 7))):
            await desk.press("shift+f12")
            assert (desk.ide.workspace.name, desk.place()) == (name, place)
        desk.ide.switching.open(tmp_path / "b.wat")
        await desk.press("ctrl+w", "right", "enter")
        assert desk.ide.workspace.name == "a.wat"
        for place in ((4, 7), (7, 27)):
            await desk.press("shift+f12")
            assert desk.place() == place
        await desk.press("shift+f12")
        assert "nothing to go back to" in desk.status


SAID = {
    "the host's": ("$d|bg.log", "is the host's"),
    "itself": ("func $t|wice", "is declared here: Alt+U lists its other use"),
    "no name": ("i32.co|nst 0", "no name stands here"),
}


@pytest.mark.parametrize(("at", "said"), SAID.values(), ids=SAID)
async def test_f12_says_what_has_no_definition(at: str, said: str, tmp_path: Path) -> None:
    """And stays where it is."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await put(desk, TEXT.replace(at.replace("|", ""), at))
        before = desk.place()
        await desk.press("f12")
        assert said in desk.status
        assert desk.place() == before


async def test_what_a_macro_makes_is_declared_by_the_macro(tmp_path: Path) -> None:
    """`$url.err` comes from `(argv 0 $url)`."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await put(desk, TEXT.replace("check $url", "check |$url"))
        await desk.press("f12")
        assert desk.place() == (1, 9)


async def test_uses_are_listed_and_walked(tmp_path: Path) -> None:
    """Where, how, the line; again to the next one, from the last to the first."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await put(desk, TEXT.replace("(param $n", "(param |$n"))
        await desk.press("alt+u")
        assert desk.tab("Uses") == [
            "2:21 declared (func $twice (param $n i32) (result i32)",
            "3:23 read (i32.add (local.get $n) (local.get $n)))",
            "3:38 read (i32.add (local.get $n) (local.get $n)))",
        ]
        assert desk.status.startswith("1 of 3: $n declared")
        await desk.press("alt+u")
        assert (desk.place(), desk.status[:6]) == ((3, 23), "2 of 3")
        await desk.press("alt+u", "alt+u")
        assert desk.place() == (2, 21)
        await desk.press("f7", "down", "down", "enter")
        assert desk.place() == (3, 38)


async def test_the_list_of_uses_follows_the_text(tmp_path: Path) -> None:
    """A line that is put before them moves them."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await put(desk, TEXT.replace("(block $done", "(block |$done"))
        await desk.press("alt+u", "ctrl+home", "enter")
        await until(desk.pilot, lambda: [row[:3] for row in desk.tab("Uses")] == ["5:8", "6:1"])


async def test_a_rename_is_one_edit_with_a_preview(tmp_path: Path) -> None:
    """Through what macros make; the reason where it is refused; `^Z` takes it back."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await put(desk, TEXT.replace("local.get $url", "local.get $u|rl"))
        await desk.press("f2")
        assert desk.dialog == "LineDialog"
        assert "the name that it has" in desk.seen
        await desk.fill("$done now")
        assert "is no name" in desk.seen
        await desk.press("enter")
        assert isinstance(desk.app.screen, LineDialog)
        await desk.fill("$link")
        assert "changes 3 places" in desk.seen
        await desk.press("enter")
        assert desk.ide.editor.text == TEXT.replace("$url", "$link")
        assert desk.place() == (5, 40)
        assert "renamed at 3 places" in desk.status
        await desk.press("ctrl+z")
        assert desk.ide.editor.text == TEXT


async def test_what_cannot_be_renamed_is_not_asked_for(tmp_path: Path) -> None:
    """The host's functions and texts."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        for at in ("$dbg|.log", '"|x"'):
            await put(desk, TEXT.replace(at.replace("|", ""), at))
            await desk.press("f2")
            assert desk.dialog == ""
            assert "the host's" in desk.status or "no name" in desk.status


async def test_the_outline_is_filtered_and_gone_to(tmp_path: Path) -> None:
    """By any part of a row."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("alt+o")
        for shown in ("function $run  ", "local $url", "the program", "parameter $n", 'text "x"'):
            assert shown in desk.seen
        await desk.type("lab do")
        assert "parameter" not in desk.seen
        await desk.press("enter")
        assert desk.place() == (4, 8)


async def test_a_selection_grows_by_form_and_shrinks_back(tmp_path: Path) -> None:
    """To the whole text and back to the cursor."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await put(desk, TEXT.replace("local.get $url", "local.get $u|rl"))
        before = desk.ide.editor.selection
        steps = []
        for _ in range(4):
            await desk.press("alt+right")
            steps.append(selected(desk))
        assert steps[:3] == ["$url", "local.get $url", "(local.get $url)"]
        for _ in range(20):
            await desk.press("alt+right")
        assert selected(desk) == TEXT
        for _ in range(24):
            await desk.press("alt+left")
        assert desk.ide.editor.selection == before


async def test_to_the_partner_and_out(tmp_path: Path) -> None:
    """From an opening parenthesis to its closing one and back; from a word to its form."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await put(desk, TEXT.replace("(block", "|(block"))
        await desk.press("alt+8")
        assert desk.place() == (6, 22)
        await desk.press("alt+8")
        assert desk.place() == (4, 1)
        await put(desk, TEXT.replace("local.get $url", "local.g|et $url"))
        await desk.press("alt+8")
        assert desk.place() == (5, 29)


async def test_uses_are_marked_while_the_cursor_rests(tmp_path: Path) -> None:
    """Those of the name in its scope; not while it moves, not after an edit."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        editor = desk.ide.editor
        await put(desk, TEXT.replace("local.get $n)) ", "").replace("(param $n", "(param |$n"))
        await desk.pilot.pause(REST + 0.1)
        await desk.press()
        assert editor.occurrences == {1: [(20, 22)], 2: [(22, 24), (37, 39)]}
        await desk.type("x")
        assert editor.occurrences == {}
        await put(desk, TEXT.replace("(i32.const 0)", "(i32.|const 0)"))
        await desk.pilot.pause(REST + 0.1)
        await desk.press()
        assert editor.occurrences == {}

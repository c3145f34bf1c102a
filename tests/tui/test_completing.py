"""Completion by keys: what the list takes, what it leaves alone, and the places to fill in."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.tui.driving import Desk, ide, settled

HEAD = "(local $sum i32)\n(local $late i32)\n"


async def shown(desk: Desk) -> list[str]:
    """What is offered once nobody typed for a while; empty where there is no list."""
    for _ in range(8):
        await desk.pilot.pause(0.02)
        await settled(desk.pilot)
        if desk.ide.popup.display:
            break
    return [row.label for row in desk.ide.popup.rows] if desk.ide.popup.display else []


async def typed(desk: Desk, text: str) -> list[str]:
    """Type at the end of the text, and see what is offered."""
    await desk.press("ctrl+end")
    await desk.type(text)
    return await shown(desk)


def last(desk: Desk) -> str:
    """The text after the declarations."""
    return desk.ide.editor.text.removeprefix(HEAD)


TAKEN: list[tuple[str, tuple[str, ...], str]] = [
    # Typed, then pressed, then what stands there.
    ("(local.g", ("tab",), "(local.get )"),
    ("(local.g", ("enter",), "(local.g\n  )"),
    ("(local.", ("down", "enter"), "(local.get )"),
    ("(local.", ("down", "down", "up", "tab"), "(local.get )"),
    ("(local.g", ("escape", "enter"), "(local.g\n  )"),
    ("(local.get", ("enter",), "(local.get\n  )"),
    ("(local.get $su", ("tab",), "(local.get $sum)"),
    ("(local.get $sum", ("enter",), "(local.get $sum\n  )"),
    ("(local.get $xy", ("enter",), "(local.get $xy\n  )"),
    ("(add", ("tab",), "(i32.add)"),
    (";; loc", ("enter",), ";; loc\n"),
    ("(argv", ("tab", "1", "tab", "$", "q"), "(argv 1 $q)"),
    ("(argv", ("tab", "1", "tab", "shift+tab", "2"), "(argv 2 $name)"),
    ("(argv", ("tab", "escape", "right", "x"), "(argv N $name)"[:7] + "x $name)"),
    ("(bloc", ("down", "tab", "y", "tab", "z"), "(block $done\n  (loop $again\n    "
     "(br_if $done y)\n    z\n    (br $again)\n  )\n)"),
]  # fmt: skip


@pytest.mark.parametrize(("letters", "keys", "text"), TAKEN)
async def test_keys(letters: str, keys: tuple[str, ...], text: str, tmp_path: Path) -> None:
    """Tab takes a row, Enter only one that was chosen; a finished word is left alone."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        await typed(desk, letters)
        for key in keys:
            await desk.press(key)
        assert last(desk) == text


async def test_typing_filters(tmp_path: Path) -> None:
    """Each letter leaves fewer; a letter taken back brings them again; a finished word ends it."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        assert (await typed(desk, "(local.")) == ["local.set", "local.get", "local.tee"]
        await desk.type("t")
        assert (await shown(desk))[0] == "local.tee"
        await desk.press("backspace")
        assert len(await shown(desk)) == 3
        await desk.type("tee")
        assert await shown(desk) == []


async def test_names_are_offered_after_a_blank(tmp_path: Path) -> None:
    """What must be a name is offered before its first letter; other blanks offer nothing."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        assert set(await typed(desk, "(local.get ")) == {"$sum", "$late"}
        await desk.press("escape")
        assert await typed(desk, "$sum) ") == []


async def test_taking_a_word_that_needs_a_name_offers_names(tmp_path: Path) -> None:
    """Tab, and the next list is there."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        await typed(desk, "(local.s")
        await desk.press("tab")
        assert set(await shown(desk)) == {"$sum", "$late"}
        await desk.press("tab")
        assert last(desk).startswith("(local.set $")


async def test_asked_for(tmp_path: Path) -> None:
    """Alt+/ lists what can stand at the cursor, and Enter takes the first row of that."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        await typed(desk, "(")
        assert not desk.ide.popup.display
        await desk.press("alt+slash")
        assert "local.set" in await shown(desk)
        await desk.type("local.te")
        await shown(desk)
        await desk.press("enter")
        assert last(desk) == "(local.tee )"
        await desk.press("escape", "quotation_mark", "alt+slash")
        assert "nothing can be completed" in desk.status


async def test_pasting_offers_nothing(tmp_path: Path) -> None:
    """A paste is text, with its blanks and line ends."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        await desk.press("ctrl+end")
        desk.app.post_message(events.Paste("(loc\n\t(ad"))
        assert await shown(desk) == []
        assert last(desk) == "(loc\n\t(ad"


async def test_quick_keys_are_text(tmp_path: Path) -> None:
    """Keys that come faster than a list can are what they always were."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        await desk.press("ctrl+end")
        await desk.pilot.press("left_parenthesis", "l", "o", "enter", "b", "r", "tab", "i", "enter")
        assert last(desk).replace(" ", "") == "(lo\nbri\n)"


async def test_a_held_key(tmp_path: Path) -> None:
    """Nothing is lost, and what is offered in the end belongs to no such word."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        await desk.press("ctrl+end")
        await desk.pilot.press(*["l"] * 60)
        assert await shown(desk) == []
        assert last(desk) == "l" * 60


async def test_it_goes_with_its_place(tmp_path: Path) -> None:
    """Moving away, another pane or an undo puts the list away."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        for key in ("home", "ctrl+e", "ctrl+z"):
            assert await typed(desk, ") (loca")
            await desk.press(key)
            assert not desk.ide.popup.display
            desk.ide.editor.focus()


async def test_one_undo_takes_it_back(tmp_path: Path) -> None:
    """What was written by one key goes by one."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        await typed(desk, "(http.g")
        await desk.press("tab")
        assert "(check $get.err)" in last(desk)
        await desk.press("ctrl+z")
        assert last(desk) == "(http.g)"


async def test_a_click_takes_a_row(tmp_path: Path) -> None:
    """The second row, by the mouse."""
    async with ide(tmp_path / "a.wat", HEAD) as desk:
        await typed(desk, "(local.")
        await desk.pilot.click(desk.ide.popup, offset=(4, 2))
        await settled(desk.pilot)
        assert last(desk) == "(local.get )"


async def test_line_ends_are_the_texts(tmp_path: Path) -> None:
    """A form of several lines in a text with CRLF; its places are where they should be."""
    async with ide(tmp_path / "a.wat", "(local $sum i32)\r\n") as desk:
        await typed(desk, "(http.g")
        await desk.press("tab", "u")
        assert "\r\n(call $http.get u)\r\n(local.set $get.err)" in desk.ide.editor.text

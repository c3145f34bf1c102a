"""Keys that arrive together, of which the first closes what the others were meant for."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.tui.driving import PROGRAM, Desk, ide


async def at_once(desk: Desk, *keys: str) -> None:
    """Press keys that the terminal hands over in one read."""
    for key in keys:
        desk.app._driver.send_message(events.Key(key, None))  # type: ignore[union-attr]
    await desk.press()


@pytest.mark.parametrize("keys", [("enter", "enter"), ("space", "space", "space")])
async def test_a_second_answer_closes_nothing_more(tmp_path: Path, keys: tuple[str, ...]) -> None:
    """A program without a file asks for its name then, over the IDE."""
    async with ide(None, "") as desk:
        await desk.press("x", "ctrl+q")
        assert desk.dialog == "QuestionDialog"
        await at_once(desk, *keys)
        assert desk.dialog == "PathDialog"
        assert desk.ide in desk.app.screen_stack


async def test_leaving_the_stepping_twice_leaves_it_once(tmp_path: Path) -> None:
    """The IDE stays, with its text."""
    async with ide(tmp_path / "a.wat", PROGRAM) as desk:
        await desk.press("f6")
        await at_once(desk, "e", "e", "e")
        await desk.press()
        assert desk.ide in desk.app.screen_stack

"""Several programs at once: each with its own text, undo, cursor, breakpoints, runs, recovery."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.driving import NARROW, ide, told, until
from watstep_tui.files.workspace import Workspace
from watstep_tui.screens.buffers import Buffer, titles

ONE, TWO, THREE = "(i32.const 1)\n", "(i32.const 2)\n", "(i32.const 3)\n"


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A folder with three programs."""
    folder = tmp_path / "three"
    folder.mkdir()
    for name, text in (("one.wat", ONE), ("two.wat", TWO), ("three.wat", THREE)):
        (folder / name).write_text(text)
    return folder


async def test_each_program_keeps_what_is_its_own(three: Path) -> None:
    """Text, cursor, undo, breakpoints, settings and results come back with the program."""
    async with ide(three / "one.wat") as desk:
        await desk.press("X", "f9")
        desk.ide.switching.open(three / "two.wat")
        await desk.press("down", "Y")
        assert desk.ide.editor.text == TWO + "Y"
        assert desk.ide.editor.breakpoints.keys() == set()
        assert "one.wat ●" in desk.seen
        await desk.press("ctrl+z", "ctrl+z")
        assert desk.ide.editor.text == TWO
        await desk.press("ctrl+pageup")
        assert desk.ide.workspace.name == "one.wat"
        assert desk.ide.editor.text == "X" + ONE
        assert desk.place() == (1, 2)
        assert desk.ide.editor.breakpoints.keys() == {1}
        assert desk.ide.view.text == desk.ide.fresh().expansion.full.text
        await desk.press("ctrl+z")
        assert desk.ide.editor.text == ONE
        await desk.press("f5")
        assert "returned 1" in desk.tab("Result")
        await desk.press("alt+full_stop")
        assert desk.tab("Result") == []
        await desk.press("alt+comma")
        assert "returned 1" in desk.tab("Result")


async def test_names_go_round_and_are_clicked(three: Path) -> None:
    """Both keys go round; a click on a name in the first line goes there; one is never twice."""
    async with ide(three / "one.wat", size=NARROW) as desk:
        await desk.press("ctrl+pagedown")
        assert "no other program is open" in desk.status
        for name in ("two.wat", "three.wat", "one.wat"):
            desk.ide.switching.open(three / name)
            await desk.press()
        assert desk.ide.titles == ["one.wat", "two.wat", "three.wat"]
        names = []
        for _ in range(4):
            await desk.press("ctrl+pageup")
            names.append(desk.ide.workspace.name)
        assert names == ["three.wat", "two.wat", "one.wat", "three.wat"]
        cell = desk.ide.header.text.plain.index("two.wat")
        await desk.pilot.click("#header", offset=(cell + 2, 0))
        await desk.press()
        assert desk.ide.workspace.name == "two.wat"


async def test_closing(three: Path) -> None:
    """Unsaved work is asked about; the last one leaves an empty program."""
    async with ide(three / "one.wat") as desk:
        desk.ide.switching.open(three / "two.wat")
        await desk.press("x", "ctrl+w")
        assert desk.dialog == "QuestionDialog"
        await desk.press("enter")
        assert (three / "two.wat").read_text() == "x" + TWO
        assert desk.ide.workspace.name == "one.wat"
        assert "two.wat" not in desk.ide.titles
        await desk.press("ctrl+w")
        assert desk.ide.workspace.path is None
        assert desk.ide.editor.text == ""
        desk.ide.switching.open(three / "three.wat")
        await desk.press()
        assert desk.ide.titles == ["three.wat"]


async def test_leaving_asks_once_for_all(three: Path) -> None:
    """Every unsaved program is named in one question, and saved by one answer."""
    async with ide(three / "one.wat") as desk:
        await desk.press("a")
        desk.ide.switching.open(three / "two.wat")
        await desk.press()
        desk.ide.switching.open(three / "three.wat")
        await desk.press("c", "ctrl+q")
        assert "on 2 programs: one.wat, three.wat" in desk.seen
        await desk.pilot.press("enter")
        await until(desk.pilot, lambda: desk.app.return_code is not None)
    assert (three / "one.wat").read_text() == "a" + ONE
    assert (three / "two.wat").read_text() == TWO
    assert (three / "three.wat").read_text() == "c" + THREE


async def test_a_change_from_outside_stops_saving_all(three: Path) -> None:
    """It is offered for the program that it is about, and nothing is written over or left."""
    async with ide(three / "one.wat") as desk:
        await desk.press("a")
        desk.ide.switching.open(three / "two.wat")
        await desk.press("b")
        (three / "one.wat").write_text(THREE)
        await desk.press("ctrl+q", "enter")
        assert "one.wat was changed by another program" in desk.seen
        assert (three / "one.wat").read_text() == THREE
        assert desk.app.return_code is None


async def test_what_is_put_away_is_kept(three: Path) -> None:
    """The unsaved work of each is in a recovery copy of its own."""
    async with ide(three / "one.wat") as desk:
        await desk.press("a")
        desk.ide.switching.open(three / "two.wat")
        await desk.press("b", "ctrl+n", "c")
        desk.ide.files.keep()
        kept = [buffer.workspace.copy.place.read_text() for buffer in desk.ide.buffers]
        assert kept == ["a" + ONE, "b" + TWO, "c"]


async def test_one_file_is_not_saved_over_another_that_is_open(three: Path) -> None:
    """Saving under the name of a program that is open beside is refused."""
    async with ide(three / "one.wat") as desk:
        desk.ide.switching.open(three / "two.wat")
        await desk.press()
        desk.ide.action_named("save_as")()
        await desk.press()
        await desk.fill("one.wat")
        await desk.press("enter", "right", "enter")
        assert (three / "one.wat").read_text() == ONE
        assert desk.ide.workspace.name == "two.wat"


def test_titles_tell_names_apart(tmp_path: Path) -> None:
    """Two files of one name are told apart by their folders, those without one by numbers."""
    paths = [tmp_path / "a" / "x.wat", tmp_path / "b" / "x.wat", tmp_path / "y.wat", None]
    paths += [None, None]
    buffers = [Buffer(Workspace(path, tmp_path / "state"), "") for path in paths]
    assert titles(buffers) == [
        "a/x.wat",
        "b/x.wat",
        "y.wat",
        "untitled",
        "untitled 2",
        "untitled 3",
    ]


async def test_programs_out_of_sight_are_watched(three: Path) -> None:
    """What another program does to their files is told at once, and shown when one goes there."""
    async with ide(three / "one.wat") as desk:
        for name in ("two.wat", "three.wat"):
            desk.ide.switching.open(three / name)
        await desk.press("x")
        desk.ide.switching.show(0)
        (three / "two.wat").write_text(ONE)
        (three / "three.wat").unlink()
        for _ in range(2):
            desk.ide.files.look_around()
        await desk.press()
        assert told(desk).count("two.wat was changed by another program: go there") == 1
        assert told(desk).count("three.wat was deleted by another program") == 1
        desk.ide.switching.show(1)
        await desk.press()
        assert desk.dialog == "DifferenceDialog"
        await desk.press("enter")
        assert desk.ide.editor.text == ONE
        desk.ide.files.look_around()
        await desk.press("ctrl+z")
        assert desk.ide.editor.text == TWO

"""Run files in the IDE: opened where they were kept, offline, beside other programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.process import no_ide
from tests.engine.run_files import KEEP, changed, content, file_of, records_of
from tests.support import EXAMPLES
from tests.terminal import Terminal
from tests.tui.driving import Desk, ide, told
from watstep.cli.main import main
from watstep.cli.opening import IdeRequest
from watstep_tui.screens.stepping import SteppingScreen


def kept_at(path: Path, instant: int, *commands: str) -> Path:
    """A run file of the program that asks for keys, left at an instant with breakpoints."""
    records = records_of(content())
    notes = [{"record": "breakpoint", "command": line} for line in commands]
    standing = {"record": "position", "instant": instant, "level": "source"}
    path.write_bytes(file_of([*records[:-1], *notes, standing, records[-1]]))
    return path


def stepping(desk: Desk) -> SteppingScreen:
    """The stepping screen, which must be open."""
    screen = desk.app.screen
    assert isinstance(screen, SteppingScreen)
    return screen


def stands(desk: Desk) -> tuple[int, list[int]]:
    """The instant, and the lines of the breakpoints."""
    snapshot = stepping(desk).snapshot
    assert snapshot
    return snapshot.instant, [item.line for item in snapshot.breakpoints if item.line]


async def test_a_run_file_is_opened_where_it_was_kept(tmp_path: Path) -> None:
    """From the list of files; its program is there to edit, and F6 steps the run again."""
    kept_at(tmp_path / "made.run", 8, "break source 3")
    async with ide(tmp_path / "other.wat", "(i32.const 1)\n") as desk:
        await desk.press("ctrl+o", *"mad")
        assert "made.run" in desk.seen
        assert "  run" in desk.seen
        await desk.press("enter")
        assert stands(desk) == (8, [3])
        assert "program.wat of made.run" in desk.seen
        assert "the run of made.run: nothing is called" in desk.seen
        await desk.press("N")
        assert stands(desk)[0] == 7
        await desk.press("f5")
        said = stepping(desk).said
        assert said
        assert "save that as a file and grant it what it needs" in said[0]
        await desk.press("e")
        assert desk.ide.editor.text == KEEP
        assert desk.ide.editor.breakpoints.keys() == {3}
        assert not desk.ide.unsaved
        await desk.press("f6")
        assert stands(desk) == (7, [3])
        await desk.press("home", "b", "e", "f6")
        assert stands(desk) == (0, [3, 2])
        await desk.press("e", "f5")
        assert desk.dialog == "GrantDialog"
        await desk.press("escape", "ctrl+w")
        assert desk.ide.workspace.name == "other.wat"
        assert str(tmp_path / "made.run") in desk.app.store.read_user().recent


async def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    """With its wrong line; nothing else changes."""
    broken = tmp_path / "made.run"
    broken.write_bytes(changed(3, lambda record: record.update(pages=-1)))
    async with ide(tmp_path / "other.wat", "(i32.const 1)\n") as desk:
        await desk.press("ctrl+o", *"mad", "enter")
        assert "line 3: `pages` must be a whole number from 0 to 65536" in told(desk)
        assert len(desk.ide.buffers) == 1


async def test_what_was_kept_and_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A breakpoint that this program has no line for; the run is there all the same."""
    kept_at(tmp_path / "made.run", 4, "break source 99")
    async with ide(tmp_path / "other.wat", "(i32.const 1)\n") as desk:
        await desk.press("ctrl+o", *"mad", "enter")
        assert stands(desk) == (4, [])
        assert "`break source 99`: the source has no line 99" in told(desk)


def test_the_command_line_opens_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`open FILE` and FILE alone, without any grant of the run; no program, nothing given to it."""
    path = str(kept_at(tmp_path / "made.run", 8))
    asked: list[IdeRequest] = []

    def opens(request: IdeRequest) -> int:
        asked.append(request)
        return 0

    assert main(["open", path], opens) == 0
    assert main([path], opens) == 0
    for request in asked:
        assert request.run
        assert request.run.title == "program.wat of made.run"
        assert (request.path, request.text) == (None, None)
        assert "kv" not in request.settings.grants
    assert main([path, "argument"], no_ide) == 2
    assert main([path, "--grant", "kv"], no_ide) == 2
    assert main(["open", str(EXAMPLES / "sum.wat")], no_ide) == 2
    assert "line 1: this is no run file" in capsys.readouterr().err
    Path(path).write_text(json.dumps({"record": "run"}) + "\n")
    assert main([path], no_ide) == 2
    assert "line 1: `format` is missing" in capsys.readouterr().err


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=str)
def test_in_a_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    """A program is run, its run kept by P, and the file stepped by another watstep."""
    program = tmp_path / "sum.wat"
    program.write_text((EXAMPLES / "sum.wat").read_text("utf-8"), "utf-8")
    with Terminal(tmp_path, size, str(program)) as first:
        first.see("EDITING")
        first.press("f6")
        first.see("STEPPING", "instant 0")
        first.press("20g")
        first.see("instant 20")
        first.press("P")
        first.see("Save run as", "sum.run")
        first.press("enter")
        first.see("the run is kept in", gone="Save run as")
        first.press("e")
        first.see("EDITING")
        first.press("ctrl+q")
    with Terminal(tmp_path, size, str(tmp_path / "sum.run")) as second:
        second.see("STEPPING", "sum.wat of", "instant 20")
        second.press("S", "e")
        second.see("EDITING", "sum.wat of sum.run")
        second.press("ctrl+q")

"""What is taken along from a session: `P` keeps its run, `Y` copies it as a script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.engine.run_files import KEEP
from tests.support import warm_environment
from tests.tui.driving import Desk, ide
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep.runfile.comparing import replay_run
from watstep.runfile.reading import RunFile, read_run
from watstep_tui.app import WatstepApp
from watstep_tui.screens.stepping import SteppingScreen


def on_program(folder: Path) -> AbstractAsyncContextManager[Desk]:
    """The IDE on a program that asks the host, with all that it needs."""
    settings = RunSettings(("one", "two"), parse_grants(["kv"]))
    return ide(folder / "keep.wat", KEEP, settings=settings)


def screen_of(desk: Desk) -> SteppingScreen:
    """The stepping screen, which must be open."""
    screen = desk.app.screen
    assert isinstance(screen, SteppingScreen)
    return screen


def said(desk: Desk) -> str:
    """What the stepping screen's status says."""
    return (screen_of(desk).said or ("", ""))[0]


def kept(path: Path) -> RunFile:
    """The run in a file."""
    return read_run(path.name, path.read_bytes())


async def test_a_run_is_kept(tmp_path: Path) -> None:
    """Where it stands, with its breakpoints; over a run file after an answer, over no other."""
    async with on_program(tmp_path) as desk:
        await desk.press("f5", "f6", "n", "n", "4", "b", "P")
        assert desk.dialog == "PathDialog"
        await desk.press("enter")
        path = tmp_path / "keep.run"
        assert said(desk) == f"the run is kept in {path}: 7 host calls"
        run = kept(path)
        assert replay_run(run).difference is None
        assert [note.command for note in run.notes] == ["break s4"]
        assert run.standing
        position = screen_of(desk).snapshot
        assert position
        assert run.standing.instant == position.instant > 0
        assert str(path) in desk.app.store.read_user().recent
        await desk.press("n", "P", "enter")
        assert desk.dialog == "QuestionDialog"
        await desk.press("right", "enter")
        again = kept(path).standing
        assert again
        assert again.instant > run.standing.instant
        await desk.press("P", "ctrl+u", *"keep", "full_stop", *"wat", "enter", "right", "enter")
        assert "is no run file: it is not written over" in said(desk)
        assert (tmp_path / "keep.wat").read_text("utf-8") == KEEP


async def test_a_session_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines, run by a shell, end at the same position with the same breakpoints."""
    copied: list[str] = []
    monkeypatch.setattr(WatstepApp, "copy_to_clipboard", lambda app, text: copied.append(text))
    async with on_program(tmp_path) as desk:
        await desk.press("f9", "f6", "n", "2", "s", "4", "b", "c", "tab", "n", "S")
        await desk.press("T", "T", "T", "T", "enter")
        await desk.press("colon", *"print", "space", *"step", "enter", "Y")
        assert said(desk).startswith("copied as `watstep debug` with")
        snapshot = screen_of(desk).snapshot
        assert snapshot
    assert "disable 1" in copied[0]
    ask = " -x state -x breakpoints"
    command = tmp_path / "watstep"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m watstep_tui "$@"\n')
    command.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    line = copied[0].replace(" -- ", f"{ask} -- ") if " -- " in copied[0] else copied[0] + ask
    done = subprocess.run(
        ["sh", "-c", line],
        capture_output=True,
        text=True,
        env={**warm_environment(), "PATH": path},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    stands = f"instant {snapshot.instant} of {snapshot.state.last_instant or '?'}, "
    assert f"{stands}level {snapshot.level.value}\n" in done.stdout
    listed = [row for row in done.stdout.splitlines() if row.startswith("breakpoint ")]
    numbers = [item.line for item in snapshot.breakpoints]
    made = [re.findall(r" line (\d+)", row)[0] for row in listed[-len(numbers) :]]
    assert list(map(int, made)) == numbers

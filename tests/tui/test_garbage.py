"""No key waits for Python's garbage collection."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.workspace import Workspace
from watstep_tui.terminal.garbage import LEAST, QUIET, Garbage


async def test_collection_is_off_while_the_ide_is_open(tmp_path: Path) -> None:
    """Python collects again once the IDE is left."""
    app = WatstepApp(Workspace(tmp_path / "a.wat", tmp_path / "state"), "", RunSettings())
    async with app.run_test():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_garbage_is_looked_for_when_nobody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a key made is left until the keys pause, and then only where there is enough."""
    now = 100.0
    monkeypatch.setattr("watstep_tui.terminal.garbage.time.monotonic", lambda: now)
    found = Garbage()
    found.begin()
    try:
        gc.collect()
        now += QUIET
        assert not found.look()
        kept: list[list[object]] = [[] for _ in range(2 * LEAST)]
        found.note_input()
        assert not found.look()
        now += QUIET
        assert found.look()
        assert not found.look()
        del kept
    finally:
        found.end()

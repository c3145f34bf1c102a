"""Stepping as it looks: few pictures, of a program without anything that differs between runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support import EXAMPLES
from tests.tui.driving import PicturedApp, SnapCompare, settled
from watstep.host.settings import RunSettings
from watstep_tui.files.workspace import Workspace

KEYS = ("f6", "end", "home", "4", "7", "g", "2", "6", "b", "1", "tab", "t", "t", "t")
"""The trace, at the fourth time round, with a breakpoint."""
LOOKS = [("watstep-dusk", (120, 40)), ("watstep-paper", (80, 24))]


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_stepping(
    theme: str, size: tuple[int, int], tmp_path: Path, snap_compare: SnapCompare
) -> None:
    """Code, values, trace, bar, status and keys."""
    app = PicturedApp(Workspace(EXAMPLES / "sum.wat", tmp_path), None, RunSettings())

    async def step(pilot: Pilot[None]) -> None:
        app.use_theme(theme)
        await settled(pilot)
        for key in KEYS:
            await pilot.press(key)
            await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=step)

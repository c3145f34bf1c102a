"""Pictures of the views of the expansion, in looks that differ; `make snapshots` takes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support import EXAMPLES
from tests.tui.driving import NARROW, WIDE, PicturedApp, SnapCompare, settled
from watstep.host.settings import RunSettings
from watstep_tui.files.workspace import Workspace

DOWN = ("down",) * 10
STRING = (*("down",) * 6, "end", "left", "left")
"""To the first macro of the program, and from there to its string."""
PICTURES: list[tuple[str, tuple[int, int], str, tuple[str, ...]]] = [
    ("level", WIDE, "watstep-contrast", (*DOWN, "alt+e", *STRING, "alt+e")),
    ("flat", WIDE, "watstep-dusk", (*DOWN, "alt+5")),
    ("interleaved", NARROW, "watstep-paper", (*DOWN, "alt+6")),
    ("note", NARROW, "watstep-clear", (*DOWN, *STRING, "ctrl+e", "alt+n")),
]


@pytest.mark.parametrize(("size", "theme", "keys"), [row[1:] for row in PICTURES],
                         ids=[row[0] for row in PICTURES])  # fmt: skip
def test_view(
    size: tuple[int, int],
    theme: str,
    keys: tuple[str, ...],
    tmp_path: Path,
    snap_compare: SnapCompare,
) -> None:
    """The form at the cursor is lit in both panes, beside each other."""
    app = PicturedApp(Workspace(EXAMPLES / "fetch.wat", tmp_path), None, RunSettings())

    async def look(pilot: Pilot[None]) -> None:
        app.use_theme(theme)
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=look)

"""Text that others wrote reaches neither the terminal as control nor Textual as markup."""

from __future__ import annotations

from pathlib import Path

from tests.tui.driving import drawn, settled
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.workspace import Workspace

LOGGED = '(call $dbg.log "x\\1b]0;title\\07 [/nobody] [b]y")'
PROGRAM = f"{LOGGED} ;; \x1b[31m \x9b\u202e\n(i32.const 0)\n"


async def test_control_characters_are_shown(tmp_path: Path) -> None:
    """While editing, running and stepping, in every tab; markup in toasts is text."""
    path = tmp_path / "[b]m.wat"
    path.write_text(PROGRAM, "utf-8")
    app = WatstepApp(Workspace(path, tmp_path / "state"), None, RunSettings())
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settled(pilot)
        assert "␛" in drawn(app)
        for key in ("f5", "f6", "end", "tab", "tab", "tab", "tab", "tab"):
            await pilot.press(key)
            await settled(pilot)
            seen = drawn(app)
            assert not {"\x1b", "\x9b", "\x07", "\u202e"} & set(seen), key
        for command in ("calls", "list"):
            await pilot.press("colon", *command, "enter")
            await settled(pilot)
        assert app.is_running

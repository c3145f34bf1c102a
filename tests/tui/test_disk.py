"""A file that another program writes is noticed, offered, and never silently overwritten."""

from __future__ import annotations

from pathlib import Path

from tests.tui.driving import settled
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.workspace import Workspace
from watstep_tui.screens.dialogs.difference import DifferenceDialog
from watstep_tui.screens.dialogs.question import QuestionDialog


async def test_saving_asks_before_it_overwrites(tmp_path: Path) -> None:
    """Ctrl+S over a foreign change asks; reloading can be undone."""
    path = tmp_path / "program.wat"
    path.write_text("(i32.const 1)")
    app = WatstepApp(Workspace(path, tmp_path / "state"), None, RunSettings())
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        app.ide.editor.insert(";; mine\n", (0, 0))
        path.write_text("(i32.const 2)")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, DifferenceDialog)
        assert path.read_text() == "(i32.const 2)"
        await pilot.press("enter")
        await settled(pilot)
        assert app.ide.editor.text == "(i32.const 2)"
        app.ide.editor.undo()
        await settled(pilot)
        assert app.ide.editor.text.startswith(";; mine")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert path.read_text() == ";; mine\n(i32.const 1)"


async def test_kept_work_is_offered_until_it_is_answered(tmp_path: Path) -> None:
    """Escape does not lose what a crash left; taking it can be undone."""
    path = tmp_path / "program.wat"
    path.write_text("(i32.const 1)")
    workspace = Workspace(path, tmp_path / "state")
    workspace.copy.keep(";; kept")
    app = WatstepApp(workspace, None, RunSettings())
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, QuestionDialog)
        await pilot.press("enter")
        await settled(pilot)
        assert app.ide.editor.text == ";; kept"
        app.ide.editor.undo()
        assert app.ide.editor.text == "(i32.const 1)"

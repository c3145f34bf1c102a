"""The IDE as a person uses it, driven by keys."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.widgets._toast import Toast

from tests.tui.driving import PROGRAM, ide, opened, settled, tab_rows
from watstep_tui.files.workspace import DiskState, Workspace
from watstep_tui.keymap import ALWAYS, EDITING
from watstep_tui.screens.dialogs.grant import GrantDialog

UNGRANTED = """(local $e i32) (call $http.get "http://h/")
(local.set $e) (local.set $e) (local.get $e)"""


async def test_the_expansion_and_the_problems_follow_the_text(tmp_path: Path) -> None:
    """The expansion and the problems follow the text."""
    app = opened(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert "(func $run" in app.ide.view.text
        assert "B wasm" in app.ide.status(app.ide.compilation)  # type: ignore[arg-type]
        app.ide.editor.text = "(local.get $y)"
        await settled(pilot)
        assert app.ide.editor.problems
        app.ide.editor.text = "(i32.const 1)"
        await settled(pilot)
        assert not app.ide.editor.problems


async def test_keys_in_one_burst_keep_their_order(tmp_path: Path) -> None:
    """Keys in one burst keep their order."""
    app = opened(tmp_path, "tail")
    async with app.run_test(size=(100, 30)) as pilot:
        keys = ["a", "b", "enter", "up", "end", "Z", "Z", "left", "Q", "down", "home", "1"]
        for key in keys:
            character = key if len(key) == 1 else None
            app._driver.send_message(events.Key(key, character))  # type: ignore[union-attr]
        await settled(pilot)
        assert app.ide.editor.text == "abZQZ\n1tail"


async def test_undo_of_a_long_paste_in_a_small_area(tmp_path: Path) -> None:
    """Undo of a long paste in a small area."""
    app = opened(tmp_path, "")
    async with app.run_test(size=(60, 16)) as pilot:
        app.ide.editor.insert("\n".join(map(str, range(100))))
        await pilot.pause()
        await pilot.press("ctrl+z")
        assert app.ide.editor.text == ""
        await pilot.press("ctrl+y")
        assert app.ide.editor.document.line_count == 100


async def test_every_action_has_its_method(tmp_path: Path) -> None:
    """Every row of the registry does something in its mode."""
    app = opened(tmp_path)
    assert all(callable(app.ide.action_named(action.id)) for action in EDITING)
    assert all(hasattr(app, f"action_{action.id}") for action in ALWAYS)


async def test_quitting_with_unsaved_work_asks_and_saves(tmp_path: Path) -> None:
    """Quitting with unsaved work asks and saves."""
    app = opened(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("X", "ctrl+q")
        await pilot.pause()
        assert app.screen is not app.ide
        await pilot.press("enter")
        await pilot.pause()
    assert (tmp_path / "program.wat").read_text() == "X" + PROGRAM


def test_unsaved_work_and_foreign_changes_are_noticed(tmp_path: Path) -> None:
    """Unsaved work and foreign changes are noticed."""
    path = tmp_path / "a.wat"
    path.write_text("one")
    workspace = Workspace(path, tmp_path / "state")
    assert workspace.open().recovered is None
    workspace.copy.keep("two")
    workspace.copy.release()
    workspace = Workspace(path, tmp_path / "state")
    assert workspace.open().recovered == "two"
    assert workspace.look().state is DiskState.SAME
    path.write_text("three")
    assert workspace.look() == (DiskState.CHANGED, "three")
    assert workspace.look().state is DiskState.SAME
    workspace.save("four")
    assert path.read_text() == "four"
    assert not workspace.copy.place.exists()
    assert {entry.name for entry in tmp_path.iterdir()} >= {"a.wat", "state"}
    assert not list(tmp_path.glob(".a.wat*"))


async def test_running_shows_the_result_and_a_missing_grant(tmp_path: Path) -> None:
    """F5 runs on wasmtime; a program that needs more than it was given does not start."""
    app = opened(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("f5")
        await settled(pilot)
        assert "returned 5" in tab_rows(app, "Result")
        app.ide.editor.text = UNGRANTED
        await settled(pilot)
        await pilot.press("f5")
        await settled(pilot)
        assert isinstance(app.screen, GrantDialog)


async def test_messages_leave_the_lines_at_the_bottom_in_sight(tmp_path: Path) -> None:
    """A message covers neither status nor keys, nor the bar of a run, in both modes."""
    app = opened(tmp_path)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        for key, lowest in (("f5", "#status"), ("f6", "#bar")):
            await pilot.press(key)
            await settled(pilot)
            app.screen.notify("a message\nof two lines")
            await settled(pilot)
            toast = app.screen.query(Toast).last()
            assert toast.region.height
            assert toast.region.bottom <= app.screen.query_one(lowest).region.y


async def test_what_was_said_of_a_place_goes_with_the_cursor(tmp_path: Path) -> None:
    """And with the next command; what a command says after it moved the cursor stays."""
    async with ide(tmp_path / "a.wat", PROGRAM) as desk:
        for leaves in ("down", "f7", "alt+2"):
            await desk.press("ctrl+t")
            assert desk.status.startswith("watstep knows no fix")
            await desk.press(leaves)
            assert "fix" not in desk.status
            await desk.press("ctrl+home")
        await desk.write("(local.get $x)\n(local.get $y)\n")
        await desk.press("f8")
        assert desk.status.startswith("1 of ")

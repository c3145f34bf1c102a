"""Help for the pane in use, jumping, the first page, and the user's files edited in the IDE."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.dom import DOMNode
from textual.widgets import TextArea

from tests.tui.driving import NARROW, WIDE, Desk, ide
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.configuration.user_files import KEYMAP_FILE, SETTINGS_FILE
from watstep_tui.files.workspace import Workspace
from watstep_tui.keymap import When, rows_of
from watstep_tui.screens.dialogs.keys import FIND_BAR, HERE, KeysDialog, key_groups
from watstep_tui.screens.panel import BottomPanel
from watstep_tui.widgets.expansion import ExpansionView
from watstep_tui.widgets.find_bar import FindBar

TEXT = "(argv 0 $a)\n(i32.const 1)\n"


@pytest.mark.parametrize(("mode", "pane"), [(m, pane) for m in HERE for pane in HERE[m]])
def test_the_help_on_a_pane_names_rows_that_there_are(mode: When, pane: str) -> None:
    """First those of the pane, then every row of the mode."""
    known = {row.id for row in rows_of(mode)}
    assert set(HERE[mode][pane].rows) <= known
    groups = list(key_groups(mode, pane))
    assert groups[0][0] == f"In {HERE[mode][pane].title}"
    of_bar = len(FIND_BAR.own + FIND_BAR.rows) if mode is When.EDITING else 0
    assert sum(len(rows) for _, rows in groups[1:]) == len(known) + of_bar


@pytest.mark.parametrize(("pane", "kind"), [("expansion", ExpansionView), ("panel", BottomPanel)])
def test_the_help_on_a_pane_names_keys_that_it_has(pane: str, kind: type[DOMNode]) -> None:
    """Its own keys are bound in it."""
    bound = kind._merge_bindings().key_to_bindings
    for keys, _ in HERE[When.EDITING][pane].own:
        assert set(keys) <= set(bound)


def test_the_help_on_the_find_bar_names_all_of_its_keys() -> None:
    """Those that are bound in it, and Enter, which its lines have; others are the registry's."""
    bound = {key for key in FindBar._merge_bindings().key_to_bindings if key != "shift+tab"}
    assert {key for keys, _ in FIND_BAR.own for key in keys} == bound | {"enter"}


async def test_help_begins_with_the_pane_in_use_and_finds_words(tmp_path: Path) -> None:
    """Typing leaves the lines with every word; arrows scroll; F1 closes."""
    async with ide(tmp_path / "a.wat", TEXT, size=NARROW) as desk:
        await desk.press("f1")
        assert "In the source" in desk.seen
        await desk.press("escape", "ctrl+e", "f1")
        assert "In the expansion" in desk.seen
        await desk.type("find before")
        assert "To the match before" in desk.seen
        assert "In the expansion" not in desk.seen
        await desk.type("xyz")
        assert "no key has all of these words" in desk.seen
        await desk.press("f1", "f7", "f1")
        assert "In the tabs" in desk.seen
        await desk.press("escape", "f6", "question_mark")
        assert isinstance(desk.app.screen, KeysDialog)
        assert "In the code" in desk.seen
        await desk.type(":goto")
        assert "A twentieth of what the bar shows on" in desk.seen


JUMPS = [("1", "source"), ("2", "expansion"), ("3", "panel"), ("6", "panel")]


@pytest.mark.parametrize("size", [WIDE, NARROW, (60, 15)], ids=str)
async def test_a_label_goes_to_a_pane_or_a_tab(size: tuple[int, int], tmp_path: Path) -> None:
    """Labels stand where the panes do; any other key goes nowhere."""
    async with ide(tmp_path / "a.wat", TEXT, size=size) as desk:
        for key, pane in JUMPS:
            await desk.press("alt+j")
            assert desk.dialog == "JumpScreen"
            labels = {label.name: label.region for label in desk.app.screen.query("Static")}
            assert list(labels) == [
                "Source", "Expansion", "Problems", "Result", "Host calls", "Log",
            ]  # fmt: skip
            assert all(desk.app.screen.region.contains_region(label) for label in labels.values())
            assert len({label.offset for label in labels.values()}) == 6
            await desk.press(key)
            assert desk.app.focused
            assert desk.app.focused.id == pane
        assert desk.ide.panel.tab == "Log"
        await desk.press("alt+j", "x")
        assert desk.dialog == ""
        assert desk.ide.panel.has_focus
        await desk.press("alt+j")
        source = desk.app.screen.query("Static").first().region
        await desk.pilot.click(offset=source.offset)
        await desk.press()
        assert desk.ide.editor.has_focus


async def test_the_first_page_is_seen_once(tmp_path: Path) -> None:
    """Any key skips it; a number opens an example, whose own file is not the program's."""
    for welcomed in (False, True):
        app = WatstepApp(Workspace(None, tmp_path), None, RunSettings())
        app.greets = True
        async with app.run_test(size=NARROW) as pilot:
            desk = Desk(app, pilot)
            await desk.press()
            assert (desk.dialog == "WelcomeDialog") is not welcomed
            if welcomed:
                await desk.press("alt+w")
                assert "The keys to begin with" in desk.seen
                await desk.press("2")
                assert "(loop" in desk.ide.editor.text
                assert desk.ide.workspace.path is None
                assert "●" not in desk.seen
                await desk.press("enter")
                assert "untitled ●" in desk.seen
                await desk.press("ctrl+z", "ctrl+w")
                assert (desk.dialog, desk.ide.editor.text) == ("", "")
            else:
                await desk.press("x")
                assert desk.ide.editor.text == ""
            assert desk.dialog == ""


async def test_the_users_files_are_edited_in_the_ide(tmp_path: Path) -> None:
    """Problems as one types; what is saved is in force; leaving unsaved work is asked twice."""
    async with ide(tmp_path / "a.wat", TEXT, size=NARROW) as desk:
        await desk.press("alt+k")
        assert "# theme = " in desk.seen
        await desk.type("key_lime = false\n")
        assert "line 1: there is no setting `key_lime`; did you mean" in desk.seen
        await desk.press("escape")
        assert "not saved" in desk.seen
        await desk.press("up", "end", *["backspace"] * 10, *"ne", "space", "=", "space", *"false")
        await desk.press("ctrl+s", "escape")
        assert desk.dialog == ""
        assert desk.app.configuration.path(SETTINGS_FILE).read_text().startswith("key_line = false")
        assert not desk.app.chosen.preferences.key_line
        await desk.press("alt+y")
        assert "[editing]" in desk.app.screen.query_one(TextArea).text
        await desk.press("escape")
        assert not desk.app.configuration.path(KEYMAP_FILE).exists()

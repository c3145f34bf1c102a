"""Palette, help, header and footer come from the one registry, for the mode one is in."""

from __future__ import annotations

from pathlib import Path

from tests.tui.driving import NARROW, Desk, ide
from watstep_tui.keymap import When, key_label, rows_of
from watstep_tui.screens.dialogs.palette import PaletteDialog
from watstep_tui.screens.stepping import SteppingScreen

TEXT = "(i32.const 1)\n"


def offered(desk: Desk) -> list[str]:
    """The rows of the palette that is open, in order."""
    palette = desk.app.screen
    assert isinstance(palette, PaletteDialog)
    listed = palette.listed
    return [str(listed.get_option_at_index(at).prompt) for at in range(listed.option_count)]


async def test_the_palette_offers_the_rows_of_the_mode(tmp_path: Path) -> None:
    """Every row but the palette's own, in both modes; choosing one carries it out."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        for mode, keys in ((When.EDITING, ()), (When.STEPPING, ("f5", "f6"))):
            await desk.press(*keys, "ctrl+p")
            rows = [row for row in rows_of(mode) if row.id != "command_palette"]
            for shown, row in zip(offered(desk), rows, strict=True):
                assert shown.startswith(f"{row.label} ")
                assert f" {key_label(row.keys[0])} " in shown
                assert row.help in shown
            await desk.press("escape")
        await desk.press("ctrl+p")
        await desk.type("back over")
        await desk.press("enter")
        assert isinstance(desk.app.screen, SteppingScreen)
        await desk.press("e", "ctrl+p")
        await desk.type("go to line")
        await desk.press("enter")
        assert desk.dialog == "LineDialog"


async def test_the_palette_finds_names_before_help(tmp_path: Path) -> None:
    """What is called so stands first, then what has the words in its name, then in its help."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("ctrl+p")
        await desk.type("line")
        names = [row[:12].strip() for row in offered(desk)]
        assert names[0] == "Go to line"
        assert "Breakpoint" in names[1:]
        await desk.type("x")
        assert offered(desk) == ["nothing here is called so"]
        await desk.press("enter", "down", "enter")
        assert desk.dialog == "PaletteDialog"


async def test_help_lists_the_keys_of_the_mode(tmp_path: Path) -> None:
    """F1, grouped; while stepping also `?`, with the commands that the keys stand for."""
    async with ide(tmp_path / "a.wat", TEXT, size=NARROW) as desk:
        await desk.press("f1")
        assert "Keys while editing" in str(desk.app.screen.query_one("Vertical").border_title)
        assert "Run the program" in desk.seen
        # A dialog is answered before anything else: no second one opens over it.
        await desk.press("f5", "ctrl+q", "ctrl+p")
        assert desk.dialog == "KeysDialog"
        await desk.press("f1", "f6", "question_mark")
        assert desk.dialog == "KeysDialog"
        assert ":step" in desk.seen
        await desk.press("escape")
        assert isinstance(desk.app.screen, SteppingScreen)


async def test_header_and_keys_can_be_clicked(tmp_path: Path) -> None:
    """The header says the mode, the name and whether it is saved; its keys take clicks."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        line = desk.ide.header.render_line(0).text
        assert "a.wat " in line
        assert "●" not in line
        await desk.press("x")
        line = desk.ide.header.render_line(0).text
        assert "a.wat ●" in line
        await desk.pilot.click(desk.ide.header, offset=(line.index("F1") + 1, 0))
        await desk.press()
        assert desk.dialog == "KeysDialog"
        await desk.press("escape")
        keys = desk.app.screen.query_one("KeyBar")
        at = keys.render_line(0).text.index("save") + 1
        await desk.pilot.click(keys, offset=(at, 0))
        await desk.press()
        assert not desk.ide.unsaved


async def test_the_tabs_can_be_clicked(tmp_path: Path) -> None:
    """A click on a tab's name shows it; one on a row goes to its place."""
    async with ide(tmp_path / "a.wat", "(check $b)\n(local.get $a)") as desk:
        await desk.press("f7")
        cells = desk.ide.panel.tab_cells
        await desk.pilot.click(desk.ide.panel, offset=(cells["Result"].start + 3, 0))
        await desk.press()
        assert desk.ide.panel.tab == "Result"
        assert "F5 runs the program" in desk.seen
        await desk.pilot.click(desk.ide.panel, offset=(cells["Problems"].start + 3, 0))
        await desk.pilot.click(desk.ide.panel, offset=(5, 2))
        await desk.press()
        assert desk.place() == (2, 12)


async def test_a_tiny_terminal_says_what_it_needs(tmp_path: Path) -> None:
    """Under 60 columns there is no room to work; a wider terminal brings everything back."""
    async with ide(tmp_path / "a.wat", TEXT, size=(50, 16)) as desk:
        assert "needs 60 columns" in desk.seen
        await desk.pilot.resize_terminal(100, 30)
        await desk.press()
        assert "i32.const" in desk.seen

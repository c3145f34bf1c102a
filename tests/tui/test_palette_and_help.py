"""Palette, help, header and footer come from the one registry, for the mode one is in."""

from __future__ import annotations

from pathlib import Path

from textual.command import CommandList, CommandPalette

from tests.tui.driving import NARROW, Desk, ide, until
from watstep_tui.keymap import When, rows_of
from watstep_tui.screens.stepping import SteppingScreen

TEXT = "(i32.const 1)\n"


def titles(desk_app: object) -> list[str]:
    """What the palette offers."""
    app = desk_app
    commands = app.get_system_commands(app.screen)  # type: ignore[attr-defined]
    return [command.title.lower() for command in commands]


async def choose(desk: Desk, title: str) -> None:
    """Type a row's title into the palette, and take it once it is offered alone."""
    await desk.type(title)
    palette = desk.app.screen
    offered = palette.query_one(CommandList)
    await until(desk.pilot, lambda: offered.option_count == 1)
    await desk.press("enter")
    await until(desk.pilot, lambda: desk.app.screen is not palette)


async def test_the_palette_offers_the_rows_of_the_mode(tmp_path: Path) -> None:
    """Every row but the palette's own, in both modes; choosing one carries it out."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        for mode, keys in ((When.EDITING, ()), (When.STEPPING, ("f5", "f6"))):
            await desk.press(*keys)
            rows = [row for row in rows_of(mode) if row.id != "command_palette"]
            assert titles(desk.app) == [row.label.lower() for row in rows]
        await desk.press("ctrl+p")
        assert isinstance(desk.app.screen, CommandPalette)
        await choose(desk, "back over")
        assert isinstance(desk.app.screen, SteppingScreen)
        await desk.press("e", "ctrl+p")
        await choose(desk, "go to line")
        await until(desk.pilot, lambda: desk.dialog == "LineDialog")


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
        at = keys.render_line(0).text.index("Save") + 1
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

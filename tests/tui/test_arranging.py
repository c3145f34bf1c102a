"""Panes share the room as a person wants it: by mouse and keys, kept, at every size."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.app import App

from tests.support import EXAMPLES
from tests.tui.driving import NARROW, WIDE, Desk, ide
from watstep_tui.screens.stepping import SteppingScreen

TEXT = (EXAMPLES / "sum.wat").read_text("utf-8")
HUGE, SMALL = (200, 60), (60, 15)


def mouse(kind: type[events.MouseEvent], x: int, y: int, button: int = 1) -> events.MouseEvent:
    """An event as the terminal sends it."""
    return kind(None, x, y, 0, 0, button, False, False, False, x, y)


def send(app: App[None], *made: events.MouseEvent) -> None:
    """Have the terminal send events."""
    assert app._driver is not None
    for event in made:
        app._driver.send_message(event)


async def drag(desk: Desk, begin: tuple[int, int], end: tuple[int, int]) -> None:
    """Press, move and let go."""
    send(
        desk.app,
        mouse(events.MouseDown, *begin),
        mouse(events.MouseMove, *end),
        mouse(events.MouseUp, *end),
    )
    await desk.press()


def width(desk: Desk, name: str) -> int:
    """The cells of a pane with its border."""
    return desk.app.screen.query_one(f"#{name}").outer_size.width


def height(desk: Desk, name: str) -> int:
    """The rows of a pane with its border."""
    return desk.app.screen.query_one(f"#{name}").outer_size.height


async def test_the_border_between_the_code_panes_is_dragged(tmp_path: Path) -> None:
    """It moves, is kept for the next start, and a double click takes it back."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        assert width(desk, "source") == 60
        place = desk.place()
        await drag(desk, (60, 5), (40, 5))
        assert (width(desk, "source"), width(desk, "expansion")) == (40, 80)
        assert desk.place() == place
    async with ide(tmp_path / "a.wat") as desk:
        assert width(desk, "source") == 40
        click = (mouse(events.MouseDown, 40, 5), mouse(events.MouseUp, 40, 5))
        send(desk.app, *click, *click)
        await desk.press()
        assert width(desk, "source") == 60


async def test_the_top_edge_of_the_tabs_is_dragged_and_still_clicked(tmp_path: Path) -> None:
    """Where it is not moved, a click on a tab's name is one."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("f7")
        top = desk.ide.panel.region.y
        await drag(desk, (70, top), (70, top - 6))
        assert desk.ide.panel.region.y == top - 6
        cells = desk.ide.panel.tab_cells["Log"]
        await desk.pilot.click(desk.ide.panel, offset=(cells.start + 3, 0))
        await desk.press()
        assert desk.ide.panel.tab == "Log"


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_keys_resize_the_pane_in_use(size: tuple[int, int], tmp_path: Path) -> None:
    """Side by side in width, one above the other in height; what is reset is as at first."""
    measure = width if size == WIDE else height
    async with ide(tmp_path / "a.wat", TEXT, size=size) as desk:
        first = measure(desk, "source")
        await desk.press("alt+equals_sign")
        assert measure(desk, "source") > first
        await desk.press("alt+minus", "alt+minus")
        assert measure(desk, "source") < first
        await desk.press("ctrl+e", "alt+equals_sign")
        assert measure(desk, "expansion") > first
        await desk.press("alt+l")
        assert measure(desk, "source") == first


async def test_a_pane_alone_and_one_put_away(tmp_path: Path) -> None:
    """What keys go to is seen, whatever was put away."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("alt+m")
        assert (width(desk, "source"), desk.ide.view.display) == (120, False)
        await desk.press("ctrl+e")
        assert (width(desk, "expansion"), desk.ide.editor.display) == (120, False)
        await desk.press("alt+m")
        assert width(desk, "expansion") == 60
        await desk.press("alt+h")
        assert desk.ide.editor.has_focus
        assert width(desk, "source") == 120
    async with ide(tmp_path / "a.wat") as desk:
        assert width(desk, "source") == 120
        await desk.press("f7", "alt+m")
        assert height(desk, "panel") > 30
        await desk.press("escape", "x")
        assert desk.ide.editor.text.startswith("x")
        assert desk.ide.editor.display
        await desk.press("ctrl+e")
        assert desk.ide.view.has_focus
        assert width(desk, "expansion") == 60


async def test_tabs_open_over_a_pane_alone(tmp_path: Path) -> None:
    """A run's end is seen beside the pane that has the room."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("alt+m", "f5")
        assert "returned" in desk.seen
        assert desk.ide.panel.size.height > 3


async def test_stepping_has_a_layout_of_its_own(tmp_path: Path) -> None:
    """The code, the values and the tabs share the room by the same keys and the mouse."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("f6")
        assert isinstance(desk.app.screen, SteppingScreen)
        source, values = width(desk, "source"), width(desk, "values")
        await desk.press("alt+equals_sign")
        assert width(desk, "source") > source
        await drag(desk, (120 - values, 5), (70, 5))
        assert width(desk, "values") == 50
        await desk.press("3", "tab", "alt+m")
        assert width(desk, "stack") == 120
        await desk.press("alt+m", "alt+h")
        assert desk.app.screen.board.active == "source"
        assert not desk.app.screen.query_one("#values").display
        await desk.press("3", "tab", "e")
        assert width(desk, "source") == 60


@pytest.mark.parametrize("size", [HUGE, SMALL, (20, 6), (1, 1)])
async def test_any_size_in_the_midst_of_anything(size: tuple[int, int], tmp_path: Path) -> None:
    """Panes, tabs, dialogs and stepping live through every size."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        for keys in (("f7", "alt+equals_sign"), ("f1",), ("escape", "alt+m"), ("f6", "n", "alt+m")):
            await desk.press(*keys)
            await desk.pilot.resize_terminal(*size)
            await desk.press()
            await desk.pilot.resize_terminal(*WIDE)
            await desk.press()
        assert "stopped" in desk.seen, desk.seen[-800:]


async def test_much_room_is_used_and_little_is_enough(tmp_path: Path) -> None:
    """Tabs stand beside the code where it is wide; one code pane is seen where it is low."""
    async with ide(tmp_path / "a.wat", TEXT, size=HUGE) as desk:
        await desk.press("f7")
        assert desk.ide.panel.region.x == 132
        assert desk.ide.panel.size.height > 50
    async with ide(tmp_path / "a.wat", size=SMALL) as desk:
        assert not desk.ide.view.display
        await desk.press("ctrl+e")
        assert desk.ide.view.has_focus
        assert not desk.ide.editor.display
        await desk.press("ctrl+e", "f5")
        assert "returned" in desk.seen
        assert desk.ide.editor.size.height >= 3


async def test_the_cursor_stays_in_sight_where_its_pane_shrinks(tmp_path: Path) -> None:
    """The tabs take rows of the source that the cursor stood in."""
    async with ide(tmp_path / "a.wat", "\n" * 30, size=NARROW) as desk:
        await desk.press(*["down"] * 7)
        await desk.press("f7")
        top = desk.ide.editor.scroll_offset.y
        assert 7 in range(top, top + desk.ide.editor.scrollable_content_region.height)

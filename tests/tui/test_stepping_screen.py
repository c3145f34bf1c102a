"""Stepping in the IDE: the keys move the session, and the panes say where it is."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.support import EXAMPLES
from watstep.cli.demo_server import DemoServer
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.screens.stepping import SteppingScreen
from watstep_tui.workspace import Workspace


async def settled(pilot: Pilot[None]) -> None:
    """Wait for what the last key began."""
    await pilot.pause(0.05)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def stepping(app: WatstepApp) -> SteppingScreen:
    """The stepping screen, which must be open."""
    screen = app.screen
    assert isinstance(screen, SteppingScreen)
    return screen


async def test_run_then_step_the_article(tmp_path: Path) -> None:
    """F5, F6: the run just made, on its tape; letters step forwards and backwards."""
    with DemoServer() as server:
        settings = RunSettings((server.url,), parse_grants([f"http={server.host}"]))
        app = WatstepApp(Workspace(EXAMPLES / "fetch.wat", tmp_path), None, settings)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(pilot)
            await pilot.press("f5")
            await settled(pilot)
            assert "returned 0" in app.ide.output_text
            await pilot.press("f6")
            await settled(pilot)
            screen = stepping(app)
            assert screen.snapshot is not None
            assert screen.snapshot.state.last_instant == 21
            for key, position in (
                ("n", (8, 0)), ("n", (10, 0)), ("N", (8, 0)), ("S", (4, 1)), ("o", (8, 0)),
                ("c", (21, 0)), ("C", (0, 0)), ("s", (0, 1)),
            ):  # fmt: skip
                await pilot.press(key)
                await settled(pilot)
                assert tuple(screen.snapshot.state.position) == position, key
            rows = "\n".join(row.plain for row in screen.query_one("#frames").rows)  # type: ignore[attr-defined]
            assert "argv 0 $url_ptr" in rows
            await pilot.press("2", "s")
            await settled(pilot)
            assert tuple(screen.snapshot.state.position) == (3, 0)
            await pilot.press("b")
            await settled(pilot)
            await pilot.press("e")
            await settled(pilot)
            assert app.screen is app.ide
            assert app.ide.editor.breakpoints


async def test_command_line_and_narrow(tmp_path: Path) -> None:
    """`:` takes the prompt's words; 80x24 shows source, stack, locals and status."""
    app = WatstepApp(Workspace(EXAMPLES / "sum.wat", tmp_path), None, RunSettings())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f6")
        await settled(pilot)
        screen = stepping(app)
        await pilot.press("colon", *"goto", "space", *"20", "enter")
        await settled(pilot)
        assert screen.snapshot is not None
        assert screen.snapshot.state.position.instant == 20
        await pilot.press("l", "l")
        await settled(pilot)
        await pilot.press("s")
        await settled(pilot)
        assert screen.snapshot.state.position.instant == 21

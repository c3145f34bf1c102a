"""Editing while a run is open: it is kept, is stale after an edit, and is made again (L6)."""

from __future__ import annotations

from pathlib import Path

from tests.engine.http_server import TestServer
from tests.engine.test_rerunning import FETCHING, RIGHT, WRONG
from tests.tui.driving import Desk, ide
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep_tui.screens.dialogs.listed import ListDialog
from watstep_tui.screens.stepping import SteppingScreen


def stepping(desk: Desk) -> SteppingScreen:
    """The stepping screen, which must be in sight."""
    screen = desk.app.screen
    assert isinstance(screen, SteppingScreen)
    return screen


def instant(desk: Desk) -> int:
    """Where the session stands."""
    found = stepping(desk).snapshot
    assert found is not None
    return found.instant


def settings_for(server: TestServer) -> RunSettings:
    """The server's address, and the grant for it."""
    return RunSettings((f"http://{server.host}/",), parse_grants([f"http={server.host}"]))


async def test_a_run_is_gone_back_to(tmp_path: Path) -> None:
    """F6 there and back: the position, the timelines, and what wasmtime said are as they were."""
    with TestServer() as server:
        settings = settings_for(server)
        async with ide(tmp_path / "a.wat", FETCHING, settings=settings) as desk:
            await desk.press("f6", "n", "n", "b", "e")
            assert "run open" in desk.ide.header.detail
            await desk.press("f6")
            assert instant(desk) == 10
            await desk.press("c", "c")
            assert server.asked == ["GET /"]
            # Breakpoints that were taken away meanwhile are gone, others are there.
            await desk.press("e")
            desk.ide.show_breakpoints({7: ()}, {})
            await desk.press("f6")
            found = stepping(desk).snapshot
            assert found is not None
            assert [item.line for item in found.breakpoints] == [7]


async def test_a_mended_program_runs_on_the_same_answers(tmp_path: Path) -> None:
    """The daily loop: it stands where the runs part, says how both ended, and asks nobody."""
    with TestServer() as server:
        settings = settings_for(server)
        async with ide(tmp_path / "a.wat", FETCHING, settings=settings) as desk:
            await desk.press("f5", "f6", "e")
            desk.ide.editor.load_text(FETCHING.replace(WRONG, RIGHT))
            await desk.press()
            assert "run is stale" in desk.ide.header.detail
            await desk.press("f6")
            found = stepping(desk).snapshot
            assert found is not None
            assert instant(desk) == 10
            assert "before: ended at instant 13" in found.stop.message
            assert "now: returned 0" in found.stop.message
            await desk.press("c", "e", "f6")
            assert instant(desk) == 15
            assert server.asked == ["GET /"]


async def test_a_call_that_differs_is_shown_beside_the_recorded_one(tmp_path: Path) -> None:
    """L6: going on opens the choice; Escape stops there, F5 runs live."""
    with TestServer() as server:
        settings = settings_for(server)
        async with ide(tmp_path / "a.wat", FETCHING, settings=settings) as desk:
            await desk.press("f5")
            changed = FETCHING.replace("(local.get $url))", '"http://elsewhere/")')
            desk.ide.editor.load_text(changed)
            await desk.press("f6")
            assert "waits" in stepping(desk).snapshot.stop.message  # type: ignore[union-attr]
            await desk.press("c")
            dialog = desk.app.screen
            assert isinstance(dialog, ListDialog)
            head = str(dialog.query_one("#head").render())
            assert head.index('- http.get("http://127') < head.index(
                '+ http.get("http://elsewhere/")'
            )
            await desk.press("escape")
            assert instant(desk) == 9
            await desk.press("f5")
            assert instant(desk) == 0
            assert server.asked == ["GET /"]

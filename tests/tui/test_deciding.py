"""Answers, values and timelines in the stepping screen (L6, L7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.engine.http_server import TestServer
from tests.support import EXAMPLES
from tests.tui.driving import settled
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.workspace import Workspace
from watstep_tui.rows.snapshot import Snapshot
from watstep_tui.screens.dialogs.listed import ListDialog
from watstep_tui.screens.dialogs.text import TextDialog
from watstep_tui.screens.stepping import SteppingScreen
from watstep_tui.widgets.bars import HeaderLine
from watstep_tui.widgets.pane import Pane


@asynccontextmanager
async def fetching(folder: Path, server: TestServer) -> AsyncIterator[Pilot[None]]:
    """The article's program, stopped before it fetches."""
    settings = RunSettings((f"http://{server.host}/",), parse_grants([f"http={server.host}"]))
    app = WatstepApp(Workspace(EXAMPLES / "fetch.wat", folder), None, settings)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f6", "n")
        yield pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each once the one before is done."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def screen_of(pilot: Pilot[None]) -> SteppingScreen:
    """The stepping screen, which must be in sight."""
    screen = pilot.app.screen
    assert isinstance(screen, SteppingScreen)
    return screen


def shown(pilot: Pilot[None]) -> Snapshot:
    """Where the session stands."""
    found = screen_of(pilot).snapshot
    assert found is not None
    return found


async def test_an_answer_is_typed_in_an_editor(tmp_path: Path) -> None:
    """L7: `r` before the call; what is typed is answered, and nobody is asked."""
    with TestServer() as server:
        async with fetching(tmp_path, server) as pilot:
            await press(pilot, "r")
            assert isinstance(pilot.app.screen, ListDialog)
            await press(pilot, "2")
            assert isinstance(pilot.app.screen, TextDialog)
            pilot.app.screen.query_one(TextArea).text = 'two\nlines "quoted" \\ é'
            await press(pilot, "ctrl+s", "c")
            found = shown(pilot)
            assert found.state.result_value == 'two\nlines "quoted" \\ é'
            assert (len(found.timelines), server.asked) == (1, [])
            row = screen_of(pilot).query_one("#below", Pane).rows[1].plain
            assert "OK" in row
            assert row.endswith("typed")


async def test_an_error_after_the_call_is_another_timeline(tmp_path: Path) -> None:
    """L6, L7: `r` after it; both timelines are named, left, compared and come back to."""
    with TestServer() as server:
        async with fetching(tmp_path, server) as pilot:
            await press(pilot, "c", "v", "escape", "g", *"10", "enter", "r")
            await press(pilot, "5", *"ENET", "enter", "c")
            found = shown(pilot)
            assert found.state.results == (6,)
            assert [item.name for item in found.timelines] == ["1", "2"]
            header = screen_of(pilot).query_one(HeaderLine).detail
            assert header == "source, timeline 2"
            assert found.verdict == ""
            await press(pilot, "v", "n", *"refused", "enter", "v", "up", "enter")
            assert shown(pilot).timeline == shown(pilot).timelines[0]
            assert shown(pilot).instant == 10
            await press(pilot, "v", "down", "c")
            answer = screen_of(pilot).query_one("#answer", Pane).rows
            assert "part at instant 10: answer" in answer[0].plain
            await press(pilot, "escape", "v", "down", "f")
            assert [item.name for item in shown(pilot).timelines] == ["1"]
            assert server.asked == ["GET /"]


async def test_a_value_is_changed(tmp_path: Path) -> None:
    """L7, P2: `=` on a local; wasmtime cannot repeat that, which is said."""
    with TestServer() as server:
        async with fetching(tmp_path, server) as pilot:
            await press(pilot, "3", "n", "4", "tab", "down", "down", "down", "equals_sign")
            await press(pilot, *"3", "enter")
            found = shown(pilot)
            assert [slot.value for slot in found.frame.locals][2] == 3
            await press(pilot, "c")
            assert (shown(pilot).state.results, shown(pilot).changed) == ((3,), True)
            await press(pilot, "T")
            rows = [row.plain for row in screen_of(pilot).query_one("#below", Pane).rows]
            assert any("not held against wasmtime" in row for row in rows)


async def test_a_call_that_differs_is_asked_about(tmp_path: Path) -> None:
    """L6: the recorded call and the one made now, with the answers; Escape leaves it unanswered."""
    with TestServer() as server:
        async with fetching(tmp_path, server) as pilot:
            await press(pilot, "c", "g", *"8", "enter", "colon")
            await press(pilot, *"set mem8[48] 17", "enter", "c")
            dialog = pilot.app.screen
            assert isinstance(dialog, ListDialog)
            head = str(dialog.query_one("#head").render())
            assert "- http.get" in head
            assert "+ http.get" in head
            await press(pilot, "escape")
            assert shown(pilot).instant == 9
            assert "waits for an answer" in shown(pilot).stop.message
            await press(pilot, "r", "2", "c")
            assert shown(pilot).state.results == (0,)
            assert server.asked == ["GET /"]

"""Stepping in the IDE: the keys move the session, and the panes say where it is."""

from __future__ import annotations

from pathlib import Path

from textual.strip import Strip

from tests.support import EXAMPLES
from tests.tui.driving import settled, tab_rows, until
from watstep.cli.demo_server import DemoServer
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.workspace import Workspace
from watstep_tui.rows.snapshot import Form, Snapshot
from watstep_tui.screens.stepping import SteppingScreen
from watstep_tui.widgets.pane import Pane


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
            assert "returned 0" in tab_rows(app, "Result")
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


async def test_tabs_rows_and_the_bar(tmp_path: Path) -> None:
    """Enter goes to a marked row's instant; the bar and the keys scrub; frames, forms, memory."""
    with DemoServer() as server:
        settings = RunSettings((server.url,), parse_grants([f"http={server.host}"]))
        app = WatstepApp(Workspace(EXAMPLES / "fetch.wat", tmp_path), None, settings)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(pilot)
            for key in ("f5", "f6"):
                await pilot.press(key)
                await settled(pilot)
            screen = stepping(app)
            below = screen.query_one("#below", Pane)

            async def after(*keys: str) -> Snapshot:
                for key in keys:
                    await pilot.press(key)
                    await settled(pilot)
                assert screen.snapshot is not None
                return screen.snapshot

            # Down marks the first row, the latest call's, then the next: `http.get`.
            assert (await after("t", "T", "down", "down", "enter")).state.position.instant == 10
            assert below.marked is None
            assert (
                await after("t", "t", "t", "down", "down", "enter")
            ).state.position.instant == 11
            assert (await after("shift+right")).state.position.instant == 12
            assert (await after("home", "shift+left")).state.position.instant == 0
            await pilot.click("#bar", offset=(118, 0))
            assert (await after()).state.position.instant == 21
            assert (await after()).verdict == ""
            assert (await after("home", "s", "f")).view.frame == 1
            assert (await after("x", "x")).view.form is Form.HEX
            assert (await after("8", "0", "m")).memory_at == 80
            assert below.rows[below.in_sight[0]].plain.lstrip().startswith("0  ")
            await after("pagedown", "pagedown", "pagedown")
            assert below.in_sight[0] > 0
            assert (await after("tab", "1", "8", "b")).hits == (18,)
            found = await after("t", "t", "t", "down", "enter")
            assert not found.breakpoints[0].enabled
            assert found.hits == ()
            await pilot.click("#source", offset=(3, 12))
            assert [b.line for b in (await after()).breakpoints] == [18, 12]


async def test_keys_are_carried_out_in_their_order(tmp_path: Path) -> None:
    """Keys that come faster than they are carried out keep their order, and the last is shown."""
    app = WatstepApp(Workspace(EXAMPLES / "sum.wat", tmp_path), None, RunSettings())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f6")
        await settled(pilot)
        screen = stepping(app)
        for instant in (*range(40), 7):
            screen.send(f"goto {instant}")
        await settled(pilot)
        assert screen.snapshot is not None
        assert screen.snapshot.state.position.instant == 7


async def test_a_long_run_is_interrupted_and_left(tmp_path: Path) -> None:
    """Escape ends the opening of a run of 10^8 instants; leaving ends what goes on."""
    path = tmp_path / "long.wat"
    path.write_text("(loop $l (br $l))\n(i32.const 0)\n", "utf-8")
    app = WatstepApp(Workspace(path, tmp_path), None, RunSettings())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f5")
        await settled(pilot)
        await pilot.press("f6")
        screen = stepping(app)
        await until(pilot, lambda: screen.driver.progress() is not None)
        await pilot.press("escape")
        await settled(pilot)
        assert screen.snapshot is not None
        assert screen.snapshot.state.last_instant is None
        assert 0 < screen.snapshot.state.frontier < 10**8
        await pilot.press("c")
        await until(pilot, lambda: screen.driver.progress() is not None)
        await pilot.press("e")
        await settled(pilot)
        assert app.screen is app.ide


async def test_a_pane_draws_what_is_in_sight(tmp_path: Path) -> None:
    """A text of many lines costs the rows in sight, and a step those that changed."""
    path = tmp_path / "many.wat"
    path.write_text("(local $x i32)\n" + "(local.set $x (i32.const 1))\n" * 3_000 + "(i32.const 0)")
    app = WatstepApp(Workspace(path, tmp_path), None, RunSettings())
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("f6")
        await settled(pilot)
        screen = stepping(app)
        source = screen.query_one("#source", Pane)
        drawn: list[int] = []
        draw = source.render_line

        def count(y: int) -> Strip:
            drawn.append(y)
            return draw(y)

        source.render_line = count  # type: ignore[method-assign]
        await pilot.press("n")
        await settled(pilot)
        assert len(set(drawn)) == 2
        await pilot.press("end")
        await settled(pilot)
        assert any("▶ 3002 " in row.plain for row in source.rows[-1:])
        assert source.scroll_offset.y > 2_900


async def test_search_pointer_and_decode(tmp_path: Path) -> None:
    """`/` looks in the pane in sight, `.` and `,` go on; `p` follows a pointer, `d` decodes."""
    app = WatstepApp(
        Workspace(EXAMPLES / "kv.wat", tmp_path), None, RunSettings((), parse_grants(["kv"]))
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        for key in ("f6", "end"):
            await pilot.press(key)
            await settled(pilot)
        screen = stepping(app)
        source, below = screen.query_one("#source", Pane), screen.query_one("#below", Pane)

        async def look(*keys: str) -> Snapshot:
            for key in keys:
                await pilot.press(key)
                await settled(pilot)
            assert screen.snapshot is not None
            return screen.snapshot

        async def search(text: str) -> Snapshot:
            return await look("slash", *("space" if c == " " else c for c in text), "enter")

        await search("local.set")
        first = source.pointed_at
        assert "(local.set" in source.rows[first].plain
        await look("full_stop")
        assert source.pointed_at > first
        await look("comma")
        assert source.pointed_at == first
        await search("nowhere")
        assert source.pointed_at == first
        assert screen.said is not None
        assert "nowhere" in screen.said[0]
        # The greeting's key lies at 16 as a text value.
        await look("t")
        found = await search("greeting")
        assert found.memory_at == 20
        await look("t", "t")
        await search("kv.get")
        assert "kv.get" in below.rows[below.pointed_at].plain
        found = await look("1", "6", "d")
        answer = "\n".join(row.plain for row in screen.query_one("#answer", Pane).rows)
        assert '"greeting"' in answer
        # The length of the text, 8, can be followed as any number in the memory can.
        assert (await look("escape", "1", "6", "p")).memory_at == 8
        await look("1", "2", "p")
        assert screen.said is not None
        assert "no address" in screen.said[0]

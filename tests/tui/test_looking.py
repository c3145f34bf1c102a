"""Looking around in a session: panes by keys and mouse, values, frames, memory, trace, answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.events import MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot

from tests.support import EXAMPLES
from tests.tui.driving import settled, until
from watstep.cli.demo_server import DemoServer
from watstep.debug.state import Level
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.workspace import Workspace
from watstep_tui.line import Line
from watstep_tui.rows.events import TraceRows
from watstep_tui.rows.snapshot import Snapshot
from watstep_tui.screens.stepping import SteppingScreen
from watstep_tui.widgets.timeline import TimelineBar

COUNTING = """
(func $twice (param $n i32) (result i32)
  (i32.add (local.get $n) (local.get $n)))
(local $i i32)
(loop $again
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $again (i32.lt_s (call $twice (local.get $i)) (i32.const 4000))))
(local.get $i)
"""


class Driven:
    """The stepping screen and the keys that drive it."""

    def __init__(self, pilot: Pilot[None], screen: SteppingScreen) -> None:
        """Drive a screen."""
        self.pilot, self.screen, self.board = pilot, screen, screen.board

    async def press(self, *keys: str) -> None:
        """Press keys, each carried out before the next."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def settle(self) -> None:
        """Wait for what was begun."""
        await settled(self.pilot)

    def rows(self, name: str) -> list[str]:
        """The rows of a pane that are in sight, without spaces that line them up."""
        pane = self.board.pane(name)
        return [" ".join(pane.rows[row].plain.split()) for row in pane.in_sight]

    @property
    def status(self) -> str:
        """The status line."""
        return self.screen.query_one("#status", Line).text.plain

    def drawn(self, name: str) -> str:
        """What a line says."""
        return self.screen.query_one(f"#{name}", Line).text.plain

    @property
    def instant(self) -> int:
        """The instant of the position."""
        assert self.screen.snapshot
        return self.screen.snapshot.instant


@asynccontextmanager
async def stepping(
    tmp_path: Path, text: str, *arguments: str, grants: tuple[str, ...] = (), wide: bool = True
) -> AsyncIterator[Driven]:
    """A new live run of a text, at its start."""
    path = tmp_path / "program.wat"
    path.write_text(text, "utf-8")
    settings = RunSettings(arguments, parse_grants(list(grants)))
    app = WatstepApp(Workspace(path, tmp_path), None, settings)
    async with app.run_test(size=(120, 40) if wide else (80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, SteppingScreen) and app.screen.snapshot)
        assert isinstance(app.screen, SteppingScreen)
        yield Driven(pilot, app.screen)


async def test_the_level_follows_the_code_pane_and_the_trace(tmp_path: Path) -> None:
    """The focused pane decides what a step is; leaving the trace gives back what it was."""
    async with stepping(tmp_path, COUNTING) as ide:
        levels = []
        for key in ("tab", "tab", "shift+tab", "t", "t", "t", "t", "l", "l"):
            await ide.press(key)
            assert ide.screen.snapshot
            levels.append((ide.board.active, ide.screen.snapshot.level))
        source, expansion, instruction = Level
        assert levels == [
            ("expansion", expansion), ("stack", expansion), ("expansion", expansion),
            ("below", expansion), ("below", expansion), ("below", instruction),
            ("below", expansion), ("expansion", instruction), ("source", source),
        ]  # fmt: skip
        await ide.press("5", "tab")
        assert ide.board.active == "frames"
        await ide.press("9", "tab")
        assert "numbered 1 to 6" in ide.status


async def test_a_frame_that_is_looked_at_shows_where_it_stands(tmp_path: Path) -> None:
    """L2: another frame's locals, and its line in both texts, with a mark of its own."""
    async with stepping(tmp_path, COUNTING) as ide:
        await ide.press("l", "l", "7", "s")
        frames = ide.rows("frames")
        assert [row.split()[-1] for row in frames] == ["func", "func"]
        assert frames[0].startswith("▶ twice")
        assert ide.rows("locals") == ["◂$n 1"]
        await ide.press("5", "tab", "down", "down", "enter")
        assert ide.rows("frames")[1].startswith("▷ run")
        assert any(row.startswith("$i 1") for row in ide.rows("locals"))
        assert any(row.startswith("▷") for row in ide.rows("source"))
        assert any(row.startswith("▶") for row in ide.rows("source"))


async def test_a_value_in_all_its_forms_and_the_memory_it_points_at(tmp_path: Path) -> None:
    """L4: Enter shows every form and the whole text; `m` follows a pointer, regions are named."""
    text = '(local $p i32)\n(local.set $p "a text of some length")\n(i32.const -1)\n'
    async with stepping(tmp_path, text) as ide:
        await ide.press("l", "l", "2", "s")
        await ide.press("4", "tab", "down", "enter")
        assert ide.rows("answer")[:3] == [
            "$p = 16 = 0x10", "points at 21 bytes of text:", "a text of some length",
        ]  # fmt: skip
        await ide.press("escape", "4", "tab", "down", "m")
        assert ide.screen.snapshot
        assert ide.screen.snapshot.memory_at == 16
        assert ide.rows("below")[1].endswith('from 2:15 "a text of some length"')
        assert ide.rows("below")[0].endswith("never written")
        await ide.press("s", "3", "tab", "down", "down", "enter")
        assert ide.rows("answer")[0] == "stack[0] = -1 = 4294967295 = 0xffffffff"


async def test_the_trace_is_of_the_whole_run(tmp_path: Path) -> None:
    """Every instruction has its row; rows are held where they are looked at, and nowhere else."""
    async with stepping(tmp_path, COUNTING) as ide:
        await ide.press("end", "t", "t", "t")
        last = ide.instant
        assert last > 20_000
        pane = ide.board.pane("below")
        assert len(pane.rows) == last
        assert ide.rows("below")[-1].startswith("▶")
        assert ide.rows("below")[-1].endswith("[2000]")
        pane.scroll_to(y=10_000, animate=False, immediate=True)
        await ide.settle()
        await ide.settle()
        assert ide.rows("below")[0].startswith("10,001 (")
        assert isinstance(pane.rows, TraceRows)
        assert len(pane.rows.held) < 500
        assert ide.instant == last
        await ide.press("S")
        assert ide.rows("below")[-2].startswith("▶")


async def test_the_trace_is_filtered(tmp_path: Path) -> None:
    """`F` leaves the rows that hold a text, with what they wrote; `F` again shows all."""
    async with stepping(tmp_path, COUNTING) as ide:
        await ide.press("end", "F", *"local.set", "enter")
        await ide.settle()
        pane = ide.board.pane("below")
        assert ide.board.open_tab.name == "Trace"
        assert len(pane.rows) == 2_001
        assert pane.rows[2_000].plain == "2,000 rows with `local.set`"
        shown = ide.rows("below")
        assert shown[-2].endswith("$i = 2000")
        pane.scroll_to(y=500, animate=False, immediate=True)
        await ide.settle()
        await ide.settle()
        assert ide.rows("below")[0].endswith("$i = 501")
        pane.mark(500)
        await ide.press("enter")
        assert isinstance(pane.rows, TraceRows)
        assert ide.instant == pane.rows.instant_of(500)
        assert any(row.startswith("▶") and row.endswith("$i = 501") for row in ide.rows("below"))
        await ide.press("F")
        assert len(pane.rows) > 20_000
        await ide.press("F", *"nowhere", "enter")
        await ide.settle()
        assert ide.rows("below") == ["0 rows with `nowhere`"]


LONG = """(local $p i32)
(local $unused i32)
(local.set $p "a text that goes on and on, far beyond the right edge of every pane; its end: here")
(i32.add (local.get $p) (i32.const 3))
"""


async def test_long_rows_move_sideways(tmp_path: Path) -> None:
    """`>` and the wheel with Shift show the rest of a line, the gutter stays; `<` goes back."""
    async with stepping(tmp_path, LONG) as ide:
        source = ide.board.pane("source")

        def line() -> str:
            return source.render_line(2).text

        begun = line()
        assert "here" not in begun
        await ide.press(*["greater_than_sign"] * 8)
        assert 'end: here")' in line()
        assert line()[:6] == begun[:6]
        assert "end here" in ide.status
        await ide.press(*["less_than_sign"] * 8)
        assert line() == begun
        assert "begin here" in ide.status
        source.post_message(MouseScrollDown(source, 9, 2, 0, 0, 0, True, False, False))
        await ide.settle()
        assert line() != begun
        assert line()[:6] == begun[:6]


async def test_the_stack_has_two_forms(tmp_path: Path) -> None:
    """`V` changes between them; side by side keys act on the top."""
    async with stepping(tmp_path, LONG) as ide:
        await ide.press("l", "l", "s", "s", "s", "s")
        assert ide.rows("stack")[0] == "[16, 3]"
        await ide.press("V")
        assert ide.rows("stack")[0].split() == ["[", "◂16", "*◂3", "]"]
        await ide.press("3", "tab", "down", "enter")
        assert ide.rows("answer")[0].startswith("stack[1] = 3")
        await ide.press("escape", "V")
        assert ide.rows("stack")[0] == "[16, 3]"


async def test_the_problems_of_the_program_while_stepping(tmp_path: Path) -> None:
    """They have a tab; Enter marks the line of one in the source."""
    text = '(local $e i32)\n(local.set $e (call $kv.set "a" "b"))\n(i32.const 0)\n'
    async with stepping(tmp_path, text, grants=("kv",)) as ide:
        await ide.press("T", "T")
        assert ide.board.open_tab.name == "Problems"
        found = ide.screen.problems
        assert [problem.code for problem in found] == ["error-unchecked"]
        assert "error-unchecked" in "\n".join(ide.rows("below"))
        await ide.press("down", "enter")
        assert ide.board.active == "source"
        assert ide.board.pane("source").marked == 1


async def test_what_is_said_stays_until_the_next_key(tmp_path: Path) -> None:
    """An answer of one line stands in the status line, one of many in a pane."""
    async with stepping(tmp_path, COUNTING) as ide:
        assert ide.status.startswith("instant 0 of ?")
        await ide.press("colon", *"print", "space", *"1+2*3", "enter")
        assert " 7" in ide.status
        await ide.press("colon", *"brea", "tab", "enter")
        assert "give a line" in ide.status
        await ide.press("colon", "up", "up", "enter")
        assert " 7" in ide.status
        await ide.press("colon", *"list", "enter")
        assert len(ide.rows("answer")) > 3
        await ide.press("n")
        assert not ide.board.has_class("-answering")
        assert ":next" in ide.status


async def test_the_mouse_chooses_tabs_panes_and_breakpoints(tmp_path: Path) -> None:
    """A click on a tab's name opens it, on a gutter sets a breakpoint, on a line marks it."""
    async with stepping(tmp_path, COUNTING) as ide:
        await ide.pilot.click("#below", offset=(20, 0))
        await ide.settle()
        assert ide.board.open_tab.name == "Memory"
        await ide.pilot.click("#source", offset=(3, 6))
        await ide.settle()
        assert ide.screen.snapshot
        assert [b.line for b in ide.screen.snapshot.breakpoints] == [6]
        await ide.pilot.click("#expansion", offset=(20, 4))
        assert ide.board.active == "expansion"
        assert ide.board.pane("expansion").marked == 3


async def test_the_bar_is_looked_at_from_nearer(tmp_path: Path) -> None:
    """`+` and the wheel show half, `-` more again; a scrub is a part of what is shown."""
    async with stepping(tmp_path, COUNTING) as ide:
        await ide.press("end", "home")
        assert ide.screen.snapshot
        end = ide.screen.snapshot.state.frontier
        await ide.press("plus")
        assert ide.drawn("bar").endswith(f"» {end >> 1:,}")
        await ide.press("shift+right")
        assert ide.instant == max((end >> 1) // 20, 1)
        await ide.press(*["plus"] * 11)
        assert "no less" in ide.status
        await ide.press(*["minus"] * 12)
        assert "whole run" in ide.status
        assert ide.drawn("bar").endswith(f"▏ {end:,}")
        bar = ide.screen.query_one(TimelineBar)
        for event, zoom in ((MouseScrollUp, 1), (MouseScrollDown, 0)):
            bar.post_message(event(bar, 5, 0, 0, 0, 0, False, False, False))
            await ide.settle()
            assert ide.screen.snapshot.view.zoom == zoom


async def test_f5_is_a_new_live_run(tmp_path: Path) -> None:
    """A run on request: what was recorded is given up, and the header says so."""
    text = (EXAMPLES / "fetch.wat").read_text("utf-8")
    with DemoServer() as server:
        grants = (f"http={server.host}",)
        async with stepping(tmp_path, text, server.url, grants=grants) as ide:
            await ide.press("c")
            assert ide.instant == 21
            assert ide.screen.snapshot
            assert not ide.screen.snapshot.recorded
            await ide.press("f5")
            assert ide.instant == 0
            assert ide.screen.snapshot.tape == ()
            assert ":run" in ide.status


async def test_escape_leaves_a_host_call_that_hangs(tmp_path: Path) -> None:
    """The keyboard is not held by the world: Escape abandons the call, and the run stops there."""
    text = "(call $http.get (local.get $url))\n(drop) (drop) (i32.const 0)\n"
    text = ";; profile: core\n(argv 0 $url)\n" + text
    with DemoServer() as server:
        grants = (f"http={server.host}",)
        async with stepping(tmp_path, text, f"{server.url}slow", grants=grants) as ide:
            await ide.pilot.press("c")
            await until(ide.pilot, lambda: ide.screen.driver.progress() is not None)
            await ide.pilot.press("escape")
            await ide.settle()
            assert ide.screen.snapshot
            assert not ide.screen.driver.progress()


@pytest.mark.parametrize("key", ["s", "S"])
async def test_a_key_held_down_is_carried_out_in_order(tmp_path: Path, key: str) -> None:
    """Many keys at once are all carried out; the panes are drawn far less often."""
    async with stepping(tmp_path, COUNTING) as ide:
        await ide.press(*"400g", "l", "l")
        shown: list[int] = []
        show = ide.screen.show

        def count(found: Snapshot) -> None:
            shown.append(found.instant)
            show(found)

        ide.screen.show = count  # type: ignore[method-assign]
        for _ in range(100):
            ide.screen.action_do({"s": "step", "S": "back"}[key])
        await ide.settle()
        assert ide.instant == (500 if key == "s" else 300)
        assert len(shown) < 60

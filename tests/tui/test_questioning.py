"""Questions to a run in the IDE: one key each, rows that lead to instants, and the way back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.engine.test_causes import PROGRAM
from tests.tui.driving import settled
from tests.tui.test_stepping_screen import stepping
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.workspace import Workspace
from watstep_tui.screens.dialogs.pick import PickDialog
from watstep_tui.screens.stepping import SteppingScreen
from watstep_tui.widgets.pane import Pane

Press = Callable[..., Awaitable[int]]
"""Press keys; the instant that they come to."""


@asynccontextmanager
async def asked(folder: Path) -> AsyncIterator[tuple[SteppingScreen, Press]]:
    """The stepping screen at the end of the program, and its keys."""
    path = folder / "program.wat"
    path.write_text(PROGRAM)
    app = WatstepApp(Workspace(path, folder / "state"), None, RunSettings(("a url",)))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("f6")
        await settled(pilot)
        screen = stepping(app)

        async def press(*keys: str) -> int:
            for key in keys:
                await pilot.press(key)
                await settled(pilot)
            assert screen.snapshot is not None
            return screen.snapshot.instant

        await press("end")
        yield screen, press


def answer(screen: SteppingScreen) -> list[str]:
    """The rows of the answer in sight, [] where none is."""
    shown = screen.board.has_class("-answering")
    rows = screen.query_one("#answer", Pane).rows
    return [" ".join(row.plain.split()) for row in rows] if shown else []


def said(screen: SteppingScreen) -> str:
    """What the status line says."""
    return str(screen.snapshot.stop.message) if screen.snapshot else ""


LOCALS = ("4", "tab", "down", "down", "down", "down")
"""Keys that mark `$sum`, the fourth of the locals."""


async def test_who_walks_back_and_escape_returns(tmp_path: Path) -> None:
    """`w` on a local: each press one write back; the line says which, Escape is where one was."""
    async with asked(tmp_path) as (screen, press):
        end = await press()
        assert await press(*LOCALS, "w") == 67
        assert "`$sum` was written at instant 67" in said(screen)
        assert await press("down", "down", "down", "down", "w") == 50
        assert await press("escape") == end
        # A move of another kind is no answer: there is nothing to go back to.
        assert await press("S") < end
        here = await press()
        assert await press("escape") == here


async def test_why_is_a_tree_whose_rows_lead(tmp_path: Path) -> None:
    """`y` draws it and opens its rows; Enter goes there and the tree stays; Escape comes back."""
    async with asked(tmp_path) as (screen, press):
        end = await press(*LOCALS, "y")
        assert [row[:42] for row in answer(screen)[:3]] == [
            "67 ▾ $sum = 12 set by 5:3 (local.set $sum ",
            "66 ▾ (i32.add) = 12 5:19 (i32.add (local.g",
            "50 ▾ $sum = 6 set by 5:3 (local.set $sum (",
        ]
        count = len(answer(screen))
        await press("down", "down", "down", "y")
        closed = answer(screen)
        assert len(closed) < count
        assert closed[2].startswith("50 ▸")
        await press("y")
        assert len(answer(screen)) == count
        assert await press("enter") == 50
        assert len(answer(screen)) == count
        assert await press("escape") == end
        assert answer(screen)
        await press("escape")
        assert not answer(screen)
        # Enter on the row where one stands closes the answer and stays.
        await press(*LOCALS, "y")
        assert await press("down", "enter", "enter") == 67
        assert not answer(screen)
        assert await press("escape") == 67


async def test_when_lists_instants_of_lines_calls_and_values(tmp_path: Path) -> None:
    """`W` on the marked line of a text, a host call, a local."""
    async with asked(tmp_path) as (screen, press):
        await press("1", "tab", *["up"] * 8, "W")
        assert answer(screen)[1:] == ["26 $i=1", "43 $i=2 $sum=2", "60 $i=3 $sum=6"]
        assert await press("down", "down", "enter") == 26
        await press("escape", "escape", "6", "tab", "up", "up", "up", "up", "W")
        assert [row.split("(")[0] for row in answer(screen)] == ["1 sys.argv"]
        # What a call was given is a value too.
        await press("escape", "y")
        assert answer(screen) == ["0 · 0 1:1 (argv 0 $url)"]
        await press("escape", *LOCALS, "down", "W")
        assert [row.split()[:2] for row in answer(screen)] == [["81", "writes"], ["86", "reads"]]


async def test_questions_that_are_typed_are_answered_with_the_same_lists(tmp_path: Path) -> None:
    """On the command line, in the prompt's words; the rows lead as those of the keys do."""
    async with asked(tmp_path) as (screen, press):
        line = [*"when", "space", *"if", "space", "dollar_sign", *"i==3"]
        await press("colon", *(key.replace("=", "equals_sign") for key in line), "enter")
        assert [row.split()[0] for row in answer(screen)] == ["55"]
        assert await press("enter") == 55
        await press("colon", *"why", "space", *"mem", "space", *"400", "enter")
        assert answer(screen) == ["· bytes 400 to 403 = 0 never written"]


async def test_span_tells_what_happened_since_the_mark(tmp_path: Path) -> None:
    """`Z` marks where it begins, `z` tells; without a mark, since the last move; or a count."""
    async with asked(tmp_path) as (screen, press):
        await press("7", "8", "z")
        assert answer(screen)[0] == "instants 78 to 87: 9 instructions, 9 fuel"
        await press("escape", "2", "0", "g", "Z", "5", "0", "g", "z")
        assert answer(screen)[1:] == ["$i 0 → 2", "$sum 0 → 2", "$twice entered, 2 times"]


async def test_runs_that_part_are_shown_side_by_side(tmp_path: Path) -> None:
    """`D`, once a changed value has begun another timeline."""
    async with asked(tmp_path) as (screen, press):
        await press("D")
        assert not answer(screen)
        await press("6", "7", "g", "colon", *"set", "space", "dollar_sign", *"sum", "space", "7")
        await press("enter", "end", "D")
        rows = answer(screen)
        assert rows[0].startswith("67 they part at instant 67")
        assert "*$sum 7 6" in rows


async def test_a_value_is_chosen_where_none_is_marked(tmp_path: Path) -> None:
    """From the code: a list of the values there, those that the form names first."""
    async with asked(tmp_path) as (screen, press):
        # The form at the end names `$res`; Enter takes it.
        await press("w")
        assert isinstance(screen.app.screen, PickDialog)
        assert await press("enter") == 81

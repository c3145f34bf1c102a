"""The problems of the text: listed, gone to, mended by a key."""

from __future__ import annotations

from pathlib import Path

from tests.tui.driving import ide
from watstep.source.text import Source
from watstep_tui.compiled.compiling import compile_text
from watstep_tui.results import problem_rows
from watstep_tui.screens.dialogs.fix import FixDialog
from watstep_tui.screens.dialogs.grant import GrantDialog

TWO = "(local $x i32)\n(local.set $x (local.get $a))\n(local.get $b)\n"
PASTED = "Here is the program:\n\n```wat\n(i32.const 7)\n```\n"


async def test_problems_are_listed_and_enter_goes_there(tmp_path: Path) -> None:
    """One row each, counted in the tab; Enter goes to the place, Escape back to the text."""
    async with ide(tmp_path / "a.wat", TWO) as desk:
        assert not desk.ide.panel.display
        await desk.press("f7")
        rows = desk.tab("Problems")
        assert [row.split()[1] for row in rows] == ["2:26", "3:12"]
        assert all(row.startswith("■") and row.endswith("unknown-local") for row in rows)
        assert len(desk.ide.panel.tab_cells["Problems"]) == len("Problems 2")
        await desk.press("down", "enter")
        assert desk.place() == (3, 12)
        assert desk.ide.editor.has_focus
        await desk.press("f7", "f7")
        assert not desk.ide.panel.display


async def test_f8_goes_round_and_says_which(tmp_path: Path) -> None:
    """F8 and Shift+F8 go from problem to problem and round."""
    async with ide(tmp_path / "a.wat", TWO) as desk:
        places = []
        for key in ("f8", "f8", "f8", "shift+f8"):
            await desk.press(key)
            places.append(desk.place())
        assert places == [(2, 26), (3, 12), (2, 26), (3, 12)]
        assert desk.status.startswith("2 of 2: ")
        await desk.write("(i32.const 1)")
        await desk.press("f8")
        assert desk.status == "no problems"


async def test_a_fix_is_one_edit(tmp_path: Path) -> None:
    """Ctrl+T applies the fix of the line's problem; one undo takes all of it back."""
    async with ide(tmp_path / "a.wat", PASTED) as desk:
        await desk.press("f8")
        assert "^T" in desk.status
        await desk.press("ctrl+t")
        assert desk.ide.editor.text.strip() == "(i32.const 7)"
        assert desk.status.startswith("fixed: ")
        await desk.press("ctrl+z")
        assert desk.ide.editor.text == PASTED


async def test_run_and_debug_with_problems_say_what_to_do(tmp_path: Path) -> None:
    """F5 and F6 go to the first problem and say so; nothing starts."""
    async with ide(tmp_path / "a.wat", TWO) as desk:
        for key in ("f5", "f6"):
            desk.ide.editor.move_cursor((0, 0))
            await desk.press(key)
            assert desk.place() == (2, 26)
            assert "2 problems keep the program from running" in desk.status
            assert desk.app.screen is desk.ide
            assert desk.tab("Problems")


async def test_a_warning_is_shown_and_keeps_nothing_from_running(tmp_path: Path) -> None:
    """The editor draws it; F5 goes past it to the first error, and counts errors alone."""
    text = "(func $f\n  (local $spare i32))\n\n(local.get $no)"
    async with ide(tmp_path / "a.wat", text) as desk:
        assert any(row.startswith("▲") for row in desk.tab("Problems"))
        await desk.press("f5")
        assert desk.place()[0] == 4
        assert "a problem keeps the program from running" in desk.status


async def test_several_fixes_are_a_choice(tmp_path: Path) -> None:
    """Ctrl+T shows them; a digit or Enter makes one, Escape none, and one undo takes it back."""
    text = "(local $url i32)\n(local.get $utl)\n"
    async with ide(tmp_path / "a.wat", text) as desk:
        desk.ide.editor.move_cursor((1, 0))
        await desk.press("ctrl+t")
        assert isinstance(desk.app.screen, FixDialog)
        await desk.press("escape")
        assert desk.ide.editor.text == text
        await desk.press("ctrl+t", "2")
        assert desk.ide.editor.text == "(local $url i32)\n(local.get $url)\n"
        await desk.press("ctrl+z", "ctrl+t", "enter")
        assert "(local $utl i32)" in desk.ide.editor.text


async def test_all_of_a_kind_are_fixed_at_once(tmp_path: Path) -> None:
    """Alt+Q mends every problem like the line's, in one step to take back."""
    text = "(argv 0 $n)\n(i32.add $n (i32.mul $n $n))\n"
    async with ide(tmp_path / "a.wat", text) as desk:
        desk.ide.editor.move_cursor((1, 0))
        await desk.press("alt+q")
        assert desk.ide.editor.text.count("(local.get $n)") == 3
        await desk.press("ctrl+z")
        assert desk.ide.editor.text == text


async def test_the_stack_is_drawn_below_its_problem(tmp_path: Path) -> None:
    """What is needed, what is there and what lacks, in rows that lead to the problem."""
    async with ide(tmp_path / "a.wat", "(argv 0 $n)\n(i32.add (local.get $n))\n") as desk:
        await desk.press("f7")
        rows = desk.tab("Problems")
        assert rows[1].strip() == "stack for i32.add, bottom first:"
        assert rows[2].split() == ["1", "i32", "(local.get", "$n)", "2:10"]
        assert rows[3].endswith("<- missing")
        assert len(desk.ide.panel.tab_cells["Problems"]) == len("Problems 1")


async def test_a_grant_that_lacks_is_a_fix(tmp_path: Path) -> None:
    """Ctrl+T on the line of the call asks for the grant; elsewhere there is nothing to fix."""
    text = '(local $e i32)\n(local.set $e (call $kv.set "a" "b"))\n(local.get $e)\n'
    async with ide(tmp_path / "a.wat", text) as desk:
        await desk.press("ctrl+t")
        assert "no fix" in desk.status
        desk.ide.editor.move_cursor((1, 0))
        await desk.press("ctrl+t")
        assert isinstance(desk.app.screen, GrantDialog)
        await desk.press("escape")
        assert desk.ide.editor.text == text


async def test_a_row_leads_to_where_its_line_went(tmp_path: Path) -> None:
    """Enter on a row of an older text follows the edits made since: problems, results, uses."""
    text = "(local $n i32)\n(i32.div_s (i32.const 1) (local.get $n))\n"
    async with ide(tmp_path / "a.wat", text) as desk:
        desk.ide.editor.move_cursor((1, 37))
        await desk.press("f5", "alt+u")
        # No newer text is compiled any more.
        desk.ide.code._compiler.ask = lambda *_: False  # type: ignore[method-assign]
        desk.ide.editor.replace(";; new\n;; lines\n", (0, 0), (0, 0))
        desk.ide.editor.replace("  ", (3, 0), (3, 0))
        for tab, column in (("Problems", 28), ("Result", 3), ("Uses", 39)):
            desk.ide.editor.move_cursor((0, 0))
            desk.ide.panel.open_tab(tab)
            desk.ide.panel.focus()
            if tab != "Problems":
                await desk.press("down")
            await desk.press("enter")
            assert desk.place() == (4, column), tab


def test_a_long_message_goes_on_below() -> None:
    """Whole words, as wide as the pane; every line leads to the problem."""
    found = compile_text(Source("a.wat", "(i32.div_u (i32.const 1) (i32.const 2))"))
    rows = problem_rows(found.source, found.diagnostics, 50)
    assert len(rows) > len(found.diagnostics)
    assert all(row.text.cell_len <= 50 for row in rows)
    told = " ".join(" ".join(row.text.plain for row in rows).split())
    for problem in found.diagnostics:
        assert problem.message in told
        assert problem.fixes[0].title in told

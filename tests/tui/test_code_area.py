"""Both code panes together: fresh after every key, linked both ways, marks in each."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.geometry import Offset

from tests.support import modules_loaded_by
from tests.tui.driving import answered, opened, settled, until
from watstep.source.diagnostic import Severity
from watstep.source.text import Source
from watstep_tui.compiled import compiling
from watstep_tui.compiled.compiling import Compiled, Compiler, Showing, compile_fully
from watstep_tui.compiled.problems import problems_by_row
from watstep_tui.widgets.expansion import ExpansionView

PROGRAM = """(local $x i32)
;; words
(local.set $x (i32.const 5))
(check $x)
(call $dbg.log "text")
(local.get $x)
"""


def lit(view: ExpansionView) -> list[str]:
    """The characters of the expansion that are lit."""
    rows = sorted(view.linked.items())
    return [view.expanded.lines[row][first:after] for row, (first, after) in rows]


def segments(view: ExpansionView, row: int) -> list[Segment]:
    """What is drawn of a row."""
    return list(view.render_line(row - view.scroll_offset.y))


def drawn(view: ExpansionView, row: int) -> str:
    """What a row shows."""
    return "".join(segment.text for segment in segments(view, row)).rstrip()


async def test_an_overtaken_text_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that are asked for while one is compiled: the newest is answered, and it alone."""
    first_runs, go_on = threading.Event(), threading.Event()

    def slow(source: Source, showing: Showing, last: Compiled | None, path: str) -> Compiled:
        first_runs.set()
        go_on.wait(10)
        return compile_fully(source, showing, last, path)

    monkeypatch.setattr(compiling, "compile_fully", slow)
    answers: list[str] = []
    compiler = Compiler(lambda found: answers.append(found.compilation.source.text))
    assert compiler.ask(Source("p", ";; 1"), Showing())
    work = asyncio.create_task(compiler.work())
    await asyncio.to_thread(first_runs.wait, 10)
    assert not compiler.ask(Source("p", ";; 2"), Showing())
    assert not compiler.ask(Source("p", ";; 3"), Showing())
    go_on.set()
    await work
    assert answers == [";; 3"]
    assert compiler.ask(Source("p", ";; 4"), Showing())


async def test_problems_of_an_older_text_look_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They move with the text at once; where the new one takes longer than the budget, they dim."""
    go_on = threading.Event()
    go_on.set()

    def slow(source: Source, showing: Showing, last: Compiled | None, path: str) -> Compiled:
        go_on.wait(10)
        return compile_fully(source, showing, last, path)

    monkeypatch.setattr(compiling, "compile_fully", slow)
    app = opened(tmp_path, "(i32.const 0)\n(local.set $a (i32.const 1))\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        editor = app.ide.editor
        ((start, end, _),) = editor.problems[1].underlined
        go_on.clear()
        editor.insert("  ", (1, 0))
        assert [mark[:2] for mark in editor.problems[1].underlined] == [(start + 2, end + 2)]
        await until(pilot, lambda: editor.problems[1].aged)
        sign = next(segment for segment in editor.render_line(1) if "■" in segment.text)
        assert sign.style
        assert sign.style.dim
        (row,) = app.ide.panel.contents["Problems"]
        assert row.text.spans[-1].style == "dim"
        editor.insert(";; a line\n", (1, 0))
        assert editor.problems[2].aged
        assert editor.problems[2].underlined == ()
        go_on.set()
        await until(pilot, lambda: app.ide.code.fresh)
        await settled(pilot)
        assert not editor.problems[2].aged
        assert [mark[:2] for mark in editor.problems[2].underlined] == [(start + 2, end + 2)]


async def test_the_form_under_the_cursor_lights_up_in_both_panes(tmp_path: Path) -> None:
    """Innermost first; on the same row where there is room; nothing in a comment."""
    app = opened(tmp_path, PROGRAM)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        editor, view = app.ide.editor, app.ide.view
        editor.move_cursor((2, 16))
        await settled(pilot)
        assert lit(view) == ["(i32.const 5)"]
        assert editor.linked == {2: (14, 27)}
        editor.move_cursor((3, 2))
        await settled(pilot)
        assert lit(view)[0] == "(if (i32.ne (local.get $x) (i32.const 0))"
        assert len(lit(view)) == 3
        editor.move_cursor((4, 17))
        await settled(pilot)
        assert "(i32.const 16)" in lit(view)
        editor.move_cursor((1, 3))
        await settled(pilot)
        assert lit(view) == []
        assert editor.linked == {}


async def test_the_linked_form_stands_on_the_same_row(tmp_path: Path) -> None:
    """The expansion scrolls to where it stands beside the cursor."""
    lines = "".join(f"(drop (i32.const {number}))\n(check $x)\n" for number in range(60))
    app = opened(tmp_path, ";; profile: core\n(local $x i32)\n" + lines + "(i32.const 0)\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        editor, view = app.ide.editor, app.ide.view
        for row in (62, 70, 64, 120, 118):
            editor.move_cursor((row, 8))
            await settled(pilot)
            assert lit(view) == [f"(i32.const {row // 2 - 1})"]
            assert min(view.linked) - view.scroll_offset.y == row - editor.scroll_offset.y


async def test_the_panes_scroll_together(tmp_path: Path) -> None:
    """The wheel over the pane in use moves the other one along; so does another size."""
    lines = "".join(f"(drop (i32.const {number}))\n" for number in range(200))
    app = opened(tmp_path, ";; profile: core\n" + lines + "(i32.const 0)\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        editor, view = app.ide.editor, app.ide.view
        editor.move_cursor((30, 8))
        await settled(pilot)
        distance = view.scroll_offset.y - editor.scroll_offset.y
        editor.scroll_to(y=90, animate=False)
        await settled(pilot)
        assert editor.scroll_offset.y == 90
        assert view.scroll_offset.y == 90 + distance
        view.focus()
        view.move_cursor(120, 12)
        await settled(pilot)
        view.scroll_to(y=60, animate=False)
        await settled(pilot)
        assert editor.scroll_offset.y == 60 - distance
        await pilot.resize_terminal(110, 30)
        await settled(pilot)
        assert view.scroll_offset.y - editor.scroll_offset.y == distance


async def test_from_the_expansion_back_to_the_source(tmp_path: Path) -> None:
    """Its cursor lights up the source form by keys and by the mouse; Enter goes there."""
    app = opened(tmp_path, PROGRAM)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        editor, view = app.ide.editor, app.ide.view
        view.focus()
        await pilot.pause()
        row = next(at for at, line in enumerate(view.expanded.lines) if "(then" in line)
        await pilot.press(*["down"] * row)
        await settled(pilot)
        assert view.cursor[0] == row
        assert editor.linked == {3: (0, 10)}
        assert editor.selection.end == (0, 0)
        await pilot.press("enter")
        await settled(pilot)
        assert editor.has_focus
        assert editor.selection.end == (3, 0)
        row = next(at for at, line in enumerate(view.expanded.lines) if "$dbg.log (i32" in line)
        column = view.expanded.lines[row].index("16")
        corner = view.content_region.offset - view.region.offset
        place = corner + Offset(view.gutter_width + column, row - view.scroll_offset.y)
        await pilot.click(view, offset=place)
        await settled(pilot)
        assert view.cursor == (row, column)
        assert editor.linked == {4: (15, 21)}
        await pilot.press("ctrl+e")
        await settled(pilot)
        assert editor.has_focus
        assert editor.selection.end == (4, 15)
        await pilot.press("ctrl+e")
        await settled(pilot)
        assert view.has_focus
        assert view.cursor == (row, column)
        await pilot.press("ctrl+e", "right", "ctrl+e")
        await settled(pilot)
        assert view.cursor == (row, column)
        await pilot.press("pagedown", "home", "home", "ctrl+home", "right", "left", "up")
        assert view.cursor == (0, 0)
        await pilot.press("ctrl+end", "pageup", "pageup")
        assert view.cursor[0] == 0


async def test_b5_breakpoints_of_the_expansion_move_with_its_text(tmp_path: Path) -> None:
    """By F9 and by a click; they stay at their lines when the program grows above them."""
    app = opened(tmp_path, PROGRAM)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        view = app.ide.view
        view.focus()
        row = next(at for at, line in enumerate(view.expanded.lines) if "(then" in line)
        view.move_cursor(row, 0)
        await pilot.press("f9")
        assert view.breakpoints.keys() == {row + 1}
        assert drawn(view, row).startswith("●")
        corner = view.content_region.offset - view.region.offset
        await pilot.click(view, offset=corner + Offset(0, row + 2 - view.scroll_offset.y))
        await settled(pilot)
        assert view.breakpoints.keys() == {row + 1, row + 3}
        app.ide.editor.insert("(local.set $x (i32.const 7))\n", (2, 0))
        await settled(pilot)
        assert view.breakpoints.keys() == {row + 2, row + 4}
        assert "(then" in view.expanded.lines[row + 1]


async def test_origins_are_told_by_signs_and_by_the_themes_colours(tmp_path: Path) -> None:
    """Copied, partly generated and generated rows; a ground for each kind of origin."""
    app = opened(tmp_path, PROGRAM)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        view, code = app.ide.view, app.ide.view.look.code
        app.ide.editor.move_cursor((1, 0))
        await settled(pilot)
        kinds = {"(then": "macro", "(i32.const 16))": "string", "(local $x": "local"}
        kinds["(export"] = "wrapper"
        signs = {"macro": "M", "string": "s", "local": "L", "wrapper": "W"}
        for text, kind in kinds.items():
            row = next(at for at, line in enumerate(view.expanded.lines) if text in line)
            assert drawn(view, row).split()[1] == signs[kind], text
            grounds = {segment.style.bgcolor for segment in segments(view, row) if segment.style}
            assert code[f"generated_{kind}"].bgcolor in grounds, text
        row = view.expanded.lines.index("    (local.get $x)")
        assert drawn(view, row).split()[1] == "│"


async def test_a_key_draws_again_only_the_rows_of_the_expansion_that_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typing in a comment costs one row of each pane, and no layout of the screen."""
    app = opened(tmp_path, PROGRAM)
    async with app.run_test(size=(120, 40)) as pilot:
        app.ide.editor.move_cursor((1, 8))
        await answered(pilot)
        rows: set[int] = set()
        plain = ExpansionView.render_line

        def counted(view: ExpansionView, y: int) -> object:
            rows.add(y)
            return plain(view, y)

        layouts: list[object] = []
        monkeypatch.setattr(app.ide, "_refresh_layout", lambda *_, **__: layouts.append(1))
        view = app.ide.view
        view.render_line = counted.__get__(view)  # type: ignore[method-assign]
        await pilot.press("x")
        await settled(pilot)
        assert layouts == []
        assert len(rows) == 1
        assert ";; wordsx" in view.expanded.lines[rows.pop() + view.scroll_offset.y]


def test_a_line_of_many_problems_shows_its_worst_first_message() -> None:
    """An error before a warning; so many underlined places as can be told apart."""
    source = Source("p", "(local $x i32) (loop (local $y i32)) (local.get $x)" + " $a" * 300)
    found = problems_by_row(compile_fully(source).compilation)
    assert set(found) == {0}
    assert found[0].severity is Severity.ERROR
    assert found[0].message
    assert len(found[0].underlined) <= 64


def test_the_first_paint_waits_for_no_executor() -> None:
    """What only a run needs is loaded with the first run."""
    loaded = modules_loaded_by("import watstep_tui.app")
    assert "textual" in loaded
    assert not loaded & {"wasmtime", "sqlite3", "urllib3"}


async def test_the_lit_form_is_in_sight_beside_open_tabs(tmp_path: Path) -> None:
    """On a small terminal the expansion shrinks when tabs are shown, and grows with the focus."""
    app = opened(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        ide = app.ide
        ide.editor.move_cursor((ide.editor.document.line_count - 2, 0))
        await pilot.press("f7")
        await settled(pilot)
        assert ide.view.size.height < ide.editor.size.height
        top = ide.view.scroll_offset.y
        assert any(top <= row < top + ide.view.size.height for row in ide.view.linked)
        ide.view.focus()
        await settled(pilot)
        assert ide.view.size.height >= ide.editor.size.height - 1
        ide.editor.focus()
        await pilot.press("f7", "f7")
        await settled(pilot)
        assert abs(ide.view.size.height - ide.editor.size.height) <= 1

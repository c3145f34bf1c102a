"""The editor by keys, mouse and bursts: text exact, marks at their lines, repaints small."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual import events
from textual.geometry import Offset
from textual.pilot import Pilot

from tests.tui.driving import PATIENCE, answered, opened, settled, until
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.cells import width
from watstep_tui.files.workspace import Workspace
from watstep_tui.highlight import line_states
from watstep_tui.widgets.editor import Editor

LONG = "".join(f"(drop (i32.const {number}))\n" for number in range(200))


def burst(app: WatstepApp, *keys: str) -> None:
    """Keys that arrive all at once."""
    for key in keys:
        app._driver.send_message(  # type: ignore[union-attr]
            events.Key(key, key if len(key) == 1 else None)
        )


def drawn(editor: Editor, row: int) -> str:
    """What a row of the pane shows."""
    return "".join(segment.text for segment in editor.render_line(row))


async def cleared(pilot: Pilot[None], app: WatstepApp) -> set[int]:
    """Wait until all is painted; then the rows that are drawn from now on are counted."""
    await answered(pilot)
    rows: set[int] = set()
    plain = Editor.render_line

    def counted(editor: Editor, y: int) -> object:
        rows.add(y + editor.scroll_offset.y)
        return plain(editor, y)

    app.ide.editor.render_line = counted.__get__(app.ide.editor)  # type: ignore[method-assign]
    await settled(pilot)
    while rows:
        rows.clear()
        await settled(pilot)
    return rows


async def test_a_burst_of_every_sort_of_key_keeps_its_order(tmp_path: Path) -> None:
    """Letters, Enter, Tab, Backspace, word motion, selection and undo in one read."""
    app = opened(tmp_path, "(block)\n")
    async with app.run_test(size=(100, 30)) as pilot:
        burst(app, "end", "left", "enter", "tab", "x", "y", "backspace", "z", "shift+left", "Q")
        burst(app, "ctrl+left", "A", "down", "end", "B")
        await settled(pilot)
        assert app.ide.editor.text == "(block\n    AxQ\n)B\n"
        burst(app, "C", "ctrl+z", "D", "home", "delete")
        await settled(pilot)
        assert app.ide.editor.text.startswith("(block\n    AxQ\n")


async def test_a_key_of_the_registry_waits_for_the_letters_before_it(tmp_path: Path) -> None:
    """What was typed is saved; the breakpoint is set on the line that the cursor has reached."""
    app = opened(tmp_path, "one\ntwo\n")
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        burst(app, "x", "ctrl+s", "y", "down", "f9", "up")
        await settled(pilot)
        assert (tmp_path / "program.wat").read_text() == "xone\ntwo\n"
        assert app.ide.editor.text == "xyone\ntwo\n"
        assert app.ide.editor.breakpoints.keys() == {2}


async def test_typing_draws_only_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key costs the rows that look different, in each pane."""
    # On a busy machine the problems of every row grow old, and are drawn dim.
    monkeypatch.setattr("watstep_tui.screens.code.BUDGET", PATIENCE)
    app = opened(tmp_path, ";; words\n" + LONG + "(i32.const 0)\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("end")
        rows = await cleared(pilot, app)
        await pilot.press("x")
        await settled(pilot)
        assert rows == {0}
        rows.clear()
        await pilot.press("down")
        await settled(pilot)
        assert rows == {0, 1}
        rows.clear()
        await pilot.press("end", "shift+up")
        await settled(pilot)
        assert rows == {0, 1}


async def test_an_opened_comment_colours_the_rows_below(tmp_path: Path) -> None:
    """A row whose beginning changed its meaning is drawn again, one out of sight when it comes."""
    app = opened(tmp_path, "x\n" + LONG)
    async with app.run_test(size=(120, 40)) as pilot:
        rows = await cleared(pilot, app)
        app.ide.editor.insert("(;", (0, 0))
        await settled(pilot)
        assert set(range(1, 20)) <= rows
        editor = app.ide.editor
        assert editor.document.state(150).comment_depth == 1
        assert editor.render_line(5)._segments[-1] is not None


async def test_undo_and_redo_lead_through_the_same_texts(tmp_path: Path) -> None:
    """Random edits of every size, undone to the first text and redone to the last."""
    app = opened(tmp_path, LONG)
    async with app.run_test(size=(60, 16)) as pilot:
        editor = app.ide.editor
        chosen = random.Random(3)
        texts = [editor.text]
        for _ in range(60):
            rows = sorted(chosen.randrange(editor.document.line_count) for _ in "ab")
            start = (rows[0], chosen.randint(0, len(editor.document.get_line(rows[0]))))
            size = chosen.choice((0, 0, 1, 40))
            last = min(rows[0] + size, editor.document.line_count - 1)
            text = chosen.choice(("", "x", "\n", "one\ntwo\n", "y\n" * 100))
            editor.history.checkpoint()
            editor.replace(text, start, (last, len(editor.document.get_line(last))))
            if editor.text != texts[-1]:
                texts.append(editor.text)
        for text in reversed(texts[:-1]):
            editor.undo()
            assert editor.text == text
        for text in texts[1:]:
            editor.redo()
            assert editor.text == text
        await settled(pilot)
        assert app.is_running


async def test_a_paste_of_ten_thousand_lines(tmp_path: Path) -> None:
    """It is text like any other, and one step of undo."""
    app = opened(tmp_path, "")
    async with app.run_test(size=(100, 30)) as pilot:
        text = ";; pasted\r" * 10_000
        app._driver.send_message(events.Paste(text))  # type: ignore[union-attr]
        await settled(pilot)
        assert app.ide.editor.document.line_count == 10_001
        assert app.ide.editor.text == ";; pasted\n" * 10_000
        await pilot.press("ctrl+z")
        assert app.ide.editor.text == ""


async def test_line_ends_are_saved_as_they_were(tmp_path: Path) -> None:
    """CRLF stays CRLF, also in a line that Enter made; mixed ends stay mixed."""
    path = tmp_path / "program.wat"
    path.write_bytes(b"\xef\xbb\xbf(i32.const 1)\r\n;; two\n")
    app = WatstepApp(Workspace(path, tmp_path / "state"), None, RunSettings())
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        assert not app.ide.unsaved
        await pilot.press("end", "enter", "ctrl+s")
        await settled(pilot)
        assert path.read_bytes() == b"\xef\xbb\xbf(i32.const 1)\r\n\r\n;; two\n"


async def test_wide_signs_tabs_and_controls_take_their_cells(tmp_path: Path) -> None:
    """The cursor's cell, the click's column and the drawn row agree (LANGUAGE 1)."""
    app = opened(tmp_path, ";; 日本\tx\x1b👩\u200d👧e\u0301!\n")
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        editor = app.ide.editor
        columns = [0]
        while columns[-1] < len(editor.document.get_line(0)):
            await pilot.press("right")
            columns.append(editor.selection.end[1])
        assert columns == [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 14]
        place = editor.content_region.offset - editor.region.offset
        for column in columns[:-1]:
            cell = editor.get_column_width(0, column)
            await pilot.click(editor, offset=place + Offset(editor.gutter_width + cell, 0))
            assert editor.selection.end == (0, column)
        shown = drawn(editor, 0)
        assert not {"\x1b", "\t"} & set(shown)
        assert ";; 日本    x␛👩\u200d👧e\u0301!  " in shown


async def test_the_mouse_places_selects_scrolls_and_sets_breakpoints(tmp_path: Path) -> None:
    """In text and in the gutter, scrolled or not."""
    app = opened(tmp_path, LONG)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        editor = app.ide.editor
        corner = editor.content_region.offset - editor.region.offset
        await pilot.click(editor, offset=corner + Offset(0, 2))
        await settled(pilot)
        assert editor.breakpoints.keys() == {3}
        assert editor.selection.end == (0, 0)
        text = corner + Offset(editor.gutter_width, 0)
        await pilot.click(editor, offset=text + Offset(4, 5))
        assert editor.selection.end == (5, 4)
        await pilot.mouse_down(editor, offset=text + Offset(1, 1))
        await pilot._post_mouse_events([events.MouseMove], editor, text + Offset(6, 2), button=1)
        await pilot.mouse_up(editor, offset=text + Offset(6, 2))
        assert editor.selected_text == LONG.splitlines()[1][1:] + "\n" + "(drop "
        editor.scroll_to(y=50, animate=False)
        await settled(pilot)
        await pilot.click(editor, offset=corner + Offset(1, 2))
        await settled(pilot)
        assert editor.breakpoints.keys() == {3, 53}


async def test_b5_breakpoints_move_with_edits_and_come_back_with_undo(tmp_path: Path) -> None:
    """B5: above, within and over the line; by keys, by a paste, by undo and redo."""
    app = opened(tmp_path, "one\n  two\nthree\n")
    async with app.run_test(size=(100, 30)) as pilot:
        editor = app.ide.editor
        editor.toggle_breakpoint(2)
        await pilot.press("enter", "enter")
        assert editor.breakpoints.keys() == {4}
        await pilot.press("ctrl+z", "ctrl+z")
        assert editor.breakpoints.keys() == {2}
        editor.move_cursor((1, 0))
        await pilot.press("ctrl+shift+k")
        assert (editor.text, set(editor.breakpoints)) == ("one\nthree\n", set())
        await pilot.press("ctrl+z")
        assert (editor.text, set(editor.breakpoints)) == ("one\n  two\nthree\n", {2})
        await pilot.press("ctrl+y")
        assert editor.breakpoints.keys() == set()
        await pilot.press("ctrl+z")
        editor.replace("zero\none\n  two\nthree", (0, 0), (2, 5))
        assert editor.breakpoints.keys() == {3}


async def test_problems_are_underlined_marked_and_told(tmp_path: Path) -> None:
    """With a sign in the gutter, the first message at the line's end, cut at the pane's edge."""
    app = opened(tmp_path, "(local.get $nobody)\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        editor = app.ide.editor
        shown = drawn(editor, 0)
        assert shown.startswith("  1■▸(local.get $nobody)")
        assert "■ error: " in shown
        assert shown.rstrip().endswith("…")
        assert len(shown) == editor.size.width
        styles = {s.text: s.style for s in editor.render_line(0) if s.style}
        assert styles["$nobody"].underline
        editor.insert(" " * 60, (0, 19))
        await settled(pilot)
        assert "error: " not in drawn(editor, 0)


async def test_the_partner_of_a_parenthesis_is_found_by_tokens(tmp_path: Path) -> None:
    """Strings and comments do not count."""
    app = opened(tmp_path, '(call $dbg.log ")" (; ) ;)\n;; )\n)\n')
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        editor = app.ide.editor
        await pilot.press("right", "left")
        assert editor.matching_bracket_location == (2, 0)
        editor.move_cursor((2, 0))
        await settled(pilot)
        assert editor.matching_bracket_location == (0, 0)
        bold = [s.text for s in editor.render_line(0) if s.style and s.style.underline]
        assert bold == ["("]
        editor.move_cursor((0, 16))
        assert editor.matching_bracket_location is None


async def test_sideways_the_text_moves_seldom_and_the_scrollbar_is_thin(tmp_path: Path) -> None:
    """A line longer than the pane: the cursor stays in sight; one bar of one cell."""
    app = opened(tmp_path, "short\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        editor = app.ide.editor
        assert not editor.show_horizontal_scrollbar
        moves = set()
        for _ in range(100):
            await pilot.press("x")
            moves.add(editor.scroll_offset.x)
            cell = editor.get_column_width(*editor.selection.end)
            inside = cell - editor.scroll_offset.x
            assert 0 <= inside < editor.scrollable_content_region.width - editor.gutter_width
        assert 2 <= len(moves) <= 10
        assert editor.show_horizontal_scrollbar
        assert editor.scrollbar_size_horizontal == 1
        await pilot.press("home")
        assert editor.scroll_offset.x == 0


async def test_control_home_and_end_go_to_the_ends_of_the_text(tmp_path: Path) -> None:
    """The cursor goes to the ends of the text, with Shift selecting what lies between."""
    app = opened(tmp_path, "(local $i i32)\n" * 100 + "(local.get $i)")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        editor = app.ide.editor
        await pilot.press("ctrl+end")
        assert editor.selection == ((100, 14), (100, 14))
        await pilot.press("ctrl+shift+home")
        assert editor.selection == ((100, 14), (0, 0))
        await pilot.press("ctrl+home", "ctrl+shift+end")
        assert editor.selection == ((0, 0), (100, 14))


async def test_a_line_is_copied_where_nothing_is_selected(tmp_path: Path) -> None:
    """With its end; a selection goes before."""
    app = opened(tmp_path, "one\ntwo\n")
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+c", "ctrl+v")
        await settled(pilot)
        assert app.ide.editor.text == "one\none\ntwo\n"
        await pilot.press("shift+right", "shift+right", "ctrl+c", "end", "ctrl+v")
        await settled(pilot)
        assert app.ide.editor.text == "one\noneon\ntwo\n"


async def test_a_byte_order_mark_moves_no_place(tmp_path: Path) -> None:
    """LANGUAGE 1: problems, links and the next problem stand where they are without one."""
    path = tmp_path / "program.wat"
    path.write_bytes(b"\xef\xbb\xbf(local.get $nobody)")
    app = WatstepApp(Workspace(path, tmp_path / "state"), None, RunSettings())
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        editor = app.ide.editor
        assert editor.problems[0].underlined[0][:2] == (11, 18)
        await pilot.press("f8")
        await settled(pilot)
        assert editor.selection.end == (0, 11)
        assert editor.linked == {0: (0, 19)}


async def test_tab_moves_selected_lines_in_and_out(tmp_path: Path) -> None:
    """Line ends, breakpoints and the selection stay with their text; one step of undo."""
    app = opened(tmp_path, "")
    async with app.run_test(size=(100, 30)) as pilot:
        editor = app.ide.editor
        editor.text = "one\r\n\n\ttwo\nthree"
        editor.toggle_breakpoint(3)
        editor.move_cursor((0, 1))
        editor.move_cursor((3, 0), select=True)
        await pilot.press("tab")
        assert editor.text == "  one\r\n\n  \ttwo\nthree"
        assert editor.selected_text == "ne\r\n\n  \ttwo\n"
        await pilot.press("shift+tab", "shift+tab", "shift+tab")
        assert editor.text == "one\r\n\ntwo\nthree"
        assert editor.breakpoints.keys() == {3}
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert editor.text == "one\r\n\n\ttwo\nthree"
        editor.move_cursor((2, 3))
        await pilot.press("shift+tab", "tab")
        assert editor.text == "one\r\n\ntw  o\nthree"


KEYS = (
    *("a", "(", ")", '"', ";", "日", "\u0301", "enter", "tab", "shift+tab", "backspace", "delete"),
    *("left", "right", "up", "down", "home", "end", "pageup", "pagedown", "ctrl+home", "ctrl+end"),
    *("ctrl+left", "ctrl+right", "shift+left", "shift+down", "shift+up", "ctrl+z", "ctrl+y"),
    *("ctrl+x", "ctrl+c", "ctrl+v", "ctrl+k", "ctrl+w", "ctrl+shift+k", "f9", "f8", "ctrl+e"),
)


@pytest.mark.parametrize("seed", range(2))
async def test_random_keys_leave_everything_in_agreement(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cursor and breakpoints in the text; states, widths and compilation those of the text."""
    monkeypatch.chdir(tmp_path)  # Closing may ask for a name to save under.
    chosen = random.Random(seed)
    text = '\t(call $dbg.log """a\r\nb\n""")\n' * 12
    app = opened(tmp_path, text)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for _ in range(8):
            burst(app, *(chosen.choice(KEYS) for _ in range(25)))
            await settled(pilot)
            editor = app.ide.editor
            found, (row, column) = editor.document, editor.selection.end
            assert column <= len(found.get_line(row))
            assert all(1 <= line <= found.line_count for line in editor.breakpoints)
        await until(pilot, lambda: app.ide.code.fresh)
        found.settle(found.line_count)
        assert found._states == line_states(found.lines)
        assert found._widths == [width(line) for line in found.lines]

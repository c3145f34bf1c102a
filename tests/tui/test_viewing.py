"""The views of the expansion: chosen by keys, linked both ways, opened in place, kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.driving import Desk, ide
from watstep.host.catalog import INTERFACE
from watstep.pipeline import compile_source
from watstep.source.text import Source
from watstep.views.kinds import View, rendering
from watstep.views.levels import all_doors
from watstep_tui.compiled.counterparts import counterparts
from watstep_tui.compiled.linking import Links
from watstep_tui.files.remembered import SettingsStore
from watstep_tui.keymap import VIEWS
from watstep_tui.text.marks import flashes, lines_changed
from watstep_tui.widgets import expansion

PROGRAM = """(argv 0 $p)
;; words
(local $x i32)
(local.set $x (i32.add (local.get $p) (i32.const 5)))
(check $x)
(call $dbg.log "text")
(local.get $x)
"""
TITLES = ("full", "one level", "after macros", "after strings", "flat", "interleaved")


def title(desk: Desk) -> str:
    """What the pane is called, without `Expansion · `."""
    return str(desk.ide.view.border_title).removeprefix("Expansion · ")


def row_with(desk: Desk, text: str) -> int:
    """The first row of the view that holds a text."""
    return next(at for at, line in enumerate(desk.ide.view.expanded.lines) if text in line)


async def test_a_key_for_each_view_and_the_bare_number_in_the_pane(tmp_path: Path) -> None:
    """The title names it; what is shown is that view of the text as it stands."""
    async with ide(tmp_path / "p.wat", PROGRAM) as desk:
        assert title(desk) == "full"
        for number, (view, name) in enumerate(zip(View, TITLES, strict=True), 1):
            await desk.press(f"alt+{number}")
            found = desk.ide.compilation
            assert found is not None
            assert (title(desk), desk.ide.view.text) == (name, rendering(found, view).text)
            assert desk.ide.editor.text == PROGRAM
        desk.ide.view.focus()
        await desk.press("1")
        assert title(desk) == "full"
        await desk.press("5")
        assert title(desk) == "flat"
        await desk.write(PROGRAM + "(i32.const 7)\n")
        assert title(desk) == "flat"
        assert "i32.const 7 " in desk.ide.view.text
    assert len(VIEWS) == len(View)


async def test_the_view_is_kept_and_an_unknown_one_is_none(tmp_path: Path) -> None:
    """For the person, whatever the file."""
    async with ide(tmp_path / "p.wat", PROGRAM) as desk:
        await desk.press("alt+6")
        store = desk.ide.store
    async with ide(tmp_path / "other.wat", PROGRAM) as desk:
        assert title(desk) == "interleaved"
        assert ";; 1 | (argv 0 $p)" in desk.ide.view.text
    SettingsStore(store.folder).write_view("sideways")
    async with ide(tmp_path / "p.wat") as desk:
        assert title(desk) == "full"


async def test_forms_open_and_close_in_place_one_at_a_time(tmp_path: Path) -> None:
    """From the source and in the pane, nested; what is open survives an edit elsewhere."""
    async with ide(tmp_path / "p.wat", PROGRAM) as desk:
        editor, view = desk.ide.editor, desk.ide.view
        await desk.press("alt+e")
        assert title(desk) == "one level · 1 open"
        assert "(call $sys.argv (i32.const 0))" in view.text
        assert "(check $p.err)" in view.text
        assert '"text"' in view.text
        desk.ide.view.focus()
        view.move_cursor(row_with(desk, "(check $p.err)"), 6)
        await desk.press("space")
        assert title(desk) == "one level · 2 open"
        assert "(return (local.get $p.err))" in view.text
        assert "(check $x)" in view.text
        editor.insert("(nop)\n", (2, 0))
        await desk.press()
        assert title(desk) == "one level · 2 open"
        view.move_cursor(row_with(desk, "(return (local.get $p.err))"), 6)
        await desk.press("space")
        assert "(check $p.err)" in view.text
        editor.focus()
        editor.move_cursor((0, 3))
        await desk.press("alt+e")
        assert title(desk) == "one level"
        assert "(argv 0 $p)" in view.text
        editor.move_cursor((1, 4))
        await desk.press("alt+e")
        assert "no macro, string or local" in desk.status


async def test_the_first_form_of_the_line_opens_where_the_cursor_is_in_none(tmp_path: Path) -> None:
    """In the source and in the view; not one of another line."""
    text = '(i32.const 0) (call $dbg.log "one") (call $dbg.log "two")\n(nop)\n'
    async with ide(tmp_path / "p.wat", text) as desk:
        view = desk.ide.view
        await desk.press("alt+e")
        assert title(desk) == "one level · 1 open"
        assert ('"one"' in view.text, '"two"' in view.text) == (False, True)
        desk.ide.editor.move_cursor((1, 2))
        await desk.press("alt+e")
        assert title(desk) == "one level · 1 open"
        assert "in this line" in desk.status
        view.focus()
        view.move_cursor(row_with(desk, "(i32.const 0) "), 0)
        await desk.press("alt+e")
        assert title(desk) == "one level"
        await desk.press("alt+e")
        assert title(desk) == "one level · 1 open"


async def test_made_parts_are_underlined_without_colours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part of a row that was made; neither the rest of it nor rows made as a whole."""

    def underlined(desk: Desk, row: int) -> str:
        strip = desk.ide.view.render_line(row - desk.ide.view.scroll_offset.y)
        parts = (part for part in strip if part.style and part.style.underline)
        return "".join(part.text for part in parts)

    for given, expected in (("1", "(i32.const 16)"), (None, "")):
        if given:
            monkeypatch.setenv("NO_COLOR", given)
        else:
            monkeypatch.delenv("NO_COLOR")
        async with ide(tmp_path / "p.wat", PROGRAM) as desk:
            await desk.press("alt+1")
            desk.ide.editor.move_cursor((1, 0))
            await desk.press()
            assert underlined(desk, row_with(desk, "(call $dbg.log")) == expected
            assert underlined(desk, row_with(desk, "(call $sys.argv")) == ""


async def test_all_forms_open_and_close(tmp_path: Path) -> None:
    """Everything open is the full expansion; again, everything is as it was written."""
    async with ide(tmp_path / "p.wat", PROGRAM) as desk:
        view = desk.ide.view
        await desk.press("alt+a")
        found = desk.ide.compilation
        assert found is not None
        assert title(desk) == f"one level · {len(all_doors(found.expansion))} open"
        assert view.text == found.expansion.full.text
        await desk.press("alt+a")
        assert title(desk) == "one level"
        assert '(call $dbg.log "text")' in view.text


async def test_a_form_asked_for_while_the_text_is_compiled_opens_after_it(tmp_path: Path) -> None:
    """The key is not lost."""
    async with ide(tmp_path / "p.wat", PROGRAM) as desk:
        desk.ide.editor.insert(" ", (1, 3))
        desk.ide.viewing.action_toggle_form()
        assert desk.ide.code.fresh is None
        desk.ide.editor.move_cursor((0, 1))
        await desk.press()
        assert title(desk) == "one level · 1 open"


@pytest.mark.parametrize("view", View)
def test_every_form_of_every_view_leads_to_its_source(view: View) -> None:
    """A place of the source leads to the view, and its anchor there leads back to the form."""
    found = compile_source(Source("p.wat", PROGRAM), INTERFACE)
    shown = rendering(found, view)
    links = Links(found.expansion, shown)
    for at, form in (
        ("argv", "(argv 0 $p)"),
        ("i32.add", "(i32.add (local.get $p) (i32.const 5))"),
        ("5))", "(i32.const 5)"),
        ("check", "(check $x)"),
        ('"text"', '"text"'),
        ("$x)\n(call", "(check $x)"),
    ):
        linked = links.from_source(PROGRAM.index(at))
        assert linked is not None, at
        assert PROGRAM[slice(*linked.source)] == form
        back = links.from_expanded(linked.anchor)
        assert back is not None, at
        assert back.source == linked.source or view is View.FLAT


def test_the_stack_beside_a_flat_instruction_leads_to_its_form() -> None:
    """A comment of a view tells of a form, and lights it."""
    found = compile_source(Source("p.wat", PROGRAM), INTERFACE)
    shown = rendering(found, View.FLAT)
    links = Links(found.expansion, shown)
    linked = links.from_expanded(shown.text.index("[$p + 5]"))
    assert linked is not None
    assert PROGRAM[slice(*linked.source)].startswith("i32.add")


ROWS: dict[View, list[tuple[str, str | None]]] = {
    View.LEVEL: [
        ("(argv 0 $p)", "(call $sys.argv"),
        ("(local.set $x (i32.add", "(local.set $x (i32.add"),
        ("(check $x)", "(if (i32.ne (local.get $x)"),
        ('(call $dbg.log "text")', "(call $dbg.log (i32.const 16))"),
        ("(local $x i32)", "(local $x i32)"),
        ("(module", "(module"),
        ("(export", "(export"),
    ],
    View.MACROS: [
        ("(check $x)", None),
        ("(then (return (local.get $x)))", "(return (local.get $x)"),
    ],
    View.STRINGS: [("(local $x i32)", "(local $x i32)"), ("(call $sys.argv", "(call $sys.argv")],
    View.FLAT: [
        ("call $sys.argv", "(call $sys.argv"),
        ("local.get $x ", "(if (i32.ne (local.get $x)"),
        ("i32.add", "(local.set $x (i32.add"),
        ("call $dbg.log", "(call $dbg.log"),
    ],
    View.INTERLEAVED: [(";; 1 | (argv", None), ("(call $sys.argv", "(call $sys.argv")],
}
"""For a view, what a row holds, and what the row of the full expansion holds that it stands for."""


@pytest.mark.parametrize(
    ("view", "here", "there"), [(view, *row) for view, rows in ROWS.items() for row in rows]
)
def test_a_row_of_a_view_stands_for_a_row_of_the_full_expansion(
    view: View, here: str, there: str | None
) -> None:
    """Where its first sign is; a closed form where it begins; a row that is told for none."""
    found = compile_source(Source("p.wat", PROGRAM), INTERFACE)
    shown, full = rendering(found, view).text.split("\n"), found.expansion.full.text.split("\n")
    places = counterparts(rendering(found, view), found.expansion.full)
    rows = [row for row, line in enumerate(shown) if here in line]
    if not rows:
        assert there is None
        return
    place = places.in_full(rows[0])
    if there is None:
        assert place is None
    else:
        assert place is not None
        assert there in full[place]
        first = places.in_view(place)
        assert first == rows[0] or view is View.FLAT
        assert first is not None
        assert first <= rows[0]


async def test_breakpoints_of_the_expansion_are_seen_and_set_in_every_view(tmp_path: Path) -> None:
    """They stay those of the full expansion; what only the view tells takes none."""
    async with ide(tmp_path / "p.wat", PROGRAM) as desk:
        view = desk.ide.view
        view.focus()
        inside = row_with(desk, "(return (local.get $x))")
        view.move_cursor(inside, 0)
        await desk.press("f9")
        assert view.breakpoints.keys() == {inside + 1}
        await desk.press("2")
        closed = row_with(desk, "(check $x)")
        assert view.cursor[0] == closed
        marked = [
            row
            for row in range(len(view.expanded.lines))
            if view.render_line(row - view.scroll_offset.y).text.startswith("●")
        ]
        assert marked == [closed]
        await desk.press("f9")
        assert view.breakpoints.keys() == set()
        await desk.press("f9")
        assert view.breakpoints.keys() == {inside}
        await desk.press("6")
        view.move_cursor(row_with(desk, ";; 5 | (check"), 0)
        await desk.press("f9")
        assert view.breakpoints.keys() == {inside}
        assert "a breakpoint is for what is compiled" in desk.status
        desk.ide.editor.insert(";; one line more\n", (0, 0))
        await desk.press()
        assert view.breakpoints.keys() == {inside + 1}


async def test_a_broken_text_has_every_view(tmp_path: Path) -> None:
    """Nothing fails, and what cannot be shown says why."""
    async with ide(tmp_path / "p.wat", PROGRAM) as desk:
        for text in ("", "(call $nobody", PROGRAM + "(i32.bad)\n", ")", '"""'):
            await desk.write(text)
            for number in range(1, 7):
                await desk.press(f"alt+{number}")
                assert title(desk) == TITLES[number - 1]
            await desk.press("alt+a", "alt+e")


CHANGES: list[tuple[str, list[str], list[str], dict[int, tuple[int, int]]]] = [
    ("a character", ["a", "(b c)", "d"], ["a", "(b xc)", "d"], {1: (3, 4)}),
    ("one taken away", ["(b xc)"], ["(b c)"], {0: (2, 4)}),
    ("the same twice", ["aa"], ["aaa"], {0: (2, 3)}),
    ("two lines of three", ["1", "same", "2"], ["10", "same", "3"], {0: (1, 2), 2: (0, 1)}),
    ("a line put in", ["a", "b"], ["a", "  new", "b"], {1: (2, 5)}),
    ("lines far apart", ["a", "b", "c"], ["x", "a", "b", "y", "c"], {0: (0, 1), 3: (0, 1)}),
    ("a line taken away", ["a", "b", "c"], ["a", "c"], {}),
    ("nothing", ["a"], ["a"], {}),
]


@pytest.mark.parametrize(("before", "after", "found"), [row[1:] for row in CHANGES])
def test_what_changed_is_told_in_few_characters(
    before: list[str], after: list[str], found: dict[int, tuple[int, int]]
) -> None:
    """Those that differ; lines that only moved are not among them."""
    assert flashes(lines_changed(before, after)) == found


async def test_what_changed_flashes_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the text is another than at the key before; not where the view is another."""
    monkeypatch.setattr(expansion, "FLASH", 30.0)
    async with ide(tmp_path / "p.wat", PROGRAM, size=(170, 40)) as desk:
        view = desk.ide.view
        assert view.flashed == {}
        await desk.press("alt+2", "alt+1")
        assert view.flashed == {}
        desk.ide.editor.move_cursor((3, PROGRAM.splitlines()[3].index("5)") + 1))
        await desk.press("7")
        row = row_with(desk, "(i32.const 57)")
        column = view.expanded.lines[row].index("57)")
        assert view.flashed == {row: (column + 1, column + 2)}
        ground = view.look.code["flash"].bgcolor
        lit = [
            segment.text
            for segment in view.render_line(row - view.scroll_offset.y)
            if segment.style and segment.style.bgcolor == ground
        ]
        assert lit == ["7"]
        view._fade()
        assert view.flashed == {}
        await desk.write(";; another\n" * 40)
        assert view.flashed == {}


NOTES = [
    ("(call $sys.argv (i32", "made by the macro `argv`", "1:1 (argv 0 $p)", ""),
    ("(return (local.get $p.err", "made by the macro `check`", "1:1 (argv 0 $p)", ""),
    ("16))", "the address of a text", '6:16 "text"', "address 16, 4 bytes, used at 6:16"),
    ("(data", "a text value in memory", '6:16 "text"', "address 16, 4 bytes, used at 6:16"),
    ("(local $x", "a declaration, moved to the top", "3:1 (local $x i32)", ""),
]


@pytest.mark.parametrize(("at", "says", "place", "text"), NOTES)
async def test_a_note_says_where_a_piece_comes_from(
    at: str, says: str, place: str, text: str, tmp_path: Path
) -> None:
    """By a key in the pane; on a small terminal as on a large one."""
    async with ide(tmp_path / "p.wat", PROGRAM, size=(80, 24)) as desk:
        view, note = desk.ide.view, desk.ide.piece_note
        view.focus()
        await desk.press()
        row = row_with(desk, at)
        view.move_cursor(row, view.expanded.lines[row].index(at))
        await desk.press("alt+n")
        lines = [line.plain for line in note.lines]
        assert lines[0].startswith(says)
        assert lines[1] == place
        assert text in "\n".join(lines[2:])
        region = note.region
        assert (region.x >= 0, region.right <= 80, region.bottom <= 24) == (True, True, True)
        assert not region.contains_point(view.cell_on_screen(view.cursor))
        await desk.press("alt+n")
        assert not note.display


async def test_a_note_goes_with_the_cursor_and_escape_goes_back(tmp_path: Path) -> None:
    """Told from the source too; what is said of a place is over when the cursor leaves it."""
    async with ide(tmp_path / "p.wat", PROGRAM) as desk:
        editor, view, note = desk.ide.editor, desk.ide.view, desk.ide.piece_note
        editor.move_cursor((4, 2))
        await desk.press("alt+n")
        assert [line.plain for line in note.lines] == [
            "made by the macro `check`",
            "5:1 (check $x)",
        ]
        await desk.press("right")
        assert not note.display
        editor.move_cursor((1, 4))
        await desk.press("alt+n")
        assert not note.display
        assert "nothing to tell" in desk.status
        view.focus()
        view.move_cursor(row_with(desk, "(data"), 4)
        await desk.press("alt+n", "escape")
        assert (note.display, view.has_focus) == (False, True)
        await desk.press("escape")
        assert editor.has_focus


async def test_the_mouse_rests_for_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes when the mouse goes on."""
    monkeypatch.setattr(expansion, "REST", 0.01)
    async with ide(tmp_path / "p.wat", PROGRAM) as desk:
        view, note = desk.ide.view, desk.ide.piece_note
        row = row_with(desk, "(call $sys.argv (i32")
        place = view.cell_on_screen((row, 8)) - view.region.offset
        await desk.pilot.hover(view, offset=place)
        await desk.press()
        assert note.display
        assert note.border_title == "argv"
        await desk.pilot.hover(desk.ide.editor, offset=(5, 5))
        await desk.press()
        assert not note.display


async def test_the_cursor_of_the_pane_stays_in_sight_where_a_form_opens(tmp_path: Path) -> None:
    """A local that is opened moves to the head of its function; the cursor goes with it."""
    async with ide(tmp_path / "p.wat", "\n" * 12 + PROGRAM, size=(80, 24)) as desk:
        await desk.press("alt+2", "alt+a", "alt+a", "ctrl+e")
        view = desk.ide.view
        view.move_cursor(row_with(desk, "(local $x i32)"), 4)
        await desk.press("space")
        assert "local $x i32" in view.expanded.lines[view.cursor[0]]
        top = view.scroll_offset.y
        assert view.cursor[0] in range(top, top + view.scrollable_content_region.height)


async def test_the_source_is_left_and_come_back_to_where_its_cursor_is(tmp_path: Path) -> None:
    """It scrolls with the expansion meanwhile; Escape brings its cursor into sight again."""
    async with ide(tmp_path / "p.wat", PROGRAM + "(nop)\n" * 40, size=(80, 24)) as desk:
        await desk.press("ctrl+e", "end", "pagedown", "pagedown", "pagedown")
        editor = desk.ide.editor
        assert editor.scroll_offset.y > 0
        await desk.press("escape")
        assert editor.selection.end[0] >= editor.scroll_offset.y

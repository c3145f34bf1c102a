"""The page of a problem over the desk, the comment that allows it, and the project's levels."""

from __future__ import annotations

from pathlib import Path

from textual.containers import VerticalScroll
from textual.widgets import TextArea

from tests.tui.driving import ide, until
from watstep.editing.pages import all_codes, explained
from watstep_tui.screens.dialogs.own_file import OwnFileDialog
from watstep_tui.screens.dialogs.page import PageDialog, parts_of
from watstep_tui.theming import load_looks

UNUSED = "(local $y i32)\n(local $x i32)\n(local.set $y (i32.const 1))\n(local.get $y)\n"


async def test_the_page_is_shown_and_scrolls(tmp_path: Path) -> None:
    """Alt+P shows the page of the cursor's problem, at any size; Escape goes back to the text."""
    async with ide(tmp_path / "a.wat", UNUSED, size=(80, 24)) as desk:
        await desk.press("f8", "alt+p")
        dialog = desk.app.screen
        assert isinstance(dialog, PageDialog)
        assert "is declared and never used" in desk.seen
        await desk.press("pagedown")
        assert dialog.query_one(VerticalScroll).scroll_y > 0
        await desk.press("escape")
        assert desk.app.screen is desk.ide
        assert desk.ide.editor.has_focus


async def test_an_error_of_the_language_has_a_page_too(tmp_path: Path) -> None:
    """That of the marked row of the tab, wherever the cursor is."""
    async with ide(tmp_path / "a.wat", "(i32.const 0)\n(local.set $no (i32.const 1))\n") as desk:
        await desk.press("f7", "down", "alt+p")
        assert isinstance(desk.app.screen, PageDialog)
        assert "`$no` is not declared".replace("`", "") in desk.seen
        assert "No local of this name or number is declared in the function." in desk.seen
        assert "Wrong:" in desk.seen


async def test_the_stack_stands_in_the_page_and_in_the_note(tmp_path: Path) -> None:
    """F8 says it on its line, Alt+P draws it over the page."""
    text = "(argv 0 $n)\n(i32.add (local.get $n))\n"
    async with ide(tmp_path / "a.wat", text, size=(220, 40)) as desk:
        await desk.press("f8")
        assert "stack: 1 i32 (local.get $n) 2:10 | 2 i32 - <- missing" in desk.status
        await desk.press("alt+p")
        assert "stack for i32.add, bottom first:" in desk.seen


async def test_a_lint_is_allowed_by_a_key(tmp_path: Path) -> None:
    """The comment stands above the line, takes the problem away, and is one step to take back."""
    async with ide(tmp_path / "a.wat", UNUSED) as desk:
        await desk.press("f8", "alt+i")
        text = desk.ide.editor.text
        assert text == UNUSED.replace("(local $x", ";; allow: unused-local\n(local $x")
        assert "unused-local is allowed here" in desk.status
        assert desk.ide.fresh().diagnostics == ()
        await desk.press("ctrl+z")
        assert desk.ide.editor.text == UNUSED


async def test_where_there_is_nothing_it_is_said(tmp_path: Path) -> None:
    """No dialog, no edit."""
    async with ide(tmp_path / "a.wat", UNUSED) as desk:
        await desk.press("alt+p")
        assert "no problem on this line" in desk.status
        await desk.press("alt+i")
        assert "there is nothing to allow" in desk.status
        assert desk.ide.editor.text == UNUSED


async def test_the_project_says_how_loud_lints_are(tmp_path: Path) -> None:
    """Its file holds in the IDE as on the command line."""
    (tmp_path / "watstep.toml").write_text('[lints]\nunused-local = "off"\n')
    async with ide(tmp_path / "a.wat", UNUSED) as desk:
        assert desk.ide.fresh().diagnostics == ()


async def test_a_wrong_project_file_is_shown_and_mended(tmp_path: Path) -> None:
    """With its line; Enter opens it there, and what is saved holds without another key."""
    project = tmp_path / "watstep.toml"
    project.write_text('[lints]\nunused-locals = "off"\n')
    project.chmod(0o644)
    async with ide(tmp_path / "a.wat", UNUSED) as desk:
        await desk.press("f7")
        wrong, _ = desk.tab("Problems")
        assert wrong.startswith("▲ 2:1 watstep.toml: there is no lint `unused-locals`")
        await desk.press("enter")
        dialog = desk.app.screen
        assert isinstance(dialog, OwnFileDialog)
        area = dialog.query_one(TextArea)
        assert area.cursor_location == (1, 0)
        area.text = '[lints]\nunused-local = "off"\n'
        await desk.press("ctrl+s", "escape")
        await until(desk.pilot, lambda: not desk.tab("Problems"))
        assert project.stat().st_mode & 0o777 == 0o644


async def test_a_change_of_the_project_is_taken_up(tmp_path: Path) -> None:
    """Made by another program, without a key."""
    async with ide(tmp_path / "a.wat", UNUSED) as desk:
        await desk.press()
        assert desk.tab("Problems")
        (tmp_path / "watstep.toml").write_text('[lints]\nunused-local = "off"\n')
        await until(desk.pilot, lambda: not desk.tab("Problems"))


def test_every_page_can_be_drawn() -> None:
    """In paragraphs and programs; no program has a blank line, which would divide it."""
    look = next(iter(load_looks().looks.values()))
    for code in all_codes():
        page = explained(code)
        assert page
        assert list(parts_of(page, look))
        blocks = page.strip().split("\n\n")
        assert all(block.count("```") in {0, 2} for block in blocks), code

"""Replacing texts and patterns, and searching in every pane."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.tui.driving import ide, until
from watstep_tui.text.seeker import Query, search

TEXT = """(local $a i32)
(local.set $a (i32.const 5))
(local.set $a (i32.add (local.get $a) (i32.const 7)))
(local.get $a)
"""


def replaced(text: str, query: Query) -> str:
    """The text with every match replaced."""
    for hit in reversed(search(text, query)):
        text = text[: hit.start] + hit.text + text[hit.end :]
    return text


BECOMES = [
    ("a.c a-c", Query("a.c", "$1"), "$1 a-c"),
    ("a.c a-c", Query("a.c", "<$0>", pattern=True), "<a.c> <a-c>"),
    ("x1 x22", Query(r"x(\d+)", r"\1$1", pattern=True), "11 2222"),
    ("$x", Query(r"\$(?P<n>x)", r"$y \g<n>$$", pattern=True), "$y x$"),
    ("a\nb", Query("^", ";; ", pattern=True), ";; a\n;; b"),
    ("a\r\nb\r\n", Query("[ab]$", r"$0;\n", pattern=True), "a;\n\r\nb;\n\r\n"),
    ("a b", Query(r"(a)|b", "[$1]", pattern=True), "[a] []"),
    ("Nop nop", Query("nop", "x", case=True), "Nop x"),
    ("日本 日", Query("日", "人"), "人本 人"),
]


@pytest.mark.parametrize(("text", "query", "after"), BECOMES)
def test_what_a_match_becomes(text: str, query: Query, after: str) -> None:
    """Plain replacements are literal; a pattern's know groups, and leave `$name` alone."""
    assert replaced(text, query) == after


NONE = [
    (Query("(", pattern=True), "no pattern: missing ), unterminated subpattern at 1"),
    (Query("a", "$1", pattern=True), "the pattern has no group 1"),
    (Query("(a)", r"\g<x>", pattern=True), "the pattern has no group x"),
]


@pytest.mark.parametrize(("query", "said"), NONE)
def test_what_makes_no_sense_is_said(query: Query, said: str) -> None:
    """A pattern that is none, and a group that is not there."""
    with pytest.raises(ValueError, match="no ") as refused:
        search("a", query)
    assert str(refused.value) == said


async def test_all_is_one_edit_and_one_at_a_time_goes_on(tmp_path: Path) -> None:
    """A preview, one match, then all; each is one undo, and the keys stay in the bar."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("alt+r")
        await desk.type("$a")
        await desk.press("tab")
        await desk.type("$b")
        assert "1 of 5" in desk.seen
        assert "line 1: (local $a i32)  →  (local $b i32)" in desk.seen
        await desk.press("enter")
        assert desk.ide.editor.text == TEXT.replace("$a", "$b", 1)
        assert desk.ide.editor.selected_text == "$a"
        assert "of 4" in desk.seen
        await desk.press("alt+g")
        assert desk.ide.editor.text == TEXT.replace("$a", "$b")
        assert "replaced 4 matches" in desk.status
        assert desk.ide.find_bar.has_focus_within
        await desk.press("escape", "ctrl+z")
        assert desk.ide.editor.text == TEXT.replace("$a", "$b", 1)
        await desk.press("ctrl+z")
        assert desk.ide.editor.text == TEXT


async def test_letters_after_tab_stand_in_the_other_line(tmp_path: Path) -> None:
    """Even where all of it arrives in one read."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("alt+r")
        for key in ("o", "n", "e", "tab", "t", "w", "o"):
            letter = key if len(key) == 1 else None
            desk.app._driver.send_message(events.Key(key, letter))  # type: ignore[union-attr]
        await desk.press()
        assert desk.ide.find_bar.query_typed[:2] == ("one", "two")


async def test_a_pattern_with_groups(tmp_path: Path) -> None:
    """Alt+X; what is wrong with a pattern is said as it is typed."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("alt+r", "alt+x")
        await desk.type("$a")
        assert r"the sign is `\$`" in desk.seen
        await desk.fill("const (")
        assert "no pattern: missing )" in desk.seen
        await desk.type(r"\d)")
        assert "no pattern" not in desk.seen
        assert "1 of 2" in desk.seen
        await desk.press("tab")
        await desk.type("const 1$1")
        assert "(i32.const 15)" in desk.seen
        await desk.press("alt+g")
        assert desk.ide.editor.text == TEXT.replace("const ", "const 1")


async def test_a_pattern_goes_on_behind_what_was_replaced(tmp_path: Path) -> None:
    """Also where the replacement is a match again: Enter goes over each place once."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        await desk.press("alt+r", "alt+x")
        await desk.type("const [57]")
        await until(desk.pilot, lambda: "1 of 2" in desk.seen)
        await desk.press("tab")
        await desk.type("$0$0")
        await until(desk.pilot, lambda: "const 5const 5" in desk.seen)
        await desk.press("enter")
        await until(desk.pilot, lambda: "3 of 3" in desk.seen)
        await desk.press("enter")
        await until(desk.pilot, lambda: "1 of 4" in desk.seen)
        twice = TEXT.replace("const 5", "const 5const 5").replace("const 7", "const 7const 7")
        assert desk.ide.editor.text == twice


async def test_a_pattern_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are answered meanwhile, and it is said."""
    monkeypatch.setattr("watstep_tui.text.seeking.LONGEST", 1.0)
    async with ide(tmp_path / "a.wat", ";; " + "a" * 40 + "!\n") as desk:
        await desk.press("ctrl+f", "alt+x")
        for letter in "(a+)+$":
            names = {"(": "left_parenthesis", ")": "right_parenthesis", "+": "plus"}
            await desk.pilot.press({**names, "$": "dollar_sign"}.get(letter, letter))
        await until(desk.pilot, lambda: "takes longer than" in desk.seen)
        assert desk.ide.find_bar.text == "(a+)+$"
        await desk.press("backspace")
        assert "1 of 1" in desk.seen


async def test_only_in_the_selection(tmp_path: Path) -> None:
    """Several selected lines limit it; it grows with what is replaced there."""
    async with ide(tmp_path / "a.wat", "nop\nnop nop\nnop\n") as desk:
        desk.ide.editor.move_cursor((1, 0))
        desk.ide.editor.move_cursor((2, 0), select=True)
        await desk.press("alt+r")
        await desk.type("nop")
        assert "of 2" in desk.seen
        await desk.press("tab")
        await desk.type("longer")
        await desk.press("enter", "enter")
        assert desk.ide.editor.text == "nop\nlonger longer\nnop\n"
        assert "none" in desk.seen
        await desk.press("alt+r")
        assert "of 2" in desk.seen


async def test_the_pane_in_use_is_searched(tmp_path: Path) -> None:
    """The expansion and the tabs have their own matches; F3 and F10 follow the keys."""
    async with ide(tmp_path / "a.wat", TEXT) as desk:
        ide_screen = desk.ide
        ide_screen.view.focus()
        await desk.press("ctrl+f")
        await desk.type("export")
        row = next(at for at, line in enumerate(ide_screen.view.expanded.lines) if "export" in line)
        assert ide_screen.view.cursor[0] == row
        assert list(ide_screen.view.found) == [row]
        assert ide_screen.editor.found == {}
        await desk.press("escape")
        assert ide_screen.view.has_focus
        assert ide_screen.view.found == {}
        await desk.press("f5", "ctrl+f")
        await desk.type("local")
        assert ide_screen.editor.found or ide_screen.view.found
        await desk.press("escape", "f7", "ctrl+f")
        await desk.type("fuel")
        assert len(ide_screen.panel.found) == 1
        assert ide_screen.panel.marked == next(iter(ide_screen.panel.found))
        await desk.press("escape")
        assert ide_screen.panel.has_focus
        before = ide_screen.editor.selection
        await desk.press("f3")
        assert ide_screen.editor.selection == before


async def test_how_a_text_is_meant_is_the_registrys(tmp_path: Path) -> None:
    """Its keys are a person's to choose; from the palette they open the bar first."""
    keymap = tmp_path / "xdg_config_home" / "watstep" / "keymap.toml"
    keymap.parent.mkdir(parents=True)
    keymap.write_text('[editing]\nfind_case = "alt+f9"\nreplace_all = []\n')
    async with ide(tmp_path / "a.wat", "(nop) (NOP)\n") as desk:
        await desk.press("alt+f9")
        bar = desk.ide.find_bar
        assert bar.case
        await desk.type("nop")
        assert "· of 1" in desk.seen or "1 of 1" in desk.seen
        assert "Alt+F9 Aa" in desk.seen
        await desk.press("alt+c")
        assert bar.case
        desk.ide.finding.action_replace_all()
        await desk.press()
        assert bar.replaces
        assert desk.ide.editor.text == "(nop) (NOP)\n"
        assert "“Replace all” of the palette all" in desk.seen

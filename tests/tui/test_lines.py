"""Whole lines moved, written twice, made comments, put in and out: by value, and by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.driving import ide, settled
from tests.tui.test_editor import burst
from watstep_tui.text.lines import LineEdit, Selected, commented, duplicated, indented, moved

Change = Callable[[list[str], Selected], LineEdit | None]


def up(lines: list[str], selected: Selected) -> LineEdit | None:
    """Alt+Up."""
    return moved(lines, selected, -1)


def down(lines: list[str], selected: Selected) -> LineEdit | None:
    """Alt+Down."""
    return moved(lines, selected, 1)


def further_in(lines: list[str], selected: Selected) -> LineEdit | None:
    """Tab."""
    return indented(lines, selected, 2)


def further_out(lines: list[str], selected: Selected) -> LineEdit | None:
    """Shift+Tab."""
    return indented(lines, selected, -2)


def read(marked: str) -> tuple[list[str], Selected]:
    """Lines in which `[` and `]` stand at the ends of a selection, or `|` where the cursor is."""
    places = []
    for mark in "[]" if "[" in marked else "||":
        before = marked[: marked.index(mark)].split("\n")
        places.append((len(before) - 1, len(before[-1])))
        if mark != "|":
            marked = marked.replace(mark, "", 1)
    return marked.replace("|", "").split("\n"), (places[0], places[1])


def written(lines: list[str], selected: Selected) -> str:
    """The same the other way."""
    lines = list(lines)
    start, end = selected
    marks = [(end, "]"), (start, "[")] if start != end else [(end, "|")]
    for (row, column), mark in marks:
        lines[row] = f"{lines[row][:column]}{mark}{lines[row][column:]}"
    return "\n".join(lines)


def applied(change: Change, lines: list[str], selected: Selected) -> tuple[list[str], Selected]:
    """Lines and selection after a change; the same where it does nothing."""
    edit = change(lines, selected)
    if edit is None:
        return lines, selected
    return [*lines[: edit.first], *edit.after, *lines[edit.last + 1 :]], edit.selected


CASES: dict[str, tuple[Change, str, str]] = {
    "a line up": (up, "a\nb|b\nc", "b|b\na\nc"),
    "the first up": (up, "a|\nb", "a|\nb"),
    "several down": (down, "[a\nb]b\nc", "c\n[a\nb]b"),
    "the last down": (down, "a\nb|", "a\nb|"),
    "up to a line's start": (down, "[a\n]b\nc", "b\n[a\n]c"),
    "one twice": (duplicated, "a|b\nc", "ab\na|b\nc"),
    "several twice": (duplicated, "[a\nb]\nc", "a\nb\n[a\nb]\nc"),
    "a comment": (commented, "  (a|)", "  ;; (a|)"),
    "code again": (commented, "  ;; (a|)", "  (a|)"),
    "without a space": (commented, ";;(a)|", "(a)|"),
    "at what they share": (commented, "[  (a\n\n    b)]", "[  ;; (a\n\n  ;;   b)]"),
    "some are comments": (commented, "[;; a\nb]", "[;; ;; a\n;; b]"),
    "nothing to comment": (commented, "  |", "  |"),
    "in": (further_in, "[a\n\n  b]", "[  a\n\n    b]"),
    "out": (further_out, "[   a\n\tb\nc]", "[ a\nb\nc]"),
}


@pytest.mark.parametrize(("change", "before", "after"), CASES.values(), ids=CASES)
def test_lines_change_and_stay_selected(change: Change, before: str, after: str) -> None:
    """What is selected is what was, as far as it is still there."""
    lines, selected = applied(change, *read(before))
    shown = written(lines, selected)
    if change in (commented, further_in, further_out):
        # The ends move with the letters that they stand beside, not to the line's start.
        assert shown.replace("[", "").replace("]", "").replace("|", "") == after.replace(
            "[", ""
        ).replace("]", "").replace("|", "")
    else:
        assert shown == after


LINES = st.lists(st.text("a ;\t(", max_size=6), min_size=1, max_size=6)


@st.composite
def texts(draw: st.DrawFn) -> tuple[list[str], Selected]:
    """Lines and a selection in them."""
    lines = draw(LINES)
    ends = []
    for _ in "ab":
        row = draw(st.integers(0, len(lines) - 1))
        ends.append((row, draw(st.integers(0, len(lines[row])))))
    return lines, (ends[0], ends[1])


@given(text=texts())
def test_up_then_down_is_nothing(text: tuple[list[str], Selected]) -> None:
    """Where there was a line above."""
    after = applied(up, *text)
    if after != text:
        assert applied(down, *after) == text


@given(text=texts())
def test_a_comment_taken_back_is_the_text(text: tuple[list[str], Selected]) -> None:
    """Of lines that are not all comments."""
    lines, selected = text
    after = applied(commented, lines, selected)[0]
    if sum(map(len, after)) > sum(map(len, lines)):
        assert applied(commented, after, selected)[0] == lines


async def test_the_keys_are_one_step_each_and_keep_their_order(tmp_path: Path) -> None:
    """Typed as fast as can be, with letters between; line ends and breakpoints stay."""
    async with ide(tmp_path / "a.wat", "one\r\n  two\nthree") as desk:
        editor = desk.ide.editor
        editor.toggle_breakpoint(2)
        burst(desk.app, "down", "x", "alt+up", "y", "ctrl+d", "alt+down", "ctrl+underscore")
        await settled(desk.pilot)
        assert editor.document.lines == ["xy  two", "one", ";; xy  two", "three"]
        for text in (["xy  two", "one", "xy  two", "three"], ["xy  two", "xy  two", "one", "three"],
                     ["xy  two", "one", "three"]):  # fmt: skip
            await desk.press("ctrl+z")
            assert editor.document.lines == text
        await desk.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert editor.text == "one\r\n  two\nthree"
        assert editor.breakpoints.keys() == {2}

"""The text under edit: line ends are kept, and states, cells and marks stay right."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from watstep_tui.cells import cell_of, column_at, next_column, previous_column, shown, width
from watstep_tui.highlight import line_states
from watstep_tui.text.document import CellNavigator, LineDocument, Unwrapped
from watstep_tui.text.marks import Change, carried, carried_columns, lines_changed, moved

TEXTS = (
    "",
    "\n",
    "one",
    "one\r\ntwo\nthree\rfour",
    "\ufeff(module)\r\n",
    "form\x0cfeed\u2028separator\x85end\n",
)


def document(text: str) -> LineDocument:
    """A document that tells nobody."""
    return LineDocument(text, lambda change: None)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_kept_to_the_character(text: str) -> None:
    """LANGUAGE 1: CRLF, tabs, a byte-order mark and any other sign are legal, and stay."""
    assert document(text).text == text


def test_what_is_typed_takes_the_ends_of_the_file_and_undone_ends_come_back() -> None:
    """Line ends of every kind survive a cut and its undoing."""
    text = "one\r\ntwo\nthree\rfour"
    found = document(text)
    assert found.in_own_ends("a\nb\rc\r\n") == "a\r\nb\r\nc\r\n"
    result = found.replace_range((0, 1), (3, 2), "X")
    assert (found.text, result.replaced_text) == ("oXur", "ne\r\ntwo\nthree\rfo")
    found.replace_range((0, 1), result.end_location, result.replaced_text)
    assert found.text == text


def test_random_edits_equal_those_of_a_plain_string() -> None:
    """Text, widths and what lines begin inside of, after each of many edits."""
    chosen = random.Random(5)
    parts = ("", "x", "\n", "(;", ";)", '"""', "a\r\nb", "\t", "日", ";; c\n", "\n\n\n")
    found = document("\n".join(chosen.choice(parts) for _ in range(60)))
    plain = found.text
    for _ in range(400):
        starts = [0]
        for line, end in zip(found.lines, found._ends, strict=True):
            starts.append(starts[-1] + len(line) + len(end))
        rows = sorted(chosen.randrange(found.line_count) for _ in "ab")
        if chosen.random() < 0.7:
            rows[1] = min(rows[0] + chosen.randrange(3), found.line_count - 1)
        places = sorted((row, chosen.randint(0, len(found.lines[row]))) for row in rows)
        inserted = chosen.choice(parts)
        first, last = (starts[row] + column for row, column in places)
        if chosen.random() < 0.5:
            found.settle(chosen.randrange(found.line_count))
        found.replace_range(places[0], places[1], inserted)
        plain = plain[:first] + inserted + plain[last:]
        if "\r" in plain.replace("\r\n", "") or "\r\r\n" in plain:
            found = document(plain)
        assert found.text == plain
        assert found._widths == [width(line) for line in found.lines]
        if chosen.random() < 0.5:
            at = chosen.randrange(found.line_count)
            assert found.state(at) == line_states(found.lines)[at]
    found.settle(found.line_count)
    assert found._states == line_states(found.lines)


def test_states_that_were_settled_in_part_are_not_taken_for_right() -> None:
    """Edits one above the other, each looked at for some rows only."""
    parts = ("x", '"""', "(;", ";)", '"""a"""')
    for seed in range(200):
        chosen = random.Random(seed)
        found = document("\n".join(chosen.choice(parts) for _ in range(12)))
        for _ in range(12):
            row = chosen.randrange(found.line_count)
            last = min(row + chosen.randrange(2), found.line_count - 1)
            text = chosen.choice((*parts, "x\ny", ""))
            found.replace_range((row, 0), (last, len(found.lines[last])), text)
            found.settle(chosen.randrange(found.line_count))
        found.settle(found.line_count)
        assert found._states == line_states(found.lines), seed


CELLS = (
    # line, columns, the cells at which they begin
    ("(i32)", (0, 3, 5), (0, 3, 5)),
    ("\tx", (0, 1, 2), (0, 4, 5)),
    ("日本x", (0, 1, 2, 3), (0, 2, 4, 5)),
    ("e\u0301x", (0, 2, 3), (0, 1, 2)),
    ("\x1b[x", (0, 1, 2), (0, 1, 2)),
    ("👩\u200d👧x", (0, 3, 4), (0, 2, 3)),
)


@pytest.mark.parametrize(("line", "columns", "cells"), CELLS)
def test_columns_and_cells(line: str, columns: tuple[int, ...], cells: tuple[int, ...]) -> None:
    """A place of the text is a cell of the screen and back; the arrows stop at each sign once."""
    assert tuple(cell_of(line, column) for column in columns) == cells
    assert tuple(column_at(line, cell) for cell in cells) == columns
    assert not {"\x1b", "\t", "\u2028"} & set(shown(line))
    for before, after in pairwise(columns):
        if before + 1 == after or cell_of(line, before + 1) == cell_of(line, after):
            assert next_column(line, before) == after
            assert previous_column(line, after) == before


def test_up_and_down_stay_in_the_cell() -> None:
    """Past wide signs and short lines."""
    navigator = CellNavigator(Unwrapped(document("日本語x\nab\n0123456789")))
    navigator.last_x_offset = 6
    assert navigator.get_location_below((0, 3)) == (1, 2)
    assert navigator.get_location_below((1, 2)) == (2, 6)
    assert navigator.get_location_above((2, 6)) == (1, 2)
    assert navigator.get_location_above((0, 3)) == (0, 0)


def change(before: str, start: tuple[int, int], end: tuple[int, int], text: str) -> Change:
    """The change that a document reports."""
    seen: list[Change] = []
    LineDocument(before, seen.append).replace_range(start, end, text)
    return seen[0]


FOUR = "one\n  two\nthree\nfour"
MOVES = (
    # what happens, start, end, text, where a mark on "  two" (row 1) stands after it
    ("a line is put in above", (0, 0), (0, 0), "x\n", 2),
    ("a line above goes", (0, 0), (1, 0), "", 0),
    ("a line is put in below", (1, 5), (1, 5), "\nx", 1),
    ("Enter at the line's start", (1, 0), (1, 0), "\n", 2),
    ("Enter in its indentation", (1, 2), (1, 2), "\n", 2),
    ("Enter within its text", (1, 3), (1, 3), "\n", 1),
    ("typing in it", (1, 4), (1, 4), "xyz", 1),
    ("typing over all of it", (1, 2), (1, 5), "else", 1),
    ("joining it to the line above", (0, 3), (1, 0), "", 0),
    ("joining the next line to it", (1, 5), (2, 0), "", 1),
    ("deleting it", (1, 0), (2, 0), "", None),
    ("deleting it with others", (0, 0), (3, 0), "", None),
    ("deleting from within it", (1, 3), (2, 5), "", 1),
    ("deleting up to within it", (0, 1), (1, 3), "", 0),
    ("pasting over it what holds it", (0, 0), (3, 4), "x\ny\n  two\nz", 2),
    ("moving it by a paste over all", (0, 0), (3, 4), "three\none\ntwo\n", 2),
    ("changing every line", (0, 0), (3, 4), "a\nb\nc\nd", 1),
)


@pytest.mark.parametrize(
    ("what", "start", "end", "text", "after"), MOVES, ids=[m[0] for m in MOVES]
)
def test_b5_a_mark_moves_with_the_text_of_its_line(
    what: str, start: tuple[int, int], end: tuple[int, int], text: str, after: int | None
) -> None:
    """B5."""
    assert moved(1, change(FOUR, start, end, text)) == after, what


def rows_after(rows: tuple[int, ...], change: Change) -> set[int]:
    """Where marks at rows stand after a change."""
    return set(carried(dict.fromkeys(rows), change))


def test_b5_marks_move_with_lines_of_another_text() -> None:
    """B5, for the lines of a new expansion."""
    old, new = ["a", "b", "c", "d"], ["a", "x", "y", "c", "d"]
    assert rows_after((0, 2, 3), lines_changed(old, new)) == {0, 3, 4}
    assert rows_after((0, 1, 2, 3), lines_changed(old, ["a", "c", "d"])) == {0, 1, 2}
    assert rows_after((1,), lines_changed(old, old)) == {1}
    assert rows_after((3,), lines_changed(old, [*old, "e"])) == {3}


def test_columns_of_a_linked_form_follow_typing_beside_it() -> None:
    """The lit form stays lit until the program is compiled again."""
    line = "(a) (form) (b)"
    assert carried_columns((4, 10), change(line, (0, 0), (0, 0), "xx")) == (6, 12)
    assert carried_columns((4, 10), change(line, (0, 6), (0, 6), "x")) == (4, 11)
    assert carried_columns((4, 10), change(line, (0, 10), (0, 10), "x")) == (4, 10)
    assert carried_columns((4, 10), change(line, (0, 2), (0, 6), "")) == (2, 6)

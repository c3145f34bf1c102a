"""Two versions of a program: their parts, what is made of both, and the dialog that asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.driving import WIDE, Desk, ide
from watstep_tui.text.differing import MOST_COMPARED, merged, parts_of, place_in
from watstep_tui.widgets.choice import Choice

LINES = [f"(i32.const {number})\n" for number in range(12)]
MINE = "".join(["mine\n", *LINES[1:]])
THEIRS = "".join([*LINES[:10], "theirs\n", *LINES[11:]])

texts = st.lists(st.sampled_from(["a\n", "b\r\n", "c\r", "\n", "d"]), max_size=12).map("".join)


@given(mine=texts, theirs=texts)
def test_either_version_comes_out_whole(mine: str, theirs: str) -> None:
    """Taking every part from one version is that version, line ends and all."""
    parts = parts_of(mine, theirs)
    count = sum(part.differs for part in parts)
    assert merged(parts, [False] * count) == mine
    assert merged(parts, [True] * count) == theirs


def test_parts_are_chosen_one_by_one() -> None:
    """Each part that differs has its line, and is taken alone."""
    parts = parts_of(MINE, THEIRS)
    assert [part.line for part in parts if part.differs] == [1, 11]
    both = "".join(["mine\n", *LINES[1:10], "theirs\n", *LINES[11:]])
    assert merged(parts, [False, True]) == both


def test_too_many_lines_are_one_part() -> None:
    """What would take long to compare is taken whole, between what agrees at both ends."""
    mine = "same\n" + "".join(f"{number}\n" for number in range(MOST_COMPARED)) + "end\n"
    theirs = "same\n" + "".join(f"-{number}\n" for number in range(MOST_COMPARED)) + "end\n"
    parts = parts_of(mine, theirs)
    assert [part.differs for part in parts] == [False, True, False]


FOLLOWED = {
    "a line above": ("a\nb\n", "x\na\nb\n", (1, 0), (2, 0)),
    "letters before it": ("a\n(b c)\n", "a\n(b x c)\n", (1, 3), (1, 5)),
    "letters behind it": ("a\n(b c)\n", "a\n(b x c)\n", (1, 1), (1, 1)),
    "its line edited below a new one": ("(i32.add 1)\n", "new\n(i32.add 12)\n", (0, 5), (1, 5)),
    "two edits": ("a\nb\nc\nd\n", "x\na\nb\nc\ny\nd\n", (2, 0), (3, 0)),
    "gone": ("a\nb\nc\n", "a\nc\n", (1, 0), (1, 0)),
    "all gone": ("a\nb\n", "", (1, 0), (0, 0)),
    "the letters gone": ("(b cdef g)\n", "(b g)\n", (0, 5), (0, 3)),
}


@pytest.mark.parametrize(("mine", "theirs", "place", "found"), FOLLOWED.values(), ids=FOLLOWED)
def test_a_place_is_found_again(
    mine: str, theirs: str, place: tuple[int, int], found: tuple[int, int]
) -> None:
    """In the line that its line became, at the same character."""
    assert place_in(theirs, mine, place) == found


@given(mine=texts, theirs=texts, row=st.integers(0, 12))
def test_a_place_found_again_is_one(mine: str, theirs: str, row: int) -> None:
    """Whatever was edited, it is in the text, or just behind it."""
    found, column = place_in(theirs, mine, (row, 0))
    lines = theirs.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert 0 <= found <= len(lines)
    assert 0 <= column <= len((*lines, "")[found]) + 1


async def changed(desk: Desk, path: Path) -> None:
    """Another program writes the file while this one's text differs from it."""
    await desk.write(MINE)
    path.write_text(THEIRS)
    desk.ide.files.look_at_disk()
    await desk.press()


@pytest.mark.parametrize("size", [WIDE, (80, 24)], ids=str)
async def test_a_change_from_outside_is_merged(size: tuple[int, int], tmp_path: Path) -> None:
    """Both versions are seen; a part is taken from theirs; the whole is one edit to undo."""
    path = tmp_path / "a.wat"
    async with ide(path, "".join(LINES), size=size) as desk:
        await changed(desk, path)
        assert desk.dialog == "DifferenceDialog"
        assert "merging takes 0 of 2" in desk.seen
        await desk.press("down", "m")
        assert "theirs" in desk.seen
        assert "merging takes 1 of 2" in desk.seen
        shown = desk.app.screen.query(Choice)
        assert all(choice.region.bottom < size[1] for choice in shown)
        await desk.press("right", "right", "right", "enter")
        both = "".join(["mine\n", *LINES[1:10], "theirs\n", *LINES[11:]])
        assert desk.ide.editor.text == both
        assert desk.ide.unsaved
        await desk.press("ctrl+z")
        assert desk.ide.editor.text == MINE
        await desk.press("ctrl+y", "ctrl+s")
        assert path.read_text() == both


ANSWERS = [((), THEIRS, False), (("right",), MINE, True)]


@pytest.mark.parametrize(("keys", "text", "unsaved"), ANSWERS, ids=["theirs", "mine"])
async def test_a_version_is_taken_whole(
    keys: tuple[str, ...], text: str, unsaved: bool, tmp_path: Path
) -> None:
    """Theirs is the file's text, so nothing is unsaved; mine is written by the next save."""
    path = tmp_path / "a.wat"
    async with ide(path, "".join(LINES)) as desk:
        await changed(desk, path)
        await desk.press(*keys, "enter")
        assert desk.ide.editor.text == text
        assert desk.ide.unsaved == unsaved
        await desk.press("ctrl+s")
        assert path.read_text() == text

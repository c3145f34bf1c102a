"""Opening and saving: nothing is lost, nothing is written over without being asked."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from textual.events import Paste

from tests.tui.driving import ide, told, until
from watstep.errors import SourceError
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.listing import (
    candidates,
    closeness,
    completed,
    project_files,
    read_problem,
)
from watstep_tui.files.reading import LARGEST
from watstep_tui.files.workspace import Workspace

ONE, TWO = "(i32.const 1)\n", "(i32.const 2)\n"


async def test_a_program_without_a_file_asks_for_a_name(tmp_path: Path) -> None:
    """Ctrl+S asks where there is no file, and does not overwrite silently."""
    (tmp_path / "there.wat").write_text(TWO)
    async with ide(None, piped=ONE) as desk:
        assert desk.ide.unsaved
        await desk.press("ctrl+s")
        assert desk.dialog == "PathDialog"
        await desk.fill(str(tmp_path / "there.wat"))
        await desk.press("enter")
        assert desk.dialog == "QuestionDialog"
        await desk.press("enter")
        assert (tmp_path / "there.wat").read_text() == TWO
        await desk.press("ctrl+s")
        await desk.fill(str(tmp_path / "new.wat"))
        await desk.press("enter")
        assert (tmp_path / "new.wat").read_text() == ONE
        assert not desk.ide.unsaved
        assert "new.wat" in desk.seen
        await desk.press("alt+s")
        await desk.fill("there.wat")
        await desk.press("enter", "right", "enter")
        assert (tmp_path / "there.wat").read_text() == ONE
        assert desk.ide.workspace.name == "there.wat"


REFUSED = [("", "type a name"), ("folder", "this is a folder"), ("no/such", "there is no folder")]


async def test_a_name_that_cannot_be_saved_under_is_refused(tmp_path: Path) -> None:
    """In the dialog, at the field; the text stays."""
    (tmp_path / "folder").mkdir()
    async with ide(None, piped=ONE) as desk:
        await desk.press("ctrl+s")
        for typed, answer in REFUSED:
            await desk.fill(str(tmp_path / typed) if typed else "")
            await desk.press("enter")
            assert desk.dialog == "PathDialog"
            assert answer in desk.seen
        await desk.press("escape")
        assert desk.ide.editor.text == ONE


async def test_open_another_file(tmp_path: Path) -> None:
    """The dialog lists the folder's programs and completes; what was open stays open."""
    (tmp_path / "other.wat").write_text(TWO)
    (tmp_path / "notes.txt").write_text("")
    async with ide(tmp_path / "one.wat", ONE) as desk:
        await desk.press("x", "ctrl+o")
        assert desk.dialog == "PathDialog"
        assert "other.wat" in desk.seen
        assert "notes.txt" not in desk.seen
        await desk.type("ot")
        await desk.press("tab", "enter")
        assert desk.ide.titles == ["one.wat", "other.wat"]
        assert (tmp_path / "one.wat").read_text() == ONE
        assert desk.ide.editor.text == TWO
        assert not desk.ide.unsaved
        await desk.press("ctrl+z")
        assert desk.ide.editor.text == TWO
        await desk.press("ctrl+n")
        assert desk.ide.editor.text == ""
        assert desk.ide.workspace.path is None
        await desk.press("ctrl+o", "down")
        assert "recent" in desk.seen


async def test_some_letters_open_the_first_that_they_find(tmp_path: Path) -> None:
    """A name with its ending is a new program all the same."""
    (tmp_path / "other.wat").write_text(TWO)
    async with ide(tmp_path / "one.wat", ONE) as desk:
        for typed, opened in (("oth", "other.wat"), ("oth.wat", "oth.wat"), ("zzz", "zzz")):
            await desk.press("ctrl+o")
            await desk.type(typed)
            await desk.press("enter")
            assert desk.ide.workspace.path == tmp_path / opened


BAD = [
    ("folder", "this is a folder"),
    ("latin.wat", "not UTF-8: byte 1"),
    ("binary.wasm", "binary module"),
    ("pipe", "no regular file"),
    ("large.wat", "is larger than 1 MiB"),
    ("no/file.wat", "there is no folder"),
    ("n" * 300, "no file of this name"),
]


async def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    """A folder, no UTF-8, a binary, a pipe: said in the dialog, the open program stays."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin.wat").write_bytes(b"(\xff)")
    (tmp_path / "binary.wasm").write_bytes(b"\0asm\1\0\0\0")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large.wat").write_bytes(b" " * (LARGEST + 1))
    async with ide(tmp_path / "one.wat", ONE) as desk:
        await desk.press("ctrl+o")
        for name, answer in BAD:
            assert answer in (read_problem(tmp_path / name) or "")
            await desk.fill(name)
            await desk.press("enter")
            assert desk.dialog == "PathDialog"
            assert answer in desk.seen
        await desk.press("escape")
        assert desk.ide.editor.text == ONE


def test_candidates_of_a_path(tmp_path: Path) -> None:
    """Recent files, then programs, then folders; hidden ones once a dot is typed."""
    for name in ("b.wat", "ab.wat", "x.txt", ".h.wat"):
        (tmp_path / name).write_text("")
    (tmp_path / "abc").mkdir()
    (tmp_path / "abc" / "in.wat").write_text("")
    recent = [str(tmp_path / "abc" / "in.wat"), "/no/longer/there.wat"]

    def offered(typed: str) -> list[str]:
        return [item.text for item in candidates(typed, tmp_path, recent)]

    assert offered("") == ["abc/in.wat", "ab.wat", "b.wat", "abc/"]
    assert offered("A") == ["abc/in.wat", "ab.wat", "abc/"]
    assert offered("abc/") == ["abc/in.wat"]
    assert offered(".h") == [".h.wat"]
    assert offered(f"{tmp_path}/b") == [f"{tmp_path}/b.wat"]
    assert completed("a", candidates("a", tmp_path)) == "ab"
    assert completed("zz", candidates("zz", tmp_path)) == "zz"


MEANT = [
    ("fet", "lib/fetch.wat", (0, 0, 13)),
    ("tch", "lib/fetch.wat", (1, 0, 13)),
    ("b/f", "lib/fetch.wat", (2, 0, 13)),
    ("LFH", "lib/fetch.wat", (3, 8, 13)),
    ("hf", "lib/fetch.wat", None),
]


@pytest.mark.parametrize(("typed", "path", "near"), MEANT)
def test_letters_in_their_order_mean_a_path(
    typed: str, path: str, near: tuple[int, int, int] | None
) -> None:
    """A name's start is nearer than its middle, than the path, than letters that are spread."""
    assert closeness(typed, path) == near


async def test_programs_in_folders_below_are_picked(tmp_path: Path) -> None:
    """Neither hidden folders nor those of tools are looked into; two letters find a program."""
    for folder in ("lib/deep", ".git", "node_modules", "many"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "found.wat").write_text(TWO)
    for number in range(2_001):
        (tmp_path / "many" / f"{number}.txt").touch()
    (tmp_path / "one.wat").write_text(ONE)
    assert project_files(tmp_path) == ["one.wat", "lib/deep/found.wat"]
    async with ide(tmp_path / "one.wat") as desk:
        await desk.press("ctrl+o")
        await desk.type("fd")
        await until(desk.pilot, lambda: "lib/deep/found.wat" in desk.seen)
        await desk.press("down", "enter")
        assert desk.ide.workspace.path == tmp_path / "lib" / "deep" / "found.wat"


ENDS = [
    "(nop)\r\n(i32.const 1)\r\n",
    "(nop)\n(i32.const 1)",
    "(nop)\r\n(nop)\r(i32.const 1)\n",
]


@pytest.mark.parametrize("text", ENDS)
async def test_line_ends_are_kept(text: str, tmp_path: Path) -> None:
    """CRLF stays CRLF, each line its own; what is opened is not unsaved."""
    path = tmp_path / "a.wat"
    async with ide(path, text) as desk:
        assert not desk.ide.unsaved
        desk.ide.editor.move_cursor((0, 0))
        await desk.press("x", "ctrl+s")
        assert path.read_bytes() == b"x" + text.encode()


async def test_the_expansion_is_saved_under_a_name_of_its_own(tmp_path: Path) -> None:
    """What the pane shows is what is written; the program itself is not written over."""
    path = tmp_path / "a.wat"
    async with ide(path, ONE) as desk:
        await desk.press("ctrl+l")
        await desk.fill("a.wat")
        await desk.press("enter")
        assert "the program itself" in desk.seen
        await desk.fill("a.expanded.wat")
        await desk.press("enter")
        assert (tmp_path / "a.expanded.wat").read_text() == desk.ide.view.text
        assert desk.ide.workspace.name == "a.wat"
    assert path.read_text() == ONE


async def test_a_deleted_file_is_noticed_and_written_again(tmp_path: Path) -> None:
    """It is said once; the text counts as unsaved, and Ctrl+S makes the file anew."""
    path = tmp_path / "a.wat"
    async with ide(path, ONE) as desk:
        path.unlink()
        desk.ide.files.look_at_disk()
        desk.ide.files.look_at_disk()
        await desk.press()
        assert told(desk).count("was deleted") == 1
        assert desk.ide.unsaved
        await desk.press("ctrl+s")
        assert path.read_text() == ONE


async def test_two_ides_on_one_file(tmp_path: Path) -> None:
    """The second is told so, neither takes the other's unsaved work, each sees the other's save."""
    path = tmp_path / "a.wat"
    async with ide(path, ONE) as first:
        await first.press("1")
        first.ide.files.keep()
        async with ide(path) as second:
            assert not second.dialog
            assert "open in another watstep" in told(second)
            await second.press("2")
            second.ide.files.keep()
            assert first.ide.workspace.copy.place.read_text() == "1" + ONE
            await second.press("ctrl+s")
        await first.press("ctrl+s")
        assert first.dialog == "DifferenceDialog"
        assert path.read_text() == "2" + ONE


def test_what_a_crash_left_in_any_place_is_offered(tmp_path: Path) -> None:
    """The second IDE's work is not forgotten because the first one still had its own."""
    path = tmp_path / "a.wat"
    path.write_text(ONE)
    first, second = Workspace(path, tmp_path), Workspace(path, tmp_path)
    assert second.copy.shared
    second.copy.keep("left")
    first.copy.release()
    second.copy.release()
    third = Workspace(path, tmp_path)
    assert not third.copy.shared
    assert third.open().recovered == "left"


def left_work(folder: Path, *names: str) -> None:
    """Have an IDE end without a word that had unsaved work on programs, "" for one without file."""
    for name in names:
        path = folder / name if name else None
        if path is not None:
            path.write_text(ONE)
        workspace = Workspace(path)
        workspace.copy.keep(f"left of {name or 'untitled'}\n")
        workspace.copy.release()


async def test_what_a_crash_left_of_all_programs_is_offered(tmp_path: Path) -> None:
    """In one list: taken, each work is an edit of its file's text; put off, it is offered again."""
    left_work(tmp_path, "a.wat", "b.wat", "c.wat", "")
    (tmp_path / "c.wat").unlink()
    for later in (True, False):
        async with ide(tmp_path / "one.wat", ONE) as desk:
            assert desk.dialog == "QuestionDialog"
            assert "4 other programs" in desk.seen
            for name in ("a.wat", "b.wat", "c.wat", "untitled"):
                assert name in desk.seen
            await desk.press("escape" if later else "enter")
            assert desk.ide.workspace.name == "one.wat"
            if later:
                continue
            assert sorted(desk.ide.titles) == ["a.wat", "b.wat", "c.wat", "one.wat", "untitled"]
            for _ in range(4):
                await desk.press("ctrl+pagedown")
                name = desk.ide.workspace.name
                assert desk.ide.editor.text == f"left of {name}\n"
                assert desk.ide.unsaved
                await desk.press("ctrl+z")
                assert desk.ide.editor.text == (ONE if name in {"a.wat", "b.wat"} else "")


async def test_what_is_discarded_of_all_programs_is_gone(tmp_path: Path) -> None:
    """And so is what agrees with its file by now, or is another IDE's that goes on."""
    left_work(tmp_path, "a.wat", "b.wat", "")
    (tmp_path / "b.wat").write_text("left of b.wat\n")
    held = Workspace(tmp_path / "held.wat")
    held.copy.keep("held")
    async with ide(tmp_path / "one.wat", ONE) as desk:
        assert "2 other programs" in desk.seen
        await desk.press("right", "right", "enter")
        assert desk.ide.titles == ["one.wat"]
    async with ide(tmp_path / "one.wat", ONE) as desk:
        assert desk.dialog == ""
    assert held.copy.place.read_text() == "held"


async def test_piped_text_is_kept(tmp_path: Path) -> None:
    """A program without a file has a recovery copy too."""
    async with ide(None, piped=ONE) as desk:
        await desk.press("x")
        desk.ide.files.keep()
    async with ide(None) as desk:
        assert desk.dialog == "QuestionDialog"
        await desk.press("enter")
        assert desk.ide.editor.text == "x" + ONE


async def test_no_text_is_larger_than_the_editor_can_serve(tmp_path: Path) -> None:
    """One that is piped in is refused, and so is a paste that would make it so; both are said."""
    with pytest.raises(SourceError, match="the most that the editor takes"):
        WatstepApp(Workspace(None), "é" * (LARGEST // 2 + 1), RunSettings())
    async with ide(tmp_path / "a.wat", ONE) as desk:
        desk.ide.editor.post_message(Paste("é" * (LARGEST // 2)))
        await until(desk.pilot, lambda: "not pasted" in told(desk))
        assert desk.ide.editor.text == ONE
        desk.ide.editor.post_message(Paste(" " * (LARGEST // 8)))
        await until(desk.pilot, lambda: len(desk.ide.editor.text) > len(ONE))


async def test_the_end_by_a_signal_keeps_unsaved_work(tmp_path: Path) -> None:
    """SIGTERM and SIGHUP: what was typed last is in the recovery copy, the code says which."""
    path = tmp_path / "a.wat"
    async with ide(path, ONE) as desk:
        await desk.press("x")
        os.kill(os.getpid(), signal.SIGTERM)
        await until(desk.pilot, lambda: desk.app.return_code)
        assert desk.app.return_code == 128 + signal.SIGTERM
    async with ide(path) as desk:
        assert desk.dialog == "QuestionDialog"
        await desk.press("enter")
        assert desk.ide.editor.text == "x" + ONE


async def test_quitting_by_saving_asks_before_it_overwrites(tmp_path: Path) -> None:
    """What another program wrote meanwhile is offered then too; a third way keeps both."""
    path = tmp_path / "a.wat"
    async with ide(path, ONE) as desk:
        await desk.press("x")
        path.write_text(TWO)
        await desk.press("ctrl+q", "enter")
        assert "was changed by another program" in desk.seen
        assert path.read_text() == TWO
        await desk.press("right", "right", "enter")
        assert desk.dialog == "PathDialog"
        await desk.fill("mine.wat")
        await desk.press("enter")
        assert (tmp_path / "mine.wat").read_text() == "x" + ONE
        assert path.read_text() == TWO


async def test_quitting_after_discarding_leaves_nothing_behind(tmp_path: Path) -> None:
    """Discarded work is not offered again."""
    path = tmp_path / "a.wat"
    async with ide(path, ONE) as desk:
        await desk.press("x")
        desk.ide.files.keep()
        await desk.press("ctrl+q", "right", "enter")
    async with ide(path) as desk:
        assert not desk.dialog
        assert desk.ide.editor.text == ONE


async def test_what_another_program_wrote_and_nobody_can_read_is_asked_about(
    tmp_path: Path,
) -> None:
    """Saving over it is a choice; where it was made there is no further question."""
    path = tmp_path / "a.wat"
    async with ide(path, "(i32.const 1)\n") as desk:
        await desk.type(" ")
        path.write_bytes(b";; caf\xe9\n")
        await desk.press("ctrl+s")
        assert desk.dialog == "QuestionDialog"
        await desk.press("escape", "ctrl+s")
        assert desk.dialog == "QuestionDialog"
        assert path.read_bytes() == b";; caf\xe9\n"
        await desk.press("tab", "enter")
        assert path.read_bytes() == b" (i32.const 1)\n"
        await desk.press("X", "ctrl+s")
        assert desk.dialog == ""
        assert path.read_bytes() == b" X(i32.const 1)\n"

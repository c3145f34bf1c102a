"""Nothing is ever lost: the real program is killed, its disk is full, its file goes away."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.terminal import Terminal

ONE = "(i32.const 1)\n"
PAUSE = "B wasm"
WIDE = (120, 40)


def recovered(home: Path) -> list[str]:
    """What recovery copies hold."""
    return [path.read_text() for path in home.glob(".local/state/watstep/recovery/*.wat")]


def kept(screen: Terminal, home: Path, text: str) -> None:
    """Wait until a recovery copy holds a text."""
    for _ in range(300):
        if text in recovered(home):
            return
        screen.read(0.1)
    raise AssertionError(f"{text!r} is not among {recovered(home)}")


@pytest.mark.parametrize("named", [True, False], ids=["file", "no file"])
def test_a_kill_loses_at_most_a_second(named: bool, tmp_path: Path) -> None:
    """SIGKILL: the recovery copy is offered at the next start, and taken with one key."""
    path = tmp_path / "a.wat"
    path.write_text(ONE)
    arguments = [str(path)] if named else []
    with Terminal(tmp_path, WIDE, *arguments) as screen:
        screen.see("EDITING", PAUSE) if named else screen.see("EDITING")
        screen.press(";; typed", "enter")
        screen.see(";; typed")
        kept(screen, tmp_path, ";; typed\n" + (ONE if named else ""))
        screen.kill()
        screen.process.wait(10)
    assert path.read_text() == ONE
    with Terminal(tmp_path, WIDE, *arguments) as screen:
        screen.see("Unsaved work", "+;; typed")
        screen.press("enter")
        screen.see(";; typed", gone="Take it")


def test_the_work_on_every_program_outlives_a_kill(tmp_path: Path) -> None:
    """Each program that was open has its own copy; all are offered at the next start."""
    paths = [tmp_path / "a.wat", tmp_path / "b.wat"]
    for path in paths:
        path.write_text(ONE)
    with Terminal(tmp_path, WIDE, str(paths[0])) as screen:
        screen.see("EDITING", PAUSE)
        screen.press(";; a", "enter")
        screen.see("a.wat ●")
        screen.press("\x0f")
        screen.see("Open", "choose")
        screen.press("b.wat", "enter")
        screen.see("b.wat", "a.wat ●", gone="choose")
        screen.press(";; b", "enter")
        screen.see("b.wat ●")
        kept(screen, tmp_path, ";; b\n" + ONE)
        screen.kill()
        screen.process.wait(10)
    assert sorted(recovered(tmp_path)) == [";; a\n" + ONE, ";; b\n" + ONE]
    for path, letter in zip(paths, "ab", strict=True):
        with Terminal(tmp_path, WIDE, str(path)) as screen:
            screen.see("Unsaved work", f"+;; {letter}")
    with Terminal(tmp_path, WIDE, str(paths[0])) as screen:
        screen.see("Unsaved work", "+;; a")
        screen.press("enter")
        screen.see("1 other program", "b.wat", "2 lines", gone="+;; a")
        screen.press("enter")
        screen.see("a.wat ●", "b.wat ●", gone="Open all")


def test_links_and_permissions_are_kept(tmp_path: Path) -> None:
    """Saving writes what a link points to, as the same kind of file; nothing else is left."""
    folder = tmp_path / "real"
    folder.mkdir()
    real, link = folder / "a.wat", tmp_path / "link.wat"
    real.write_text(ONE)
    real.chmod(0o640)
    link.symlink_to(real)
    with Terminal(tmp_path, WIDE, str(link)) as screen:
        screen.see("EDITING", PAUSE)
        screen.press(";; x", "enter", "ctrl+s")
        screen.see("saved link.wat")
    assert link.is_symlink()
    assert real.read_text() == ";; x\n" + ONE
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [entry.name for entry in folder.iterdir()] == ["a.wat"]


REFUSED = [
    (b"(i32.const 1)\xff", "not UTF-8: byte 13"),
    (b"\0asm\1\0\0\0", "binary module"),
    (b" " * ((1 << 20) + 1), "larger than 1 MiB"),
]


@pytest.mark.parametrize(("content", "said"), REFUSED, ids=["latin", "binary", "large"])
def test_what_is_no_program_is_not_opened(content: bytes, said: str, tmp_path: Path) -> None:
    """It is said in the shell, with an exit code, and the file is left alone."""
    path = tmp_path / "a.wat"
    path.write_bytes(content)
    with Terminal(tmp_path, WIDE, str(path)) as screen:
        assert screen.exit_code() == 2
        assert said in screen.text.replace("\n", "")
    assert path.stat().st_size == len(content)


def test_a_file_that_is_deleted_or_becomes_a_folder(tmp_path: Path) -> None:
    """It is said, and saving says what is in the way; the text stays until it can be written."""
    path = tmp_path / "a.wat"
    path.write_text(ONE)
    with Terminal(tmp_path, WIDE, str(path)) as screen:
        screen.see("EDITING", PAUSE)
        path.unlink()
        path.mkdir()
        screen.press(";; x", "enter", "ctrl+s")
        screen.see("a.wat ●", "folder")
        path.rmdir()
        screen.press("ctrl+s")
        screen.see("saved a.wat", gone="a.wat ●")
    assert path.read_text() == ";; x\n" + ONE


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_file_that_may_not_be_written(tmp_path: Path) -> None:
    """The reason is said, the text stays."""
    path = tmp_path / "a.wat"
    path.write_text(ONE)
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    with Terminal(tmp_path, WIDE, str(path)) as screen:
        screen.see("EDITING", PAUSE)
        screen.press(";; x", "ctrl+s")
        screen.see("permission denied", "a.wat ●")
    tmp_path.chmod(0o755)
    assert path.read_text() == ONE

"""`watstep format`: what is written, what is only told, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.process import finished, no_ide
from watstep.cli.main import main

MESSY = "(block\n(nop) ) ;; here\n(i32.const 0)"
NEAT = "(block\n  (nop)) ;; here\n(i32.const 0)\n"


def formats(*arguments: str) -> int:
    """The exit code of the command in this process."""
    return main(["format", *arguments], no_ide)


def test_files_are_written_in_place(tmp_path: Path) -> None:
    """Several at once; the mode and a link stay, and what is neat is not written."""
    first, second, link = (tmp_path / name for name in ("a.wat", "b.wat", "c.wat"))
    first.write_text(MESSY, "utf-8")
    first.chmod(0o640)
    second.write_text(NEAT, "utf-8")
    link.symlink_to(first)
    before = second.stat().st_mtime_ns
    assert formats(str(link), str(second)) == 0
    assert first.read_text("utf-8") == NEAT
    assert link.is_symlink()
    assert first.stat().st_mode & 0o777 == 0o640
    assert second.stat().st_mtime_ns == before
    assert sorted(tmp_path.iterdir()) == [first, second, link]


def test_nothing_is_written_where_it_is_only_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`--check`, `--diff` and `--stdout`."""
    path = tmp_path / "a.wat"
    path.write_text(MESSY, "utf-8")
    assert formats("--check", str(path)) == 1
    assert capsys.readouterr() == ("", f"{path}: not formatted\n")
    assert formats("--diff", str(path)) == 0
    assert "-(nop) ) ;; here\n+  (nop)) ;; here\n" in capsys.readouterr().out
    assert formats("--stdout", str(path)) == 0
    assert capsys.readouterr() == (NEAT, "")
    assert path.read_text("utf-8") == MESSY
    path.write_text(NEAT, "utf-8")
    assert formats("--check", "--diff", str(path)) == 0
    assert capsys.readouterr() == ("", "")


def test_a_broken_file_is_left_and_the_others_are_formatted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Where it is, what it is; also for one that is not there."""
    broken, messy = tmp_path / "a.wat", tmp_path / "b.wat"
    broken.write_text("(block\n(nop", "utf-8")
    messy.write_text(MESSY, "utf-8")
    assert formats(str(broken), str(tmp_path / "none.wat"), str(messy)) == 2
    told = capsys.readouterr().err
    assert f"{broken}:2:1" in told
    assert f"{broken}: left as it is" in told
    assert "none.wat" in told
    assert broken.read_text("utf-8") == "(block\n(nop"
    assert messy.read_text("utf-8") == NEAT


def test_options_that_make_no_sense_together(capsys: pytest.CaptureFixture[str]) -> None:
    """In one line."""
    assert formats("--stdout", "--check", "a.wat") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_standard_input_is_printed() -> None:
    """To the byte, in a pipe."""
    assert finished("format", "-", given=MESSY.encode()) == (0, NEAT, "")

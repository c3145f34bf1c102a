"""`watstep.toml`: where it is looked for, what it sets, what is said of what makes no sense."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from watstep.lint.levels import USUAL
from watstep.lint.project import CODE, project_of, read_project
from watstep.source.diagnostic import Severity
from watstep.source.text import Source


def test_the_nearest_file_holds(tmp_path: Path) -> None:
    """That of the program's folder, else of the nearest one above; no file changes nothing."""
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    program = str(inner / "p.wat")
    (tmp_path / "watstep.toml").write_text('[lints]\nunused-local = "off"\n')
    assert project_of(program).levels["unused-local"] is None
    (tmp_path / "a" / "watstep.toml").write_text('[lints]\nunused-local = "error"\n')
    assert project_of(program).levels["unused-local"] is Severity.ERROR
    assert project_of("\0").levels == USUAL


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    """The next question sees what it says now."""
    file, program = tmp_path / "watstep.toml", str(tmp_path / "p.wat")
    file.write_text('[lints]\nlocal-unset = "off"\n')
    assert project_of(program).levels["local-unset"] is None
    file.write_text('[lints]\nlocal-unset = "note"\n')
    os.utime(file, ns=(1, 1))
    assert project_of(program).levels["local-unset"] is Severity.NOTE


def test_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    """It is there and says nothing, which is not the same as none."""
    link = tmp_path / "watstep.toml"
    link.symlink_to(tmp_path / "gone.toml")
    project = project_of(str(tmp_path / "p.wat"))
    (problem,) = project.problems
    assert (problem.code, problem.message) == (
        CODE,
        "the file cannot be read: no such file or directory",
    )
    assert project.source is not None
    assert project.source.name == str(link)
    (tmp_path / "gone.toml").write_text('[lints]\nunused-local = "off"\n')
    assert project_of(str(tmp_path / "p.wat")).problems == ()


WRONG = [
    ('[lints]\nunused-locl = "off"\n', 2, "did you mean `unused-local`?"),
    ('[lints]\nunused-local = "loud"\n', 2, '"off", "note", "warning", "error"'),
    ("[lints]\nunused-local = 3\n", 2, "the level of `unused-local`"),
    ("[lint]\n", 1, "did you mean `lints`?"),
    ("\nlints = 3\n", 2, "`lints` is a table"),
    ("[lints]\n\nunused-local = off\n", 3, "this is no TOML"),
    ("[lints]\r\n\r\nfoo = 'off'\r\n", 3, "there is no lint `foo`"),
]


@pytest.mark.parametrize(("text", "line", "message"), WRONG, ids=range(len(WRONG)))
def test_what_makes_no_sense_is_told(text: str, line: int, message: str) -> None:
    """With its line, and the levels stay the usual ones."""
    source = Source("watstep.toml", text)
    project = read_project(source)
    (problem,) = project.problems
    assert (problem.code, source.line_of(problem.span.start)) == (CODE, line)
    assert message in problem.message
    assert project.levels == USUAL


def test_the_rest_holds() -> None:
    """A wrong line takes nothing from the right ones."""
    text = '[lints]\nfoo = "off"\nunused-local = "off"\nlocal-unset = "error"\n'
    project = read_project(Source("watstep.toml", text))
    assert len(project.problems) == 1
    assert project.levels["unused-local"] is None
    assert project.levels["local-unset"] is Severity.ERROR


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Nothing raises."""
    program = str(tmp_path / "p.wat")
    (tmp_path / "watstep.toml").write_bytes(b"\xff")
    assert "not UTF-8" in project_of(program).problems[0].message
    (tmp_path / "watstep.toml").unlink()
    (tmp_path / "watstep.toml").mkdir()
    assert "cannot be read" in project_of(program).problems[0].message

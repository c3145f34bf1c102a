"""`watstep check`: levels of the project, warnings that are denied, pages of codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from watstep.cli.main import main
from watstep.editing.pages import all_codes, explained

UNUSED = "(local $x i32)\n(i32.const 0)\n"


def checked(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a `check`."""
    code = main(["check", *arguments], lambda request: 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_warnings_can_be_denied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `--deny-warnings` a warning exits with 2, a note does not."""
    file = tmp_path / "a.wat"
    file.write_text(UNUSED)
    assert checked([str(file)], capsys)[0] == 0
    assert checked([str(file), "--deny-warnings"], capsys)[0] == 2
    (tmp_path / "watstep.toml").write_text('[lints]\nunused-local = "note"\n')
    code, _, told = checked([str(file), "--deny-warnings"], capsys)
    assert code == 0
    assert "note[unused-local]" in told


def test_a_project_can_make_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which keeps the program from running, like any other."""
    file = tmp_path / "a.wat"
    file.write_text(UNUSED)
    (tmp_path / "watstep.toml").write_text('[lints]\nunused-local = "error"\n')
    assert checked([str(file)], capsys)[0] == 2
    assert main(["run", str(file)], lambda request: 0) == 2


def test_a_wrong_project_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, or in the object, with its line; the program is checked all the same."""
    file = tmp_path / "a.wat"
    file.write_text(UNUSED)
    (tmp_path / "watstep.toml").write_text('[lints]\nnope = "off"\n')
    code, _, told = checked([str(file)], capsys)
    assert code == 0
    assert "watstep.toml:2:1" in told
    assert "unused-local" in told
    answer = json.loads(checked([str(file), "--json"], capsys)[1])
    (problem,) = answer["project"]["diagnostics"]
    assert (problem["code"], problem["line"]) == ("project-file", 2)
    assert checked([str(file), "--deny-warnings"], capsys)[0] == 2


def test_a_grant_is_for_the_prompt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told there; alone, or of no capability, it is refused, and so are two answers."""
    file = tmp_path / "a.wat"
    file.write_text("(call $kv.set)")
    code, text, _ = checked([str(file), "--repair-prompt", "--grant", "kv"], capsys)
    assert code == 2
    assert "kv (granted):" in text
    for arguments, says in (
        (["--grant", "kv"], "`--repair-prompt`"),
        (["--repair-prompt", "--grant", "kvv"], "did you mean `kv`"),
    ):
        code, text, told = checked([str(file), *arguments], capsys)
        assert (code, text) == (2, "")
        assert says in told

    # Where an object was asked for, the refusal is one.
    code, text, _ = checked([str(file), "--repair-prompt", "--json"], capsys)
    (problem,) = json.loads(text)["diagnostics"]
    assert (code, problem["code"]) == (2, "usage")
    assert "`--json` prints one object" in problem["message"]


@pytest.mark.parametrize("code", all_codes())
def test_every_code_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard output, without a file."""
    exit_code, page, told = checked(["--explain", code], capsys)
    assert (exit_code, told) == (0, "")
    assert page == explained(code)
    assert page.startswith(f"# {code}\n\n")


def test_an_unknown_code_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With the nearest one."""
    code, page, told = checked(["--explain", "unused-locals"], capsys)
    assert (code, page) == (2, "")
    assert "did you mean `unused-local`" in told

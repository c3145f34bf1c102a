"""`check --fix`, `--dry-run`, `--repair-prompt`, and the fixes in `--json`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.process import finished, one_object


def wrong(tmp_path: Path, text: str = '(resv "é"\n(i32.const 0)\n') -> Path:
    """A file with a mistake whose fix is sure."""
    path = tmp_path / "wrong.wat"
    path.write_text(text, "utf-8")
    return path


def test_fix_mends_the_file_and_shows_what_changed(tmp_path: Path) -> None:
    """The difference is on standard error; what is left is judged afterwards."""
    path = wrong(tmp_path)
    code, _, err = finished("check", str(path), "--fix")
    assert code == 0
    assert path.read_text("utf-8") == '(resv "é")\n(i32.const 0)\n'
    assert '-(resv "é"\n+(resv "é")\n' in err
    assert "made 1 safe fix\n" in err


def test_dry_run_changes_nothing(tmp_path: Path) -> None:
    """The difference is shown, the file and the verdict stay."""
    path = wrong(tmp_path)
    before = path.read_text("utf-8")
    code, _, err = finished("check", str(path), "--dry-run")
    assert code == 2
    assert path.read_text("utf-8") == before
    assert "would make 1 safe fix\n" in err


def test_fix_leaves_what_needs_judgement(tmp_path: Path) -> None:
    """A value that lacks is not made up."""
    path = wrong(tmp_path, "(i32.add (i32.const 1))\n")
    code, _, err = finished("check", str(path), "--fix")
    assert code == 2
    assert path.read_text("utf-8") == "(i32.add (i32.const 1))\n"
    assert "made 0 safe fixes" in err


def test_fix_of_a_pipe_prints_the_mended_text() -> None:
    """Standard output is the program."""
    code, out, _ = finished("check", "-", "--fix", given=b"(i32.const 0")
    assert (code, out) == (0, "(i32.const 0)")


def test_json_carries_fixes_labels_and_stacks(tmp_path: Path) -> None:
    """The edits alone lead to the mended text, by characters and by bytes."""
    path = wrong(tmp_path)
    text = path.read_text("utf-8")
    found = one_object(finished("check", str(path), "--json")[1])
    assert found["version"] == 1
    (problem,) = found["diagnostics"]
    (fix,) = problem["fixes"]
    assert fix["safe"]
    (edit,) = fix["edits"]
    assert text[: edit["start"]] + edit["text"] + text[edit["end"] :] == (
        '(resv "é")\n(i32.const 0)\n'
    )
    assert edit["start_byte"] == len(text[: edit["start"]].encode())
    assert (edit["line"], edit["column"]) == (1, 10)
    path.write_text("(argv 0 $n)\n(i32.add (local.get $n))", "utf-8")
    (problem,) = one_object(finished("check", str(path), "--json")[1])["diagnostics"]
    fates = [(value["fate"], value["made_by"] is None) for value in problem["stack"]["values"]]
    assert fates == [("taken", False), ("missing", True)]
    assert problem["labels"][0]["line"] == 2


def test_repair_prompt_is_data(tmp_path: Path) -> None:
    """It goes to standard output, alone, and the exit code is that of `check`."""
    code, out, err = finished("check", str(wrong(tmp_path)), "--repair-prompt")
    assert code == 2
    assert err == ""
    assert out.startswith("Mend this program")
    assert out.count("## ") == 5

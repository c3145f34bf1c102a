"""The command line: exit codes and JSON forms."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.process import no_ide
from tests.support import EXAMPLES, processor_seconds
from watstep.cli.main import main

RUN_KEYS = {
    *("status", "results", "value", "trap", "diagnostics", "log", "calls", "fuel", "steps"),
    "executor",
}


def run(*arguments: str) -> int:
    """Carry out a command line in this process."""
    return main(list(arguments), no_ide)


def json_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """The exit code and the one object that a command prints."""
    code = run(*arguments)
    return code, json.loads(capsys.readouterr().out)


OFFLINE = sorted(path for path in EXAMPLES.glob("*.wat") if "$http." not in path.read_text("utf-8"))


@pytest.mark.parametrize("executor", ["wasmtime", "machine"])
@pytest.mark.parametrize("path", OFFLINE, ids=lambda path: path.stem)
def test_examples_do_what_they_say(
    capsys: pytest.CaptureFixture[str], path: Path, executor: str
) -> None:
    """The comments of every example hold on both executors."""
    text = path.read_text("utf-8")
    grants = [f"--grant={grant}" for grant in re.findall(r";; grant: (\S+)", text)]
    fuel = ["--fuel", "2000000"] if "recursion" not in path.stem else []
    limits = [*fuel, "--executor", executor]
    code, answer = json_of(capsys, "run", "--json", *limits, *grants, str(path))
    assert set(answer) == RUN_KEYS
    expected = re.search(r";; expect: (-?\d+)", text)
    trapped = re.search(r";; trap: (.+)", text)
    if expected:
        assert (code, answer["status"]) == (0, "returned")
        assert answer["results"] == [int(expected[1])]
    elif trapped:
        assert (code, answer["status"]) == (1, "trapped")
        assert set(answer["trap"]) == {"kind", "message", "line", "column", "function"}
        assert answer["trap"]["kind"] == trapped[1].strip()


def test_check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Diagnostics carry places from 1, columns in characters; errors exit with 2."""
    wrong = tmp_path / "wrong.wat"
    wrong.write_text("\ufeff;; é\r\n(local.get $é)\r\n", "utf-8", newline="")
    code, answer = json_of(capsys, "check", "--json", str(wrong))
    assert code == 2
    found = answer["diagnostics"][0]
    assert (found["severity"], found["line"]) == ("error", 2)
    assert {"code", "message", "column", "end_line", "end_column"} < set(found)
    assert run("check", str(EXAMPLES / "first.wat")) == 0


def test_expand_and_build(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`expand` prints standard WAT, `--pass` an earlier text, `build` writes a module."""
    fetch = str(EXAMPLES / "fetch.wat")
    assert run("expand", fetch) == 0
    assert '(import "http" "get"' in capsys.readouterr().out
    assert run("expand", "--pass", "macros", fetch) == 0
    earlier = capsys.readouterr().out
    assert '(call $dbg.log "fetched' in earlier
    assert earlier.endswith("(i32.const 0)\n")
    out = tmp_path / "out.wasm"
    assert run("build", fetch, "-o", str(out)) == 0
    assert out.read_bytes()[:4] == b"\x00asm"


def test_usage_errors_exit_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be understood says so on standard error."""
    for arguments in (["run"], ["run", "--fuel", "x", "a.wat"], ["expand", "--pass", "x", "a.wat"]):
        assert run(*arguments) == 2
        assert capsys.readouterr().err


def test_start_is_quick() -> None:
    """`--version` takes at most twice an empty Python's time, `expand` four times."""
    empty = processor_seconds("-c", "pass")
    # A quarter over the budgets: the other core is busy. `make bench` measures them alone.
    assert processor_seconds("-m", "watstep_tui", "--version") <= 2.5 * empty
    expand = processor_seconds("-m", "watstep_tui", "expand", str(EXAMPLES / "fetch.wat"))
    assert expand <= 5 * empty

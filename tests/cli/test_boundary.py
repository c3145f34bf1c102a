"""Whatever is thrown at the command line: an exit code, a sentence, and never a traceback."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.process import no_ide
from tests.support import EXAMPLES
from watstep.cli.arguments import read_request
from watstep.cli.main import main
from watstep.cli.opening import IdeRequest
from watstep.errors import UsageError

FACTORIAL = str(EXAMPLES / "factorial.wat")
FETCH = str(EXAMPLES / "fetch.wat")
FOREVER = "(loop $l (br $l))\n(i32.const 0)\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"(i32.const 1)\xff", "not-utf8"),
        (b"\0asm\1\0\0\0", "binary"),
        (b"\0\1\2\3\4", None),
        (b"", None),
        (b"(" * 5000, None),
        (b"```\nthis is prose\n", None),
    ],
    ids=["latin", "binary", "control", "empty", "nested", "prose"],
)
def test_any_bytes_are_rejected_with_a_diagnostic(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, code: str | None
) -> None:
    """`check --json` and `run --json` print one object for whatever a file holds."""
    file = tmp_path / "bytes.wat"
    file.write_bytes(content)
    for command in ("check", "run"):
        assert main([command, "--json", str(file)], no_ide) == 2
        found = json.loads(capsys.readouterr().out)["diagnostics"]
        assert found
        assert code is None or found[0]["code"] == code


def test_the_byte_that_is_not_utf8_is_located(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Line and column count characters before it, the message counts bytes."""
    file = tmp_path / "latin.wat"
    file.write_bytes("é\né".encode() + b"\xe9")
    main(["check", "--json", str(file)], no_ide)
    found = json.loads(capsys.readouterr().out)["diagnostics"][0]
    assert (found["line"], found["column"]) == (2, 2)
    assert "byte 5" in found["message"]


@pytest.mark.parametrize("command", ["expand", "check", "run", "debug"])
@pytest.mark.parametrize("name", ["no-such.wat", ".", "a\0b"], ids=["none", "folder", "nul"])
def test_unreadable_files(capsys: pytest.CaptureFixture[str], command: str, name: str) -> None:
    """A file that is not there, a folder and an impossible name are said, with exit code 2."""
    assert main([command, name], no_ide) == 2
    answered = capsys.readouterr()
    assert answered.out == ""
    assert "cannot read" in answered.err


def test_options_and_words_mix() -> None:
    """Options stand anywhere before `--`; negative numbers and what follows `--` are words."""
    request = read_request(["run", "--fuel", "7", "f.wat", "-5", "--json", "a", "--", "--fuel"])
    assert request.words == ("f.wat", "-5", "a", "--fuel")
    assert request.values == {"fuel": 7, "json": True}
    assert read_request(["run", "-", "--grant=kv", "--grant", "http=x"]).values == {
        "grants": ["kv", "http=x"]
    }
    with pytest.raises(UsageError, match="did you mean `--timeout`"):
        read_request(["run", "f.wat", "--timeuot", "3"])


def test_opening_the_ide(tmp_path: Path) -> None:
    """FILE, arguments and grants are handed over; a new file is fine, a mistyped command is not.

    A pipe in the file's place is read once, and its text handed over.
    """
    opened: list[IdeRequest] = []

    def keep(request: IdeRequest) -> int:
        opened.append(request)
        return 0

    new = str(tmp_path / "new.wat")
    assert main([new, "one", "--grant", "kv", "--fuel", "5"], keep) == 0
    assert opened[0].path == new
    assert opened[0].settings.arguments == ("one",)
    assert "kv" in opened[0].settings.grants
    assert opened[0].settings.limits.fuel == 5
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as beside:
        beside.submit(pipe.write_text, "(i32.const 7)")
        assert main([str(pipe), "two"], keep) == 0
    assert opened[1][:2] == (None, "(i32.const 7)")
    assert opened[1].settings.arguments == ("two",)
    assert main(["rnu"], no_ide) == 2
    assert main([str(tmp_path / "none" / "new.wat")], no_ide) == 2

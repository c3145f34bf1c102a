"""Whatever is thrown at the command line: an exit code, a sentence, and never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.process import no_ide
from tests.support import EXAMPLES
from watstep.cli.arguments import COMMANDS, help_text, read_request
from watstep.cli.demo_server import DemoServer
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


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", FACTORIAL, "--grant", "nothing"],
        ["run", FACTORIAL, "--grant", "sys=scope"],
        ["run", FACTORIAL, "--fuel", "-1"],
        ["run", FACTORIAL, "--timeout", "nan"],
        ["run", FACTORIAL, "--memory"],
        ["run", FACTORIAL, "--exact-fuel", "--executor", "wasmtime"],
        ["run", FACTORIAL, "--record", "/no/such/folder/run"],
        ["run", FACTORIAL, "--no-such-option"],
        ["run", FETCH, "http://127.0.0.1:1/"],
        ["run"],
    ],
)
def test_a_refused_run_is_one_object(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """The object of `run --json` has its keys whatever was wrong, and nothing else is printed."""
    assert main([*arguments, "--json"], no_ide) == 2
    answered = capsys.readouterr()
    answer = json.loads(answered.out)
    assert answer["status"] == "rejected"
    assert answer["diagnostics"][0]["severity"] == "error"
    assert answered.err == ""


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


def test_help_tells_every_option() -> None:
    """`--help` is made of the table that the reader reads."""
    for command in COMMANDS.values():
        text = help_text(command)
        assert all(flag in text for option in command.options for flag in option.flags)


def test_opening_the_ide(tmp_path: Path) -> None:
    """FILE, arguments and grants are handed over; a new file is fine, a mistyped command is not."""
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
    assert main(["rnu"], no_ide) == 2
    assert main([str(tmp_path / "none" / "new.wat")], no_ide) == 2


def test_record(tmp_path: Path) -> None:
    """The run file: a header, one record for each host call, the outcome with a digest."""
    file = tmp_path / "fetch.run"
    with DemoServer() as server:
        arguments = ["run", FETCH, server.url, "--grant", f"http={server.host}"]
        assert main([*arguments, "--record", str(file)], no_ide) == 0
    records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [record["record"] for record in records] == ["run", *["call"] * 4, "outcome"]
    assert records[0]["arguments"] == [server.url]
    assert records[0]["grants"]["http"] == [server.host]
    assert [record["function"] for record in records[1:5]] == [
        *("sys.argv", "http.get", "dbg.log", "sys.resv")
    ]
    assert records[2]["writes"][0]["address"] == records[2]["results"][0]["value"]
    assert records[-1]["results"] == [0]
    assert len(records[-1]["digest"]) == 64

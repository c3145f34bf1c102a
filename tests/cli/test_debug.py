"""`watstep debug`: a session as JSON, from a script, a pipe, and a terminal's signals."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.process import finished, no_ide, started
from tests.support import EXAMPLES
from watstep.cli.main import main
from watstep.debug.commands.table import COMMANDS
from watstep.debug.state import Level, StopReason
from watstep.machine.outcome import Outcome
from watstep.native.runner import run_native

KEYS = [
    *("command", "timeline", "instant", "last_instant", "reason", "level", "source", "expansion"),
    *("function", "frames", "stack", "locals", "fuel", "message", "result"),
]
SUM = str(EXAMPLES / "sum.wat")
FETCH = str(EXAMPLES / "fetch.wat")

Answers = list[dict[str, Any]]


def batch(
    capsys: pytest.CaptureFixture[str], *words: str, commands: tuple[str, ...] = ()
) -> tuple[int, Answers]:
    """The exit code of a batch and the objects that it prints."""
    script = [word for command in commands for word in ("-x", command)]
    code = main(["debug", *words, "--batch", "--json", *script], no_ide)
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_object_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Every key in order, the command's name in full, dollars kept, places of the statement."""
    commands = ("s", "n 2", "locals", "p $sum + 1", "l 3", "b 25", "S")
    code, answers = batch(capsys, SUM, commands=commands)
    assert code == 0
    assert all(list(answer) == KEYS for answer in answers)
    assert [answer["command"] for answer in answers] == [
        *("step", "next 2", "locals", "print $sum + 1", "list 3", "break 25", "back")
    ]
    assert [answer["instant"] for answer in answers] == [1, 3, 3, 3, 3, 3, 2]
    assert {answer["last_instant"] for answer in answers} == {None}
    first = answers[0]
    assert (first["level"], first["reason"], first["fuel"]) == ("source", "step", 2)
    assert (first["function"], first["stack"], first["locals"]) == (
        "$run",
        [0],
        {"$sum": 0, "$i": 0},
    )
    assert first["source"] == {"line": 13, "column": 9}
    assert first["frames"] == [{"name": "$run", "kind": "function", "line": 13}]
    assert answers[2]["result"] == {"$sum": 0, "$i": 0}
    assert answers[3]["result"] == 1
    assert [row["current"] for row in answers[4]["result"]] == [False, True, False]
    assert answers[5]["result"]["bound_line"] == 25


def test_macro_frames_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    """S5: frames innermost first, kinds and dollars; the source is the macro call all along."""
    grants = ("--grant", "http=localhost")
    code, answers = batch(
        capsys, FETCH, "http://localhost:1/", *grants, commands=("step 5", "state", "level i")
    )
    assert code == 0
    assert [(frame["name"], frame["kind"]) for frame in answers[0]["frames"]] == [
        *(("check $url_ptr.err", "macro"), ("argv 0 $url_ptr", "macro"), ("$run", "function"))
    ]
    call = next(
        number
        for number, line in enumerate(Path(FETCH).read_text().splitlines(), 1)
        if line.startswith("(argv")
    )
    assert answers[0]["source"] == {"line": call, "column": 1}
    assert set(answers[0]["locals"]) == {"$url_ptr", "$url_ptr.err", "$body_err", "$body_ptr"}
    assert answers[1]["result"]["trap"] is None
    # At the level of instructions it is the form's own place.
    assert answers[2]["expansion"]["line"] > answers[2]["source"]["line"]


@pytest.mark.parametrize("terminal", [False, True])
def test_errors_of_a_batch(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    """One object each, nothing changed, the rest goes on; 1 refused, 2 not understood."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: terminal)
    code, answers = batch(capsys, SUM, commands=("step", "goto 99999", "delete 7", "p $no", "step"))
    assert code == 1
    assert [answer["reason"] for answer in answers] == ["step", "error", "error", "error", "step"]
    assert {answer["instant"] for answer in answers[:4]} == {1}
    assert answers[1]["message"] == (
        "the run ends at instant 151, there is no 99999; "
        "you stay at 1, the run was made to its end to know"
    )
    for wrong in (
        "bogus",
        "step x",
        "step 0",
        "goto",
        "until",
        "level x",
        "b",
        "quit now",
        "s\x00",
    ):
        code, answers = batch(capsys, SUM, commands=("step", wrong, "step"))
        assert code == 2
        assert [answer["reason"] for answer in answers] == ["step", "error", "step"]
        assert list(answers[1]) == KEYS
        assert answers[1]["message"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("no-such-file.wat",), "unreadable"),
        ((FETCH, "http://x/"), "missing-grant"),
        ((SUM, "--level", "x"), "usage"),
        ((SUM, "--fuel", "-3"), "usage"),
    ],
)
def test_a_session_that_cannot_begin_is_one_object(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: str
) -> None:
    """What is rejected says so as `run --json` does, and exits with 2."""
    exit_code, answers = batch(capsys, *words, commands=("step",))
    assert (exit_code, len(answers)) == (2, 1)
    assert answers[0]["status"] == "rejected"
    assert answers[0]["diagnostics"][0]["code"] == code


def test_a_program_with_errors_is_one_object(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """So is a program that does not compile, whole or in standard input."""
    wrong = tmp_path / "wrong.wat"
    wrong.write_text("(local.get $x)\n(i32.add)\n")
    code, answers = batch(capsys, str(wrong), commands=("step",))
    assert (code, len(answers), answers[0]["status"]) == (2, 1, "rejected")
    assert answers[0]["diagnostics"][0]["line"] == 1


def test_reasons_are_the_documented_words() -> None:
    """`reason` and the commands are enumerated in the page of the command line."""
    page = (EXAMPLES.parent / "docs" / "command-line.md").read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith("| `reason`"))
    assert all(f"`{reason.value}`" in row for reason in StopReason)
    section = page[page.index("## debug") :]
    for command in COMMANDS:
        assert f"`{command.name}" in section, command.name
        assert all(f"`{short}`" in section for short in command.short), command.short


def test_every_command_has_its_short_form(capsys: pytest.CaptureFixture[str]) -> None:
    """A short form and a name answer the same, at every level."""
    for level in Level:
        for command in COMMANDS:
            if command.name in {"run", "quit", "help", "save"}:
                continue
            argument = {"[": "", "": "", "s": ""}.get(command.argument[:1], "25")
            argument = {"print": "fuel", "goto": "9", "delete": ""}.get(command.name, argument)
            start = ("goto 20", f"{command.name} {argument}")
            _, whole = batch(capsys, SUM, "--level", level.value, commands=start)
            for short in command.short:
                given = ("goto 20", f"{short} {argument}")
                assert batch(capsys, SUM, "--level", level.value, commands=given)[1] == whole


def test_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands can be piped in; an empty line repeats the last one; the end of input ends it."""
    monkeypatch.setattr("sys.stdin", io.StringIO("level instruction\nstep\n\n\n"))
    assert main(["debug", str(EXAMPLES / "first.wat"), "--json"], no_ide) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    words = [answer["command"].split()[0] for answer in answers]
    assert words == ["level", "step", "step", "step"]
    assert answers[1]["reason"] == "end"
    assert answers[2]["reason"] == "at-end"
    assert answers[2]["last_instant"] == 1


def test_restart_keeps_the_answers_and_run_asks_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`restart` is instant 0 on the same tape; `run` is live: the store has changed meanwhile."""
    program = tmp_path / "kv.wat"
    program.write_text(
        '(local $p i32) (local $e i32)\n(call $kv.get "k") (local.set $e) (local.set $p)\n'
        '(call $kv.set "k" "new") (drop)\n(local.get $e)\n'.replace("(drop)", "(local.set $e)")
    )
    grant = f"--grant=kv={tmp_path / 'store.db'}"
    commands = ("continue", "calls", "restart", "continue", "calls", "run", "continue", "calls")
    code, answers = batch(capsys, str(program), grant, commands=commands)
    assert code == 0
    errors = [[call["error"] for call in answers[n]["result"]] for n in (1, 4, 7)]
    assert errors == [["ENOENT", None], ["ENOENT", None], [None, None]]
    assert answers[2]["instant"] == answers[5]["instant"] == 0
    assert answers[2]["last_instant"] is not None
    assert answers[5]["last_instant"] is None


def test_a_reader_that_leaves_is_no_fault() -> None:
    """A closed pipe ends the session quietly."""
    script = [word for _ in range(300) for word in ("-x", "help")]
    process = started("debug", SUM, "--batch", *script)
    assert process.stdout
    assert process.stderr
    assert process.stdin
    process.stdin.close()
    process.stdout.read(10)
    process.stdout.close()
    assert process.wait(30) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


def test_interrupt_ends_the_command_alone(tmp_path: Path) -> None:
    """Ctrl-C in a long command: `cancelled`, and the session goes on from where it came to."""
    program = tmp_path / "long.wat"
    program.write_text(
        "(local $i i32)\n(loop $l (local.set $i (i32.add (local.get $i) (i32.const 1)))\n"
        "(br_if $l (i32.lt_s (local.get $i) (i32.const 100000000))))\n(i32.const 0)\n"
    )
    process = started("debug", str(program), "--json", "--fuel", "2000000000")
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(b"step\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["reason"] == "step"
        process.stdin.write(b"continue\n")
        process.stdin.flush()
        time.sleep(0.5)
        os.kill(process.pid, signal.SIGINT)
        stopped = json.loads(process.stdout.readline())
        assert stopped["reason"] == "cancelled"
        assert stopped["instant"] > 1000
        out, err = process.communicate(b"step\nquit\n", timeout=60)
    finally:
        process.kill()
        process.wait()
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["reason"] for answer in answers] == ["step", "none"]
    assert process.returncode == 0
    assert err == b""


def test_interrupt_leaves_a_host_call_that_hangs() -> None:
    """Ctrl-C while a server says nothing: the run ends there, and going back still works."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        process = started("debug", FETCH, f"http://{host}/", f"--grant=http={host}", "--json")
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(b"next\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["instant"] == 8
            process.stdin.write(b"next\n")
            process.stdin.flush()
            connection, _ = silent.accept()
            os.kill(process.pid, signal.SIGINT)
            stopped = json.loads(process.stdout.readline())
            out, err = process.communicate(b"calls\nback\nquit\n", timeout=60)
            connection.close()
        finally:
            process.kill()
            process.wait()
    assert (stopped["reason"], stopped["instant"], stopped["last_instant"]) == ("trap", 9, 9)
    assert stopped["message"].startswith("`http.get` was left while it waited")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["instant"] for answer in answers] == [9, 8, 8]
    assert (process.returncode, err) == (0, b"")


def test_without_json_refusals_stand_on_standard_error() -> None:
    """What was typed wrong is told there, one sentence each."""
    code, out, err = finished("debug", SUM, given=b"bogus\nstep\n")
    assert code == 2
    assert "there is no command `bogus`" in err
    assert "Traceback" not in err
    assert "instant 1 of ?" in out


def test_a_session_is_held_against_wasmtime(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """P2: a run that ended is repeated on the same answers; the first difference is told."""

    def differs(*given: Any, **options: Any) -> Outcome:
        assert len(options["tape"]) == 0
        return replace(run_native(*given, **options), fuel=7)

    assert main(["debug", SUM, "--batch", "-x", "continue"], no_ide) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("watstep.native.runner.run_native", differs)
    assert main(["debug", SUM, "--batch", "--json", "-x", "step"], no_ide) == 0
    assert capsys.readouterr().err == ""
    assert main(["debug", SUM, "--batch", "--json", "-x", "continue"], no_ide) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert err == "wasmtime disagrees: the fuel: 140 on the machine, 7 on wasmtime\n"

"""Issue "Command line": where output goes, when it cannot go there, and how a run is stopped."""

from __future__ import annotations

import fcntl
import signal
import socket
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.process import finished, on_terminal, one_object, shell, started
from tests.support import EXAMPLES

FACTORIAL = str(EXAMPLES / "factorial.wat")
FETCH = str(EXAMPLES / "fetch.wat")
TALK = b'(call $dbg.log "a line")\n(resv "the value")\n(i32.const -7)\n'
TRAP = b'(resv "before")\n  (i32.div_s (i32.const 1) (i32.const 0))\n'
WARNED = b"(local.set $x (i32.const 1)) (local $x i32)\n(i32.const 0)\n"


def test_value_and_results_are_standard_output() -> None:
    """All else is on standard error: log, figures, warnings, traps."""
    code, out, err = finished("run", "-", given=TALK)
    assert (code, out) == (0, "the value\n-7\n")
    assert "log: a line" in err
    assert "fuel" in err
    code, out, err = finished("run", "-", given=WARNED)
    assert (code, out) == (0, "0\n")
    assert "warning[" in err
    code, out, err = finished("run", "-", given=TRAP)
    assert (code, out) == (1, "before\n")
    assert "integer divide by zero" in err
    assert "<stdin>:2:3" in err
    code, out, err = finished("run", "-", given=b"(i32.cnst 1)")
    assert (code, out) == (2, "")
    assert "error[" in err


def test_several_results_are_one_line() -> None:
    """LANGUAGE.md 7: any number of i32."""
    text = (
        b'(module (func (export "run") (result i32 i32 i32) i32.const 1 i32.const -2 i32.const 3))'
    )
    assert finished("run", "-", given=text)[:2] == (0, "1 -2 3\n")
    none = b'(module (func (export "run")))'
    assert finished("run", "-", given=none)[:2] == (0, "")
    assert one_object(finished("run", "-", "--json", given=text)[1])["results"] == [1, -2, 3]
    assert one_object(finished("run", "-", "--json", given=none)[1])["results"] == []


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ('"$@" >&-', 0),
        ('"$@" 2>&-', 0),
        ('"$@" <&- >&- 2>&-', 0),
        ('"$@" >/dev/full', 2),
        ('"$@" 2>/dev/full', 2),
        ('"$@" >/dev/full 2>&1', 2),
    ],
)
@pytest.mark.parametrize("command", ["run", "expand"])
def test_output_that_cannot_be_written(script: str, code: int, command: str) -> None:
    """A sentence where it can be said, an exit code, and no traceback."""
    done = shell(script, command, FACTORIAL)
    silent = "2>/dev/full" in script and command == "expand"
    assert done.returncode == (0 if silent else code)
    assert "Traceback" not in done.stdout + done.stderr
    assert ("no space left" in done.stderr) == (script == '"$@" >/dev/full')


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["run", "--help"]])
def test_help_that_cannot_be_written(arguments: list[str]) -> None:
    """The same for what is printed before anything is read."""
    assert shell('"$@" >/dev/full', *arguments).returncode == 2
    done = shell('"$@" >&-', *arguments)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["expand", FACTORIAL],
        ["run", FACTORIAL],
        ["run", "--json", FACTORIAL],
        ["check", "--json", FACTORIAL],
        ["build", FACTORIAL, "-o", "-"],
        ["demo"],
        ["--help"],
    ],
)
def test_a_reader_that_leaves(arguments: list[str]) -> None:
    """A pipe that nobody reads ends the program quietly."""
    done = shell('{ sleep 0.2; "$@"; echo "code $?" >&2; } | true', *arguments)
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().endswith("code 141")


def test_the_first_line_of_much() -> None:
    """`| head -1` gets it."""
    done = shell('"$@" 2>/dev/null | head -1', "expand", FETCH)
    assert done.stdout == "(module\n"


def wait_until(holds: Callable[[], bool]) -> None:
    """Until something is so, which it must be within half a minute."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def unread_bytes(pipe: int) -> int:
    """How many bytes lie in a pipe."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.parametrize("executor", ["wasmtime", "machine"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_run(number: signal.Signals, executor: str, tmp_path: Path) -> None:
    """Ctrl-C and SIGTERM: the run counts as trapped, its log and its record are kept."""
    record, begun = tmp_path / "stopped.run", tmp_path / "begun.db"
    process = started(
        *("run", "-", "--json", "--fuel", str(1 << 62), "--executor", executor),
        *("--record", str(record), "--grant", f"kv={begun}"),
    )
    assert process.stdin
    process.stdin.write(
        b'(local $e i32) (call $dbg.log "began") (local.set $e (call $kv.set "k" "v"))\n'
        b"(loop $l\n  (br $l))\n(i32.const 0)"
    )
    process.stdin.close()
    process.stdin = None
    wait_until(lambda: begun.exists() and begun.stat().st_size > 0)
    time.sleep(0.2)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (1, b"")
    answer = one_object(out.decode())
    assert answer["status"] == "trapped"
    assert answer["trap"]["kind"] == "cancelled"
    assert answer["trap"]["function"] == "$run"
    assert answer["log"] == ["began"]
    assert len(record.read_text().splitlines()) == 4


@pytest.mark.parametrize("executor", ["wasmtime", "machine"])
def test_a_signal_stops_a_call_that_hangs(executor: str) -> None:
    """The call is told of, and where it stands."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        process = started(
            *("run", FETCH, f"http://{host}/", "--grant", f"http={host}", "--json"),
            *("--executor", executor),
        )
        silent.settimeout(30)
        connection, _ = silent.accept()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        connection.close()
    assert (process.returncode, err) == (1, b"")
    answer = one_object(out.decode())
    assert answer["trap"]["kind"] == "cancelled"
    assert "`http.get` was left while it waited" in answer["trap"]["message"]
    assert answer["calls"][-1]["function"] == "http.get"
    assert answer["calls"][-1]["results"] == []


def test_ctrl_c_before_the_run_is_quiet() -> None:
    """While the program waits for its text: exit code 130, nothing said."""
    process = started("run", "-")
    assert process.stdin
    process.stdin.write(b"(")
    process.stdin.flush()
    pipe = process.stdin.fileno()
    wait_until(lambda: unread_bytes(pipe) == 0)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"")


def test_colour_is_for_terminals() -> None:
    """`expand` colours there, unless NO_COLOR or a dumb terminal says otherwise."""
    plain = finished("expand", FACTORIAL)[1]
    assert "\x1b" not in plain
    assert "\x1b[" in on_terminal("expand", FACTORIAL)
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}):
        shown = on_terminal("expand", FACTORIAL, **environment)
        assert "\x1b" not in shown
        assert shown.replace("\r\n", "\n") == plain
    assert "\x1b[" in on_terminal("expand", FACTORIAL, NO_COLOR="")


def test_control_characters_never_reach_a_terminal(tmp_path: Path) -> None:
    """A value is shown with signs there, and is exact in a pipe."""
    file = tmp_path / "escape.wat"
    file.write_text('(resv "a\\1b[31mb")\n(i32.const 0)\n')
    assert finished("run", str(file))[1] == "a\x1b[31mb\n0\n"
    assert "a\u241b[31mb" in on_terminal("run", str(file))


def test_demo_without_a_terminal() -> None:
    """Expansion, run and a few steps are printed where standard output is no terminal."""
    for code, out, err in (finished("demo"), finished("demo", "--headless")):
        assert code == 0
        assert '(import "http" "get"' in out
        assert "fetched for real" in out
        assert "(watstep) back" in out
        assert "20  sys.resv" in out
        assert "Traceback" not in err

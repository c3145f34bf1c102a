"""Issue "Command line": what `run` takes and what it answers, word by word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import wasmtime

from tests.cli.process import finished, no_ide, one_object, shell
from tests.engine.http_server import PAGE, TestServer
from tests.support import EXAMPLES
from watstep.cli.main import main

RUN_KEYS = [
    *("status", "results", "value", "trap", "diagnostics", "log", "calls", "fuel", "steps"),
    "executor",
]
PLACE_KEYS = ["line", "column", "end_line", "end_column"]
DIAGNOSTIC_KEYS = ["severity", "code", "message", *PLACE_KEYS, "labels", "stack", "fixes"]
CALL_KEYS = ["instant", "function", "arguments", "results", "error", "duration", "origin"]
FACTORIAL = str(EXAMPLES / "factorial.wat")
FETCH = str(EXAMPLES / "fetch.wat")
EXECUTORS = ("wasmtime", "machine")


class Carried:
    """Carries out command lines in this process, on program texts."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        """Texts become files of `folder`."""
        self.capsys, self.folder = capsys, folder

    def file(self, text: str | bytes) -> str:
        """The name of a file that holds a text."""
        path = self.folder / "program.wat"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def json(self, *arguments: str, command: str = "run") -> tuple[int, Any]:
        """Exit code and the one object; nothing may be on standard error."""
        code = main([command, "--json", *arguments], no_ide)
        answered = self.capsys.readouterr()
        assert answered.err == ""
        return code, one_object(answered.out)

    def run(self, text: str | bytes, *arguments: str) -> tuple[int, Any]:
        """`run --json` of a text."""
        return self.json(self.file(text), *arguments)


@pytest.fixture
def carried(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Carried:
    """In a folder of the test's own."""
    return Carried(capsys, tmp_path)


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """A real one."""
    with TestServer() as running:
        yield running


GROW = "(memory.grow (i32.const 1))"
DOWN = """(func $down (param $n i32) (if (i32.gt_s (local.get $n) (i32.const 0))
  (then (call $down (i32.sub (local.get $n) (i32.const 1))))))
(call $down (i32.const 20)) (i32.const 0)"""
LOOP = "(local $i i32) (loop $l (local.set $i (i32.add (local.get $i) (i32.const 1)))" + (
    " (br_if $l (i32.lt_s (local.get $i) (i32.const 3)))) (local.get $i)"
)
OPTIONS: dict[str, tuple[str, list[str], int, dict[str, Any]]] = {
    # (text, options, exit code, what the object must say)
    "nothing": (LOOP, [], 0, {"status": "returned", "results": [3], "executor": "wasmtime"}),
    "grant": ('(call $kv.set "k" "v")', ["--grant", "kv"], 0, {"results": [0]}),
    "grant in one word": ('(call $kv.set "k" "v")', ["--grant=kv"], 0, {"results": [0]}),
    "no grant": ('(call $kv.set "k" "v")', [], 2, {"status": "rejected", "results": []}),
    "deny": ("(call $sys.argc)", ["--deny", "sys"], 2, {"status": "rejected"}),
    "deny what is not used": ("(call $sys.argc)", ["--deny", "dbg"], 0, {"results": [0]}),
    "arguments": ("(call $sys.argc)", ["a", "-5", "--", "--fuel"], 0, {"results": [3]}),
    "fuel": (LOOP, ["--fuel", "9"], 1, {"status": "trapped", "results": [], "fuel": 9}),
    "enough fuel": (LOOP, ["--fuel", "27"], 0, {"fuel": 26, "steps": None}),
    "fuel=": (LOOP, ["--fuel=9"], 1, {"status": "trapped"}),
    "exact fuel": (LOOP, ["--fuel", "25", "--exact-fuel"], 1, {"executor": "machine", "fuel": 25}),
    "just enough": (LOOP, ["--fuel", "26", "--exact-fuel"], 0, {"fuel": 26, "results": [3]}),
    "memory": (GROW, ["--memory", "1"], 0, {"results": [-1]}),
    "more memory": (GROW, ["--memory", "2"], 0, {"results": [1]}),
    "no memory": (GROW, ["--memory", "0"], 2, {"status": "rejected"}),
    "depth": (DOWN, ["--depth", "20", "--executor", "machine"], 1, {"status": "trapped"}),
    "more depth": (DOWN, ["--depth", "22", "--executor", "machine"], 0, {"results": [0]}),
    "timeout": (
        "(loop $l (br $l)) (i32.const 0)",
        ["--timeout", "0.1", "--fuel", "999999999999"],
        1,
        {"status": "trapped", "fuel": None},
    ),
    "machine": (LOOP, ["--executor", "machine"], 0, {"steps": 28, "executor": "machine"}),
    "wasmtime": (LOOP, ["--executor=wasmtime"], 0, {"steps": None, "executor": "wasmtime"}),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_options(name: str, carried: Carried) -> None:
    """Each does what it says, alone."""
    text, options, code, expected = OPTIONS[name]
    given, answer = carried.run(text, *options)
    assert list(answer) == RUN_KEYS
    assert given == code
    assert {key: answer[key] for key in expected} == expected
    assert (answer["trap"] is None) == (answer["status"] != "trapped")


def test_record_is_an_option(carried: Carried) -> None:
    """`tests/cli/test_record.py` holds what it writes."""
    path = carried.folder / "made.run"
    assert carried.run(LOOP, "--record", str(path))[0] == 0
    assert path.exists()


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_returned_run(carried: Carried, server: TestServer, executor: str) -> None:
    """Every key in its form: the article's program, with a real server."""
    url = f"http://{server.host}/"
    options = [url, "--grant", f"http={server.host}", "--executor", executor]
    code, answer = carried.json(FETCH, *options)
    assert code == 0
    calls = answer.pop("calls")
    assert answer == {
        "status": "returned",
        "results": [0],
        "value": PAGE,
        "trap": None,
        "diagnostics": [],
        "log": ["fetched the URL successfully"],
        "fuel": 22,
        "steps": 21 if executor == "machine" else None,
        "executor": executor,
    }
    assert all(list(call) == CALL_KEYS for call in calls)
    assert [call["function"] for call in calls] == ["sys.argv", "http.get", "dbg.log", "sys.resv"]
    assert [call["instant"] for call in calls] == (
        [2, 10, 18, 20] if executor == "machine" else [None] * 4
    )
    assert calls[0]["arguments"] == [{"value": 0, "text": None}]
    assert calls[1]["arguments"] == [{"value": calls[0]["results"][0]["value"], "text": url}]
    assert [result["text"] for result in calls[1]["results"]] == [PAGE, None]
    assert calls[1]["results"][1] == {"value": 0, "text": None}
    assert calls[2]["results"] == []
    assert {call["error"] for call in calls} == {None}
    assert {call["origin"] for call in calls} == {"live"}
    assert all(isinstance(call["duration"], float) and call["duration"] >= 0 for call in calls)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_errors_of_calls_have_names(carried: Carried, server: TestServer, executor: str) -> None:
    """`error` is the code's name; the body comes along where there is one."""
    options = ["--grant", f"http={server.host}", "--executor", executor]
    code, answer = carried.json(FETCH, f"http://{server.host}/missing", *options)
    assert (code, answer["status"], answer["results"]) == (0, "returned", [7])
    assert answer["calls"][1]["error"] == "EHTTP"
    assert answer["calls"][1]["results"][0]["text"] == "nöt here"
    assert answer["calls"][1]["results"][1] == {"value": 7, "text": None}
    assert carried.json(FETCH, *options)[1]["calls"][0]["error"] == "ENOENT"


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_log_has_texts_and_numbers(carried: Carried, executor: str) -> None:
    """In order; the value is the last one given."""
    text = '(call $dbg.i32 (i32.const -1)) (call $dbg.log "é\\u{1f600}") (resv "a") (resv "b")\n'
    answer = carried.run(text + "(i32.const -2147483648)", "--executor", executor)[1]
    assert answer["log"] == [-1, "é\U0001f600"]
    assert answer["value"] == "b"
    assert answer["results"] == [-2147483648]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_trapped_run(carried: Carried, executor: str) -> None:
    """The trap's five keys; what was said before it stays."""
    text = '(call $dbg.log "é") (resv "so far")\n\t(i32.div_s (i32.const 7) (call $sys.argc))'
    code, answer = carried.run(text, "--executor", executor)
    assert code == 1
    assert (answer["status"], answer["results"], answer["value"]) == ("trapped", [], "so far")
    assert list(answer["trap"]) == ["kind", "message", "line", "column", "function"]
    message = answer["trap"].pop("message")
    assert "zero" in message or "/ 0" in message
    assert answer["trap"] == {
        "kind": "integer divide by zero",
        "line": 2,
        "column": 2,
        "function": "$run",
    }
    assert answer["log"] == ["é"]
    assert answer["steps"] == (6 if executor == "machine" else None)
    assert answer["fuel"] == (7 if executor == "machine" else None)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_fuel_after_a_call_that_trapped(executor: str, carried: Carried) -> None:
    """STEPPING.md P1: wasmtime's own figure has the failed call in it, and is not shown."""
    _, answer = carried.run("(resv (i32.const 0)) (i32.const 0)", "--executor", executor)
    assert answer["trap"]["kind"] == "host call"
    assert answer["fuel"] == (2 if executor == "machine" else None)


def test_missing_grants_are_in_source_order(carried: Carried) -> None:
    """Like all diagnostics; the body of `run` is expanded before the function above it."""
    text = "(func $f (result i32)\n  (call $sys.argc))\n(call $dbg.i32 (call $f))\n(i32.const 0)"
    code, answer = carried.run(text, "--deny", "sys", "--deny", "dbg")
    assert code == 2
    assert [found["line"] for found in answer["diagnostics"]] == [2, 3]
    (fix,) = answer["diagnostics"][0]["fixes"]
    assert (fix["title"], fix["edits"]) == ("run with `--grant sys`", [])


def test_warnings_are_in_the_object(carried: Carried) -> None:
    """`diagnostics` of a run that was made."""
    code, answer = carried.run("(local.set $x (i32.const 0)) (local $x i32)\n(local.get $x)")
    assert code == 0
    assert [found["severity"] for found in answer["diagnostics"]] == ["warning"]
    assert list(answer["diagnostics"][0]) == DIAGNOSTIC_KEYS


PLACES = [
    # (text, line, column, end line, end column) of `$x`, which is not declared
    ("(local.get $x)", 1, 12, 1, 14),
    ("\ufeff(local.get $x)", 1, 12, 1, 14),
    ("\ufeff\r\n(local.get $x)", 2, 12, 2, 14),
    (";; c\r\n;; d\r\n\t(local.get $x)", 3, 13, 3, 15),
    (";; é\U0001f600\n(; é\U0001f600 ;) (local.get $x)", 2, 21, 2, 23),
    (";; \u2028 \x0b \x0c \x85\n(local.get $x)", 2, 12, 2, 14),
    ("local.get\n$x", 2, 1, 2, 3),
]


@pytest.mark.parametrize("case", PLACES, ids=range(len(PLACES)))
def test_lines_and_columns(case: tuple[str, int, int, int, int], carried: Carried) -> None:
    """From 1, in characters, the end exclusive; a byte-order mark is none, CRLF one line end."""
    text, *place = case
    for command in ("check", "run"):
        code, answer = carried.json(carried.file(text), command=command)
        assert code == 2
        found = answer["diagnostics"][0]
        assert list(found) == DIAGNOSTIC_KEYS
        assert (found["severity"], found["code"]) == ("error", "unknown-local")
        assert [found[key] for key in PLACE_KEYS] == place


REFUSED: dict[str, tuple[bytes | None, list[str], str]] = {
    # (what the file holds, options, the code of the first diagnostic)
    "missing file": (None, [], "unreadable"),
    "bad program": (b"(i32.cnst 1)", [], "unknown-instruction"),
    "empty file": (b"", [], "missing-value"),
    "a comment": (b";; nothing\n", [], "missing-value"),
    "not UTF-8": (b"(i32.const 1)\xff", [], "not-utf8"),
    "UTF-16": ("(i32.const 1)".encode("utf-16"), [], "not-utf8"),
    "binary": (b"\0asm\1\0\0\0", [], "binary"),
    "bad option": (b"(i32.const 1)", ["--nope"], "usage"),
    "bad value": (b"(i32.const 1)", ["--fuel", "much"], "usage"),
    "no value": (b"(i32.const 1)", ["--memory"], "usage"),
    "a switch with a value": (b"(i32.const 1)", ["--exact-fuel=yes"], "usage"),
    "bad grant": (b"(i32.const 1)", ["--grant", "nope"], "usage"),
    "bad scope": (b"(i32.const 1)", ["--grant", "http=http://x/"], "usage"),
    "bad executor": (b"(i32.const 1)", ["--executor", "v8"], "usage"),
    "exact on wasmtime": (b"0", ["--exact-fuel", "--executor", "wasmtime"], "usage"),
    "a scope where none is": (b"0", ["--grant", "sys=scope"], "usage"),
    "less than none": (b"0", ["--fuel", "-1"], "usage"),
    "not a number": (b"0", ["--timeout", "nan"], "usage"),
    "no time": (b"(i32.const 1)", ["--timeout", "0"], "usage"),
    "record nowhere": (b"(i32.const 1)", ["--record", "/no/such/folder/x"], "usage"),
    "record to a folder": (b"(i32.const 1)", ["--record", "/"], "usage"),
    "record without a name": (b"(i32.const 1)", ["--record", ""], "usage"),
    "missing grant": (b'(call $kv.set "a" "b")', [], "missing-grant"),
    "nothing to run": (b"(module)", [], "no-run"),
    "too much memory": (b"(module (memory 9) (func))", ["--memory", "8"], "no-run"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_run_is_one_object(name: str, carried: Carried) -> None:
    """Its keys are those of every run; exit code 2; the message says what to do."""
    content, options, expected = REFUSED[name]
    path = "no-such-file.wat" if content is None else carried.file(content)
    code, answer = carried.json(path, *options)
    assert code == 2
    found = answer.pop("diagnostics")
    assert found[0]["code"] == expected
    assert all(list(item) == DIAGNOSTIC_KEYS for item in found)
    assert answer == {
        "status": "rejected",
        "results": [],
        "value": None,
        "trap": None,
        "log": [],
        "calls": [],
        "fuel": None,
        "steps": None,
        "executor": "wasmtime",
    }


def test_a_folder_and_no_file_at_all(carried: Carried) -> None:
    """The same object."""
    code, answer = carried.json(str(carried.folder))
    assert (code, answer["diagnostics"][0]["code"]) == (2, "unreadable")
    code, answer = carried.json()
    assert (code, answer["diagnostics"][0]["code"]) == (2, "usage")
    assert "watstep run FILE" in answer["diagnostics"][0]["message"]


def test_the_grant_is_named_at_the_call(carried: Carried) -> None:
    """LANGUAGE.md 6: at the call, in a module with its own imports at the import."""
    found = carried.run(';; at once\n  (call $kv.set "a" "b")')[1]["diagnostics"]
    assert [(item["line"], item["column"]) for item in found] == [(2, 9)]
    assert [fix["title"] for fix in found[0]["fixes"]] == ["run with `--grant kv`"]
    module = """(module
  (import "kv" "del" (func $d (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "run") (result i32) (call $d (i32.const 0))))"""
    found = carried.run(module)[1]["diagnostics"]
    assert [(item["line"], item["column"]) for item in found] == [(2, 3)]


@pytest.mark.parametrize("command", ["check", "expand", "build"])
def test_grants_are_no_matter_before_the_run(command: str, carried: Carried) -> None:
    """LANGUAGE.md 6: never judged by `check`, `expand` or `build`."""
    out = ["-o", str(carried.folder / "out.wasm")] if command == "build" else []
    assert main([command, FETCH, *out], no_ide) == 0
    carried.capsys.readouterr()


def test_standard_input_everywhere() -> None:
    """`-` is standard input for each command that takes a program."""
    text = b"(i32.const 7)\n"
    assert finished("run", "-", given=text)[:2] == (0, "7\n")
    assert one_object(finished("run", "-", "--json", given=text)[1])["results"] == [7]
    assert one_object(finished("check", "-", "--json", given=text)[1]) == {
        "version": 1,
        "diagnostics": [],
    }
    assert "(i32.const 7)" in finished("expand", "-", given=text)[1]
    code, out, err = finished("check", "-", given=text)
    assert (code, out) == (0, "")
    assert "no problems" in err
    batch = finished("debug", "-", "--batch", "--json", "-x", "step", given=text)
    assert json.loads(batch[1])["command"] == "step"
    named = one_object(finished("run", "-", "--json", given=b"\xff")[1])
    assert named["diagnostics"][0]["code"] == "not-utf8"


def test_double_dash_ends_options(carried: Carried, tmp_path: Path) -> None:
    """A file may be named like an option, and so may what a program is given."""
    (tmp_path / "--json").write_text("(call $sys.argc)")
    code = main(["run", "--", str(tmp_path / "--json"), "--grant", "-h"], no_ide)
    assert (code, carried.capsys.readouterr().out) == (0, "2\n")


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_machine_without_room(executor: str, tmp_path: Path) -> None:
    """A memory that the system has no room for does not grow; little address space is enough."""
    path = tmp_path / "grow.wat"
    path.write_text("(memory.grow (i32.const 40000))")
    limited = shell(
        'ulimit -v 1500000 && exec "$@"',
        *("run", str(path), "--memory", "65536", "--executor", executor),
    )
    assert (limited.returncode, limited.stdout) == (0, "-1\n"), limited.stderr


@pytest.mark.parametrize(
    ("text", "output", "code", "says"),
    [
        ("(i32.const 7)", ["-o", "{folder}/out.wasm"], 0, ""),
        ("(i32.const 7)", ["--output={folder}/out.wasm"], 0, ""),
        ("(i32.const", ["-o", "{folder}/out.wasm"], 2, "error["),
        ("(i32.const 7)", [], 2, "watstep build FILE -o OUT.wasm"),
        ("(i32.const 7)", ["-o"], 2, "needs a value"),
        ("(i32.const 7)", ["-o", "{folder}"], 2, "is a directory"),
        ("(i32.const 7)", ["-o", "{folder}/no/out.wasm"], 2, "no such file or directory"),
        ("(i32.const 7)", ["-o", "/dev/full"], 2, "no space left"),
        ("(i32.const 7)", ["-o", "a\0b"], 2, "cannot write"),
    ],
)
def test_build(carried: Carried, text: str, output: list[str], code: int, says: str) -> None:
    """A module that wasmtime takes, or nothing and a sentence."""
    options = [word.replace("{folder}", str(carried.folder)) for word in output]
    assert main(["build", carried.file(text), *options], no_ide) == code
    answered = carried.capsys.readouterr()
    assert answered.out == ""
    assert says in answered.err
    built = carried.folder / "out.wasm"
    assert built.exists() == (code == 0)
    if code == 0:
        wasmtime.Module.validate(wasmtime.Engine(), built.read_bytes())


def test_build_to_standard_output() -> None:
    """`-o -`, and from standard input."""
    done = shell('printf "(i32.const 7)" | "$@" | head -c 4 | od -An -c', "build", "-", "-o", "-")
    assert done.stdout.split() == ["\\0", "a", "s", "m"]

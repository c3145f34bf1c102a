"""DESIGN.md 4: a run file holds all that a replay needs, and no secrets."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.process import no_ide
from tests.engine.http_server import TestServer
from tests.support import EXAMPLES
from watstep.cli.main import main
from watstep.cli.secrets import Cover
from watstep.debug.session import Recorded, Session
from watstep.host.catalog import INTERFACE
from watstep.host.settings import RunLimits, RunSettings
from watstep.host.tape import CallOrigin, HostCall, MemoryWrite, Value
from watstep.machine.outcome import Outcome
from watstep.native.runner import run_native
from watstep.pipeline import Program, compile_source
from watstep.source.text import Source


class RunFile(NamedTuple):
    """What a run file says."""

    program: Program
    settings: RunSettings
    tape: tuple[HostCall, ...]
    outcome: dict[str, Any]


def read_run_file(path: Path) -> RunFile:
    """Read it and hold it against its own digests."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    header, *calls, outcome = map(json.loads, lines)
    assert [header["record"], outcome["record"]] == ["run", "outcome"]
    assert [call["record"] for call in calls] == ["call"] * len(calls)
    assert header["format"] == 1
    digest = hashlib.sha256("".join(lines[:-1]).encode()).hexdigest()
    assert outcome["digest"] == digest
    assert header["sha256"] == hashlib.sha256(header["program"].encode()).hexdigest()
    compiled = compile_source(Source(header["name"], header["program"]), INTERFACE)
    assert compiled.program
    assert compiled.program.profile == header["profile"]
    grants = {name: tuple(scope) for name, scope in header["grants"].items()}
    settings = RunSettings(tuple(header["arguments"]), grants, RunLimits(**header["limits"]))
    return RunFile(compiled.program, settings, tuple(map(call_of, calls)), outcome)


def call_of(record: dict[str, Any]) -> HostCall:
    """A call's record as the engine knows it."""
    texts = {
        name: tuple(Value(item["value"], item["text"]) for item in record[name])
        for name in ("arguments", "results")
    }
    writes = tuple(MemoryWrite(w["address"], b64decode(w["base64"])) for w in record["writes"])
    plain = {
        *("index", "instant", "function", "error", "pages", "heap", "owned", "log"),
        *("result_value", "trap", "http_status", "possibly_done", "timed_out"),
    }
    return HostCall(
        arguments=texts["arguments"],
        results=texts["results"],
        seconds=record["duration"],
        origin=CallOrigin(record["origin"]),
        writes=writes,
        **{name: record[name] for name in plain},
    )


def said(outcome: Outcome) -> dict[str, Any]:
    """An outcome in the words of a run file, but what only one executor counts."""
    return {
        "status": "trapped" if outcome.trap else "returned",
        "results": list(outcome.results),
        "value": outcome.value,
        "kind": outcome.trap.kind.value if outcome.trap else None,
        "memory_sha256": hashlib.sha256(outcome.memory).hexdigest(),
    }


def replayed(recorded: RunFile) -> None:
    """On its tape the run is the same on wasmtime and in a session (STEPPING.md P2)."""
    expected = {**recorded.outcome, "kind": (recorded.outcome["trap"] or {}).get("kind")}
    native = run_native(recorded.program, recorded.settings, tape=recorded.tape)
    session = Session(recorded.program, recorded.settings, Recorded(recorded.tape))
    stepped = session.outcome()
    session.close()
    for outcome in (native, stepped):
        answers = said(outcome)
        assert answers == {name: expected[name] for name in answers}
    if native.trap is None:
        assert native.fuel == stepped.fuel == expected["fuel"]


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """A real one, which counts what it was asked."""
    with TestServer() as running:
        yield running


FETCH = (EXAMPLES / "fetch.wat").read_text("utf-8")
KEEP = """(local $e i32) (local $v i32)
(local.set $e (call $kv.set "a" "one")) (call $kv.get "a") (local.set $e) (local.set $v)
(call $dbg.log (local.get $v)) (call $dbg.i32 (call $sys.argc)) (resv (local.get $v))
(call $kv.get "none") (local.set $e) (local.set $v) (local.get $e)"""
SAY = '(call $dbg.log "a")'
PROGRAMS: dict[str, tuple[str, list[str], str]] = {
    # (text, options, how it ends)
    "fetch": (FETCH, ["http://{host}/"], "returned"),
    "an error with a body": (FETCH, ["http://{host}/missing"], "returned"),
    "a page that grows the memory": (FETCH, ["http://{host}/whole"], "returned"),
    "a page that does not come": (FETCH, ["http://{host}/silent", "--timeout", "2"], "returned"),
    "keys": (KEEP, ["one", "two", "--grant", "kv"], "returned"),
    "a trap of the host": (f"{SAY} (resv (i32.const 0)) (i32.const 0)", [], "host call"),
    "no fuel": (f"(loop $l {SAY} (br $l)) (i32.const 0)", ["--fuel", "99"], "out of fuel"),
    "a trap": (f"{SAY} (i32.rem_s (i32.const 1) (i32.const 0))", [], "integer divide by zero"),
}


@pytest.mark.parametrize("executor", ["wasmtime", "machine"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_run_file_replays(name: str, executor: str, server: TestServer, tmp_path: Path) -> None:
    """Offline, on both executors, whichever made it."""
    text, options, ends = PROGRAMS[name]
    path, record = tmp_path / "program.wat", tmp_path / "made.run"
    path.write_text(text, "utf-8")
    given = [option.replace("{host}", server.host) for option in options]
    arguments = ["run", str(path), *given, "--grant", f"http={server.host}"]
    main([*arguments, "--record", str(record), "--executor", executor], no_ide)
    asked = len(server.asked)
    recorded = read_run_file(record)
    assert ends in {recorded.outcome["status"], (recorded.outcome["trap"] or {}).get("kind")}
    replayed(recorded)
    assert len(server.asked) == asked


SECRET = "hunter2-hunter2"


def test_secrets_are_covered(
    server: TestServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In arguments, texts, the log and the memory; the run is the same, with stars."""
    path, record = tmp_path / "program.wat", tmp_path / "made.run"
    text = FETCH.replace("(resv", "(call $dbg.log (local.get $url_ptr))\n(resv")
    path.write_text(text + f';; password: "{SECRET}"\n', "utf-8")
    url = f"http://{server.host}/?api_key={SECRET}&page=1"
    arguments = ["run", str(path), url, "--grant", f"http={server.host}", "--json"]
    assert main([*arguments, "--record", str(record)], no_ide) == 0
    assert SECRET in capsys.readouterr().out
    content = record.read_text("utf-8")
    recorded = read_run_file(record)
    assert SECRET not in content
    assert not any(SECRET.encode() in w.content for call in recorded.tape for w in call.writes)
    assert json.loads(content.splitlines()[0])["redacted"] == 1
    assert recorded.settings.arguments[0].endswith(f"/?api_key={'*' * len(SECRET)}&page=1")
    replayed(recorded)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("https://x.test/?token=abcd1234#a", "https://x.test/?token=********#a"),
        ("https://me:pässword@x.test/", "https://me:*********@x.test/"),
        ('{"access_token": "abc.def", "n": 1}', '{"access_token": "*******", "n": 1}'),
        ("Authorization: Bearer abcdefgh12", "Authorization: Bearer **********"),
        ("key sk-abcdefghijklmnop1234", "key ***********************"),
        ("secret: yes", "secret: yes"),
        ("the token of our friendship", "the token of our friendship"),
        ("http://x.test/passwords?page=2", "http://x.test/passwords?page=2"),
    ],
)
def test_what_a_secret_looks_like(text: str, covered: str) -> None:
    """By its name, its place in a URL, or its shape; words that only speak of one stay."""
    assert Cover([text]).text(text) == covered


def test_a_run_file_stays_until_there_is_another(tmp_path: Path) -> None:
    """What was recorded is not lost to a run that did not start."""
    record = tmp_path / "kept.run"
    record.write_text("before\n")
    bad = tmp_path / "bad.wat"
    bad.write_text("(i32.const")
    assert main(["run", str(bad), "--record", str(record)], no_ide) == 2
    assert record.read_text() == "before\n"
    assert main(["run", str(EXAMPLES / "sum.wat"), "--record", str(record)], no_ide) == 0
    assert read_run_file(record).outcome["status"] == "returned"

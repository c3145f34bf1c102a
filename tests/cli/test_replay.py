"""`watstep replay` and `watstep debug FILE.run`: real files, real processes, nothing asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.process import finished, one_object
from tests.engine.http_server import TestServer
from tests.engine.run_files import KEEP, changed, file_of, records_of
from tests.support import EXAMPLES


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the article's program, whose server is gone."""
    path = tmp_path_factory.mktemp("kept") / "made.run"
    with TestServer() as server:
        given = (f"http://{server.host}/", "--grant", f"http={server.host}")
        code, _, _ = finished("run", str(EXAMPLES / "fetch.wat"), *given, "--record", str(path))
    assert code == 0
    return path


def test_the_same(recorded: Path) -> None:
    """Exit code 0 and one line; as JSON one object (STEPPING.md, golden: fuel 22)."""
    code, out, err = finished("replay", str(recorded))
    assert (code, err) == (0, "")
    assert out == "the same on machine and wasmtime: returned, 0, 4 host calls, 22 fuel\n"
    code, out, _ = finished("replay", str(recorded), "--json")
    assert code == 0
    assert one_object(out) == {
        "status": "same",
        "difference": None,
        "executors": ["machine", "wasmtime"],
        "skipped": {},
        "redacted": 0,
    }
    code, out, _ = finished("replay", "-", given=recorded.read_bytes())
    assert (code, out[:8]) == (0, "the same")


def test_until_an_instant(recorded: Path) -> None:
    """The state there, as text and in the form of the debugger."""
    code, out, _ = finished("replay", str(recorded), "--until", "12")
    assert code == 0
    assert out.startswith("instant 12 of 21, level source\n")
    assert "  $body_err = 0" in out
    assert "10  http.get(" in out
    code, out, _ = finished("replay", str(recorded), "--until", "12", "--json")
    assert code == 0
    assert {"instant": 12, "last_instant": 21, "reason": "goto"}.items() <= one_object(out).items()
    code, out, err = finished("replay", str(recorded), "--until", "22")
    assert (code, out) == (2, "")
    assert err == "watstep: `--until 22`: the run ends at instant 21, there is no 22\n"


def test_a_difference(recorded: Path, tmp_path: Path) -> None:
    """Exit code 1 and the first thing that differs."""
    records = records_of(recorded.read_bytes())
    records[2]["arguments"][0]["text"] = "http://elsewhere/"
    other = tmp_path / "other.run"
    other.write_bytes(file_of(records))
    code, out, err = finished("replay", str(other))
    assert (code, err) == (1, "")
    first, known, found = out.splitlines()
    assert first == "the run differs on machine: host call 1, at instant 9"
    assert known == '  recorded  http.get("http://elsewhere/")'
    assert found.startswith('  replayed  http.get("http://127.0.0.1')
    code, out, _ = finished("replay", str(other), "--json", "--until", "3")
    assert code == 1
    assert one_object(out)["difference"]["what"] == "host call 1"


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    """Exit code 2, the line that is wrong, and what to do; one object with `--json`."""
    broken = tmp_path / "broken.run"
    broken.write_bytes(changed(3, lambda record: record.update(pages=-1)))
    for command in ("replay", "debug"):
        code, out, err = finished(command, str(broken))
        assert (code, out) == (2, "")
        says = f"watstep: {broken}: line 3: `pages` must be a whole number from 0 to 65536"
        assert err == f"{says} (a record `call`): record the run again\n"
    code, out, _ = finished("replay", str(broken), "--json")
    assert code == 2
    assert "line 3" in one_object(out)["diagnostics"][0]["message"]
    for path, says in (
        (str(EXAMPLES / "sum.wat"), "line 1: this is no run file"),
        (str(tmp_path), "it is a folder"),
        (str(tmp_path / "none"), "no such file or directory"),
    ):
        code, out, err = finished("replay", path)
        assert (code, out) == (2, "")
        assert says in err


def test_stepping_through_a_run_file(recorded: Path, tmp_path: Path) -> None:
    """At the prompt, offline; it is kept with its breakpoints, and begins where it was kept."""
    kept = tmp_path / "kept.run"
    steps = ("-x", "break s9", "-x", "goto 12", "--batch", "--record", str(kept))
    code, out, _ = finished("debug", str(recorded), *steps)
    assert code == 0
    assert out.splitlines()[0].startswith("instant 0 of 21")
    again = ("-x", "breakpoints", "-x", "run", "--batch", "--json")
    code, out, _ = finished("debug", str(kept), *again)
    listed, refused = map(json.loads, out.splitlines())
    assert (listed["instant"], listed["last_instant"]) == (12, 21)
    assert [item["line"] for item in listed["result"]] == [9]
    assert (code, refused["reason"]) == (1, "error")
    assert "save that as a file and grant it what it needs" in refused["message"]


@pytest.mark.parametrize("given", ["argument", "--fuel=9", "--grant=kv", "--executor=wasmtime"])
def test_a_run_file_brings_its_own(recorded: Path, given: str) -> None:
    """Arguments, grants and limits are those of the run."""
    code, out, err = finished("debug", str(recorded), given, "--batch")
    assert (code, out) == (2, "")
    assert f"holds a run with all that it was given; without `{given.partition('=')[0]}`" in err


def test_a_session_that_has_not_ended(tmp_path: Path) -> None:
    """What was made of a live run is kept, and nothing more is called for it."""
    program, kept = tmp_path / "keep.wat", tmp_path / "kept.run"
    program.write_text(KEEP, "utf-8")
    steps = ("--grant", "kv", "-x", "goto 5", "--batch", "--record", str(kept))
    assert finished("debug", str(program), *steps)[0] == 0
    code, out, _ = finished("replay", str(kept))
    assert code == 0
    assert out == (
        "the same on machine: kept before its end, 1 host call, 5 instants, 6 fuel\n"
        "not held against wasmtime: the run was kept before its end\n"
    )

"""DESIGN.md 4: a run file holds all that a replay needs, and no secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.process import no_ide
from tests.engine.http_server import TestServer
from tests.support import EXAMPLES
from watstep.cli.main import main
from watstep.runfile.comparing import Replay, replay_run
from watstep.runfile.reading import RunFile, read_run
from watstep.runfile.secrets import Cover, secrets_of_settings


def kept(path: Path) -> RunFile:
    """What a run file says."""
    return read_run(path.name, path.read_bytes())


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
    """Offline, on both executors, whichever made it (STEPPING.md P1)."""
    text, options, ends = PROGRAMS[name]
    path, record = tmp_path / "program.wat", tmp_path / "made.run"
    path.write_text(text, "utf-8")
    given = [option.replace("{host}", server.host) for option in options]
    arguments = ["run", str(path), *given, "--grant", f"http={server.host}"]
    main([*arguments, "--record", str(record), "--executor", executor], no_ide)
    asked = len(server.asked)
    recorded = kept(record)
    trap = recorded.ending.trap
    assert ends == (trap.kind.value if trap else recorded.ending.status)
    assert replay_run(recorded) == Replay(None, ("machine", "wasmtime"), {})
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
    recorded = kept(record)
    assert SECRET not in content
    assert not any(SECRET.encode() in w.content for call in recorded.tape for w in call.writes)
    assert json.loads(content.splitlines()[0])["redacted"] == 1
    assert recorded.settings.arguments[0].endswith(f"/?api_key={'*' * len(SECRET)}&page=1")
    assert replay_run(recorded).difference is None


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("https://x.test/?token=abcd1234#a", "https://x.test/?token=********#a"),
        ("https://me:pässword@x.test/", "https://me:*********@x.test/"),
        ('{"access_token": "abc.def", "n": 1}', '{"access_token": "*******", "n": 1}'),
        ("Authorization: Bearer abcdefgh12", "Authorization: Bearer **********"),
        ("key sk-abcdefghijklmnop1234", "key ***********************"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ************"),
        ('{"authorization": "Token abcd.efgh"}', '{"authorization": "Token *********"}'),
        ("X-Api-Key: 12345678", "X-Api-Key: ********"),
        ("Cookie: sid=abcd; theme=dark", "Cookie: ********************"),
        ("http://x.test/?n=1&sig=abcd%2F", "http://x.test/?n=1&sig=*******"),
        ("http://x.test/#key=abcd", "http://x.test/#key=****"),
        ("x-amz-signature=no&X-Amz-Date=1", "x-amz-signature=no&X-Amz-Date=1"),
        (
            "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n***\n-----END PRIVATE KEY-----",
        ),
        ('"token": true, "password": null', '"token": true, "password": null'),
        ("secret: yes", "secret: yes"),
        ("the token of our friendship", "the token of our friendship"),
        ("http://x.test/passwords?page=2", "http://x.test/passwords?page=2"),
    ],
)
def test_what_a_secret_looks_like(text: str, covered: str) -> None:
    """By its name, its place in a URL, or its shape; words that only speak of one stay."""
    assert Cover([text]).text(text) == covered


def test_secrets_by_their_names_and_marks() -> None:
    """Arguments after an option, variables of the environment, and what a person marks."""
    arguments = ("--token", "abc", "--page", "two", "API_KEY", "def", "--secret", "--verbose")
    variables = {"SERVICE_KEY": "12345678", "MONKEY": "banana-banana", "MY_PASSWORD": "short"}
    named = list(secrets_of_settings(arguments, variables))
    assert named == ["abc", "def", "12345678"]
    cover = Cover([], ["a/b c", 'say "x"', "***", ""])
    assert cover.secrets == ('say "x"', "a/b c")
    assert cover.text("?q=a%2Fb%20c, a/b c") == "?q=*********, *****"
    assert cover.text(r'{"a": "say \"x\""}') == '{"a": "*********"}'
    assert cover.content(b"\0a/b c\0") == b"\0*****\0"


def test_a_program_stays_one_where_a_secret_is_covered() -> None:
    """Texts, comments and names lose it, also one that is written in escapes; code is code."""
    cover = Cover([], ["1234", "param", "hunter2"])
    program = """(local $hunter2 i32) ;; 1234
(call $dbg.log "\\68unter2 param") (i32.const 1234) (; param ;)"""
    assert cover.program(program) == (
        """(local $******* i32) ;; ****
(call $dbg.log "******* *****") (i32.const 1234) (; ***** ;)"""
    )


def test_marked_secrets_are_in_no_run_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--secret`, a variable of the environment, and the argument after `--token`."""
    secrets = ("shibboleth", "open-sesame", "plain-words")
    monkeypatch.setenv("STORE_TOKEN", secrets[1])
    path, record = tmp_path / "program.wat", tmp_path / "made.run"
    path.write_text(
        '(call $dbg.log "shibboleth open-sesame") (argv 1 $a) (resv $a) (i32.const 0)', "utf-8"
    )
    arguments = ["run", str(path), "--secret", secrets[0], "--record", str(record)]
    assert main([*arguments, "--", "--token", secrets[2]], no_ide) == 0
    content = record.read_text("utf-8")
    assert [secret for secret in secrets if secret in content] == []
    recorded = kept(record)
    assert recorded.redacted == 3
    assert recorded.ending.value == "*" * len(secrets[2])
    assert replay_run(recorded).difference is None


def test_a_run_file_is_private_and_written_whole(tmp_path: Path) -> None:
    """A new one is its owner's; one that is there keeps its mode, and a link stays a link."""
    record, link = tmp_path / "kept.run", tmp_path / "link.run"
    command = ["run", str(EXAMPLES / "sum.wat"), "--record"]
    assert main([*command, str(record)], no_ide) == 0
    assert record.stat().st_mode & 0o777 == 0o600
    record.chmod(0o644)
    link.symlink_to(record)
    before = record.stat().st_ino
    assert main([*command, str(link)], no_ide) == 0
    assert link.is_symlink()
    assert record.stat().st_mode & 0o777 == 0o644
    assert record.stat().st_ino != before
    assert kept(record).ending.status == "returned"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["kept.run", "link.run"]


def test_nothing_is_left_of_a_run_that_did_not_start(tmp_path: Path) -> None:
    """No empty run file stands where none was."""
    bad = tmp_path / "bad.wat"
    bad.write_text("(i32.const")
    assert main(["debug", str(bad), "--batch", "--record", str(tmp_path / "a.run")], no_ide) == 2
    assert [item.name for item in tmp_path.iterdir()] == ["bad.wat"]


def test_a_run_file_stays_until_there_is_another(tmp_path: Path) -> None:
    """What was recorded is not lost to a run that did not start."""
    record = tmp_path / "kept.run"
    record.write_text("before\n")
    bad = tmp_path / "bad.wat"
    bad.write_text("(i32.const")
    assert main(["run", str(bad), "--record", str(record)], no_ide) == 2
    assert record.read_text() == "before\n"
    assert main(["run", str(EXAMPLES / "sum.wat"), "--record", str(record)], no_ide) == 0
    assert kept(record).ending.status == "returned"

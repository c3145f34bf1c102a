"""LANGUAGE.md 6: every host function with every code that it can answer, on both executors."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.engine.executors import EXECUTORS
from tests.engine.http_server import HUGE, PAGE, TestServer
from tests.engine.stepping import program_of, session_of
from tests.support import EXAMPLES
from watstep.host.catalog import FUNCTIONS, INTERFACE
from watstep.host.errors import ErrorCode
from watstep.host.grants import parse_grants
from watstep.host.settings import RunLimits, RunSettings
from watstep.machine.outcome import Outcome
from watstep.native.runner import run_native
from watstep.pipeline import Program
from watstep.wasm.types import PAGE_SIZE

Argument = int | str
DATA = r"""(data (i32.const 1024) "\02\00\00\00a\ff" "\f7\fb\00\00" "\00\00\00\00")"""
BAD_TEXT, TOO_LONG, EMPTY, UNALIGNED = 1024, 1030, 1034, 1039
"""What `DATA` has at these addresses; the last is a byte into zeros, an empty text."""


def calling(name: str, arguments: tuple[Argument, ...]) -> Program:
    """A program that makes one call, sets what it answers as its value, and returns the error.

    A function of one result: the program returns that; of none: 0.
    """
    given = " ".join(
        f"(i32.const {value})" if isinstance(value, int) else f'"{value}"' for value in arguments
    )
    results = len(INTERFACE[name].type.results)
    ends = {
        0: "(i32.const 0)",
        1: "",
        2: """(local $error i32) (local $answer i32) (local.set $error) (local.set $answer)
        (if (i32.gt_s (local.get $answer) (i32.const 0)) (then (resv (local.get $answer))))
        (local.get $error)""",
    }
    memory = '(import "env" "memory" (memory 1))'
    return program_of(f"{memory} {DATA} (call ${name} {given}) {ends[results]}")


class Case(NamedTuple):
    """One call and what it must answer; `{host}` in a text is the server's host and port."""

    function: str
    arguments: tuple[Argument, ...]
    error: str | None = None
    value: str | None = None
    grants: tuple[str, ...] = ("http={host}", "kv")
    argv: tuple[str, ...] = ("one", "zwölf", "x" * PAGE_SIZE)
    limits: RunLimits = RunLimits()
    number: int | None = None
    """What a function of one result that is no error answers."""


IMPATIENT = RunLimits(seconds=1.5)
ONE_PAGE = RunLimits(memory_pages=1)
SHORT = RunLimits(answer_bytes=2)
PAGES = "http://{host}"

CASES = (
    Case("sys.argc", (), number=3),
    Case("sys.argc", (), number=0, argv=()),
    Case("sys.argv", (0,), value="one"),
    Case("sys.argv", (1,), value="zwölf"),
    Case("sys.argv", (3,), "ENOENT"),
    Case("sys.argv", (-1,), "ENOENT"),
    Case("sys.argv", (0,), "EUTF8", argv=("caf\udce9",)),
    Case("sys.argv", (0,), "ETOOBIG", limits=SHORT),
    Case("sys.argv", (2,), "ENOMEM", limits=ONE_PAGE),
    Case("sys.resv", ("a\\00é",), value="a\0é"),
    Case("sys.resv", (UNALIGNED,), value=""),
    Case("sys.resv", (BAD_TEXT,), value="a\ufffd"),
    Case("sys.alloc", (0,), value=""),
    Case("sys.alloc", (PAGE_SIZE,), value=""),
    Case("sys.alloc", (-1,), "EINVAL"),
    Case("sys.alloc", (2147483647,), "ENOMEM"),
    Case("sys.alloc", (PAGE_SIZE,), "ENOMEM", limits=ONE_PAGE),
    Case("http.get", (f"{PAGES}/",), value=PAGE),
    Case("http.get", (f"{PAGES}/?a=b#c",), value=PAGE),
    Case("http.get", ("HTTP://{host}/",), value=PAGE),
    Case("http.get", (f"{PAGES}/chunked",), value=PAGE),
    Case("http.get", (f"{PAGES}/created",), value="made"),
    Case("http.get", (f"{PAGES}/empty",), value=""),
    Case("http.get", (f"{PAGES}/inside",), value=PAGE),
    Case("http.get", (f"{PAGES}/whole",), value="x" * (HUGE - 1)),
    Case("http.get", (f"{PAGES}/missing",), "EHTTP", "nöt here"),
    Case("http.get", (f"{PAGES}/teapot",), "EHTTP", "short and stout"),
    Case("http.get", (f"{PAGES}/fault",), "EUTF8"),
    Case("http.get", (f"{PAGES}/latin",), "EUTF8"),
    Case("http.get", (f"{PAGES}/huge",), "ETOOBIG"),
    Case("http.get", (f"{PAGES}/whole",), "ENOMEM", limits=ONE_PAGE),
    Case("http.get", (f"{PAGES}/silent",), "ETIMEDOUT", limits=IMPATIENT),
    Case("http.get", (f"{PAGES}/drip",), "ETIMEDOUT", limits=IMPATIENT),
    Case("http.get", (f"{PAGES}/reset",), "ENET"),
    Case("http.get", (f"{PAGES}/short",), "ENET"),
    Case("http.get", ("http://127.0.0.1:1/",), "ENET", grants=("http=127.0.0.1:1",)),
    Case("http.get", ("http://no.invalid/",), "ENET", grants=("http=*",)),
    Case("http.get", (f"{PAGES}/round",), "ELIMIT"),
    Case("http.get", (f"{PAGES}/outside",), "EACCESS"),
    Case("http.get", (f"{PAGES}/port",), "EACCESS"),
    Case("http.get", (f"{PAGES}/user",), "EACCESS"),
    Case("http.get", (f"{PAGES}/disk",), "EINVAL"),
    Case("http.get", (f"{PAGES}/nowhere",), "EINVAL"),
    Case("http.get", (f"{PAGES}/",), "EACCESS", grants=("http",)),
    Case("http.get", (f"{PAGES}/",), value=PAGE, grants=("http=*",)),
    Case("http.get", ("http://me@{host}/",), "EACCESS", grants=("http=*",)),
    Case("http.get", ("",), "EINVAL"),
    Case("http.get", ("{host}",), "EINVAL"),
    Case("http.get", ("ftp://{host}/",), "EINVAL"),
    Case("http.get", ("http://",), "EINVAL"),
    Case("http.get", ("http://{host}x/",), "EINVAL"),
    Case("http.get", (0,), "EINVAL"),
    Case("http.get", (PAGE_SIZE - 2,), "EINVAL"),
    Case("http.get", (-1,), "EINVAL"),
    Case("http.get", (TOO_LONG,), "EINVAL"),
    Case("http.get", (BAD_TEXT,), "EUTF8"),
    Case("http.post", (f"{PAGES}/echo", "bödy", "text/plain"), value="bödy"),
    Case("http.post", (f"{PAGES}/echo", "", ""), value=""),
    Case("http.post", (f"{PAGES}/see", "bödy", "text/plain"), value=""),
    Case("http.post", (f"{PAGES}/same", "bödy", "text/plain"), value="bödy"),
    Case("http.post", (f"{PAGES}/teapot", "b", "text/plain"), "EHTTP", "short and stout"),
    Case("http.post", (f"{PAGES}/echo", "b", "text/plain\\0d\\0aX: y"), "EINVAL"),
    Case("http.post", (f"{PAGES}/echo", 0, "text/plain"), "EINVAL"),
    Case("http.post", (f"{PAGES}/echo", BAD_TEXT, "text/plain"), "EUTF8"),
    Case("http.post", (f"{PAGES}/huge", "b", "text/plain"), "ETOOBIG"),
    Case("http.post", (f"{PAGES}/silent", "b", "c"), "ETIMEDOUT", limits=IMPATIENT),
    Case("http.post", ("http://other.invalid/", "b", "text/plain"), "EACCESS"),
    Case("http.post", ("http://127.0.0.1:1/", "b", "c"), "ENET", grants=("http=127.0.0.1:1",)),
    Case("http.status", (), number=0),
    Case("kv.get", ("none",), "ENOENT"),
    Case("kv.get", (0,), "EINVAL"),
    Case("kv.get", (TOO_LONG,), "EINVAL"),
    Case("kv.get", (BAD_TEXT,), "EUTF8"),
    Case("kv.set", ("key", "välue")),
    Case("kv.set", ("", "")),
    Case("kv.set", (EMPTY, UNALIGNED)),
    Case("kv.set", ("key", 0), "EINVAL"),
    Case("kv.set", ("key", BAD_TEXT), "EUTF8"),
    Case("kv.del", ("none",), "ENOENT"),
    Case("kv.del", (-4,), "EINVAL"),
    Case("kv.del", (BAD_TEXT,), "EUTF8"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """One for all cases."""
    with TestServer() as running:
        yield running


def carry_out(case: Case, executor: str, host: str = "127.0.0.1:1") -> Outcome:
    """Run the case's one call."""
    arguments = tuple(
        value.replace("{host}", host) if isinstance(value, str) else value
        for value in case.arguments
    )
    grants = parse_grants(grant.replace("{host}", host) for grant in case.grants)
    settings = RunSettings(case.argv, grants, case.limits)
    return EXECUTORS[executor](calling(case.function, arguments), settings)


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(
    "case", CASES, ids=[f"{n}-{case.function}-{case.error}" for n, case in enumerate(CASES)]
)
def test_every_answer(case: Case, executor: str, server: TestServer) -> None:
    """The error, the text that comes with it, and pointer 0 where none does."""
    outcome = carry_out(case, executor, server.host)
    assert outcome.trap is None
    call = outcome.calls[0]
    assert call.function == case.function
    assert call.error == case.error
    assert outcome.value == case.value
    code = ErrorCode[case.error] if case.error else ErrorCode.OK
    assert outcome.results == (code if case.number is None else case.number,)
    if len(call.results) == 2:
        assert call.results[1].value == code
        assert (call.results[0].value == 0) == (case.value is None)
        assert call.results[0].value % 16 == 0


def test_every_function_and_code_has_its_case() -> None:
    """Nothing of the table is left out, and each code is answered by some function."""
    assert {case.function for case in CASES} | {"dbg.log", "dbg.i32"} == set(FUNCTIONS)
    answered = {case.error for case in CASES} | {error for _, error in BROKEN.values()}
    assert {code.name for code in ErrorCode} - {"OK"} <= answered


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("function", ["sys.resv", "dbg.log"])
@pytest.mark.parametrize("pointer", [0, PAGE_SIZE - 3, PAGE_SIZE, -1, TOO_LONG])
def test_no_text_where_no_error_can_be_answered(function: str, pointer: int, executor: str) -> None:
    """A trap that names the call."""
    outcome = carry_out(Case(function, (pointer,)), executor)
    assert outcome.trap
    assert outcome.trap.kind.value == "host call"
    assert f"`{function}`" in outcome.trap.message
    assert str(pointer % (1 << 32)) in outcome.trap.message


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_log(executor: str) -> None:
    """`dbg.log` reads loosely, at any address; `dbg.i32` adds a signed number."""
    for function, argument, logged in (
        ("dbg.log", "lög", "lög"),
        ("dbg.log", BAD_TEXT, "a\ufffd"),
        ("dbg.log", UNALIGNED, ""),
        ("dbg.i32", -5, -5),
    ):
        assert carry_out(Case(function, (argument,)), executor).log == (logged,)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_status_is_of_the_last_answer(executor: str, server: TestServer) -> None:
    """Also of one whose body could not be taken; a call without an answer leaves it."""
    url = f"http://{server.host}"
    text = "".join(
        f'(call $http.get "{place}") (local.set $x) (local.set $x) (call $dbg.i32'
        " (call $http.status))\n"
        for place in (f"{url}/teapot", f"{url}/huge", "http://other.invalid/", f"{url}/outside")
    )
    settings = RunSettings((), parse_grants([f"http={server.host}"]))
    outcome = EXECUTORS[executor](program_of(f"(local $x i32) {text} (i32.const 0)"), settings)
    assert outcome.log == (418, 200, 200, 302)


def test_nothing_of_the_environment_is_used(
    server: TestServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No proxy, no `.netrc`, no header but those that the program's call needs."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:1/")
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    outcome = carry_out(Case("http.get", (f"{PAGES}/",)), "wasmtime", server.host)
    assert outcome.value == PAGE
    assert set(server.headers[-1]) == {"Host", "User-Agent", "Accept-Encoding"}


def test_what_is_outside_a_grant_is_never_asked(server: TestServer) -> None:
    """A redirect is judged before it is followed."""
    with TestServer() as other:
        case = Case("http.get", (f"http://{other.host}/",))
        assert carry_out(case, "wasmtime", server.host).calls[0].error == "EACCESS"
        assert other.asked == []


def test_version_6_of_the_internet_protocol() -> None:
    """An address in brackets, in the URL and in the scope."""
    try:
        server = TestServer("::1")
    except OSError:
        pytest.skip("this machine has no ::1")
    with server:
        answered = carry_out(Case("http.get", (f"{PAGES}/",)), "wasmtime", server.host)
        assert answered.value == PAGE
        refused = Case("http.get", (f"{PAGES}/",), grants=("http=[::1]",))
        assert carry_out(refused, "wasmtime", server.host).calls[0].error == "EACCESS"


def test_the_world_is_asked_once(server: TestServer) -> None:
    """Frontier rule (STEPPING.md, Words; L6): going back and forth, and restarting, ask nothing."""
    text = (EXAMPLES / "fetch.wat").read_text("utf-8")
    url = f"http://{server.host}/?once"
    session = session_of(text, (url,), (f"http={server.host}",))
    asked = server.asked.count
    session.next()
    assert asked("GET /?once") == 0
    session.next()
    assert asked("GET /?once") == 1
    position = session.position
    session.back()
    session.back()
    session.next(2)
    assert session.position == position
    session.continue_()
    session.reverse_continue()
    session.continue_()
    session.restart()
    session.goto(12)
    assert session.outcome().results == (0,)
    assert run_native(session.program, session.settings, tape=session.outcome().calls).trap is None
    assert asked("GET /?once") == 1
    session.run()
    assert asked("GET /?once") == 1
    session.continue_()
    assert asked("GET /?once") == 2
    session.close()


# What a database file can be.


def absent(path: Path) -> None:
    """In a folder that is not there."""


def folder(path: Path) -> None:
    """A folder where the file should be."""
    path.mkdir(parents=True)


def damaged(path: Path) -> None:
    """Not a database at all."""
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)


def foreign(path: Path) -> None:
    """A table of the same name that is another program's."""
    made(path, "create table kv (other text)")


def locked(path: Path) -> sqlite3.Connection:
    """Another program is writing to it."""
    other = made(path, "create table kv (key text primary key, value text not null)")
    other.execute("begin exclusive")
    return other


def bytes_inside(path: Path) -> None:
    """A value that is no UTF-8."""
    made(path, "create table kv (key text primary key, value text not null)").execute(
        "insert into kv values ('key', cast(x'ff' as text))"
    )


def made(path: Path, statement: str) -> sqlite3.Connection:
    """A database on which a statement was executed."""
    path.parent.mkdir(exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    return connection


BROKEN: dict[str, tuple[Callable[[Path], sqlite3.Connection | None], str]] = {
    "missing folder": (absent, "EIO"),
    "a folder": (folder, "EIO"),
    "damaged": (damaged, "EIO"),
    "foreign": (foreign, "EIO"),
    "locked": (locked, "ETIMEDOUT"),
    "not UTF-8": (bytes_inside, "EUTF8"),
}


KV_CALLS: dict[str, tuple[Argument, ...]] = {
    "kv.get": ("key",),
    "kv.set": ("key", "value"),
    "kv.del": ("key",),
}


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("broken", BROKEN)
def test_a_database_that_cannot_be_used(executor: str, broken: str, tmp_path: Path) -> None:
    """An error that the program can act on, for each function that meets it."""
    prepare, error = BROKEN[broken]
    path = tmp_path / "folder" / "kept.db"
    other = prepare(path)
    for function, arguments in KV_CALLS.items():
        if broken == "not UTF-8" and function != "kv.get":
            continue
        case = Case(function, arguments, grants=(f"kv={path}",), limits=IMPATIENT)
        assert carry_out(case, executor).calls[0].error == error, function
    if other:
        other.close()


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_database_keeps_and_shares(executor: str, tmp_path: Path) -> None:
    """What one run sets the next one gets, also in a file that another program filled."""
    grants = (f"kv={tmp_path / 'kept.db'}",)
    assert carry_out(Case("kv.set", ("k", "välue"), grants=grants), executor).results == (0,)
    assert carry_out(Case("kv.get", ("k",), grants=grants), executor).value == "välue"
    with sqlite3.connect(tmp_path / "kept.db") as other:
        other.execute("insert into kv values ('n', 7)")
        assert other.execute("select value from kv where key = 'k'").fetchone() == ("välue",)
    other.close()
    assert carry_out(Case("kv.get", ("n",), grants=grants), executor).value == "7"
    assert carry_out(Case("kv.del", ("k",), grants=grants), executor).results == (0,)
    assert carry_out(Case("kv.del", ("k",), grants=grants), executor).calls[0].error == "ENOENT"


def test_memory_for_keys_has_a_limit() -> None:
    """ELIMIT, rather than all the memory of the machine."""
    text = """(local $n i32) (local $e i32) (local $v i32) (local $k i32)
    (call $sys.alloc (i32.const 1000000)) (local.set $e) (local.set $v)
    (call $sys.alloc (i32.const 8)) (local.set $e) (local.set $k)
    (i32.store (local.get $v) (i32.const 999990))
    (i32.store (local.get $k) (i32.const 4))
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (i32.store (i32.add (local.get $k) (i32.const 4)) (local.get $n))
      (local.set $e (call $kv.set (local.get $k) (local.get $v)))
      (br_if $l (i32.and (i32.eq (local.get $e) (i32.const 0))
        (i32.lt_s (local.get $n) (i32.const 100)))))
    (local.get $e)"""
    outcome = EXECUTORS["wasmtime"](program_of(text), RunSettings((), parse_grants(["kv"])))
    assert outcome.calls[-1].error == "ELIMIT"
    assert len(outcome.calls) > 60


def test_a_file_that_may_only_be_read() -> None:
    """`kv.get` works, `kv.set` and `kv.del` are EACCESS."""
    with tempfile.TemporaryDirectory() as folder_:
        path = Path(folder_, "kept.db")
        made(path, "create table kv (key text primary key, value text not null)").close()
        path.chmod(0o444)
        path.parent.chmod(0o555)
        with unprivileged(Path(folder_)):
            errors = [
                carry_out(Case(name, arguments, grants=(f"kv={path}",)), "wasmtime").calls[0].error
                for name, arguments in KV_CALLS.items()
            ]
    assert errors == ["ENOENT", "EACCESS", "EACCESS"]


@contextmanager
def unprivileged(folder_: Path) -> Iterator[None]:
    """As a user whom the mode of a file keeps from something, who may enter `folder_`."""
    folder_.chmod(0o755)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)

"""The host's contract (LANGUAGE.md 6): decoding, errors, the heap, and real HTTP and SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.stepping import program_of
from watstep.cli.demo_server import PAGE, DemoServer
from watstep.host.errors import ErrorCode, error_name
from watstep.host.grants import parse_grants
from watstep.host.live import LimitReachedError, LiveHost, replay
from watstep.host.settings import RunLimits, RunSettings
from watstep.host.tape import HostCall
from watstep.wasm.types import PAGE_SIZE

MODULE = program_of('(module (memory (export "memory") 1))').module


class Bytes:
    """A memory of plain bytes."""

    def __init__(self, pages: int = 1) -> None:
        """All zero."""
        self.content = bytearray(pages * PAGE_SIZE)

    def size(self) -> int:
        """In bytes."""
        return len(self.content)

    def read(self, address: int, length: int) -> bytes:
        """Bytes that lie inside it."""
        return bytes(self.content[address : address + length])

    def write(self, address: int, content: bytes) -> None:
        """Put bytes that lie inside it."""
        self.content[address : address + len(content)] = content

    def grow(self, pages: int) -> bool:
        """Always possible."""
        self.content += bytes(pages * PAGE_SIZE)
        return True


class Bench:
    """A host with a memory, called with texts."""

    def __init__(self, *grants: str, limits: RunLimits | None = None, arguments: str = "") -> None:
        """Grants as the command line writes them."""
        given = tuple(arguments.split())
        self.settings = RunSettings(given, parse_grants(grants), limits or RunLimits())
        self.host, self.memory = LiveHost(MODULE, self.settings), Bytes()

    def call(self, name: str, *arguments: int | str | bytes) -> HostCall:
        """One call; texts are put at 1024, 2048, ..."""
        words = []
        for index, value in enumerate(arguments, 1):
            if isinstance(value, int):
                words.append(value)
                continue
            content = value.encode() if isinstance(value, str) else value
            self.memory.write(1024 * index, len(content).to_bytes(4, "little") + content)
            words.append(1024 * index)
        return self.host.call(name, tuple(words), self.memory, None)


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """A real server on loopback."""
    with DemoServer() as running:
        yield running


def test_error_names() -> None:
    """The twelve codes."""
    assert [error_name(code) for code in range(13)] == [
        *(None, "EINVAL", "ENOENT", "EACCESS", "ENOMEM", "ETIMEDOUT", "ENET"),
        *("EHTTP", "ETOOBIG", "EUTF8", "EIO", "ELIMIT", None),
    ]


def test_arguments_come_as_texts() -> None:
    """`argv` puts text values on the heap, 16-aligned, and ENOENT is beyond the last."""
    bench = Bench(arguments="one zwölf")
    assert bench.call("sys.argc").results[0].value == 2
    pointers = [bench.call("sys.argv", index).results[0] for index in (0, 1)]
    assert [pointer.text for pointer in pointers] == ["one", "zwölf"]
    assert all(pointer.value % 16 == 0 for pointer in pointers)
    assert bench.memory.read(pointers[1].value, 10) == b"\x06\0\0\0" + "zwölf".encode()
    assert [bench.call("sys.argv", index).error for index in (2, 2**32 - 1)] == ["ENOENT"] * 2


@pytest.mark.parametrize("pointer", [0, PAGE_SIZE - 3, PAGE_SIZE, 2**32 - 1])
def test_bad_pointers(pointer: int) -> None:
    """EINVAL where an error can be answered, else a trap that names the call."""
    bench = Bench("kv")
    assert bench.call("kv.get", pointer).error == "EINVAL"
    trap = bench.call("dbg.log", pointer).trap
    assert trap is not None
    assert "dbg.log" in trap


def test_length_past_the_end() -> None:
    """A text that runs past the end of memory is no text."""
    bench = Bench("kv")
    bench.memory.write(64, (PAGE_SIZE - 67).to_bytes(4, "little"))
    assert bench.call("kv.get", 64).error == "EINVAL"
    bench.memory.write(64, (PAGE_SIZE - 68).to_bytes(4, "little"))
    assert bench.call("kv.get", 64).error == "ENOENT"


def test_not_utf8() -> None:
    """EUTF8 where strict, replacement characters for `resv` and `dbg.log`."""
    bench = Bench("kv")
    assert bench.call("kv.get", b"\xff").error == "EUTF8"
    assert bench.call("dbg.log", b"a\xff").log == "a\ufffd"
    assert bench.call("sys.resv", b"a\xff").result_value == "a\ufffd"


def test_heap_leaves_the_programs_pages_alone() -> None:
    """LANGUAGE.md 4: after the program grew the memory, allocations begin behind its pages."""
    bench = Bench()
    first = bench.call("sys.alloc", 16).results[0].value
    bench.memory.grow(1)
    assert bench.call("sys.alloc", 16).results[0].value == first + 16
    assert bench.call("sys.alloc", PAGE_SIZE).results[0].value == 2 * PAGE_SIZE


def test_limits() -> None:
    """ENOMEM, ETOOBIG, and the two limits that end the run."""
    limits = RunLimits(memory_pages=2, answer_bytes=3, host_calls=5, log_bytes=8)
    bench = Bench(limits=limits, arguments="four")
    assert bench.call("sys.alloc", 5 * PAGE_SIZE).error == "ENOMEM"
    assert bench.call("sys.alloc", 2**32 - 1).error == "EINVAL"
    assert bench.call("sys.argv", 0).error == "ETOOBIG"
    assert bench.call("dbg.log", "12345678").log == "12345678"
    with pytest.raises(LimitReachedError):
        bench.call("dbg.i32", 1)
    bench.host.made = limits.host_calls
    with pytest.raises(LimitReachedError):
        bench.call("sys.argc")


def test_replay_needs_no_world() -> None:
    """A recorded call does the same to another memory."""
    bench = Bench(arguments="one two")
    calls = (bench.call("sys.alloc", PAGE_SIZE), bench.call("sys.argv", 0))
    other = Bench(arguments="one two")
    for call in calls:
        assert replay(call, other.memory) == tuple(item.value for item in call.results)
    assert other.memory.content == bench.memory.content


def test_kv_stays_in_its_file(tmp_path: Path) -> None:
    """Set, get, delete; another host on the same file sees it, one in memory does not."""
    path = tmp_path / "kept.db"
    bench = Bench(f"kv={path}")
    assert bench.call("kv.set", "k", "välue").results[0].value == ErrorCode.OK
    bench.host.close()
    again = Bench(f"kv={path}")
    assert again.call("kv.get", "k").results[0].text == "välue"
    assert Bench("kv").call("kv.get", "k").error == "ENOENT"
    assert again.call("kv.del", "k").error is None
    assert again.call("kv.del", "k").error == "ENOENT"
    again.host.close()
    assert Bench(f"kv={tmp_path}").call("kv.get", "k").error == "EIO"


def test_http_answers(server: DemoServer) -> None:
    """A page, a redirect, and an error whose body comes along."""
    bench = Bench(f"http={server.host}")
    assert bench.call("http.status").results[0].value == 0
    assert bench.call("http.get", server.url).results[0].text == PAGE
    assert bench.call("http.get", server.url + "redirect").results[0].text == PAGE
    assert bench.call("http.post", server.url, "bödy", "text/plain").results[0].text == "bödy"
    missing = bench.call("http.get", server.url + "missing")
    assert missing.error == "EHTTP"
    assert missing.results[0].text
    assert bench.call("http.status").results[0].value == 404
    bench.host.close()


@pytest.mark.parametrize(
    ("path", "error"), [("huge", "ETOOBIG"), ("bytes", "EUTF8"), ("slow", "ETIMEDOUT")]
)
def test_http_errors(server: DemoServer, path: str, error: str) -> None:
    """What an answer can do wrong."""
    bench = Bench(f"http={server.host}", limits=RunLimits(seconds=0.5))
    assert bench.call("http.get", server.url + path).error == error
    bench.host.close()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("ftp://good.test/", "EINVAL"),
        ("no url", "EINVAL"),
        ("http://good.test:99999/", "EINVAL"),
        ("http://me:pw@good.test/", "EACCESS"),
        ("http://other.test/", "EACCESS"),
        ("http://good.test:8080/", "EACCESS"),
        ("http://x.good.test.other.test/", "EACCESS"),
        ("http://127.0.0.1\\x.good.test/", "EINVAL"),
        ("http://127.0.0.1\t.good.test/", "EINVAL"),
    ],
)
def test_http_scope(url: str, error: str) -> None:
    """Nothing outside the scope is asked, whichever way a URL is written."""
    assert Bench("http=good.test,*.good.test").call("http.get", url).error == error


def test_http_nobody_listens(server: DemoServer) -> None:
    """ENET for a port that nobody listens on; EACCESS without any scope."""
    with DemoServer() as gone:
        host, url = gone.host, gone.url
    bench = Bench(f"http={host}")
    assert bench.call("http.get", url).error == "ENET"
    assert Bench("http").call("http.get", server.url).error == "EACCESS"

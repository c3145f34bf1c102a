"""The host's contract (LANGUAGE.md 4, 6): texts, the heap, limits, and what a record repeats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from tests.engine.executors import EXECUTORS
from tests.engine.stepping import program_of
from watstep.host.catalog import FUNCTIONS
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


@pytest.mark.parametrize("executor", EXECUTORS)
def test_heap_of_a_run(executor: str) -> None:
    """LANGUAGE.md 4: after the data, 16-aligned, growing; past the pages that the program grew."""
    alloc = "(call $sys.alloc (i32.const {})) (local.set $e) (call $dbg.i32)"
    steps = [alloc.format(n) for n in (1, 17, 65536)]
    steps += ["(local.set $e (memory.grow (i32.const 2)))", alloc.format(16), alloc.format(131072)]
    text = (
        '(local $e i32) (call $dbg.log "12345") ' + " ".join(steps) + " (memory.grow (i32.const 0))"
    )
    outcome = EXECUTORS[executor](program_of(text), RunSettings())
    # The text takes 16 to 25; the third one grows the memory to two pages, of which 96 to 131072
    # minus what it took stay the host's own; the last one needs pages beyond the program's two.
    first, second, third, fourth, fifth = outcome.log[1:]
    assert (first, second, third) == (32, 48, 80)
    assert fourth == 80 + 65536
    assert fifth == 4 * PAGE_SIZE
    assert outcome.results == (6,)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_what_the_program_keeps_is_never_overwritten(executor: str) -> None:
    """LANGUAGE.md 4: a pattern in the pages that the program grew outlives the host's texts."""
    text = """(local $e i32) (local $p i32) (local $base i32)
    (local.set $base (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)))
    (i32.store (local.get $base) (i32.const 1234567))
    (loop $l (call $sys.argv (i32.const 0)) (local.set $e) (local.set $p)
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (br_if $l (i32.lt_s (local.get $p) (i32.const 400000))))
    (i32.load (local.get $base))"""
    outcome = EXECUTORS[executor](program_of(text), RunSettings(("x" * 30000,)))
    assert outcome.results == (1234567,)
    pages = {call.results[0].value // PAGE_SIZE for call in outcome.calls}
    assert 1 not in pages
    assert max(pages) > 4


WORDS = st.one_of(
    st.integers(0, (1 << 32) - 1),
    st.integers(0, PAGE_SIZE),
    st.integers(PAGE_SIZE - 8, PAGE_SIZE + 8),
)
INSIDE = sorted(name for name in FUNCTIONS if not name.startswith("http."))


@settings_of(max_examples=1000, deadline=None)
@given(name=st.sampled_from(INSIDE), words=st.lists(WORDS, min_size=3, max_size=3), data=st.data())
def test_any_call_on_any_memory(name: str, words: list[int], data: st.DataObject) -> None:
    """It answers or traps, writes into its own heap alone, and is repeated by its record."""
    bench, count = Bench("kv", arguments="one two"), len(FUNCTIONS[name].parameters)
    for word in words[:count]:
        place = min(word, PAGE_SIZE - 64)
        bench.memory.write(place, data.draw(st.binary(max_size=32)))
    before = Bytes()
    before.content[:] = bench.memory.content
    start = bench.host.heap
    call = bench.host.call(name, tuple(words[:count]), bench.memory, None)
    assert (call.trap is None) or not FUNCTIONS[name].can_answer_error
    assert all(w.address >= start and w.address % 16 == 0 for w in call.writes)
    assert call.error is None or call.results[-1].value == ErrorCode[call.error]
    replay(call, before)
    assert before.content == bench.memory.content

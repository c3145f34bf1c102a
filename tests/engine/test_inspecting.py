"""What commands say of memory, host and trace at an instant, and what is said beside the code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.stepping import session_of
from watstep.debug.commands.table import execute
from watstep.debug.finding import in_trace
from watstep.debug.session import Session
from watstep.debug.state import Level, Said, TraceRow
from watstep.debug.tracing import Filter
from watstep.errors import CommandError

STORE = """(local $e i32)
(local.set $e (call $kv.set "name" "Ada"))
(check $e)
(local.set $e (call $kv.set "name" "Eve"))
(check $e)
(local.set $e (call $kv.del "name"))
(check $e)
(call $sys.resv "done")
(i32.const 0)
"""

BRANCHES = """(local $n i32) (local $sum i32)
(local.set $n (i32.const 2))
(if (i32.eq (local.get $n) (i32.const 2))
  (then (local.set $sum (i32.const 7)))
  (else (local.set $sum (i32.const 8))))
(block $out
  (br_if $out (local.get $sum))
  (local.set $sum (i32.const 9)))
(local.get $sum)
"""


def store_session() -> Session:
    """A run that stands at its end."""
    session = session_of(STORE, grants=("kv",))
    session.finish()
    session.goto(session.timeline.frontier)
    return session


def test_the_host_goes_back_with_the_instant() -> None:
    """STEPPING.md L6: store, result and heap belong to the instant, whichever way one comes."""
    session = store_session()
    instants = [call.instant for call in session.calls()]
    wanted: list[object] = [{"name": "Ada"}, {"name": "Eve"}, {"name": None}, {"name": None}]
    for way in (1, -1):
        for instant, store in list(zip(instants, wanted, strict=True))[::way]:
            assert instant is not None
            session.goto(instant)
            assert execute(session, "host").result["store"] == store
            assert execute(session, "host").result["value"] == (
                "done" if instant == instants[-1] else None
            )
    session.goto(0)
    assert execute(session, "host").result["store"] == {}
    assert "kv" not in execute(session, "host").text


def test_memory_says_whose_bytes_they_are() -> None:
    """STEPPING.md L2: rows of bytes with the string that they are of, by its form."""
    session = store_session()
    reply = execute(session, "memory 16 8")
    assert reply.result == {"address": 16, "bytes": b"\4\0\0\0name".hex()}
    assert '2:29 "name"' in reply.text
    assert execute(session, "memory 8 + 8 4").result["address"] == 16
    for refused in ("memory", "memory 65536", "memory text[16]", "memory $nope"):
        with pytest.raises(CommandError):
            execute(session, refused)


def test_the_trace_is_what_ran() -> None:
    """One row an instruction, the stack after it; the span of instants is given or before here."""
    session = session_of(BRANCHES)
    session.goto(6)
    rows = execute(session, "trace").result
    assert [row["instant"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row["stack"] for row in rows] == [[2], [], [2], [2, 2], [1], []]
    assert rows == execute(session, "trace 1 6").result
    for refused in ("trace x", "trace 1 2 3", "trace 1 100000", "trace -1"):
        with pytest.raises(CommandError):
            execute(session, refused)


@pytest.mark.parametrize("way", ["forwards", "backwards"])
def test_values_stand_beside_the_code(way: str) -> None:
    """STEPPING.md L3: what ran last set, what runs next reads, how the branch went."""
    session = session_of(BRANCHES)
    seen: list[tuple[int, set[tuple[Said, str, int]], list[str]]] = []

    def look() -> None:
        state = session.state()
        said = {(remark.said, remark.name, remark.value) for remark in state.remarks}
        text = session.program.source.text
        arms = [text[arm.source.start : arm.source.end] for arm in state.skipped if arm.source]
        seen.append((state.position.instant, said, arms))

    if way == "forwards":
        look()
        while session.step().moved:
            look()
    else:
        session.finish()
        session.goto(session.timeline.frontier)
        look()
        while session.back().moved:
            look()
        seen.reverse()
    other, seven = "(local.set $sum (i32.const 8))", (Said.READS, "$sum", 7)
    assert seen == [
        (0, set(), []),
        (2, {(Said.WROTE, "$n", 2), (Said.READS, "$n", 2)}, []),
        (6, {(Said.TAKEN, "", 0)}, [other]),
        (8, {(Said.WROTE, "$sum", 7)}, []),
        (9, {seven}, []),
        (11, {(Said.TAKEN, "", 0), seven}, []),
        (12, set(), []),
    ]


def test_a_macro_that_was_left_counts_as_one() -> None:
    """What a macro call set stands beside it; its own branch is told in the expansion alone."""
    session = session_of("(argv 0 $who) (resv $who) (i32.const 0)", ("Ada",))
    session.step()
    session.out()
    state = session.state()
    wrote = {remark.name for remark in state.remarks if remark.said is Said.WROTE}
    assert wrote == {"$who", "$who.err"}
    branch = next(remark for remark in state.remarks if remark.said is Said.NOT_TAKEN)
    assert branch.source is None
    assert all(arm.source is None for arm in state.skipped)


def test_a_trap_names_what_it_was_given() -> None:
    """STEPPING.md S11: the operands lie on the stack, each with where it came from."""
    session = session_of("(local $n i32) (i32.div_s (i32.const 84) (local.get $n))")
    session.continue_()
    text = execute(session, "state").text
    assert "84 / 0" in text
    assert "84  from 1:27 (i32.const 84)" in text
    assert "0  from 1:42 (local.get $n)" in text


def test_find_and_decode() -> None:
    """Texts and numbers are found where they stand; an address is read in every way."""
    session = store_session()
    assert execute(session, "find name").result == [20]
    assert execute(session, 'find "name"').result == [20]
    assert 16 in execute(session, "find 4").result
    assert execute(session, "find nowhere").result == []
    value = execute(session, "decode 16").result
    assert value == {"address": 16, "i32": 4, "bytes": "04000000", "text": "name"}
    assert execute(session, "decode 20").result["text"] is None
    for refused in ("find", 'find ""', "decode", "decode 65534"):
        with pytest.raises(CommandError):
            execute(session, refused)


def test_the_trace_is_searched_both_ways_round() -> None:
    """An instruction's text leads to the next instant that ran it, and to the one before."""
    session = session_of(BRANCHES)
    session.finish()
    rows = session.trace(1, session.timeline.frontier)
    wanted = [row.instant for row in rows if "local.set" in row.text]
    assert len(wanted) > 1
    for index, instant in enumerate(wanted):
        following = wanted[(index + 1) % len(wanted)]
        assert in_trace(session, "LOCAL.SET", instant, before=False) == following
        assert in_trace(session, "local.set", following, before=True) == instant
    assert in_trace(session, "i32.mul", 1, before=False) is None


EFFECTS = """(local $i i32)
(local.set $i (i32.const 7))
(i32.store8 offset=2 (i32.const 40) (i32.const 258))
(call $dbg.log "seen")
(i32.const -1)
"""


def effects_session() -> Session:
    """A run that sets, stores and calls, made to its end."""
    session = session_of(f";; profile: core\n{EFFECTS}")
    session.finish()
    return session


def test_a_row_of_the_trace_says_what_was_written() -> None:
    """Locals, memory and host calls, for the prompt in words and for JSON as values."""
    session = effects_session()
    told = execute(session, f"trace 1 {session.timeline.frontier}")
    found = [(row["text"], row["effects"]) for row in told.result]
    assert found[1] == ("(local.set $i)", [{"local": "$i", "value": 7}])
    assert found[4] == ("(i32.store8 offset=2)", [{"address": 42, "bytes": "02"}])
    assert told.result[6]["effects"][0]["call"]["function"] == "dbg.log"
    assert [len(effects) for _, effects in found].count(1) == 3
    lines = told.text.splitlines()
    assert lines[1].endswith("$i = 7")
    assert lines[4].endswith("memory[42] = 02")
    assert "dbg.log → " in lines[6]


def test_a_statement_of_the_trace_says_all_that_it_did() -> None:
    """Its text on one line, and what ran up to the next statement."""
    session = effects_session()
    session.goto(0)
    told = execute(session, "filter statements").text.splitlines()
    assert "(local.set $i (i32.const 7))" in told[0]
    assert told[0].startswith("▶       0  ")
    wanted = ["$i = 7", "memory[42] = 02", "dbg.log → -"]
    assert [line.split("]  ")[-1].strip() for line in told[:3]] == wanted


def test_the_trace_is_filtered_bit_by_bit() -> None:
    """Only rows that match are told, those that begin a statement too; the state stays."""
    session = session_of(BRANCHES)
    session.finish()
    end = session.timeline.frontier
    rows = session.trace(1, end)
    wanted = [row.instant for row in rows if "local.set" in row.text]
    found = Filter(session.timeline, "LOCAL.set")
    assert not found.found().whole
    while found.search():
        pass
    assert [*found.instants] == wanted
    assert found.found() == ("LOCAL.set", found.instants, len(wanted), end, True)
    assert [row.instant for row in session.tracer.at(found.instants)] == wanted
    session.goto(wanted[0])
    result = execute(session, "filter local.set").result
    assert [row["instant"] for row in result] == wanted[1:]
    session.goto(0)
    begun = [row["instant"] for row in execute(session, "filter statements").result]
    session.level = Level.EXPANSION
    stops = [0]
    while session.step().moved:
        stops.append(session.position.instant)
    assert begun == stops[:-1]
    none = Filter(session.timeline, "f64.nearest")
    assert none.search()
    assert none.found().whole
    with pytest.raises(CommandError):
        execute(session, "filter")


def test_the_trace_is_written_to_a_file(tmp_path: Path) -> None:
    """As text and as JSON lines, whole or a stretch; never over a file, nothing when cut short."""
    session = effects_session()
    end = session.timeline.frontier
    text, lines = tmp_path / "run.txt", tmp_path / "run.jsonl"
    assert execute(session, f"export {text}").text == f"{end} instructions written to {text}"
    assert len(text.read_text().splitlines()) == end
    execute(session, f"export 2 3 {lines}")
    told = execute(session, "trace 2 3").result
    assert [json.loads(line) for line in lines.read_text().splitlines()] == told
    assert "export" not in session.script
    for refused in (f"export {text}", "export", f"export {end + 1} {tmp_path / 'x'}"):
        with pytest.raises(CommandError):
            execute(session, refused)
    step = session.tracer.rows

    def interrupted(first: int, last: int) -> Iterator[TraceRow]:
        for row in step(first, last):
            session.interrupt()
            yield row

    session.tracer.rows = interrupted  # type: ignore[method-assign]
    with pytest.raises(CommandError, match="was not written"):
        execute(session, f"export {tmp_path / 'cut.txt'}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.jsonl", "run.txt"]

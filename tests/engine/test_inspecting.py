"""What commands say of memory, host and trace at an instant, and what is said beside the code."""

from __future__ import annotations

import pytest

from tests.engine.stepping import session_of
from watstep.debug.commands.table import execute
from watstep.debug.finding import in_trace
from watstep.debug.session import Session
from watstep.debug.state import Said
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

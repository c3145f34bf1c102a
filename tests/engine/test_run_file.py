"""DESIGN.md 4: a run file is read whole or refused with the line that is wrong."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.run_files import KEEP, changed, content, file_of, made, records_of
from watstep.debug.commands.table import execute
from watstep.debug.keeping import made_run
from watstep.debug.opening import session_on, take_up
from watstep.debug.session import Session
from watstep.debug.state import Level, StopReason
from watstep.errors import CommandError
from watstep.host.settings import RunLimits
from watstep.machine.outcome import Trap, TrapKind
from watstep.runfile.comparing import Difference, replay_run, replay_text
from watstep.runfile.format import RECORDS
from watstep.runfile.reading import RunFile, RunFileError, read_run
from watstep.runfile.writing import MadeRun, run_text


def read(file: bytes) -> RunFile:
    """A run file that is right."""
    return read_run("made.run", file)


def refusal(file: bytes) -> str:
    """What is said of one that is not."""
    with pytest.raises(RunFileError) as refused:
        read(file)
    return str(refused.value)


def test_what_is_written_is_read() -> None:
    """Program, arguments, grants, limits, tape and outcome come back."""
    run, kept = made(KEEP, "one", "two"), read(content())
    assert kept.program.source.text == KEEP
    assert kept.settings == run.settings
    # A duration is kept to the microsecond.
    seconds = [call.seconds for call in kept.tape]
    tape = tuple(replace(c, seconds=s) for c, s in zip(run.outcome.calls, seconds, strict=True))
    assert kept.tape == tape
    assert kept.ending.results == run.outcome.results
    assert (kept.ending.value, kept.ending.steps) == ("one", run.outcome.steps)
    assert (kept.executor, kept.redacted, kept.notes) == ("machine", 0, ())


def test_every_field_is_in_the_table() -> None:
    """A file has exactly the fields of the table, and every field is missed where it is not."""
    fields = {record.name: {field.name for field in record.fields} for record in RECORDS}
    for number, record in enumerate(records_of(content()), 1):
        assert set(record) - {"record"} == fields[record["record"]]
        for name in fields[record["record"]] - {"format", "digest"}:
            said = refusal(changed(number, lambda found, name=name: found.pop(name)))  # type: ignore[misc]
            assert said.startswith(f"made.run: line {number}: `{name}` is missing")


WHOLE = content()
LINES = WHOLE.count(b"\n")


def with_lines(*lines: dict[str, Any]) -> bytes:
    """A run file with records before its outcome."""
    records = records_of(WHOLE)
    return file_of([*records[:-1], *lines, records[-1]])


CHANGE = {
    "record": "change", "where": "local", "at": 0, "frame": 0, "value": 1, "base64": "",
}  # fmt: skip
BROKEN: dict[str, tuple[bytes, int, str]] = {
    # (file, line, what is said)
    "empty": (b"", 1, "the file is empty"),
    "a program": (b"(i32.const 1)", 1, "this is no run file"),
    "another JSON": (b'{"records": []}\n', 1, "this is no run file"),
    "not UTF-8": (WHOLE.replace(b"kv.set", b"kv.\xff", 1), 1, "not UTF-8"),
    "not UTF-8, later": (WHOLE.replace(b'"index": 1', b'"index": \xff'), 3, "not UTF-8"),
    "no last line": (
        WHOLE[: WHOLE[:-1].rindex(b"\n") + 1],
        LINES - 1,
        "the file ends here, before the outcome: it was cut short",
    ),
    "half a line": (WHOLE[:-20], LINES, "the file ends in this line: it was cut short"),
    "a line missing": (
        b"".join(line for line in WHOLE.splitlines(keepends=True) if b'"index": 2' not in line),
        4,
        "call 3 stands where call 2 is due",
    ),
    "a character": (WHOLE.replace(b'"one"', b'"two"', 1), 1, "its `sum` is not that of the line"),
    "a blank line": (WHOLE.replace(b"\n", b"\n\n", 1), 2, "this is not one JSON object"),
    "a list": (WHOLE.replace(b"\n", b"\n[]\n", 1), 2, "this is not one JSON object"),
    "deep": (WHOLE.replace(b"\n", b"\n" + b"[" * 100_000 + b"\n", 1), 2, "not one JSON object"),
    "a newer format": (
        changed(1, lambda record: record.update(format=7, watstep="9.1", more=1)),
        1,
        "the file has format 7, written by watstep 9.1; this is watstep",
    ),
    "no first record": (file_of(records_of(WHOLE)[1:]), 1, "the first record is `run`"),
    "an unknown record": (
        changed(3, lambda record: record.update(record="cal")),
        3,
        "there is no record `cal`; the nearest is `call`",
    ),
    "a field too many": (changed(2, lambda r: r.update(x=1)), 2, "`x` is no field of it"),
    "a wrong number": (
        changed(2, lambda record: record.update(pages="one")),
        2,
        "`pages` must be a whole number from 0 to 65536",
    ),
    "a wrong item": (
        changed(2, lambda record: record["arguments"][1].update(value=1 << 40)),
        2,
        "`arguments[1].value` must be a signed i32",
    ),
    "a wrong word": (
        changed(2, lambda record: record.update(origin="made up")),
        2,
        "`origin` must be one of `live`, `recorded`, `typed`, `edited`",
    ),
    "no base64": (
        changed(3, lambda record: record["writes"][0].update(base64="???")),
        3,
        "`writes[0].base64` must be bytes in base64",
    ),
    "past the memory": (
        changed(3, lambda record: record["writes"][0].update(address=65536)),
        3,
        "`writes` goes past the end of the memory at address 65536",
    ),
    "too many pages": (
        changed(3, lambda record: record.update(pages=300)),
        3,
        "`pages` is 300, the memory of this run has 256 at most",
    ),
    "no host function": (
        changed(2, lambda record: record.update(function="fs.read")),
        2,
        "there is no host function `fs.read`",
    ),
    "too few results": (
        changed(2, lambda record: record.update(results=[])),
        2,
        "`kv.set` gives 1 result, not 0",
    ),
    "too few arguments": (
        changed(2, lambda record: record["arguments"].pop()),
        2,
        "`kv.set` takes 2 arguments, `arguments` has 1",
    ),
    "a broken program": (
        changed(1, lambda record: record.update(program="(i32.const")),
        1,
        "does not accept the program",
    ),
    "no grant": (
        changed(1, lambda record: record.update(grants={})),
        1,
        "the program of this run cannot start: `kv.set` needs the capability",
    ),
    "a command that is no breakpoint": (
        with_lines({"record": "breakpoint", "command": "run"}),
        LINES,
        "`command` must be a command line of `break`",
    ),
    "changes out of order": (
        with_lines(*({**CHANGE, "instant": instant} for instant in (7, 3))),
        LINES + 1,
        "this change is before the one above it",
    ),
    "two positions": (
        with_lines(*[{"record": "position", "instant": 1, "level": "source"}] * 2),
        LINES + 1,
        "a record `position` may not stand here",
    ),
    "two outcomes": (file_of([*records_of(WHOLE), records_of(WHOLE)[-1]]), LINES, "may not stand"),
    "a lone surrogate": (
        changed(1, lambda record: record.update(program=";; \ud800\n(i32.const 1)")),
        1,
        "`program` must be a text",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_damaged_file_is_refused(name: str) -> None:
    """With the line that is wrong, what is wrong in it, and what to do."""
    file, line, says = BROKEN[name]
    said = refusal(file)
    assert said.startswith(f"made.run: line {line}: ")
    assert says in said


def test_line_ends_do_not_count() -> None:
    """A transfer that makes CRLF of them, or an editor that takes the last, changes nothing."""
    assert read(WHOLE.replace(b"\n", b"\r\n")).ending == read(WHOLE).ending
    assert read(WHOLE.removesuffix(b"\n")).ending == read(WHOLE).ending


def read_or_refuse(file: bytes) -> RunFile | None:
    """A run file, None where it is refused with a line that it has."""
    try:
        return read(file)
    except RunFileError as refused:
        if not 1 <= refused.line <= file.count(b"\n") + 1:
            raise AssertionError(f"there is no line {refused.line}") from refused
        return None


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_change_of_bytes_is_a_traceback(data: st.DataObject) -> None:
    """A file with bytes changed, cut out or put in is the same run, or refused."""
    at = data.draw(st.integers(0, len(WHOLE)))
    size = data.draw(st.integers(0, 400))
    inside = data.draw(st.binary(max_size=20) | st.sampled_from((b"\n", b"{}", b'"', b"9" * 5000)))
    mutated = WHOLE[:at] + inside + WHOLE[at + size :]
    found = read_or_refuse(mutated)
    assert found is None or found.ending == read(WHOLE).ending


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 70), 1 << 70) | st.text(max_size=8)
    | st.floats() | st.sampled_from(("kv.get", "dbg.log", "AAAA", "\ud800", "returned")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)  # fmt: skip


@given(st.integers(0, LINES - 1), st.randoms(use_true_random=False), JUNK)
@settings(max_examples=200, deadline=None)
def test_no_value_is_a_traceback(number: int, choice: random.Random, junk: Any) -> None:
    """A record with another value, whose sums are right, is refused or can be replayed."""
    records = records_of(WHOLE)
    place: Any = records[number]
    key: Any = choice.choice(sorted(place))
    while isinstance(place[key], dict | list) and place[key] and choice.random() < 0.7:
        place = place[key]
        key = choice.choice(sorted(place) if isinstance(place, dict) else range(len(place)))
    place[key] = junk
    found = read_or_refuse(file_of(records))
    if found:
        found = replace(found, settings=replace(found.settings, limits=RunLimits(fuel=10_000)))
        assert replay_text(found, replay_run(found))


# What differs.


def parted(line: int, change: Callable[[dict[str, Any]], object], text: str = KEEP) -> Difference:
    """The first difference of a run whose file was changed."""
    found = replay_run(read(changed(line, change, text))).difference
    assert found
    return found


SUM = """(local $i i32) (local.set $i (i32.const 5))
(i32.store (i32.const 8) (local.get $i)) (local.get $i)"""


def test_the_first_difference_is_told() -> None:
    """A call's function, arguments or texts, then the facts of the end."""
    function = parted(7, lambda record: record.update(function="dbg.log"))
    assert function == Difference(
        "machine", "host call 5", 'dbg.log("one")', "sys.resv(48)", function.instant
    )
    argument = parted(6, lambda record: record["arguments"][0].update(value=3))
    assert (argument.recorded, argument.replayed) == ("dbg.i32(3)", "dbg.i32(2)")
    text = parted(2, lambda record: record["arguments"][1].update(text="two"))
    assert (text.recorded, text.replayed) == ('kv.set("a", "two")', 'kv.set("a", "one")')
    ends = {
        "results": ([7], "the results", "7", "5"),
        "steps": (3, "the instants", "3", "6"),
        "fuel": (3, "the fuel", "3", "7"),
        "memory_sha256": ("0" * 64, "the memory", "0" * 64, None),
    }
    for field, (value, what, recorded, replayed) in ends.items():
        found = parted(-1, lambda r, f=field, v=value: r.update({f: v}), SUM)  # type: ignore[misc]
        assert (found.what, found.recorded) == (what, recorded)
        assert replayed in {found.replayed, None}


def test_calls_too_many_and_too_few() -> None:
    """A tape that is longer or shorter than the run."""
    records = records_of(content())
    short = read(file_of([*records[:-2], records[-1]]))
    found = replay_run(short).difference
    assert found
    assert (found.what, found.recorded, found.replayed) == ("host call 6", "none", "kv.get(32)")
    again = {**records[-2], "index": 7}
    found = replay_run(read(file_of([*records[:-1], again, records[-1]]))).difference
    assert found
    assert (found.what, found.replayed) == ("host call 7", "the run returned before it")


def test_an_end_that_differs() -> None:
    """A run that trapped in the file and returns here."""
    trap = {"kind": "unreachable", "message": "x", "line": 1, "column": 1, "function": "$run"}
    found = parted(-1, lambda record: record.update(status="trapped", results=[], trap=trap), SUM)
    assert (found.what, found.recorded, found.replayed) == (
        "the end",
        "trapped: unreachable",
        "returned",
    )


def test_a_run_that_looks_at_its_secret_is_told_so() -> None:
    """What was covered is said where the run differs."""
    text = """;; profile: core
(local $p i32) (local.set $p "password=abcd")
(call $dbg.i32 (i32.load8_u (i32.add (local.get $p) (i32.const 13)))) (i32.const 0)"""
    kept = read(content(text))
    assert kept.redacted == 1
    said = replay_text(kept, replay_run(kept))
    assert "recorded  dbg.i32(97)\n  replayed  dbg.i32(42)\n" in said
    assert "1 secret of it covered by stars: a run that looks at one differs" in said


# Sessions.


def session_of(run: RunFile) -> Session:
    """The session on a run file, where it was kept."""
    session = session_on(run)
    assert take_up(session, run) == ()
    return session


def test_a_session_is_kept_and_taken_up() -> None:
    """It stands where it stood, at its level; a run that trapped at its trap, another at 0."""
    run = made(KEEP, "one", "two")
    first = session_of(read(content()))
    assert first.position.instant == 0
    first.level = Level.INSTRUCTION
    first.goto(5)
    first.add_breakpoint(Level.SOURCE, 3)
    first.add_breakpoint(Level.EXPANSION, 20)
    second = session_of(read(run_text(made_run(first)).text.encode()))
    assert (second.position.instant, second.level) == (5, Level.INSTRUCTION)
    assert second.timeline.end == run.outcome.steps
    assert second.breakpoints == first.breakpoints
    trapped = session_of(
        read(content(";; profile: core\n(call $dbg.i32 (i32.const 1)) (unreachable)"))
    )
    assert trapped.position.instant == trapped.timeline.end == 2


def test_a_timeline_with_changes_is_kept() -> None:
    """L7: changed values and typed answers; it is replayed on the machine, and taken up."""
    run = made(KEEP, "one", "two")
    first = Session(run.program, run.settings)
    for line in ("goto 5", "answer text two", "goto 8", "set $v 0", "goto end", "goto 9"):
        execute(first, line)
    file = run_text(made_run(first)).text.encode()
    kept = read(file)
    assert [change.instant for change in kept.changes] == [8]
    assert [call.origin.value for call in kept.tape[:2]] == ["live", "typed"]
    found = replay_run(kept)
    assert (found.difference, found.executors) == (None, ("machine",))
    assert found.skipped == {"wasmtime": "a value was changed by hand"}
    later = session_of(kept)
    assert later.position.instant == 9
    ends = [replace(each.timeline.outcome(), calls=()) for each in (later, first)]
    assert ends[0] == ends[1] != replace(run.outcome, calls=())
    assert read(run_text(made_run(later)).text.encode()).changes == kept.changes
    first.close()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"where": "local", "at": 9}, "there is no local 9 to change here"),
        ({"where": "stack", "at": 3}, "there is no stack 3 to change here"),
        ({"where": "stack", "frame": 5}, "there is no stack 0 to change here"),
        ({"where": "memory", "at": 70000, "base64": "AAAA"}, "there is no memory 70000"),
    ],
)
def test_a_change_of_what_is_not_there(change: dict[str, Any], says: str) -> None:
    """It is told where the run comes to it, in a replay and in a session."""
    plain = {"instant": 5, "at": 0, "frame": 0, "value": 1, "base64": ""}
    run = read(with_lines({"record": "change", **plain, **change}))
    with pytest.raises(CommandError, match=says):
        replay_run(run)
    with pytest.raises(CommandError, match=says):
        take_up(session_on(run), run)


def test_what_cannot_be_made_again_is_said() -> None:
    """A breakpoint on a line that the program has not; the rest is there."""
    run = read(
        with_lines(
            {"record": "breakpoint", "command": "break source 99"},
            {"record": "breakpoint", "command": "break source 3"},
        )
    )
    session = session_on(run)
    assert take_up(session, run) == ("`break source 99`: the source has no line 99",)
    assert [item.line for item in session.breakpoints] == [3]


def test_a_run_that_has_not_ended_is_kept_as_far_as_it_came() -> None:
    """No call is made for the sake of the file; it is replayed to the instant (S, Frontier)."""
    run = made(KEEP, "one", "two")
    live = Session(run.program, run.settings)
    live.goto(5)
    file = run_text(made_run(live)).text.encode()
    assert len(live.timeline.tape) == 1
    live.close()
    kept = read(file)
    assert (kept.ending.status, kept.ending.steps, len(kept.tape)) == ("unfinished", 5, 1)
    assert replay_run(kept).difference is None
    assert "kept before its end" in replay_text(kept, replay_run(kept))
    later = session_of(kept)
    assert (later.position.instant, later.timeline.frontier) == (5, 5)
    wrong = read(changed_last(file, fuel=99))
    assert replay_run(wrong).difference == Difference("machine", "the fuel", "99", "6", 5)


def changed_last(file: bytes, **fields: Any) -> bytes:
    """A run file with fields of its outcome changed."""
    records = records_of(file)
    records[-1].update(fields)
    return file_of(records)


@pytest.mark.parametrize("kind", [TrapKind.TIME, TrapKind.CANCELLED])
@pytest.mark.parametrize("steps", [500, None])
def test_a_run_that_was_stopped(kind: TrapKind, steps: int | None) -> None:
    """It is replayed to where it was stopped, or to its last call where only wasmtime knew."""
    text = '(call $dbg.log "a") (loop $l (br $l)) (i32.const 0)'
    run = made(text, limits=RunLimits(fuel=10_000))
    session = Session(run.program, run.settings)
    session.goto(500)
    stopped = made_run(session).outcome
    executor = "machine" if steps else "wasmtime"
    outcome = replace(stopped, trap=Trap(kind, "stopped"), steps=steps, executor=executor)
    kept = read(run_text(MadeRun(run.program, run.settings, outcome)).text.encode())
    assert kept.ending.memory_sha256 is None or steps
    found = replay_run(kept)
    assert found.difference is None
    assert found.skipped == {"wasmtime": f"the run was ended by its limit: {kind.value}"}
    later = session_of(kept)
    assert later.timeline.end == steps
    assert later.position.instant == (steps or 0)
    again = read(run_text(made_run(later)).text.encode())
    assert again.ending.trap == kept.ending.trap


def test_a_run_of_a_file_is_never_made_live() -> None:
    """What it was granted, nobody granted here."""
    session = session_of(read(content()))
    with pytest.raises(CommandError, match="save that as a file and grant it what it needs"):
        execute(session, "run")
    assert execute(session, "restart").stop.message


def test_what_a_file_was_granted_is_never_used(tmp_path: Path) -> None:
    """L6: where its run is led elsewhere, a call of the world is asked about, and not made."""
    store = tmp_path / "store.db"
    run = read(changed(1, lambda record: record["grants"].update(kv=[str(store)])))
    session = session_of(run)
    for line in ("goto 5", "set stack[0] 24", "continue"):
        execute(session, line)
    assert session.position.instant == 5
    assert session.reason is StopReason.ASKED
    for line in ("answer live", "run"):
        with pytest.raises(CommandError, match="save that as a file"):
            execute(session, line)
    execute(session, "answer text mine")
    assert session.position.instant == 6
    session.close()
    assert not store.exists()


def test_the_lines_are_json_in_the_order_of_the_table() -> None:
    """One object a line, `record` first and `sum` last."""
    for line in WHOLE.decode().splitlines():
        names = list(json.loads(line))
        assert (names[0], names[-1]) == ("record", "sum")

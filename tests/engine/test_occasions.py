"""When something runs and what happened in a stretch: against walks of single instants."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.engine.programs import MacroWriter, Writer
from tests.engine.stepping import session_of
from tests.engine.test_causes import PROGRAM
from tests.engine.test_writers import run_of
from watstep.debug import occasions
from watstep.debug.commands.table import execute
from watstep.debug.places import Place, Places
from watstep.debug.spots import Sites
from watstep.debug.state import Level
from watstep.debug.stretch import happened
from watstep.errors import CommandError
from watstep.machine.timeline import Timeline
from watstep.module.ir import MemoryArgument
from watstep.wasm.instructions import INSTRUCTIONS

# The question, asked at the end, and its answer.
ANSWERS = {
    "when 5": """\
4 times
        9  $url=32  $url.err=0  $i=0  $sum=0  $res=0
       26  $i=1
       43  $i=2  $sum=2
       60  $i=3  $sum=6""",
    "when mem 400": """\
2 times
       78  writes  8:1 (i32.store (i32.const 400) (local.get $sum))
       80  reads  9:17 (i32.load (i32.const 400))""",
    "when mem 33 1": '1 time\n        1  writes  sys.argv(0) → "a url"  OK  0.0 ms  live',
    "when mem 5000 8": "never",
    "when host sys.argv": '1 time\n        1  sys.argv(0) → "a url"  OK  0.0 ms  live',
    "when $res": """\
2 times
       81  writes  9:1 (local.set $res (i32.load (i32.const 400)))
       86  reads  12:1 (local.get $res)""",
    "when if $i > 1 and $sum < 5": """\
1 time
       38  $url=32  $url.err=0  $i=2  $sum=2  $res=0""",
    "when if $n == 2": "1 time\n       46  $n=2",
    "when if stack[0] > 1000": "never",
    "span 20 50": """\
instants 20 to 50: 30 instructions, 30 fuel
$i  0 → 2
$sum  0 → 2
$twice entered, 2 times""",
    "span 78 79": """\
instants 78 to 79: 1 instruction, 1 fuel
memory 400 to 403 written, 4 bytes""",
    "span 12 0": """\
instants 0 to 12: 12 instructions, 12 fuel, 1 call deeper at the end
$url of $run  0 → 32
memory 32 to 40 written, 9 bytes
$twice entered, 1 time
sys.argv(0) → "a url"  OK  0.0 ms  live  instant 1""",
}


@pytest.mark.parametrize(("line", "text"), ANSWERS.items())
def test_answers(line: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """STEPPING.md L3, L5: rows lead to the instant before what they tell of."""
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    session = session_of(PROGRAM, ("a url",))
    execute(session, "goto end")
    assert execute(session, line).text == text


@pytest.mark.parametrize(
    "line",
    ["when", "when 99", "when host", "when host kv.get", "when mem", "when 5 5", "when if",
     "when if $nope", "when if 1 +", "span", "span a",
     "span 0 9999", "span -1", "span 1 2 3"],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(line: str) -> None:
    """Bad input is told, and changes nothing."""
    session = session_of(PROGRAM, ("a url",))
    execute(session, "goto end")
    with pytest.raises(CommandError) as refused:
        execute(session, line)
    assert str(refused.value)
    assert session.position.instant == session.timeline.end


def cursors(timeline: Timeline) -> list[tuple[Place, list[int]]]:
    """The cursor and the stack at each instant that has a next instruction."""
    found = []
    for instant in range(timeline.frontier + 1):
        timeline.seek_machine(instant)
        top = timeline.machine.top
        if not timeline.machine.ended:
            found.append((Place(*top[:2]), list(map(int, top[3]))))
    return found


def touched(timeline: Timeline, place: Place, stack: list[int]) -> tuple[int, int, str] | None:
    """The bytes that an instruction touches, and how."""
    name, argument, _, _ = timeline.program.function(place.function).body[place.pc]
    if not isinstance(argument, MemoryArgument):
        return None
    access = "writes" if "store" in name else "reads"
    address = stack[-2 if access == "writes" else -1] + argument.offset
    return address, address + INSTRUCTIONS[name].size, access


@pytest.mark.parametrize("seed", range(30))
def test_random_programs_are_searched_as_a_slow_walk_sees_them(seed: int) -> None:
    """Lines, accesses to memory and what happened in a stretch."""
    text = (Writer if seed % 2 else MacroWriter)(seed).program()
    timeline, slow = run_of(text, "é", fuel=3_000), run_of(text, "é", fuel=3_000)
    places, sites, choose = Places(timeline.program), Sites(timeline.program), random.Random(seed)
    walked = cursors(slow)
    line = choose.choice([n for n in range(1, 9) if places.on_line(Level.EXPANSION, n)] or [0])
    place = places.on_line(Level.EXPANSION, line)
    if place and place not in places.operand_loops:
        found = occasions.of_places(timeline, frozenset((place,)), frozenset())
        assert [item.instant for item in found.told] == [
            n for n, (here, _) in enumerate(walked) if here == place
        ]
    accesses = [(n, touched(slow, *at)) for n, at in enumerate(walked)]
    accesses = [item for item in accesses if item[1]]
    low = choose.choice([item[1][0] for item in accesses if item[1]] or [16])
    seen = occasions.of_memory(timeline, sites, low, 2)
    wanted = [(n, item[2]) for n, item in accesses if item and item[0] < low + 2 and item[1] > low]
    assert [(a.instant, a.access) for a in seen.told if not a.call] == wanted
    first, last = sorted(choose.randrange(timeline.frontier + 1) for _ in range(2))
    stretch = happened(timeline, places, sites, (first, last))
    assert stretch is not None
    written = {b for n, item in accesses if item and first <= n < last and item[2] == "writes"
               for b in range(item[0], item[1])}  # fmt: skip
    for call in stretch.calls:
        for write in call.writes:
            written |= set(range(write.address, write.address + len(write.content)))
    assert {byte for start, end in stretch.memory for byte in range(start, end)} == written
    entered: Counter[int] = Counter()
    for here, _ in walked[first:last]:
        if here in places.calls:
            called = sites.instruction(here).immediate
            assert isinstance(called, int)
            entered[called] += 1
    assert dict(stretch.entered) == entered


def test_a_line_that_trapped_is_an_occasion() -> None:
    """STEPPING.md S11: the failed instruction is not executed, the cursor stands at it."""
    session = session_of(";; profile: core\n(local $i i32)\n(unreachable)\n")
    execute(session, "goto end")
    reply = execute(session, "when 3")
    assert [row["instant"] for row in reply.result["instants"]] == [session.timeline.end]


def test_very_many_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first ones are told, the rest are counted."""
    monkeypatch.setattr(occasions, "MOST_OCCASIONS", 3)
    session = session_of(PROGRAM, ("a url",))
    execute(session, "goto end")
    reply = execute(session, "when 5")
    assert (reply.result["count"], len(reply.result["instants"])) == (4, 3)
    assert reply.text.endswith("… and 1 more")

"""Every kind of breakpoint, with conditions, counts and messages, in both directions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.reference import Instant, all_instants
from tests.engine.stepping import session_of
from watstep.debug.commands.table import execute
from watstep.debug.session import Session
from watstep.debug.state import Level, Position, Stop, StopReason
from watstep.errors import CommandError

LIMIT = 20_000
TEXT = """;; profile: core
(module
    (import "sys" "argv" (func $sys.argv (param i32) (result i32 i32)))
    (import "dbg" "i32" (func $dbg.i32 (param i32)))
    (memory (export "memory") 1)
    (func $double (param $n i32) (result i32)
        (if (i32.gt_s (local.get $n) (i32.const 3))
            (then (return (i32.const 99))))
        (call $dbg.i32 (local.get $n))
        (i32.mul (local.get $n) (i32.const 2)))
    (func (export "run") (result i32)
        (local $i i32) (local $err i32)
        (loop $again
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (i32.store (i32.const 16) (call $double (local.get $i)))
            (i32.store8 offset=12 (local.get $i) (i32.load (i32.const 16)))
            (br_if $again (i32.lt_s (local.get $i) (i32.const 5))))
        (call $sys.argv (i32.const 7))
        (local.set $err)
        (drop)
        (i32.div_s (i32.const 1) (i32.const 0))))
"""


def run_of(text: str = TEXT) -> tuple[Session, list[Instant]]:
    """A session at the start, and every instant of its run."""
    session = session_of(text)
    instants, _ = all_instants(session.program, session.settings)
    return session, instants


def stops_forward(session: Session) -> list[int]:
    """Where `continue` stops from the start, the end left out where no breakpoint holds there."""
    session.restart()
    found: list[int] = []
    while session.continue_().reason is StopReason.BREAKPOINT:
        if found and found[-1] == session.position.instant:
            break
        found.append(session.position.instant)
    return found


def stops_backward(session: Session) -> list[int]:
    """Where `reverse-continue` stops from the end, in the order of the run."""
    session.finish()
    execute(session, "goto end")
    found = [session.position.instant] if session.breaking.search(session.timeline).hits() else []
    while session.reverse_continue().reason is StopReason.BREAKPOINT:
        found.append(session.position.instant)
    return found[::-1]


def instruction_at(session: Session, instant: Instant) -> str:
    """The name of the next instruction."""
    return session.places.functions[instant.place.function].function.body[instant.place.pc].name


Naive = Callable[[Session, list[Instant], int], bool]


def named(*names: str) -> Naive:
    """That the next instruction has one of some names."""
    return lambda session, run, n: n < len(run) and instruction_at(session, run[n]) in names


def touches(session: Session, run: list[Instant], n: int) -> bool:
    """That the next instruction touches bytes 16 to 20."""
    name, stack = instruction_at(session, run[n]), run[n].stacks[-1]
    if name == "i32.load":
        return True
    if name == "i32.store8":
        return stack[-2] + 12 in range(16, 20)
    return name == "i32.store"


def deeper(session: Session, run: list[Instant], n: int) -> bool:
    """That a frame was just entered."""
    return n > 0 and run[n].callers > run[n - 1].callers


def fuel_fell(session: Session, run: list[Instant], n: int) -> bool:
    """That less than 19,900 units are left, for the first time."""
    return LIMIT - run[n].fuel < 19_900 and (n == 0 or LIMIT - run[n - 1].fuel >= 19_900)


KINDS: dict[str, Naive] = {
    "write $i": lambda s, run, n: instruction_at(s, run[n]) == "local.set" and n < 120,
    "read $n": lambda s, run, n: run[n].callers == 1 and instruction_at(s, run[n]) == "local.get",
    "access $i in run": lambda s, run, n: (
        run[n].callers == 0 and instruction_at(s, run[n]) in {"local.get", "local.set"} and n <= 120
    ),
    "write mem 16 4": lambda s, run, n: (
        touches(s, run, n) and instruction_at(s, run[n])[4:5] == "s"
    ),
    "read mem 16": named("i32.load"),
    "access mem 0x10 4": touches,
    "function $double": deeper,
    "host dbg.i32": lambda s, run, n: (
        n + 1 < len(run) and run[n + 1].calls > run[n].calls and n <= 120
    ),
    "error": lambda s, run, n: n > 0 and run[n].calls == 4 and run[n - 1].calls == 3,
    "trap": lambda s, run, n: n == len(run) - 1,
    "fuel 19900": fuel_fell,
    "e13": named("loop"),
    "statement s14:20": lambda s, run, n: (
        n > 0
        and instruction_at(s, run[n]) == "local.get"
        and instruction_at(s, run[n - 1]) == "loop"
    ),
    "instruction e10:14": named("i32.mul"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("live", [True, False])
def test_every_kind_in_both_directions(kind: str, live: bool) -> None:
    """B1, B3, B6, S8: the stops of `continue`, and of `reverse-continue`, are those of a scan."""
    session, run = run_of()
    if not live:
        session.finish()
    session.breaking.add(kind, Level.SOURCE)
    wanted = [n for n in range(len(run)) if KINDS[kind](session, run, n)]
    assert wanted
    assert stops_forward(session) == [n for n in wanted if n]
    assert stops_backward(session) == wanted


def test_a_stop_at_a_write_shows_the_value_before_and_then_after() -> None:
    """B6: also where a host call wrote, which is known once it was made."""
    session = session_of(TEXT)
    execute(session, "break write mem 16 4")
    session.continue_()
    assert execute(session, "print mem32[16]").result == 0
    session.level = Level.INSTRUCTION
    session.step()
    assert execute(session, "print mem32[16]").result == 2
    text = "(argv 0 $p)\n(call $dbg.log (local.get $p))\n(i32.const 0)\n"
    session = session_of(text, ("hello",))
    session.continue_()
    pointer = session.calls()[0].results[0].value
    for made in (False, True):
        if not made:
            session = session_of(text, ("hello",))
        session.restart()
        session.breaking.clear()
        execute(session, f"break write mem {pointer + 4} 1")
        assert session.continue_().reason is StopReason.BREAKPOINT
        assert session.position == Position(1, 0)
        assert session.memory(pointer + 4, 1) == b"\0"
        assert len(session.calls()) == 1 + made
        session.level = Level.INSTRUCTION
        session.step()
        assert session.memory(pointer + 4, 1) == b"h"
        assert session.continue_().reason is StopReason.END
        assert session.reverse_continue().reason is StopReason.BREAKPOINT
        assert session.position == Position(1, 0)
    execute(session, f"break read mem {pointer + 4} 1")
    session.continue_()
    assert session.state().next_instruction == "(call $dbg.log)"


LOOP = """(local $i i32) (local $sum i32)
(loop $again
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (local.set $sum (i32.add (local.get $sum) (local.get $i)))
    (br_if $again (i32.lt_s (local.get $i) (i32.const 10))))
(local.get $sum)
"""


@pytest.mark.parametrize(
    ("options", "values"),
    [
        ("if $i % 4 == 0", [4, 8]),
        ("hit 3", [3]),
        ("from 9", [9, 10]),
        ("every 4", [4, 8]),
        ("if $i > 5 hit 2", [7]),
        ("every 3 if $i > 1", [4, 7, 10]),
        ("if stack[0] == 3 or fuel > 95", [2, 9, 10]),
        ("if $i == 2 off", []),
        ("log {$i} is passed", []),
    ],
)
def test_conditions_and_counts_mean_the_same_backwards(options: str, values: list[int]) -> None:
    """B2, S8: the k-th time is that of the run, from wherever it is come to."""
    session = session_of(LOOP)
    execute(session, f"break write $sum {options}")

    def value() -> object:
        return execute(session, "print $i").result

    at = {}
    session.restart()
    while session.continue_().reason is StopReason.BREAKPOINT:
        at[session.position.instant] = value()
    assert list(at.values()) == values
    assert stops_backward(session) == list(at)
    # From the middle, with nothing counted before.
    fresh = session_of(LOOP)
    fresh.finish()
    execute(fresh, f"break write $sum {options}")
    half = fresh.timeline.frontier // 2
    fresh.goto(half)
    later = [n for n in at if n > half]
    assert fresh.continue_().moved == 1
    assert fresh.position.instant == (later[0] if later else fresh.timeline.end)
    fresh.goto(half)
    earlier = [n for n in at if n < half]
    fresh.reverse_continue()
    assert fresh.position.instant == (earlier[-1] if earlier else 0)


def test_what_cannot_be_evaluated_stops_and_says_why() -> None:
    """B2: in a condition and in a message; what no function has is refused at once."""
    session = session_of(LOOP)
    execute(session, "break write $sum if 10 / ($i - 4) > 100")
    stop = session.continue_()
    assert (stop.reason, execute(session, "print $i").result) == (StopReason.BREAKPOINT, 4)
    assert stop.message.endswith("`10 / ($i - 4) > 100` has no value: a division by zero")
    execute(session, "edit 1 if log {10 / ($i - 6)}")
    stop = session.continue_()
    assert (execute(session, "print $i").result, stop.reason) == (6, StopReason.BREAKPOINT)
    assert "division" in stop.message
    for words in ("write $sum if $nope", "2 log {$nope}", "2 log {", "2 log }", "2 hit 0"):
        with pytest.raises(CommandError):
            execute(session, f"break {words}")
    assert len(session.breakpoints) == 1


def test_messages_are_said_on_the_way_and_of_the_whole_run() -> None:
    """B2: forward moves tell what they pass; `logs` tells all, of one that was added later too."""
    session = session_of(LOOP)
    execute(session, "break write $sum every 3 log i={$i} {{sum}} {$sum}")
    stop = session.continue_()
    said = [(3, "i=3 {sum} 3"), (6, "i=6 {sum} 15"), (9, "i=9 {sum} 36")]
    assert stop.reason is StopReason.END
    assert [item.text for item in stop.logged] == [text for _, text in said]
    execute(session, "break write $i if $i == 7 log seven")
    session.goto(5)
    logged = execute(session, "logs").result
    assert [row["text"] for row in logged] == ["i=3 {sum} 3", "i=6 {sum} 15", "seven", said[2][1]]
    assert [row["text"] for row in execute(session, "logs 2").result] == ["seven"]
    assert session.position == Position(5, 0)
    session.goto(logged[1]["instant"] - 1)
    session.level = Level.INSTRUCTION
    assert [item.text for item in session.step().logged] == [said[1][1]]
    assert session.back().logged == ()


def test_breakpoints_stop_other_moves_on_their_way() -> None:
    """S8: `next`, `out` and `until` at a write inside what they would go over."""
    session = session_of(TEXT)
    execute(session, "break host dbg.i32")
    execute(session, "until 15")
    forward: list[Callable[[], Stop]] = [session.next, session.out, lambda: session.until(16)]
    for move in forward:
        before = session.position
        assert move().reason is StopReason.BREAKPOINT
        assert session.state().next_instruction == "(call $dbg.i32)"
        session.position = before
    execute(session, "delete")
    session.until(16)
    after = session.position
    execute(session, "break host dbg.i32")
    backward: list[Callable[[], Stop]] = [
        *(session.back_over, session.back_out, lambda: session.back_until(15))
    ]
    for move in backward:
        assert move().reason is StopReason.BREAKPOINT
        assert session.state().next_instruction == "(call $dbg.i32)"
        session.position = after


@pytest.mark.parametrize(
    "words",
    [
        *("wriet $x", "write", "write x", "write mem", "function", "host http", "host", "fuel"),
        *("fuel many", "7 7", "7:", "e", "7 hit x", "7 bogus", "0", "999", "s999:1"),
        *("", "mem 4", "trap now", "errors", "instruction 7", "statement"),
    ],
)
def test_what_break_cannot_read(words: str) -> None:
    """B1: it says what could stand there, and adds nothing."""
    session = session_of(LOOP)
    with pytest.raises(CommandError) as refused:
        execute(session, f"break {words}")
    assert "\n" not in str(refused.value)
    assert session.breakpoints == ()


@pytest.mark.parametrize(
    "kind", [*KINDS, "7", "e3:9", "host http.get", "write $nope", "fuel 99999"]
)
def test_words_make_the_same_breakpoint_again(kind: str) -> None:
    """B5: what is kept is the argument of `break`."""
    session = session_of(TEXT)
    made = session.breaking.add(f"{kind} if $i > 1 every 2 off log a {{$i}}  b", Level.SOURCE)
    again = session_of(TEXT).breaking.add(made.words, Level.EXPANSION)
    assert (again.words, again.target, again.options) == (made.words, made.target, made.options)
    assert again.trigger.places == made.trigger.places
    assert session.breaking.add(made.words, Level.SOURCE) is made

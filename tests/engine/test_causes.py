"""Why this value: trees of programs by hand, and laws that every tree of a random program keeps."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.engine.programs import MacroWriter, Writer
from tests.engine.stepping import session_of
from tests.engine.test_writers import run_of
from watstep.debug.causes import Cause, Causes, Made, Operand
from watstep.debug.commands.table import execute
from watstep.debug.spots import InLocal, InMemory, OnStack, Sites
from watstep.debug.writers import Writers
from watstep.errors import CommandError
from watstep.wasm.values import signed, wrap

PROGRAM = """(argv 0 $url)
(local $i i32) (local $sum i32) (local $res i32)
(func $twice (param $n i32) (result i32) (i32.mul (local.get $n) (i32.const 2)))
(loop $l
  (local.set $sum (i32.add (local.get $sum) (call $twice (local.get $i))))
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $l (i32.lt_s (local.get $i) (i32.const 4))))
(i32.store (i32.const 400) (local.get $sum))
(local.set $res (i32.load (i32.const 400)))
(call $dbg.log "bye")
(resv $url)
(local.get $res)
"""

# The question, asked at the end, and its rows.
TREES = {
    "$res 2": """\
$res = 12  set by  9:1 (local.set $res (i32.load (i32.const 400)))  instant 81
  (i32.load) = 12  9:17 (i32.load (i32.const 400))  instant 80  …""",
    "mem 400 4 2": """\
bytes 400 to 403 = 12  stored by  8:1 (i32.store (i32.const 400) (local.get $sum))  instant 78
  $sum = 12  set by  5:3 (local.set $sum (i32.add (local.get $sum) (call $twice (loc…  instant 67  …
  address: 400  8:12 (i32.const 400)  instant 76""",
    # The last of a macro's parts are told as the macro call; the answer leads to its arguments.
    "$url": """\
$url = 32 "a url"  set by  1:1 (argv 0 $url)  instant 3
  sys.argv = 32 "a url"  answered by `sys.argv` number 1  1:1 (argv 0 $url)  instant 1
    argument: 0  1:1 (argv 0 $url)  instant 0""",
    "mem 32": """\
bytes 32 to 35 = 5  the length of what `sys.argv` number 1 answered  1:1 (argv 0 $url)  instant 1
  argument: 0  1:1 (argv 0 $url)  instant 0""",
    "mem 36 1": """\
byte 36 = 97 "a"  byte 0 of what `sys.argv` number 1 answered  1:1 (argv 0 $url)  instant 1
  argument: 0  1:1 (argv 0 $url)  instant 0""",
    "mem 20 3": """\
bytes 20 to 22 = 6650210 "bye"  bytes 0 to 2 there from the start:  10:16 "bye\"""",
    "mem 40 4": """\
bytes 40 to 43 = 108  in 2 pieces
  byte 40 = 108 "l"  byte 4 of what `sys.argv` number 1 answered  1:1 (argv 0 $url)  instant 1
    argument: 0  1:1 (argv 0 $url)  instant 0
  bytes 41 to 43 = 0  never written""",
    "stack[0] 2": """\
$res = 12  set by  9:1 (local.set $res (i32.load (i32.const 400)))  instant 81
  (i32.load) = 12  9:17 (i32.load (i32.const 400))  instant 80  …""",
}  # fmt: skip


@pytest.mark.parametrize(("question", "rows"), TREES.items())
def test_trees(question: str, rows: str) -> None:
    """STEPPING.md L2: a value is led back to constants, arguments and host answers."""
    session = session_of(PROGRAM, ("a url",))
    execute(session, "goto end")
    reply = execute(session, f"why {question}")
    assert reply.text == rows
    assert [row["depth"] for row in reply.result] == [
        (len(line) - len(line.lstrip())) // 2 for line in rows.splitlines()
    ]


def test_who_walks_back_and_lands_before_the_write() -> None:
    """STEPPING.md B6, L1: at the instant before, the cursor stands at the form that writes."""
    session = session_of(PROGRAM, ("a url",))
    execute(session, "goto end")
    found = []
    while (reply := execute(session, "who $sum")).result["by"] == "instruction":
        found.append((session.position.instant, reply.result["line"], reply.result["column"]))
    assert found == [(67, 5, 3), (50, 5, 3), (33, 5, 3), (16, 5, 3)]
    assert reply.text == "`$sum` was never written: it is 0"
    assert session.position.instant == 16


def test_who_goes_through_calls() -> None:
    """A parameter leads to its call, a result to the end of the function."""
    session = session_of(PROGRAM, ("a url",))
    execute(session, "goto 15")
    reply = execute(session, "who stack[1]")
    assert (reply.result["by"], reply.result["instant"]) == ("result", 14)
    execute(session, "goto 14")
    reply = execute(session, "who $n")
    assert (reply.result["by"], reply.result["instant"], reply.result["form"]) == (
        "parameter", 11, "(call $twice (local.get $i))",
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["who", "who $nope", "who stack[9]", "who mem", "who mem 99999999", "who mem 0 0", "why x y",
     "why $sum 0", "why $sum x", "who $sum 2", "why mem text[16]", "who mem 16 99999999"],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(line: str) -> None:
    """Bad input is told, and changes nothing."""
    session = session_of(PROGRAM, ("a url",))
    execute(session, "goto end")
    with pytest.raises(CommandError) as refused:
        execute(session, line)
    assert str(refused.value)
    assert session.position.instant == session.timeline.end


SAME = {Made.LOCAL, Made.PARAMETER, Made.RESULT, Made.STORED}
"""Whose first operand is the value itself."""
SUMS: dict[str, Callable[[int, int], int]] = {
    "i32.add": lambda a, b: a + b,
    "i32.sub": lambda a, b: a - b,
    "i32.mul": lambda a, b: a * b,
    "i32.and": lambda a, b: a & b,
    "i32.xor": lambda a, b: a ^ b,
    "i32.lt_s": lambda a, b: int(signed(a) < signed(b)),
}


def hold(cause: Cause, parts: list[Cause]) -> None:
    """What is true of a row and of those under it."""
    values = [part.value for part in parts]
    if cause.made in SAME and cause.value is not None:
        size = cause.operand.spot.length if isinstance(cause.operand.spot, InMemory) else 4
        assert values[0] is not None
        if size == 4 or cause.made is not Made.STORED:
            assert values[0] == cause.value
    if cause.name in SUMS:
        first, second = values
        assert first is not None
        assert second is not None
        assert cause.value == wrap(SUMS[cause.name](first, second))
    for part in parts:
        if part.instant is not None and cause.instant is not None:
            assert part.instant <= cause.instant


@pytest.mark.parametrize("seed", range(40))
def test_a_row_follows_from_the_rows_under_it(seed: int) -> None:
    """Sums are those of their parts, copies are equal, and causes come before what they caused."""
    text = (Writer if seed % 2 else MacroWriter)(seed).program()
    timeline = run_of(text, "é", fuel=3_000)
    assert timeline.end is not None
    causes = Causes(Writers(timeline, Sites(timeline.program)))
    choose = random.Random(seed)
    for _ in range(10):
        instant = choose.randrange(timeline.end + 1)
        frames = causes.writers.frames(instant)
        depth = choose.randrange(len(frames))
        _, _, locals_, stack = frames[depth]
        pending = [Operand(InLocal(instant, depth, number)) for number in range(len(locals_))]
        pending += [Operand(OnStack(instant, depth, number)) for number in range(len(stack))]
        for _ in range(60):
            if not pending:
                break
            cause = causes.cause(pending.pop())
            assert cause is not None
            parts = [causes.cause(part) for part in cause.operands]
            hold(cause, [part for part in parts if part is not None])
            pending += cause.operands


@pytest.mark.parametrize(
    ("change", "value"),
    [("$sum 100", "$sum"), ("mem32[400] 7", "mem 400"), ("stack[0] 3", "stack[0]")],
)
def test_what_a_person_changed_is_told(change: str, value: str) -> None:
    """STEPPING.md L7: the change is what wrote it, until an instruction writes it again."""
    session = session_of(PROGRAM, ("a url",))
    execute(session, "goto 78")
    assert execute(session, f"who {value}").result["by"] == "instruction" or value == "mem 400"
    execute(session, "goto 78")
    execute(session, f"set {change}")
    assert execute(session, f"why {value}").result[0]["made"] == "changed"
    reply = execute(session, f"who {value}")
    assert (reply.result["by"], session.position.instant) == ("person", 77)
    execute(session, "goto 78")
    execute(session, "next")
    if value == "mem 400":
        assert execute(session, f"who {value}").result["by"] == "instruction"

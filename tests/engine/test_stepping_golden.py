"""Stops written by hand from the rules, before the machine was asked: a loop, and every trap."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.engine.stepping import session_of, walk
from tests.support import EXAMPLES
from watstep.debug.session import Session
from watstep.debug.state import Level, Position, StopReason
from watstep.host.settings import RunLimits

SUM = (EXAMPLES / "sum.wat").read_text("utf-8")

ROUND = 14
"""`loop`, four for the `br_if`, three to add, one to set, three to add, one to set, `br`."""

IN_A_ROUND = (0, 1, 5, 8, 9, 12, 13)
"""`loop`, `br_if`, `i32.add`, `local.set $sum`, `i32.add`, `local.set $i`, `br`."""

LOOP_STOPS = [
    # Two constants and their locals, the block.
    *(0, 1, 2, 3, 4),
    # Ten whole rounds, the first one's `loop` at 5.
    *(5 + ROUND * number + offset for number in range(10) for offset in IN_A_ROUND),
    # The eleventh leaves: `loop`, `br_if`, then `local.get $sum`, and the end.
    *(145, 146, 150, 151),
]


@pytest.mark.parametrize("level", [Level.SOURCE, Level.EXPANSION])
@pytest.mark.parametrize(("go", "come"), [("step", "back"), ("next", "back_over")])
def test_golden_loop(level: Level, go: str, come: str) -> None:
    """S2, S3, S6, S7: the article's 1 + ... + 10, each statement a stop each time round."""
    session = session_of(SUM)
    session.level = level
    wanted = [(instant, 0) for instant in LOOP_STOPS]
    assert walk(session, getattr(session, go)) == wanted
    assert walk(session, getattr(session, come))[::-1] == wanted
    assert session.outcome().results == (55,)


def test_golden_loop_by_instructions() -> None:
    """S1, S7, P3: 151 instants; `block`, `loop` eleven times and nothing else is free."""
    session = session_of(SUM)
    session.level = Level.INSTRUCTION
    wanted = [(instant, 0) for instant in range(152)]
    assert walk(session, session.step) == wanted
    # 151 instructions, less a block, eleven loops, and one for entering `run`.
    assert session.state().fuel == 151 - 1 - 11 + 1
    assert walk(session, session.back)[::-1] == wanted


def test_golden_loop_shows_its_statements() -> None:
    """S10: at each stop the cursor's form is the statement that begins there."""
    session = session_of(SUM)
    heads = []
    for instant in (0, 4, 5, 6, 10, 13, 17, 18, 19):
        session.goto(instant)
        start = session.state().source_line.start
        heads.append(SUM[start:].split("\n")[0].split(")")[0])
    assert heads == [
        *(
            "(i32.const 0",
            "(block $break",
            "(loop $continue",
            "(br_if $break (i32.gt_s (local.get $i",
        ),
        *("(i32.add (local.get $sum", "(local.set $sum", "(local.set $i", "(br $continue"),
        "(loop $continue",
    ]


CALLS = """(func $double (param $n i32) (result i32)
  (i32.add (local.get $n) (local.get $n)))
(local $x i32)
(local.set $x (i32.add (call $double (i32.const 3)) (call $double (i32.const 4))))
(check $x)
(i32.const 0)
"""
# 0 const, 1 call, 2 3 4 $double; 5 const, 6 call, 7 8 9 $double; 10 add, 11 set;
# 12 13 14 15 the `if` of the check, 16 17 its return; 18 the end.
WALKS: dict[tuple[Level, str], list[tuple[int, int]]] = {
    (Level.SOURCE, "step"): [(0, 0), (2, 0), (7, 0), (12, 0), (12, 1), (16, 0), (18, 0)],
    (Level.SOURCE, "next"): [(0, 0), (12, 0), (18, 0)],
    (Level.EXPANSION, "step"): [(n, 0) for n in (0, 2, 7, 12, 16, 18)],
    (Level.EXPANSION, "next"): [(n, 0) for n in (0, 12, 16, 18)],
    (Level.INSTRUCTION, "step"): [(n, 0) for n in range(19)],
    (Level.INSTRUCTION, "next"): [(n, 0) for n in (0, 1, 5, 6, *range(10, 19))],
}


@pytest.mark.parametrize(("level", "move"), WALKS)
def test_golden_calls(level: Level, move: str) -> None:
    """S1, S2, S3, S5, S7: calls within one statement, and a macro that returns."""
    session = session_of(CALLS)
    session.level = level
    assert walk(session, getattr(session, move)) == WALKS[level, move]
    back = {"step": session.back, "next": session.back_over}[move]
    assert walk(session, back)[::-1] == WALKS[level, move]


@pytest.mark.parametrize(
    ("level", "start", "out", "back_out"),
    [
        # In $double: just after it returned, in the middle of the statement; before its call.
        (Level.SOURCE, (2, 0), (5, 0), (1, 0)),
        (Level.EXPANSION, (8, 0), (10, 0), (6, 0)),
        (Level.INSTRUCTION, (9, 0), (10, 0), (6, 0)),
        # In the outermost function: the end, the start.
        (Level.SOURCE, (12, 0), (18, 0), (0, 0)),
        (Level.EXPANSION, (16, 0), (18, 0), (0, 0)),
        # In the macro's frame: it ends with a return; the call of it, not entered.
        (Level.SOURCE, (16, 0), (18, 0), (12, 0)),
        (Level.SOURCE, (12, 1), (18, 0), (12, 0)),
    ],
)
def test_golden_out(
    level: Level, start: tuple[int, int], out: tuple[int, int], back_out: tuple[int, int]
) -> None:
    """S4, S5, S7: both ways out of a function and of a macro."""
    session = session_of(CALLS)
    session.level = level
    session.finish()
    for move, wanted in ((session.out, out), (session.back_out, back_out)):
        session.position = Position(*start)
        move()
        assert session.position == wanted


@dataclass(frozen=True)
class Trapped:
    """A run that traps: its stops at the source level, and what stands at the last instant."""

    text: str
    stops: tuple[int, ...]
    cursor: str
    stack: tuple[int, ...]
    """Of the innermost frame, bottom first, signed."""
    fuel: int
    kind: str
    frames: tuple[str, ...] = ("run",)
    limits: RunLimits = field(default_factory=RunLimits)


COUNTING = """(local $i i32)
(loop $l
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br $l))
(i32.const 0)
"""
DESCENDING = """(func $f (param $n i32) (result i32)
  (call $f (i32.add (local.get $n) (i32.const 1))))
(call $f (i32.const 0))
"""
CORE = ";; profile: core\n"

TRAPS = {
    "unreachable": Trapped(
        CORE + "(local $x i32)\n(local.set $x (i32.const 7))\n(unreachable)\n",
        stops=(0, 2),
        cursor="(unreachable)",
        stack=(),
        fuel=3,
        kind="unreachable",
    ),
    "divide by zero": Trapped(
        "(local $x i32)\n(local.set $x (i32.const 5))\n(i32.div_s (local.get $x) (i32.const 0))\n",
        stops=(0, 2, 4),
        cursor="(i32.div_s)",
        stack=(5, 0),
        fuel=5,
        kind="integer divide by zero",
    ),
    "overflow": Trapped(
        "(i32.div_s (i32.const -2147483648) (i32.const -1))\n",
        stops=(0, 2),
        cursor="(i32.div_s)",
        stack=(-2147483648, -1),
        fuel=3,
        kind="integer overflow",
    ),
    "load": Trapped(
        "(i32.load (i32.const 65533))\n",
        stops=(0, 1),
        cursor="(i32.load)",
        stack=(65533,),
        fuel=2,
        kind="out of bounds memory access",
    ),
    "store": Trapped(
        "(i32.store offset=4 (i32.const -4) (i32.const 7))\n(i32.const 0)\n",
        stops=(0, 2),
        cursor="(i32.store offset=4)",
        stack=(-4, 7),
        fuel=3,
        kind="out of bounds memory access",
    ),
    # Frames: run, $f with 0, $f with 1; the third call of $f is one too many.
    "call depth": Trapped(
        DESCENDING,
        stops=(0, 2, 6, 9),
        cursor="(call $f)",
        stack=(2,),
        fuel=1 + 9 + 2,
        kind="call depth",
        frames=("f", "f", "run"),
        limits=RunLimits(call_depth=3),
    ),
    # Checked where a loop is entered: 6 of 8 the second time, 11 of 8 the third.
    "fuel at a loop": Trapped(
        COUNTING,
        stops=(0, 1, 5, 6, 7, 11, 12),
        cursor="(loop $l)",
        stack=(),
        fuel=11,
        kind="out of fuel",
        limits=RunLimits(fuel=8),
    ),
    # Checked where a function is entered: 3 of 4 in the first call, 6 of 4 in the second.
    "fuel at a call": Trapped(
        "(func $f (result i32) (i32.const 1))\n(i32.add (call $f) (call $f))\n",
        stops=(0, 1, 3),
        cursor="(i32.const 1)",
        stack=(),
        fuel=6,
        kind="out of fuel",
        frames=("f", "run"),
        limits=RunLimits(fuel=4),
    ),
    "exact fuel": Trapped(
        COUNTING,
        stops=(0, 1, 5, 6, 7, 9),
        cursor="(i32.add)",
        stack=(1, 1),
        fuel=8,
        kind="out of fuel",
        limits=RunLimits(fuel=8, exact_fuel=True),
    ),
    # A page costs a unit: 2 are used, the growing would take 4, and 5 are there.
    "exact fuel at a grow": Trapped(
        "(memory.grow (i32.const 3))\n",
        stops=(0, 1),
        cursor="(memory.grow)",
        stack=(3,),
        fuel=2,
        kind="out of fuel",
        limits=RunLimits(fuel=5, exact_fuel=True),
    ),
    "bad pointer": Trapped(
        "(call $dbg.log (i32.const 99999999))\n(i32.const 0)\n",
        stops=(0, 1),
        cursor="(call $dbg.log)",
        stack=(99999999,),
        fuel=2,
        kind="host call",
    ),
    "bad pointer in a macro": Trapped(
        "(local $p i32)\n(local.set $p (i32.const -1))\n(resv $p)\n(i32.const 0)\n",
        stops=(0, 2, 2, 3),
        cursor="(call $sys.resv)",
        stack=(-1,),
        fuel=4,
        kind="host call",
        frames=("resv $p", "run"),
    ),
}


def stops_of(session: Session, move: str) -> tuple[int, ...]:
    """The instants of the positions that a verb comes to."""
    return tuple(instant for instant, _ in walk(session, getattr(session, move)))


@pytest.mark.parametrize("case", TRAPS.values(), ids=TRAPS)
def test_golden_traps(case: Trapped) -> None:
    """S7, S11, S12, P3: live, backwards and again; the place, operands and fuel at the end."""
    session = session_of(case.text, limits=case.limits)
    last = case.stops[-1]
    for _ in range(2):
        assert stops_of(session, "step") == case.stops
        stop = session.step()
        assert (stop.moved, session.position.instant, session.timeline.end) == (0, last, last)
        state = session.state()
        assert state.ended
        assert state.next_instruction == case.cursor
        frame = state.frames[0]
        assert tuple(slot.value - (slot.value >> 31 << 32) for slot in frame.stack) == case.stack
        assert tuple(frame.name for frame in state.frames) == case.frames
        assert state.fuel == session.outcome().fuel == case.fuel
        assert state.trap
        assert state.trap.startswith(f"{case.kind}: ")
        assert all(slot.read_next for slot in frame.stack)
        assert stops_of(session, "back")[::-1] == case.stops
        assert session.position == (0, 0)
    session.level = Level.INSTRUCTION
    assert stops_of(session, "step") == tuple(range(last + 1))
    assert stops_of(session, "back")[::-1] == tuple(range(last + 1))
    assert session.continue_().reason is StopReason.TRAP
    assert session.step().reason is StopReason.AT_END


def test_exact_fuel_that_is_enough_for_a_grow() -> None:
    """P3: with the sixth unit the memory grows."""
    limits = RunLimits(fuel=6, exact_fuel=True)
    session = session_of("(memory.grow (i32.const 3))\n", limits=limits)
    assert session.continue_().reason is StopReason.END
    assert (session.state().fuel, session.state().results) == (6, (1,))


def test_exact_fuel_after_a_grow() -> None:
    """P3: what the pages cost is not there for the instructions after them.

    Entering, the constant, the growing and its pages are 1 + 1 + 4 units; seven more are there.
    """
    text = (
        "(drop (memory.grow (i32.const 3)))\n" + "(drop (i32.const 0))\n" * 20 + "(i32.const 0)\n"
    )
    session = session_of(CORE + text, limits=RunLimits(fuel=6 + 7, exact_fuel=True))
    assert session.continue_().reason is StopReason.TRAP
    # Two instructions and a drop, then seven constants and their drops.
    assert (session.position.instant, session.state().fuel) == (3 + 7 * 2, 13)

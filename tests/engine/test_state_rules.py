"""Breakpoints on lines and what a state shows, rule by rule (STEPPING.md B1, B3, B4, L2 to L6)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.stepping import session_of
from watstep.debug.reports import call_text
from watstep.debug.session import Session
from watstep.debug.state import Frame, Level, LocalSlot, Position, Slot, Stop, StopReason
from watstep.errors import CommandError
from watstep.host.tape import CallOrigin

LINES = """;; profile: core
(local $i i32) (local $a i32)
(func $twice (param $n i32) (result i32)

  (i32.mul
    (local.get $n)
    (i32.const 2)))
(local.set $i (i32.const 0))
;; only a comment
(block $out
  (loop $again
    (local.set $a
      (loop $inner (result i32)
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $inner (i32.lt_s (local.get $i) (i32.const 3)))
        (call $twice (local.get $i))))
    (if (i32.gt_s (local.get $i) (i32.const 4))
      (then
        (br $out)))
    (br $again)))
(check $a) (resv "never")
(local.get $a)
"""


def first(line: str) -> int:
    """The number of the first line that begins so."""
    lines = LINES.splitlines()
    return next(number for number, text in enumerate(lines, 1) if text.strip().startswith(line))


def hits(session: Session, line: int, level: Level = Level.SOURCE) -> list[int]:
    """The instants at which `continue` stops with one breakpoint."""
    session.breaking.clear()
    session.restart()
    session.add_breakpoint(level, line)
    found = []
    while session.continue_().reason is StopReason.BREAKPOINT:
        found.append(session.position.instant)
    return found


def instruction_at(session: Session, instant: int) -> str:
    """The instruction that runs next."""
    session.goto(instant)
    return session.state().next_instruction


@pytest.mark.parametrize(
    ("line", "moved_to", "instruction", "times"),
    [
        # A statement that begins there: its first instruction, which is an operand's.
        ("(i32.mul", "", "(local.get $n)", 3),
        # None begins there: the first form that does.
        ("(i32.const 2", "", "(i32.const 2)", 3),
        ("(block $out", "", "(block $out)", 1),
        # A loop is a new execution each time round ...
        ("(loop $again", "", "(loop $again)", 3),
        # ... and the rounds of a loop that is an operand are not those of its statement.
        ("(local.set $a", "", "(loop $inner (result i32))", 3),
        ("(br_if $inner", "", "(local.get $i)", 5),
        # Lines that hold no code of their own.
        ("(then", "(br $out", "(br $out)", 1),
        (";; only a comment", "(block $out", "(block $out)", 1),
        ("(local $i i32)", "(i32.mul", "(local.get $n)", 3),
        # A macro: the first instruction of its expansion; of two statements the first.
        ("(check $a)", "", "(local.get $a)", 1),
    ],
)
def test_breakpoints_on_lines(line: str, moved_to: str, instruction: str, times: int) -> None:
    """B1, B3, B4, S8: where a line's breakpoint stands, how often, in both directions."""
    session = session_of(LINES)
    asked = first(line)
    found = hits(session, asked)
    placed = session.breakpoints[0]
    assert (placed.moved, placed.bound_line) == (bool(moved_to), first(moved_to or line))
    back = []
    while session.reverse_continue().reason is StopReason.BREAKPOINT:
        back.append(session.position.instant)
    assert back[::-1] == found
    assert session.hits(0, session.timeline.frontier, 99) == tuple(found)
    assert len(found) == times
    for instant in found:
        assert instruction_at(session, instant).startswith(instruction.split(" (result")[0])
        assert session.position.entered == 0


def test_breakpoints_on_expanded_lines() -> None:
    """B1, B3: each line that a macro became can be picked; `until` goes to it both ways (S9)."""
    session = session_of(LINES)
    text = session.program.rendering.as_source
    line = next(n for n, row in enumerate(text.text.splitlines(), 1) if "(return" in row)
    assert len(hits(session, line, Level.EXPANSION)) == 1
    session.breaking.clear()
    session.restart()
    assert session.until(line, Level.EXPANSION).reason is StopReason.UNTIL
    # The operand of the `return`, in the `then` of the check.
    assert session.state().next_instruction == "(local.get $a)"
    here = session.position
    session.continue_()
    assert session.back_until(line, Level.EXPANSION).reason is StopReason.UNTIL
    assert session.position == here
    assert session.back_until(line, Level.EXPANSION).reason is StopReason.START


def test_a_line_after_all_code_is_unbound() -> None:
    """B4: it is shown as unbound and never stops; a line that is not there is refused."""
    session = session_of(LINES + ";; the end\n")
    last = len(LINES.splitlines()) + 1
    made = session.add_breakpoint(Level.SOURCE, last)
    assert (made.bound_line, made.trigger.places, made.moved) == (None, frozenset(), False)
    assert session.continue_().reason is StopReason.END
    with pytest.raises(CommandError, match="has no line"):
        session.add_breakpoint(Level.SOURCE, last + 2)


def test_breakpoints_stop_every_long_move() -> None:
    """S8: `next`, `out` and `until` in both directions; `step` and `back` go to their stops."""
    session = session_of(LINES)
    inside = session.add_breakpoint(Level.SOURCE, first("(i32.const 2"))
    session.until(first("(call $twice"))
    at_call = Position(session.position.instant + 1, 0)
    forward: list[Callable[[], Stop]] = [
        *(session.next, session.out, lambda: session.until(first("(if")))
    ]
    for level in Level:
        for move in forward:
            session.level, session.position = level, at_call
            assert move().reason is StopReason.BREAKPOINT
            assert session.state().next_instruction == "(i32.const 2)"
    session.level = Level.SOURCE
    session.until(first("(if"))
    after = session.position
    backward: list[Callable[[], Stop]] = [
        *(session.back_over, lambda: session.back_until(first("(call $twice")))
    ]
    for move in backward:
        session.position = after
        assert move().reason is StopReason.BREAKPOINT
        assert session.state().next_instruction == "(i32.const 2)"
    session.position = at_call
    session.step()
    in_callee = session.position
    session.step()
    assert session.position == after
    session.back()
    assert session.position == in_callee
    session.breaking.enable(inside.number, False)
    session.position = at_call
    assert session.next().reason is StopReason.STEP


def test_counts() -> None:
    """S9: every move takes a count, stops at a breakpoint, and says how far it came."""
    session = session_of(LINES)
    session.level = Level.INSTRUCTION
    session.finish()
    end = session.timeline.end
    assert end
    stop = session.step(end + 5)
    assert (stop.moved, stop.reason) == (end, StopReason.END)
    assert stop.message == f"moved {end} of {end + 5}: the run has returned"
    assert session.step(2).message.endswith("this is the end of the run: nothing is after it")
    assert session.back(3).moved == 3
    session.level = Level.SOURCE
    session.restart()
    assert session.until(first("(call $twice"), count=2).moved == 2
    second = session.position.instant
    session.add_breakpoint(Level.SOURCE, first("(call $twice"))
    session.restart()
    stop = session.continue_(2)
    assert (stop.moved, session.position.instant) == (1, second - (second - hits_first(session)))
    before = session.position
    with pytest.raises(CommandError, match="the run ends at instant"):
        session.goto(end + 1)
    assert session.position == before


def hits_first(session: Session) -> int:
    """The first instant at which a breakpoint stands."""
    return session.hits(0, session.timeline.frontier, 1)[0]


STATE = """;; profile: core
(local $a i32) (local $b i32)
(local.set $a (i32.const 0))
(i32.store (i32.const 40) (i32.add (local.get $a) (i32.const 7)))
(block $outer (loop
  (local.set $b (i32.load offset=4 (i32.const 36)))))
(call $f (local.get $b)) (drop)
(local.get $a)
(func $f (param $n i32) (result i32) (local $k i32)
  (local.tee $k (local.get $n)))
"""


def slot(frame: Frame, name: str) -> LocalSlot:
    """A local by its name."""
    return next(item for item in frame.locals if item.name == name)


def texts(session: Session, slots: tuple[Slot, ...]) -> list[str]:
    """The forms of the source that pushed the values of a stack."""
    text = session.program.source.text
    return [text[s.pushed_by.start : s.pushed_by.end] if s.pushed_by else "" for s in slots]


def test_marks() -> None:
    """L3: what the last instruction changed, what the next one reads and writes, what is unset."""
    session = session_of(STATE)
    run = session.state().frames[0]
    assert [(s.name, s.written) for s in run.locals] == [("$a", False), ("$b", False)]
    session.goto(1)
    run = session.state().frames[0]
    assert (slot(run, "$a").written_next, slot(run, "$a").changed) == (True, False)
    assert [(s.value, s.changed, s.read_next) for s in run.stack] == [(0, True, True)]
    session.goto(2)
    run = session.state().frames[0]
    # Set to 0 for the first time: that is a change.
    assert (slot(run, "$a").changed, slot(run, "$a").written) == (True, True)
    assert not slot(run, "$b").written
    session.goto(3)
    assert slot(session.state().frames[0], "$a").read_next
    session.goto(6)
    state = session.state()
    assert [(s.value, s.changed, s.read_next) for s in state.frames[0].stack] == [
        *((40, False, True), (7, True, True))
    ]
    assert state.memory_written == ()
    session.goto(7)
    assert session.state().memory_written == ((40, 44),)
    assert session.memory(40, 4) == (7).to_bytes(4, "little")
    session.goto(6)
    assert session.memory(40, 4) == bytes(4)
    session.goto(10)
    assert session.state().memory_read_next == ((40, 44),)


# Body and helpers of a program, and the form that pushed its result.
RETURNS = {
    "at the end": ("(i32.const 1)", "(i32.const 1)"),
    "return": ("(return (i32.const 1)) (i32.const 2)", "(i32.const 1)"),
    "in a macro": (
        "(local $e i32) (local.set $e (i32.const 3)) (check $e) (i32.const 2)",
        "(check $e)",
    ),
    "more below": ("i32.const 1 i32.const 2 return (i32.const 3)", "i32.const 2"),
    "br": ("(block (br 1 (i32.const 1))) (i32.const 2)", "(i32.const 1)"),
    "br_if": (
        "(block (br_if 1 (i32.const 1) (i32.const 5)) (local.set $x)) (local $x i32) (i32.const 2)",
        "(i32.const 1)",
    ),
    "br to a block": ("(block $b (result i32) (br $b (i32.const 1)))", "(block $b"),
    "in a callee": ("(call $f) (func $f (result i32) (return (i32.const 1)))", "(call $f)"),
}


@pytest.mark.parametrize("name", RETURNS)
def test_what_pushed_the_result(name: str) -> None:
    """L2: at the end of a run too, however it returned."""
    body, form = RETURNS[name]
    session = session_of(body)
    session.finish()
    session.goto(session.timeline.frontier)
    (pushed,) = texts(session, session.state().frames[0].stack)
    assert pushed.startswith(form)


def test_what_a_state_holds() -> None:
    """L2: frames with their locals, the forms that pushed the values, labels, memory, fuel."""
    session = session_of(STATE)
    session.goto(10)
    frame = session.state().frames[0]
    assert frame.labels == ("$outer", "loop")
    assert texts(session, frame.stack) == ["(i32.const 36)"]
    session.goto(14)
    state = session.state()
    assert [(f.kind, f.name) for f in state.frames] == [("function", "f"), ("function", "run")]
    inner, outer = state.frames
    assert [(s.name, s.value, s.parameter, s.written) for s in inner.locals] == [
        *(("$n", 7, True, True), ("$k", 0, False, False))
    ]
    assert outer.labels == ()
    assert STATE[outer.source.start :].startswith("(call $f")
    assert slot(outer, "$b").value == 7
    assert (state.pages, state.fuel_limit) == (1, 20_000)
    assert state.position == Position(14, 0)
    session.goto(16)
    [value] = session.state().frames[0].stack
    assert (value.value, value.changed) == (7, True)
    assert texts(session, (value,)) == ["(call $f (local.get $b))"]


def test_the_end_is_there_to_be_looked_at() -> None:
    """Words, S10: the outermost frame stays, the stack holds the results, the cursor the last form.

    Also where the run ends within calls, in the instant of the innermost function's last
    instruction.
    """
    text = """(func $f (param $n i32) (result i32) (local $k i32)
  (local.set $k (local.get $n)) (local.get $k))
(func $g (result i32) (call $f (i32.const 9)))
(call $g)
"""
    for level in Level:
        session = session_of(text)
        session.level = level
        assert session.continue_().reason is StopReason.END
        state = session.state()
        assert state.ended
        assert state.results == (9,)
        assert [frame.name for frame in state.frames] == ["run"]
        assert [s.value for s in state.frames[0].stack] == [9]
        assert state.frames[0].locals == ()
        assert text[state.source_line.start : state.source_line.end] == "(call $g)"
        session.back()
        assert [frame.name for frame in session.state().frames] == ["f", "g", "run"]


def test_a_host_call_is_one_line() -> None:
    """L5: instant, name, arguments with their text, answer, error's name, duration, origin."""
    session = session_of('(argv 0 $p)\n(resv "é\\n")\n(i32.const 0)\n', ("one two",))
    session.continue_()
    argv, resv = session.state().calls
    assert (argv.instant, argv.function, argv.error) == (2, "sys.argv", None)
    assert argv.origin is CallOrigin.LIVE
    line = call_text(argv)
    assert line.split("  ")[-4:-2] == ['sys.argv(0) → "one two"', "OK"]
    assert line.endswith(" ms  live")
    assert line.split()[0] == "2"
    assert 'sys.resv("é\\n") → -' in call_text(resv)
    failed = session_of("(call $sys.argv (i32.const 4)) (local $p i32) (local.set $p)\n")
    failed.continue_()
    assert "sys.argv(4) → 0  ENOENT" in call_text(failed.calls()[0])


def test_host_state_goes_back_and_the_world_does_not(tmp_path: Path) -> None:
    """L6, Frontier: log, value and calls are the instant's; the store is written once, live."""
    path = tmp_path / "store.db"
    session = session_of(
        '(local $e i32)\n(call $dbg.log "first")\n(call $kv.set "k" "ours") (local.set $e)\n'
        '(call $dbg.i32 (i32.const -5))\n(resv "done")\n(local.get $e)\n',
        grants=(f"kv={path}",),
    )
    session.step(9)
    session.continue_()
    end = session.position.instant
    assert session.state().log == ("first", -5)
    assert session.state().result_value == "done"
    with sqlite3.connect(path) as store:
        [[table]] = store.execute("select name from sqlite_master where type = 'table'").fetchall()
        [[value]] = store.execute(f"select value from {table}").fetchall()
        assert value in {"ours", b"ours"}
        store.execute(f"update {table} set value = 'theirs'")
    store.close()
    seen = []
    for instant in range(end, -1, -1):
        session.goto(instant)
        state = session.state()
        seen.append((len(state.log), len(state.calls), state.result_value))
        assert state.calls == session.calls()[: len(state.calls)]
    assert seen[0] == (2, 4, "done")
    assert seen[-1] == (0, 0, None)
    assert sorted(seen, key=lambda row: row[:2], reverse=True) == seen
    session.restart()
    session.continue_()
    with sqlite3.connect(path) as store:
        assert store.execute(f"select value from {table}").fetchall() == [("theirs",)]
    store.close()
    session.close()

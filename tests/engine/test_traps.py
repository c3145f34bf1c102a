"""LANGUAGE.md 7: every way a run can be stopped, its kind, and the form that it stopped at."""

from __future__ import annotations

import threading
from typing import NamedTuple

import pytest

from tests.engine.executors import EXECUTORS
from tests.engine.stepping import program_of
from watstep.host.settings import RunLimits, RunSettings
from watstep.machine.outcome import Outcome, TrapKind, trap_place
from watstep.native.runner import run_native
from watstep.source.text import Source


class Case(NamedTuple):
    """A program, why its run ends, and the form (its first characters) in a function."""

    name: str
    text: str
    kind: TrapKind
    form: str
    function: str = "$run"
    limits: RunLimits = RunLimits()


CORE = ";; profile: core\n"

CASES = (
    Case("unreachable", f"{CORE}  (unreachable)", TrapKind.UNREACHABLE, "(unreachable)"),
    Case(
        "in a helper",
        f"{CORE}(func $deep (param $x i32)\n  (unreachable))\n"
        "(call $deep (i32.const 3))\n(i32.const 0)",
        TrapKind.UNREACHABLE,
        "(unreachable)",
        "$deep",
    ),
    Case(
        "flat",
        "i32.const 1\ni32.const 0\n  i32.rem_s\n",
        TrapKind.DIVIDE_BY_ZERO,
        "i32.rem_s",
    ),
    Case(
        "as an operand",
        '(call $dbg.log "é") (i32.add (i32.const 1) (i32.div_s (i32.const 1) (i32.const 0)))',
        TrapKind.DIVIDE_BY_ZERO,
        "(i32.div_s",
    ),
    Case(
        "overflow",
        "(i32.div_s (i32.const -2147483648) (i32.const -1))",
        TrapKind.INTEGER_OVERFLOW,
        "(i32.div_s",
    ),
    Case(
        "load",
        '(local $p i32) (local.set $p "text")\n(i32.load (i32.const -4))',
        TrapKind.OUT_OF_BOUNDS,
        "(i32.load",
    ),
    Case(
        "store in a block",
        "(block\n  (i32.store offset=65533 (i32.const 0) (i32.const 1)))\n(i32.const 0)",
        TrapKind.OUT_OF_BOUNDS,
        "(i32.store",
    ),
    Case(
        "recursion",
        "(func $again\n  (call $again))\n(call $again)\n(i32.const 0)",
        TrapKind.CALL_DEPTH,
        "(call $again))",
        "$again",
    ),
    Case(
        "a bad pointer",
        "(func $say (param $p i32)\n  (call $dbg.log (local.get $p)))\n"
        "(call $say (i32.const 0))\n(i32.const 0)",
        TrapKind.HOST,
        "(call $dbg.log",
        "$say",
    ),
    Case(
        "a bad pointer in a macro",
        "(i32.const 0)\n  (resv (i32.const -1))",
        TrapKind.HOST,
        "(resv",
    ),
    Case(
        "host calls in a macro",
        '(call $dbg.log "one")\n (argv 0 $p)\n(i32.const 0)',
        TrapKind.HOST_LIMIT,
        "(argv",
        limits=RunLimits(host_calls=1),
    ),
    Case(
        "log",
        '(call $dbg.log "four")\n  (call $dbg.i32 (i32.const 1))\n(i32.const 0)',
        TrapKind.HOST_LIMIT,
        "(call $dbg.i32",
        limits=RunLimits(log_bytes=4),
    ),
    Case(
        "fuel in a loop",
        "(func $spin\n  (loop $l\n    (br $l)))\n(call $spin)\n(i32.const 0)",
        TrapKind.OUT_OF_FUEL,
        "(loop",
        "$spin",
        RunLimits(fuel=1000),
    ),
    Case(
        "fuel at an entry",
        "(func $f (param $x i32) (result i32) (local $y i32)\n  (i32.add (local.get $x)"
        " (i32.const 1)))\n(call $f (i32.const 1))",
        TrapKind.OUT_OF_FUEL,
        "(local.get $x)",
        "$f",
        RunLimits(fuel=4),
    ),
    Case(
        "fuel at an empty function",
        "(func $f)\n(call $f) (i32.const 1)",
        TrapKind.OUT_OF_FUEL,
        ")\n",
        "$f",
        RunLimits(fuel=3),
    ),
    Case(
        "fuel at the first entry",
        "(i32.const 1)",
        TrapKind.OUT_OF_FUEL,
        "(i32.const 1)",
        limits=RunLimits(fuel=1),
    ),
    Case(
        "calls without end",
        "(func $r (param $n i32) (result i32)\n"
        "  (call $r (i32.add (local.get $n) (i32.const 1))))\n"
        "(call $r (i32.const 0))",
        TrapKind.CALL_DEPTH,
        "(call $r (i32.add",
        "$r",
    ),
    Case(
        "time",
        "(func $spin\n  (loop $l (br $l)))\n(call $spin)\n(i32.const 0)",
        TrapKind.TIME,
        "(loop",
        "$spin",
        RunLimits(fuel=1 << 60, seconds=0.05),
    ),
)


def placed(case: Case, outcome: Outcome) -> None:
    """The outcome is the case's, down to line and column."""
    program = program_of(case.text)
    assert outcome.trap is not None
    assert outcome.trap.kind is case.kind, outcome.trap.message
    assert outcome.results == ()
    at = Source("", case.text).position(case.text.index(case.form))
    place = trap_place(program, outcome.trap)
    assert place is not None
    # Where in the loop the clock catches it is chance.
    column = place[1] if case.kind is TrapKind.TIME else at.column
    assert place == (at.line, column, case.function)


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_trap_tells_its_form(case: Case, executor: str) -> None:
    """Kind, line, column and function are those of the form in the source, in macros too."""
    outcome = EXECUTORS[executor](program_of(case.text), RunSettings(limits=case.limits))
    placed(case, outcome)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_memory_has_a_limit(executor: str) -> None:
    """LANGUAGE.md 7: `memory.grow` answers -1 past the limit, the host ENOMEM; 256 by default."""
    text = """(local $host i32) (call $sys.alloc (i32.const 65536)) (local.set $host) (local $p i32)
    (local.set $p) (i32.add (i32.mul (i32.const 1000) (local.get $host))
      (memory.grow (i32.const 1)))"""
    run = EXECUTORS[executor]
    for pages, answer in ((1, 4000 - 1), (2, -1 + 0), (3, 2)):
        outcome = run(program_of(text), RunSettings(limits=RunLimits(memory_pages=pages)))
        assert outcome.results == (answer,), pages
    grown = run(program_of("(memory.grow (i32.const 255))"), RunSettings())
    refused = run(program_of("(memory.grow (i32.const 256))"), RunSettings())
    assert (grown.results, refused.results) == ((1,), (-1,))


def test_depth_is_the_machines() -> None:
    """LANGUAGE.md 7: calls nest 10,000 deep on the machine, and as deep as is asked for."""
    text = """(func $down (param $n i32) (if (i32.gt_s (local.get $n) (i32.const 0))
      (then (call $down (i32.sub (local.get $n) (i32.const 1))))))
    (call $down (i32.const DEPTH)) (i32.const 0)"""
    run = EXECUTORS["machine"]
    # `run`, `$down` of n and n more below it.
    for depth, limit in ((10_000, 10_000), (7, 7)):
        deepest = program_of(text.replace("DEPTH", str(depth - 2)))
        assert run(deepest, RunSettings(limits=RunLimits(call_depth=limit))).trap is None
        deeper = program_of(text.replace("DEPTH", str(depth - 1)))
        trap = run(deeper, RunSettings(limits=RunLimits(call_depth=limit))).trap
        assert trap
        assert trap.kind is TrapKind.CALL_DEPTH


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_default_limits(executor: str) -> None:
    """LANGUAGE.md 7: 100,000 host calls and 1 MiB of log; the call past them is not made."""
    run = EXECUTORS[executor]
    text = '(loop $l (call $dbg.log "' + "x" * 4096 + '") (br $l)) (i32.const 0)'
    asking = "(local $n i32) (loop $l (local.set $n (call $sys.argc)) (br $l)) (i32.const 0)"
    many = run(program_of(asking), RunSettings())
    assert len(many.calls) == 100_000
    loud = run(program_of(text), RunSettings())
    assert sum(len(str(entry)) for entry in loud.log) == 1 << 20
    for outcome in (many, loud):
        assert outcome.trap
        assert outcome.trap.kind is TrapKind.HOST_LIMIT


def test_two_runs_at_once_keep_their_ends_apart() -> None:
    """What a host function ends one run with never ends another that runs beside it."""
    bad = program_of("(call $dbg.log (i32.const 0)) (i32.const 0)")
    loud = program_of('(call $dbg.log "12345") (i32.const 0)')
    dividing = program_of("(i32.div_s (i32.const 1) (i32.const 0))")
    limits = RunLimits(log_bytes=4)
    expected = {
        TrapKind.HOST: (bad, RunLimits()),
        TrapKind.HOST_LIMIT: (loud, limits),
        TrapKind.DIVIDE_BY_ZERO: (dividing, RunLimits()),
    }
    wrong: list[object] = []

    def repeat(kind: TrapKind) -> None:
        program, settings = expected[kind][0], RunSettings(limits=expected[kind][1])
        for _ in range(60):
            trap = run_native(program, settings).trap
            if trap is None or trap.kind is not kind or trap.pc is None:
                wrong.append((kind, trap))

    threads = [threading.Thread(target=repeat, args=(kind,)) for kind in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []

"""STEPPING.md P3: the fuel rule, counted by hand, on the machine and on real wasmtime."""

from __future__ import annotations

from importlib.metadata import version
from typing import NamedTuple

import pytest

from tests.engine.executors import EXECUTORS
from tests.engine.stepping import program_of
from watstep.host.settings import RunLimits, RunSettings
from watstep.machine.outcome import Outcome, TrapKind, trap_place
from watstep.wasm.instructions import INSTRUCTIONS

PAGES = 4
MODULE = """;; profile: core
(module
  (import "sys" "argc" (func $argc (result i32)))
  (import "env" "memory" (memory 1))
  (func $empty)
  (func $three (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "run") (result i32) (local i32)
    {body}))"""


class Row(NamedTuple):
    """A body and the fuel of the whole run; entering `run` is 1 of it."""

    name: str
    body: str
    fuel: int


ROWS = (
    Row("i32.const", "i32.const 0", 1 + 1),
    Row("nop", "nop nop i32.const 0", 1 + 1),
    Row("drop", "i32.const 1 drop i32.const 0", 1 + 2),
    Row("block", "block block end end i32.const 0", 1 + 1),
    Row("loop", "loop loop end end i32.const 0", 1 + 1),
    Row("end", "block (result i32) i32.const 0 end", 1 + 1),
    Row("if", "i32.const 1 if nop end i32.const 0", 1 + 1 + 1 + 1),
    Row("if", "i32.const 0 if i32.const 1 drop end i32.const 0", 1 + 1 + 1 + 1),
    Row("else", "i32.const 0 if nop else nop end i32.const 0", 1 + 1 + 1 + 1),
    Row("br", "block br 0 end i32.const 0", 1 + 1 + 1),
    Row("br", "block br 0 i32.const 1 drop end i32.const 0", 1 + 1 + 1),
    Row("br_if", "block i32.const 1 br_if 0 nop end i32.const 0", 1 + 1 + 1 + 1),
    Row("br_if", "block i32.const 0 br_if 0 nop end i32.const 0", 1 + 1 + 1 + 1),
    Row("br_table", "block block i32.const 1 br_table 0 1 0 end end i32.const 0", 1 + 2 + 1),
    Row("return", "i32.const 0 return", 1 + 1),
    Row("call", "call $empty i32.const 0", 1 + (1 + 1) + 1),
    Row("call", "i32.const 4 call $three", 1 + 1 + (1 + 1 + 3)),
    Row("call", "call $argc", 1 + 1),
    Row("select", "i32.const 1 i32.const 2 i32.const 3 select", 1 + 3 + 1),
    Row("local.get", "local.get 0", 1 + 1),
    Row("local.set", "i32.const 1 local.set 0 i32.const 0", 1 + 1 + 1 + 1),
    Row("local.tee", "i32.const 1 local.tee 0", 1 + 1 + 1),
    Row("memory.size", "memory.size", 1 + 1),
    Row("memory.grow", "i32.const 0 memory.grow", 1 + 1 + 1),
    Row("memory.grow", "i32.const 3 memory.grow", 1 + 1 + 1 + 3),
    Row("memory.grow", "memory.size memory.grow", 1 + 1 + 1 + 1),
    # A constant of no more than 128 is paid for also where it is refused, all others are not.
    Row("memory.grow", "i32.const 128 memory.grow", 1 + 1 + 1 + 128),
    Row("memory.grow", "i32.const 129 memory.grow", 1 + 1 + 1),
    Row("memory.grow", "memory.size i32.const 9 i32.mul memory.grow", 1 + 3 + 1),
    Row("unreachable", "unreachable", 1),
    *(
        Row(name, f"i32.const 0 {name}", 1 + 1 + 1)
        for name in INSTRUCTIONS
        if "load" in name or INSTRUCTIONS[name].type == INSTRUCTIONS["i32.eqz"].type
        if name != "memory.grow"
    ),
    *(
        Row(name, f"i32.const 8 i32.const 2 {name} i32.const 0", 1 + 2 + 1 + 1)
        for name in INSTRUCTIONS
        if "store" in name
    ),
    *(
        Row(name, f"i32.const 8 i32.const 2 {name}", 1 + 2 + 1)
        for name, row in INSTRUCTIONS.items()
        if row.type == INSTRUCTIONS["i32.add"].type
    ),
    Row(
        "a loop of five rounds",
        "i32.const 5 local.set 0 loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end"
        " i32.const 0",
        1 + 2 + 5 * 5 + 1,
    ),
)


def run(executor: str, body: str, fuel: int = 1000) -> Outcome:
    """The body's run in a memory of at most `PAGES`."""
    limits = RunLimits(fuel=fuel, memory_pages=PAGES)
    return EXECUTORS[executor](program_of(MODULE.format(body=body)), RunSettings(limits=limits))


def test_every_instruction_is_counted() -> None:
    """The table leaves nothing out that this version runs."""
    assert set(INSTRUCTIONS) <= {row.name for row in ROWS}


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row.name}" for n, row in enumerate(ROWS)])
def test_costs(row: Row, executor: str) -> None:
    """Both executors count what the rule says."""
    outcome = run(executor, row.body)
    assert outcome.fuel == row.fuel
    assert (outcome.trap is None) == (row.name != "unreachable")


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row.name}" for n, row in enumerate(ROWS)])
def test_the_table_tells_the_cost(row: Row) -> None:
    """What help says of an instruction is what it costs; a call and a grow cost more besides."""
    if row.name in INSTRUCTIONS:
        free = {"nop", "drop", "block", "loop", "else", "end", "return", "unreachable"}
        assert INSTRUCTIONS[row.name].fuel == (0 if row.name in free else 1)


STRAIGHT = "i32.const 0 " + "i32.const 1 i32.add " * 500
GROWN = "memory.size memory.grow"
ENDS: tuple[tuple[str, int, str | None], ...] = (
    # (body, fuel, the form where it is out of fuel)
    (STRAIGHT, 1, "i32.const 0"),
    (STRAIGHT, 2, None),
    ("loop end i32.const 0", 1, "loop"),
    ("loop end i32.const 0", 2, None),
    ("nop loop nop end loop nop end i32.const 0", 1, "nop"),
    ("i32.const 1 drop loop end i32.const 0", 2, "loop"),
    ("i32.const 1 drop loop end i32.const 0", 3, None),
    ("i32.const 4 call $three", 4, "(local.get 0)"),
    ("i32.const 4 call $three", 5, None),
    ("call $argc drop call $argc", 2, None),
    (f"{GROWN} i32.const 1 i32.add", 4, GROWN),
    (f"{GROWN} i32.const 1 i32.add", 5, None),
    ("i32.const 1 memory.grow", 2, None),
)


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("case", ENDS, ids=range(len(ENDS)))
def test_where_fuel_is_looked_at(case: tuple[str, int, str | None], executor: str) -> None:
    """At the entry of a function, of a loop each time round, and after a grow; nowhere else."""
    body, fuel, form = case
    outcome = run(executor, body, fuel)
    if form is None:
        assert outcome.trap is None
        return
    assert outcome.trap
    assert outcome.trap.kind is TrapKind.OUT_OF_FUEL
    program = program_of(MODULE.format(body=body))
    at = program.source.position(program.source.text.index(form))
    place = trap_place(program, outcome.trap)
    assert place
    # wasmtime names the grow itself, the machine what comes after it.
    column = place[1] if form == GROWN else at.column
    assert place[:2] == (at.line, column)


def test_the_version_whose_rule_this_is() -> None:
    """The rule changed between majors: the range is the one that it was held against."""
    assert version("wasmtime").split(".")[0] in {"49", "50"}

"""P3: what `memory.grow` costs, and where it stops a run, is the same on both executors."""

from __future__ import annotations

import pytest

from tests.engine.stepping import program_of
from watstep.host.settings import RunLimits, RunSettings
from watstep.machine.outcome import TrapKind
from watstep.machine.run import run_machine
from watstep.native.runner import run_native

REQUESTS = {
    "as it stands": "(memory.grow (i32.const 3))",
    "through a local": "(local.set 0 (i32.const 3)) (memory.grow (local.get 0))",
    "through a tee": "(memory.grow (local.tee 0 (i32.const 3)))",
    "from two ways out of a block": (
        "(memory.grow (block (result i32) (br_if 0 (i32.const 3) (i32.const 1))))"
    ),
    "into a block": "(i32.const 3) (block (param i32) (result i32) (memory.grow))",
    "into a loop": "(i32.const 3) (loop (param i32) (result i32) (memory.grow))",
    "out of a loop": "(memory.grow (loop (result i32) (i32.const 3)))",
    "into an else": (
        "(i32.const 3) (i32.const 0) (if (param i32) (result i32) (then (drop) (i32.const 9)) "
        "(else (memory.grow)))"
    ),
    "two equal constants": (
        "(memory.grow (if (result i32) (i32.const 1) (then (i32.const 3)) (else (i32.const 3))))"
    ),
    "past a block": (
        "(local.set 0 (i32.const 3)) (block (br_if 0 (i32.const 0)) (nop)) (memory.grow "
        "(local.get 0))"
    ),
    "in a loop": "(local.set 0 (i32.const 3)) (loop (result i32) (memory.grow (local.get 0)))",
    "past a loop that does not read it": (
        "(local.set 0 (i32.const 3)) (loop (br_if 0 (i32.const 0))) (memory.grow (local.get 0))"
    ),
    "past a loop that reads it": (
        "(local.set 0 (i32.const 3)) (loop (drop (local.get 0)) (br_if 0 (i32.const 0))) "
        "(memory.grow (local.get 0))"
    ),
    "set in the loop": (
        "(loop (result i32) (local.set 0 (i32.const 3)) (memory.grow (local.get 0)) (br_if 0 "
        "(i32.const 0)))"
    ),
    "set in both arms": (
        "(i32.const 1) (if (then (local.set 0 (i32.const 3))) (else (local.set 0 (i32.const "
        "3)))) (memory.grow (local.get 0))"
    ),
    "past an arm that sets another": (
        "(local.set 0 (i32.const 3)) (if (i32.const 1) (then (local.set 1 (i32.const 3)))) "
        "(memory.grow (local.get 0))"
    ),
    "set in the arm that goes on": (
        "(i32.const 1) (if (then (local.set 0 (i32.const 3))) (else (unreachable))) "
        "(memory.grow (local.get 0))"
    ),
    "copied in both arms": (
        "(local.set 0 (i32.const 3)) (if (i32.const 1) (then (local.set 1 (local.get 0))) "
        "(else (local.set 1 (local.get 0)))) (memory.grow (local.get 1))"
    ),
    "under a loop": "(i32.const 3) (loop (br_if 0 (i32.const 0))) (memory.grow)",
    "past a table of branches": (
        "(block $a (local.set 0 (i32.const 3)) (block (br_table 0 0 (i32.const 0))) "
        "(local.set 1 (i32.const 7))) (memory.grow (local.get 0))"
    ),
    "through a select": "(memory.grow (select (i32.const 3) (i32.const 3) (i32.const 1)))",
    "past a loop within a loop": (
        "(local.set 0 (i32.const 3)) (loop (loop (br_if 0 (i32.const 0))) (memory.grow "
        "(local.get 0)) (local.set 1) (br_if 0 (i32.const 0))) (local.get 1)"
    ),
    "past a loop never repeated": (
        "(local.set 0 (i32.const 3)) (loop (nop)) (memory.grow (local.get 0))"
    ),
    "past a loop within the loop that set it": (
        "(loop (local.set 0 (i32.const 3)) (loop (br_if 0 (i32.const 0)))  (memory.grow "
        "(local.get 0)) (local.set 1) (br_if 0 (i32.const 0))) (local.get 1)"
    ),
    "more than 128 pages": "(memory.grow (i32.const 129))",
    "past code that never runs": (
        "(local.set 0 (i32.const 3)) (block (br 0) (local.set 0 (i32.const 4))) (memory.grow "
        "(local.get 0))"
    ),
}
"""Ways for a number of pages to reach a `memory.grow`."""


@pytest.mark.parametrize("body", REQUESTS.values(), ids=REQUESTS)
def test_constant_requests(body: str) -> None:
    """Wasmtime charges some requests that fail, and looks at no limit after them: so do we."""
    text = f";; profile: core\n(local $a i32) (local $b i32)\n{body}\n"
    program = program_of(text)
    for pages in (2, 8):
        used = run_native(program, RunSettings(limits=RunLimits(memory_pages=pages))).fuel
        for fuel in (used + 1, used, used - 1, used - 2, used - 3, 100_000):
            settings = RunSettings(limits=RunLimits(fuel=fuel, memory_pages=pages))
            native, stepped = run_native(program, settings), run_machine(program, settings)
            assert native.results == stepped.results, (pages, fuel)
            # Where it ran out of fuel wasmtime tells its limit, the machine all that was used.
            told = stepped.fuel if stepped.trap is None else min(stepped.fuel, fuel)
            assert native.fuel == told, (pages, fuel)
            places = [
                (o.trap.kind, o.trap.function, o.trap.pc) if o.trap else None
                for o in (native, stepped)
            ]
            assert places[0] == places[1], (pages, fuel)


@pytest.mark.parametrize(
    "body",
    [
        "(memory.grow (i32.const 3))",
        "(local $n i32) (memory.grow (local.tee $n (i32.const 3))) drop unreachable",
    ],
)
def test_exact_fuel(body: str) -> None:
    """In exact mode a run stops at the `memory.grow` whose pages pass the limit, however late."""
    program = program_of(f";; profile: core\n{body}")
    for fuel in range(2, 8):
        exact = run_machine(program, RunSettings(limits=RunLimits(fuel=fuel, exact_fuel=True)))
        stopped = exact.trap is not None and exact.trap.kind is TrapKind.OUT_OF_FUEL
        assert stopped == (fuel < run_machine(program, RunSettings()).fuel), fuel
        assert exact.fuel <= fuel

"""P1, P3: wasmtime and the machine agree on every example, and with what it says of itself."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.stepping import program_of
from tests.support import EXAMPLES
from watstep.debug.agreement import first_difference
from watstep.host.grants import parse_grants
from watstep.host.settings import RunLimits, RunSettings
from watstep.host.tape import HostCall, Value
from watstep.machine.outcome import TrapKind
from watstep.machine.run import run_machine
from watstep.native.runner import run_native

OFFLINE = sorted(path for path in EXAMPLES.glob("*.wat") if "$http." not in path.read_text("utf-8"))


def said(calls: tuple[HostCall, ...]) -> list[object]:
    """What host calls asked and answered."""
    return [(call.function, call.arguments, call.results, call.trap) for call in calls]


@pytest.mark.parametrize("path", OFFLINE, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    """P1: result, trap kind, memory, host calls and fuel are the same on both."""
    text = path.read_text("utf-8")
    program = program_of(text, path.name)
    grants = parse_grants(re.findall(r";; grant: (\S+)", text))
    settings = RunSettings(grants=grants, limits=RunLimits(fuel=2_000_000))
    native = run_native(program, settings)
    stepped = run_machine(program, settings)
    kinds = [outcome.trap.kind if outcome.trap else None for outcome in (native, stepped)]
    assert kinds[0] is kinds[1]
    if "recursion" not in path.stem:
        assert native.memory == stepped.memory
        assert said(native.calls) == said(stepped.calls)
        assert native.results == stepped.results
    if native.trap is None:
        assert native.fuel == stepped.fuel
    expected = re.search(r";; expect: (-?\d+)", text)
    if expected:
        assert native.results == (int(expected[1]),)


@pytest.mark.parametrize("extra", range(-3, 3))
@pytest.mark.parametrize("name", ["sum.wat", "factorial.wat", "collatz.wat"])
def test_fuel_around_the_used_amount(name: str, extra: int) -> None:
    """P3: both run out at the same place or not at all; in exact mode at the very unit."""
    program = program_of((EXAMPLES / name).read_text("utf-8"))
    used = run_machine(program, RunSettings()).fuel
    limits = RunLimits(fuel=used + extra)
    native = run_native(program, RunSettings(limits=limits))
    stepped = run_machine(program, RunSettings(limits=limits))
    assert (native.trap is None) == (stepped.trap is None)
    exact = run_machine(program, RunSettings(limits=RunLimits(fuel=used + extra, exact_fuel=True)))
    assert (exact.trap is None) == (extra >= 0)
    assert exact.fuel <= used + extra


def test_where_a_session_would_disagree() -> None:
    """P2: the first difference is named; the call that was one too many is on no tape."""
    text = "(loop $l (call $dbg.i32 (i32.const 1)) (br $l))\n(i32.const 0)\n"
    program, settings = program_of(text), RunSettings(limits=RunLimits(host_calls=5))
    made = run_machine(program, settings)
    assert made.trap
    assert made.trap.kind is TrapKind.HOST_LIMIT
    assert first_difference(program, settings, made) is None

    program, settings = program_of("(call $dbg.i32 (i32.const 1))\n(i32.const 6)\n"), RunSettings()
    made = run_machine(program, settings)
    assert first_difference(program, settings, made) is None
    [call] = made.calls
    other = replace(call, arguments=(Value(2),))
    wrong: dict[str, dict[str, Any]] = {
        "the end: returned on the machine, host call on wasmtime: call 0": {"calls": (other,)},
        "the results: (5,) on the machine, (6,) on wasmtime": {"results": (5,)},
        "the number of host calls: 2 on the machine, 1": {"calls": (call, call)},
        "the fuel: 1 on the machine, 4": {"fuel": 1},
        "the memory, first at 7": {"memory": bytes(7) + b"x" + made.memory[8:]},
        "the memory's size": {"memory": made.memory + bytes(65536)},
    }
    for said, change in wrong.items():
        found = first_difference(program, settings, replace(made, **change))
        assert found
        assert found.startswith(said)

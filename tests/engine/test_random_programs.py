"""P1, P3: wasmtime and the machine agree on random programs, fuel limits among them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.programs import MacroWriter, Writer
from tests.engine.stepping import program_of
from watstep.debug.agreement import first_difference
from watstep.host.live import LiveHost
from watstep.host.settings import RunLimits, RunSettings
from watstep.host.tape import HostCall
from watstep.machine.outcome import TrapKind
from watstep.machine.run import run_machine
from watstep.native.runner import StoreMemory, _Run, run_native

PROGRAMS = 500
"""In each of the four chunks, so that they can run side by side."""


@pytest.mark.parametrize("chunk", range(4))
def test_random_programs_agree(chunk: int) -> None:
    """P1, P3: result or trap kind, memory, host calls, fuel at a normal end and around it."""
    reached: dict[str, int] = {}
    traps: dict[TrapKind | None, int] = {}
    for seed in range(chunk * PROGRAMS, (chunk + 1) * PROGRAMS):
        writer = Writer(seed)
        program = program_of(writer.program())
        for feature in writer.features:
            reached[feature] = reached.get(feature, 0) + 1
        fuel = 200_000
        for limit in (fuel, None, None):
            limits = RunLimits(fuel=limit if limit else max(fuel - seed % 7, 1), memory_pages=4)
            native = run_native(program, RunSettings(limits=limits))
            stepped = run_machine(program, RunSettings(limits=limits))
            kinds = [o.trap.kind if o.trap else None for o in (native, stepped)]
            assert kinds[0] is kinds[1], (seed, limits.fuel, kinds)
            assert native.memory == stepped.memory, seed
            assert native.results == stepped.results, seed
            mine = [(c.function, c.arguments, c.results) for c in native.calls]
            assert mine == [(c.function, c.arguments, c.results) for c in stepped.calls], seed
            if native.trap is None:
                assert native.fuel == stepped.fuel, seed
            traps[kinds[0]] = traps.get(kinds[0], 0) + 1
            fuel = stepped.fuel + 3
    for feature in ("call", "loop", "host", "multi-value", "load", "store", "grow", "br_table"):
        assert reached[feature] >= PROGRAMS // 8, reached
    assert traps[TrapKind.DIVIDE_BY_ZERO] >= 5
    assert traps[TrapKind.OUT_OF_FUEL] >= 20
    assert traps[None] >= PROGRAMS


Asked = list[tuple[str, int]]
"""Each host call's name and the fuel used when it is made."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Asked]:
    """What each executor asks the host from now on."""
    found: dict[str, Asked] = {"wasmtime": [], "machine": []}
    native, live = _Run._call, LiveHost.call

    def called(run: _Run, name: str, port: StoreMemory, given: tuple[int, ...]) -> tuple[int, ...]:
        used = run.settings.limits.fuel - port._store.get_fuel()
        found["wasmtime"].append((name, used))
        return native(run, name, port, given)

    def made(host: LiveHost, name: str, given: Any, memory: Any, instant: int | None) -> HostCall:
        if instant is not None:
            # The call itself has been paid for when it is made.
            found["machine"].append((name, memory._machine.fuel + 1))
        return live(host, name, given, memory, instant)

    monkeypatch.setattr(_Run, "_call", called)
    monkeypatch.setattr(LiveHost, "call", made)
    return found


@pytest.mark.parametrize("writer", [Writer, MacroWriter])
def test_fuel_at_every_host_call(asked: dict[str, Asked], writer: type[Writer]) -> None:
    """P1, P3: with macros, strings and early returns too; and a session would agree (P2)."""
    calls = 0
    for seed in range(150):
        program = program_of(writer(seed).program())
        settings = RunSettings(("one",), limits=RunLimits(fuel=200_000, memory_pages=4))
        native, stepped = run_native(program, settings), run_machine(program, settings)
        assert asked["wasmtime"] == asked["machine"], seed
        calls += len(asked["machine"])
        for found in asked.values():
            found.clear()
        assert (native.results, native.memory) == (stepped.results, stepped.memory), seed
        assert first_difference(program, settings, stepped) is None, seed
        for found in asked.values():
            found.clear()
    assert calls > 150

"""Whether wasmtime agrees with a run of the machine, on the same answers (STEPPING.md P1, P2)."""

from __future__ import annotations

from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome, TrapKind
from watstep.pipeline import Program

_NOT_COMPARED = frozenset((TrapKind.TIME, TrapKind.CANCELLED, TrapKind.CALL_DEPTH))
"""Where a clock, a person or the depth of a native stack decides."""


def first_difference(program: Program, settings: RunSettings, made: Outcome) -> str | None:
    """Repeat a run of the machine on wasmtime and say the first thing that differs, if any."""
    from watstep.native.runner import run_native

    trap = made.trap
    if (trap and trap.kind in _NOT_COMPARED) or settings.limits.exact_fuel:
        return None
    native = run_native(program, settings, tape=made.calls)
    if native.trap and native.trap.kind in _NOT_COMPARED:
        return None
    kinds = [found.trap.kind.value if found.trap else None for found in (made, native)]
    compared: list[tuple[str, object, object]] = [
        ("the end", kinds[0] or "returned", kinds[1] or "returned"),
        ("the results", made.results, native.results),
        ("the number of host calls", len(made.calls), len(native.calls)),
    ]
    if trap is None:
        compared.append(("the fuel", made.fuel, native.fuel))
    for what, ours, theirs in compared:
        if ours != theirs:
            return f"{what}: {ours} on the machine, {theirs} on wasmtime"
    if made.memory != native.memory:
        pairs = enumerate(zip(made.memory, native.memory, strict=False))
        address = next((at for at, (ours, theirs) in pairs if ours != theirs), None)
        return "the memory's size" if address is None else f"the memory, first at {address}"
    return None

"""Whether wasmtime agrees with a run of the machine, on the same answers (STEPPING.md P1, P2)."""

from __future__ import annotations

from watstep.host.settings import RunSettings
from watstep.machine.outcome import UNSTEADY, Outcome, TrapKind
from watstep.pipeline import Program

NOT_REPEATED = "a value was changed by hand, which wasmtime cannot repeat"
"""Of a timeline with changes, which P2 does not hold for; one with other answers is repeated."""


def first_difference(program: Program, settings: RunSettings, made: Outcome) -> str | None:
    """Repeat a run of the machine on wasmtime and say the first thing that differs, if any."""
    from watstep.native.runner import run_native

    trap = made.trap
    if (trap and trap.kind in UNSTEADY) or settings.limits.exact_fuel:
        return None
    native = run_native(program, settings, tape=made.calls)
    if native.trap and native.trap.kind in UNSTEADY:
        return None
    compared: list[tuple[str, object, object]] = [
        ("the end", _end(made), _end(native)),
        ("the number of host calls", len(made.calls), len(native.calls)),
        ("the results", made.results, native.results),
    ]
    if trap is None:
        compared.append(("the fuel", made.fuel, native.fuel))
    for what, ours, theirs in compared:
        if ours != theirs:
            # A call that is not the one on the tape is told where the run ended with it.
            said = f": {native.trap.message}" if native.trap and what == "the end" else ""
            return f"{what}: {ours} on the machine, {theirs} on wasmtime{said}"
    if made.memory != native.memory:
        pairs = enumerate(zip(made.memory, native.memory, strict=False))
        address = next((at for at, (ours, theirs) in pairs if ours != theirs), None)
        return "the memory's size" if address is None else f"the memory, first at {address}"
    return None


def _end(outcome: Outcome) -> str:
    """How a run ended; the call that was one too many is on no tape, so a replay finds none."""
    if outcome.trap is None:
        return "returned"
    limited = outcome.trap.kind is TrapKind.HOST_LIMIT
    return (TrapKind.HOST if limited else outcome.trap.kind).value

"""wasmtime, configured in the one way that the tests hold, and its traps in our words."""

from __future__ import annotations

import re

from wasmtime import Config, Engine, Trap, TrapCode, WasmtimeError

from watstep.machine.outcome import TrapKind

AMPLE_FUEL = 1 << 60
"""For instantiation, whose data segments are charged to a module with an imported memory."""

TRAPS: dict[TrapCode | None, tuple[TrapKind, str]] = {
    TrapCode.UNREACHABLE: (TrapKind.UNREACHABLE, "`unreachable` was executed"),
    TrapCode.INTEGER_DIVISION_BY_ZERO: (TrapKind.DIVIDE_BY_ZERO, "a division by zero"),
    TrapCode.INTEGER_OVERFLOW: (
        TrapKind.INTEGER_OVERFLOW,
        "-2147483648 / -1 does not fit an i32",
    ),
    TrapCode.MEMORY_OUT_OF_BOUNDS: (
        TrapKind.OUT_OF_BOUNDS,
        "an access past the end of the memory",
    ),
    TrapCode.STACK_OVERFLOW: (
        TrapKind.CALL_DEPTH,
        "calls are nested deeper than the stack allows",
    ),
}
"""Of the traps that need no more than their code; each sentence says what happened."""


_BACKTRACE = re.compile(r"0:\s+0x([0-9a-f]+) - ")


_RESERVED = 64 << 20
"""Bytes of address space that a memory gets before it must move; by default it is 4 GiB."""


def make_engine(most_bytes: int) -> Engine:
    """An engine of its own for one run, so that interrupting it interrupts nothing else.

    Its memories grow to `most_bytes`.
    """
    config = Config()
    config.consume_fuel = True
    config.epoch_interruption = True
    # A signal handler for memory traps and Python's own for faults end the process together.
    config.signals_based_traps = False
    config.memory_reservation = min(most_bytes, _RESERVED)
    config.memory_reservation_for_growth = 0
    config.memory_guard_size = 0
    return Engine(config)


def trap_offset(failure: Trap | WasmtimeError) -> int | None:
    """Where in the binary a run ended, None where wasmtime does not tell."""
    if isinstance(failure, WasmtimeError):
        # What a host function ended: only the text has the place of the call.
        match = _BACKTRACE.search(str(failure))
        return int(match[1], 16) if match else None
    offsets = [frame.module_offset for frame in failure.frames]
    if failure.trap_code is TrapCode.STACK_OVERFLOW and len(offsets) > 1:
        # It is met at the entry of the callee; what failed is the caller's call (S11).
        del offsets[0]
    return next((offset for offset in offsets if offset < 1 << 40), None)

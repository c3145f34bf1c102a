"""wasmtime, configured in the one way that the tests hold, and its traps in our words."""

from __future__ import annotations

import re

from wasmtime import Config, Engine, Trap, TrapCode, WasmtimeError

from watstep.machine.outcome import TrapKind

AMPLE_FUEL = 1 << 60
"""For instantiation, whose data segments are charged to a module with an imported memory."""

TRAP_KINDS = {
    TrapCode.UNREACHABLE: TrapKind.UNREACHABLE,
    TrapCode.INTEGER_DIVISION_BY_ZERO: TrapKind.DIVIDE_BY_ZERO,
    TrapCode.INTEGER_OVERFLOW: TrapKind.INTEGER_OVERFLOW,
    TrapCode.MEMORY_OUT_OF_BOUNDS: TrapKind.OUT_OF_BOUNDS,
    TrapCode.OUT_OF_FUEL: TrapKind.OUT_OF_FUEL,
    TrapCode.STACK_OVERFLOW: TrapKind.CALL_DEPTH,
    TrapCode.INTERRUPT: TrapKind.CANCELLED,
}

SENTENCES = {
    TrapKind.UNREACHABLE: "`unreachable` was executed",
    TrapKind.DIVIDE_BY_ZERO: "a division by zero",
    TrapKind.INTEGER_OVERFLOW: "-2147483648 / -1 does not fit an i32",
    TrapKind.OUT_OF_BOUNDS: "an access past the end of the memory",
    TrapKind.CALL_DEPTH: "calls are nested deeper than the stack allows",
    TrapKind.CANCELLED: "the run was stopped",
}

_BACKTRACE = re.compile(r"0:\s+0x([0-9a-f]+) - ")


def make_engine() -> Engine:
    """An engine of its own for one run, so that interrupting it interrupts nothing else."""
    config = Config()
    config.consume_fuel = True
    config.epoch_interruption = True
    # A signal handler for memory traps and Python's own for faults end the process together.
    config.signals_based_traps = False
    return Engine(config)


def trap_offset(failure: Exception) -> int | None:
    """Where in the binary a trap happened, None where wasmtime does not tell."""
    if isinstance(failure, Trap):
        # A stack overflow's own frame has no offset; its caller's has.
        offsets = [frame.module_offset for frame in failure.frames]
        return next((offset for offset in offsets if offset < 1 << 40), None)
    return None


def host_call_offset(failure: BaseException) -> int | None:
    """Where the host call stands that raised `failure`."""
    context = failure.__context__
    while context is not None:
        match = _BACKTRACE.search(str(context)) if isinstance(context, WasmtimeError) else None
        if match:
            return int(match[1], 16)
        context = context.__context__
    return None

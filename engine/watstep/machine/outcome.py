"""How a run ended; both executors answer with the same values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from watstep.host.tape import HostCall
from watstep.pipeline import Program


class TrapKind(Enum):
    """Why a run did not return; the values are the words that people see."""

    UNREACHABLE = "unreachable"
    DIVIDE_BY_ZERO = "integer divide by zero"
    INTEGER_OVERFLOW = "integer overflow"
    OUT_OF_BOUNDS = "out of bounds memory access"
    HOST = "host call"
    OUT_OF_FUEL = "out of fuel"
    CALL_DEPTH = "call depth"
    TIME = "time"
    CANCELLED = "cancelled"
    HOST_LIMIT = "host limit"
    """Too many host calls or too much log."""


LIMITS = frozenset(
    (
        *(TrapKind.OUT_OF_FUEL, TrapKind.CALL_DEPTH, TrapKind.TIME),
        *(TrapKind.CANCELLED, TrapKind.HOST_LIMIT),
    )
)
"""The kinds that are no fault of an instruction: a limit or a person stopped the run."""

UNSTEADY = frozenset((TrapKind.TIME, TrapKind.CANCELLED, TrapKind.CALL_DEPTH))
"""The kinds that come elsewhere in another run: a clock, a person, or a native stack decides."""


def trap_kind(call: HostCall) -> TrapKind:
    """Of the trap that a host call ended the run with."""
    if call.possibly_done:
        return TrapKind.TIME if call.timed_out else TrapKind.CANCELLED
    return TrapKind.HOST


@dataclass(frozen=True, slots=True)
class Trap:
    """A trap or a limit, and the instruction that it stopped at.

    `function` is an index of the function index space, `pc` an index in its body; both None where
    they are not known (wasmtime tells no place for a stack overflow, say).
    """

    kind: TrapKind
    message: str
    """One sentence: the operation and its operands, or the limit."""
    function: int | None = None
    pc: int | None = None


class TrapPlace(NamedTuple):
    """The source form that a trap stopped at; line and column from 1."""

    line: int
    column: int
    function: str
    """The name of the function, with its dollar."""


def trap_place(program: Program, trap: Trap) -> TrapPlace | None:
    """Where in the source a trap stopped, None where that is not known."""
    if trap.function is None or trap.pc is None:
        return None
    span = program.source_span(trap.function, trap.pc)
    position = program.source.position(span.start)
    function = program.function(trap.function)
    return TrapPlace(position.line, position.column, function.name or function.label)


def trap_value(program: Program, trap: Trap) -> dict[str, Any]:
    """A trap and the source form that it stopped at, as every `--json` prints it."""
    place = trap_place(program, trap)
    return {
        "kind": trap.kind.value,
        "message": trap.message,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "function": place.function if place else None,
    }


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a run."""

    results: tuple[int, ...]
    """The i32 that `run` returned, signed; () after a trap."""
    trap: Trap | None
    fuel: int
    """Units used (STEPPING.md P3)."""
    steps: int | None
    """Instants; None where the executor does not count them."""
    calls: tuple[HostCall, ...]
    executor: str
    """`wasmtime` or `machine`."""
    memory: bytes = b""
    """The memory at the end."""

    @property
    def known_fuel(self) -> int | None:
        """The fuel used, None where wasmtime's figure is stale (P1)."""
        # Only out of fuel does it tell all that was given; a call that trapped is counted in it.
        trap = self.trap if self.executor == "wasmtime" else None
        return self.fuel if trap is None or trap.kind is TrapKind.OUT_OF_FUEL else None

    @property
    def value(self) -> str | None:
        """The text last given to `sys.resv`, or None."""
        given = (call.result_value for call in reversed(self.calls))
        return next((text for text in given if text is not None), None)

    @property
    def log(self) -> tuple[str | int, ...]:
        """What the run logged, in order."""
        return tuple(call.log for call in self.calls if call.log is not None)


def stopped(timed_out: bool, seconds: float) -> Trap:
    """The trap of a run that its limit of `seconds`, or else a person, stopped; it has no place."""
    if timed_out:
        return Trap(TrapKind.TIME, f"the run took more than {seconds:g} s")
    return Trap(TrapKind.CANCELLED, "the run was stopped")

"""How a run ended; both executors answer with the same values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from watstep.host.tape import HostCall


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

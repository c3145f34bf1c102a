"""The tape: every host call of a run, with all that a replay needs to repeat it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

_LONGEST = 60
"""Letters of a text that are shown in a line."""


class CallOrigin(Enum):
    """Where an answer came from."""

    LIVE = "live"
    RECORDED = "recorded"
    TYPED = "typed"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Value:
    """An argument or a result: its signed i32, and its text where it is a pointer to one."""

    value: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class MemoryWrite:
    """Bytes that a host call put into the memory."""

    address: int
    content: bytes


@dataclass(frozen=True, slots=True)
class HostCall:
    """One host call and everything that it did to the run.

    Replaying it needs no world: grow the memory to `pages`, make the `writes`, push the results.
    """

    index: int
    """Which host call of the run it is, from 0."""
    instant: int | None
    """The instant at which it had been made (the n of the instruction, counted from 1); None
    where the executor does not count."""
    function: str
    """`http.get`."""
    arguments: tuple[Value, ...]
    results: tuple[Value, ...]
    error: str | None
    """The error code's name (`ENOENT`) where the call answered with one that is not 0."""
    seconds: float
    origin: CallOrigin
    writes: tuple[MemoryWrite, ...] = ()
    pages: int = 0
    """The memory's size after the call."""
    heap: int = 0
    """Where the host's next allocation begins, and `owned` the end of what it may fill."""
    owned: int = 0
    log: str | int | None = None
    """What the call added to the log: text of `dbg.log`, the signed number of `dbg.i32`."""
    result_value: str | None = None
    """The text that `sys.resv` set."""
    trap: str | None = None
    """Why the call trapped instead of answering."""
    http_status: int = 0
    """Of the last HTTP answer of the run, 0 before one."""
    possibly_done: bool = False
    """The call was abandoned while it hung; the world may have been changed by it."""
    timed_out: bool = False
    """It was a limit of time that abandoned it, rather than a person."""


def call_value(call: HostCall) -> dict[str, Any]:
    """A host call as plain values, in the one form that every `--json` prints; seconds."""
    return {
        "instant": call.instant,
        "function": call.function,
        "arguments": [{"value": v.value, "text": v.text} for v in call.arguments],
        "results": [{"value": v.value, "text": v.text} for v in call.results],
        "error": call.error,
        "duration": round(call.seconds, 6),
        "origin": call.origin.value,
    }


def value_text(value: Value) -> str:
    """An argument or a result as people read it: its text, cut where it is long, or its number."""
    return str(value.value) if value.text is None else quoted(value.text)


def quoted(text: str) -> str:
    """A text on one line, in quotes, cut where it is long."""
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return '"' + text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"') + '"'

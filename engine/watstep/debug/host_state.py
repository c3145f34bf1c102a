"""What the host holds for a run at an instant, as its calls up to there tell it (L2, L6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from watstep.host.live import heap_start
from watstep.host.tape import HostCall
from watstep.module.ir import Module


class Entry(NamedTuple):
    """What is known of a key of the store."""

    key: str
    value: str | None
    """None where nothing is under the key."""
    instant: int | None
    """When that became known."""
    function: str
    """The call that told it: `kv.set`, `kv.get` or `kv.del`."""


@dataclass(frozen=True, slots=True)
class HostState:
    """The host's side of a run at an instant."""

    result: str | None
    """What `sys.resv` set."""
    result_instant: int | None
    http_status: int
    """Of the last answer, 0 before one."""
    store: tuple[Entry, ...]
    """By key, those that the run asked for or changed; a file may hold more."""
    heap_start: int
    heap_end: int
    """The bytes that the host gave away lie between the two."""


def host_state(module: Module, calls: Iterable[HostCall]) -> HostState:
    """The state after some calls, the first ones of a run."""
    begin = heap_start(module)
    result, result_instant, status, heap = None, None, 0, begin
    store: dict[str, Entry] = {}
    for call in calls:
        if call.result_value is not None:
            result, result_instant = call.result_value, call.instant
        status, heap = call.http_status, max(call.heap, begin)
        known = _entry(call)
        if known:
            store[known.key] = known
    return HostState(result, result_instant, status, tuple(sorted(store.values())), begin, heap)


def _entry(call: HostCall) -> Entry | None:
    """What a call tells of a key; None where it failed otherwise or has to do with none."""
    key = call.arguments[0].text if call.arguments else None
    if key is None or call.trap or not call.function.startswith("kv."):
        return None
    if call.error == "ENOENT":
        return Entry(key, None, call.instant, call.function)
    if call.error:
        return None
    values = {
        "kv.set": call.arguments[-1].text,
        "kv.get": call.results[0].text if call.results else None,
        "kv.del": None,
    }
    known = call.function in values
    return Entry(key, values[call.function], call.instant, call.function) if known else None

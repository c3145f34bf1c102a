"""What the Python of host functions sees of the run that calls it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from watstep.host.settings import RunSettings

MOST_PATIENCE = 10.0


class Cancellation:
    """A request to stop a run, seen by both executors and by host calls that wait."""

    def __init__(self) -> None:
        """Nothing is cancelled yet."""
        self._event = threading.Event()
        self._listeners: list[Callable[[], None]] = []
        self.timed_out = False
        """Whether a limit of time asked for it rather than a person."""

    def cancel(self, *, timed_out: bool = False) -> None:
        """Stop the run as soon as can be; from any thread, the first time counts."""
        if self.cancelled:
            return
        self.timed_out = timed_out
        self._event.set()
        for listener in list(self._listeners):
            listener()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked for."""
        return self._event.is_set()

    def on_cancel(self, listener: Callable[[], None]) -> None:
        """Call `listener` when it is asked for, at once if it was."""
        self._listeners.append(listener)
        if self.cancelled:
            listener()


@dataclass
class Context:
    """One run, as host functions see it; `effects` is what the present call adds to its record."""

    settings: RunSettings
    cancellation: Cancellation
    deadline: float
    """In `time.monotonic` seconds."""
    http_status: int = 0
    log_size: int = 0
    effects: dict[str, Any] = field(default_factory=dict)
    closers: dict[str, tuple[Any, Callable[[], None]]] = field(default_factory=dict)
    """Resources that stay open during the run, by name, each with what closes it."""

    @property
    def seconds_left(self) -> float:
        """How long the run may still take."""
        return max(self.deadline - time.monotonic(), 0.001)

    @property
    def patience(self) -> float:
        """How many seconds a host call waits before it answers ETIMEDOUT.

        Some of the run's time is left over, so that the program can still do something about it.
        """
        return min(MOST_PATIENCE, 0.9 * self.seconds_left)

    def scope(self, capability: str) -> tuple[str, ...]:
        """The scope of a grant."""
        return self.settings.grants.get(capability, ())

    def keep(self, name: str, resource: Any, close: Callable[[], None]) -> None:
        """Keep a resource open until the run ends."""
        self.closers[name] = (resource, close)

    def kept(self, name: str) -> Any:
        """A resource kept before, or None."""
        return self.closers[name][0] if name in self.closers else None

    def close(self) -> None:
        """Close what is open."""
        for _, close in self.closers.values():
            close()
        self.closers.clear()

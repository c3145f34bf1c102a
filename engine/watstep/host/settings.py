"""What a run is given: arguments, grants and limits (LANGUAGE.md section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RunLimits:
    """The bounds of a run; every one is on."""

    fuel: int = 100_000_000
    exact_fuel: bool = False
    """Stop at the very instruction (machine only) rather than where wasmtime checks."""
    memory_pages: int = 256
    call_depth: int = 10_000
    seconds: float = 30.0
    answer_bytes: int = 1 << 20
    host_calls: int = 100_000
    log_bytes: int = 1 << 20


DEFAULT_GRANTS: Mapping[str, tuple[str, ...]] = {"sys": (), "dbg": ()}


@dataclass(frozen=True, slots=True)
class RunSettings:
    """All that decides a run besides the program and the world."""

    arguments: tuple[str, ...] = ()
    grants: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: DEFAULT_GRANTS)
    """Granted capabilities with their scopes; no scope is ()."""
    limits: RunLimits = field(default_factory=RunLimits)

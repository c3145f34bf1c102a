"""Options of a command line to the settings of a run."""

from __future__ import annotations

from typing import Any

from watstep.errors import UsageError
from watstep.host.grants import parse_grants
from watstep.host.settings import RunLimits, RunSettings


def run_settings(arguments: tuple[str, ...], values: dict[str, Any]) -> RunSettings:
    """The settings that the options of `run` ask for; raises `UsageError`."""
    grants = parse_grants(values.get("grants", ()), values.get("denied", ()))
    usual = RunLimits()
    limits = RunLimits(
        fuel=values.get("fuel", usual.fuel),
        exact_fuel=values.get("exact_fuel", False),
        memory_pages=values.get("memory", usual.memory_pages),
        call_depth=values.get("depth", usual.call_depth),
        seconds=values.get("timeout", usual.seconds),
    )
    return RunSettings(arguments, grants, limits)


def chosen_executor(values: dict[str, Any]) -> str:
    """`wasmtime` unless asked for otherwise; exact fuel needs the machine. Raises `UsageError`."""
    chosen: str | None = values.get("executor")
    if values.get("exact_fuel"):
        if chosen == "wasmtime":
            raise UsageError("`--exact-fuel` works on the machine only: `--executor machine`")
        return "machine"
    return chosen or "wasmtime"

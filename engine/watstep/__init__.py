"""watstep's engine: extended WAT expanded, checked, run and stepped, with nothing drawn.

The names below are loaded when they are first used, wasmtime only with `run_native`.
"""

from __future__ import annotations

# typing.TYPE_CHECKING without the import: whatever imports this package pays for nothing here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from watstep.debug.session import Session
    from watstep.errors import SourceError, WatstepError
    from watstep.host.catalog import INTERFACE
    from watstep.host.grants import parse_grants
    from watstep.host.settings import RunLimits, RunSettings
    from watstep.machine.outcome import Outcome
    from watstep.native.runner import run_native
    from watstep.pipeline import Compilation, Program, compile_source
    from watstep.source.diagnostic import Diagnostic
    from watstep.source.render import render
    from watstep.source.text import Source, Span
    from watstep.version import VERSION

_HOMES = {
    "Compilation": "pipeline",
    "Diagnostic": "source.diagnostic",
    "INTERFACE": "host.catalog",
    "Outcome": "machine.outcome",
    "Program": "pipeline",
    "RunLimits": "host.settings",
    "RunSettings": "host.settings",
    "Session": "debug.session",
    "Source": "source.text",
    "SourceError": "errors",
    "Span": "source.text",
    "VERSION": "version",
    "WatstepError": "errors",
    "compile_source": "pipeline",
    "parse_grants": "host.grants",
    "render": "source.render",
    "run_native": "native.runner",
}

__all__ = [
    "INTERFACE",
    "VERSION",
    "Compilation",
    "Diagnostic",
    "Outcome",
    "Program",
    "RunLimits",
    "RunSettings",
    "Session",
    "Source",
    "SourceError",
    "Span",
    "WatstepError",
    "compile_source",
    "parse_grants",
    "render",
    "run_native",
]


def __getattr__(name: str) -> object:
    """Load a public name from its home (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

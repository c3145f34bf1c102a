"""Which grants a run gets: those of the session, and those that were kept for the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from watstep.host.grants import missing_grants
from watstep.host.settings import DEFAULT_GRANTS, RunLimits, RunSettings
from watstep.pipeline import Program
from watstep.source.diagnostic import Diagnostic
from watstep_tui.files.remembered import FileSettings, KeptGrant

_URL = re.compile(r"https?://[^\s\"\\\x00-\x1f]+")

Scopes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Need:
    """A capability that a program calls and has not."""

    capability: str
    calls: Mapping[str, Diagnostic]
    """What is said of each function, `http.get`, at its first call, in source order."""
    scope: tuple[str, ...]
    """What a grant would probably name."""


def needs_of(program: Program, capability: str) -> tuple[str, ...]:
    """The functions of a capability that a program imports: `http.get`."""
    found = {
        f"{item.module}.{item.name}"
        for item in program.module.imported_functions
        if item.module == capability
    }
    return tuple(sorted(found))


def holding(program: Program, kept: Mapping[str, KeptGrant]) -> dict[str, tuple[str, ...]]:
    """The scopes of those kept grants that the program still needs no more than."""
    return {
        name: grant.scope
        for name, grant in kept.items()
        if set(needs_of(program, name)) <= set(grant.needs)
    }


def missing(program: Program, settings: RunSettings, kept: Mapping[str, KeptGrant]) -> list[Need]:
    """The capabilities that a run of the program would lack, each with the scope to propose."""
    found: dict[str, dict[str, Diagnostic]] = {}
    lacking = missing_grants(program.module, settings.grants, program.rendering.source_span)
    for function, problem in lacking.items():
        found.setdefault(function.partition(".")[0], {})[function] = problem
    return [
        Need(
            name,
            calls,
            kept[name].scope if name in kept else proposed(name, program, settings.arguments),
        )
        for name, calls in found.items()
    ]


def proposed(capability: str, program: Program, arguments: Iterable[str]) -> tuple[str, ...]:
    """A scope for a capability: the hosts of the addresses in the arguments and the program."""
    if capability != "http":
        return ()
    hosts: dict[str, None] = {}
    for text in (*arguments, *_URL.findall(_texts_of(program))):
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            continue
        if parts.scheme in {"http", "https"} and parts.hostname:
            name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            hosts[f"{name}:{port}" if port else name] = None
    return tuple(hosts)


def _texts_of(program: Program) -> str:
    """The texts that a program holds; what its comments say is not called."""
    return "\n".join(data.content.decode("utf-8", "replace") for data in program.module.data)


def combined(given: RunSettings, kept: FileSettings) -> RunSettings:
    """What a session on a file begins with: what the command line says, else what was kept."""
    usual = RunLimits()
    grants: dict[str, tuple[str, ...]] = dict(given.grants)
    if grants == dict(DEFAULT_GRANTS):
        grants = {name: scope for name, scope in grants.items() if name not in kept.denied}
    return RunSettings(
        given.arguments or kept.arguments,
        grants,
        kept.limits if given.limits == usual else given.limits,
    )


def with_grants(settings: RunSettings, *more: Scopes) -> RunSettings:
    """The settings with further grants; those that stand there already are not touched."""
    grants: dict[str, tuple[str, ...]] = {}
    for scopes in reversed(more):
        grants.update(scopes)
    return replace(settings, grants={**grants, **settings.grants})

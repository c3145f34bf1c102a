"""Grants: read from the command line, and judged when a run starts (LANGUAGE.md 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from watstep.errors import UsageError
from watstep.host.catalog import CAPABILITIES
from watstep.host.settings import DEFAULT_GRANTS
from watstep.module.ir import Module
from watstep.source.diagnostic import Diagnostic, Fix, Severity
from watstep.source.text import Span


def parse_grants(granted: Iterable[str], denied: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """The grants that `CAP[=SCOPE[,SCOPE]]` texts make, the default ones included.

    The same capability twice adds up its scopes. Raises `UsageError`.
    """
    grants: dict[str, tuple[str, ...]] = dict(DEFAULT_GRANTS)
    for text in granted:
        name, equals, scopes = text.partition("=")
        capability = CAPABILITIES[_known(name)]
        scope = tuple(part.strip() for part in scopes.split(",")) if equals else ()
        if scope and not capability.scope:
            raise UsageError(f"`{name}` takes no scope: write `--grant {name}`")
        grants[name] = (*grants.get(name, ()), *scope)
        problem = capability.check_scope(grants[name])
        if problem:
            raise UsageError(problem)
    for name in denied:
        grants.pop(_known(name), None)
    return grants


def _known(name: str) -> str:
    if name in CAPABILITIES:
        return name
    near = get_close_matches(name, CAPABILITIES, 1, 0.4)
    hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(CAPABILITIES)}"
    raise UsageError(f"there is no capability `{name}`; {hint}")


def missing_grants(
    module: Module,
    grants: Mapping[str, tuple[str, ...]],
    source_span: Callable[[Span], Span],
) -> dict[str, Diagnostic]:
    """A diagnostic for each host function whose capability is not granted, in source order.

    By the function's name, `http.get`. It stands at the function's first call, or at its import
    where the program wrote that itself; `source_span` maps a span of the expanded text.
    """
    missing = {}
    for item in module.imported_functions:
        if item.module in grants or item.module not in CAPABILITIES:
            continue
        name = f"{item.module}.{item.name}"
        span = source_span(item.span)
        scope = "=HOST" if item.module == "http" else ""
        message = f"`{name}` needs the capability `{item.module}`, which is not granted"
        # What mends it is no edit: it stands on the command line.
        fix = Fix(f"run with `--grant {item.module}{scope}`", ())
        missing[name] = Diagnostic("missing-grant", Severity.ERROR, span, message, (), (fix,))
    return dict(sorted(missing.items(), key=lambda found: found[1].span))

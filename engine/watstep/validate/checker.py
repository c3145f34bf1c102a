"""A whole module: every body, the start function, and what the host must be able to give."""

from __future__ import annotations

import re
from bisect import bisect_left
from difflib import get_close_matches

from watstep.module.ir import Function, Import, Module
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Span
from watstep.validate.stack import Checker, FunctionFacts
from watstep.validate.wording import Reading
from watstep.wasm.outside import instead_of_wasi
from watstep.wasm.types import FunctionType, HostInterface, Limits

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_BY_NUMBER = re.compile(r"(?:call|\(func|start)\s+\d")
_PLAIN_IMPORT = re.compile(
    r'\(import\s+"[^"]*"\s*"[^"]*"\s*\(func(?:\s+\$[^\s()]+)?((?:\s*\([^()]*\))*)\s*\)\s*\)'
)
"""An import of a function; the group is its type."""


def validate(
    module: Module,
    interface: HostInterface,
    text: str,
    profile: str = "agent",
    broken: tuple[Span, ...] = (),
) -> tuple[tuple[FunctionFacts, ...], tuple[Diagnostic, ...]]:
    """Facts of every defined function, in order, and what is wrong; spans are in `text`.

    A function whose type has one of the `broken` places, which resolution has reported, is left
    out: what it gives and takes is not known.
    """
    diagnostics: list[Diagnostic] = []
    reading = Reading(module, interface, text, profile)
    places = sorted(place.start for place in broken)

    def has_type(function: Function) -> bool:
        first = bisect_left(places, function.span.start)
        return first == len(places) or places[first] >= _body_start(function)

    facts = tuple(
        Checker(reading, function, diagnostics).run()
        for function in module.functions
        if has_type(function)
    )
    return facts, tuple(diagnostics)


def _body_start(function: Function) -> int:
    """The offset at which the first instruction stands."""
    return function.statements[0].span.start if function.statements else function.span.end


def check_imports(module: Module, interface: HostInterface, text: str) -> tuple[Diagnostic, ...]:
    """Whether the host offers every import, and can reach the memory where it must.

    Spans are in `text`.
    """
    diagnostics: list[Diagnostic] = []
    pointers: Import | None = None
    for item in module.imports:
        found = (
            _check_memory_import(item, text)
            if item.kind == "memory"
            else _check_function_import(item, interface, text)
        )
        if found and found.code == "no-wasi":
            found = found._replace(fixes=_unused(module, item, text))
        if found:
            diagnostics.append(found)
        signature = interface.get(f"{item.module}.{item.name}")
        if item.kind == "func" and signature and signature.takes_pointers:
            pointers = pointers or item
    kinds = [item.kind for item in module.imports] + [item.kind for item in module.exports]
    if pointers and "memory" not in kinds:
        diagnostics.append(_unreachable_memory(module, pointers))
    return tuple(diagnostics)


def _error(code: str, span: Span, message: str, *fixes: Fix) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, span, message, fixes=fixes)


def _unreachable_memory(module: Module, pointers: Import) -> Diagnostic:
    message = (
        f"`{pointers.module}.{pointers.name}` works on memory that the host cannot reach: "
        'write `(import "env" "memory" (memory 1))` or export the memory'
    )
    end = pointers.span.end
    line, title = ' (import "env" "memory" (memory 1))', "import the memory"
    if module.memory is not None:
        line, title = ' (export "memory" (memory 0))', "export the memory"
    fix = Fix(title, (Edit(Span(end, end), line),))
    return _error("unreachable-memory", pointers.span, message, fix)


def _unused(module: Module, item: Import, text: str) -> tuple[Fix, ...]:
    """The fix that takes away an import which nothing uses; what calls it has to change first."""
    used = any(
        instruction.name == "call" and instruction.immediate == item.index
        for function in module.functions
        for instruction in function.body
    ) or any(export.kind == "func" and export.index == item.index for export in module.exports)
    if used or _BY_NUMBER.search(text):
        return ()
    return (Fix("take the import away", (Edit(item.span, ""),), sure=True),)


def _renamed(item: Import, text: str, module: str, name: str) -> Fix:
    """The fix that imports something else by the same form."""
    form = text[item.span.start : item.span.end]
    places = [match.span() for match in _STRING.finditer(form)][:2]
    # An inline `export` may stand before the import.
    before = form.find("(import")
    if before > 0:
        places = [match.span() for match in _STRING.finditer(form, before)][:2]
    edits = tuple(
        Edit(Span(item.span.start + start, item.span.start + end), f'"{word}"')
        for (start, end), word in zip(places, (module, name), strict=False)
    )
    return Fix(f"import {module}.{name}", edits)


def _check_memory_import(item: Import, text: str) -> Diagnostic | None:
    assert isinstance(item.type, Limits)
    if (item.module, item.name) == ("env", "memory"):
        return None
    message = f'the host gives its memory as "env" "memory", not "{item.module}" "{item.name}"'
    return _error("unknown-import", item.span, message, _renamed(item, text, "env", "memory"))


def _check_function_import(item: Import, interface: HostInterface, text: str) -> Diagnostic | None:
    full_name = f"{item.module}.{item.name}"
    signature = interface.get(full_name)
    if item.module == "wasi_snapshot_preview1":
        message = (
            "this host has no WASI: WASI takes rights away from a full system, here a program "
            "starts with nothing and is granted single functions"
        )
        instead = instead_of_wasi(item.name)
        hint = f"; instead of `{item.name}`: {instead}" if instead else " (`sys`, `http`, `kv`)"
        return _error("no-wasi", item.span, message + hint)
    if signature is None:
        near = get_close_matches(full_name, interface, 3, 0.5)
        hint = f"; it offers {' or '.join(f'`{name}`' for name in near)}" if near else ""
        fixes = [_renamed(item, text, *name.split(".")) for name in near]
        message = f"the host offers no `{full_name}`{hint}"
        return _error("unknown-import", item.span, message, *fixes)
    if signature.type != item.type:
        wanted = _written(signature.type)
        message = f"`{full_name}` has another type: write `(func ${full_name}{wanted})`"
        return _error("import-type", item.span, message, *_retyped(item, text, wanted))
    return None


def _retyped(item: Import, text: str, wanted: str) -> tuple[Fix, ...]:
    """The fix that writes the type of an import as the host has it, where the form is plain."""
    start, end = item.span
    plain = _PLAIN_IMPORT.fullmatch(text, start, end)
    if plain is None:
        return ()
    return (Fix(f"write `{wanted.strip()}`", (Edit(Span(*plain.span(1)), wanted),)),)


def _written(signature: FunctionType) -> str:
    params = f" (param {' '.join(signature.params)})" if signature.params else ""
    results = f" (result {' '.join(signature.results)})" if signature.results else ""
    return params + results


def exported_run(module: Module) -> Function | None:
    """The function that a run calls: `run`, without parameters, with i32 results."""
    for export in module.exports:
        if export.name == "run" and export.kind == "func":
            index = export.index - len(module.imported_functions)
            if index >= 0 and not module.functions[index].type.params:
                return module.functions[index]
    return None

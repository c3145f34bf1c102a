"""Fixes made together: all that are sure, all of a kind, and the order in which to mend."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from watstep.editing.format import applied
from watstep.pipeline import compile_source
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Source
from watstep.wasm.types import HostInterface

_PARTICULAR = re.compile(r"`[^`]*`|\"[^\"]*\"|[$#(]\S+|\b\d+\b")
"""What differs in the titles of two fixes of one kind: names, numbers and quoted text."""
MOST_ROUNDS = 20
"""How often a text is mended and checked again."""

_SYNTAX = """
pasted-chat bad-token bad-escape unclosed-comment unclosed-string unclosed-form unopened-form
stray-parenthesis glued-tokens triple-quoted too-deep not-utf8
"""
_FORMS = """
headless-form bare-operand flat-macro macro-argument macro-arity macro-unexpanded misplaced
missing-end stray-end stray-else stray-then if-branches extra-module unknown-instruction
missing-immediate missing-name outside-profile not-implemented unexpected unknown-field
bad-export bad-import bad-memory bad-type bad-local bad-constant bad-alignment late-import
unnamed-local label-mismatch run-redefined
"""
_NAMES = """
unknown-local unknown-function unknown-label unknown-memory unknown-type unknown-host-function
unknown-import local-redeclared name-twice export-twice second-memory second-start no-wasi
import-type import-shifts-functions
"""
_STEP = {
    code: step for step, codes in enumerate((_SYNTAX, _FORMS, _NAMES)) for code in codes.split()
}
_TYPES = 3
"""The step of what has no other: types, the stack, and what the host needs."""

_SURE = """
pasted-chat bad-token bad-escape unclosed-comment unclosed-string unclosed-form unopened-form
stray-parenthesis glued-tokens triple-quoted headless-form bare-operand flat-macro
macro-argument missing-end stray-end if-branches late-import unnamed-local bad-local
label-mismatch bad-alignment import-type import-shifts-functions unknown-local
unreachable-memory unknown-memory data-outside memory-too-small
"""
SURE = frozenset(_SURE.split())
"""Codes whose fix is surely what was meant where it is the only one."""


class Repaired(NamedTuple):
    """A text after the sure fixes, and what was done, in order."""

    text: str
    done: tuple[tuple[Diagnostic, Fix], ...]


def sure_fix(problem: Diagnostic) -> Fix | None:
    """The fix that needs nobody's judgement, None where somebody has to choose or to think."""
    for fix in problem.fixes:
        if fix.sure:
            return fix
    alone = len(problem.fixes) == 1 and problem.severity is Severity.ERROR
    return problem.fixes[0] if alone and problem.code in SURE else None


def together(fixes: Iterable[Fix]) -> tuple[Edit, ...]:
    """The edits of several fixes, in order; a fix that touches one before it is left for later."""
    kept: dict[Edit, None] = {}
    for fix in fixes:
        if all(edit in kept or _is_apart(edit, kept) for edit in fix.edits):
            kept.update(dict.fromkeys(fix.edits))
    return tuple(sorted(kept, key=lambda edit: edit.span))


def _is_apart(edit: Edit, others: Iterable[Edit]) -> bool:
    start, end = edit.span
    return all(
        (end <= other.span.start or start >= other.span.end) and edit.span != other.span
        for other in others
    )


def of_kind(problems: Iterable[Diagnostic], like: Diagnostic, fix: Fix) -> tuple[Fix, ...]:
    """For every problem of the code of `like` the fix of the kind of `fix`, where it has one.

    Fixes are of one kind whose titles differ in names, numbers and quoted text alone. Where a
    problem has several, it is the one of the same title, else the likeliest.
    """
    kind = _kind(fix)
    chosen = []
    for problem in problems:
        ways = [way for way in problem.fixes if problem.code == like.code and _kind(way) == kind]
        if problem == like:
            chosen.append(fix)
        elif ways:
            chosen.append(next((way for way in ways if way.title == fix.title), ways[0]))
    return tuple(chosen)


def _kind(fix: Fix) -> str:
    return _PARTICULAR.sub("", fix.title)


def repaired(source: Source, interface: HostInterface) -> Repaired:
    """The text with every sure fix made, again and again; a round that helps nothing is undone."""
    done: list[tuple[Diagnostic, Fix]] = []
    found = compile_source(source, interface).diagnostics
    for _ in range(MOST_ROUNDS):
        chosen = [(problem, fix) for problem in found if (fix := sure_fix(problem))]
        edits = together(fix for _, fix in chosen)
        if not edits:
            break
        mended = Source(source.name, applied(source, edits))
        after = compile_source(mended, interface).diagnostics
        if _errors(after) > _errors(found) or mended.text == source.text:
            break
        made = set(edits)
        done += [(problem, fix) for problem, fix in chosen if made.issuperset(fix.edits)]
        source, found = mended, after
    return Repaired(source.text, tuple(done))


def _errors(found: Iterable[Diagnostic]) -> int:
    return sum(problem.severity is Severity.ERROR for problem in found)


def in_order_to_mend(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Problems in the order to mend them: syntax, forms, names, types; warnings last of all."""
    return sorted(
        found,
        key=lambda problem: (
            problem.severity is not Severity.ERROR,
            _STEP.get(problem.code, _TYPES),
            problem.span,
        ),
    )


def may_follow(problem: Diagnostic, found: Iterable[Diagnostic]) -> bool:
    """Whether a problem of the stack may go away with one of the syntax or of a form."""
    if _STEP.get(problem.code, _TYPES) < _TYPES or problem.severity is not Severity.ERROR:
        return False
    return any(
        _STEP.get(other.code, _TYPES) < _TYPES - 1 and other.span <= problem.span for other in found
    )

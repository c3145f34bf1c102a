"""All rules over a module: the one door to the lints."""

from __future__ import annotations

from collections.abc import Collection

from watstep.lint import allow
from watstep.lint.analysis import Body, Subject
from watstep.lint.levels import USUAL, Levels
from watstep.lint.rules import RULES
from watstep.module.ir import GAP, Function, Module
from watstep.source.diagnostic import Diagnostic
from watstep.source.text import Span
from watstep.syntax.tree import Tree
from watstep.validate.stack import FunctionFacts


def judged(
    module: Module,
    facts: tuple[FunctionFacts, ...],
    subject: Subject,
    errors: Collection[Span],
) -> None:
    """Take up the functions that are valid; `errors` are where the source has some."""
    if len(facts) != len(module.functions):
        return
    for function, known in zip(module.functions, facts, strict=True):
        if not errors or not _holds(subject, function, errors):
            body = Body(subject, function, known)
            if GAP not in body.by_name:
                subject.bodies.append(body)


def _holds(subject: Subject, function: Function, errors: Collection[Span]) -> bool:
    start, end = subject.rendering.source_span(function.span)
    return any(error.start <= end and start <= error.end for error in errors)


def lint(subject: Subject, levels: Levels) -> list[Diagnostic]:
    """What the rules that are on find in the bodies of the subject; spans are in the expansion."""
    found: list[Diagnostic] = []
    rules = [(rule.check, levels.get(rule.code)) for rule in RULES.values()]
    for body in subject.bodies:
        for check, level in rules:
            if level is not None:
                found += [problem._replace(severity=level) for problem in check(body)]
    return found


def allowed(
    tree: Tree, problems: list[Diagnostic], levels: Levels, *, complete: bool
) -> list[Diagnostic]:
    """The problems, moved to the source, that no comment allows, and what is wrong with those."""
    on = [code for code, level in levels.items() if level is not None]
    left = allow.without_allowed(tree, problems, on, complete=complete)
    level = levels.get(allow.CODE)
    if level is None:
        return [problem for problem in left if problem.code != allow.CODE]
    left += allow.unknown_codes(tree, USUAL)
    return [p._replace(severity=level) if p.code == allow.CODE else p for p in left]

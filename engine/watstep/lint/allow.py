"""`;; allow: CODE`: a comment that says that what a lint finds there is meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Source, Span
from watstep.syntax.lexer import tokenize
from watstep.syntax.tree import Tree

CODE = "useless-allow"
SUMMARY = "an `allow` comment allows nothing"
_MARK = re.compile(r";;+[ \t]*allow:[ \t]*([a-z][a-z-]*(?:[ \t]*,[ \t]*[a-z][a-z-]*)*)")
_CODE = re.compile(r"[a-z][a-z-]*")


class Allowance(NamedTuple):
    """One code of one comment."""

    code: str
    span: Span
    """Of the code."""
    line: int | None
    """The line, from 1, whose problems are meant; None for the whole file."""
    comment: Span
    alone: bool
    """Whether it is the only code of its comment."""


def without_allowed(
    tree: Tree, problems: list[Diagnostic], known: Collection[str], *, complete: bool
) -> list[Diagnostic]:
    """The problems of lints that no comment allows, and what is wrong with the comments.

    `known` are the codes that are judged; unless the lints are `complete`, nobody knows whether a
    comment is useless.
    """
    source = tree.source
    if "allow:" not in source.text:
        return problems
    allowances = list(read_allowances(tree))
    used: set[Allowance] = set()
    left: list[Diagnostic] = []
    for problem in problems:
        line = source.line_of(problem.span.start)
        meant = [a for a in allowances if a.code == problem.code and a.line in {None, line}]
        used.update(meant)
        if not meant:
            left.append(problem)
    idle = [each for each in allowances if complete and each not in used]
    return left + [_useless(source, each) for each in idle if each.code in known]


def read_allowances(tree: Tree) -> Iterator[Allowance]:
    """What the comments allow; those before the first form speak of the whole file."""
    source = tree.source
    first = source.line_of(tree.items[0].start) if tree.items else None
    for comment in tree.comments:
        found = _MARK.match(comment.text)
        if found is None:
            continue
        line: int | None = source.line_of(comment.start)
        if first is None or (line is not None and line < first):
            line = None
        elif line is not None and _stands_alone(source, comment.start, line):
            line = _next_line_of_code(source, line)
        codes = list(_CODE.finditer(found[1]))
        for code in codes:
            start = comment.start + found.start(1) + code.start()
            span = Span(start, start + len(code[0]))
            yield Allowance(code[0], span, line, comment.span, len(codes) == 1)


def _stands_alone(source: Source, offset: int, line: int) -> bool:
    return not source.text[source.line_starts[line - 1] : offset].strip()


def _next_line_of_code(source: Source, line: int) -> int:
    """The first line below that holds more than a comment."""
    line += 1
    while line < len(source.line_starts):
        text = source.line_text(line).strip()
        if text and not text.startswith(";;"):
            break
        line += 1
    return line


def unknown_codes(tree: Tree, known: Collection[str]) -> list[Diagnostic]:
    """The codes of the comments that no lint has."""
    if "allow:" not in tree.source.text:
        return []
    return [_unknown(each, known) for each in read_allowances(tree) if each.code not in known]


def _unknown(allowance: Allowance, known: Collection[str]) -> Diagnostic:
    from difflib import get_close_matches

    near = get_close_matches(allowance.code, known, 2, 0.6)
    hint = f"; did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
    fixes = tuple(Fix(f"write `{name}`", (Edit(allowance.span, name),)) for name in near)
    message = f"there is no lint `{allowance.code}`{hint}"
    return Diagnostic(CODE, Severity.WARNING, allowance.span, message, fixes=fixes)


def _useless(source: Source, allowance: Allowance) -> Diagnostic:
    where = "in this file" if allowance.line is None else f"on line {allowance.line}"
    message = f"there is nothing to allow: no `{allowance.code}` {where}"
    fixes: tuple[Fix, ...] = ()
    if allowance.alone:
        fixes = (Fix("take it away", (Edit(allowance.comment, ""),)),)
    return Diagnostic(CODE, Severity.WARNING, allowance.span, message, fixes=fixes)


def allowing(tree: Tree, problem: Diagnostic) -> Edit | None:
    """The edit that allows a problem on its line and nowhere else.

    A comment on a line of its own above it; behind the code where that would speak of the whole
    file or stand in a string; None where there is no room for either.
    """
    source = tree.source
    line = source.line_of(problem.span.start)
    start = source.line_starts[line - 1]
    text = source.line_text(line)
    end = start + len(text) + int(line == 1 and source.text.startswith("\ufeff"))
    inside = [token for token in tokenize(source.text) if token.start < end and token.end > start]
    first = source.line_of(tree.items[0].start) if tree.items else line
    if line > first and not any(token.start < start for token in inside):
        indent = text[: len(text) - len(text.lstrip())]
        after = "\r\n" if "\r\n" in source.text else "\n"
        return Edit(Span(start, start), f"{indent};; allow: {problem.code}{after}")
    if any(token.end > end or token.text.startswith(";;") for token in inside):
        return None
    return Edit(Span(end, end), f" ;; allow: {problem.code}")

"""Text to a checked, encoded program: the one place that knows the order of the phases."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from watstep.encode.encoder import encode
from watstep.encode.locations import LocationMap
from watstep.expand.expander import expand
from watstep.expand.mended import Mended
from watstep.expand.pieces import Expansion, Rendering
from watstep.lint.analysis import Subject
from watstep.lint.levels import USUAL, Levels
from watstep.lint.linter import allowed, judged, lint
from watstep.module.ir import Function, Module
from watstep.module.profile import check_profile, requested_profile
from watstep.module.resolver import resolve
from watstep.source.diagnostic import (
    Diagnostic,
    Edit,
    Fix,
    Severity,
    has_errors,
    moved_picture,
)
from watstep.source.text import Source, Span, counted
from watstep.syntax.parser import parse
from watstep.syntax.tree import Tree
from watstep.validate.checker import check_imports, validate
from watstep.validate.stack import FunctionFacts
from watstep.wasm.types import HostInterface

MOST_PROBLEMS = 500
"""How many problems of a text are told one by one."""
_NO_PROGRAM = frozenset(("too-deep", "pasted-chat"))
"""What leaves nothing for the phases after the tree."""


@dataclass(frozen=True)
class Program:
    """A program that passed every check; both executors run exactly this."""

    source: Source
    expansion: Expansion
    module: Module
    facts: tuple[FunctionFacts, ...]
    """Of each function that the module defines, in order."""
    profile: str
    """`agent` or `core`."""

    @property
    def rendering(self) -> Rendering:
        """The full expansion: the text that the module's spans are in."""
        return self.expansion.full

    @cached_property
    def _encoded(self) -> tuple[bytes, LocationMap]:
        return encode(self.module)

    @property
    def binary(self) -> bytes:
        """The module in the binary format."""
        return self._encoded[0]

    @property
    def locations(self) -> LocationMap:
        """From an offset in `binary` to a function and an index in its body."""
        return self._encoded[1]

    def function(self, index: int) -> Function:
        """The function of an index that the module defines."""
        return self.module.functions[index - len(self.module.imported_functions)]

    def expanded_span(self, function: int, pc: int) -> Span:
        """The form of an instruction in the expanded text."""
        instruction = self.function(function).body[pc]
        return Span(instruction.start, instruction.end)

    def source_span(self, function: int, pc: int) -> Span:
        """The source form that an instruction comes from."""
        return self.rendering.source_span(self.expanded_span(function, pc))


@dataclass(frozen=True)
class Compilation:
    """Everything known about a text, however wrong it is."""

    source: Source
    expansion: Expansion
    module: Module | None
    """None where names could not be resolved."""
    diagnostics: tuple[Diagnostic, ...]
    """Of all phases, in the order of the text; spans are in the source."""
    profile: str
    program: Program | None
    """None where any diagnostic is an error."""


def compile_source(
    source: Source,
    interface: HostInterface,
    *,
    profile: str | None = None,
    levels: Levels = USUAL,
) -> Compilation:
    """Take a text through every phase; problems are in the answer, nothing is raised.

    `profile` is `agent` or `core`; None means what the file's first comment asks for, else agent.
    `levels` says how loud each lint is.
    """
    # Tokens and tree, which account for every character; a broken text is read as it was meant.
    tree = parse(source)
    profile = profile or requested_profile(tree)
    if not tree.mends:
        return _compile_tree(tree, interface, profile, levels)
    mended = Mended(source, tree.mends)
    reading = parse(mended.source)
    if reading.mends:
        return _compile_tree(tree._replace(mends=()), interface, profile, None, broken=True)
    # How its forms nest is a guess, too weak a ground for lints.
    meant = _compile_tree(reading, interface, profile, None)
    expansion = mended.expansion(meant.expansion, tree)
    found = list(tree.diagnostics)
    found += _new(map(mended.diagnostic, meant.diagnostics), found)
    return Compilation(source, expansion, meant.module, _in_order(found), profile, None)


def _compile_tree(
    tree: Tree,
    interface: HostInterface,
    profile: str,
    levels: Levels | None,
    *,
    broken: bool = False,
) -> Compilation:
    """Take a tree through the phases after parsing; one that is `broken` goes no further.

    Without `levels` nothing is linted.
    """
    # The article's three passes: macros, strings, locals.
    expansion = expand(tree, interface)
    found = [*tree.diagnostics, *check_profile(tree, profile)]
    found += _new(expansion.diagnostics, found)
    if broken or any(problem.code in _NO_PROGRAM for problem in tree.diagnostics):
        return Compilation(tree.source, expansion, None, _in_order(found), profile, None)
    # Names to indices, in the text that the expansion became.
    module, problems = resolve(expansion.full_tree, profile, interface)
    unknown = _in_source(expansion, problems, found)
    if any(problem.code == "outside-profile" for problem in unknown):
        # Loaded for a mistake alone.
        from watstep.module.equivalents import with_equivalents

        unknown = with_equivalents(tree, unknown, interface)
    found += unknown
    facts: tuple[FunctionFacts, ...] = ()
    if module is not None:
        # The specification's algorithm, then what this host can give.
        places = tuple(problem.span for problem in problems)
        facts, invalid = validate(module, interface, expansion.full.text, profile, places)
        unlinked = check_imports(module, interface, expansion.full.text)
        found += _in_source(expansion, (*invalid, *unlinked), found)
        if levels is not None:
            # What is valid and yet most likely wrong.
            subject = Subject(module, interface, expansion.full)
            errors = [item.span for item in found if item.severity is Severity.ERROR]
            judged(module, facts, subject, errors)
            lints = _in_source(expansion, tuple(lint(subject, levels)), found)
            complete = subject.complete
            found += allowed(tree, lints, levels, complete=complete)
    diagnostics = _in_order(found)
    program = None
    if module is not None and not has_errors(diagnostics):
        program = Program(tree.source, expansion, module, facts, profile)
    return Compilation(tree.source, expansion, module, diagnostics, profile, program)


def _in_source(
    expansion: Expansion, problems: tuple[Diagnostic, ...], known: list[Diagnostic]
) -> list[Diagnostic]:
    """Problems moved to the source; a place that an earlier phase reported is not repeated."""
    return _new((_moved(problem, expansion.full) for problem in problems), known)


def _new(problems: Iterable[Diagnostic], known: list[Diagnostic]) -> list[Diagnostic]:
    """The problems that neither stand at a place where an error is known nor speak of one."""
    places = sorted(found.span for found in known if found.severity is Severity.ERROR)
    points = [place.start for place in places if place.start == place.end]
    wide = [place for place in places if place.start < place.end]
    starts = [place.start for place in wide]
    reached = list(accumulate((place.end for place in wide), max))

    def is_known(span: Span) -> bool:
        """Whether it shares a character with a place, or one is at the edge of the other."""
        at_edge = span.start == span.end
        before = bisect_right(starts, span.end) if at_edge else bisect_left(starts, span.end)
        if before and reached[before - 1] > span.start - at_edge:
            return True
        point = bisect_left(points, span.start)
        return point < len(points) and points[point] <= span.end

    def is_repeated(problem: Diagnostic) -> bool:
        # The labels of a word that is not there are further uses of it, not causes.
        causes = () if problem.code.startswith("unknown-") else problem.labels
        return any(map(is_known, (problem.span, *(label.span for label in causes))))

    return [problem for problem in problems if not is_repeated(problem)]


def _moved(problem: Diagnostic, rendering: Rendering) -> Diagnostic:
    """A problem of the expanded text as one of the source; fixes that change made text go."""
    labels = tuple(
        label._replace(span=rendering.source_span(label.span)) for label in problem.labels
    )
    fixes: list[Fix] = []
    for fix in problem.fixes:
        places = [rendering.copied_span(edit.span) for edit in fix.edits]
        edits = [
            Edit(place, edit.text)
            for place, edit in zip(places, fix.edits, strict=True)
            if place is not None
        ]
        if len(edits) == len(fix.edits):
            fixes.append(fix._replace(edits=tuple(edits)))
    span = rendering.source_span(problem.span)
    if problem.span.start == problem.span.end:
        span = rendering.copied_span(problem.span) or span
    message = problem.message
    macro = rendering.macro_at(problem.span)
    if macro is not None:
        message = f"in what `({macro.text})` becomes, {message}"
        fixes.clear()
    stack = problem.stack and moved_picture(problem.stack, rendering.source_span)
    return Diagnostic(problem.code, problem.severity, span, message, labels, tuple(fixes), stack)


def _in_order(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of the text; of very many the first errors, and a note that counts the rest."""
    if len(found) <= MOST_PROBLEMS:
        return tuple(sorted(found, key=lambda problem: problem.span))
    ranked = sorted(
        found, key=lambda problem: (problem.severity is not Severity.ERROR, problem.span)
    )
    kept = sorted(ranked[:MOST_PROBLEMS], key=lambda problem: problem.span)
    rest = len(ranked) - MOST_PROBLEMS
    place = max(kept[-1].span, ranked[MOST_PROBLEMS].span)
    message = f"and {counted(rest, 'more problem')}: mend those above first"
    return (*kept, Diagnostic("more-problems", Severity.NOTE, place, message))

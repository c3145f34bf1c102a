"""The lints: cases, pages, laws of their fixes, levels and what comments allow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import watstep.lint
from tests.engine.programs import MacroWriter, Writer
from tests.support import CASES, EXAMPLES, ROOT, applied
from watstep.host.catalog import INTERFACE
from watstep.lint.allow import allowing
from watstep.lint.levels import SUMMARIES, USUAL
from watstep.lint.rules import RULES
from watstep.pipeline import compile_source
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.render import render
from watstep.source.text import Source, Span

LINTS = sorted((CASES / "lints").glob("*/*.wat"))
EXPECTED = re.compile(r"^;; expect: (\S+) (\S+) (\d+):(\d+)$", re.MULTILINE)
ON = dict.fromkeys(USUAL, Severity.WARNING)
LEAST_CASES = 6


def lints(text: str, levels: dict[str, Severity | None] | None = None) -> list[Diagnostic]:
    """What the lints find in a text."""
    found = compile_source(Source("l.wat", text), INTERFACE, levels=levels or USUAL).diagnostics
    return [problem for problem in found if problem.code in USUAL]


def said(problem: Diagnostic) -> tuple[str, str]:
    """What tells one problem from another after an edit."""
    return problem.code, problem.message


def told(problems: Iterable[Diagnostic]) -> list[tuple[str, str]]:
    """The same of several."""
    return [said(problem) for problem in problems]


@pytest.mark.parametrize("path", LINTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_cases(path: Path) -> None:
    """Each case is valid and has the lints that its comments name, no others."""
    source = Source(path.name, path.read_text("utf-8"))
    compilation = compile_source(source, INTERFACE)
    found = [
        (d.severity.value, d.code, *map(str, source.position(d.span.start)))
        for d in compilation.diagnostics
    ]
    assert found == EXPECTED.findall(source.text)
    assert compilation.program is not None


@pytest.mark.parametrize("path", LINTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_comment_allows(path: Path) -> None:
    """That which `allowing` writes takes the problems of its code and line away, no others."""
    compilation = compile_source(Source(path.name, path.read_text("utf-8")), INTERFACE)
    source, tree = compilation.source, compilation.expansion.tree
    found = [problem for problem in compilation.diagnostics if problem.code in RULES]
    for problem in found:
        edit = allowing(tree, problem)
        assert edit is not None
        after = compile_source(Source("a.wat", applied(source.text, Fix("", (edit,)))), INTERFACE)
        line = source.line_of(problem.span.start)
        here = [
            item
            for item in compilation.diagnostics
            if item.code == problem.code and source.line_of(item.span.start) == line
        ]
        left = [item for item in compilation.diagnostics if item not in here]
        assert told(after.diagnostics) == told(left)
        assert after.program is not None
        assert compilation.program is not None
        assert after.program.binary == compilation.program.binary


def test_no_comment_is_written_into_a_string() -> None:
    """Where neither the line above nor the end of the line is free, there is no edit."""
    text = '(i32.const 0)\n(call $dbg.log """a\nb""") (local $x i32) (call $dbg.log """c\nd""")\n'
    compilation = compile_source(Source("s.wat", text), INTERFACE)
    (problem,) = compilation.diagnostics
    assert allowing(compilation.expansion.tree, problem) is None
    behind = text.replace(' (call $dbg.log """c\nd""")', "")
    compilation = compile_source(Source("s.wat", behind), INTERFACE)
    (problem,) = compilation.diagnostics
    edit = allowing(compilation.expansion.tree, problem)
    assert edit == Edit(Span(len(behind) - 1, len(behind) - 1), " ;; allow: unused-local")


def test_every_lint_has_cases() -> None:
    """At least so many, some that show it and some that do not."""
    for code in SUMMARIES:
        texts = [path.read_text("utf-8") for path in LINTS if path.parent.name == code]
        assert len(texts) >= LEAST_CASES, code
        shown = [f" {code} " in text for text in texts]
        assert any(shown), code
        assert not all(shown), code
    assert {path.parent.name for path in LINTS} == set(SUMMARIES)


@pytest.mark.parametrize("path", LINTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_fixes_mend(path: Path) -> None:
    """A program changed by a lint's fix compiles and has that lint once less."""
    text = path.read_text("utf-8")
    found = lints(text)
    for problem in found:
        for fix in problem.fixes:
            mended = applied(text, fix)
            assert compile_source(Source("m.wat", mended), INTERFACE).program is not None, mended
            assert told(lints(mended)).count(said(problem)) < told(found).count(said(problem))


def test_the_examples_are_clean() -> None:
    """What people read first shows no lint that it does not allow."""
    for path in EXAMPLES.glob("*.wat"):
        assert lints(path.read_text("utf-8")) == [], path.name


def judge(text: str) -> None:
    """Nothing raises, spans lie in the text, and a fix takes its lint away."""
    compilation = compile_source(Source("any.wat", text), INTERFACE, levels=ON)
    for problem in compilation.diagnostics:
        assert render(compilation.source, problem)
        spans = [problem.span, *(label.span for label in problem.labels)]
        assert all(0 <= span.start <= span.end <= len(text) for span in spans)
        for fix in problem.fixes if problem.code in USUAL else ():
            before = told(compilation.diagnostics).count(said(problem))
            mended = applied(text, fix)
            after = compile_source(Source("m.wat", mended), INTERFACE, levels=ON)
            assert after.program is not None or compilation.program is None, (fix, mended)
            assert told(after.diagnostics).count(said(problem)) < before, (problem, fix, mended)


@pytest.mark.parametrize("writer", [Writer, MacroWriter])
def test_random_programs(writer: type[Writer]) -> None:
    """Programs of every instruction are judged without a fault, their fixes mend."""
    for seed in range(60):
        judge(writer(seed).program())


SEEDS = [path.read_text("utf-8") for path in LINTS]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutated_programs(data: st.DataObject) -> None:
    """A case from which lines were taken, or in which they were doubled or moved, is judged."""
    lines = data.draw(st.sampled_from(SEEDS)).splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        other = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(("drop", "double", "swap")))
        if change == "drop" and len(lines) > 1:
            del lines[at]
        elif change == "double":
            lines.insert(other, lines[at])
        else:
            lines[at], lines[other] = lines[other], lines[at]
    judge("".join(lines))


def test_levels() -> None:
    """A lint is as loud as it is said to be; an error keeps the program from running."""
    text = "(local $x i32)\n(i32.const 0)"
    for level in Severity:
        found = lints(text, {**USUAL, "unused-local": level})
        assert [item.severity for item in found] == [level]
    assert lints(text, {**USUAL, "unused-local": None}) == []
    loud = {**USUAL, "unused-local": Severity.ERROR}
    assert compile_source(Source("l.wat", text), INTERFACE, levels=loud).program is None


def test_a_function_with_an_error_is_not_judged() -> None:
    """What it will be is not known; the others are judged."""
    helper = "(func $f (result i32) (local $spare i32) (i32.const 0))\n"
    assert [item.code for item in lints(f"(module {helper} (func $g (local $x i32) (nope)))")] == [
        "unused-local"
    ]
    assert lints("(local $x i32)\n(nope)\n(i32.const 0)") == []


def test_deep_programs() -> None:
    """The depth of the input is no depth of calls."""
    depth = 900
    text = "(block " * depth + "(loop " * 50 + ")" * (depth + 50) + "(i32.const 0)"
    assert lints(text) == []


def test_a_tangle_ends() -> None:
    """Many calls that are followed through many branches end, whatever is found."""
    one = '(call $kv.get "k") (local.set $e{0}) (local.set $p{0})\n(if (local.get $z) (then (nop)))'
    count = 150
    names = "".join(f"(local $e{n} i32) (local $p{n} i32)" for n in range(count))
    text = ";; profile: core\n(local $z i32) (local.set $z (i32.const 1))" + names
    text += "".join(one.format(n) for n in range(count)) + "(i32.const 0)"
    assert {item.code for item in lints(text)} <= {"error-unchecked"}


PAGES = Path(watstep.lint.__file__).parent / "pages"
PROGRAM = re.compile(r"^```wat\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", SUMMARIES)
def test_pages(code: str) -> None:
    """Each lint has a page, whose first program shows it and whose second shows nothing."""
    text = (PAGES / f"{code}.md").read_text("utf-8")
    assert text.startswith(f"# {code}\n\n")
    wrong, right = PROGRAM.findall(text)
    assert {item.code for item in lints(wrong)} == {code}
    assert compile_source(Source("right.wat", right), INTERFACE).diagnostics == ()


def test_the_document_tells_every_lint() -> None:
    """docs/lints.md has a row for each, with its level, and no other."""
    document = (ROOT / "docs" / "lints.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.*) \|$", document, re.MULTILINE)
    levels = [(code, level.value if level else "off") for code, level in USUAL.items()]
    assert rows == [(code, level, SUMMARIES[code]) for code, level in levels]


def test_codes_are_rows() -> None:
    """The table's keys are its codes."""
    assert [rule.code for rule in RULES.values()] == list(RULES)


def test_an_early_read_in_a_loop_is_0_the_first_time_alone() -> None:
    """What a later round reads is what an earlier one set."""
    read = "(local.set $n (i32.add (local.get $n) (i32.const 1))) (local $n i32)"
    again = "(br_if $again (i32.lt_s (local.get $n) (i32.const 3)))"
    texts = (read, f"(loop $again {read} {again})")
    once, often = (lints(f"{text} (local.get $n)") for text in texts)
    assert once[0].message == "`$n` is read before it is declared; it is 0 here"
    assert often[0].message == "`$n` is read before it is declared; it is 0 the first time"

"""Fixes made together, and the text by which a language model mends a program."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import CASES
from watstep.editing.language_rules import RULES, rule_of
from watstep.editing.mending import in_order_to_mend, of_kind, repaired, sure_fix, together
from watstep.editing.repair_prompt import repair_prompt
from watstep.host.catalog import INTERFACE
from watstep.host.settings import DEFAULT_GRANTS
from watstep.lint.levels import SUMMARIES
from watstep.pipeline import compile_source
from watstep.source.diagnostic import Edit, Fix, Severity
from watstep.source.text import Source, Span

PROMPTS = sorted((CASES / "prompts").glob("*.wat"))
LONGEST = 5_000
"""Characters of a text for a model, the program of a few lines included."""


def prompt(path: Path) -> str:
    """The text for a case."""
    source = Source(path.name, path.read_text("utf-8"))
    return repair_prompt(compile_source(source, INTERFACE), INTERFACE, DEFAULT_GRANTS)


@pytest.mark.parametrize("path", PROMPTS, ids=lambda path: path.stem)
def test_prompts(path: Path) -> None:
    """Each is as it was read and found good, and short; `WATSTEP_GOLDEN=1` writes them again."""
    wanted = path.with_suffix(".txt")
    found = prompt(path)
    if os.environ.get("WATSTEP_GOLDEN"):
        wanted.write_text(found, "utf-8")
    assert found == wanted.read_text("utf-8")
    assert len(found) < LONGEST


def test_a_right_program_needs_no_prompt() -> None:
    """Nothing is said of it."""
    found = compile_source(Source("r.wat", "(i32.const 0)"), INTERFACE)
    assert repair_prompt(found, INTERFACE, DEFAULT_GRANTS) == ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.codes[0])
def test_the_example_of_a_rule_is_right(rule: object) -> None:
    """It is a program without errors, in the profile that is the usual one."""
    example = getattr(rule, "example", "")
    if example and rule is not rule_of("macro-arity"):
        found = compile_source(Source("r.wat", example), INTERFACE).diagnostics
        assert [d.message for d in found if d.severity is Severity.ERROR] == []


def test_every_error_breaks_one_rule() -> None:
    """What the cases of errors cause stands in a rule; no code stands in two."""
    codes = [code for rule in RULES for code in rule.codes]
    assert len(codes) == len(set(codes))
    for path in (CASES / "errors").glob("*.wat"):
        for found in compile_source(Source("", path.read_text("utf-8")), INTERFACE).diagnostics:
            if found.severity is Severity.ERROR and found.code not in SUMMARIES:
                assert rule_of(found.code), found.code


def test_problems_are_mended_from_the_syntax_on() -> None:
    """Syntax, forms, names, then types, whatever their order in the text."""
    text = "(i32.add (i32.const 1))\n(call $nowhere)\n(i32.foo)\n(resv (i32.const 1)"
    found = compile_source(Source("o.wat", text), INTERFACE).diagnostics
    codes = [problem.code for problem in in_order_to_mend(found)]
    assert codes[0] == "unclosed-form"
    assert codes.index("unknown-instruction") < codes.index("unknown-function")
    assert codes.index("unknown-function") < codes.index("stack-underflow")


@pytest.mark.parametrize("path", sorted((CASES / "errors").glob("*.wat")), ids=lambda p: p.stem)
def test_sure_fixes_help_and_settle(path: Path) -> None:
    """They leave no more errors, no further sure fix, and nothing to do the next time."""
    source = Source(path.name, path.read_text("utf-8"))
    errors = [
        sum(d.severity is Severity.ERROR for d in compile_source(each, INTERFACE).diagnostics)
        for each in (source, Source(path.name, repaired(source, INTERFACE).text))
    ]
    assert errors[1] <= errors[0]
    again = Source(path.name, repaired(source, INTERFACE).text)
    assert repaired(again, INTERFACE).text == again.text


def test_a_guess_is_not_sure() -> None:
    """A value put in place of one that lacks, and one of several names, are for a person."""
    for text in ("(i32.add (i32.const 1))", "(local $url i32) (local.get $utl)"):
        found = compile_source(Source("g.wat", text), INTERFACE).diagnostics
        assert found[0].fixes
        assert sure_fix(found[0]) is None


def test_fixes_that_touch_are_made_one_after_the_other() -> None:
    """The same edit is made once; what overlaps is left for later."""
    first = Fix("a", (Edit(Span(0, 3), "x"),))
    same, apart = Fix("b", first.edits), Fix("c", (Edit(Span(3, 4), ""),))
    touches = Fix("d", (Edit(Span(2, 5), "y"), Edit(Span(9, 9), "z")))
    assert together((first, same, touches, apart)) == (*first.edits, *apart.edits)


def test_all_of_a_kind_are_mended_at_once() -> None:
    """Three operands that stand alone, each in its own words."""
    text = "(argv 0 $n)\n(i32.add $n (i32.mul $n $n))"
    found = compile_source(Source("k.wat", text), INTERFACE).diagnostics
    assert len(together(of_kind(found, found[0], found[0].fixes[0]))) == 3


def test_a_kind_of_fix_is_not_a_place_among_the_fixes() -> None:
    """What declares one name declares the others, wherever that stands among their fixes."""
    text = "(local $url i32)\n(local.set $utl (i32.const 1))\n(local.set $far (i32.const 1))\n"
    found = compile_source(Source("k.wat", text + "(i32.const 0)"), INTERFACE).diagnostics
    first, second = (item for item in found if item.code == "unknown-local")
    declare, rename = first.fixes
    assert [fix.title for fix in of_kind(found, first, declare)] == [
        "declare $utl",
        "declare $far",
    ]
    assert of_kind(found, first, rename) == (rename,)
    turned = first._replace(fixes=(rename, declare))
    assert of_kind((turned, second), second, second.fixes[0]) == (declare, second.fixes[0])


def test_a_prompt_says_what_is_granted() -> None:
    """With the scope; what is not granted is told as such."""
    found = compile_source(Source("g.wat", "(call $kv.set)"), INTERFACE)
    text = repair_prompt(found, INTERFACE, {"http": ("example.com",), "sys": ()})
    assert "http (granted for example.com):" in text
    assert "sys (granted):" in text
    assert "kv (needs a grant):" in text

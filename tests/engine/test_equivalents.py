"""What is written for an instruction outside profile `agent` gives the same on the machine."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.stepping import program_of
from tests.support import applied
from watstep.host.catalog import INTERFACE
from watstep.host.settings import RunSettings
from watstep.machine.run import run_machine
from watstep.pipeline import compile_source
from watstep.source.diagnostic import Diagnostic
from watstep.source.text import Source

SETTINGS = RunSettings()


def outside(text: str) -> list[Diagnostic]:
    """What a text holds that the profile has not."""
    found = compile_source(Source("e.wat", text), INTERFACE).diagnostics
    return [problem for problem in found if problem.code == "outside-profile"]


def rewritten(text: str) -> str:
    """The text after every exact fix, the outermost first."""
    while problems := outside(text):
        (fix, *_) = problems[0].fixes
        assert fix.sure, (problems[0], text)
        text = applied(text, fix)
    return text


def program(expression: str, first: int, second: int) -> str:
    """One whose value is that of an expression over two locals."""
    return (
        f"(local $a i32) (local $b i32) (local.set $a (i32.const {first}))\n"
        f"(local.set $b (i32.const {second}))\n{expression}\n"
    )


def assert_same(expression: str, first: int, second: int) -> None:
    """Run it as it is in profile `core`, and rewritten in profile `agent`."""
    text = program(expression, first, second)
    wanted = run_machine(program_of(f";; profile: core\n{text}"), SETTINGS)
    found = run_machine(program_of(rewritten(text)), SETTINGS)
    assert (found.results, found.log) == (wanted.results, wanted.log), rewritten(text)


NUMBERS = st.integers(-(1 << 31), (1 << 31) - 1) | st.sampled_from(
    (0, 1, -1, 7, 8, 255, 128, -128, 32767, 32768, 65535, (1 << 31) - 1, -(1 << 31))
)
BITS = st.integers(0, 40)
POWERS = st.integers(0, 31).map(lambda bits: 1 << bits)
OPERANDS = st.sampled_from(("(local.get $a)", "(local.get $b)")) | NUMBERS.map(
    "(i32.const {})".format
)


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions around others."""
    plain = OPERANDS
    return st.one_of(
        st.builds("(i32.xor {} {})".format, plain, plain),
        st.builds(
            "(i32.{} {} {})".format, st.sampled_from(("lt_u", "gt_u", "le_u", "ge_u")), inner, inner
        ),
        st.builds("(i32.shl {} (i32.const {}))".format, inner, BITS),
        st.builds(
            "(i32.{} {} (i32.const {}))".format, st.sampled_from(("shr_s", "shr_u")), plain, BITS
        ),
        st.builds(
            "(i32.{} {} (i32.const {}))".format, st.sampled_from(("div_u", "rem_u")), plain, POWERS
        ),
        st.builds("(i32.{}_s {})".format, st.sampled_from(("extend8", "extend16")), inner),
        st.builds("(select {} {} {})".format, plain, plain, inner),
    )


@settings(max_examples=300, deadline=None)
@given(expression=st.recursive(OPERANDS, _wider, max_leaves=6), first=NUMBERS, second=NUMBERS)
def test_an_expression_keeps_its_value(expression: str, first: int, second: int) -> None:
    """Over numbers of every size and sign."""
    assert_same(expression, first, second)


@given(first=st.integers(-2, 4))
def test_a_table_goes_where_it_went(first: int) -> None:
    """Numbers past its end and below 0 go to its last label."""
    inner = (
        "(block $x (block $y (br_table $y $x $out (local.get $a))) (call $dbg.i32 (i32.const 1)))"
    )
    assert_same(f"(block $out {inner} (call $dbg.i32 (i32.const 2))) (nop) (i32.const 0)", first, 0)


KEPT = {
    "a call is made once": "(i32.xor (call $sys.argc) (local.get $a))",
    "a load may trap": "(select (i32.load (local.get $a)) (i32.const 1) (local.get $b))",
    "a division may trap": "(select (i32.div_s (i32.const 1) (local.get $a)) "
    "(i32.const 1) (local.get $b))",
    "it is set between": "(select (local.get $a) (i32.const 1) (local.tee $a (i32.const 5)))",
    "no constant": "(i32.shl (local.get $a) (local.get $b))",
    "no power": "(i32.div_u (local.get $a) (i32.const 7))",
    "an operand from elsewhere": "(local.get $a) "
    "(i32.lt_u (i32.add (local.get $b)) (local.get $a))",
}


@pytest.mark.parametrize("expression", KEPT.values(), ids=KEPT)
def test_where_it_would_not_be_the_same_nothing_is_offered(expression: str) -> None:
    """Other fixes stay: they say what they change."""
    (problem,) = outside(program(expression, 1, 2))
    assert problem.fixes
    assert not any(fix.sure for fix in problem.fixes)


def test_what_is_worked_out_once_stays_where_it_stands() -> None:
    """A call between, and a text that is written twice, which is one text."""
    found = rewritten(program("(i32.lt_u (call $sys.argc) (i32.const 9))", 1, 2))
    assert found.endswith(
        "(i32.lt_s (i32.add (call $sys.argc) (i32.const -2147483648)) "
        "(i32.add (i32.const 9) (i32.const -2147483648)))\n"
    )
    found = rewritten(program('(i32.xor "t" (i32.const 1))', 1, 2))
    assert found.endswith('(i32.sub (i32.or "t" (i32.const 1)) (i32.and "t" (i32.const 1)))\n')


def test_a_deep_operand_is_no_depth_of_calls() -> None:
    """It is too long to be written twice."""
    deep = "(i32.add (i32.const 1) " * 900 + "(i32.const 1)" + ")" * 900
    (problem,) = outside(f"(i32.xor (i32.const 1) {deep})")
    assert [fix.title for fix in problem.fixes] == ["lift the profile"]

"""Selection by form: from the word outwards, and back in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import EXAMPLES
from watstep.editing.selection import grown, levels, shrunk
from watstep.source.text import Source, Span
from watstep.syntax.parser import parse

STEPS = {
    "a word, its form and outwards": (
        "(a (local.get $|n) b)",
        ["$n", "local.get $n", "(local.get $n)", "a (local.get $n) b", "(a (local.get $n) b)"],
    ),
    "a parenthesis is its form": ("(a |(b c))", ["(b c)", "a (b c)", "(a (b c))"]),
    "after a parenthesis too": ("(a (b c)|)", ["(b c)", "a (b c)", "(a (b c))"]),
    "a string": (
        '(resv "one t|wo")',
        ["two", "one two", '"one two"', 'resv "one two"', '(resv "one two")'],
    ),
    "a string of lines": ('"""\none t|wo\n"""', ["two", "\none two\n", '"""\none two\n"""']),
    "an empty string": ('(resv "|")', ['""', 'resv ""', '(resv "")']),
    "a comment": (
        "(a)\n;; one t|wo\n(b)",
        ["two", "one two", ";; one two", "(a)\n;; one two\n(b)"],
    ),
    "a comment in a form": (
        "(a (; one t|wo ;) b)",
        ["two", "one two", "(; one two ;)", "a (; one two ;) b", "(a (; one two ;) b)"],
    ),
    "a flat instruction": (
        "local.get $|n\ni32.const 1",
        ["$n", "local.get $n", "local.get $n\ni32.const 1"],
    ),
    "a flat block": (
        "nop block $a br $|a end $a nop",
        ["$a", "br $a", "block $a br $a end $a", "nop block $a br $a end $a nop"],
    ),
    "between forms": ("(a)\n|\n(b)", ["(a)\n\n(b)"]),
    "an open form": ("(a (b |c", ["c", "b c", "(b c", "a (b c", "(a (b c"]),
    "nothing": ("|", []),
}


@pytest.mark.parametrize(("marked", "steps"), STEPS.values(), ids=STEPS)
def test_a_selection_grows_by_form_and_shrinks_the_same_way(marked: str, steps: list[str]) -> None:
    """Each step, from the cursor to the whole text, and back to the cursor."""
    place = marked.index("|")
    text = marked.replace("|", "", 1)
    tree = parse(Source("s", text))
    selected, seen = Span(place, place), []
    while (larger := grown(tree, selected)) != selected:
        assert shrunk(tree, larger, place) == selected or not selected[1] - selected[0]
        selected = larger
        seen.append(text[selected.start : selected.end])
    assert seen == steps
    assert [text[span.start : span.end] for span in levels(tree, place)] == steps


TEXTS = st.sampled_from([path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.wat"))])


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, cut=st.integers(0, 400), data=st.data())
def test_the_levels_of_any_place_lie_in_one_another(
    text: str, cut: int, data: st.DataObject
) -> None:
    """Of whole texts and of texts that end too early; growing then shrinking leads back."""
    text = text[: len(text) - cut] or "("
    tree = parse(Source("s", text))
    place = data.draw(st.integers(0, len(text)))
    around = levels(tree, place)
    assert around[-1] == Span(0, len(text))
    for inner, outer in pairwise(around):
        assert outer.start <= inner.start <= inner.end <= outer.end
        assert inner != outer
        assert shrunk(tree, outer, place) == inner


def test_deep_texts_are_walked_over() -> None:
    """Nesting is no recursion."""
    text = "(block " * 900 + ")" * 900
    assert len(levels(parse(Source("deep", text)), 7 * 450)) > 450

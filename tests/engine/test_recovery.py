"""One character too few or too many: one diagnostic, whose fix gives the program back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import EXAMPLES, applied
from watstep.source.diagnostic import Fix
from watstep.source.text import Source
from watstep.syntax.lexer import tokenize
from watstep.syntax.parser import parse
from watstep.syntax.recovery import MOST_IDLE

TEXTS = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.wat"))]


def words(text: str) -> list[str]:
    """The tokens of a text, comments left out."""
    return [t.text for t in tokenize(text) if not t.text.startswith((";;", "(;"))]


def broken(text: str, kind: str) -> Iterator[str]:
    """The text with each parenthesis, or closing quote, in turn taken away or written twice."""
    for token in tokenize(text):
        if kind == "no )" and token.text == ")":
            yield text[: token.start] + text[token.end :]
        elif kind == "two )" and token.text == ")":
            yield text[: token.end] + ")" + text[token.end :]
        elif kind == "no (" and token.text == "(":
            yield text[: token.start] + text[token.end :]
        elif kind == "no quote" and token.text.startswith('"'):
            yield text[: token.end - 1] + text[token.end :]


@pytest.mark.parametrize(
    ("kind", "share"), [("no )", 0.97), ("two )", 0.97), ("no (", 0.8), ("no quote", 0.7)]
)
def test_mistakes_of_one_character(kind: str, share: float) -> None:
    """The mends of the examples' every parenthesis give the same program, as a rule."""
    cases = alike = alone = 0
    for text in TEXTS:
        for wrong in broken(text, kind):
            tree = parse(Source("wrong.wat", wrong))
            assert tree.diagnostics
            cases += 1
            alone += len(tree.diagnostics) == 1
            alike += words(applied(wrong, Fix("", tree.mends))) == words(text)
    assert alike >= share * cases, (alike, cases)
    assert alone >= share * cases, (alone, cases)


@pytest.mark.parametrize("between", ["", "\n", " "])
def test_very_many_parentheses_that_close_nothing(between: str) -> None:
    """The first are told one by one, then their number; all are taken away."""
    text = f"(i32.const 0){between}{f'){between}' * 30_000}"
    tree = parse(Source("many.wat", text))
    codes = {problem.code for problem in tree.diagnostics}
    assert codes == {"stray-parenthesis"}
    assert len(tree.diagnostics) == MOST_IDLE + 1
    assert tree.diagnostics[-1].message == "these 29,900 `)` close nothing, either"
    mended = Fix("", tuple(edit for found in tree.diagnostics for edit in found.fixes[0].edits))
    assert applied(text, mended).split() == ["(i32.const", "0)"]


def test_parentheses_apart_are_told_each() -> None:
    """Each row is counted by itself."""
    text = "(i32.const 0)\n" + "))) (i32.const 0)\n" * 60
    found = parse(Source("apart.wat", text)).diagnostics
    assert len(found) == 180
    assert {problem.message for problem in found} == {"this `)` closes nothing"}

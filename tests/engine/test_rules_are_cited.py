"""The page of the stepping rules and the tests speak of the same rules."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support import ROOT

PAGE = (ROOT / "docs" / "stepping.md").read_text("utf-8")
RULE = re.compile(r"\b[SBLP]\d{1,2}\b")
RANGE = re.compile(r"\b([SBLP])(\d{1,2}) to \1(\d{1,2})\b")


def cited(path: Path) -> set[str]:
    """The rules that the docstrings of a file's tests name, `S1 to S9` written out."""
    text = path.read_text("utf-8")
    docstrings = re.findall(r'def test_[^"]*?"""(.*?)"""', text, re.DOTALL)
    found: set[str] = set()
    for words in docstrings:
        found |= set(RULE.findall(words))
        for letter, first, last in RANGE.findall(words):
            found |= {f"{letter}{number}" for number in range(int(first), int(last) + 1)}
    return found


def test_every_rule_of_the_page_is_cited_by_a_test() -> None:
    """Each number that begins a rule stands in the docstring of a test."""
    rules = re.findall(r"^- \*\*([SBLP]\d+)\*\*", PAGE, re.MULTILINE)
    assert len(rules) == len(set(rules)) == 12 + 3 + 5 + 3
    tests = set[str]().union(*map(cited, (ROOT / "tests").rglob("test_*.py")))
    assert set(rules) <= tests, sorted(set(rules) - tests)


def test_the_files_that_the_page_names_are_there() -> None:
    """A name of a test file in the page is that of a file."""
    for name in re.findall(r"`(?:tests/engine/)?(\w+\.py)`", PAGE):
        assert (ROOT / "tests" / "engine" / name).exists(), name

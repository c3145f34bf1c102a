"""The page of the stepping rules and the tests speak of the same rules."""

from __future__ import annotations

import re

from tests.support import ROOT

PAGE = (ROOT / "docs" / "stepping.md").read_text("utf-8")
RULE = re.compile(r"\b[SBLP]\d{1,2}\b")
RANGE = re.compile(r"\b([SBLP])(\d{1,2}) to \1(\d{1,2})\b")


def cited() -> dict[str, set[str]]:
    """The rules that the docstring of each test names, `S1 to S9` written out."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        tests = re.findall(r'def (test_\w+)\([^"]*?"""(.*?)"""', path.read_text("utf-8"), re.DOTALL)
        for name, words in tests:
            rules = found.setdefault(name, set())
            rules.update(RULE.findall(words))
            for letter, first, last in RANGE.findall(words):
                rules.update(f"{letter}{number}" for number in range(int(first), int(last) + 1))
    return found


def test_every_rule_of_the_page_is_held_by_the_tests_it_names() -> None:
    """Each number that begins a rule has its row, and each test of a row cites the number."""
    rules = re.findall(r"^- \*\*([SBLP]\d+)\*\*", PAGE, re.MULTILINE)
    assert len(rules) == len(set(rules)) == 12 + 6 + 6 + 3
    rows = dict(re.findall(r"^\| ([SBLP]\d+) \| (.*) \|$", PAGE, re.MULTILINE))
    assert list(rows) == rules
    tests = cited()
    for rule, names in rows.items():
        assert names.strip()
        for name in re.findall(r"`(\w+)`", names):
            assert rule in tests[name], (rule, name)


def test_the_files_that_the_page_names_are_there() -> None:
    """A name of a test file in the page is that of a file."""
    for name in re.findall(r"`(?:tests/engine/)?(\w+\.py)`", PAGE):
        assert (ROOT / "tests" / "engine" / name).exists(), name

"""docs/language.md and the pages of errors tell every diagnostic and instruction that there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import CASES, ROOT
from watstep.editing.language_rules import rule_of
from watstep.editing.pages import all_codes, explained
from watstep.expand.macros import MACROS
from watstep.host.catalog import INTERFACE
from watstep.host.settings import RunSettings
from watstep.lint.levels import SUMMARIES
from watstep.machine.start import start_problems
from watstep.pipeline import compile_source
from watstep.source.diagnostic import Severity
from watstep.source.text import Source
from watstep.wasm.instructions import INSTRUCTIONS

DOCUMENT = (ROOT / "docs" / "language.md").read_text("utf-8")
ENGINE = ROOT / "engine" / "watstep"
REPORTERS = frozenset(
    ("Diagnostic", "report", "_report", "_error", "_problem", "_refused", "_edge")
)
ON_THE_COMMAND_LINE = frozenset(("usage", "unreadable", "too-large", "binary", "project-file"))
AT_A_RUN = frozenset(("memory-limit", "missing-grant", "no-run", "start-function", "trap"))
"""Codes that no program has by itself; the tests of runs cause them."""
NO_CASE = frozenset(("macro-unexpanded", "more-problems", "too-deep"))
"""The first is hidden by the problem that it follows, the others have tests of their own."""


PROGRAM = re.compile(r"^```wat\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NO_PROGRAM = ON_THE_COMMAND_LINE | NO_CASE | {"trap"}
"""Codes of which no short program is wrong and another right."""
BESIDE = {"string-placement": {"data-address"}}
"""What cannot be wrong by itself."""


def told() -> set[str]:
    """The codes that have a page and are no lints."""
    return set(all_codes()) - set(SUMMARIES)


def reported(path: Path) -> Iterator[str]:
    """The codes that a module of the engine reports by a literal."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            code = node.args[0].value
            if name in REPORTERS and isinstance(code, str):
                yield code


def caused() -> set[str]:
    """The codes of the cases."""
    files = (CASES / "errors").glob("*.wat")
    text = "".join(path.read_text("utf-8") for path in files)
    return set(re.findall(r"^;; (?:error|warning): (\S+)", text, re.M))


def test_every_code_is_told() -> None:
    """The pages tell the codes of the engine and no other, each with a case that causes it."""
    literal = {code for path in ENGINE.rglob("*.py") for code in reported(path)}
    assert told() == literal | caused() | ON_THE_COMMAND_LINE
    assert told() - caused() == AT_A_RUN | ON_THE_COMMAND_LINE | NO_CASE


def test_every_error_has_a_fix_or_a_reason() -> None:
    """The document says why there can be none for just the codes that no case has a fix for."""
    found: set[str] = set()
    mended: set[str] = set()
    for path in (CASES / "errors").glob("*.wat"):
        for problem in compile_source(Source("", path.read_text("utf-8")), INTERFACE).diagnostics:
            if problem.severity is Severity.ERROR:
                (mended if problem.fixes else found).add(problem.code)
    reasons = DOCUMENT[DOCUMENT.index("Without a fix are") : DOCUMENT.index("Others have none at")]
    assert set(re.findall(r"`([a-z0-9-]+)`", reasons)) == found - mended


def shown(text: str, *, started: bool) -> set[str]:
    """The codes of what is wrong with a program, with the start of a run where it is `started`."""
    found = compile_source(Source("page.wat", text), INTERFACE)
    refused = start_problems(found.program, RunSettings()) if started and found.program else ()
    return {problem.code for problem in (*found.diagnostics, *refused)}


@pytest.mark.parametrize("code", sorted(told()))
def test_pages(code: str) -> None:
    """A sentence, the rule, a program with that problem alone, and one without any."""
    page = explained(code)
    assert page is not None
    rule = rule_of(code)
    assert page.startswith(f"# {code}\n\n")
    assert rule is None or f"\n\n{rule.text}\n" in page
    programs = PROGRAM.findall(page)
    if code in NO_PROGRAM:
        assert programs == []
        return
    wrong, right = programs
    started = code in AT_A_RUN
    assert shown(wrong, started=started) - BESIDE.get(code, set()) == {code}
    assert shown(right, started=started) == set()


def test_pages_stand_in_order() -> None:
    """Where somebody looks for a code in the file."""
    codes = [code for code in all_codes() if code not in SUMMARIES]
    assert codes == sorted(codes)


def test_every_instruction_and_macro_is_told() -> None:
    """By its full name, or by the part after its type as the table writes them."""
    words = set(re.findall(r"[a-z][a-z0-9_.]*", DOCUMENT))
    for name in (*INSTRUCTIONS, *MACROS):
        assert name in words or name.partition(".")[2] in words, name

"""docs/language.md tells every diagnostic and every instruction that there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support import CASES, ROOT
from watstep.expand.macros import MACROS
from watstep.host.catalog import INTERFACE
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


def told() -> set[str]:
    """The codes in the table of the document."""
    table = DOCUMENT[DOCUMENT.index("| code |") :]
    return set(re.findall(r"`([a-z0-9-]+)`", " ".join(re.findall(r"^\| (`.*?) \|", table, re.M))))


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
    """The table holds the codes of the engine and no other, each with a case that causes it."""
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


def test_the_pages_tell_the_same() -> None:
    """The table that `check --explain` reads is the document's: copy it where this fails."""
    page = (ENGINE / "lint" / "pages" / "errors.md").read_text("utf-8")
    assert page[page.index("| code |") :] == DOCUMENT[DOCUMENT.index("| code |") :]


def test_every_instruction_and_macro_is_told() -> None:
    """By its full name, or by the part after its type as the table writes them."""
    words = set(re.findall(r"[a-z][a-z0-9_.]*", DOCUMENT))
    for name in (*INSTRUCTIONS, *MACROS):
        assert name in words or name.partition(".")[2] in words, name

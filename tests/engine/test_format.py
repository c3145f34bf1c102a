"""The formatter: the same tokens and bytes, stable, and the rules of docs/format.md."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.programs import MacroWriter
from tests.engine.test_expand import EXPANSIONS, MISTAKES, Writer
from tests.engine.test_programs import PROGRAMS
from tests.engine.test_views import GOLDEN
from tests.support import EXAMPLES
from watstep.editing.format import WIDEST, applied, format_source
from watstep.host.catalog import INTERFACE
from watstep.pipeline import compile_source
from watstep.source.diagnostic import has_errors
from watstep.source.text import Source
from watstep.syntax.lexer import tokenize
from watstep.syntax.parser import parse

SHIPPED = sorted(EXAMPLES.glob("*.wat"))
ALL = [*EXPANSIONS, *PROGRAMS, *SHIPPED, *GOLDEN, *MISTAKES]
MULTILINE = re.compile(r'"""|\(;')


def formatted(text: str) -> str:
    """A text laid out; one that is no tree as it is."""
    source = Source("format.wat", text)
    return applied(source, format_source(source).edits)


def tokens(text: str) -> list[str]:
    """All tokens, without the blanks at the end of a comment."""
    return [token.text.rstrip() for token in tokenize(text)]


def check(text: str) -> None:
    """What holds of every text."""
    source = Source("format.wat", text)
    found = format_source(source)
    if has_errors(parse(source).diagnostics):
        assert found.edits == ()
        assert has_errors(found.problems)
        return
    after = applied(source, found.edits)
    for edit in found.edits:
        assert not text[edit.span.start : edit.span.end].strip("\ufeff \t\r\n")
    assert tokens(after) == tokens(text)
    assert format_source(Source("again.wat", after)).edits == ()
    before = compile_source(source, INTERFACE)
    again = compile_source(Source("after.wat", after), INTERFACE)
    assert [d.code for d in again.diagnostics] == [d.code for d in before.diagnostics]
    if before.program is not None and again.program is not None:
        assert again.program.binary == before.program.binary
    if not MULTILINE.search(after):
        assert not re.search(r"[ \t]+\r?$", after, re.MULTILINE)
        assert "\n\n\n" not in after.replace("\r\n", "\n")


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_program(path: Path) -> None:
    """The same tokens, the same bytes, and formatted once is formatted."""
    check(path.read_bytes().decode("utf-8", "replace"))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1 << 32))
def test_random_programs(seed: int) -> None:
    """Of random programs, laid out at random, on one line, and with a hole."""
    chosen = random.Random(seed)
    text = Writer(seed).program()
    check(text)
    check(MacroWriter(seed).program())
    start = chosen.randrange(len(text))
    check(text[:start] + text[start + chosen.randrange(1, 20) :])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_examples_are_formatted(path: Path) -> None:
    """The article's programs stay as the article has them."""
    assert format_source(Source(path.name, path.read_text("utf-8"))).edits == ()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("", ""),
        ("  ;; only", ";; only\n"),
        ("( i32.const\t1 )", "(i32.const 1)\n"),
        ("(i32.add\n(i32.const 1)\n\n\n\n(i32.const 2)\n\n)", None),
        ("(block\n(loop\nnop\n)\n)\n", "(block\n  (loop\n    nop\n  )\n)\n"),
        ("(block (loop\nnop\n))\n", "(block (loop\n  nop\n))\n"),
        ("block\nloop\nnop\nend\nend\n", "block\n  loop\n    nop\n  end\nend\n"),
        (
            "i32.const 1\nif\nnop\nelse\nnop\nend\n",
            "i32.const 1\nif\n  nop\nelse\n  nop\nend\n",
        ),
        ("(block\n    nop\n  (loop\nnop))\n", "(block\n    nop\n    (loop\n        nop))\n"),
        (
            "(module\n   (; a ;) (func\n    nop))\n",
            "(module\n  (; a ;) (func\n    nop))\n",
        ),
        ("(block\n    ;; a\n  nop)\n", "(block\n  ;; a\n  nop)\n"),
        ("nop    ;; far\r\nnop", "nop    ;; far\r\nnop\r\n"),
        ('"""\n a\n  b"""  ;; text', '"""\n a\n  b"""  ;; text\n'),
        ("\ufeff nop", "\ufeffnop\n"),
        ("nop ;; end   \n", "nop ;; end\n"),
    ],
)
def test_rules(given: str, wanted: str | None) -> None:
    """Each rule of the page."""
    if wanted is None:
        wanted = "(i32.add\n  (i32.const 1)\n\n  (i32.const 2)\n)\n"
    assert formatted(given) == wanted


def test_wide_lines_are_broken_before_their_outermost_forms() -> None:
    """As often as it takes; what cannot be broken is left, and comments may be longer."""
    form = "(i32.add (i32.mul (local.get $a) (i32.const 1000)) (i32.const 7))"
    text = f"(local.set $a (i32.sub {form} {form})) ;; {'long ' * 30}\n"
    assert formatted(text).splitlines() == [
        "(local.set $a",
        "  (i32.sub",
        f"    {form}",
        f"    {form})) ;; {'long ' * 30}".rstrip(),
    ]
    condition = f"(i32.eqz {form})"
    wide = f"(if {condition} (then (nop)) (else (nop) (nop) (nop)))\n"
    assert len(wide) > WIDEST
    assert formatted(wide) == f"(if {condition}\n  (then (nop))\n  (else (nop) (nop) (nop)))\n"
    flat = "i32.const 1 drop " * 10
    assert formatted(flat) == "i32.const 1\ndrop\n" * 10
    word = "$" + "x" * 200
    assert formatted(f"(local.get {word})\n") == f"(local.get {word})\n"


def test_depth_costs_no_recursion() -> None:
    """Forms as deep as the language allows, on one line."""
    text = "(block " * 900 + ")" * 900
    assert tokens(formatted(text)) == tokens(text)

"""The laws of the compiler, and what it says of wrong programs (LANGUAGE.md 1 to 5)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import EXAMPLES
from watstep.expand.expander import expand
from watstep.expand.pieces import Pass
from watstep.host.catalog import INTERFACE
from watstep.pipeline import compile_source
from watstep.source.diagnostic import has_errors
from watstep.source.render import render
from watstep.source.text import Source
from watstep.syntax.lexer import tokenize
from watstep.syntax.parser import parse

PROGRAMS = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.wat"))] + [
    "(argv 0 $a) (argv 1 $b)\n(check $a.err) i32.const 0",
    "(func $h (result i32 i32) (local $e i32) (check $e) (i32.const 1) (i32.const 2))\n"
    "(call $h) (local $p i32) (local.set $p) (local $q i32) (local.set $q)\n"
    '(resv "x")(local.get $q)',
    '(call $dbg.log """\n  two\n  "lines"\n""")\r\n(call $dbg.log "é\\n") (i32.const 0)',
    "\ufeff;; a comment\n(i32.const 7)",
    '(module (func (export "run") (result i32) (call $dbg.log "m") (local $x i32) local.get $x))',
]


@pytest.mark.parametrize("text", PROGRAMS, ids=range(len(PROGRAMS)))
def test_expansion_laws(text: str) -> None:
    """An expansion is its own expansion, wat2wasm takes it, and each pass leads to it."""
    compilation = compile_source(Source("law.wat", text), INTERFACE)
    assert compilation.program is not None, compilation.diagnostics
    full = compilation.expansion.full
    again = expand(parse(full.as_source), INTERFACE)
    assert again.full.text == full.text
    wasmtime.wat2wasm(full.text)
    wasmtime.Module.validate(wasmtime.Engine(), compilation.program.binary)
    words = [token.text for token in tokenize(full.text)]
    for each in Pass:
        view = compilation.expansion.after(each)
        led = expand(parse(view.as_source), INTERFACE).full.text
        assert [token.text for token in tokenize(led)] == words


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_standard_wat_is_its_own_expansion(newline: str) -> None:
    """LANGUAGE.md 1: byte for byte."""
    text = newline.join(
        [
            "(module",
            '\t(func (export "run") (result i32) (local $x i32) ;; é',
            "  local.get 0))",
            "",
        ]
    )
    assert expand(parse(Source("s.wat", text)), INTERFACE).full.text == text


ERRORS = [
    ("(i32.add (i32.const 1))", ["stack-underflow"]),
    ("(local.get $x)", ["unknown-local"]),
    ("(i32.foo) (i32.const 0)", ["unknown-instruction"]),
    ("(drop (i32.const 1)) (i32.const 0)", ["outside-profile"]),
    ("(argv 0)", ["macro-arity"]),
    ("(argv $x $y) (i32.const 0)", ["macro-argument"]),
    ("(i32.const 1) (i32.const 2)", ["left-over-value"]),
    ("", ["missing-value"]),
    (";; nothing", ["missing-value"]),
    ('(call $http.gett "x")', ["unknown-host-function"]),
    ("(func $run) (i32.const 0)", ["run-redefined"]),
    ("(br $y) (i32.const 0)", ["unknown-label"]),
    ("(i32.const 4294967296)", ["bad-constant"]),
    ('(call $dbg.log "\\ff") (i32.const 0)', ["not-utf8"]),
    ("Sure! Here it is:\n```wat\n(i32.const 1)\n```\nEnjoy.", ["pasted-chat"]),
    ("(func $f (check $e)) (i32.const 0)", ["check-result"]),
    ('(import "wasi_snapshot_preview1" "x" (func $f)) (i32.const 0)', ["no-wasi"]),
    ("(i32.const 0", ["unclosed-form"]),
    ("(i32.const 0))", ["stray-parenthesis"]),
]


@pytest.mark.parametrize(("text", "codes"), ERRORS, ids=range(len(ERRORS)))
def test_errors(text: str, codes: list[str]) -> None:
    """Each mistake is reported once, under its code."""
    found = compile_source(Source("e.wat", text), INTERFACE).diagnostics
    assert [d.code for d in found if d.severity.value == "error"] == codes


def test_independent_errors_are_all_reported() -> None:
    """Five mistakes in one file are five diagnostics."""
    text = "(local.get $a)\n(i32.foo)\n(call $sys.arg)\n(check 5)\n(br $nowhere)\n(i32.const 0)"
    found = compile_source(Source("five.wat", text), INTERFACE).diagnostics
    assert len({d.span for d in found}) >= 5


def check_answer(text: str) -> None:
    """Nothing raises; every span lies in the text, and what is copied is what stands there."""
    compilation = compile_source(Source("any.wat", text), INTERFACE)
    size = len(text)
    for found in compilation.diagnostics:
        spans = [found.span, *(label.span for label in found.labels)]
        spans += [edit.span for fix in found.fixes for edit in fix.edits]
        assert all(0 <= span.start <= span.end <= size for span in spans), found
        assert render(compilation.source, found)
    expansion = compilation.expansion
    for piece in expansion.full.pieces:
        if piece.span is not None:
            assert text[piece.span.start : piece.span.end] == piece.text
    assert expansion.full_tree.source.text == expansion.full.text
    if not has_errors(compilation.diagnostics):
        wasmtime.wat2wasm(expansion.full.text.removeprefix("\ufeff"))


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("()\"';$ \n\\aeio.019-=ß") | st.sampled_from("\t\r{}@"), max_size=60)
)
def test_no_text_raises(text: str) -> None:
    """Whatever stands in a file, the answer is a value."""
    check_answer(text)


WORDS = st.sampled_from(
    [
        "(",
        "(",
        ")",
        ")",
        ")",
        '"a"',
        '"',
        '"""',
        "(;",
        ";)",
        ";;c",
        "\\n",
        "$x",
        "0",
        "argv",
        "(resv",
        "(block$x",
        "(if",
        "(then",
        "(else",
        "end",
        "(func$f",
        "(module",
        "(export",
        "i32.add",
        "(call$f",
        "(br$x",
        "drop",
        "```",
        "Here.",
        "(local$x·i32)",
        "(argv·0·$x)",
        "(check·$x)",
        "(i32.const·1)",
        "(data(i32.const·0)",
        "(memory·1)",
        "(param·$x·i32)",
        "(result·i32)",
    ]
).map(lambda word: word.replace("·", " ").replace("$", " $").replace("\\n", "\n"))


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=25))
def test_no_words_raise(words: list[str]) -> None:
    """Nor on words of the language in any order."""
    check_answer(" ".join(words))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PROGRAMS), st.integers(0, 400), st.integers(0, 12), st.text(max_size=3))
def test_no_edit_raises(text: str, start: int, length: int, put: str) -> None:
    """Nor what an edit makes of a good one; tokens never overlap."""
    edited = text[:start] + put + text[start + length :]
    check_answer(edited)
    tokens = tokenize(edited)
    assert all(a.end <= b.start for a, b in pairwise(tokens))
    assert all(edited[t.start : t.end] == t.text for t in tokens)


def test_deep_nesting_is_a_diagnostic() -> None:
    """LANGUAGE.md 7: deeper than 1,000."""
    deep = "(block " * 1200 + ")" * 1200 + "(i32.const 0)"
    codes = [d.code for d in compile_source(Source("deep.wat", deep), INTERFACE).diagnostics]
    assert "too-deep" in codes


def test_examples_are_found() -> None:
    """The examples that the other tests walk over are there."""
    assert isinstance(EXAMPLES, Path)
    assert len(PROGRAMS) > 15

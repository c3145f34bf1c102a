"""Names: what declares them, what uses them, and that a rename changes nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.programs import MacroWriter, Writer
from tests.support import EXAMPLES, ROOT
from watstep.editing.binder import symbols_of
from watstep.editing.rename import can_rename, rename
from watstep.editing.symbols import Found, Kind, Role, Symbol, Symbols
from watstep.encode.encoder import encode
from watstep.host.catalog import INTERFACE
from watstep.module.ir import Module
from watstep.pipeline import compile_source
from watstep.source.diagnostic import Edit
from watstep.source.text import Source

CASES = ROOT / "tests" / "engine" / "cases"
PROGRAMS = sorted([*EXAMPLES.glob("*.wat"), *CASES.glob("*/*.wat")])


def asked(marked: str) -> tuple[Symbols, Found]:
    """The names of a text in which `|` marks a place, and the one that stands there."""
    offset = marked.index("|")
    symbols = symbols_of(Source("marked", marked.replace("|", "", 1)))
    found = symbols.at(offset)
    assert found is not None
    return symbols, found


SIGNS = {
    Role.DECLARES: "+", Role.MAKES: "*", Role.READS: "?", Role.WRITES: "=", Role.CALLS: "!",
    Role.JUMPS: ">", Role.ENDS: "<", Role.NAMES: ":",
}  # fmt: skip


def marked_places(symbols: Symbols, symbol: Symbol) -> str:
    """The text with a sign before each place of a name, `~` too where it is not written there."""
    text = symbols.source.text
    for span, role, written in reversed(symbol.places):
        text = f"{text[: span.start]}{SIGNS[role]}{'' if written else '~'}{text[span.start :]}"
    return text


USES = {
    "a local": (
        "(local $n i32)\n(local.set |$n (i32.const 1))\n(local.get $n)",
        "local",
        "(local +$n i32)\n(local.set =$n (i32.const 1))\n(local.get ?$n)",
    ),
    "flat": (
        "local.get $n|\nlocal.tee $n\n(local $n i32)",
        "local",
        "local.get ?$n\nlocal.tee =$n\n(local +$n i32)",
    ),
    "past a declaration": (
        "(local.get (local $m i32) |$n) (local $n i32)",
        "local",
        "(local.get (local $m i32) ?$n) (local +$n i32)",
    ),
    "a macro declares": (
        "(argv 0 |$p) (resv $p)",
        "local",
        "(argv 0 *$p) (resv ?$p)",
    ),
    "a macro makes": (
        "(argv 0 $p) (check |$p.err)",
        "local",
        "(argv 0 *~$p) (check ?$p.err)",
    ),
    "a parameter by number": (
        "(func (param |$a i32) (local.get 0) (local.get $a))",
        "parameter",
        "(func (param +$a i32) (local.get ?~0) (local.get ?$a))",
    ),
    "locals of two functions": (
        "(func (local $a i32) (local.get $a)) (func (local |$a i32) (local.set $a))",
        "local",
        "(func (local $a i32) (local.get $a)) (func (local +$a i32) (local.set =$a))",
    ),
    "the inner of two labels": (
        "(block $l (block $l (br |$l)) (br $l))",
        "label",
        "(block $l (block +$l (br >$l)) (br $l))",
    ),
    "the outer of two labels": (
        "(block $l (block $l (br $l)) (br |$l) (br 0))",
        "label",
        "(block +$l (block $l (br $l)) (br >$l) (br >~0))",
    ),
    "an if's label is not in its condition": (
        "(block $l (if |$l (br_if $l (i32.const 1)) (then (br $l)) (else (br $l))))",
        "label",
        "(block $l (if +$l (br_if $l (i32.const 1)) (then (br >$l)) (else (br >$l))))",
    ),
    "flat labels": (
        "block |$a loop $b br $a br_if $b end $b br $a end $a br $a",
        "label",
        "block +$a loop $b br >$a br_if $b end $b br >$a end <$a br $a",
    ),
    "a label that is none": (
        "(br |$nowhere) (block $nowhere)",
        "label",
        "(br >$nowhere) (block $nowhere)",
    ),
    "several labels": (
        "(block $a (block $b (br_table $b $a |$b (i32.const 0))))",
        "label",
        "(block $a (block +$b (br_table >$b $a >$b (i32.const 0))))",
    ),
    "a function": (
        "(func $f (call $f)) (call |$f)",
        "function",
        "(func +$f (call !$f)) (call !$f)",
    ),
    "a function of a module": (
        '(module (import "a" "b" (func $g)) (func $f (call 0) (call 1)) (export "f" (func |$f)) '
        "(start $f))",
        "function",
        '(module (import "a" "b" (func $g)) (func +$f (call 0) (call !~1)) (export "f" (func :$f)) '
        "(start :$f))",
    ),
    "an imported function": (
        '(module (import "a" "b" (func $g)) (func (call 0) (call |$g)))',
        "function",
        '(module (import "a" "b" (func +$g)) (func (call !~0) (call !$g)))',
    ),
    "a host function": (
        '(call |$dbg.log "x") (call $dbg.log "y")',
        "function",
        '(call !$dbg.log "x") (call !$dbg.log "y")',
    ),
    "a type": (
        "(module (type |$t (func (result i32))) (func (type $t) (block (type $t))))",
        "type",
        "(module (type +$t (func (result i32))) (func (type :$t) (block (type :$t))))",
    ),
    "a text": (
        '(call $dbg.log "a|b") (resv """ab""") (resv "c")',
        "text",
        '(call $dbg.log +"ab") (resv ?"""ab""") (resv "c")',
    ),
    "an export": (
        '(module (func (export "r|un")))',
        "export",
        '(module (func (export +"run")))',
    ),
    "a quoted name": (
        '(local $"a" i32) (local.get |$a)',
        "local",
        '(local +$"a" i32) (local.get ?$a)',
    ),
    "a name that stands bare": (
        "(local $a i32) (i32.add |$a $a)",
        "local",
        "(local +$a i32) (i32.add ?$a ?$a)",
    ),
    "a broken text": (
        "(func $f (local $a i32) (local.get $a)\n(func $g (local |$a i32) (local.get $a))",
        "local",
        "(func $f (local $a i32) (local.get $a)\n(func $g (local +$a i32) (local.get ?$a))",
    ),
}


@pytest.mark.parametrize(("marked", "kind", "uses"), USES.values(), ids=USES)
def test_where_a_name_is_used_and_how(marked: str, kind: str, uses: str) -> None:
    """Declared, read, set, called, gone to: folded and flat, by number and through macros."""
    symbols, found = asked(marked)
    assert found.symbol.kind.value == kind
    assert marked_places(symbols, found.symbol) == uses


RENAMES = {
    "a local": ("(local $n i32) local.get |$n", "k", "(local $k i32) local.get $k"),
    "through a macro": (
        "(argv 0 |$n) (check $n.err) (resv $n)",
        "$url",
        "(argv 0 $url) (check $url.err) (resv $url)",
    ),
    "what a macro makes": (
        "(argv 0 $n) (check |$n.err) (resv $n)",
        "$url.err",
        "(argv 0 $url) (check $url.err) (resv $url)",
    ),
    "macros of macros": (
        "(argv 0 |$n) (argv 1 $n.err) (check $n.err.err)",
        "$m",
        "(argv 0 $m) (argv 1 $m.err) (check $m.err.err)",
    ),
    "one label of two": (
        "(block $l (block |$l (br $l)) (br $l))",
        "$m",
        "(block $l (block $m (br $m)) (br $l))",
    ),
    "a function": (
        "(func $f (call $f)) call $f|",
        "$g",
        "(func $g (call $g)) call $g",
    ),
    "a name in a broken text": ("(local $n i32) (local.get |$n", "$k",
                                "(local $k i32) (local.get $k"),
    "a quoted name": ('(local $"n m" i32) (local.get |$"n m")', "k",
                      "(local $k i32) (local.get $k)"),
    "the same name": ("(local |$n i32)", "n", "(local $n i32)"),
}  # fmt: skip


@pytest.mark.parametrize(("marked", "name", "after"), RENAMES.values(), ids=RENAMES)
def test_a_rename_changes_every_place(marked: str, name: str, after: str) -> None:
    """Also what macros make of the name."""
    symbols, found = asked(marked)
    done = rename(symbols, found.symbol, name, INTERFACE)
    assert done.refusal == ""
    assert changed(symbols.source.text, done.edits) == after


REFUSED = {
    "no name": ("(local |$n i32)", "a b", "`$a b` is no name"),
    "empty": ("(local |$n i32)", " ", "a name has at least one letter"),
    "not ascii": ("(local |$n i32)", "ä", "`$ä` is no name"),
    "taken": ("(local |$n i32)\n(local $m i32)", "m",
              "`$m` is already a local, declared on line 2"),
    "a parameter": ("(func (param $m i32) (local |$n i32))", "m", "`$m` is already a parameter"),
    "used": ("(local |$n i32) (local.get $m)", "m", "`$m` is used already, on line 1"),
    "made by a macro": ("(argv 0 $m) (local |$n i32)", "m.err", "`$m.err` is already a local"),
    "what a macro would make": ("(argv 0 |$n) (local $m.err i32)", "m",
                                "`$m.err` is already a local"),
    "without its ending": ("(argv 0 $n) (check |$n.err)", "e", "it keeps its `.err`"),
    "an inner label": ("(block |$a (block $b (br $a)))", "b",
                       "line 1 would go to the inner `$b` then"),
    "an outer label": ("(block $b (block |$a (br $b)))", "b",
                       "line 1 goes to another `$b`, and would come here then"),
    "the host's": ('(call |$dbg.log "x")', "f", "is the host's"),
    "like the host's": ("(func |$f)", "dbg.log", "is a function of the host"),
    "no function, and like the host's": ("(block (func |$f (call $f))", "x.err",
                                         "`$x.err` would be the host's"),
    "what a macro calls": (
        '(module (import "sys" "resv" (func |$sys.resv (param i32))) (func (resv "x")))',
        "f",
        "`(resv ...)` calls it by this name",
    ),
    "the program": ("(call |$run)", "f", "`$run` is the program itself"),
    "like the program": ("(func |$f)", "run", "`$run` is the program itself"),
    "a text": ('(resv "|x")', "f", "a text is no name"),
    "an export": ('(module (func (export "|x")))', "f", "the name of an export"),
}  # fmt: skip


@pytest.mark.parametrize(("marked", "name", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_rename_that_would_change_more_is_refused(marked: str, name: str, reason: str) -> None:
    """With the reason."""
    symbols, found = asked(marked)
    done = rename(symbols, found.symbol, name, INTERFACE)
    assert reason in done.refusal
    assert done.edits == ()


def changed(text: str, edits: tuple[Edit, ...]) -> str:
    """The text with edits made, which are in order."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join((*parts, text[at:]))


def nameless(module: Module) -> bytes:
    """The binary without its section of names."""
    functions = tuple(
        replace(f, name=None, locals=tuple(replace(each, name=None) for each in f.locals))
        for f in module.functions
    )
    return encode(replace(module, functions=functions, name=None))[0]


def assert_same_but_for_names(text: str, after: str) -> None:
    """The law of a rename: equal bytes; of a program that is none, equal problems."""
    # Some lints speak of names.
    one, other = (
        compile_source(Source("law", each), INTERFACE, levels={}) for each in (text, after)
    )
    codes = []
    for each in (one, other):
        # A name with a dot is taken for one that the host was meant to offer.
        found = (problem.code.replace("-host-", "-") for problem in each.diagnostics)
        codes.append(sorted(found))
    assert codes[0] == codes[1]
    if one.program:
        assert other.program
        assert nameless(one.program.module) == nameless(other.program.module)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_renames_keep_the_bytes_of_every_program(path: Path) -> None:
    """Each name of each program that we have gets a fresh one."""
    text = path.read_bytes().decode("utf-8")
    before = compile_source(Source("law", text), INTERFACE)
    for symbol in symbols_of(Source("law", text)).symbols:
        symbols = symbols_of(Source("law", text))
        if can_rename(symbols, symbol, INTERFACE):
            continue
        done = rename(symbols, symbol, "$fresh.err" if symbol.base else "$fresh", INTERFACE)
        if before.program:
            assert done.refusal == "", symbol
            assert_same_but_for_names(text, changed(text, done.edits))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), data=st.data())
def test_a_rename_to_any_name_keeps_the_bytes_or_is_refused(seed: int, data: st.DataObject) -> None:
    """Names of a random program, each to a name of the program or to a fresh one."""
    writer = data.draw(st.sampled_from((Writer, MacroWriter)))(seed)
    text = writer.program()
    symbols = symbols_of(Source("law", text))
    names = ["$fresh", "$b", *sorted({each.name for each in symbols.symbols if each.name})]
    if not symbols.symbols:
        return
    symbol = data.draw(st.sampled_from(symbols.symbols))
    done = rename(symbols, symbol, data.draw(st.sampled_from(names)), INTERFACE)
    if not done.refusal:
        assert_same_but_for_names(text, changed(text, done.edits))


PIECES = st.lists(
    st.sampled_from(
        (
            "(block $a ", "(loop $b ", "(if $a (i32.const 1) (then ", ")", ")", "))", "(br $a)",
            "(br $b)", "br $a ", "block $b ", "end ", "end $a ", "(argv 0 $x)", "(argv 1 $x.err)",
            "(local $x i32)", "(local $y i32)", "local.get $x ", "(local.set $y (i32.const 1))",
            "(check $x.err)", '(resv "t")', "(resv $y)", "(func $f ", "(call $f)",
            "(local.get $x.err)",
        )
    ),
    max_size=20,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=PIECES, data=st.data())
def test_renames_of_broken_texts_change_no_problem(pieces: list[str], data: st.DataObject) -> None:
    """A text of pieces in any order: what is wrong with it stays wrong, and nothing else."""
    text = "".join(pieces)
    symbols = symbols_of(Source("law", text))
    if not symbols.symbols:
        return
    symbol = data.draw(st.sampled_from(symbols.symbols))
    name = data.draw(st.sampled_from(("$a", "$b", "$x", "$y", "$x.err", "$y.err", "$f", "$new")))
    done = rename(symbols, symbol, name, INTERFACE)
    if not done.refusal:
        assert_same_but_for_names(text, changed(text, done.edits))


def test_the_outline_is_the_program_in_its_order() -> None:
    """Functions with what is in them, then the texts."""
    text = """(argv 0 $url)
(block $done
  (loop $again (br $again)))
(func $twice (param $n i32) (result i32) (local $k i32) (local.get $n))
(resv "text")
"""
    symbols = symbols_of(Source("o", text))
    shown = [
        f"{'  ' * entry.depth}{entry.symbol.kind.value} {entry.symbol.name} {entry.symbol.detail}"
        for entry in symbols.outline()
    ]
    assert shown == [
        "function $run the program",
        "  local $url i32",
        "  local $url.err i32",
        "  label $done ",
        "    label $again ",
        "function $twice (i32) -> i32",
        "  parameter $n i32",
        "  local $k i32",
        'text "text" ',
    ]


def test_a_deep_text_has_names_too() -> None:
    """As deep as forms may be nested, and broken ones deeper."""
    for depth in (900, 5000):
        text = "(block $l " * depth + "(br $l)" + ")" * depth
        symbols = symbols_of(Source("deep", text))
        labels = [symbol for symbol in symbols.symbols if symbol.kind is Kind.LABEL]
        assert len(labels) >= 900
        assert len(symbols.outline()) >= 900


def test_every_name_of_every_example_is_somebodys() -> None:
    """No `$name` that is written in a program is without a symbol."""
    for path in EXAMPLES.glob("*.wat"):
        text = path.read_text("utf-8")
        symbols = symbols_of(Source("x", text))
        code = re.sub(r";;.*", lambda comment: " " * len(comment[0]), text)
        for match in re.finditer(r"\$[\w.]+", code):
            found = symbols.at(match.start())
            assert found, (path.name, match[0])
            assert found.symbol.name == match[0]

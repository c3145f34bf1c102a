"""Expansions and diagnostics held as files, and the laws of expansion on written programs."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import applied
from watstep.expand.expander import expand
from watstep.expand.pieces import Pass
from watstep.host.catalog import INTERFACE
from watstep.pipeline import Compilation, compile_source
from watstep.source.diagnostic import Severity, has_errors
from watstep.source.text import Source
from watstep.syntax.lexer import tokenize
from watstep.syntax.parser import parse

CASES = Path(__file__).parent / "cases"
EXPANSIONS = sorted((CASES / "expand").glob("*.wat"))
MISTAKES = sorted((CASES / "errors").glob("*.wat"))
EXPECTED = re.compile(r"^;; (error|warning): (\S+) (\d+):(\d+)$", re.MULTILINE)
REPAIRED = ";; repaired"
ENGINE = wasmtime.Engine()
EXPOSE = frozenset(("called_often", "chat_prose_only", "flat_argv_word", "missing_end"))
"""Where the first fix of a problem uncovers another one, which it hid."""
NAMES = ("$p", "$q", "$x")
STRINGS = ('"a"', '"é\\n"', '""', '"\\u{1F600}"', '"""\n  x\n    "q"\n  """')
BLANKS = (" ", "\n", "\n  ", "\t", " ;; c\n", " (; é ;) ")


def compiled(path: Path) -> Compilation:
    """A case, read with its own line ends."""
    return compile_source(Source(path.name, path.read_bytes().decode()), INTERFACE)


def words(text: str) -> list[str]:
    """The tokens of a text, comments left out."""
    return [t.text for t in tokenize(text) if not t.text.startswith((";;", "(;"))]


@pytest.mark.parametrize("path", EXPANSIONS, ids=lambda path: path.stem)
def test_expansion(path: Path) -> None:
    """Each case expands to the file beside it, to the byte."""
    wanted = path.with_suffix(".expanded").read_bytes().decode()
    assert compiled(path).expansion.full.text == wanted


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_mistakes(path: Path) -> None:
    """Each case has the diagnostics that its comments name, where they name them."""
    compilation = compiled(path)
    source = compilation.source
    found = [
        (d.severity.value, d.code, *map(str, source.position(d.span.start)))
        for d in compilation.diagnostics
    ]
    assert found == EXPECTED.findall(source.text)
    assert found


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_fixes_repair(path: Path) -> None:
    """After each fix its problem is there once less, after the first one no new one is.

    With `;; repaired` the first ones mend all.
    """
    compilation = compiled(path)
    text = compilation.source.text
    told = [(found.code, found.message) for found in compilation.diagnostics]
    for found in compilation.diagnostics:
        for number, fix in enumerate(found.fixes):
            left = compile_source(Source(path.name, applied(text, fix)), INTERFACE).diagnostics
            same = [d for d in left if (d.code, d.message) == (found.code, found.message)]
            assert len(same) < told.count((found.code, found.message)), fix
            before, after = (
                sum(d.severity is found.severity for d in all_of)
                for all_of in (compilation.diagnostics, left)
            )
            assert number or path.stem in EXPOSE or after < before, left
    if REPAIRED in text:
        assert compile_source(Source(path.name, repaired(text)), INTERFACE).program


def repaired(text: str) -> str:
    """The text after the first fix of each error, one after the other."""
    for _ in range(20):
        found = compile_source(Source("mend.wat", text), INTERFACE).diagnostics
        fixes = [d.fixes[0] for d in found if d.severity is Severity.ERROR and d.fixes]
        if not fixes:
            break
        text = applied(text, fixes[0])
    return text


class Writer:
    """Writes one program that uses every extension."""

    def __init__(self, seed: int) -> None:
        """The same seed writes the same program."""
        self.choose = random.Random(seed)

    def blank(self) -> str:
        """What stands between two tokens."""
        return self.choose.choice(BLANKS)

    def value(self, depth: int) -> str:
        """A form that leaves one i32."""
        name = self.choose.choice(NAMES)
        simple = ["(i32.const 0x1_F)", self.choose.choice(STRINGS), f"(local.get {name})"]
        if not depth:
            return self.choose.choice([*simple, "(call $sys.argc)"])
        inner, blank = self.value(depth - 1), self.blank()
        return self.choose.choice(
            [
                *simple,
                f"(i32.add {inner}{blank}{self.value(depth - 1)})",
                f"(local.tee {name}{blank}{inner})",
                f"(block (result i32){blank}{self.statements(depth - 1)}{inner})",
                f"(if (result i32) {inner} (then {inner}) (else{blank}{inner}))",
            ]
        )

    def statements(self, depth: int) -> str:
        """Some forms that leave nothing."""
        return "".join(
            self.statement(depth) + self.blank() for _ in range(self.choose.randrange(4))
        )

    def statement(self, depth: int) -> str:
        """A form that leaves nothing."""
        name, inner, blank = self.choose.choice(NAMES), self.value(depth), self.blank()
        options = [
            f"(local {name} i32)",
            f"(argv {self.choose.choice(['0', '0x2'])}{blank}{name})",
            f"(check {name})",
            f"(resv {self.choose.choice([name, inner])})",
            f"(local.set {name}{blank}{inner})",
            f"{inner}{blank}local.set {name}",
            f"(call $dbg.log{blank}{inner})",
        ]
        if depth:
            options += [
                f"(loop $l{blank}{self.statements(depth - 1)})",
                f"{inner} if {self.statements(depth - 1)} else end",
            ]
        return self.choose.choice(options)

    def program(self) -> str:
        """A body program or a module, with a helper function."""
        declared = "".join(f"(local {name} i32)" for name in NAMES)
        helper = f"(func $h (result i32) {self.statements(2)}{self.value(1)}{declared})"
        body = f"{self.statements(3)}{self.value(2)}{self.blank()}{declared}"
        if self.choose.random() < 0.5:
            text = f"{helper}{self.blank()}{body}"
        else:
            run = f'(func (export "run") (result i32){self.blank()}{body})'
            text = f"(module{self.blank()}{helper}{self.blank()}{run})"
        if self.choose.random() < 0.2:
            text = text.replace("\n", "\r\n")
        return "\ufeff" + text if self.choose.random() < 0.1 else text


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1 << 32))
def test_laws_on_written_programs(seed: int) -> None:
    """Wasmtime takes the expansion, it is its own expansion, and every pass leads to it.

    Wasmtime reads no byte-order mark, which a module keeps: it expands to itself, byte for byte.
    """
    text = Writer(seed).program()
    compilation = compile_source(Source("written.wat", text), INTERFACE)
    assert compilation.program is not None, compilation.diagnostics
    full = compilation.expansion.full
    wasmtime.wat2wasm(full.text.removeprefix("\ufeff"))
    wasmtime.Module.validate(ENGINE, compilation.program.binary)
    again = compile_source(full.as_source, INTERFACE)
    assert not has_errors(again.diagnostics)
    assert again.expansion.full.text == full.text
    for each in Pass:
        led = expand(parse(compilation.expansion.after(each).as_source), INTERFACE)
        assert words(led.full.text) == words(full.text)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1 << 32))
def test_every_character_is_accounted_for(seed: int) -> None:
    """Between tokens lie blanks alone; a copied piece is the text that it says it is."""
    text = Writer(seed).program()
    at = int(text.startswith("\ufeff"))
    for token in tokenize(text):
        assert not text[at : token.start].strip(" \t\r\n")
        at = token.end
    assert not text[at:].strip(" \t\r\n")
    for piece in compile_source(Source("w.wat", text), INTERFACE).expansion.full.pieces:
        if piece.span is not None:
            assert text[piece.span.start : piece.span.end] == piece.text


def test_cases_are_found() -> None:
    """The folders that the tests walk over are full."""
    assert len(EXPANSIONS) >= 13
    assert len(MISTAKES) >= 60

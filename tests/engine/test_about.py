"""What is said of a word: by the tables, by its names, and by the stack around it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import EXAMPLES
from watstep.editing.about import about
from watstep.editing.explained import About, about_word
from watstep.editing.words import WORDS
from watstep.expand.macros import MACROS
from watstep.host.catalog import FUNCTIONS, INTERFACE
from watstep.pipeline import compile_source
from watstep.source.text import Source
from watstep.wasm.instructions import INSTRUCTIONS

TEXTS = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.wat"))]
PROGRAM = """;; profile: core
(func $add (param $a i32) (param $b i32) (result i32)
  (i32.add (local.get $a) (local.get $b)))
(argv 0 $url)
(local $sum i32)
(block $done
  (br_if $done (i32.ge_s (local.get $sum) (i32.const 65)))
  (local.set $sum (call $add (local.get $sum) (i32.const 0x80000000))))
(call $http.get "h\u00e9") (local.set $url.err) (local.set $url)
(br 0)
"""


def said(text: str, offset: int) -> About | None:
    """What is said at an offset of a program."""
    return about(compile_source(Source("a.wat", text), INTERFACE), offset, INTERFACE, ("sys",))


def lines(known: About | None) -> list[str]:
    """Title and lines."""
    assert known
    return [known.title, *(line for part in known.parts for line in (part.heading, *part.lines))]


SAID = [
    # A word of the program, by what stands from its first letter on, and lines that are said.
    ("i32.add", "i32.add : i32 i32 → i32", "stack: takes two i32, the second on top"),
    ("i32.add", "fuel: 1 unit", "specification: 4.4.1 Numeric", "traps: never"),
    ("i32.add", "stack before", "i32  (local.get $b)", "i32  (local.get $a)", "stack after"),
    ("local.set $sum", "i32  (call $add (local.get $sum)", "empty"),
    ("argv", "(argv N $name)", "rule", "(call $sys.argv (i32.const N))", "here"),
    ("argv", "(call $sys.argv (i32.const 0))", "(local.set $url.err)"),
    ("$add (param", "function $add : $a $b → i32", "8: (local.set $sum (call $add"),
    ("$add (local", "declared", "2: (func $add (param $a i32) (param $b i32) (r…"),
    ("$a i32", "parameter $a : i32", "uses", "3: (i32.add (local.get $a) (local.get $b)))"),
    ("$sum i32", "local $sum : i32", "declared", "5: (local $sum i32)"),
    ("$url.err)", "local $url.err : i32", "4: (argv 0 $url)"),
    ("$done\n", "label $done : block", "a branch leaves it"),
    ("$done (", "label $done : block", "6: (block $done"),
    ("$http.get", "$http.get : url → pointer error", "granted to the next run: no"),
    ('"h', "text", "address: 16 (0x10); its letters from 20 on", "length: 3 bytes"),
    ('"h', "bytes: 68 c3 a9", "characters: 2"),
    ("65", "65 : i32", "hexadecimal: 0x41", "character: A"),
    ("0x80000000", "signed: -2147483648", "unsigned: 2147483648"),
    ("br 0", "br $label : t* → never", "what follows does not run"),
    ("func $add", "(func $name (param $x i32) (result i32) ...)"),
    ("block", "a label at its end: `br` leaves it", "stack after", "empty"),
]  # fmt: skip


@pytest.mark.parametrize("row", SAID, ids=lambda row: row[0].strip())
def test_what_is_said(row: tuple[str, ...]) -> None:
    """Each line of the row is said of the word."""
    word, *wanted = row
    found = lines(said(PROGRAM, PROGRAM.index(word) + 1))
    for line in wanted:
        assert any(there.startswith(line) for there in found), (line, found)


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_every_instruction_is_explained(name: str) -> None:
    """Help, stack, fuel, traps, profile and section, in words, for each."""
    row = INSTRUCTIONS[name]
    found = lines(about_word(name, INTERFACE))
    assert found[0].startswith(name)
    assert row.help
    assert row.help in found
    for wanted in ("stack: ", "fuel: ", "traps: ", "profile: ", "specification: 4.4."):
        assert any(line.startswith(wanted) and len(line) > len(wanted) + 2 for line in found)
    assert (row.type is None) == bool(row.shape and row.effect)


@pytest.mark.parametrize("name", MACROS)
def test_every_macro_is_explained(name: str) -> None:
    """Usage, help and a rule without holes."""
    found = lines(about_word(name, INTERFACE))
    assert MACROS[name].usage in found
    assert MACROS[name].help in found
    assert "rule" in found
    assert not any("{" in line for line in found)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_host_function_is_explained(name: str) -> None:
    """Signature, help, its errors where it can answer one, and the grant that it needs."""
    found = lines(about_word(f"${name}", INTERFACE))
    assert found[0].startswith(f"${name} : ")
    assert FUNCTIONS[name].help in found
    assert FUNCTIONS[name].can_answer_error == bool(FUNCTIONS[name].errors)
    assert list(FUNCTIONS[name].errors) == sorted(set(FUNCTIONS[name].errors))
    says_errors = any(line.startswith("errors: ") for line in found)
    assert says_errors == FUNCTIONS[name].can_answer_error
    assert any("--grant" in line for line in found)


@pytest.mark.parametrize("name", WORDS)
def test_every_other_word_is_explained(name: str) -> None:
    """Usage and help."""
    assert WORDS[name].help in lines(about_word(name, INTERFACE))


def test_nothing_is_said_of_what_is_no_word() -> None:
    """Comments, blanks and strangers."""
    assert said(PROGRAM, 5) is None
    assert said("(frobnicate)", 3) is None
    assert said("", 0) is None
    assert about_word("frobnicate", INTERFACE) is None


@given(text=st.sampled_from(TEXTS), data=st.data())
@settings(deadline=None, max_examples=80)
def test_never_fails(text: str, data: st.DataObject) -> None:
    """At no offset of a text that lost or won characters anywhere."""
    start = data.draw(st.integers(0, len(text)))
    end = min(start + data.draw(st.integers(0, 12)), len(text))
    piece = data.draw(st.sampled_from(["", "(", ")", '"', "(;", ";;", "$", "(func", '"""', "end "]))
    mutated = text[:start] + piece + text[end:]
    found = compile_source(Source("a.wat", mutated), INTERFACE)
    for offset in range(max(start - 40, 0), min(start + 40, len(mutated)) + 1, 3):
        known = about(found, offset, INTERFACE)
        if known:
            assert known.span.start <= offset <= known.span.end
            assert all(part.lines for part in known.parts)

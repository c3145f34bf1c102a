"""Every view of programs right and wrong: what it holds, and that it leads back to the source."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.programs import MacroWriter
from tests.engine.test_expand import EXPANSIONS, MISTAKES, Writer, words
from tests.engine.test_programs import PROGRAMS
from tests.support import CASES, EXAMPLES
from watstep.expand.macros import MACROS
from watstep.expand.pieces import Rendering
from watstep.host.catalog import INTERFACE
from watstep.pipeline import Compilation, Program, compile_source
from watstep.source.diagnostic import Severity
from watstep.source.render import printable
from watstep.source.text import Source, Span
from watstep.views.kinds import VIEWS, View, rendering
from watstep.views.levels import (
    all_doors,
    carried,
    door_in_source,
    door_in_view,
    one_level,
    toggled,
)
from watstep.views.notes import RULES, note, note_at, texts_by_origin, told
from watstep.views.stacks import ENDS
from watstep.views.texts import texts

GOLDEN = sorted((CASES / "views").glob("*.wat"))
ALL = [*EXPANSIONS, *PROGRAMS, *sorted(EXAMPLES.glob("*.wat")), *MISTAKES]
ARGV = "(argv 0 $p)\n(i32.const 0)\n"
SAME_CODE = (View.FLAT, View.INTERLEAVED)


def compiled(text: str) -> Compilation:
    """Any text."""
    return compile_source(Source("views.wat", text), INTERFACE)


def read(path: Path) -> str:
    """A case with its own line ends."""
    return path.read_bytes().decode("utf-8", "replace")


def program_of(text: str, profile: str) -> Program:
    """A text without errors."""
    found = compile_source(Source("view.wat", text), INTERFACE, profile=profile)
    assert found.program is not None, (text, found.diagnostics)
    return found.program


def check_map(view: Rendering) -> None:
    """The pieces are the text, in order; what is copied is what stands in the source."""
    at = 0
    for piece in view.pieces:
        assert piece.start == at
        at += len(piece.text)
        if piece.span is not None:
            assert view.source.text[piece.span.start : piece.span.end] == piece.text
    assert at == len(view.text)


def check_views(found: Compilation, seed: int) -> None:
    """What must hold of the views of any text."""
    everything = all_doors(found.expansion)
    chosen = random.Random(seed)
    some = frozenset(door for door in sorted(everything, key=repr) if chosen.random() < 0.5)
    for view in VIEWS:
        check_map(rendering(found, view, some))
    assert one_level(found.expansion, everything).text == found.expansion.full.text
    if found.program is None:
        return
    for view in SAME_CODE:
        text = rendering(found, view).text
        assert program_of(text, found.profile).binary == found.program.binary
    opened = program_of(one_level(found.expansion, some).text, found.profile)
    if not texts(found.expansion):
        # Addresses and the order of locals depend on what is written out.
        full, mine = found.expansion.full.text, opened.expansion.full.text
        assert sorted(words(mine)) == sorted(words(full))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_views(path: Path) -> None:
    """Of every program there is, right or wrong."""
    check_views(compiled(read(path)), len(path.name))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1 << 32))
def test_views_of_written_programs(seed: int) -> None:
    """Of random programs with every extension, and of one of the whole profile."""
    check_views(compiled(Writer(seed).program()), seed)
    check_views(compiled(MacroWriter(seed).program()), seed)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1 << 32))
def test_views_of_broken_programs(seed: int) -> None:
    """Of a program with a hole."""
    chosen = random.Random(seed)
    text = Writer(seed).program()
    start = chosen.randrange(len(text))
    check_views(compiled(text[:start] + text[start + chosen.randrange(1, 20) :]), seed)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1 << 32))
def test_every_copy_of_a_form_is_found(seed: int) -> None:
    """From any stretch of the source to each piece of any view that copies of it, and no other."""
    chosen = random.Random(seed)
    found = compiled(MacroWriter(seed).program())
    for view in VIEWS:
        shown = rendering(found, view)
        start = chosen.randrange(len(found.source.text))
        span = Span(start, start + chosen.randrange(1, 60))
        rows = {offset for part in shown.rendered_spans(span) for offset in range(*part)}
        for piece in shown.pieces:
            for at, place in enumerate(range(*piece.span) if piece.span else ()):
                assert (piece.start + at in rows) == (span.start <= place < span.end)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("view", [View.LEVEL, View.FLAT, View.INTERLEAVED], ids=lambda v: v.value)
def test_golden(path: Path, view: View) -> None:
    """To the character, of programs that show what a view is for."""
    wanted = path.with_suffix(f".{view.value}").read_text("utf-8")
    assert rendering(compiled(read(path)), view).text == wanted


def test_flat_draws_the_stacks_of_the_article() -> None:
    """The two tables of the article, without the instructions' parentheses."""
    text = "(i32.const 10)\n(i32.const 20)\n(i32.add)\n(i32.const 5)\n(i32.mul)\n"
    stacks = [
        line.partition(";; ")[2]
        for line in rendering(compiled(text), View.FLAT).text.splitlines()
        if ";;" in line
    ]
    assert stacks == ["[10]", "[10, 20]", "[30]", "[30, 5]", "[150]"]
    text = "(local $err i32)(local $ptr i32)(i32.const 42)(call $http.get)"
    text += "(local.set $err)(local.set $ptr)(return (i32.const 0))"
    flat = rendering(compiled(text), View.FLAT).text
    stacks = [line.partition(";; ")[2] for line in flat.splitlines() if ";;" in line]
    assert stacks == ["[42]", "[ptr, err]", "[ptr]", "[]", "[0]", ENDS]


def test_a_value_is_not_called_by_what_its_local_holds_now() -> None:
    """After a set, what was read of the local before has no name any more."""
    text = "(local $x i32) local.get $x i32.const 1 local.set $x local.get $x i32.add"
    flat = rendering(compiled(text), View.FLAT).text
    assert "local.set $x  ;; [i32]" in flat
    assert "local.get $x  ;; [i32, $x]" in flat


def test_flat_of_what_is_no_module_says_why() -> None:
    """A comment with each error and its place."""
    found = compiled("Here it is:\n```wat\n(i32.const 0)\n")
    errors = [d for d in found.diagnostics if d.severity is Severity.ERROR]
    text = rendering(found, View.FLAT).text
    assert errors
    assert all(line.startswith(";; ") for line in text.splitlines())
    assert f";; 1:1 {errors[0].message}" in text


def test_doors_open_one_at_a_time() -> None:
    """`argv` opens to a `check`, which opens in turn; its locals move when they are opened."""
    found = compiled(ARGV).expansion
    shut = one_level(found, frozenset()).text
    assert "    (argv 0 $p)\n    (i32.const 0)" in shut
    outer = door_in_view(found, frozenset(), shut.index("argv 0"))
    assert outer is not None
    assert door_in_source(found, frozenset(), 3) == outer
    opened = toggled(frozenset(), outer)
    text = one_level(found, opened).text
    assert "(local $p i32) (local $p.err i32)\n    (call $sys.argv" in text
    assert "(check $p.err)" in text
    inner = door_in_view(found, opened, text.index("check"))
    assert inner is not None
    assert (inner.origin.rule, inner.is_open) == ("check", False)
    text = one_level(found, toggled(opened, inner)).text
    assert "(if (i32.ne (local.get $p.err)" in text
    moved = door_in_view(found, opened, text.index("(local $p i32)"))
    assert moved is not None
    assert one_level(found, toggled(opened, moved)).text.count("(local $p i32)") == 1
    again = door_in_source(found, opened, 3)
    assert again is not None
    assert (again.origin, again.is_open) == (outer.origin, True)
    assert toggled(opened, again) == frozenset()


def test_what_stays_closed_is_indented_like_its_neighbours() -> None:
    """A call at the margin, one of several lines, a declaration; but no text of several lines."""
    text = '(local $x i32)\n(check $x)\n(resv (if (result i32)\n  (local.get $x)\n  (then "a")\n'
    text += '  (else "b")))\n(resv """\n  c""")\n(i32.const 0)\n'
    shown = one_level(compiled(text).expansion, frozenset()).text
    wanted = text.replace("\n", "\n    ").replace("    c", "c").rstrip()
    assert f"(func $run (result i32)\n    {wanted}\n  )" in shown


def test_a_shared_text_is_there_while_any_use_is_open() -> None:
    """A text value belongs to every literal that became its address."""
    found = compiled('(call $dbg.log "a")\n(call $dbg.log "a")\n(i32.const 0)\n').expansion
    (text,) = texts(found)
    assert (text.address, text.text, text.length, len(text.users)) == (16, "a", 1, 2)
    for user in text.users:
        shown = one_level(found, frozenset((user,))).text
        assert shown.count('"a"') == 1
        assert shown.count("(data (i32.const 16)") == 1
    assert "(data" not in one_level(found, frozenset()).text


def test_what_is_open_stays_open_beside_an_edit() -> None:
    """Before it, behind it, and in a form that has grown; what is gone is forgotten."""
    text = "(argv 0 $p)\n(argv 1 $q)\n(i32.const 0)\n"
    opened = all_doors(compiled(text).expansion)
    for after in (f"\n\n{text}", text.replace("1 $q", "12 $q"), f"{text};; more\n"):
        assert carried(opened, text, after) == all_doors(compiled(after).expansion)
    shorter = text.replace("(argv 0 $p)\n", "")
    assert carried(opened, text, shorter) == all_doors(compiled(shorter).expansion)
    assert carried(opened, text, "") == frozenset()


def test_cases_are_found() -> None:
    """The folder is full."""
    assert len(GOLDEN) >= 2


def told_of(found: Compilation, piece: str) -> tuple[str, ...]:
    """The lines of the note on a part of the full expansion."""
    full = found.expansion.full
    told_note = note_at(found.expansion, full, full.text.index(piece))
    assert told_note is not None
    return told(told_note)


def test_notes_say_which_rule_and_from_where() -> None:
    """Of each rule, with the macros that it came through; of a text, its place and its users."""
    text = '(argv 0 $p)\n(call $dbg.log "a\tb")\n(resv "a\tb") (i32.const 7)\n'
    found = compiled(text)
    assert told_of(found, "(call $sys.argv") == ("made by the macro `argv`", "1:1 (argv 0 $p)")
    assert told_of(found, "(if (i32.ne") == (
        "made by the macro `check`, in what `argv` becomes",
        "1:1 (argv 0 $p)",
    )
    assert told_of(found, "(local $p.err") == (
        "a declaration, moved to the top of its function, in what `argv` becomes",
        "1:1 (argv 0 $p)",
    )
    lies = ("address 16, 3 bytes, used at 2:16, 3:7", '"a b"')
    assert told_of(found, "(data") == ("a text value in memory", '2:16 "a b"', *lies)
    assert told_of(found, "(i32.const 16)) (i32.const 7)") == (
        "the address of a text, in what `resv` becomes",
        '3:7 "a b"',
        *lies,
    )
    assert told_of(found, '(import "dbg"') == (
        "the import of a host function that is called",
        "2:7 $dbg.log",
    )
    assert told_of(found, "i32.const 7") == (
        "the form `i32.const`, taken over as it is written",
        "3:14 (i32.const 7)",
    )
    around = "the module around the program"
    assert told_of(found, "(module") == (around, "1:1 (argv 0 $p)")
    assert told_of(found, '(export "run"') == (around, "3:14 (i32.const 7)")
    assert told_of(compiled(";; words\nnop\n(i32.const 0)\n"), ";; words") == (
        "a comment, taken over as it is written",
        "1:1 ;; words",
    )
    assert told_of(compiled("nop\n(i32.const 0)\n"), "nop") == (
        "`nop`, taken over as it is written",
        "1:1 nop",
    )


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_notes_on_every_piece(path: Path) -> None:
    """Every rule has words, in every view of any program."""
    found = compiled(read(path))
    for view in VIEWS:
        shown, known = rendering(found, view), texts_by_origin(found.expansion)
        for piece in shown.pieces:
            about = note(shown, piece, known)
            if about is not None:
                assert about.rule in RULES or about.rule in MACROS
                assert all(line == printable(line) for line in told(about))

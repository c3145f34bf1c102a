"""Fold and unfold: the article's law, that both forms compile to the same bytes.

Imports that the expansion adds stand in the order in which the text first calls them, which may
differ where host calls stand inside one another: there the law holds up to that order.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.programs import MacroWriter
from tests.engine.programs import Writer as CoreWriter
from tests.engine.test_expand import EXPANSIONS, MISTAKES, Writer
from tests.engine.test_programs import PROGRAMS
from tests.engine.test_views import GOLDEN
from tests.support import EXAMPLES
from watstep.editing.fold import fold, unfold
from watstep.editing.format import applied
from watstep.host.catalog import INTERFACE
from watstep.module.ir import Function
from watstep.pipeline import Compilation, Program, compile_source
from watstep.source.diagnostic import has_errors
from watstep.source.text import Source, Span
from watstep.syntax.lexer import tokenize

ALL = [*EXPANSIONS, *PROGRAMS, *sorted(EXAMPLES.glob("*.wat")), *GOLDEN]


def compiled(text: str) -> Compilation:
    """A text."""
    return compile_source(Source("fold.wat", text), INTERFACE)


def folded(text: str, span: Span | None = None) -> str:
    """A text, or the selection in it, in the folded form."""
    found = fold(compiled(text), span or Span(0, len(text)))
    return applied(Source("", text), found.edits)


def unfolded(text: str, span: Span | None = None) -> str:
    """A text, or the selection in it, flat."""
    found = unfold(compiled(text), span or Span(0, len(text)))
    return applied(Source("", text), found.edits)


def comments(text: str) -> list[str]:
    """The comments of a text, in no order."""
    return sorted(t.text.rstrip() for t in tokenize(text) if t.text.startswith((";;", "(;")))


def meaning(program: Program) -> object:
    """A program up to the order of its imports, which is that of their first calls in the text."""
    module = program.module
    imports = module.imported_functions
    names = [f"{item.module}.{item.name}" for item in imports]
    names += [f"defined {number}" for number in range(len(module.functions))]

    def body(function: Function) -> list[object]:
        return [
            (i.name, names[i.immediate])
            if i.name == "call" and isinstance(i.immediate, int)
            else (i.name, i.immediate)
            for i in function.body
        ]

    functions = [
        (function.type, [local.type for local in function.locals], body(function))
        for function in module.functions
    ]
    data = [(item.address, item.content) for item in module.data]
    return sorted(names), functions, data, module.memory


def order(program: Program) -> list[str]:
    """The imports in their order."""
    return [f"{item.module}.{item.name}" for item in program.module.imports]


def check(text: str, span: Span) -> None:
    """Folding and unfolding a selection keep bytes and comments, one after the other too."""
    before = compiled(text)
    if before.program is None:
        assert fold(before, span).edits == ()
        assert fold(before, span).refusal
        after = compiled(unfolded(text, span))
        assert comments(after.source.text) == comments(text)
        return
    for change in (folded, unfolded):
        once = change(text, span)
        for again in (once, folded(once), unfolded(once)):
            after = compiled(again)
            assert after.program is not None, (again, after.diagnostics)
            assert meaning(after.program) == meaning(before.program), again
            if order(after.program) == order(before.program):
                assert after.program.binary == before.program.binary, again
            assert comments(again) == comments(text)


@pytest.mark.parametrize("path", [*ALL, *MISTAKES], ids=lambda path: path.stem)
def test_law_on_every_program(path: Path) -> None:
    """Of the whole text, of every place in it, and of some selections."""
    text = path.read_bytes().decode("utf-8", "replace")
    chosen = random.Random(len(text))
    check(text, Span(0, len(text)))
    for _ in range(6):
        start, end = sorted(chosen.randrange(len(text) + 1) for _ in range(2))
        check(text, Span(start, end))
        check(text, Span(start, start))


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 1 << 32), st.sampled_from([Writer, MacroWriter, CoreWriter]))
def test_law_on_random_programs(seed: int, writer: type[Writer | CoreWriter]) -> None:
    """With every extension, of the whole profile, with comments and flat code anywhere."""
    text = writer(seed).program()
    chosen = random.Random(seed)
    check(text, Span(0, len(text)))
    start, end = sorted(chosen.randrange(len(text) + 1) for _ in range(2))
    check(text, Span(start, end))


FLAT = """\
i32.const 10 ;; ten
i32.const 20
i32.add
i32.const 5
i32.mul
"""
FOLDED = """\
;; ten
(i32.mul (i32.add (i32.const 10) (i32.const 20)) (i32.const 5))
"""


def test_the_article_s_example_both_ways() -> None:
    """The stack picture's program is the inline syntax's."""
    assert folded(FLAT) == FOLDED
    assert unfolded(FOLDED).split("\n") == [
        ";; ten",
        *(line.partition(" ;;")[0] for line in FLAT.split("\n")),
    ]


def test_blocks() -> None:
    """Flat blocks become forms and forms flat blocks, with labels, types and branches."""
    flat = (
        "(local $i i32)\nblock $done\n  loop $again\n    local.get $i\n    i32.const 3\n"
        "    i32.ge_s\n    br_if $done\n    br $again\n  end\nend\nlocal.get $i\n"
        "if (result i32)\n  i32.const 1\nelse\n  i32.const 0\nend\n"
    )
    wanted = (
        "(local $i i32)\n(block $done\n  (loop $again\n"
        "    (br_if $done (i32.ge_s (local.get $i) (i32.const 3)))\n    (br $again)\n  )\n)\n"
        "(if (result i32) (local.get $i)\n  (then (i32.const 1))\n  (else (i32.const 0))\n)\n"
    )
    assert folded(flat) == wanted
    assert unfolded(wanted) == flat


def test_what_comes_from_further_down_stays_on_the_stack() -> None:
    """Two results are taken by two sets; a form takes what stands directly before it."""
    text = "(local $p i32)(local $e i32)\ni32.const 0\ncall $sys.argv\nlocal.set $e\nlocal.set $p\n"
    text += "i32.const 1\n(call $dbg.i32 (i32.const 7))\ni32.const 2\ni32.add\n"
    assert folded(text) == (
        "(local $p i32)\n(local $e i32)\n(call $sys.argv (i32.const 0))\n(local.set $e)\n"
        "(local.set $p)\n(i32.const 1)\n(call $dbg.i32 (i32.const 7))\n(i32.add (i32.const 2))\n"
    )


def test_comments_at_the_ends_of_lines_stay_there() -> None:
    """Where their instruction is still the last of its line, else they stand before its form."""
    flat = "(argv 0 $p) ;; who\nblock $b ;; a block\n  i32.const 1 ;; one\n  br_if $b ;; out\nend\n"
    wanted = (
        "(argv 0 $p) ;; who\n(block $b ;; a block\n  ;; one\n  (br_if $b (i32.const 1)) ;; out\n)\n"
    )
    assert folded(f"{flat}i32.const 0\n") == f"{wanted}(i32.const 0)\n"
    assert unfolded(f"{wanted}(i32.const 0)\n") == (
        "(argv 0 $p) ;; who\nblock $b ;; a block\n  ;; one\n  i32.const 1\n  br_if $b ;; out\nend\n"
        "i32.const 0\n"
    )


def test_a_comment_within_a_header_stands_there_once() -> None:
    """Before the instruction whose header it is in."""
    text = "(local.set $n (block (result (; one ;) i32) ;; two\n  (i32.const 1)))\n"
    text = f"(local $n i32)\n{text}(local.get $n)\n"
    flat = (
        "(local $n i32)\n(; one ;)\nblock (result i32) ;; two\n  i32.const 1\nend\nlocal.set $n\n"
        "local.get $n\n"
    )
    assert unfolded(text) == flat
    assert comments(folded(text)) == comments(text)


def test_macros_and_texts_stay_as_they_are() -> None:
    """A text is an operand, a macro call a statement."""
    text = '(argv 0 $p)\n"got it"\ncall $dbg.log\n(resv (i32.add (local.get $p) (i32.const 0)))\n'
    text += "i32.const 0\n"
    wanted = text.replace('"got it"\ncall $dbg.log', '(call $dbg.log "got it")')
    wanted = wanted.replace("\ni32.const 0", "\n(i32.const 0)")
    assert folded(text) == wanted
    assert unfolded(wanted) == text


def test_a_cursor_means_its_statement_or_its_list() -> None:
    """Unfolding, the statement; folding, all of the function; on its heading, all of it."""
    text = (
        "(module\n  (func $f (result i32)\n    (drop (i32.const 1))\n    i32.const 2\n"
        '    i32.const 3\n    i32.add)\n  (export "run" (func $f)))\n'
    ).replace("(drop (i32.const 1))", "(block (nop))")
    text = ";; profile: core\n" + text
    inside = text.index("(nop)")
    assert "    (block\n      nop" not in unfolded(text, Span(inside, inside))
    assert "(block nop)" in unfolded(text, Span(inside + 1, inside + 1))
    heading = text.index("$f")
    assert "    block\n      nop\n    end\n    i32.const 2" in unfolded(
        text, Span(heading, heading)
    )
    last = text.index("i32.const 3")
    assert "    (i32.add (i32.const 2) (i32.const 3))" in folded(text, Span(last, last))


def test_refusals_say_why() -> None:
    """A text without a tree, one with errors, one without anything to do."""
    broken = compiled("(i32.add (i32.const 1)")
    assert has_errors(broken.diagnostics)
    assert "mended" in unfold(broken, Span(0, 3)).refusal
    assert "no errors" in fold(broken, Span(0, 3)).refusal
    assert fold(compiled("(i32.const 1)"), Span(0, 3)).refusal == "this is folded already"
    assert unfold(compiled("i32.const 1"), Span(0, 3)).refusal == "this is flat already"
    assert unfold(compiled(""), Span(0, 0)).refusal == "there are no instructions here"
    assert fold(compiled("(module)"), Span(2, 2)).refusal


def test_depth_costs_no_recursion() -> None:
    """Forms as deep as the language allows."""
    depth = 900
    text = "(i32.add (i32.const 1) " * depth + "(i32.const 1)" + ")" * depth
    flat = unfolded(text)
    assert flat.count("i32.add") == depth
    assert flat.count("(") == 0
    assert folded(flat).count("(i32.add") == depth

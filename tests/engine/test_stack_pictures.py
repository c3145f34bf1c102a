"""What a problem of the operand stack shows: what is needed, what is there, who made it."""

from __future__ import annotations

import pytest

from watstep.host.catalog import INTERFACE
from watstep.pipeline import MOST_PROBLEMS, compile_source
from watstep.source.diagnostic import Diagnostic, Severity
from watstep.source.render import picture_lines, render
from watstep.source.text import Source

PICTURES = [
    (
        "(argv 0 $n)\n(i32.add (local.get $n))",
        "stack for i32.add, bottom first:\n"
        "  1  i32  (local.get $n)  2:10\n"
        "  2  i32  -                     <- missing",
    ),
    (
        '(i32.const 0)\n(call $http.post "http://a")',
        "stack for call $http.post, bottom first:\n"
        "  url           i32  (i32.const 0)  1:1\n"
        '  body          i32  "http://a"     2:18\n'
        "  content_type  i32  -                    <- missing",
    ),
    (
        "(i32.const 1) (i32.const 2)",
        "stack for the end of `run`, bottom first:\n"
        "  1       i32  (i32.const 1)  1:1   <- left over\n"
        "  result  i32  (i32.const 2)  1:15",
    ),
    (
        "(i32.const 7) (local $x i32) (block $b (result i32) (br $b)) (local.set $x)",
        "stack for br, bottom first:\n"
        "  .  i32  (i32.const 7)  1:1  <- out of reach\n"
        "  1  i32  -                   <- missing",
    ),
    (
        "(if (result i32) (i32.const 1) (then) (else (i32.const 2)))",
        "stack for the end of the first branch of this `if`, bottom first:\n"
        "  result  i32  -    <- missing",
    ),
    (
        "(local $x i32) (argv 1 $y) (local.set $x) (i32.const 0)",
        "stack for local.set, bottom first:\n  value  i32  -    <- missing",
    ),
]


def problems(text: str) -> tuple[Source, tuple[Diagnostic, ...]]:
    """A text and its problems."""
    source = Source("p.wat", text)
    return source, compile_source(source, INTERFACE).diagnostics


@pytest.mark.parametrize(("text", "picture"), PICTURES, ids=range(len(PICTURES)))
def test_pictures(text: str, picture: str) -> None:
    """The first picture of a program, as it is drawn."""
    source, found = problems(text)
    pictures = [problem.stack for problem in found if problem.stack]
    assert "\n".join(picture_lines(source, pictures[0])) == picture


def test_a_picture_stands_for_the_labels_that_it_shows() -> None:
    """What made a value is drawn in the picture and not once more below it."""
    source, found = problems("(argv 0 $n)\n(i32.add (local.get $n))")
    assert [label.text for label in found[0].labels] == ["it has this one"]
    assert "it has this one" not in render(source, found[0])
    assert "missing" in render(source, found[0])


def test_what_a_macro_made_is_the_macro_as_written() -> None:
    """A picture speaks of the source alone, never of made text."""
    source, found = problems("(i32.const 3) (resv) (call $sys.resv (resv (i32.const 4)))")
    for problem in found:
        for value in problem.stack.values if problem.stack else ():
            assert value.span is None or source.text[value.span.start] == "("


@pytest.mark.parametrize(
    ("function", "instead"),
    [
        ("fd_write", "dbg.log"),
        ("args_get", "argv"),
        ("random_get", "seed"),
        ("clock_time_get", "time"),
        ("proc_exit", "return"),
        ("path_open", "kv.get"),
        ("sock_send", "http.get"),
        ("no_such_thing", "`kv`"),
    ],
)
def test_an_import_of_wasi_is_told_what_to_use(function: str, instead: str) -> None:
    """Every function of WASI is answered, whether one knows it or not."""
    text = f'(import "wasi_snapshot_preview1" "{function}" (func $f)) (i32.const 0)'
    _, found = problems(text)
    assert [problem.code for problem in found] == ["no-wasi"]
    assert instead in found[0].message
    assert [fix.title for fix in found[0].fixes] == ["take the import away"]


def test_very_many_problems_are_counted() -> None:
    """The first errors are told one by one, the rest in one note at the end."""
    _, found = problems("(i32.nope)\n" * 2_000)
    assert len(found) == MOST_PROBLEMS + 1
    assert (found[-1].code, found[-1].severity) == ("more-problems", Severity.NOTE)
    assert found[-1].message.startswith("and 1,500 more problems")
    assert {problem.code for problem in found[:-1]} == {"unknown-instruction"}


def test_a_name_that_is_not_there_is_one_problem() -> None:
    """Further uses are labels, and a fix mends them all."""
    text = "(local $url i32)" + "(local.set $utl (i32.const 1))" * 3 + "(local.get $url)"
    _, found = problems(text)
    assert [problem.code for problem in found] == ["unknown-local"]
    assert len(found[0].labels) == 2
    assert [len(fix.edits) for fix in found[0].fixes] == [1, 3]

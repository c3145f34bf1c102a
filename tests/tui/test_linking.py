"""Forms of the source and what they became: found from a place in either text."""

from __future__ import annotations

import pytest

from watstep.host.catalog import INTERFACE
from watstep.pipeline import Compilation, compile_source
from watstep.source.text import Source
from watstep_tui.compiled.expanded import expanded
from watstep_tui.compiled.linking import Links, rows_of

PROGRAM = """(argv 0 $p)
(call $dbg.log "text")
(local $x i32)
(local.set $x (i32.add (local.get $p) (i32.const 2)))
(check $x)
(if (local.get $x)
  (then
    nop
    local.get $x
    drop))
(i32.const 0)
"""
CHECK = "(if (i32.ne (local.get $x) (i32.const 0))"
FORMS = (
    # the first of these words is where the cursor is; the form that lights up; what it became
    ("argv", "(argv 0 $p)", None),
    ('"text"', '"text"', "(i32.const 16)"),
    ("$dbg.log", '(call $dbg.log "text")', None),
    ("$x i32", "(local $x i32)", "(local $x i32)"),
    ("i32.add", "(i32.add (local.get $p) (i32.const 2))", "(i32.add (local.get $p) (i32.const 2))"),
    ("2))", "(i32.const 2)", "(i32.const 2)"),
    ("check", "(check $x)", CHECK),
    ("nop", "nop", "nop"),
    ("$x\n    drop", "local.get $x", "local.get $x"),
    ("drop", "drop", "drop"),
)


def links_of(found: Compilation) -> Links:
    """The links of the full expansion."""
    expansion = found.expansion
    return Links(expansion, expansion.full)


def links() -> tuple[Links, str]:
    """The links of the program, and its expansion."""
    found = compile_source(Source("p.wat", PROGRAM), INTERFACE, profile="core")
    assert found.program is not None, found.diagnostics
    return links_of(found), found.expansion.full.text


@pytest.mark.parametrize(("at", "form", "became"), FORMS, ids=[row[0] for row in FORMS])
def test_the_innermost_form_lights_up_in_both_texts(at: str, form: str, became: str | None) -> None:
    """From the source; and from what it became back to it."""
    table, text = links()
    found = table.from_source(PROGRAM.index(at))
    assert found is not None
    assert PROGRAM[slice(*found.source)] == form
    parts = [text[slice(*span)] for span in found.expanded]
    if became is not None:
        assert any(became in part for part in parts)
    back = table.from_expanded(found.anchor)
    assert back is not None
    assert back.source == found.source


def test_every_part_of_a_macro_leads_back_to_its_call() -> None:
    """What `argv` made: the call, the stores, the check that it stands for, its locals."""
    table, text = links()
    for made in ("call $sys.argv", "local.set $p.err", "local.get $p.err", "local $p.err"):
        found = table.from_expanded(text.index(made))
        assert found is not None, made
        assert PROGRAM[slice(*found.source)] == "(argv 0 $p)", made


def test_the_anchor_is_in_the_body_not_among_what_was_moved() -> None:
    """The row to stand beside is that of the code, not of hoisted locals or of data."""
    table, text = links()
    for form, begins in (("argv", "(call $sys.argv"), ('"text"', "(i32.const 16)")):
        found = table.from_source(PROGRAM.index(form))
        assert found is not None
        assert text[found.anchor :].startswith(begins)


def test_between_forms_nothing_lights_up() -> None:
    """Blanks, comments, the wrapper that nobody wrote."""
    text = ";; words\n\n(i32.const 0)   \n"
    found = compile_source(Source("p.wat", text), INTERFACE)
    table = links_of(found)
    assert table.from_source(4) is None
    assert table.from_source(9) is None
    assert table.from_source(len(text) - 1) is None
    assert table.from_expanded(found.expansion.full.text.index("module")) is None
    assert links_of(compile_source(Source("p", ""), INTERFACE)).from_source(0) is None


def test_a_function_lights_up_by_its_heading() -> None:
    """The rest of it is the program."""
    text = "(func $f (param $x i32)\n  nop)\n(i32.const 0)\n"
    table = links_of(compile_source(Source("p.wat", text), INTERFACE))
    found = table.from_source(0)
    assert found is not None
    assert text[slice(*found.source)] == "(func $f"


def test_a_byte_order_mark_moves_no_column() -> None:
    """LANGUAGE 1: it is no character of the first line."""
    source = Source("p.wat", "\ufeff(i32.const 0)")
    table = links_of(compile_source(source, INTERFACE))
    found = table.from_source(1)
    assert found is not None
    assert rows_of(source, (found.source,)) == {0: (0, 13)}


def test_each_kind_of_origin_is_told_apart() -> None:
    """Macro, string, local and wrapper; copied text has none."""
    found = compile_source(Source("p.wat", PROGRAM), INTERFACE, profile="core")
    shown = expanded(found.expansion.full)
    rows = filter(None, map(shown.row, range(len(shown.lines))))
    kinds = {line.strip(): {kind for _, _, kind in made} for line, _, made in rows}
    assert kinds["(call $sys.argv (i32.const 0))"] == {"macro"}
    assert kinds["(local $x i32)"] == {"local"}
    assert kinds["(call $dbg.log (i32.const 16))"] == {"string"}
    assert kinds['(export "run" (func $run))'] == {"wrapper"}
    assert kinds["(local.set $x (i32.add (local.get $p) (i32.const 2)))"] == set()

"""What completion offers at a place and what it writes there; `|` is the cursor."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import EXAMPLES
from watstep.editing.candidates import UNLIKELY
from watstep.editing.completion import Completion, Match, accepted, complete, matching
from watstep.host.catalog import INTERFACE
from watstep.source.text import Span

CORE = "core"
EXAMPLE_TEXTS = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.wat"))]
F = "(func $add (param $a i32) (param $b i32) (result i32) (i32.add (local.get $a) (local.get $b)))"


def offered(marked: str, profile: str = "agent") -> tuple[Completion | None, list[Match], str]:
    """What is offered at the mark, what the word before it leaves of that, and the text."""
    offset = marked.index("|")
    text = marked.replace("|", "", 1)
    found = complete(text, offset, INTERFACE, ("sys", "dbg"), profile)
    matches = matching(found, text[found.word.start : offset]) if found else []
    return found, matches, text


# The text, and the labels that come first, in order; "" where there is nothing at all.
FIRST = [
    # After a parenthesis, in a list of instructions.
    ("(|", "block loop if br br_if return call i32.store argv check resv"),
    ("(l|", "loop local local.get local.set"),
    ("(loc|", "local local.get local.set local.tee"),
    ("(local.g|", "local.get"),
    ("(i32.ad|", "i32.add"),
    ("(add|", "i32.add"),
    ("(tee|", "local.tee"),
    ("(b|", "block br br_if"),
    ("(bl|", "block"),
    ("(arg|", "argv"),
    ("(chec|", "check"),
    ("(res|", "resv sys.resv"),
    ("(http|", "http.get http.post http.status"),
    ("(kv.s|", "kv.set"),
    ("(post|", "http.post"),
    ("(lg|", "local.get"),
    ("(mod|", "module"),
    ("(imp|", "import"),
    ("(dat|", "data"),
    ("(i32.sh|", ""),
    ("(unreach|", ""),
    ("(func $f (par|", "param"),
    ("(func $f (result i32) (ret|", "return"),
    ("(block (res|", "result"),
    ("(block $a\n  (br_|\n)", "br_if"),
    ("(if (local.get $x) (th|", "then"),
    ("(if (local.get $x) (then) (el|", "else"),
    ("(if (i32.e|", "i32.eq"),
    ("(if (then (lo|", "loop local local.get"),
    # A local is declared before one is set; a whole word stands before those that it begins.
    ("(local $n i32) (loc|", "local local.set local.get"),
    ("(argv 0 $n) (loc|", "local.set local local.get"),
    ("(argv 0 $n) (local|", "local local.set local.get"),
    # What fits the stack comes first.
    ("(call $sys.argv (i32.const 0)) (l|", "local.set"),
    ("(local.set $x (l|", "local.get local.tee"),
    ("(i32.add (lo|", "local.get local.tee"),
    ("(i32.add (local.get $x) (c|", "call"),
    ("(drop (b|", "block"),
    ("(i32.const 1) l|", "local.set local.tee"),
    ("lo|", "loop local.get"),
    ("i32.|", "i32.const i32.load"),
    ("(i32.const 1) (i32.const 2) i32.a|", "i32.add i32.and"),
    # In a module, and in its fields.
    ("(module (|", "func import memory data export type start"),
    ("(module (f|", "func"),
    ('(module (import "a" "b" (|', "func memory"),
    ('(module (export "a" (f|', "func"),
    ('(export "a" (func |)) (func $one)', "$one"),
    ("(module (start |) (func $one))", "$one"),
    ("(data (|", "i32.const"),
    ("(type $t (|", "func"),
    # Locals and parameters, those of the function alone.
    ("(local $x i32) (local.get |", "$x"),
    ("(local $x i32) local.get |", "$x"),
    ("(local $x i32) (local.get $|", "$x"),
    ("(local $x i32) (local.get x|", "$x"),
    ("(argv 0 $p) (resv |", "$p $p.err"),
    ("(argv 0 $p) (check $|", "$p.err"),
    ("(argv 0 $p) (resv $p.|", "$p.err"),
    ("(local.get |) (local $late i32)", "$late"),
    (f"(local $mine i32) {F} (local.set |", "$mine"),
    (F.replace("(local.get $b)", "(local.get |"), "$a $b"),
    ("(module (func $f (param $p i32) (local.get | (func $g (param $q i32)))", "$p"),
    ("(local $far i32) (local $near i32) (local.get $near) (local.get |", "$near $far"),
    ("(local.get |", ""),
    # Labels, the nearest first.
    ("(block $out (loop $in (br |", "$in $out"),
    ("(block $out (loop $in (br_if $o|", "$out"),
    ("block $a loop $b br |", "$b $a"),
    ("block $a end br |", ""),
    ("(block $gone) (block $here (br |", "$here"),
    # Functions of the program and of the host.
    (f"{F} (call |", "$add $sys.argc"),
    (f"{F} (call $a|", "$add"),
    (f"{F} (call a|", "$add"),
    ("(call $http.|", "$http.get $http.post $http.status"),
    ("(call $get|", "$http.get $kv.get"),
    ("(local.set $x (call $st|", "$http.status"),
    # Types.
    ("(local $x |", "i32"),
    ("(param i|", "i32"),
    ("(func (result |", "i32"),
    # Nothing: names that are made here, numbers, texts and comments.
    ("(local $|", ""),
    ("(func $|", ""),
    ("(block $|", ""),
    ("(param $|", ""),
    ("(argv |", ""),
    ("(argv 0 |", ""),
    ("(i32.const |", ""),
    ("(i32.const 1|", ""),
    (";; lo|", ""),
    ("(; lo| ;)", ""),
    ("(; lo|", ""),
    ('"lo|"', ""),
    ('"lo|', ""),
    ('"""\nlo|\n"""', ""),
    ('(call $dbg.log "loc|', ""),
    ("(i32.add lo|", ""),
]


@pytest.mark.parametrize(("marked", "labels"), FIRST)
def test_first_candidates(marked: str, labels: str) -> None:
    """The likeliest come first, and where nothing can stand nothing is offered."""
    _, matches, _ = offered(marked)
    found = [match.candidate.label for match in matches]
    wanted = labels.split()
    # Labels of snippets have blanks; no row names one.
    assert [label for label in found if " " not in label][: len(wanted)] == wanted
    assert bool(found) == bool(wanted)


WRITTEN = [
    ("(loc|", "local.get", "(local.get |"),
    ("(loc|)", "local.get", "(local.get |)"),
    ("(loc| $x)", "local.get", "(local.get| $x)"),
    ("(ad|", "i32.add", "(i32.add|"),
    ("(local $x i32) (local.get |)", "$x", "(local $x i32) (local.get $x|)"),
    ("(local $x i32) (local.get x|)", "$x", "(local $x i32) (local.get $x|)"),
    ("(call h|)", "$http.get", "(call $http.get|)"),
    ("(arg|", "argv", "(argv «N» «$name»)|"),
    ("(arg|)", "argv", "(argv «N» «$name»)|"),
    ("arg|", "argv", "(argv «N» «$name»)|"),
    ("(che|)", "check", "(check «$error»)|"),
    ("(if (res|", "result", "(if (result|"),
    ("(dbg|", "dbg.log", "(call $dbg.log «text»)|"),
    ("(local.set $s (stat|", "http.status", "(local.set $s (call $http.status)|"),
    (
        "  (http.g|)",
        "http.get",
        "  (local $get i32) (local $get.err i32)\n  (call $http.get «url»)\n"
        "  (local.set $get.err)\n  (local.set $get)\n  (check $get.err)|",
    ),
    (
        "(local $set.err i32) (kv.s|",
        "kv.set",
        "(local $set.err i32) (local $set2.err i32)\n"
        "(local.set $set2.err (call $kv.set «key» «value»))\n(check $set2.err)|",
    ),
    (
        "(block $done (blo|",
        "block loop",
        "(block $done (block $done2\n  (loop $again\n    (br_if $done2 «condition»)\n    «»\n"
        "    (br $again)\n  )\n)|",
    ),
    ("(if|", "if then", "(if «condition»\n  (then «»)\n)|"),
    ("(loca|)", "local", "(local «$name» i32)|"),
    (
        "(local.set $x (if|",
        "if result",
        "(local.set $x (if (result i32) «condition»\n  (then «»)\n  (else «»)\n)|",
    ),
]


@pytest.mark.parametrize(("marked", "label", "written"), WRITTEN)
def test_what_is_written(marked: str, label: str, written: str) -> None:
    """A candidate takes the place of the word, a whole form that of its parenthesis too."""
    found, matches, text = offered(marked)
    assert found
    chosen = next(match.candidate for match in matches if match.candidate.label == label)
    done = accepted(text, found, chosen, found.word.end)
    start, end = done.edit.span
    after = text[:start] + done.edit.text + text[end:]
    places = [Span(done.end, done.end), *done.stops]
    marks = dict.fromkeys(done.stops, ("«", "»")) | {places[0]: ("|", "")}
    for place in sorted(marks, key=lambda place: place.start, reverse=True):
        left, right = marks[place]
        middle = after[place.start : place.end]
        after = f"{after[: place.start]}{left}{middle}{right}{after[place.end :]}"
    assert after == written


def test_profile_decides_on_instructions() -> None:
    """What the profile lacks is offered only where the profile is lifted."""
    for profile, there in (("agent", False), (CORE, True)):
        labels = {match.candidate.label for match in offered("(i32.|", profile)[1]}
        assert ("i32.shl" in labels) is there


def test_what_is_not_granted_says_so() -> None:
    """Host functions are offered all the same, with a word about the grant."""
    notes = {match.candidate.label: match.candidate.note for match in offered("(call $|")[1]}
    assert notes["$sys.argv"] == ""
    assert notes["$http.get"] == "not granted"


def test_what_leaves_nothing_is_unlikely_as_an_operand() -> None:
    """A store among operands comes last."""
    matches = offered("(i32.add (|")[1]
    fits = {match.candidate.label: match.candidate.fit for match in matches}
    assert fits["i32.store"] == UNLIKELY
    assert fits["i32.const"] == 0


@given(text=st.sampled_from(EXAMPLE_TEXTS), data=st.data())
@settings(deadline=None, max_examples=150)
def test_never_fails(text: str, data: st.DataObject) -> None:
    """At no offset of a text that lost or won characters anywhere."""
    start = data.draw(st.integers(0, len(text)))
    end = min(start + data.draw(st.integers(0, 12)), len(text))
    piece = data.draw(st.sampled_from(["", "(", ")", '"', "(;", ";;", "$", "(func", '"""', "end "]))
    mutated = text[:start] + piece + text[end:]
    near = data.draw(st.integers(max(start - 30, 0), min(start + 30, len(mutated))))
    for offset in (start + len(piece), near):
        found = complete(mutated, offset, INTERFACE)
        if found:
            matches = matching(found, mutated[found.word.start : offset])
            for match in matches[:3]:
                done = accepted(mutated, found, match.candidate, found.word.end)
                assert done.edit.span.end <= len(mutated)

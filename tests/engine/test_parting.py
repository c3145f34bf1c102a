"""Where two runs part: what differs first, and how much they have in common."""

from __future__ import annotations

import itertools
import random
import re
import threading
import time

import pytest

from tests.engine.programs import MacroWriter, Writer
from tests.engine.stepping import program_of
from watstep.debug.alignment import align
from watstep.debug.parting import Difference, Parting, part
from watstep.debug.places import Place
from watstep.debug.view import instruction_text
from watstep.host.settings import RunLimits, RunSettings
from watstep.machine.timeline import Timeline

LOOP = """(local $i i32)
(loop $l
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $l (i32.lt_s (local.get $i) (i32.const {rounds}))))
(call $dbg.i32 (local.get $i))
(i32.const 0)
"""
TEXTS = """;; profile: core
(call $dbg.log "one")
(argv 0 $a)
(resv $a)
(if (i32.eqz (i32.load8_u offset=4 (local.get $a))) (then (call $dbg.log "none")))
(call $dbg.log (local.get $a))
(i32.const 0)
"""
LARGE = ";; profile: core\n" + LOOP.replace("(call", "{more}(call")


def run_of(text: str, *arguments: str, fuel: int = 100_000_000) -> Timeline:
    """A run, made to its end."""
    timeline = Timeline(program_of(text), RunSettings(arguments, {}, RunLimits(fuel=fuel)))
    timeline.run_to_end()
    return timeline


@pytest.mark.parametrize(
    ("old", "new", "difference", "instant"),
    [
        ("", "", Difference.NONE, 19),
        ('"one"', '"two"', Difference.FORM, 0),
        ('(call $dbg.log "one")', "", Difference.FORM, 0),
        ("(resv $a)", '(call $dbg.log "more") (resv $a)', Difference.FORM, 10),
        # A text that comes first moves the others, which makes no difference of its own.
        ('"none"', '"nine and more"', Difference.NONE, 19),
        ("(argv 0 $a)", "(argv 0 $a) (local $z i32)", Difference.NONE, 19),
        ("\n(i32.const 0)\n", "\n(i32.const 1)\n", Difference.FORM, 18),
    ],
)
def test_edited_programs_part_at_the_first_form_that_the_other_lacks(
    old: str, new: str, difference: Difference, instant: int
) -> None:
    """What stands in one program alone is a difference; where texts lie is none."""
    found = part(run_of(TEXTS, "x"), run_of(TEXTS.replace(old, new) if old else TEXTS, "x"))
    assert (found.difference, found.instant) == (difference, instant)


def test_other_answers_part_a_program_at_the_call_that_was_answered_otherwise() -> None:
    """Both calls are told."""
    found = part(run_of(TEXTS, "x"), run_of(TEXTS, "y"))
    assert (found.difference, found.instant) == (Difference.ANSWER, 4)
    assert [call.results[0].text for call in found.calls if call] == ["x", "y"]


def test_a_tape_that_the_program_does_not_call_for_parts_at_the_call() -> None:
    """A replay that its tape does not fit ends there, and a changed text is a changed form."""
    first = run_of(LOOP.format(rounds=3))
    other = program_of(LOOP.format(rounds=4))
    replayed = Timeline(other, first.settings, tuple(first.tape))
    replayed.run_to_end()
    assert part(first, replayed).difference is Difference.FORM
    # The same forms, with a text that is another one where the program reads its own memory.
    text = '(local $p i32) (local.set $p "{}") (call $dbg.i32 (i32.load offset=4 (local.get $p)))'
    wanted = run_of(text.format("aaaa") + "(i32.const 0)")
    edited = Timeline(
        program_of(text.format("bbbb") + "(i32.const 0)"), wanted.settings, tuple(wanted.tape)
    )
    edited.run_to_end()
    assert part(wanted, edited) == Parting(Difference.FORM, 0)


def test_values_decide_once_texts_lie_elsewhere() -> None:
    """Bytes of a data segment that differ are seen where they decide."""
    data = '(module (memory 1) (data (i32.const 100) "{}") (func (export "run") (result i32)'
    body = "(if (i32.eq (i32.load8_u (i32.const 100)) (i32.const 97)) (then nop)) (i32.const 0)))"
    one, two = (run_of(f";; profile: core\n{data.format(x)} {body}") for x in "ab")
    # Loaded at 2, compared at 4, decided by the `if` that runs then.
    assert part(one, two) == Parting(Difference.WAY, 4)


def test_endings_part_runs() -> None:
    """A limit that ends one run, and a trap, are told as endings."""
    text = ";; profile: core\n(local $n i32) (i32.div_s (i32.const 6) (call $sys.argc))"
    assert part(run_of(text), run_of(text, "x")).difference is Difference.ANSWER
    loop = LOOP.format(rounds=300)
    found = part(run_of(loop, fuel=200), run_of(loop))
    assert found.difference is Difference.ENDING
    assert found.instant == run_of(loop, fuel=200).end


def test_what_was_not_run_is_not_compared() -> None:
    """Nothing is run for a comparison."""
    whole = run_of(TEXTS, "x")
    begun = Timeline(whole.program, whole.settings)
    begun.reach(6)
    assert part(whole, begun) == Parting(Difference.OPEN, 6)


def slowly(first: Timeline, second: Timeline) -> tuple[bool, int]:
    """Whether two runs part, and the first instant at which other instructions run next."""
    known = align(first.machine.code, second.machine.code)
    for instant in range(min(first.frontier, second.frontier) + 1):
        tops = []
        for timeline in (first, second):
            timeline.seek_machine(instant)
            tops.append((Place(*timeline.machine.top[:2]), len(timeline.machine.frames)))
        ended = [timeline.machine.ended for timeline in (first, second)]
        if any(ended):
            return ended != [True, True], instant
        (here, depth), (there, other) = tops
        if known.counterpart.get(here) != there or depth != other:
            return True, instant
    return first.end != second.end, min(first.frontier, second.frontier)


def edited(text: str, seed: int) -> str:
    """A program with one form of it changed, where that leaves it valid."""
    choose = random.Random(seed)
    found = list(re.finditer(r"i32\.const -?\d+|i32\.(?:add|sub|mul|xor|and)\b|\"one\"", text))
    if not found:
        return text
    word = choose.choice(found)
    new = {"i": "i32.const 5", '"': '"another"'}[word[0][0]]
    if "const" not in word[0] and word[0][0] == "i":
        new = "i32.or"
    return text[: word.start()] + new + text[word.end() :]


@pytest.mark.parametrize("seed", range(60))
def test_random_edits_part_where_a_walk_of_single_instants_finds_it(seed: int) -> None:
    """Running from stop to stop misses nothing."""
    writer = (Writer if seed % 2 else MacroWriter)(seed)
    text = writer.program()
    first, second = run_of(text, fuel=3_000), run_of(edited(text, seed), fuel=3_000)
    found = part(first, second)
    parted, instant = slowly(first, second)
    if found.difference in {Difference.NONE, Difference.FORM}:
        assert (found.difference is Difference.FORM, found.instant) == (parted, instant)
    else:
        # A decision, a call or an answer differs before what runs next does.
        assert found.instant <= instant


@pytest.mark.parametrize("seed", range(20))
def test_an_alignment_is_of_equal_forms_in_order(seed: int) -> None:
    """No place has two counterparts, and none crosses another."""
    text = MacroWriter(seed).program()
    first, second = run_of(text, fuel=100), run_of(edited(text, seed), fuel=100)
    pairs = align(first.machine.code, second.machine.code).counterpart
    assert len(set(pairs.values())) == len(pairs)
    ordered = sorted(pairs.items())
    for (a, b), (later, then) in itertools.pairwise(ordered):
        assert a.function != later.function or b < then
    for place, there in pairs.items():
        ours = instruction_text(first.program, place)
        assert "const" in ours or ours == instruction_text(second.program, there)


def test_comparing_reports_and_can_be_cancelled() -> None:
    """Instants are reported in order, and an interruption ends the comparison."""
    text = LARGE.format(rounds=60_000, more='(call $dbg.log "x")')
    first, second = run_of(LARGE.format(rounds=60_000, more="")), run_of(text)
    reports: list[int] = []
    assert part(first, second, reports.append).difference is Difference.FORM
    assert reports == sorted(reports)
    assert len(reports) > 2

    def stop() -> None:
        while not first.machine.step:
            time.sleep(0.001)
        first.interrupt()

    first.seek_machine(0)
    thread = threading.Thread(target=stop)
    thread.start()
    assert part(first, second).difference is Difference.OPEN
    thread.join()

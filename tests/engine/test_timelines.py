"""Timelines with answers and values in the person's hand (STEPPING.md L1, L6, L7)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.engine.programs import MacroWriter, Writer
from tests.engine.stepping import program_of
from watstep.host.answer import Answer, answer_by_hand, kinds_of_answer, recorded_answer
from watstep.host.live import LiveHost
from watstep.host.settings import RunLimits, RunSettings
from watstep.host.tape import CallOrigin, HostCall
from watstep.machine.change import Change, Where
from watstep.machine.loop import Reason
from watstep.machine.machine import Machine, MachineState
from watstep.machine.timeline import Timeline
from watstep.pipeline import Program

LIMITS = RunLimits(fuel=4_000, memory_pages=4)
SETTINGS = RunSettings(("one",), limits=LIMITS)
TYPED = {"text": "tÿped", "number": "7", "error": "ENOENT"}


def random_change(chosen: random.Random, timeline: Timeline, instant: int) -> Change:
    """Of a local, a stack value or the memory, whatever there is at an instant."""
    state = timeline.seek(instant)
    number = chosen.randrange(len(state.frames))
    frame = state.frames[number]
    value = chosen.choice([0, 1, 5, 2**32 - 1])
    kinds = [(Where.LOCAL, len(frame.locals)), (Where.STACK, len(frame.stack))]
    where, count = chosen.choice([*(k for k in kinds if k[1]), (Where.MEMORY, state.pages << 16)])
    if where is Where.MEMORY:
        at = chosen.randrange(count - 8) if count else 0
        return Change(instant, where, at, content=b"changed!"[:count])
    return Change(instant, where, chosen.randrange(count), value, frame=number)


def random_fork(chosen: random.Random, timeline: Timeline) -> Timeline | None:
    """A changed value or another answer, run on to its end."""
    assert timeline.end is not None
    calls = [call.instant for call in timeline.tape if call.instant]
    if calls and chosen.random() < 0.5:
        fork = timeline.forked(chosen.choice(calls) - 1)
        fork.seek_machine(fork.frontier)
        question = fork.question()
        assert question is not None
        kind = chosen.choice(kinds_of_answer(question.function))
        fork.answer(answer_by_hand(question.function, kind, TYPED.get(kind, "")))
    else:
        last = timeline.end - (timeline.trap is None)
        if last < 0:
            return None
        instant = chosen.randrange(last + 1)
        fork = timeline.forked(instant, random_change(chosen, timeline, instant))
    assert fork.run_to_end()
    return fork


def plain_states(program: Program, timeline: Timeline) -> list[tuple[MachineState, bytes]]:
    """Each instant of a machine that is run from the start on the same answers and changes."""
    machine, host = Machine(program, LIMITS), LiveHost(program.module, SETTINGS)
    found: list[tuple[MachineState, bytes]] = []
    while True:
        for change in timeline.changes:
            if change.instant == machine.step and len(found) == machine.step:
                machine.change(change)
        found.append((machine.state(), bytes(machine.memory)))
        if machine.step == timeline.end:
            return found
        if machine.run(machine.step + 1) is Reason.HOST:
            recorded = timeline.tape[machine.calls_made]
            given = recorded_answer(recorded)
            assert given is not None
            name, arguments = machine.pending_call()
            made = host.answer(name, arguments, machine, recorded.instant, given)
            assert told(made) == told(recorded)
            machine.answer(tuple(value.value & 0xFFFFFFFF for value in made.results))


def told(call: HostCall) -> HostCall:
    """A call without where its answer came from."""
    return replace(call, origin=CallOrigin.LIVE)


@pytest.mark.parametrize("chunk", range(2))
@pytest.mark.parametrize("writer", [Writer, MacroWriter])
def test_a_changed_timeline_is_a_plain_run_with_its_changes(
    writer: type[Writer], chunk: int
) -> None:
    """L1, L6, L7: random programs, forked again and again; forwards and backwards, exactly."""
    forks, changed = 0, 0
    for seed in range(chunk * 60, (chunk + 1) * 60):
        chosen = random.Random(seed)
        program = program_of(writer(seed).program())
        timeline = Timeline(program, SETTINGS)
        timeline.run_to_end()
        for _ in range(3):
            fork = random_fork(chosen, timeline)
            if fork is None:
                break
            states = plain_states(program, fork)
            assert fork.end == len(states) - 1
            instants = list(range(len(states)))[:: max(len(states) // 150, 1)]
            for order in (instants, instants[::-1], chosen.sample(instants, len(instants))):
                for instant in order:
                    assert fork.seek(instant) == states[instant][0], (seed, instant)
                    assert bytes(fork.machine.memory) == states[instant][1], (seed, instant)
            forks, changed, timeline = forks + 1, changed + bool(fork.changes), fork
    assert forks > 100
    assert 20 < changed < forks


def test_the_first_timeline_stays_as_it_was() -> None:
    """L7: a fork shares the past of its parent and changes nothing of it."""
    program = program_of(MacroWriter(3).program())
    timeline = Timeline(program, SETTINGS)
    timeline.run_to_end()
    assert timeline.end is not None
    before = [timeline.seek(instant) for instant in range(timeline.end + 1)]
    fork = timeline.forked(2, Change(2, Where.LOCAL, 0, 9))
    fork.run_to_end()
    assert [timeline.seek(instant) for instant in range(timeline.end + 1)] == before
    assert fork.seek(1) == before[1]
    assert fork.seek(2).frames[0].locals[0] == 9


def test_an_answer_is_placed_by_the_rule_of_the_heap() -> None:
    """L7, LANGUAGE.md 6: 16-byte aligned after what was placed before, the memory grown for it."""
    program = program_of(
        ";; profile: core\n"
        "(call $sys.argv (i32.const 0)) (drop) (call $sys.argv (i32.const 1)) (drop)"
        " (call $sys.alloc (i32.const 70000)) (drop) (i32.add) (i32.add)"
    )
    live = Timeline(program, RunSettings(("a", "bc")))
    live.run_to_end()
    first, second, space = live.tape
    fork = live.forked((second.instant or 0) - 1)
    fork.seek_machine(fork.frontier)
    fork.answer(Answer(CallOrigin.TYPED, "x" * 40))
    assert fork.run_to_end()
    typed, after = fork.tape[1:]
    assert fork.tape[0] is first
    assert typed.results[0].value == second.results[0].value == first.results[0].value + 16
    assert after.results[0].value == typed.results[0].value + 48
    assert (after.origin, after.pages) == (CallOrigin.RECORDED, space.pages)
    assert typed.origin is CallOrigin.TYPED

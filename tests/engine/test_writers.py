"""Who wrote this: the answers against a walk that keeps beside every value what wrote it."""

from __future__ import annotations

import random

import pytest

from tests.engine.programs import MacroWriter, Writer
from tests.engine.provenance import NOBODY, Tag, walk
from tests.engine.stepping import program_of
from watstep.debug.spots import InLocal, InMemory, OnStack, Sites
from watstep.debug.writers import Write, Writers
from watstep.host.settings import RunLimits, RunSettings
from watstep.machine.timeline import Timeline


def run_of(text: str, *arguments: str, fuel: int = 100_000_000) -> Timeline:
    """A run, made to its end."""
    timeline = Timeline(program_of(text), RunSettings(arguments, {}, RunLimits(fuel=fuel)))
    timeline.run_to_end()
    return timeline


def tag_of(write: Write | None) -> Tag:
    """What the slow walk says of the same write."""
    assert write is not None
    return NOBODY if write.hand is NOBODY.hand else Tag(write.hand, write.instant, write.place)


@pytest.mark.parametrize("seed", range(60))
def test_every_value_of_random_programs_has_the_writer_that_a_slow_walk_keeps(seed: int) -> None:
    """Locals and stacks of all frames, and bytes of the memory, at random instants."""
    text = (Writer if seed % 2 else MacroWriter)(seed).program()
    timeline, slow = run_of(text, "é", fuel=3_000), run_of(text, "é", fuel=3_000)
    choose = random.Random(seed)
    writers = Writers(timeline, Sites(timeline.program))
    assert timeline.end is not None
    last = min(timeline.end, 700)
    for instant, tags in walk(slow, last):
        if instant != last and choose.random() > 0.15:
            continue
        for depth, frame in enumerate(tags.frames):
            for index, tag in enumerate(frame.locals):
                assert tag_of(writers.local(InLocal(instant, depth, index))) == tag
            for slot, tag in enumerate(frame.stack):
                assert tag_of(writers.stack(OnStack(instant, depth, slot))) == tag
        addresses = choose.sample([*tags.memory], min(len(tags.memory), 10))
        for address in addresses:
            found = writers.memory(InMemory(instant, address, 1))
            assert tag_of(found) == tags.memory[address]

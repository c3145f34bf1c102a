"""A walk of single instants that keeps beside every value what wrote it: slow, plainly right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from watstep.debug.effects import pushes, takes
from watstep.debug.places import Place
from watstep.debug.writers import Hand
from watstep.machine.timeline import Timeline
from watstep.module.ir import BranchTable, Instruction, MemoryArgument
from watstep.wasm.instructions import INSTRUCTIONS


class Tag(NamedTuple):
    """What wrote a value, and the instant before it did."""

    hand: Hand
    instant: int
    place: Place | None


NOBODY = Tag(Hand.NOBODY, 0, None)


@dataclass
class Shadow:
    """A frame: the tags of its locals and of its stack, the call that made it."""

    function: int
    locals: list[Tag]
    stack: list[Tag]
    made_by: Place | None = None


@dataclass
class Tags:
    """The tags of all values at one instant."""

    frames: list[Shadow]
    memory: dict[int, Tag] = field(default_factory=dict)


def walk(timeline: Timeline, last: int) -> Iterator[tuple[int, Tags]]:
    """The tags at each instant up to `last`, which change as one goes on."""
    program = timeline.program
    tags = Tags([])
    timeline.seek_machine(0)
    top = timeline.machine.top
    tags.frames.append(Shadow(top[0], [NOBODY] * len(top[2]), []))
    for data in program.module.data:
        for address in range(data.address, data.address + len(data.content)):
            tags.memory[address] = Tag(Hand.DATA, 0, None)
    yield 0, tags
    for instant in range(last):
        _execute(timeline, tags, instant)
        yield instant + 1, tags


def _execute(timeline: Timeline, tags: Tags, instant: int) -> None:
    """Let the instruction at an instant write its tags."""
    program, machine = timeline.program, timeline.machine
    timeline.seek_machine(instant)
    place, stack = Place(*machine.top[:2]), list(map(int, machine.top[3]))
    shadow, calls = tags.frames[-1], machine.calls_made
    branch = _branch(timeline, place, stack)
    instruction = program.function(place.function).body[place.pc]
    tag = Tag(Hand.INSTRUCTION, instant, place)
    _set(tags, instruction, stack, tag)
    if instruction.name in {"br_if", "br_table"}:
        shadow.stack.pop()
    if branch is not None:
        arity, height = branch
        shadow.stack[height:] = shadow.stack[len(shadow.stack) - arity :]
    elif instruction.name not in {"br_if", "br_table", "return"}:
        _push(timeline, tags, place, tag)
    timeline.seek_machine(instant + 1)
    if machine.calls_made > calls:
        for write in timeline.tape[calls].writes:
            for byte in range(write.address, write.address + len(write.content)):
                tags.memory[byte] = tag._replace(hand=Hand.HOST)
    while len(tags.frames) > len(machine.frames) + 1:
        left = tags.frames.pop()
        results = len(program.function(left.function).type.results)
        tags.frames[-1].stack += [Tag(Hand.RESULT, instant, left.made_by)] * results


def _set(tags: Tags, instruction: Instruction, stack: list[int], tag: Tag) -> None:
    """Tag the local or the bytes that an instruction sets."""
    name, immediate = instruction.name, instruction.immediate
    if name in {"local.set", "local.tee"}:
        assert isinstance(immediate, int)
        tags.frames[-1].locals[immediate] = tag
    if isinstance(immediate, MemoryArgument) and "store" in name:
        address = stack[-2] + immediate.offset
        for byte in range(address, address + INSTRUCTIONS[name].size):
            tags.memory[byte] = tag


def _push(timeline: Timeline, tags: Tags, place: Place, tag: Tag) -> None:
    """Tag what an instruction pushes; a call of the program's makes a frame."""
    program, shadow = timeline.program, tags.frames[-1]
    instruction = program.function(place.function).body[place.pc]
    called = instruction.immediate if instruction.name == "call" else None
    del shadow.stack[len(shadow.stack) - takes(program.module, instruction) :]
    if isinstance(called, int) and called >= len(program.module.imported_functions):
        callee = program.function(called)
        given = [tag._replace(hand=Hand.PARAMETER)] * len(callee.type.params)
        own = [NOBODY] * (len(callee.locals) - len(given))
        tags.frames.append(Shadow(called, [*given, *own], [], place))
        return
    wrote = tag if called is None else tag._replace(hand=Hand.HOST)
    shadow.stack += [wrote] * pushes(program.module, instruction)


def _branch(timeline: Timeline, place: Place, stack: list[int]) -> tuple[int, int] | None:
    """The values that a branch which is taken moves, and the height that it moves them to."""
    program = timeline.program
    instruction = program.function(place.function).body[place.pc]
    imported = len(program.module.imported_functions)
    known = program.facts[place.function - imported].branches.get(place.pc)
    if instruction.name == "return":
        return len(program.function(place.function).type.results), 0
    if not known or (instruction.name == "br_if" and not stack[-1]):
        return None
    chosen = known[0]
    if isinstance(instruction.immediate, BranchTable):
        chosen = known[min(stack[-1], len(known) - 1)]
    return chosen.arity, chosen.height

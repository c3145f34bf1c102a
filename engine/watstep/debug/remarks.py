"""What is said beside the code at an instant: values read and written, and arms not taken (L3)."""

from __future__ import annotations

from collections.abc import Iterator

from watstep.debug.frames import Around
from watstep.debug.places import FunctionPlaces, Place, Places
from watstep.debug.state import Remark, Said, Skipped
from watstep.machine.machine import FrameState
from watstep.module.ir import BlockType, Instruction
from watstep.source.text import Span
from watstep.wasm.values import signed

SETTING = frozenset(("local.set", "local.tee"))
DECIDING = frozenset(("if", "br_if"))


def remarks(places: Places, around: Around) -> tuple[Remark, ...]:
    """What ran last set, and what runs next reads, in the innermost frame."""
    found = [*_wrote(places, around), *_reads(places, around)]
    return tuple(dict.fromkeys(found))


def _reads(places: Places, around: Around) -> Iterator[Remark]:
    """The locals that the rest of the statement at the cursor reads."""
    if around.next is None:
        return
    function, frame = places.functions[around.next.function], around.now.frames[-1]
    after = _unit(function, around.next.pc, None)[1]
    owner = function.owners[around.next.pc]
    changed: set[int] = set()
    for pc in range(around.next.pc, after):
        instruction = function.function.body[pc]
        if function.owners[pc] != owner or not isinstance(instruction.immediate, int):
            continue
        if instruction.name in SETTING:
            changed.add(instruction.immediate)
        elif instruction.name == "local.get" and instruction.immediate not in changed:
            yield _of_local(places, function, frame, Said.READS, instruction)


def _wrote(places: Places, around: Around) -> Iterator[Remark]:
    """The locals that what ran last set, in the frame that goes on; how its branch went."""
    before, last = around.before, around.last
    if before is None or last is None or len(before.frames) > len(around.now.frames):
        return
    function = places.functions[last.function]
    if len(before.frames) == len(around.now.frames):
        frame = around.now.frames[-1]
        first, _ = _unit(function, last.pc, around.next)
        for pc in range(first, last.pc + 1):
            instruction = function.function.body[pc]
            if instruction.name in SETTING:
                yield _of_local(places, function, frame, Said.WROTE, instruction)
    decided = function.function.body[last.pc]
    if decided.name in DECIDING:
        said = Said.TAKEN if before.frames[-1].stack[-1] else Said.NOT_TAKEN
        span = Span(decided.start, decided.end)
        yield Remark(said, span, _written(places, function, last.pc, span))


def _written(places: Places, function: FunctionPlaces, pc: int, span: Span) -> Span | None:
    """Where a form of the expansion stands in the source; None where a macro call made it."""
    return None if function.inside(pc) else places.program.rendering.source_span(span)


def _unit(function: FunctionPlaces, pc: int, left_for: Place | None) -> tuple[int, int]:
    """The instructions that count as one: a macro call that was left, else the statement."""
    for macro in function.inside(pc) if left_for else ():
        if left_for and not (
            left_for.function == function.function.index
            and macro.first <= left_for.pc < macro.after
        ):
            return macro.first, macro.after
    owner = function.owners[pc]
    return (pc, pc + 1) if owner is None else (owner.first, owner.after)


def _of_local(
    places: Places, function: FunctionPlaces, frame: FrameState, said: Said, by: Instruction
) -> Remark:
    index = by.immediate
    assert isinstance(index, int)
    span = Span(by.start, by.end)
    name = function.function.locals[index].name or str(index)
    source = places.program.rendering.source_span(span)
    return Remark(said, span, source, name, int(frame.locals[index]))


def skipped(places: Places, around: Around) -> tuple[Skipped, ...]:
    """The arms of those `if`s around the cursor, or decided at it, that are not run now."""
    if around.next is None:
        return ()
    function = places.functions[around.next.function]
    found = []
    for at, taken in _decided(function, around):
        block = function.function.body[at].immediate
        assert isinstance(block, BlockType)
        otherwise = block.otherwise if block.otherwise >= 0 else block.end
        first, after = (otherwise + 1, block.end) if taken else (at + 1, otherwise)
        arm = function.function.body[first:after]
        if arm:
            span = Span(min(i.start for i in arm), max(i.end for i in arm))
            found.append(Skipped(span, _written(places, function, at, span)))
    return tuple(found)


def _decided(function: FunctionPlaces, around: Around) -> Iterator[tuple[int, bool]]:
    """Each `if` whose way is known at the instant, with whether its condition held."""
    here, now = around.next, around.now.frames[-1]
    assert here is not None
    body = function.function.body
    if body[here.pc].name == "if" and now.stack:
        yield here.pc, bool(signed(int(now.stack[-1])))
    for pc in function.ifs:
        block = body[pc].immediate
        assert isinstance(block, BlockType)
        if pc < here.pc < block.end:
            yield pc, here.pc < block.otherwise or block.otherwise < 0
    last, before = around.last, around.before
    same = before is not None and len(before.frames) == len(around.now.frames)
    if same and before and last and last.function == here.function and body[last.pc].name == "if":
        block = body[last.pc].immediate
        assert isinstance(block, BlockType)
        if not last.pc < here.pc < block.end:
            yield last.pc, bool(before.frames[-1].stack[-1])

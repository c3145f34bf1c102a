"""Moves to what a run passes: host calls, the iterations of a loop, its two ends (S9)."""

from __future__ import annotations

from typing import NamedTuple

from watstep.debug import backward, forward
from watstep.debug.ground import START, Ground, Move
from watstep.debug.places import Place
from watstep.debug.search import Found
from watstep.debug.state import Position, StopReason
from watstep.errors import CommandError
from watstep.module.ir import BlockType


class Loop(NamedTuple):
    """The loop around a cursor, and the number of callers of the frame that it is in."""

    place: Place
    after: int
    """The index in the body of its `end`."""
    callers: int
    outside: frozenset[Place]
    """Every other instruction of its function."""


def next_call(ground: Ground, position: Position) -> Move:
    """To before the next host call, else to the end."""
    return forward.until(ground, position, ground.places.host_calls, StopReason.CALL)


def previous_call(ground: Ground, position: Position) -> Move:
    """To before the host call before, else to the start."""
    return backward.until(ground, position, ground.places.host_calls, StopReason.CALL)


def next_iteration(ground: Ground, position: Position) -> Move:
    """To the next time that the loop around the cursor begins again, or to where it is left."""
    return _on(ground, position, rounds=True)


def loop_end(ground: Ground, position: Position) -> Move:
    """To where the loop around the cursor was left."""
    return _on(ground, position, rounds=False)


def _on(ground: Ground, position: Position, *, rounds: bool) -> Move:
    if ground.is_end(position.instant):
        return Move(position, StopReason.AT_END)
    ground.stand(position.instant)
    loop = _loop_around(ground)
    wanted = loop.outside | {loop.place} if rounds else loop.outside
    found = ground.search().forward(
        wanted,
        lambda at, above: above == loop.callers,
        deepest=loop.callers,
        leaving=loop.callers,
        rounds=True,
    )
    if found is Found.STOP and ground.here() == (loop.place, loop.callers):
        return forward.landed(ground, found, StopReason.ITERATION)
    return forward.landed(ground, found, StopReason.LOOP_END)


def previous_iteration(ground: Ground, position: Position) -> Move:
    """To the last time that the loop around the cursor began, if it did before in this frame."""
    return _back(ground, position, rounds=True)


def loop_start(ground: Ground, position: Position) -> Move:
    """To where the loop around the cursor was entered."""
    return _back(ground, position, rounds=False)


def _back(ground: Ground, position: Position, *, rounds: bool) -> Move:
    if position == START:
        return Move(position, StopReason.AT_START)
    ground.stand(position.instant)
    loop = _loop_around(ground)
    # What comes last before a loop is an instruction beside it, or the call of its function.
    calls = ground.places.calls
    own = loop.outside | {loop.place} if rounds else loop.outside

    def accept(at: Place, above: int) -> bool:
        if above == loop.callers - 1:
            return at in calls
        return above == loop.callers and at in own

    found = ground.search().last_before(
        position.instant, own | calls, accept, deepest=loop.callers, rounds=True
    )
    if ground.timeline.interrupted:
        return Move(position, StopReason.CANCELLED)
    entered = 0 if found is None else found + 1
    if found is not None:
        place, callers = ground.stand(found)
        inside = place.function == loop.place.function and place not in loop.outside
        if (inside and callers == loop.callers) or ground.at_breakpoint():
            return backward.arrived(ground, Position(found, 0), StopReason.ITERATION)
    if rounds or entered >= position.instant:
        return Move(position, StopReason.LOOP_START)
    return backward.arrived(ground, Position(entered, 0), StopReason.LOOP_START)


def _loop_around(ground: Ground) -> Loop:
    """The innermost loop around the cursor, of the innermost frame that stands in one.

    Raises `CommandError` where there is none.
    """
    machine = ground.timeline.machine
    frames = [*machine.frames, machine.top]
    for callers in range(len(frames) - 1, -1, -1):
        index, pc, _, _ = frames[callers]
        body = ground.places.functions[index].function.body
        for at in range(min(pc, len(body) - 1), -1, -1):
            block = body[at].immediate
            if body[at].name == "loop" and isinstance(block, BlockType) and pc <= block.end:
                outside = (pc for pc in range(len(body) - 1) if not at <= pc <= block.end)
                others = frozenset(Place(index, pc) for pc in outside)
                return Loop(Place(index, at), block.end, callers, others)
    raise CommandError("no loop is around the cursor")

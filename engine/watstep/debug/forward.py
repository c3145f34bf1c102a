"""The forward verbs: one move of each, from a position to the stop that it comes to."""

from __future__ import annotations

from watstep.debug.fuel import FAR
from watstep.debug.ground import Ground, Move
from watstep.debug.places import Place
from watstep.debug.search import Found
from watstep.debug.state import Level, Position, StopReason


def step(ground: Ground, position: Position) -> Move:
    """S1, S2, S5: to the next stop of the level, whatever breakpoints stand between."""
    place, _ = ground.stand(position.instant)
    if ground.level is Level.SOURCE and not ground.returned(position.instant):
        entered = position.entered
        if entered < len(ground.beginning(place)):
            return Move(Position(position.instant, entered + 1), StopReason.STEP)
    if ground.is_end(position.instant):
        return Move(position, StopReason.AT_END)
    search = ground.search(armed=False)
    if ground.level is Level.INSTRUCTION:
        return landed(ground, search.forward(leaving=FAR), StopReason.STEP)
    return landed(ground, search.forward(ground.places.statements), StopReason.STEP)


def step_over(ground: Ground, position: Position) -> Move:
    """S3: to the next stop of the level that is no deeper than this frame."""
    if ground.is_end(position.instant):
        return Move(position, StopReason.AT_END)
    place, callers = ground.stand(position.instant)
    search = ground.search()
    if ground.level is Level.INSTRUCTION:
        return landed(ground, search.forward(leaving=callers + 1), StopReason.STEP)
    deepest = ground.depth(place, callers, position.entered)
    found = search.forward(
        ground.places.statements,
        lambda at, above: ground.depth(at, above, 0) <= deepest,
        deepest=callers,
    )
    return landed(ground, found, StopReason.STEP)


def step_out(ground: Ground, position: Position) -> Move:
    """S4: until the innermost frame, a macro's too at the source level, is left."""
    if ground.is_end(position.instant):
        return Move(position, StopReason.AT_END)
    place, callers = ground.stand(position.instant)
    macro = ground.macro_around(place, position.entered)
    search = ground.search()
    if macro is None:
        return landed(ground, search.forward(leaving=callers), StopReason.OUT)
    body = ground.function(place).function.body
    outside = frozenset(
        Place(place.function, pc)
        for pc in range(len(body) - 1)
        if not macro.first <= pc < macro.after
    )
    found = search.forward(
        outside, lambda at, above: above == callers, deepest=callers, leaving=callers
    )
    return landed(ground, found, StopReason.OUT)


def go_on(ground: Ground, position: Position) -> Move:
    """S8: to the next breakpoint, else to the end."""
    return until(ground, position, frozenset())


def until(
    ground: Ground,
    position: Position,
    places: frozenset[Place],
    reason: StopReason = StopReason.UNTIL,
) -> Move:
    """S9: to the next of some places, or to a breakpoint before it; else to the end."""
    if ground.is_end(position.instant):
        return Move(position, StopReason.AT_END)
    ground.stand(position.instant)
    return landed(ground, ground.search().forward(places), reason)


def landed(ground: Ground, found: Found, reason: StopReason) -> Move:
    """The machine's instant as a position, un-entered, and why the move ended there."""
    instant = ground.timeline.machine.step
    if found is Found.INTERRUPTED:
        reason = StopReason.CANCELLED
    elif found is Found.ASKED:
        reason = StopReason.ASKED
    elif found is Found.BREAKPOINT or (found is Found.STOP and ground.at_breakpoint()):
        reason = StopReason.BREAKPOINT
    elif found is Found.END or ground.is_end(instant):
        reason = ground.ending()
    return Move(Position(instant, 0), reason)

"""The backward verbs: one move of each; every one undoes its forward twin (STEPPING.md S7)."""

from __future__ import annotations

from watstep.debug.fuel import FAR
from watstep.debug.ground import START, Ground, Move
from watstep.debug.places import MacroRange, Place
from watstep.debug.state import Level, Position, StopReason


def step(ground: Ground, position: Position) -> Move:
    """S7: to the stop of the level before this position, whatever breakpoints stand between."""
    instant, entered = position
    if position == START:
        return Move(position, StopReason.AT_START)
    if entered:
        return arrived(ground, Position(instant, entered - 1))
    if instant == 0 or ground.level is Level.INSTRUCTION:
        return arrived(ground, Position(max(instant - 1, 0), 0))
    found = ground.search(armed=False).last_before(instant, ground.places.statements)
    if ground.timeline.interrupted:
        return Move(position, StopReason.CANCELLED)
    place, _ = ground.stand(found or 0)
    return arrived(ground, Position(found or 0, _most_entered(ground, place)))


def step_over(ground: Ground, position: Position) -> Move:
    """S7: to the stop before this position that is no deeper than this frame."""
    instant, entered = position
    if position == START:
        return Move(position, StopReason.AT_START)
    if entered or instant == 0:
        return arrived(ground, Position(instant, max(entered - 1, 0)))
    place, callers = ground.stand(instant)
    deepest = ground.depth(place, callers, 0)
    if ground.level is Level.INSTRUCTION:
        _, before = ground.stand(instant - 1)
        if before <= callers:
            return arrived(ground, Position(instant - 1, 0))
        stops = ground.places.calls
    else:
        stops = ground.places.statements
    found = ground.search().last_before(
        instant, stops, lambda at, above: ground.depth(at, above, 0) <= deepest, deepest=callers
    )
    if ground.timeline.interrupted:
        return Move(position, StopReason.CANCELLED)
    place, callers = ground.stand(found or 0)
    entered = _most_entered(ground, place)
    while entered and ground.depth(place, callers, entered) > deepest:
        entered -= 1
    return arrived(ground, Position(found or 0, entered))


def step_out(ground: Ground, position: Position) -> Move:
    """S7: to the instant before the call that made this frame, or to the macro call un-entered."""
    if position == START:
        return Move(position, StopReason.AT_START)
    place, callers = ground.stand(position.instant)
    macro = ground.macro_around(place, position.entered)
    if macro is not None:
        return _out_of_macro(ground, position, macro)
    if callers == 0:
        return until(ground, position, frozenset())
    calls = ground.places.calls
    return last(ground, position, calls, StopReason.OUT, exactly=callers - 1)


def _out_of_macro(ground: Ground, position: Position, macro: MacroRange) -> Move:
    place, callers = ground.stand(position.instant)
    first = Place(place.function, macro.first)
    beginning = ground.beginning(first)
    order = beginning.index(macro) if macro in beginning else 0
    if place == first and position.entered:
        return arrived(ground, Position(position.instant, order), StopReason.OUT)
    moved = last(ground, position, frozenset((first,)), StopReason.OUT, exactly=callers)
    if moved.reason is not StopReason.OUT:
        return moved
    return arrived(ground, moved.position._replace(entered=order), StopReason.OUT)


def go_on(ground: Ground, position: Position) -> Move:
    """S8: to the previous breakpoint, else to the start."""
    return until(ground, position, frozenset())


def until(
    ground: Ground,
    position: Position,
    places: frozenset[Place],
    reason: StopReason = StopReason.UNTIL,
) -> Move:
    """S9: to the previous of some places, or a breakpoint after it; else to the start."""
    if position == START:
        return Move(position, StopReason.AT_START)
    if position.entered:
        place, _ = ground.stand(position.instant)
        if place in places or ground.at_breakpoint():
            return arrived(ground, Position(position.instant, 0), reason)
    return last(ground, position, places, reason)


def last(
    ground: Ground,
    position: Position,
    places: frozenset[Place],
    reason: StopReason,
    *,
    exactly: int | None = None,
) -> Move:
    """To the last earlier one of `places`, or a breakpoint after it; else to the start.

    Where `exactly` so many callers are wanted, deeper frames are run through at full speed.
    """
    found = ground.search().last_before(
        position.instant,
        places,
        lambda at, above: exactly is None or above == exactly,
        deepest=FAR if exactly is None else exactly,
    )
    if ground.timeline.interrupted:
        return Move(position, StopReason.CANCELLED)
    if found is None:
        return Move(START, StopReason.START)
    return arrived(ground, Position(found, 0), reason)


def _most_entered(ground: Ground, place: Place) -> int:
    return len(ground.beginning(place)) if ground.level is Level.SOURCE else 0


def arrived(ground: Ground, position: Position, reason: StopReason = StopReason.BACK) -> Move:
    """A position that was come to; a breakpoint that stands there, or the start, is the reason."""
    ground.stand(position.instant)
    if position.entered == 0 and ground.at_breakpoint():
        reason = StopReason.BREAKPOINT
    elif position == START and reason in {StopReason.BACK, StopReason.OUT}:
        reason = StopReason.START
    return Move(position, reason)

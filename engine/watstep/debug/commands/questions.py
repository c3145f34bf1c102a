"""When and what happened, as a session is asked about the timeline that it looks at."""

from __future__ import annotations

from watstep.debug import occasions
from watstep.debug.commands.row import no_argument, read_line
from watstep.debug.expression import Expression, parse
from watstep.debug.occasions import Occasions
from watstep.debug.scope import MachineScope
from watstep.debug.session import Session
from watstep.debug.spots import InLocal, InMemory, Sites, Spot
from watstep.debug.stretch import Stretch, happened
from watstep.debug.subject import target
from watstep.errors import CommandError


def occasions_asked(session: Session, argument: str) -> Occasions:
    """When what a person names happens: a line, a host function, a value, a condition.

    Raises `CommandError` for what the program does not have.
    """
    session.timeline.interrupted = False
    word, _, rest = argument.partition(" ")
    timeline = session.timeline
    if word == "host":
        known = {f"{item.module}.{item.name}" for item in session.program.module.imported_functions}
        if not any(name == rest or name.startswith(f"{rest}.") for name in known):
            called = f"it calls {', '.join(sorted(known))}" if known else "it calls none"
            raise CommandError(f"the program calls no host function `{rest}`; {called}")
        return occasions.of_host(timeline, rest)
    if word == "if":
        return _condition(session, parse(rest))
    if word == "mem" or word.startswith("$"):
        asked = target(session, argument)
        no_argument(asked.rest)
        return occasions_of(session, asked.spot)
    level, line, rest = read_line(session, argument)
    no_argument(rest)
    place = session.places.on_line(level, line)
    if place is None:
        raise CommandError(f"line {line} of the {level.value} holds no code")
    return occasions.of_places(timeline, frozenset((place,)), session.places.operand_loops)


def occasions_of(session: Session, spot: Spot) -> Occasions:
    """When bytes are read or written, or a local of the function that runs at a spot."""
    timeline, sites = session.timeline, Sites(session.program)
    if isinstance(spot, InMemory):
        return occasions.of_memory(timeline, sites, spot.address, spot.length)
    assert isinstance(spot, InLocal)
    timeline.seek_machine(spot.instant)
    machine = timeline.machine
    function = [*machine.frames, machine.top][spot.depth][0]
    return occasions.of_local(timeline, sites, function, spot.local)


def stretch_of(session: Session, first: int, last: int) -> Stretch | None:
    """What happened between two instants; None where it was interrupted."""
    most = session.timeline.frontier
    for instant in (first, last):
        if not 0 <= instant <= most:
            raise CommandError(f"the run was made from instant 0 to {most}, not to {instant}")
    session.timeline.interrupted = False
    return happened(session.timeline, session.places, Sites(session.program), (first, last))


def _condition(session: Session, asked: Expression) -> Occasions:
    """When a condition comes to hold."""
    functions = session.program.module.functions
    known = {local.name for function in functions for local in function.locals}
    for name in sorted(asked.locals):
        if name.startswith("$") and name not in known:
            raise CommandError(f"no function has a local {name}")
    timeline = session.timeline
    scope = MachineScope(session.program, timeline.machine)

    def holds() -> bool | None:
        try:
            return bool(asked.value(scope))
        except CommandError:
            return None

    return occasions.of_condition(timeline, session.places.statements, holds)

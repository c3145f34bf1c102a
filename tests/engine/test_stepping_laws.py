"""Random programs, random commands: sessions do what the rules say of the list of all instants."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.programs import MacroWriter
from tests.engine.reference import Arrival, Reference, all_instants
from tests.engine.stepping import program_of
from watstep.debug.places import Places
from watstep.debug.session import Session
from watstep.debug.state import Level, Position, Stop
from watstep.host.settings import RunLimits, RunSettings
from watstep.pipeline import Program

SETTINGS = RunSettings(("one", "two"), limits=RunLimits(fuel=1500, memory_pages=4, call_depth=9))
LEVELS = tuple(Level)
VERBS = (
    *("step", "next", "out", "continue_"),
    *("back", "back_over", "back_out", "reverse_continue"),
)


@cache
def made(seed: int) -> tuple[Program, Reference]:
    """A program that runs a little while, and all of its instants."""
    for attempt in range(50):
        program = program_of(MacroWriter(seed * 50 + attempt).program())
        instants, trapped = all_instants(program, SETTINGS)
        if len(instants) > 12:
            break
    return program, Reference(Places(program), instants, trapped)


def reference_of(seed: int, level: Level) -> tuple[Session, Reference]:
    """A new session on a program and what it is held to."""
    program, known = made(seed)
    session = Session(program, SETTINGS)
    session.level = level
    return session, Reference(session.places, known.instants, known.trapped, level)


def test_programs_reach_what_the_rules_speak_of() -> None:
    """Macros, operand loops that come round, calls in calls, host calls, traps: each in many."""
    reached = {"macro": 0, "round": 0, "deep": 0, "host": 0, "trap": 0}
    for seed in range(100):
        _, known = made(seed)
        span = range(len(known.instants))
        reached["macro"] += any(known.beginning(n) for n in span)
        reached["round"] += any(not known.begins(n) for n in span)
        reached["deep"] += any(instant.callers > 1 for instant in known.instants)
        reached["host"] += known.instants[-1].calls > 1
        reached["trap"] += known.trapped
    least = {"macro": 50, "round": 8, "deep": 12, "host": 25, "trap": 8}
    assert all(reached[what] >= count for what, count in least.items()), reached


Command = tuple[str, int, Level]
COMMANDS = st.lists(
    st.tuples(
        st.sampled_from((*VERBS, "goto", "until", "back_until", "level", "break")),
        st.integers(0, 10_000),
        st.sampled_from(LEVELS),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 150), st.booleans(), COMMANDS)
def test_any_commands(seed: int, live: bool, commands: list[Command]) -> None:
    """S1 to S9, S12, L1: position and reason are the reference's, the state a plain run's.

    A live run learns of its trap when it tries to go on; until then the reason is a plain stop.
    """
    session, reference = reference_of(seed, Level.SOURCE)
    if not live:
        session.finish()
    at = Position(0, 0)
    for name, number, level in commands:
        lines = sorted(session.places._lines(Level.EXPANSION))
        line = lines[number % len(lines)]
        place = session.places.on_line(Level.EXPANSION, line)
        assert place is not None
        if name == "goto":
            at = Position(number % len(reference.instants), 0)
            session.goto(at.instant)
        elif name == "level":
            session.level = reference.level = level
            at = at if level is Level.SOURCE else at._replace(entered=0)
        elif name == "break":
            session.add_breakpoint(Level.EXPANSION, line)
            reference.armed = session.armed.places
        elif name in {"until", "back_until"}:
            wanted = getattr(reference, name)(at, place)
            stop = getattr(session, name)(line, Level.EXPANSION)
            at = arrived(session, reference, stop, wanted, live)
        else:
            wanted = getattr(reference, name)(at)
            stop = getattr(session, name)()
            assert stop.moved == (session.position != at)
            at = arrived(session, reference, stop, wanted, live)
        assert session.position == at
        agree(session, reference)


def arrived(
    session: Session, reference: Reference, stop: Stop, wanted: Arrival, live: bool
) -> Position:
    """The position of a stop, which must be the wanted one, for the wanted reason."""
    position, reason = wanted
    assert session.position == position, (wanted, reference.level)
    if not (live and reference.trapped and position.instant == reference.end):
        assert stop.reason is reason, (wanted, reference.level)
    return position


def agree(session: Session, reference: Reference) -> None:
    """L1: what is shown is what the plain run had at that instant."""
    state = session.state()
    plain = reference.instants[state.position.instant]
    frames = [frame for frame in state.frames if frame.kind == "function"][::-1]
    assert [frame.function for frame in frames] == [place.function for place in plain.frames]
    assert tuple(tuple(s.value for s in frame.locals) for frame in frames) == plain.locals
    assert tuple(tuple(s.value for s in frame.stack) for frame in frames) == plain.stacks
    assert (state.fuel, len(state.calls)) == (plain.fuel, plain.calls)
    assert state.pages * 65536 == len(plain.memory)
    assert session.memory(0, 4096) == plain.memory[:4096]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(40))
def test_back_inverts_step_and_back_over_next(seed: int, level: Level) -> None:
    """S7: from every stop; `back-over` where `next` stayed within one frame."""
    session, reference = reference_of(seed, level)
    stops = [session.position]
    while session.step().moved and len(stops) < 300:
        stops.append(session.position)
    for before, after in pairwise(stops):
        session.position = after
        session.back()
        assert session.position == before
        session.step()
        assert session.position == after
    for stop in stops:
        session.position = stop
        frames = reference.instants[stop.instant].frames
        if not session.next().moved:
            continue
        landed = session.position
        same = reference.depth(*landed) == reference.depth(*stop)
        if same and reference.instants[landed.instant].frames[:-1] == frames[:-1]:
            session.back_over()
            assert session.position == stop

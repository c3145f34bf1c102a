"""Moves to host calls, the iterations of loops, their ends, and an amount of fuel."""

from __future__ import annotations

import pytest

from tests.engine.stepping import session_of
from tests.engine.test_breakpoints import LOOP, TEXT
from watstep.debug.commands.table import execute
from watstep.debug.state import Level, StopReason
from watstep.errors import CommandError

# Each time round is 13 instructions: a `loop`, which uses no fuel, and four a statement.
ROUND = 13


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("finished", [False, True])
@pytest.mark.parametrize(
    ("start", "line", "instant", "reason"),
    [
        (0, "next-iteration", ROUND, StopReason.ITERATION),
        (5, "next-iteration 3", 3 * ROUND, StopReason.ITERATION),
        (9 * ROUND, "next-iteration", 10 * ROUND, StopReason.LOOP_END),
        (5 * ROUND, "previous-iteration", 4 * ROUND, StopReason.ITERATION),
        (5 * ROUND + 1, "previous-iteration", 5 * ROUND, StopReason.ITERATION),
        (5 * ROUND, "previous-iteration 4", ROUND, StopReason.ITERATION),
        (3, "previous-iteration 2", 0, StopReason.START),
        (3, "loop-end", 10 * ROUND, StopReason.LOOP_END),
        (60, "loop-start", 0, StopReason.LOOP_START),
        (10 * ROUND + 1, "fuel 14", ROUND + 2, StopReason.FUEL),
        (0, "fuel 13", ROUND, StopReason.FUEL),
        (0, "fuel 1", 0, StopReason.FUEL),
    ],
)
def test_iterations_and_fuel(
    level: Level, finished: bool, start: int, line: str, instant: int, reason: StopReason
) -> None:
    """S9: by hand from the instructions of a loop, at every level, live and run before."""
    session = session_of(LOOP)
    session.level = level
    if finished:
        session.finish()
    session.goto(start)
    assert execute(session, line).stop.reason is reason
    assert session.position.instant == instant


def test_a_loop_is_that_of_the_frame_around() -> None:
    """S9: in a function that a loop calls, its iterations are meant; they end with their frame."""
    session = session_of(TEXT)
    execute(session, "until 10")
    assert session.state().frames[0].name == "double"
    start = session.position
    assert execute(session, "next-iteration").stop.reason is StopReason.ITERATION
    assert (session.position.instant, session.state().next_instruction) == (26, "(loop $again)")
    session.position = start
    execute(session, "loop-start")
    assert session.position.instant == 0
    session.position = start
    execute(session, "break function double")
    assert execute(session, "next-iteration 9").stop.moved == 2
    assert session.reason is StopReason.BREAKPOINT
    assert execute(session, "loop-start").stop.reason is StopReason.BREAKPOINT
    execute(session, "goto end")
    with pytest.raises(CommandError, match="no loop is around the cursor"):
        execute(session, "previous-iteration")


def test_host_calls_in_both_directions() -> None:
    """S9: before each call, so that it can still be answered otherwise; else the run's ends."""
    session = session_of(TEXT)
    stops = []
    while (stop := execute(session, "next-call").stop).reason is StopReason.CALL:
        stops.append(session.position.instant)
    assert stop.reason is StopReason.TRAP
    assert stops == [13, 39, 65, 125]
    assert len(session.calls()) == 4
    back = []
    while execute(session, "previous-call").stop.reason is StopReason.CALL:
        back.append(session.position.instant)
    assert back == stops[::-1]
    assert session.reason is StopReason.START
    assert execute(session, "next-call 9").stop.message.startswith("moved 5 of 9: the run trapped")


@pytest.mark.parametrize("line", ["goto 500", "fuel 5000"])
def test_what_is_outside_the_run_changes_nothing(line: str) -> None:
    """S9: a live run is made to its end to know; it says so, and the position stays."""
    session = session_of(TEXT)
    session.goto(5)
    before = session.position
    with pytest.raises(
        CommandError, match=r"you stay at 5.* to its end to know, with 4 host calls"
    ):
        execute(session, line)
    assert (session.position, session.timeline.end) == (before, 130)
    with pytest.raises(CommandError) as refused:
        execute(session, line)
    assert "you stay" not in str(refused.value)


@pytest.mark.parametrize("name", ["calls", "stack", "locals", "state", "breakpoints"])
def test_a_word_too_many_is_refused(name: str) -> None:
    """Commands that take nothing say so."""
    with pytest.raises(CommandError, match="`3` is one thing too many"):
        execute(session_of(LOOP), f"{name} 3")


def test_bookmarks() -> None:
    """One at each instant, in order, with its note; one that is not there is refused."""
    session = session_of(LOOP)
    for instant, note in ((30, "later"), (4, "here"), (30, "again")):
        session.goto(instant)
        execute(session, f"bookmark {note}")
    marks = [{"instant": 4, "note": "here"}, {"instant": 30, "note": "again"}]
    assert execute(session, "bookmarks").result == marks
    execute(session, "unbookmark 1")
    assert execute(session, "bookmarks").result == marks[1:]
    for wrong in ("", " 2", " x"):
        with pytest.raises(CommandError):
            execute(session, f"unbookmark{wrong}")

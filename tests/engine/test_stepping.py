"""STEPPING.md held by tables and laws: forwards, backwards, at the three levels."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from tests.engine.stepping import session_of, walk
from tests.support import EXAMPLES
from watstep.cli.demo_server import DemoServer
from watstep.debug.commands.table import execute
from watstep.debug.session import Session
from watstep.debug.state import Level, Position, StopReason
from watstep.host.settings import RunLimits

FETCH = (EXAMPLES / "fetch.wat").read_text("utf-8")
OFFLINE = sorted(path for path in EXAMPLES.glob("*.wat") if "$http." not in path.read_text("utf-8"))

# STEPPING.md, the golden tables of the article's agent program.
NEXT = [0, 8, 10, 11, 12, 16, 18, 20, 21]
FIRST_STEPS = [(0, 0), (0, 1), (2, 0), (3, 0), (4, 0), (4, 1), (8, 0)]


@pytest.fixture
def fetch() -> Iterator[Session]:
    """A session on the article's agent program with a page to fetch."""
    with DemoServer() as server:
        session = session_of(FETCH, (server.url,), (f"http={server.host}",))
        yield session
        session.close()


def test_golden_next(fetch: Session) -> None:
    """S3, S7: the stops of `next` at source level, and of `back-over` in the other direction."""
    assert walk(fetch, fetch.next) == [(n, 0) for n in NEXT]
    assert walk(fetch, fetch.back_over)[::-1] == [(n, 0) for n in NEXT]


def test_golden_step(fetch: Session) -> None:
    """S2, S5, S7: `step` enters macro frames, `back` leaves them the same way."""
    stops = walk(fetch, fetch.step)
    assert stops[: len(FIRST_STEPS)] == FIRST_STEPS
    assert walk(fetch, fetch.back)[::-1] == stops


def test_golden_end(fetch: Session) -> None:
    """P3 and the table's head: 21 instants, 22 units of fuel, result 0; calls at 2, 10, 18, 20."""
    assert fetch.continue_().reason is StopReason.END
    state = fetch.state()
    assert (state.position.instant, state.fuel, state.results) == (21, 22, (0,))
    assert [call.instant for call in state.calls] == [2, 10, 18, 20]
    fetch.goto(17)
    assert fetch.state().fuel == 18


def test_macro_frames(fetch: Session) -> None:
    """S5: frames nest, innermost first; `out` leaves the innermost, `back-out` un-enters it."""
    fetch.goto(4)
    assert [frame.name for frame in fetch.state().frames] == ["argv 0 $url_ptr", "run"]
    fetch.step()
    names = [(frame.kind, frame.name) for frame in fetch.state().frames]
    assert names == [
        ("macro", "check $url_ptr.err"),
        ("macro", "argv 0 $url_ptr"),
        ("function", "run"),
    ]
    fetch.back_out()
    assert fetch.position == Position(4, 0)
    fetch.back_out()
    assert fetch.position == Position(0, 0)
    fetch.step()
    fetch.out()
    assert fetch.position == Position(8, 0)


def test_breakpoints(fetch: Session) -> None:
    """S8, B3, B4: found in both directions; a line without code moves to the next that has some."""
    lines = FETCH.splitlines()
    log = next(n for n, line in enumerate(lines, 1) if line.startswith("(call $dbg.log"))
    declared = next(n for n, line in enumerate(lines, 1) if line.startswith("(local $body"))
    fetch.add_breakpoint(Level.SOURCE, log)
    moved = fetch.add_breakpoint(Level.SOURCE, declared)
    assert (moved.moved, moved.bound_line) == (True, declared + 1)
    assert [fetch.continue_().reason for _ in range(3)] == [
        StopReason.BREAKPOINT,
        StopReason.BREAKPOINT,
        StopReason.END,
    ]
    stops = []
    while fetch.reverse_continue().reason is StopReason.BREAKPOINT:
        stops.append(fetch.position.instant)
    assert stops == [16, 10]
    assert fetch.position == Position(0, 0)


def test_ends_say_so(fetch: Session) -> None:
    """S12: stepping past either end changes nothing; S9: a count says how far it came."""
    stop = fetch.back()
    assert (stop.reason, stop.moved, fetch.position) == (StopReason.AT_START, 0, Position(0, 0))
    fetch.level = Level.INSTRUCTION
    fetch.goto(18)
    stop = fetch.step(10)
    assert (stop.moved, stop.reason) == (3, StopReason.END)
    assert stop.message.startswith("moved 3 of 10")
    assert fetch.step().reason is StopReason.AT_END


def test_world_is_called_once(fetch: Session) -> None:
    """Frontier, L6: going back and forth, and restarting, never calls the world again."""
    fetch.continue_()
    tape = fetch.calls()
    fetch.restart()
    walk(fetch, fetch.step)
    walk(fetch, fetch.back)
    assert fetch.calls() == tape


def text_of(name: str) -> str:
    """An example's text."""
    return (EXAMPLES / name).read_text("utf-8")


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("path", OFFLINE, ids=lambda path: path.stem)
def test_back_inverts_step(path: object, level: Level) -> None:
    """S1, S2, S6, S7, S11: on every example, at every level."""
    session = session_of(text_of(getattr(path, "name", "")))
    session.level = level
    stops = walk(session, session.step)
    back = walk(session, session.back)[::-1]
    assert back[-len(stops) :] == stops[-len(back) :]
    if level is Level.INSTRUCTION:
        assert stops == [(n, 0) for n in range(len(stops))]


@pytest.mark.parametrize("path", OFFLINE, ids=lambda path: path.stem)
def test_state_depends_on_the_instant_alone(path: object) -> None:
    """L1: any sequence of commands leaves the state that a plain run to that instant has."""
    session = session_of(text_of(getattr(path, "name", "")))
    plain = session_of(text_of(getattr(path, "name", "")))
    chosen = random.Random(7)
    for _ in range(25):
        session.level = chosen.choice(list(Level))
        name = chosen.choice(["step", "next", "out", "back", "back_over", "back_out", "continue_"])
        getattr(session, name)(chosen.choice([1, 1, 3]))
        plain.goto(session.position.instant)
        plain.level, plain.position = session.level, session.position
        mine, other = session.state(), plain.state()
        assert (mine.frames, mine.fuel, mine.log) == (other.frames, other.fuel, other.log)


def test_article_stack_picture() -> None:
    """The Trace draws the article's table from the real run."""
    session = session_of(text_of("stack.wat"))
    session.finish()
    rows = session.trace(1, 5)
    assert [(row.text, list(row.stack)) for row in rows] == [
        ("(i32.const 10)", [10]),
        ("(i32.const 20)", [10, 20]),
        ("(i32.add)", [30]),
        ("(i32.const 5)", [30, 5]),
        ("(i32.mul)", [150]),
    ]


def test_loop_statement_is_a_stop_each_time_round() -> None:
    """S6: the article's loop begins eleven times, by hand from the rules."""
    session = session_of(text_of("sum.wat"))
    line = next(
        n for n, text in enumerate(text_of("sum.wat").splitlines(), 1) if "(loop $continue" in text
    )
    session.add_breakpoint(Level.SOURCE, line)
    hits = 0
    while session.continue_().reason is StopReason.BREAKPOINT:
        hits += 1
    assert hits == 11


TRAPS = [path for path in OFFLINE if ";; trap:" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", TRAPS, ids=lambda path: path.stem)
def test_trap_stands_before_the_failed_instruction(path: object) -> None:
    """S11: the last instant is before the instruction that failed, its operands on the stack."""
    text = text_of(getattr(path, "name", ""))
    wanted = re.search(r";; trap: (.*)", text)
    assert wanted
    session = session_of(text, limits=RunLimits(fuel=2_000_000))
    assert session.continue_().reason is StopReason.TRAP
    state = session.state()
    assert state.ended
    assert state.trap is not None
    assert wanted[1].strip() in state.trap


def test_hits_are_where_continue_stops() -> None:
    """S8: the instants of a breakpoint over the whole run are those at which `continue` stops."""
    session = session_of(text_of("sum.wat"))
    session.finish()
    session.add_breakpoint(Level.SOURCE, 25)
    hits = session.hits(0, session.timeline.frontier, 100)
    stops = []
    while session.continue_().reason is StopReason.BREAKPOINT:
        stops.append(session.position.instant)
    assert len(stops) == 10
    assert hits == tuple(stops)
    assert session.hits(0, session.timeline.frontier, 3) == hits[:3]


def test_trace_names_instructions_without_their_comments() -> None:
    """A comment after an instruction's first words is no part of it."""
    session = session_of(text_of("sum.wat"))
    session.finish()
    names = {row.text for row in session.trace(1, session.timeline.frontier)}
    assert "(loop $continue)" in names
    assert not any(";;" in name for name in names)


def test_goto_end_of_a_run_that_ends_at_once() -> None:
    """S9, S11: a run whose first instruction traps ends at instant 0, and `goto end` goes there."""
    session = session_of(";; profile: core\n(unreachable)\n")
    session.finish()
    assert session.timeline.end == 0
    assert execute(session, "goto end").stop.reason is StopReason.GOTO

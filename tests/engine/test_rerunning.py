"""An edited program on the answers of the run before it (L6, L7)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.engine.http_server import PAGE, TestServer
from tests.engine.stepping import program_of
from watstep.debug.answering import answer, call_asked
from watstep.debug.commands.table import execute
from watstep.debug.rerunning import earlier_of, land, rerun
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Stop, StopReason
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings

FETCHING = """(argv 0 $url)
(call $http.get (local.get $url))
(local $err i32) (local $body i32)
(local.set $body)
(local.set $err)
(resv $body)
(local.get $err)
"""
WRONG = "(local.set $body)\n(local.set $err)"
RIGHT = "(local.set $err)\n(local.set $body)"
AGAIN = '(call $http.get "http://other/") (local.set $err) (local.set $body) (local.get $err)\n'


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """Asked by the first run alone."""
    with TestServer() as running:
        yield running


@pytest.fixture(scope="module")
def made(server: TestServer) -> Session:
    """The program with its values taken in the wrong order, run live to its trap."""
    settings = RunSettings((f"http://{server.host}/",), parse_grants([f"http={server.host}"]))
    session = Session(program_of(FETCHING), settings)
    session.finish()
    assert session.timeline.trap is not None
    return session


def again(made: Session, text: str) -> tuple[Session, Stop]:
    """The run of another text on the same answers, and how it landed."""
    earlier = earlier_of(made)
    session = rerun(program_of(text), made.settings, earlier)
    return session, land(session, earlier)


@pytest.mark.parametrize(
    ("text", "instant", "said"),
    [
        (FETCHING.replace(WRONG, RIGHT), 10, "another form runs next; now: returned 0"),
        (FETCHING + ";; a comment\n", 13, "alike to the end"),
        (f"{FETCHING[:-1]}\n(local.set $err)\n(i32.const 3)", 13, "alike to the end"),
        (FETCHING.replace("(resv", '(call $dbg.log "more")\n(resv'), 12, "another form"),
        (FETCHING.replace("(local.get $url))", '"http://other/")'), 8, "http.get(.*) waits"),
    ],
)
def test_it_stands_where_the_runs_part(
    server: TestServer, made: Session, text: str, instant: int, said: str
) -> None:
    """L7: the first instant that differs, how both ended; nobody is asked again (L6)."""
    session, stop = again(made, text)
    assert (session.position.instant, server.asked) == (instant, ["GET /"])
    assert re.search(said, stop.message)


def test_the_mended_program_gets_the_recorded_answer(server: TestServer, made: Session) -> None:
    """L5: its calls are recorded ones, their texts where its own heap has them."""
    text = FETCHING.replace(WRONG, RIGHT).replace("(argv", '(call $dbg.log "a longer text")\n(argv')
    session, _ = again(made, text)
    session.goto(session.timeline.frontier)
    assert session.state().result_value == PAGE
    origins = {call.function: call.origin.value for call in session.calls()}
    assert origins["http.get"] == origins["sys.argv"] == "recorded"
    assert server.asked == ["GET /"]


def test_a_call_that_differs_waits_with_both_in_sight(server: TestServer, made: Session) -> None:
    """L6, L7: the recorded call and the one made now; an answer by hand lets it go on."""
    mended = FETCHING.replace(WRONG, RIGHT).replace("(local.get $err)\n", AGAIN)
    session, stop = again(made, mended)
    assert "http://other/" in stop.message
    assert session.goto(session.timeline.frontier).reason is StopReason.GOTO
    stop = session.continue_()
    assert stop.reason is StopReason.ASKED
    asked = call_asked(session)
    assert asked.difference is not None
    assert asked.difference.recorded is None
    assert answer(session, asked, "error", "ENET").reason is StopReason.ANSWERED
    session.continue_()
    assert session.outcome().results == (6,)
    assert server.asked == ["GET /"]


def test_a_changed_run_is_made_again_without_its_changes(made: Session) -> None:
    """L7: the earlier run has its changes, the new one parts from it at the first."""
    session = Session(made.program, made.settings, Recorded(made.calls()))
    for line in ("goto end", "set stack[0] 16", "continue"):
        execute(session, line)
    known = earlier_of(session)
    landed = rerun(made.program, made.settings, known)
    message = land(landed, known).message
    assert (landed.position.instant, len(known.changes)) == (13, 1)
    assert "a value is another; now: ended at instant 13" in message
    assert message.endswith("before: returned 48 at instant 15")

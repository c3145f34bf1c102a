"""Answers in the person's hand, by the commands of the prompt, in a real world (L5, L6, L7, P2)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.http_server import PAGE, TestServer
from tests.engine.stepping import session_of
from watstep.debug.agreement import first_difference
from watstep.debug.commands.table import execute
from watstep.debug.session import Recorded, Session
from watstep.debug.state import StopReason
from watstep.errors import CommandError
from watstep.host.tape import CallOrigin, HostCall

FETCHING = """(argv 0 $url)
(call $http.get (local.get $url))
(local $err i32) (local $body i32)
(local.set $err)
(local.set $body)
(call $dbg.i32 (local.get $err))
(call $dbg.i32 (call $http.status))
(call $http.get (local.get $url))
(local.set $err)
(local.set $body)
(resv $body)
(local.get $err)
"""
KEEPING = """(local $err i32) (local $p i32)
(local.set $err (call $kv.set "a" "one"))
(call $kv.get "a")
(local.set $err)
(local.set $p)
(resv $p)
(call $kv.get "b")
(local.set $err)
(local.set $p)
(local.get $err)
"""


@pytest.fixture
def server() -> Iterator[TestServer]:
    """Asked nothing yet."""
    with TestServer() as running:
        yield running


def fetching(server: TestServer) -> Session:
    """Stopped at the statement that fetches for the first time."""
    host = f"127.0.0.1:{server.server_port}"
    session = session_of(FETCHING, (f"http://{host}/created",), (f"http={host}",))
    session.next()
    assert server.asked == []
    return session


def do(session: Session, *lines: str) -> Any:
    """Carry out commands; the result of the last."""
    return [execute(session, line) for line in lines][-1].result


def logged(session: Session) -> tuple[str | int, ...]:
    """The log at the position."""
    return session.state().log


def origins(session: Session) -> list[str]:
    """Of the calls of the world up to the position."""
    outside = ("http.get", "kv")
    made = session.state().calls
    return [call.origin.value for call in made if call.function.startswith(outside)]


def gets(session: Session) -> list[HostCall]:
    """Every fetch on the tape."""
    return [call for call in session.calls() if call.function == "http.get"]


def test_an_answer_is_typed_before_the_call(server: TestServer) -> None:
    """L7: at the frontier nothing is called; the calls after it are live, and consistent."""
    session = fetching(server)
    assert do(session, "answer")["answers"] == ["live", "text", "number", "error", "empty", "deny"]
    do(session, 'answer text "typed\\n"')
    assert (len(session.timelines), server.asked) == (1, [])
    do(session, "goto end")
    assert server.asked == ["GET /created"]
    assert (logged(session), session.state().result_value) == ((0, 200), "made")
    assert origins(session) == ["typed", "live"]
    first, second = gets(session)
    assert second.results[0].value == first.results[0].value + 16
    assert first_difference(session.program, session.settings, session.outcome()) is None


@pytest.mark.parametrize(
    ("typed", "log", "value"),
    [
        ("answer error ETIMEDOUT", (5, 0), ""),
        ("answer error 99", (99, 0), ""),
        ('answer error EHTTP "gone"', (7, 500), "gone"),
        ("answer empty", (0, 200), ""),
        ("answer number 0", (0, 0), ""),
    ],
)
def test_every_kind_of_answer(
    server: TestServer, typed: str, log: tuple[int, int], value: str
) -> None:
    """L7: an error by name or number, EHTTP with its text, empty; `http.status` agrees."""
    session = fetching(server)
    do(session, typed, "until 8")
    call = session.calls()[1]
    assert (logged(session), call.results[0].text or "") == (log, value)
    assert server.asked == []


def test_a_denied_grant_stays_denied(server: TestServer) -> None:
    """L7: from the call on the capability answers EACCESS, and nobody is asked."""
    session = fetching(server)
    do(session, "answer deny", "goto end")
    errors = [call.error for call in gets(session)]
    assert (errors, logged(session)[0]) == (["EACCESS", "EACCESS"], 3)
    assert (origins(session), server.asked) == (["typed", "typed"], [])
    with pytest.raises(CommandError, match="no answer `deny`"):
        do(session, "answer at 2 deny")


def test_a_changed_answer_is_another_timeline(server: TestServer) -> None:
    """L6, L7: the world is asked once, however often one goes back, forth and across."""
    session = fetching(server)
    do(session, "goto end")
    assert len(server.asked) == 2
    do(session, "answer at 10 error ENET", "goto end", "timeline 1", "restart", "goto end")
    do(session, "timeline 2", "goto 3", "goto end")
    assert len(server.asked) == 2
    assert (logged(session)[0], origins(session)) == (6, ["edited", "recorded"])
    assert do(session, "timeline 1", "print stack[0]") == 0
    assert (logged(session)[0], origins(session)) == (0, ["live", "live"])
    told = do(session, "compare 2")
    assert (told["difference"], told["instant"]) == ("answer", 10)
    assert [call["error"] for call in told["calls"]] == [None, "ENET"]
    do(session, "answer at 10 live")
    assert len(server.asked) == 3
    do(session, "goto end", "timelines")
    assert len(server.asked) == 3


def test_a_call_that_was_not_recorded_waits(server: TestServer) -> None:
    """L6, L7: on a changed way the world is asked only when a person says so."""
    session = fetching(server)
    do(session, "goto end", "restart", "until 8")
    pointer = session.state().frames[0].locals[0].value
    reply = execute(session, f'set text[{pointer}] "{session.settings.arguments[0][:-7]}"')
    assert reply.stop.reason is StopReason.CHANGED
    stop = session.continue_()
    assert (stop.reason, stop.moved) == (StopReason.ASKED, 1)
    assert "the recorded run called http.get" in stop.message
    assert session.continue_().reason is StopReason.ASKED
    assert session.goto(10).reason is StopReason.GOTO
    assert session.next(9).reason is StopReason.ASKED
    assert len(server.asked) == 2
    do(session, "answer recorded", "goto end")
    assert (session.state().result_value, origins(session)[-1]) == ("made", "recorded")
    do(session, f"answer at {gets(session)[-1].instant} live")
    assert server.asked[2:] == ["GET /"]
    assert session.state().calls[-1].results[0].text == PAGE


def test_a_recorded_run_says_so(server: TestServer) -> None:
    """L5: what was live when the run was made is recorded when it is stepped again."""
    made = fetching(server)
    do(made, "answer empty", "goto end")
    session = Session(made.program, made.settings, Recorded(made.calls()))
    do(session, "goto end")
    assert origins(session) == ["typed", "recorded"]
    assert {call.origin for call in session.calls()} == {CallOrigin.RECORDED, CallOrigin.TYPED}
    assert first_difference(session.program, session.settings, session.outcome()) is None
    do(session, "answer at 10 text other", "goto end")
    assert origins(session) == ["edited", "recorded"]
    assert (len(server.asked), session.timeline.sealed) == (1, False)


def test_keys_in_memory_follow_the_answers() -> None:
    """L6, L7: what was set, got or taken away by hand is so for the live calls after it."""
    session = session_of(KEEPING, (), ("kv",))
    do(session, "answer empty", "until 7")
    assert (session.state().result_value, origins(session)) == ("one", ["typed", "live"])
    do(session, "answer text two", "goto end")
    assert session.outcome().results == (0,)
    do(session, "answer at 3 error EIO", "goto end")
    assert session.state().result_value == "one"
    do(session, "timeline 1", "answer at 6 live")
    assert session.calls()[-1].results[0].text == "one"


def test_keys_in_a_file_are_the_worlds_own(tmp_path: Path) -> None:
    """L6: an answer by hand changes no file; a live call does, once."""
    path = tmp_path / "notes.db"
    session = session_of(KEEPING, (), (f"kv={path}",))
    do(session, "answer empty", "goto end")
    assert session.state().calls[1].error == "ENOENT"
    do(session, "answer at 3 live", "goto 0", "goto 3")
    with sqlite3.connect(path) as database:
        assert database.execute("select key, value from kv").fetchall() == [("a", "one")]
    database.close()


def test_values_are_changed() -> None:
    """L7: a local, a stack value, bytes, numbers and texts of the memory; each a timeline."""
    session = session_of(
        '(local $x i32)\n(resv "text")\n'
        "(local.set $x (i32.add (i32.const 1) (i32.const 2)))\n(local.get $x)"
    )
    session.level = session.level.INSTRUCTION
    do(session, "goto 3", "set stack[0] 40", "goto 6", "set $x = $x - 2", "step")
    assert do(session, "print stack[0]") == 40
    do(session, "timeline 2", "goto end")
    assert do(session, "print stack[0]") == 42
    do(session, "timeline 1", "restart", 'set text[16] "TÉ"', "goto end")
    assert session.state().result_value == "TÉ"
    assert do(session, "restart", "set mem8[20] 0x58", "set mem32[16] 1", "print text[16]") == "X"
    assert [row["change"] for row in do(session, "timelines")] == [
        None, "stack[0] = 40", "$x = $x - 2", 'text[16] = "TÉ"', "mem8[20] = 0x58", "mem32[16] = 1",
    ]  # fmt: skip
    assert session.timeline.changes[0].instant == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("set", "set takes what and a value"),
        ("set $y 5", "there is no local `.y` here; there is .x"),
        ("set $x", "set takes what and a value"),
        ("set stack[3] 1", "the stack has 0 values"),
        ("set mem32[65533] 1", "do not lie in the memory"),
        ("set mem8[0] 256", "does not fit a byte"),
        ("set $x 4294967296", "does not fit an i32"),
        ("set text[16] abc", "double quotes"),
        ("answer", "no host call is here"),
        ("answer text x", "no host call is here"),
        ("answer later", "an answer is one of"),
        ("answer at 7 live", "no host call was made at instant 7"),
        ("timeline 9", "there is no timeline `9`; there is 1"),
        ("timeline", "there is no timeline ``"),
        ("name two words", "one word"),
        ("forget 1", "is looked at"),
        ("compare 1", "is the timeline that is looked at"),
    ],
)
def test_what_cannot_be_changed_is_said(line: str, said: str) -> None:
    """L7: nothing is changed, and no timeline begins."""
    session = session_of("(local $x i32)\n(local.set $x (i32.const 7))\n(local.get $x)")
    with pytest.raises(CommandError, match=said):
        execute(session, line)
    assert (len(session.timelines), session.position.instant) == (1, 0)


def test_after_the_end_nothing_is_changed() -> None:
    """L7, S11: a run that returned has no next instruction; one that trapped goes on mended."""
    returned = session_of("(i32.const 7)")
    do(returned, "goto end")
    with pytest.raises(CommandError, match="has returned"):
        do(returned, "set stack[0] 1")
    trapped = session_of("(i32.div_s (i32.const 8) (i32.const 0))")
    do(trapped, "goto end", "set stack[1] 2")
    assert trapped.continue_().reason is StopReason.END
    assert trapped.outcome().results == (4,)


def test_timelines_are_left_and_returned_to() -> None:
    """L7: each keeps its name and where one stood; one that is forgotten is gone."""
    session = session_of("(local $x i32)\n(local.set $x (i32.const 7))\n(local.get $x)")
    do(session, "step", "set $x 9", "name nine", "goto end", "timeline 1")
    assert session.position.instant == 2
    do(session, "timeline nine")
    assert session.position.instant == 3
    assert do(session, "print stack[0]") == 9
    with pytest.raises(CommandError, match="another timeline is called `1`"):
        do(session, "name 1")
    do(session, "forget 1", "set $x 1" if not session.state().ended else "back", "set $x 1")
    assert [row["name"] for row in do(session, "timelines")] == ["nine", "3"]

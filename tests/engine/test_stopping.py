"""LANGUAGE.md 7: a run is stopped at once, also while a host call hangs (DESIGN.md 5)."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.executors import EXECUTORS, Executor
from tests.engine.stepping import program_of, session_of
from watstep.debug.state import StopReason
from watstep.host.context import Cancellation
from watstep.host.grants import parse_grants
from watstep.host.settings import RunLimits, RunSettings
from watstep.machine.outcome import Outcome, TrapKind, trap_place
from watstep.native.runner import run_native
from watstep.pipeline import Program

PROMPTLY = 0.1
"""Seconds from the request to the outcome, in one trial at least, since noise only adds."""

DELAYS = (0.1, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds before the request, trial by trial: a busy machine may not have begun the run by then."""

SPIN = program_of("(func $spin\n  (loop $l (br $l)))\n(call $spin)\n(i32.const 0)")
FETCH_TEXT = """(call $dbg.log "before")
(argv 0 $url)
(call $http.get (local.get $url))
(local $err i32) (local $page i32) (local.set $err) (local.set $page)
(call $dbg.log "after")
(local.get $err)"""
FETCH = program_of(FETCH_TEXT)
KEEP = program_of("""(argv 0 $key)
(call $kv.set (local.get $key) "value")""")


@pytest.fixture
def silent() -> Iterator[str]:
    """The host and port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def cancelled_after(
    run: Executor, program: Program, settings: RunSettings, seconds: float
) -> tuple[float, Outcome]:
    """How long a run took to end after it was cancelled, and how it ended."""
    cancellation = Cancellation()
    requested: list[float] = []

    def request() -> None:
        time.sleep(seconds)
        requested.append(time.monotonic())
        cancellation.cancel()

    thread = threading.Thread(target=request)
    thread.start()
    outcome = run(program, settings, cancellation=cancellation)
    ended = time.monotonic()
    thread.join()
    return ended - requested[0], outcome


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_busy_run_is_cancelled(executor: str) -> None:
    """Within 100 ms, in whatever loop it is."""
    settings = RunSettings(limits=RunLimits(fuel=1 << 60))
    seen = []
    for delay in DELAYS:
        seconds, outcome = cancelled_after(EXECUTORS[executor], SPIN, settings, delay)
        assert outcome.trap
        assert outcome.trap.kind is TrapKind.CANCELLED
        place = trap_place(SPIN, outcome.trap)
        seen.append((seconds, place))
        if seconds < PROMPTLY and place and (place[0], place[2]) == (2, "$spin"):
            return
    pytest.fail(f"never stopped promptly in the loop: {seen}")


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_run_cancelled_before_it_starts_makes_no_call(executor: str) -> None:
    """A request that comes first is not forgotten."""
    cancellation = Cancellation()
    cancellation.cancel()
    outcome = EXECUTORS[executor](FETCH, RunSettings(), cancellation=cancellation)
    assert outcome.trap
    assert outcome.trap.kind is TrapKind.CANCELLED
    assert outcome.calls == ()


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_hanging_call_is_abandoned(executor: str, silent: str) -> None:
    """It is reported, left, and marked on the tape as possibly done; nothing after it is."""
    settings = RunSettings((f"http://{silent}/",), parse_grants([f"http={silent}"]))
    seen = []
    for delay in DELAYS:
        seconds, outcome = cancelled_after(EXECUTORS[executor], FETCH, settings, delay)
        seen.append(seconds)
        if len(outcome.calls) < 3:
            continue
        assert [call.function for call in outcome.calls] == ["dbg.log", "sys.argv", "http.get"]
        assert [call.possibly_done for call in outcome.calls] == [False, False, True]
        last = outcome.calls[-1]
        assert last.arguments[0].text == f"http://{silent}/"
        assert last.results == ()
        assert (
            last.trap
            == "`http.get` was left while it waited, it may have been done: the run was stopped"
        )
        assert outcome.log == ("before",)
        assert outcome.trap
        assert outcome.trap.kind is TrapKind.CANCELLED
        assert trap_place(FETCH, outcome.trap) == (3, 1, "$run")
        again = run_native(FETCH, settings, tape=outcome.calls)
        assert again.trap == outcome.trap
        if seconds < PROMPTLY:
            return
    pytest.fail(f"never left promptly: {seen}")


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_locked_database_is_abandoned(executor: str, tmp_path: Path) -> None:
    """A call that waits for another program's lock is left like any other."""
    path = tmp_path / "kept.db"
    settings = RunSettings(("key",), parse_grants([f"kv={path}"]))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("create table kv (key text primary key, value text not null)")
    other.execute("begin exclusive")
    seconds, outcome = cancelled_after(EXECUTORS[executor], KEEP, settings, 0.2)
    other.execute("rollback")
    other.close()
    # A lock is waited for through several seconds.
    assert seconds < 1
    assert outcome.calls[-1].function == "kv.set"
    assert outcome.calls[-1].possibly_done


@pytest.mark.parametrize("executor", EXECUTORS)
def test_time_ends_a_run_that_waits(executor: str, silent: str) -> None:
    """A call that waits too long answers ETIMEDOUT while there is time left; then comes `time`."""
    url = f"http://{silent}/"
    again = program_of(
        f"(loop $l {FETCH_TEXT.removesuffix('(local.get $err)')} (br $l)) (i32.const 0)"
    )
    settings = RunSettings((url,), parse_grants([f"http={silent}"]), RunLimits(seconds=0.3))
    outcome = EXECUTORS[executor](again, settings)
    assert outcome.trap
    assert outcome.trap.kind is TrapKind.TIME
    assert "more than 0.3 s" in outcome.trap.message
    answers = [call.error for call in outcome.calls if call.function == "http.get"]
    assert answers[0] == "ETIMEDOUT"


def test_a_session_leaves_a_hanging_call(silent: str) -> None:
    """Interrupting a command of the debugger ends the run there; going back still works (L6)."""
    session = session_of(FETCH_TEXT, (f"http://{silent}/",), (f"http={silent}",))
    threading.Timer(0.2, session.interrupt).start()
    session.continue_()
    assert session.timeline.trap
    assert session.timeline.trap.kind is TrapKind.CANCELLED
    assert session.timeline.tape[-1].possibly_done
    end = session.position
    assert session.back().reason is StopReason.BACK
    session.continue_()
    assert session.position == end
    assert len(session.timeline.tape) == 3
    session.close()

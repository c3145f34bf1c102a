"""The timeline at scale, in instants run again and bytes kept: what no clock decides."""

from __future__ import annotations

import random
import threading
import time

import pytest

from tests.engine.stepping import program_of
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Level, StopReason
from watstep.host.settings import RunLimits, RunSettings
from watstep.machine import history
from watstep.machine.loop import Reason
from watstep.machine.outcome import Trap, TrapKind

ADDING = """;; profile: core
(local $i i32)
(loop $l
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $l (i32.lt_s (local.get $i) (i32.const {rounds}))))
(local.get $i)
"""
SCATTERING = """;; profile: core
(local $i i32) (local $pages i32)
(local.set $pages (memory.grow (i32.const 255)))
(loop $l
  (i32.store (i32.and (i32.mul (local.get $i) (i32.const 1664525)) (i32.const 16777212))
    (local.get $i))
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $l (i32.lt_s (local.get $i) (i32.const {rounds}))))
(local.get $i)
"""
DEEP = """;; profile: core
(func $down (param $n i32) (result i32)
  (if (result i32) (i32.lt_s (local.get $n) (i32.const 9000))
    (then (call $down (i32.add (local.get $n) (i32.const 1))))
    (else (local.get $n))))
(local $i i32) (local $a i32)
(loop $l
  (local.set $a (call $down (i32.const 0)))
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $l (i32.lt_s (local.get $i) (i32.const {rounds}))))
(local.get $a)
"""
PROGRAMS = {"adding": (ADDING, 110_000), "scattering": (SCATTERING, 50_000), "deep": (DEEP, 12)}


class Meter:
    """Counts the instants that a session's machine executes."""

    def __init__(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        """From now on."""
        self.instants = 0
        advance = session.timeline.advance

        def counted(limit: int, **options: object) -> Reason:
            before = session.timeline.machine.step
            reason = advance(limit, **options)  # type: ignore[arg-type]
            self.instants += session.timeline.machine.step - before
            return reason

        monkeypatch.setattr(session.timeline, "advance", counted)

    def taken(self) -> int:
        """The count since it was last asked for."""
        count, self.instants = self.instants, 0
        return count


@pytest.mark.parametrize("name", PROGRAMS)
def test_history_is_kept_within_its_budget(name: str) -> None:
    """Whatever the memory and the depth: 64 MB for the checkpoints and those left near."""
    text, rounds = PROGRAMS[name]
    session = Session(program_of(text.format(rounds=rounds)), RunSettings())
    session.finish()
    chosen = random.Random(3)
    for _ in range(12):
        session.goto(chosen.randrange(session.timeline.frontier))
        session.state()
    kept = session.timeline.history
    assert kept.weight + kept.near_weight <= 64 << 20
    assert history.MOST_BYTES + history.MOST_NEAR_BYTES <= 64 << 20


def test_a_step_back_runs_little_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """S7, L1: at any instant a step back and its state run some thousand instants again."""
    session = Session(program_of(ADDING.format(rounds=110_000)), RunSettings())
    session.finish()
    meter = Meter(session, monkeypatch)
    chosen = random.Random(5)
    for level in Level:
        session.level = level
        for _ in range(10):
            session.goto(chosen.randrange(session.timeline.frontier))
            session.state()
            assert meter.taken() <= 2 * history.INTERVAL
            for move in (session.back, session.step, session.back_over, session.next):
                move()
                session.state()
                assert meter.taken() <= 20_000, (level, move)


def test_breakpoints_with_many_hits() -> None:
    """S8: a count passes thousands of them; the other way finds the same."""
    session = Session(program_of(ADDING.format(rounds=5_000)), RunSettings())
    session.add_breakpoint(Level.SOURCE, 4)
    moved = [session.continue_().moved for _ in range(3_000)]
    assert moved == [1] * 3_000
    third = session.position
    session.continue_()
    session.continue_()
    session.reverse_continue()
    session.reverse_continue()
    assert session.position == third
    # Up to the frontier, where the last of the 3,002 stands.
    assert len(session.hits(0, session.timeline.frontier, 10_000)) == 3_001


@pytest.mark.parametrize("name", ["continue_", "reverse_continue", "back_out", "step", "back"])
def test_a_long_move_is_interrupted(name: str) -> None:
    """S8: from another thread; the position is one of the run, and the next command goes on."""
    limits = RunLimits(fuel=1 << 60)
    session = Session(program_of(ADDING.format(rounds=2_000_000_000)), RunSettings(limits=limits))
    session.level = Level.INSTRUCTION
    forward = name in {"continue_", "step"}
    if not forward:
        session.goto(6_000_000)
    threading.Timer(0.2, session.interrupt).start()
    move = getattr(session, name)
    stop = move(1 << 40) if name in {"step", "back"} else move()
    if not forward and stop.reason is StopReason.START:
        pytest.skip("it was done before it was interrupted")
    assert stop.reason is StopReason.CANCELLED
    assert session.position.instant <= session.timeline.frontier
    # How far it came is there to be shown while it is in progress.
    assert 0 < session.reached < 6_000_000 or forward
    assert session.step().reason is StopReason.STEP


def test_running_is_timed_and_pausing_is_not() -> None:
    """LANGUAGE.md 7, S11: a session's run ends with its time; what was run again takes none."""
    limits = RunLimits(fuel=1 << 60, seconds=0.3)
    session = Session(program_of(ADDING.format(rounds=2_000_000_000)), RunSettings(limits=limits))
    session.step(3)
    time.sleep(0.4)
    session.goto(1_000)
    for _ in range(50):
        session.restart()
        session.goto(1_000)
    assert session.timeline.end is None
    assert session.continue_().reason is StopReason.TRAP
    assert session.timeline.trap
    assert session.timeline.trap.kind is TrapKind.TIME
    end = session.position.instant
    assert end > 1_000
    assert session.step().reason is StopReason.AT_END
    session.restart()
    assert session.continue_().message == "the run took more than 0.3 s"
    assert session.position.instant == end


def test_a_recorded_run_is_there_whole() -> None:
    """Frontier: its time was kept when it was made; one that time ended has that time again."""
    program = program_of(ADDING.format(rounds=300_000))
    settings = RunSettings(limits=RunLimits(fuel=1 << 60, seconds=0.02))
    session = Session(program, settings, Recorded(()))
    assert session.state().last_instant == session.timeline.end == 9 * 300_000 + 1
    ending = Trap(TrapKind.TIME, "the run took more than 0.02 s")
    session = Session(program, settings, Recorded((), ending))
    assert session.timeline.trap
    assert session.timeline.trap.kind is TrapKind.TIME

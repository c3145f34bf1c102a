"""Long runs measured: recording, steps and seeks at any instant, searches that are interrupted."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from tests.bench_ide import p95
from watstep.debug.density import Density
from watstep.debug.session import Session
from watstep.debug.state import Level, Stop, StopReason
from watstep.debug.tracing import Filter
from watstep.host.settings import RunSettings
from watstep.pipeline import Program
from watstep_tui.debugger import Held, gather
from watstep_tui.rows.events import TraceRows
from watstep_tui.rows.memory import MemoryRows
from watstep_tui.rows.snapshot import View

WIDE = """(module (memory 256) (func (export "run") (result i32) (local $i i32)
  (block $done (loop $again
    (br_if $done (i32.gt_s (local.get $i) (i32.const 600000)))
    (i32.store (i32.and (i32.mul (local.get $i) (i32.const 68)) (i32.const 16777212))
      (local.get $i))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $again)))
  (local.get $i)))"""
"""About 10^7 instants that write all of 16 MB, twice over."""


DEEP = """;; profile: core
(module
  (func $down (param $n i32) (result i32)
    (if (result i32) (i32.eqz (local.get $n)) (then (i32.const 0))
      (else (i32.add (i32.const 1) (call $down (i32.sub (local.get $n) (i32.const 1)))))))
  (func (export "run") (result i32) (call $down (i32.const 9000))))"""
"""Calls 9,000 deep, at whose bottom it stands after 70,000 instants."""


class Timings(NamedTuple):
    """Of one run; times in seconds of the processor, the 95th of 100."""

    instants: int
    speed: float
    """Instructions a second, recording on."""
    seek: float
    """To any instant, with its state."""
    step: float
    """`step` and `back` there, each with its state."""


def measure_run(program: Program) -> Timings:
    """Run it with recording on, then move about in it at the source level."""
    session = Session(program, RunSettings())
    began = time.process_time()
    session.finish()
    instants = session.timeline.frontier
    speed = instants / (time.process_time() - began)
    chosen = random.Random(1)
    seeks, moves = [], []
    for _ in range(40):
        began = time.process_time()
        session.goto(chosen.randrange(instants))
        session.state()
        seeks.append(time.process_time() - began)
        for move in (session.step, session.back, session.back, session.step):
            began = time.process_time()
            move()
            session.state()
            moves.append(time.process_time() - began)
    return Timings(instants, speed, p95(seeks), p95(moves))


class Looks(NamedTuple):
    """What it costs to look at a long run; seconds of the processor, the 95th of 40."""

    trace: float
    """Rows of the trace anywhere in it."""
    memory: float
    """Rows of the memory anywhere in it."""
    piece: float
    """The longest piece of the searches that go on beside the keys: loops, a filter."""
    deep: float
    """`step` and `back` with what is shown, 9,000 frames deep."""


def measure_looks(program: Program, deep: Program) -> Looks:
    """Look about in a run of 16 MB and 10^7 instants, and step at the bottom of deep calls."""
    session = Session(program, RunSettings())
    session.finish()
    chosen, stop = random.Random(1), session.goto(5_000_000)
    traces, memories, pieces, steps = [], [], [], []
    for _ in range(40):
        instant = chosen.randrange(session.timeline.frontier)
        traces.append(_seconds(lambda: _shown(session, View(scrolled=instant))))  # noqa: B023  Called here.
        view = View(traces=False, scrolled=chosen.randrange(16 << 20))
        memories.append(_seconds(lambda: _shown(session, view)))  # noqa: B023  as above
    density, found = Density(session.timeline), Filter(session.timeline, "local.set")
    while density.search(0, session.timeline.frontier):
        pieces.append(_seconds(lambda: density.search(0, session.timeline.frontier)))
    for _ in range(100):
        pieces.append(_seconds(found.search))
    session = Session(deep, RunSettings())
    session.finish()
    stop = session.goto(70_000)
    held = Held()
    for _ in range(20):
        for move in (session.step, session.back, session.back, session.step):

            def moved(move: Callable[[], Stop] = move) -> None:
                gather(session, move(), View(traces=False), (), held)

            steps.append(_seconds(moved))
    assert len(session.state().frames) > 8_000, stop
    return Looks(p95(traces), p95(memories), max(pieces), p95(steps))


def _shown(session: Session, view: View) -> None:
    """Gather a snapshot and make the rows of a tab that are in sight."""
    found = gather(session, Stop(StopReason.GOTO, 1, ""), view)
    rows = TraceRows(found) if view.traces else MemoryRows(found)
    for row in rows.held[:40]:
        rows.row(row)


def _seconds(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return time.process_time() - began


def measure_interrupt(program: Program) -> float:
    """Seconds from an interrupt of a long search to its end, the worst of both directions."""
    session = Session(program, RunSettings())
    session.finish()
    session.level = Level.INSTRUCTION
    worst = 0.0
    # No breakpoint is in the way: both searches go through the whole run.
    for start, move in ((session.timeline.frontier, session.back_out), (0, session.out)):
        session.goto(start)
        asked: list[float] = []

        def interrupt(asked: list[float] = asked) -> None:
            asked.append(time.perf_counter())
            session.interrupt()

        timer = threading.Timer(0.1, interrupt)
        timer.start()
        move()
        ended = time.perf_counter()
        timer.join()
        worst = max(worst, ended - asked[0])
    return worst

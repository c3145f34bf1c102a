"""Long runs measured: recording, steps and seeks at any instant, searches that are interrupted."""

from __future__ import annotations

import random
import threading
import time
from typing import NamedTuple

from tests.bench_ide import p95
from watstep.debug.session import Session
from watstep.debug.state import Level
from watstep.host.settings import RunSettings
from watstep.pipeline import Program

WIDE = """(module (memory 256) (func (export "run") (result i32) (local $i i32)
  (block $done (loop $again
    (br_if $done (i32.gt_s (local.get $i) (i32.const 600000)))
    (i32.store (i32.and (i32.mul (local.get $i) (i32.const 68)) (i32.const 16777212))
      (local.get $i))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $again)))
  (local.get $i)))"""
"""About 10^7 instants that write all of 16 MB, twice over."""


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

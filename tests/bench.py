"""`make bench`: the budgets of the design, each with what was measured here and now."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from tests.support import EXAMPLES
from watstep.debug.session import Session
from watstep.debug.state import Level
from watstep.host.catalog import INTERFACE
from watstep.host.settings import RunSettings
from watstep.machine.timeline import Timeline
from watstep.pipeline import Program, compile_source
from watstep.source.text import Source
from watstep.syntax.parser import parse

LOOP = """(module (func (export "run") (result i32) (local $sum i32) (local $i i32)
  (block $done (loop $again
    (br_if $done (i32.gt_s (local.get $i) (i32.const 80000)))
    (local.set $sum (i32.add (local.get $sum) (local.get $i)))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $again)))
  (local.get $sum)))"""
LINES = (
    "(local.set $sum (i32.add (local.get $sum) (local.get $i))) ;; a comment\n"
    "(if (i32.gt_s (local.get $sum) (i32.const 100))\n"
    "  (then (local.set $i (i32.const 0))))\n"
    "local.get $i\n"
    "local.set $sum\n"
)


class Row(NamedTuple):
    """A budget and what was measured; `good` is whether it holds."""

    what: str
    budget: str
    measured: str
    good: bool


def best(action: Callable[[], object], rounds: int = 5) -> float:
    """The least seconds that an action took."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return min(times)


def process(*arguments: str) -> float:
    """The least seconds of a Python process."""
    command = [sys.executable, *arguments]
    return best(lambda: subprocess.run(command, check=True, capture_output=True), 7)


def reference() -> None:
    """The loop that times are judged by: a million additions."""
    total = 0
    for number in range(1_000_000):
        total += number


def program_of(text: str) -> Program:
    """A program that must be right."""
    program = compile_source(Source("bench.wat", text), INTERFACE).program
    assert program is not None
    return program


def compiler_rows() -> list[Row]:
    """Tokens and tree, and the whole pipeline, in lines a second."""
    text = "(local $sum i32) (local $i i32)\n" + LINES * 200 + "(i32.const 0)\n"
    source, lines = Source("bench.wat", text), text.count("\n")
    tree = lines / best(lambda: parse(source))
    whole = lines / best(lambda: compile_source(Source("bench.wat", text), INTERFACE))
    return [
        Row("tokens and tree", "100,000 lines/s", f"{tree:,.0f}", tree >= 100_000),
        Row("text to validated module", "25,000 lines/s", f"{whole:,.0f}", whole >= 25_000),
    ]


def machine_rows() -> list[Row]:
    """The machine with recording on, seeks, and a step back."""
    program = program_of(LOOP)
    timeline = Timeline(program, RunSettings())
    began = time.perf_counter()
    timeline.run_to_end()
    end = timeline.end or 0
    speed = end / (time.perf_counter() - began) / 1e6
    chosen = random.Random(1)
    seeks = sorted(best(lambda: timeline.seek(chosen.randrange(end)), 1) for _ in range(60))
    session = Session(program, RunSettings())
    session.finish()
    session.level = Level.SOURCE
    moves = []
    for _ in range(20):
        session.goto(chosen.randrange(end))
        session.step()
        session.state()
        for move in (session.back, session.step):
            began = time.perf_counter()
            move()
            session.state()
            moves.append((time.perf_counter() - began) * 1e3)
    moves.sort()
    seek, slowest = seeks[56] * 1e3, moves[37]
    return [
        Row("machine, recording on", "5 M instructions/s", f"{speed:.1f} M", speed >= 5),
        Row(f"seek in {end:,} instants, p95", "50 ms", f"{seek:.1f} ms", seek <= 50),
        Row("step or back with its state, p95", "16 ms", f"{slowest:.1f} ms", slowest <= 16),
    ]


def start_rows() -> list[Row]:
    """Start-up, as a ratio to an empty Python."""
    empty = process("-c", "pass")
    version = process("-m", "watstep_tui", "--version") / empty
    expand = process("-m", "watstep_tui", "expand", str(EXAMPLES / "fetch.wat")) / empty
    return [
        Row("watstep --version", "2 x empty Python", f"{version:.1f} x", version <= 2),
        Row("watstep expand", "4 x empty Python", f"{expand:.1f} x", expand <= 4),
    ]


def main() -> None:
    """Print the table."""
    print(f"reference loop: {best(reference) * 1e3:.1f} ms")
    for row in (*compiler_rows(), *machine_rows(), *start_rows()):
        verdict = "pass" if row.good else "MISS"
        print(f"{verdict}  {row.what:<36} budget {row.budget:<20} measured {row.measured}")
    print("the IDE's budgets (keys to bytes, first paint) are not measured yet")


if __name__ == "__main__":
    main()

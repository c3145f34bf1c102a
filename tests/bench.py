"""`make bench`: the budgets of the design, each with what was measured here and now."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from tests.bench_ide import measure_stepping, measure_typing
from tests.support import EXAMPLES, warm_environment
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
    """The least seconds of a Python process whose bytecode is cached."""
    environment = warm_environment()
    command = [sys.executable, *arguments]
    return best(
        lambda: subprocess.run(command, check=True, capture_output=True, env=environment), 10
    )


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


def ide_rows() -> list[Row]:
    """The IDE in a pseudo-terminal: first paint, a typed key, a step at the end of a long run."""
    text = ";; a comment to type in\n(local $sum i32) (local $i i32)\n" + LINES * 200
    typing = measure_typing(text + "(i32.const 0)\n")
    step = measure_stepping(LOOP) * 1e3
    first, key, fresh = typing.first_paint * 1e3, typing.key * 1e3, typing.fresh * 1e3
    return [
        Row("watstep FILE to first full paint", "500 ms", f"{first:.0f} ms", first <= 500),
        Row("key to terminal bytes, p95", "16 ms", f"{key:.1f} ms", key <= 16),
        Row("bytes for a key, median", "2,048", f"{typing.size:,}", typing.size <= 2048),
        Row("bytes with the expansion, median", "", f"{typing.whole:,}", True),
        Row("key to fresh expansion, p95", "50 ms", f"{fresh:.1f} ms", fresh <= 50),
        Row("step or back key to repaint, p95", "16 ms", f"{step:.1f} ms", step <= 16),
    ]


def main() -> None:
    """Print the table; times also as a ratio to the reference loop."""
    loop = best(reference) * 1e3
    print(f"reference loop of a million additions: {loop:.1f} ms")
    print(f"{'':4}  {'what':<36} {'budget':<20} {'measured':<12} of the loop")
    for rows in (compiler_rows, machine_rows, start_rows, ide_rows):
        for row in rows():
            verdict = ("pass" if row.good else "MISS") if row.budget else "    "
            number, _, unit = row.measured.partition(" ")
            ratio = f"{float(number) / loop:.2f}" if unit == "ms" else ""
            print(f"{verdict}  {row.what:<36} {row.budget:<20} {row.measured:<12} {ratio}")


if __name__ == "__main__":
    main()

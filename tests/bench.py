"""`make bench`: the budgets of the design (DESIGN.md 7), each with what was measured here and now.

Times are judged at the speed of the machine that the budgets were set on: a reference loop is run
beside each group, and what was measured is scaled by it. What happens in a process of Python alone
is measured in seconds of its processor, what a person waits for in seconds of the clock.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tests.bench_ide import COMMENT, measure_stepping, measure_typing, measure_view, p95
from tests.bench_timeline import DEEP, WIDE, measure_interrupt, measure_looks, measure_run
from tests.support import EXAMPLES, processor_seconds
from watstep.editing.fold import fold
from watstep.editing.format import format_source
from watstep.host.catalog import INTERFACE
from watstep.host.settings import RunSettings
from watstep.lint.analysis import Subject
from watstep.lint.levels import USUAL
from watstep.lint.linter import lint
from watstep.machine.timeline import Timeline
from watstep.pipeline import Program, compile_source
from watstep.source.text import Source, Span
from watstep.syntax.parser import parse
from watstep.views.kinds import VIEWS, View, rendering

REFERENCE = 0.023
"""Seconds of the reference loop on the machine that the budgets were set on, at rest."""

LOOP = """(module (func (export "run") (result i32) (local $sum i32) (local $i i32)
  (block $done (loop $again
    (br_if $done (i32.gt_s (local.get $i) (i32.const {rounds})))
    (local.set $sum (i32.add (local.get $sum) (local.get $i)))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $again)))
  (local.get $sum)))"""
STORES = """(module (memory 32) (func (export "run") (result i32) (local $i i32)
  (block $done (loop $again
    (br_if $done (i32.gt_s (local.get $i) (i32.const 760000)))
    (i32.store (i32.and (i32.mul (local.get $i) (i32.const 4100)) (i32.const 2097148))
      (local.get $i))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $again)))
  (local.get $i)))"""
"""About 10^7 instants that write all over 2 MiB, so that no checkpoint shares its memory."""
LINES = (
    "(local.set $sum (i32.add (local.get $sum) (local.get $i))) ;; a comment\n"
    "(if (i32.gt_s (local.get $sum) (i32.const 100))\n"
    "  (then (local.set $i (i32.const 0))))\n"
    "local.get $i\n"
    "local.set $sum\n"
)
SIZES = ((1000, 50), (5000, 250))
"""Lines of a text, and the milliseconds from a key to what is fresh."""


Clock: TypeAlias = Callable[[], float]


class Unit(NamedTuple):
    """How a figure is written, whether it may not fall below its budget, and how it is scaled."""

    form: str
    is_least: bool = False
    scale: int = 0
    """1 where a slower machine makes it greater, -1 where it makes it less, 0 where neither."""


MILLISECONDS = Unit("{:,.1f} ms", scale=1)
LINES_A_SECOND = Unit("{:,.0f} lines/s", is_least=True, scale=-1)
MILLIONS_A_SECOND = Unit("{:,.1f} M/s", is_least=True, scale=-1)
TIMES_EMPTY = Unit("{:,.1f} x empty Python")
MEBIBYTES = Unit("{:,.1f} MiB")
BYTES = Unit("{:,.0f} bytes")


class Row(NamedTuple):
    """A budget and what was measured, in its unit."""

    what: str
    unit: Unit
    budget: float
    measured: float

    def scaled(self, loop: float) -> float:
        """What it would be where the reference loop takes `REFERENCE` and not `loop` seconds."""
        return self.measured * (REFERENCE / loop) ** self.unit.scale

    def line(self, loop: float) -> str:
        """A line of the table."""
        scaled = self.scaled(loop)
        good = scaled >= self.budget if self.unit.is_least else scaled <= self.budget
        figures = [self.unit.form.format(n) for n in (self.budget, self.measured, scaled)]
        ratio = f"{self.measured / 1e3 / loop:.2f}" if self.unit is MILLISECONDS else ""
        columns = "  ".join(f"{figure:<18}" for figure in figures)
        return f"{'pass' if good else 'MISS'}  {self.what:<44}  {columns}  {ratio}".rstrip()


def best(action: Callable[[], object], rounds: int = 5, clock: Clock = time.process_time) -> float:
    """The least seconds that an action took."""
    return min(seconds(action, clock) for _ in range(rounds))


def seconds(action: Callable[[], object], clock: Clock = time.process_time) -> float:
    """The seconds that an action takes."""
    began = clock()
    action()
    return clock() - began


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


def text_of(lines: int) -> str:
    """A right program of so many lines, which begins with the comment to type in."""
    return (
        f";; {COMMENT}\n(local $sum i32) (local $i i32)\n"
        + LINES * (lines // 5)
        + "(i32.const 0)\n"
    )


def compiler_rows() -> Iterator[Row]:
    """Tokens and tree, and the whole pipeline, in lines a second."""
    text = "(local $sum i32) (local $i i32)\n" + LINES * 200 + "(i32.const 0)\n"
    source, lines = Source("bench.wat", text), text.count("\n")
    tree = best(lambda: parse(source), 9)
    whole = best(lambda: compile_source(Source("bench.wat", text), INTERFACE), 9)
    yield Row("tokens and tree", LINES_A_SECOND, 100_000, lines / tree)
    yield Row("text to validated module", LINES_A_SECOND, 25_000, lines / whole)


def editing_rows() -> Iterator[Row]:
    """What is made of a text beside its compilation, which takes half of what a key may."""
    for lines, budget in SIZES:
        source = Source("bench.wat", text_of(lines))
        found = compile_source(source, INTERFACE)
        module, full = found.module, found.expansion.full
        assert module is not None
        linted = best(lambda: list(lint(Subject(module, INTERFACE, full), USUAL)))  # noqa: B023  Called here.
        at = f"{lines:,} lines:"
        yield Row(f"{at} all lints", MILLISECONDS, budget / 4, linted * 1e3)
        for view in VIEWS:
            if view is not View.FULL:
                made = best(lambda: rendering(found, view))  # noqa: B023  as above
                yield Row(f"{at} view {view.value}", MILLISECONDS, budget / 4, made * 1e3)
        shaped = best(lambda: format_source(source))  # noqa: B023  as above
        yield Row(f"{at} format", MILLISECONDS, budget, shaped * 1e3)
        folded = best(lambda: fold(found, Span(0, 0)))  # noqa: B023  as above
        yield Row(f"{at} fold", MILLISECONDS, budget, folded * 1e3)


def machine_rows() -> Iterator[Row]:
    """The machine with recording on, and seeks in a run of 10^6 instants."""
    timeline = Timeline(program_of(LOOP.format(rounds=80_000)), RunSettings())
    whole = seconds(timeline.run_to_end)
    end = timeline.end or 0
    yield Row("machine, recording on", MILLIONS_A_SECOND, 5, end / whole / 1e6)
    chosen = random.Random(1)
    seeks = [seconds(lambda: timeline.seek(chosen.randrange(end))) for _ in range(60)]
    yield Row(f"seek in {end:,} instants, p95", MILLISECONDS, 50, p95(seeks) * 1e3)


def long_rows() -> Iterator[Row]:
    """Runs of 10^7 instants: recording, steps both ways with their state, at any instant."""
    for what, text in (("", LOOP.format(rounds=720_000)), (" writing 16 MB", WIDE)):
        run = measure_run(program_of(text))
        yield Row(f"{run.instants:,} instants{what}", MILLIONS_A_SECOND, 5, run.speed / 1e6)
        yield Row("  step or back with its state, p95", MILLISECONDS, 16, run.step * 1e3)
        yield Row("  any seek with its state, p95", MILLISECONDS, 50, run.seek * 1e3)


def looking_rows() -> Iterator[Row]:
    """Panes cost what is visible; what is searched beside the keys comes in short pieces."""
    looks = measure_looks(program_of(WIDE), program_of(DEEP))
    yield Row("rows of the trace of 10^7 anywhere, p95", MILLISECONDS, 50, looks.trace * 1e3)
    yield Row("rows of a memory of 16 MB anywhere, p95", MILLISECONDS, 16, looks.memory * 1e3)
    yield Row("a piece of a search beside the keys, worst", MILLISECONDS, 100, looks.piece * 1e3)
    yield Row("step or back 9,000 frames deep, p95", MILLISECONDS, 16, looks.deep * 1e3)


def interrupt_rows() -> Iterator[Row]:
    """How long a search through a long run goes on when it was told to stop."""
    stopped = measure_interrupt(program_of(LOOP.format(rounds=2_000_000)))
    yield Row("a long search to be interrupted", MILLISECONDS, 100, stopped * 1e3)


def history() -> float:
    """MiB by which this process grows while it runs `STORES`; it must have done nothing before."""
    timeline = Timeline(program_of(STORES), RunSettings())
    before = peak()
    timeline.run_to_end()
    return peak() - before


def peak() -> float:
    """The most memory that this process has held, in MiB."""
    # What `resource` tells begins, on Linux, with what the process that started this one held.
    status = Path("/proc/self/status")
    if status.exists():
        held = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(held.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory_rows() -> Iterator[Row]:
    """What the history of a run takes, measured in a process of its own."""
    command = [sys.executable, "-m", "tests.bench", "history"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    yield Row("history of 10^7 instants that write 2 MiB", MEBIBYTES, 64, float(done.stdout))


def start_rows() -> Iterator[Row]:
    """Start-up, as a ratio to an empty Python."""
    empty = processor_seconds("-c", "pass")
    version = processor_seconds("-m", "watstep_tui", "--version") / empty
    expand = processor_seconds("-m", "watstep_tui", "expand", str(EXAMPLES / "fetch.wat")) / empty
    yield Row("watstep --version", TIMES_EMPTY, 2, version)
    yield Row("watstep expand", TIMES_EMPTY, 4, expand)


def typing_rows() -> Iterator[Row]:
    """The IDE in a pseudo-terminal: first paint, and a typed key, with budgets by the lines."""
    for lines, key, fresh in ((100, 16, 50), (1000, 16, 50), (5000, 33, 250)):
        typing = measure_typing(text_of(lines))
        at = f"{lines:,} lines:"
        yield Row(f"{at} first full paint", MILLISECONDS, 500, typing.first_paint * 1e3)
        yield Row(f"{at} key to bytes, p95", MILLISECONDS, key, typing.key * 1e3)
        yield Row(f"{at} bytes for a key, median", BYTES, 2048, typing.size)
        yield Row(f"{at} bytes with the expansion", BYTES, 2048, typing.whole)
        yield Row(f"{at} key to fresh expansion, p95", MILLISECONDS, fresh, typing.fresh * 1e3)


def view_rows() -> Iterator[Row]:
    """The IDE in a pseudo-terminal: a typed key, to each of the other views fresh."""
    for lines, budget in SIZES:
        for number, view in enumerate(VIEWS, 1):
            if view is not View.FULL:
                fresh = measure_view(text_of(lines), b"\x1b%d" % number)
                what = f"{lines:,} lines: key to fresh {view.value}, p95"
                yield Row(what, MILLISECONDS, budget, fresh * 1e3)


def stepping_rows() -> Iterator[Row]:
    """The IDE in a pseudo-terminal: steps anywhere in runs of 10^7 instants."""
    for what, text in (("", LOOP.format(rounds=720_000)), (" writing 16 MB", WIDE)):
        step = measure_stepping(text, (10_000_000, 5_000_017, 123_456, 9_000_001, 20))
        yield Row(f"step or back key to repaint{what}, p95", MILLISECONDS, 16, step * 1e3)


GROUPS: tuple[tuple[Callable[[], Iterator[Row]], Clock], ...] = (
    (compiler_rows, time.process_time),
    (editing_rows, time.process_time),
    (machine_rows, time.process_time),
    (long_rows, time.process_time),
    (looking_rows, time.process_time),
    (memory_rows, time.process_time),
    (start_rows, time.process_time),
    (typing_rows, time.perf_counter),
    (view_rows, time.perf_counter),
    (stepping_rows, time.perf_counter),
    (interrupt_rows, time.perf_counter),
)
"""What is measured, and the clock that the loop beside it is timed by."""


def main() -> None:
    """Print the table."""
    if sys.argv[1:] == ["history"]:
        print(history())
        return
    heads = "  ".join(f"{head:<18}" for head in ("budget", "measured", "at reference speed"))
    print(f"{'':4}  {'':44}  {heads}  of the loop")
    for rows, clock in GROUPS:
        before = best(reference, clock=clock)
        measured = list(rows())
        loop = (before + best(reference, clock=clock)) / 2
        for row in measured:
            print(row.line(loop), flush=True)


if __name__ == "__main__":
    main()

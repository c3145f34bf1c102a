"""The IDE's budgets, through a real pseudo-terminal: keys to bytes, first paint, steps."""

from __future__ import annotations

import os
import re
import select
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.terminal import Program

QUIET = 0.25
"""Seconds without a byte after which the screen counts as painted."""


PAUSE = 0.004
"""Seconds between two writes that are no longer the same answer."""


class Answer(NamedTuple):
    """What the terminal was sent; times in seconds."""

    first: float
    last: float
    burst: int
    """Bytes of the first uninterrupted burst."""
    content: bytes


class Terminal(Program):
    """The IDE in a pseudo-terminal of 120 by 40, with an empty home, and the time."""

    def __init__(self, *arguments: str) -> None:
        """Start it; times count from here until a key is pressed."""
        self.started = time.perf_counter()
        home = Path(tempfile.mkdtemp(prefix="watstep-bench-"))
        super().__init__(home, (120, 40), *arguments, longest=300.0)

    def paint(self, quiet: float = QUIET, most: float = 20.0) -> Answer:
        """Read until it is quiet for `quiet` seconds; times count from `started`."""
        content = b""
        first = last = 0.0
        burst = 0
        give_up = time.perf_counter() + most
        while time.perf_counter() < give_up:
            waiting = quiet if content else most
            if not select.select([self.descriptor], [], [], waiting)[0]:
                break
            try:
                part = os.read(self.descriptor, 65536)
            except OSError:
                break
            now = time.perf_counter() - self.started
            if not content:
                first = now
            if not content or now - last < PAUSE:
                burst += len(part)
            last = now
            content += part
        return Answer(first, last, burst, content)

    def press(self, keys: bytes, quiet: float = QUIET) -> Answer:
        """Send keys and read the answer; times count from the key."""
        self.started = time.perf_counter()
        os.write(self.descriptor, keys)
        return self.paint(quiet, 3.0)

    def until(self, sign: bytes, count: int = 1, most: float = 20.0) -> Answer:
        """Read until something was sent so many times; times count from `started`."""
        content, first, last, burst = b"", 0.0, 0.0, 0
        while content.count(sign) < count:
            if not select.select([self.descriptor], [], [], most)[0]:
                raise RuntimeError(f"{sign!r} was not painted")
            part = os.read(self.descriptor, 65536)
            now = time.perf_counter() - self.started
            first = first or now
            if not content or now - last < PAUSE:
                burst += len(part)
            last = now
            content += part
        return Answer(first, last, burst, content)

    def type(self, typed: str) -> Answer:
        """Send the last letter of what is `typed` behind `COMMENT` and read until it is quiet.

        The answer ends where the expansion shows all of it; its first byte and its burst are those
        with which the source does.
        """
        self.started = time.perf_counter()
        os.write(self.descriptor, typed[-1].encode())
        line = re.escape(f"{COMMENT}{typed}").encode()
        source, expansion = (re.compile(at + rb"[^H]*" + line) for at in (_LEFT, _RIGHT))
        content, first, burst = b"", 0.0, 0
        while not expansion.search(_STYLE.sub(b"", content)):
            if not select.select([self.descriptor], [], [], 5.0)[0]:
                raise RuntimeError(f"{typed!r} was not painted")
            content += os.read(self.descriptor, 65536)
            if not first and source.search(_STYLE.sub(b"", content)):
                first, burst = time.perf_counter() - self.started, len(content)
        last = time.perf_counter() - self.started
        self.paint()
        return Answer(first, last, burst, content)


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]


class Typing(NamedTuple):
    """What typing measured; times in seconds, p95 but for the first paint, sizes in bytes."""

    first_paint: float
    """From the start of the process to the first screen with everything on it, least of three."""
    key: float
    """From a key to the byte with which the source shows it."""
    fresh: float
    """From a key to the byte with which the expansion, its problems and links are fresh."""
    size: int
    """Of the answer to the key itself, median."""
    whole: int
    """With the expansion, median."""


COMMENT = "to type in"
"""Stands in the line that is typed in, so that both panes show how far they have come."""
TYPED = "abcdefgh" * 3
"""So much that the line still has room in a pane."""
_STYLE = re.compile(rb"\x1b\[[\d;]*m")
_LEFT = rb"\x1b\[\d+;[1-5]?\dH"
_RIGHT = rb"\x1b\[\d+;(?:[6-9]\d|1[01]\d)H"
"""Where a terminal of 120 columns begins to draw in the source, and in the expansion."""


def _file(folder: str, text: str) -> str:
    path = Path(folder, "bench.wat")
    path.write_text(text, "utf-8")
    return str(path)


def measure_view(text: str, view: bytes) -> float:
    """p95 of seconds from a key to the byte with which the view that another key chose is fresh."""
    with tempfile.TemporaryDirectory() as folder, Terminal(_file(folder, text)) as terminal:
        terminal.until(b"B wasm")
        terminal.press(view, 1.0)
        terminal.press(b"\x1b[F", 1.0)
        found = [terminal.type(TYPED[: at + 1]) for at in range(len(TYPED))]
    return p95([answer.last for answer in found])


def measure_typing(text: str) -> Typing:
    """Open a file whose first line is `;; COMMENT` and type at its end, one key at a time."""
    with tempfile.TemporaryDirectory() as folder:
        file = _file(folder, text)
        # The first start writes the bytecode.
        paints = [_first_paint(file) for _ in range(4)][1:]
        with Terminal(file) as terminal:
            terminal.until(b"B wasm")
            terminal.press(b"\x1b[F", 1.0)
            found = [terminal.type(TYPED[: at + 1]) for at in range(len(TYPED))]
    return Typing(
        min(paints),
        p95([answer.first for answer in found]),
        p95([answer.last for answer in found]),
        int(median(answer.burst for answer in found)),
        int(median(len(answer.content) for answer in found)),
    )


def _first_paint(file: str) -> float:
    """From the start of the process until the text, its expansion and its size are painted."""
    with Terminal(file) as terminal:
        return terminal.until(b"B wasm").last


def measure_stepping(text: str, instants: tuple[int, ...]) -> float:
    """p95 of seconds from `s` and `S` to the last byte, at some instants of a long run."""
    with tempfile.TemporaryDirectory() as folder, Terminal(_file(folder, text)) as terminal:
        terminal.paint(1.0)
        terminal.press(b"\x1b[17~", 1.5)
        terminal.press(b"c", 4.0)
        found = []
        for instant in instants:
            terminal.press(b"%dg" % instant, 1.5)
            found += [terminal.press(key, 0.12) for _ in range(5) for key in (b"S", b"s")]
    return p95([answer.last for answer in found])

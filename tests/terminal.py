"""The IDE in a real pseudo-terminal, whose screen is read as a person would."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Self

import pyte

from tests.support import warm_environment

PATIENCE = 30.0
"""Seconds for which a text is waited for."""

LONGEST = 110.0
"""Seconds after which the program is killed, whatever the test does."""

KEYS = {
    "f5": "\x1b[15~", "f6": "\x1b[17~", "f8": "\x1b[19~", "f9": "\x1b[20~", "esc": "\x1b",
    "enter": "\r", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "home": "\x1b[H",
    "end": "\x1b[F", "ctrl+home": "\x1b[1;5H", "ctrl+end": "\x1b[1;5F", "ctrl+s": "\x13",
    "f1": "\x1bOP", "alt+j": "\x1bj", "alt+m": "\x1bm", "alt+t": "\x1bt", "alt+k": "\x1bk",
    "alt+h": "\x1bh", "ctrl+q": "\x11", "shift+tab": "\x1b[Z", "backspace": "\x7f",
}  # fmt: skip


class Program:
    """The IDE with arguments, in a pseudo-terminal of so many columns and lines."""

    def __init__(
        self,
        home: Path,
        size: tuple[int, int],
        *arguments: str,
        longest: float = LONGEST,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it, with a home of its own; it is killed after `longest` seconds."""
        columns, lines = size
        # Who opens it in a test was here before, unless the test says otherwise.
        state = home / ".config" / "watstep" / "state.json"
        if not state.exists():
            state.parent.mkdir(parents=True, exist_ok=True)
            state.write_text('{"recent": [], "welcomed": true}')
        self.descriptor, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        left_out = ("XDG_", "NO_COLOR", "COLORTERM", "COLUMNS", "LINES")
        kept = {k: v for k, v in warm_environment().items() if not k.startswith(left_out)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "watstep_tui", *arguments],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env={**kept, "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8",
                 **(environment or {})},
        )  # fmt: skip
        os.close(slave)
        self._limit = Timer(longest, self.kill)
        self._limit.daemon = True
        self._limit.start()

    def __enter__(self) -> Self:
        """Begin to use it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End what was started here."""
        self._limit.cancel()
        self.kill()
        self.process.wait(10)
        os.close(self.descriptor)

    def kill(self) -> None:
        """End the program."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)

    def ended(self) -> bool:
        """Whether the program has ended."""
        return self.process.poll() is not None


class Terminal(Program):
    """The program and its screen."""

    def __init__(
        self,
        home: Path,
        size: tuple[int, int],
        *arguments: str,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it, with an empty home."""
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        super().__init__(home, size, *arguments, environment=environment)

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.screen.display)

    def press(self, *keys: str) -> None:
        """Send keys by their names, other words as they are."""
        for key in keys:
            os.write(self.descriptor, KEYS.get(key, key).encode())

    def read(self, seconds: float) -> bool:
        """Take what the program draws; False where it drew nothing for so long or has ended."""
        if not select.select([self.descriptor], [], [], seconds)[0]:
            return False
        try:
            self._stream.feed(os.read(self.descriptor, 65536))
        except OSError:
            return False
        return True

    def see(self, *texts: str, gone: str = "") -> str:
        """Wait until all texts stand on the screen and another does not; the screen."""
        deadline = time.monotonic() + PATIENCE
        while True:
            shown = self.text
            if all(text in shown for text in texts) and not (gone and gone in shown):
                return shown
            if time.monotonic() > deadline or (not self.read(0.2) and self.ended()):
                raise AssertionError(f"{texts} without {gone!r} not seen in\n{shown}")

    def exit_code(self) -> int:
        """Wait for the end."""
        deadline = time.monotonic() + PATIENCE
        while not self.ended() and time.monotonic() < deadline:
            self.read(0.1)
        assert self.ended(), self.text
        return self.process.returncode

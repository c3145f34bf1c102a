"""The real program as a process: with pipes, in a pseudo-terminal, and what it printed."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from typing import Any

from tests.support import warm_environment
from watstep.cli.opening import IdeRequest

PROGRAM = (sys.executable, "-m", "watstep_tui")


def no_ide(request: IdeRequest) -> int:
    """Stands where the IDE would be opened."""
    raise AssertionError(f"the IDE was opened: {request}")


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """The real program, with pipes.

    A shell starts what runs in the background deaf to Ctrl-C, and its children inherit that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [*PROGRAM, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=warm_environment(),
        )
    finally:
        signal.signal(signal.SIGINT, before)


def finished(*arguments: str, given: bytes = b"") -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the real program."""
    process = started(*arguments)
    out, err = process.communicate(given, timeout=60)
    return process.returncode, out.decode(), err.decode()


def one_object(text: str) -> Any:
    """The one JSON object, on one line, that a text must be."""
    assert text.endswith("\n")
    assert text.count("\n") == 1
    answer = json.loads(text)
    assert isinstance(answer, dict)
    return answer


def shell(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a shell's line in which `"$@"` is the program with its arguments."""
    return subprocess.run(
        ["sh", "-c", script, "sh", *PROGRAM, *arguments],
        capture_output=True,
        text=True,
        env=warm_environment(),
        timeout=60,
    )


def on_terminal(*arguments: str, **environment: str) -> str:
    """What the program writes to a terminal that is its standard output and error."""
    outer, inner = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=inner,
        stderr=inner,
        env={**warm_environment(), "TERM": "xterm-256color", **environment},
    )
    os.close(inner)
    content = bytearray()
    while True:
        try:
            part = os.read(outer, 65536)
        except OSError:
            break
        if not part:
            break
        content += part
    os.close(outer)
    process.wait(60)
    return content.decode()

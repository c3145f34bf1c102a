"""The file that `--record` names, opened before the run and written after it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from watstep.cli.reading import STANDARD_INPUT
from watstep.errors import UsageError, reason_of
from watstep.source.writing import replace_text

if TYPE_CHECKING:
    from watstep.runfile.writing import MadeRun

PRIVATE = 0o600
"""The mode of a new run file: the answers in it are its owner's."""


class RunTarget:
    """Where a run is to be kept.

    What the file holds stays until there is a run to put in its place.
    """

    def __init__(self, word: str) -> None:
        """Open it now: the world is not asked for what cannot be kept. Raises `UsageError`."""
        if word == STANDARD_INPUT:
            raise UsageError("`--record` needs a file: standard output has the results")
        self.path, self.written = Path(word), False
        try:
            self.new = not self.path.exists()
            self._handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE)
        except (OSError, ValueError) as failure:
            raise UsageError(f"cannot write `{word}`: {reason_of(failure)}") from None

    def keep(self, made: MadeRun) -> str | None:
        """Write the run file, whole; what keeps it from being written, if anything does."""
        from watstep.runfile.writing import run_text

        text = run_text(made).text
        try:
            if stat.S_ISREG(os.fstat(self._handle).st_mode):
                replace_text(self.path, text, PRIVATE)
            else:
                # Who reads a pipe would take a second opening of it for another file.
                with open(self._handle, "wb", closefd=False) as stream:
                    stream.write(text.encode())
        except OSError as failure:
            return f"cannot write `{self.path}`: {reason_of(failure)}"
        self.written = True
        return None

    def close(self) -> None:
        """Let go of it; no empty file is left where there was none."""
        os.close(self._handle)
        if self.new and not self.written and self.path.is_file():
            self.path.unlink()


@contextmanager
def run_target(word: str | None) -> Iterator[RunTarget | None]:
    """The target that `--record` asks for, if it does; raises `UsageError`."""
    target = RunTarget(word) if word is not None else None
    try:
        yield target
    finally:
        if target:
            target.close()

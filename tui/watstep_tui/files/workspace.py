"""The open file: its text on disk, whether that changed, and the recovery copy of unsaved work."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_state_path

from watstep.errors import SourceError
from watstep.source.writing import write_whole
from watstep_tui.files.reading import read_program
from watstep_tui.files.recovery import Copy

RECOVERY = "recovery"
"""The folder of the copies, in that of the state."""
SETTLED = 2.0
"""Seconds after which a file's time of change can be trusted to tell two versions apart."""


@dataclass(frozen=True)
class Opened:
    """What opening answered: the text, and unsaved work that a crash left, or None."""

    text: str
    recovered: str | None


class DiskState(Enum):
    """What became of a file since it was last read or written here."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    UNREADABLE = "unreadable"


class DiskNews(NamedTuple):
    """A state, with the new text of a changed file or why it cannot be read."""

    state: DiskState
    text: str = ""


class Workspace:
    """One file and its recovery copy; nothing is written beside the file itself."""

    def __init__(self, path: Path | None, state_folder: Path | None = None) -> None:
        """Work on `path`; None is a program without a file."""
        self.called = "untitled"
        """What a program without a file is called."""
        self.path = path.absolute() if path else None
        self.state_folder = state_folder or user_state_path("watstep")
        self.identity = str(self.path.resolve()) if self.path else ""
        """The same for every way to name the file, "" without one."""
        self.copy = Copy(self.state_folder / RECOVERY, self.identity)
        """Of its unsaved work."""
        self.strange = False
        """Whether another program wrote into the file what cannot be read here."""
        self._known: str | None = None
        self._gone = False
        self._signature: tuple[int, int, int] | None = None

    @property
    def name(self) -> str:
        """What to call the program on the screen."""
        return self.path.name if self.path else self.called

    def open(self) -> Opened:
        """Read the file; a file that does not exist is an empty program.

        Raises:
            SourceError: It cannot be read, is too large, is no text, or is not UTF-8.
        """
        text = self._read() or ""
        self._known = text
        return Opened(text, self.copy.left_over(text))

    def save(self, text: str) -> None:
        """Replace the file whole, so that a crash leaves the old or the new one.

        Raises:
            OSError: The file cannot be written, or there is none.
        """
        if self.path is None:
            raise FileNotFoundError("the program has no file yet")
        # A link stays a link and the file keeps its permissions.
        target = self.path.resolve()
        write_whole(target, text, target.stat().st_mode & 0o777 if target.exists() else 0o644)
        self._known, self._gone, self.strange = text, False, False
        self._signature = None
        self.copy.forget()

    def look(self) -> DiskNews:
        """What became of the file since it was read or saved here; each news is told once."""
        signature = self._sign()
        if signature is not None and signature == self._signature:
            return DiskNews(DiskState.SAME)
        settled = signature is None or time.time() - signature[0] / 1e9 > SETTLED
        try:
            text = self._read()
        except SourceError as failure:
            self._signature = signature
            self.strange = self.path is not None and self.path.is_file()
            return DiskNews(DiskState.UNREADABLE, str(failure))
        self.strange = False
        self._signature = signature if settled else None
        if text is None:
            told, self._gone = self._gone or not self._known, True
            return DiskNews(DiskState.SAME if told else DiskState.GONE)
        self._gone = False
        if text == self._known:
            return DiskNews(DiskState.SAME)
        self._known = text
        return DiskNews(DiskState.CHANGED, text)

    def read_again(self) -> str | None:
        """The file as it is now, which is no news any more; None where it is gone.

        Raises:
            SourceError: It cannot be read, is too large, is no text, or is not UTF-8.
        """
        text = self._read()
        if text is not None:
            self._known, self._gone, self._signature = text, False, None
        return text

    def _sign(self) -> tuple[int, int, int] | None:
        if self.path is None:
            return None
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> str | None:
        if self.path is None or not self.path.exists():
            return None
        return read_program(self.path)

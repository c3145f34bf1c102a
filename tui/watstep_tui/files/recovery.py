"""Copies of unsaved work that outlive a crash: every IDE on a file has one of its own."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from watstep.source.writing import write_whole
from watstep_tui.files.lock import Lock

MOST_SLOTS = 16
"""How many IDEs on one file have a copy of their own."""
_UNTITLED = "untitled"


class Copy:
    """The place of one IDE's copy of a program, held by a lock; a file beside it names the program.

    `identity` is the program's resolved path, "" for one without a file.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        """Take the first place that no other IDE holds."""
        self._folder, self._identity = folder, identity
        self._stem = _stem_of(identity)
        self._lock: Lock | None = None
        self._slot = 0
        self.shared = False
        """Whether another IDE has this file open."""
        for slot in range(MOST_SLOTS):
            self._lock = self._try(slot)
            if self._lock is not None:
                self._slot = slot
                return

    @property
    def place(self) -> Path:
        """Where the work is kept."""
        return self._place(self._slot)

    def _place(self, slot: int) -> Path:
        return self._folder / f"{self._stem}.{slot}.wat"

    def _try(self, slot: int) -> Lock | None:
        """The lock of a place, None where another IDE holds it or there can be none."""
        with contextlib.suppress(OSError):
            lock = Lock(_lock_of(self._place(slot)))
            if lock.held:
                return lock
            self.shared = bool(self._identity)
        return None

    def release(self) -> None:
        """Let another IDE have the place; what is kept stays."""
        if self._lock is not None:
            self._lock.release()

    def keep(self, text: str) -> None:
        """Put unsaved work there.

        Raises:
            OSError: It cannot be kept.
        """
        if self._lock is None:
            raise OSError("there is no place to keep it")
        name = _name_of(self.place)
        if self._identity and not name.exists():
            write_whole(name, os.fsencode(self._identity).decode("utf-8", "replace"), 0o600)
        write_whole(self.place, text, 0o600)

    def forget(self) -> None:
        """Nothing is unsaved any more."""
        if self._lock is not None:
            _remove(self.place)

    def left_over(self, text: str) -> str | None:
        """Work that an IDE left when it ended without a word, if it differs from the file's."""
        if self._lock is None:
            return None
        if not self.place.exists():
            self._inherit()
        kept = _read(self.place)
        return kept if kept != text else None

    def _inherit(self) -> None:
        """Take what was left in a place that nobody holds any more."""
        for slot in range(MOST_SLOTS):
            left = self._place(slot)
            if slot == self._slot or not left.exists():
                continue
            lock = self._try(slot)
            if lock is not None:
                with contextlib.suppress(OSError):
                    left.replace(self.place)
                    _remove(left)
                lock.release()
                return


class Left(NamedTuple):
    """A copy that nobody holds."""

    path: Path | None
    """The program's file, None for one without."""
    text: str
    place: Path
    kept: float
    """When it was, in seconds of the clock."""

    def discard(self) -> None:
        """Give the work up, unless an IDE has taken the place meanwhile."""
        with contextlib.suppress(OSError):
            lock = Lock(_lock_of(self.place))
            if lock.held:
                _remove(self.place)
                lock.release()


def left_behind(folder: Path) -> list[Left]:
    """What IDEs left of unsaved work when they ended without a word, the newest first.

    What agrees with its file is no unsaved work; of a file with several copies one is told, since
    opening it takes one. A copy whose program is not known waits for the program to be opened.
    """
    found: dict[Path | None, list[Left]] = {}
    with contextlib.suppress(OSError):
        places = sorted(folder.glob("*.wat"), key=lambda place: -place.stat().st_mtime_ns)
        for place in places:
            left = _left_at(place)
            if left is not None:
                found.setdefault(left.path, []).append(left)
    return [left for path, copies in found.items() for left in (copies[:1] if path else copies)]


def _left_at(place: Path) -> Left | None:
    lock = Lock(_lock_of(place))
    if not lock.held:
        return None
    lock.release()
    named, text = _read(_name_of(place)) or "", _read(place)
    # A name that is no text cannot be written down: its file has to be opened.
    if text is None or place.name.partition(".")[0] != _stem_of(named):
        return None
    path = Path(named) if named else None
    if path is not None and _read(path) == text:
        return None
    return Left(path, text, place, place.stat().st_mtime)


def _stem_of(identity: str) -> str:
    return hashlib.sha256(os.fsencode(identity or _UNTITLED)).hexdigest()[:24]


def _lock_of(place: Path) -> Path:
    return place.with_suffix(".lock")


def _name_of(place: Path) -> Path:
    return place.with_suffix(".path")


def _remove(place: Path) -> None:
    for path in (place, _name_of(place)):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "replace") if path.is_file() else None
    except OSError:
        return None

"""Locks that die with the process that holds them."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path


class Lock:
    """The right to a name, held until it is released or the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Try to take it; `held` says whether that succeeded.

        Raises:
            OSError: The lock's file cannot be made.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.held = True
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()

    def release(self) -> None:
        """Give it up."""
        if self.held:
            self.held = False
            with contextlib.suppress(OSError):
                os.close(self._descriptor)

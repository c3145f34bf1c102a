"""Files written whole or not at all, and locks that die with the process that holds them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from pathlib import Path


def write_whole(path: Path, text: str, mode: int) -> None:
    """Replace a file by one with `text`; a failure or a crash leaves the old one.

    Where the folder may not be written but the file may, the file itself is written over.

    Raises:
        OSError: It cannot be written.
    """
    content = text.encode("utf-8")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.")
    except PermissionError:
        if not path.is_file():
            raise
        with path.open("r+b") as file:
            file.write(content)
            file.truncate()
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary = Path(name)
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


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

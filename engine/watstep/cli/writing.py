"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from watstep.errors import UsageError, reason_of


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


def rewrite(word: str, text: str) -> None:
    """Give the program that a word of the command line names another text, and leave its mode.

    Raises:
        UsageError: It cannot be written.
    """
    # A link keeps pointing at the file that it is a name of.
    path = Path(word).resolve()
    try:
        write_whole(path, text, path.stat().st_mode & 0o777)
    except OSError as failure:
        raise UsageError(f"cannot write `{word}`: {reason_of(failure)}") from None

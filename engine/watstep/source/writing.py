"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from io import FileIO
from pathlib import Path


def write_whole(path: Path, text: str, mode: int) -> None:
    """Replace a file by one with `text`; a failure or a crash leaves the old one.

    Where the folder may not be written but the file may, the file itself is written over.

    Raises:
        OSError: It cannot be written.
    """
    try:
        _replace(path, (text,), mode)
    except PermissionError:
        if not path.is_file():
            raise
        _write_over(path, text.encode("utf-8"))


def _replace(path: Path, lines: Iterable[str], mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(line.encode("utf-8") for line in lines)
            file.flush()
            os.fsync(file.fileno())
        temporary = Path(name)
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write_over(path: Path, content: bytes) -> None:
    """Write a file's own bytes; where the disk has no room for all, those that it had."""
    with path.open("r+b", buffering=0) as file:
        before = file.read()
        try:
            _write_all(file, content)
        except OSError:
            _write_all(file, before)
            raise


def _write_all(file: FileIO, content: bytes) -> None:
    file.seek(0)
    written = 0
    while written < len(content):
        written += file.write(content[written:])
    file.truncate()


def replace_text(path: Path, text: str, mode: int) -> None:
    """Give a file another text, whole, and leave its mode; `mode` is that of a new one.

    A link keeps pointing at the file that it is a name of; a pipe or a device is written into.

    Raises:
        OSError: It cannot be written.
    """
    if path.exists() and not path.is_file():
        _write_into(path, (text,))
        return
    real = path.resolve()
    write_whole(real, text, real.stat().st_mode & 0o777 if real.exists() else mode)


def replace_lines(path: Path, lines: Iterable[str], mode: int) -> None:
    """Make a file of lines that may be very many; where they fail, nothing is left of them.

    A pipe or a device is written into.

    Raises:
        OSError: It cannot be written.
    """
    if path.exists() and not path.is_file():
        _write_into(path, lines)
    else:
        _replace(path.resolve(), lines, mode)


def _write_into(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(lines)

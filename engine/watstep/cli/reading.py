"""Program text from a file or standard input; every way it can fail is a diagnostic."""

from __future__ import annotations

import sys
from typing import IO

from watstep.errors import SourceError, reason_of
from watstep.runfile import BEGINS
from watstep.source.diagnostic import Diagnostic, Severity
from watstep.source.text import Source, Span

LARGEST = 64 << 20
"""In bytes; a program is a few hundred, so more than this is the wrong file."""

STANDARD_INPUT = "-"


def read_source(word: str) -> Source:
    """The text of a file, or of standard input for `-`, exactly as it stands there.

    Raises `SourceError`: it cannot be read, is too large, is a binary, or is not UTF-8.
    """
    try:
        content = _read(word)
    except IsADirectoryError:
        message = f"cannot read `{word}`: it is a folder, name a file in it"
        raise _refused(word, "unreadable", message) from None
    except OSError as failure:
        raise _refused(word, "unreadable", f"cannot read `{word}`: {reason_of(failure)}") from None
    except ValueError:
        raise _refused(word, "unreadable", f"cannot read `{word}`: no such name") from None
    name = "<stdin>" if word == STANDARD_INPUT else word
    if len(content) > LARGEST:
        message = f"`{word}` is larger than {LARGEST >> 20} MiB: that is no program"
        raise _refused(name, "too-large", message)
    if content.startswith(b"\0asm"):
        message = f"`{word}` is a binary module: watstep reads the text format"
        raise _refused(name, "binary", message)
    try:
        return Source(name, content.decode("utf-8"))
    except UnicodeDecodeError as failure:
        raise _not_utf8(name, content, failure.start) from None


def _read(word: str) -> bytes:
    if word != STANDARD_INPUT:
        # pathlib would take a tenth of the start of `expand`.
        with open(word, "rb") as file:  # noqa: PTH123
            return _whole(file)
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return _whole(sys.stdin.buffer)


def _whole(file: IO[bytes]) -> bytes:
    return file.read(LARGEST + 1)


def _not_utf8(name: str, content: bytes, offset: int) -> SourceError:
    """The diagnostic stands where the text ends that could still be read."""
    before = content[:offset].decode("utf-8")
    rest = content[offset:].decode("utf-8", "replace")
    source = Source(name, before + rest)
    message = f"the file is not UTF-8: byte {offset} is 0x{content[offset]:02x}; save it as UTF-8"
    span = Span(len(before), len(before) + 1)
    return SourceError(source, (Diagnostic("not-utf8", Severity.ERROR, span, message),))


def _refused(name: str, code: str, message: str) -> SourceError:
    diagnostic = Diagnostic(code, Severity.ERROR, Span(0, 0), message)
    return SourceError(Source(name, ""), (diagnostic,))


def begins_as_run(word: str) -> bool:
    """Whether a file begins as a run file does; what can be read only once is not looked at."""
    from pathlib import Path

    try:
        path = Path(word)
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(BEGINS)) == BEGINS
    except (OSError, ValueError):
        return False

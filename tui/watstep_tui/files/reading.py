"""A program's text from its file, no larger than the editor can serve."""

from __future__ import annotations

from pathlib import Path

from watstep.cli.reading import read_source
from watstep.errors import SourceError
from watstep.source.diagnostic import Diagnostic, Severity
from watstep.source.text import Source, Span

LARGEST = 1 << 20
"""In bytes: some 20,000 lines. Beyond it keys wait, and a gigabyte is soon taken."""


def read_program(path: Path) -> str:
    """The text of a program's file, exactly as it stands there.

    Raises:
        SourceError: It cannot be read, is too large, is a binary, or is not UTF-8.
    """
    try:
        size = path.stat().st_size if path.is_file() else 0
    except OSError:
        size = 0
    if size > LARGEST:
        raise _too_large(str(path))
    return read_source(str(path)).text


def check_size(name: str, text: str) -> None:
    """See that a text that is no file's is not too large.

    Raises:
        SourceError: It is.
    """
    if is_too_large(text):
        raise _too_large(name)


def is_too_large(*texts: str) -> bool:
    """Whether some texts together are more than the editor takes."""
    # No character takes more than four bytes: the usual text need not be encoded.
    if sum(map(len, texts)) <= LARGEST // 4:
        return False
    return sum(len(text.encode("utf-8", "replace")) for text in texts) > LARGEST


def _too_large(name: str) -> SourceError:
    message = (
        f"`{name}` is larger than {LARGEST >> 20} MiB, which is the most that the editor takes: "
        "the commands check, expand and run take it"
    )
    diagnostic = Diagnostic("too-large", Severity.ERROR, Span(0, 0), message)
    return SourceError(Source(name, ""), (diagnostic,))

"""The file that a word of the command line names, given another text."""

from __future__ import annotations

from pathlib import Path

from watstep.errors import UsageError, reason_of
from watstep.source.writing import replace_text


def rewrite(word: str, text: str) -> None:
    """Give the program that a word of the command line names another text, and leave its mode.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        replace_text(Path(word), text, 0o644)
    except OSError as failure:
        raise UsageError(f"cannot write `{word}`: {reason_of(failure)}") from None

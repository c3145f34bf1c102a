"""Run files that the command line names."""

from __future__ import annotations

import sys
from typing import Any

from watstep.cli.arguments import GRANTS, LIMITS
from watstep.cli.reading import STANDARD_INPUT, begins_as_run
from watstep.errors import UsageError, reason_of
from watstep.runfile.reading import LARGEST, RunFile, read_run

_OPTIONS = {option.name: option.flags[0] for option in (*GRANTS, *LIMITS)}


def read_run_file(word: str) -> RunFile:
    """The run in a file, or on standard input for `-`.

    Raises `UsageError` where it cannot be read, `RunFileError` where it is no run file.
    """
    try:
        if word == STANDARD_INPUT:
            return read_run("<stdin>", sys.stdin.buffer.read(LARGEST + 1))
        with open(word, "rb") as file:  # noqa: PTH123  # pathlib costs a start-up
            return read_run(word, file.read(LARGEST + 1))
    except IsADirectoryError:
        raise UsageError(f"cannot read `{word}`: it is a folder, name a file in it") from None
    except (OSError, ValueError) as failure:
        raise UsageError(f"cannot read `{word}`: {reason_of(failure)}") from None


def run_file_at(word: str) -> RunFile | None:
    """The run in a file that begins as a run file does; None for every other file.

    Raises `RunFileError` where it only begins so.
    """
    return read_run_file(word) if begins_as_run(word) else None


def refuse_settings(words: tuple[str, ...], values: dict[str, Any]) -> None:
    """Raise `UsageError` where something is given to a run that was made already."""
    given = [f"`{word}`" for word in words[1:]]
    given += [f"`{flag}`" for name, flag in _OPTIONS.items() if name in values]
    if "executor" in values:
        given.append("`--executor`")
    if given:
        raise UsageError(f"`{words[0]}` holds a run with all that it was given; without {given[0]}")

"""What a run file keeps of the session on the run, as command lines of the debugger."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A breakpoint, a watch, a bookmark or a change, and the command line that makes it."""

    kind: str
    """The name of its record."""
    command: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a session stood."""

    instant: int
    level: str
    """`source`, `expansion` or `instruction`."""

"""What a person changes in a run at an instant (STEPPING.md L7)."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Where(Enum):
    """What is changed; the values are the words that people see."""

    LOCAL = "local"
    STACK = "stack"
    MEMORY = "memory"


class Change(NamedTuple):
    """One value that is another from an instant on."""

    instant: int
    """It holds at this instant already, before the next instruction."""
    where: Where
    at: int
    """The local's or the stack value's number, from 0 at the bottom; an address."""
    value: int = 0
    """Of a local or a stack value, 0 to 2**32-1."""
    content: bytes = b""
    """Of the memory."""
    frame: int = 0
    """The program frame of the local or stack value, counted from the outermost."""

"""Where each instruction's opcode lies in the binary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Location(NamedTuple):
    """An instruction: the function's index (imports count) and the index in its body."""

    function: int
    pc: int


@dataclass(frozen=True, slots=True)
class LocationMap:
    """The offsets of all opcodes, ascending, and the instruction at each."""

    offsets: tuple[int, ...]
    locations: tuple[Location, ...]

    def at(self, offset: int) -> Location | None:
        """The instruction whose opcode begins at `offset`.

        An offset inside a function but before its first opcode (its locals) is its first
        instruction; one outside the code is None.
        """
        raise NotImplementedError

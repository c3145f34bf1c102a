"""Where each instruction's opcode lies in the binary."""

from __future__ import annotations

from bisect import bisect_left
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

        An offset between opcodes (a function's locals, before its first) is the next one; one past
        the code is None.
        """
        index = bisect_left(self.offsets, offset)
        return self.locations[index] if index < len(self.locations) else None

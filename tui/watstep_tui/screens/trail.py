"""Where jumps began, over all open programs: places that move with their text."""

from __future__ import annotations

from watstep_tui.screens.buffers import Buffer
from watstep_tui.text.marks import Change, Place, carried_place, moved

MOST_JUMPS = 100
"""Places that one can go back to."""


class Trail:
    """The way back, the last place at the end."""

    def __init__(self) -> None:
        """Nobody jumped yet."""
        self._places: list[tuple[Buffer, Place]] = []

    def begin(self, buffer: Buffer, place: Place) -> None:
        """A jump begins at a place of a program."""
        if (buffer, place) not in self._places[-1:]:
            self._places.append((buffer, place))
            del self._places[:-MOST_JUMPS]

    def back(self) -> tuple[Buffer, Place] | None:
        """Where the last jump began, once; None where nothing is left to go back to."""
        return self._places.pop() if self._places else None

    def follow(self, buffer: Buffer, change: Change) -> None:
        """The text of a program changed: what is gone is where it stood."""
        self._places = [
            (at, _after(place, change) if at is buffer else place) for at, place in self._places
        ]

    def forget(self, buffer: Buffer) -> None:
        """A program is closed."""
        self._places = [found for found in self._places if found[0] is not buffer]


def _after(place: Place, change: Change) -> Place:
    found = carried_place(place, change)
    if found is not None:
        return found
    row = moved(place[0], change)
    return change.top if row is None else (row, place[1])

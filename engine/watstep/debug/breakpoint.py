"""Breakpoints: predicates on an instant, bound to places of code (STEPPING.md B1, B3, B4)."""

from __future__ import annotations

from dataclasses import dataclass

from watstep.debug.places import Place, Places
from watstep.debug.state import Level


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """A breakpoint on a line of the source or of the expansion.

    `line` is where it was asked for, `bound_line` where the next code is (None: unbound, B4).
    """

    number: int
    level: Level
    line: int
    bound_line: int | None
    place: Place | None
    enabled: bool = True

    @property
    def moved(self) -> bool:
        """Whether it stands on another line than was asked for."""
        return self.bound_line is not None and self.bound_line != self.line


def bind(places: Places, number: int, level: Level, line: int) -> Breakpoint:
    """A breakpoint on a line, moved to the next that holds code where it holds none."""
    bound = places.line_with_code(level, line)
    place = places.on_line(level, bound) if bound is not None else None
    return Breakpoint(number, level, line, bound, place)

"""What every move is made on, and how deep a position stands (STEPPING.md S3, S5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from watstep.debug.armed import NOTHING, Armed
from watstep.debug.places import FunctionPlaces, MacroRange, Place, Places
from watstep.debug.search import Search
from watstep.debug.state import Level, Position, StopReason
from watstep.machine.timeline import Timeline


class Move(NamedTuple):
    """Where one move came to and why it stopped there."""

    position: Position
    reason: StopReason


START = Position(0, 0)


@dataclass(frozen=True)
class Ground:
    """A timeline, the program's places, the level of steps, and where breakpoints stand."""

    timeline: Timeline
    places: Places
    level: Level
    armed: Armed

    def search(self, *, armed: bool = True) -> Search:
        """A search; with `armed` breakpoints end it on its way."""
        asked = self.armed if armed else NOTHING
        return Search(self.timeline, asked, self.places.operand_loops)

    def here(self) -> tuple[Place, int]:
        """The cursor where the machine stands, and the number of its frame's callers."""
        function, pc, _, _ = self.timeline.machine.top
        return Place(function, pc), len(self.timeline.machine.frames)

    def at_breakpoint(self) -> bool:
        """Whether a breakpoint holds where the machine stands."""
        return bool(self.search().hits())

    def stand(self, instant: int) -> tuple[Place, int]:
        """Take the machine to an instant up to the frontier; what `here` says there."""
        self.timeline.seek_machine(instant)
        return self.here()

    def function(self, place: Place) -> FunctionPlaces:
        """The places of the function that a place is in."""
        return self.places.functions[place.function]

    def beginning(self, place: Place) -> tuple[MacroRange, ...]:
        """The macro calls that can be entered at a place."""
        return self.function(place).beginning.get(place.pc, ())

    def depth(self, place: Place, callers: int, entered: int) -> int:
        """The depth that `next` compares, of the frames that the machine has now.

        Macro frames count at the source level alone, where they are frames to step into.
        """
        depth = callers + 1
        if self.level is Level.SOURCE and self.places.has_macros:
            depth += len(self.function(place).around(place.pc, entered))
            functions = self.places.functions
            waiting = self.timeline.machine.frames
            depth += sum(functions[function].nesting[pc] for function, pc, _, _ in waiting)
        return depth

    def macro_around(self, place: Place, entered: int) -> MacroRange | None:
        """The innermost macro frame that a position is in, at the source level."""
        if self.level is not Level.SOURCE:
            return None
        around = self.function(place).around(place.pc, entered)
        return around[-1] if around else None

    def returned(self, instant: int) -> bool:
        """Whether an instant is the last one of a run that returned: nothing runs next."""
        timeline = self.timeline
        return timeline.trap is None and self.is_end(instant)

    def is_end(self, instant: int) -> bool:
        """Whether an instant is known to be the last one."""
        return self.timeline.end is not None and instant >= self.timeline.end

    def ending(self) -> StopReason:
        """How the run ended."""
        return StopReason.TRAP if self.timeline.trap else StopReason.END

"""The states of two runs at one instant, side by side."""

from __future__ import annotations

from typing import NamedTuple

from watstep.machine.machine import FrameState
from watstep.machine.timeline import Timeline


class Side(NamedTuple):
    """A value as both runs have it, 0 to 2**32-1; None where one has none of that name."""

    name: str
    first: int | None
    second: int | None

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.first != self.second


def sides(first: Timeline, second: Timeline, instant: int) -> tuple[Side, ...]:
    """The locals and the stack of both innermost frames, at an instant within both frontiers."""
    values = [_values(timeline, timeline.seek(instant).frames[-1]) for timeline in (first, second)]
    names = dict.fromkeys([*values[0], *values[1]])
    return tuple(Side(name, values[0].get(name), values[1].get(name)) for name in names)


def _values(timeline: Timeline, frame: FrameState) -> dict[str, int]:
    """A frame's values by their names: `$x`, `stack[0]`."""
    locals_ = timeline.program.function(frame.function).locals
    named = {
        local.name or str(number): int(value)
        for number, (local, value) in enumerate(zip(locals_, frame.locals, strict=True))
    }
    return named | {f"stack[{slot}]": int(value) for slot, value in enumerate(frame.stack)}

"""What a timeline remembers of a run: checkpoints at growing distances, few enough bytes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from watstep.machine.machine import CHUNK, FRAME_BYTES, Checkpoint, Machine

INTERVAL = 50_000
"""Instants between checkpoints at first; it doubles whenever there are too many."""

MOST_CHECKPOINTS = 256
MOST_BYTES = 40 << 20
"""What the checkpoints may take together; those that are left near, `MOST_NEAR_BYTES` more."""

MOST_NEAR = 32
MOST_NEAR_BYTES = 16 << 20


class History:
    """The checkpoints of one run; the first is that of instant 0 and is always there."""

    def __init__(self, machine: Machine, before: History | None = None, until: int = -1) -> None:
        """Begin with the machine as it stands at instant 0.

        Checkpoints of the history `before` hold too, up to the instant `until`.
        """
        first = machine.capture()
        taken = before.up_to(until) if before else []
        self._kept: list[Checkpoint] = taken or [first]
        self._near: list[Checkpoint] = []
        self.interval: int = before.interval if before else INTERVAL
        self.weight = _weight(self._kept)

    def up_to(self, until: int) -> list[Checkpoint]:
        """The checkpoints that are not after an instant, of those that are not left near."""
        return [kept for kept in self._kept if kept.state.step <= until]

    @property
    def due(self) -> int:
        """The instant from which the next checkpoint is wanted."""
        return self._kept[-1].state.step + self.interval

    def nearest(self, instant: int) -> Checkpoint:
        """The latest one that is not after an instant."""
        index = bisect_right(self._kept, instant, key=lambda kept: kept.state.step) - 1
        best = self._kept[index]
        for near in self._near:
            if best.state.step < near.state.step <= instant:
                best = near
        return best

    def latest_below(self, units: int) -> int:
        """The latest instant kept at which less than `units` of fuel are used; else instant 0."""
        index = bisect_left(self._kept, units, key=lambda kept: kept.state.fuel) - 1
        return self._kept[max(index, 0)].state.step

    def starts_before(self, instant: int) -> list[int]:
        """The instants before another at which one lies, in order."""
        kept = (*self._kept, *self._near)
        return sorted({item.state.step for item in kept if item.state.step < instant})

    def keep(self, machine: Machine) -> None:
        """Leave one where the machine stands, and thin them where they are too many."""
        made = machine.capture(self._kept[-1])
        self._kept.append(made)
        self.weight += made.weight
        while len(self._kept) > 2 and (
            len(self._kept) > MOST_CHECKPOINTS or self.weight > MOST_BYTES
        ):
            del self._kept[1::2]
            self.interval *= 2
            self.weight = _weight(self._kept)

    @property
    def near_weight(self) -> int:
        """About the bytes that those left near take."""
        return sum(near.weight for near in self._near)

    def keep_near(self, machine: Machine, nearest: Checkpoint) -> None:
        """Leave one where the machine stands, beside the others: the next seek may be near."""
        self._near.append(machine.capture(nearest))
        while len(self._near) > 1 and (
            len(self._near) > MOST_NEAR or self.near_weight > MOST_NEAR_BYTES
        ):
            del self._near[0]


def _weight(kept: list[Checkpoint]) -> int:
    """What checkpoints take, what they share counted once."""
    chunks = {id(chunk) for item in kept for chunk in item.memory}
    frames = {id(frame) for item in kept for frame in item.state.frames}
    pointers = sum(len(item.memory) + len(item.state.frames) for item in kept)
    return CHUNK * len(chunks) + FRAME_BYTES * len(frames) + 8 * pointers

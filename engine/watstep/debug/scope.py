"""What an expression can name where a machine stands, read from it without a copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from watstep.wasm.values import signed

if TYPE_CHECKING:
    from watstep.machine.machine import Machine
    from watstep.pipeline import Program


class MachineScope:
    """One frame of a machine as it stands; it holds nothing, and moves with the machine."""

    def __init__(self, program: Program, machine: Machine, frame: int | None = None) -> None:
        """Of the innermost frame, or of the `frame` with so many callers."""
        self.machine, self._frame = machine, frame
        self._indices: dict[int, dict[str, int]] = {
            function.index: {
                local.name or str(number): number for number, local in enumerate(function.locals)
            }
            for function in program.module.functions
        }

    def _running(self) -> tuple[int, int, list[int], list[int]] | None:
        machine, frame = self.machine, self._frame
        if frame is None or frame == len(machine.frames):
            return machine.top
        return machine.frames[frame] if frame < len(machine.frames) else None

    def local(self, name: str) -> int | None:
        """A local of the frame, signed; None where the frame has none of that name."""
        running = self._running()
        number = self._indices[running[0]].get(name) if running else None
        return None if running is None or number is None else signed(int(running[2][number]))

    def local_names(self) -> Sequence[str]:
        """The names of the frame's locals."""
        running = self._running()
        return list(self._indices[running[0]]) if running else []

    def stack(self) -> Sequence[int]:
        """The frame's operand stack, bottom first."""
        running = self._running()
        return running[3] if running else ()

    def word(self, name: str) -> int:
        """`fuel` used, `step` or `depth`."""
        machine = self.machine
        if name == "fuel":
            return machine.fuel
        return machine.step if name == "step" else len(machine.frames) + 1

    def read(self, address: int, length: int) -> bytes:
        """Bytes of the memory."""
        return self.machine.read(address, length)

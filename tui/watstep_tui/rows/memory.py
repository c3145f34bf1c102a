"""The memory: hex and text, what was written and is read next, and whose bytes they are."""

from __future__ import annotations

from typing import NamedTuple

from rich.text import Text

from watstep.debug.state import State
from watstep.host.live import heap_start
from watstep_tui.rows.lazy import LazyRows
from watstep_tui.rows.snapshot import BYTES_A_ROW, Snapshot, code_at

_NARROW = 100


class Region(NamedTuple):
    """Bytes from `start` up to `end`, and who put them there."""

    start: int
    end: int
    label: str


def regions(found: Snapshot) -> list[Region]:
    """The regions that touch the snapshot's window of the memory, the latest first."""
    first, after = found.memory_start, found.memory_start + len(found.memory)
    known = []
    for call in reversed(found.state.calls):
        for write in call.writes:
            end = write.address + len(write.content)
            if write.address < after and end > first:
                known.append(Region(write.address, end, f"{call.function} at {call.instant}"))
    module, rendering = found.program.module, found.program.rendering
    for data in module.data:
        end = data.address + len(data.content)
        if data.address < after and end > first:
            form = code_at(found, rendering.source_span(data.span))
            known.append(Region(data.address, end, f"from {form}"))
    heap = found.state.calls[-1].heap if found.state.calls else 0
    begin = heap_start(module)
    if heap > begin:
        known.append(Region(begin, heap, "heap"))
    return known


class MemoryRows(LazyRows):
    """The whole memory, of which the snapshot holds a window; other rows come when asked for."""

    def __init__(self, found: Snapshot, width: int = 120) -> None:
        """The memory of a snapshot in a pane of so many cells."""
        self.found = found
        self.size = BYTES_A_ROW if width >= _NARROW else BYTES_A_ROW // 2
        self._regions: list[Region] | None = None

    def __len__(self) -> int:
        """All rows that the memory has at the instant; one says that there is none."""
        return (self.found.state.pages << 16) // self.size or 1

    @property
    def held(self) -> range:
        """The rows that the snapshot holds."""
        start = self.found.memory_start // self.size
        return range(start, start + len(self.found.memory) // self.size)

    def row(self, index: int) -> Text:
        """An address, its bytes in hex and as text, and the region."""
        if not self.found.state.pages:
            return Text.assemble(("the program has no memory", "muted"))
        address = index * self.size
        row = Text.assemble((f"{address:>8}  ", "muted"))
        if index not in self.held:
            return row.append("…", "muted")
        offset = address - self.found.memory_start
        chunk = self.found.memory[offset : offset + self.size]
        styles = [byte_style(self.found.state, address + at) for at in range(len(chunk))]
        for byte, style in zip(chunk, styles, strict=True):
            row.append(f"{byte:02x}", style or ("" if byte else "muted"))
            row.append(" ")
        row.append(" ")
        for byte, style in zip(chunk, styles, strict=True):
            row.append(chr(byte) if 32 <= byte < 127 else "·", style or ("" if byte else "muted"))
        row.append(f"  {self._label(address, chunk)}", "muted")
        return row

    def _label(self, address: int, chunk: bytes) -> str:
        """Whose bytes begin in a row, else whose go on in it."""
        if self._regions is None:
            self._regions = regions(self.found)
        after = address + len(chunk)
        here = [r for r in self._regions if r.start < after and r.end > address]
        begun = [r for r in here if r.start >= address and r.label != "heap"]
        if begun:
            return " · ".join(region.label for region in reversed(begun))
        if here:
            return here[0].label if here[0].label == "heap" else f"… {here[0].label}"
        if any(chunk):
            return "written by the program"
        return "" if self.found.writes_memory else "never written"


def byte_style(state: State, address: int) -> str:
    """`changed` for what the last instruction wrote, `touched` for what the next one reads."""
    if any(start <= address < end for start, end in state.memory_written):
        return "changed"
    if any(start <= address < end for start, end in state.memory_read_next):
        return "touched"
    return ""

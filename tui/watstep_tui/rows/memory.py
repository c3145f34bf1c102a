"""The memory: hex and text, what was written and is read next, and whose bytes they are."""

from __future__ import annotations

from rich.text import Text

from watstep.debug.regions import HEAP, Region, regions
from watstep.debug.state import State
from watstep_tui.rows.lazy import LazyRows
from watstep_tui.rows.snapshot import BYTES_A_ROW, Snapshot, code_at

_NARROW = 100


def _labelled(found: Snapshot) -> list[Region]:
    """The regions in the snapshot's window of the memory, those of forms with their code."""
    first = found.memory_start
    after = first + len(found.memory)
    known = regions(found.program, found.state.calls, first, after)
    return [
        region._replace(label=f"from {code_at(found, region.form)}") if region.form else region
        for region in known
    ]


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
            self._regions = _labelled(self.found)
        after = address + len(chunk)
        here = [r for r in self._regions if r.start < after and r.end > address]
        begun = [r for r in here if r.start >= address and r.label != HEAP]
        if begun:
            return " · ".join(region.label for region in reversed(begun))
        if here:
            return here[0].label if here[0].label == HEAP else f"… {here[0].label}"
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

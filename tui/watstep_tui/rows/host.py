"""What the host holds at the instant: the result, the store, the last answer, the heap (L6)."""

from __future__ import annotations

from rich.text import Text

from watstep.debug.host_state import Entry, HostState, host_state
from watstep.source.text import counted
from watstep_tui.rows.lazy import LazyRows
from watstep_tui.rows.snapshot import Snapshot, quoted

_LONGEST = 200
_WIDEST_KEY = 24


class HostRows(LazyRows):
    """The host's side of the run: a few facts, then the keys of the store that the run knows."""

    def __init__(self, found: Snapshot) -> None:
        """The host's state of a snapshot."""
        self.found = found
        self.state = host_state(found.program.module, found.state.calls)
        self.facts = _facts(self.state)
        longest = max((len(quoted(entry.key)) for entry in self.state.store), default=0)
        self.width = min(longest, _WIDEST_KEY)

    def __len__(self) -> int:
        """The facts and the keys."""
        return len(self.facts) + len(self.state.store)

    def row(self, index: int) -> Text:
        """A fact, or a key with what is under it."""
        if index < len(self.facts):
            return self.facts[index]
        return self._entry(self.state.store[index - len(self.facts)])

    def instant(self, index: int) -> int | None:
        """The instant of the call that a row tells of."""
        entries = self.state.store[max(index - len(self.facts), 0) :]
        if index < len(self.facts):
            return self.state.result_instant if index == 0 else None
        return entries[0].instant if entries else None

    def _entry(self, entry: Entry) -> Text:
        latest = entry.instant == self.found.instant
        row = Text.assemble(("kv      ", "muted"))
        key = quoted(entry.key, _WIDEST_KEY)
        row.append(f"{key:<{self.width}}  ", "name")
        if entry.value is None:
            row.append("nothing", "muted")
        else:
            row.append(quoted(entry.value, _LONGEST), "changed" if latest else "text")
        return row.append(f"  {entry.function} at {entry.instant}", "muted")


def _facts(state: HostState) -> list[Text]:
    rows = [Text.assemble(("result  ", "muted"))]
    if state.result is None:
        rows[0].append("not set yet", "muted")
    else:
        rows[0].append(quoted(state.result, _LONGEST), "text")
        rows[0].append(f"  sys.resv at {state.result_instant}", "muted")
    size = state.heap_end - state.heap_start
    given = f"{counted(size, 'byte')} given away, {state.heap_start} to {state.heap_end}"
    rows.append(Text.assemble(("heap    ", "muted"), given if size else "nothing given away"))
    if state.http_status:
        rows.append(Text.assemble(("http    ", "muted"), f"status {state.http_status}"))
    return rows

"""What the run did: host calls, the log, and the trace, as the article draws it."""

from __future__ import annotations

from bisect import bisect_right

from rich.text import Text

from watstep.debug.state import Called, TraceRow
from watstep.debug.tracing import effects_text
from watstep.host.tape import CallOrigin, HostCall, Value
from watstep.source.text import counted
from watstep.wasm.values import signed
from watstep_tui.rows.lazy import LazyRows
from watstep_tui.rows.snapshot import Snapshot, quoted

_TEXT_IN_CALL = 60
_SHORTEST = 16
_BY_HAND = frozenset((CallOrigin.TYPED, CallOrigin.EDITED))


class CallRows(LazyRows):
    """The host calls: those made, and dimmed those that the tape holds beyond the instant (L5)."""

    def __init__(self, found: Snapshot, width: int = 120) -> None:
        """The calls of a snapshot in a pane of so many cells."""
        self.found = found
        self.made = len(found.state.calls)
        longest = max((len(_asked(call)) for call in found.tape[:200]), default=0)
        self.width, self.room = min(longest, 48, width * 3 // 8), width

    def __len__(self) -> int:
        """How many there are; one row says that there are none."""
        return len(self.found.tape) or 1

    def row(self, index: int) -> Text:
        """A call as one decoded line."""
        if not self.found.tape:
            known = self.found.state.last_instant is not None
            return Text.assemble(("no host calls" if known else "no host calls yet", "muted"))
        call = self.found.tape[index]
        past = index < self.made
        latest = past and call.instant == self.found.instant
        row = Text("▶" if latest else " " if past else "·")
        row.stylize("position" if latest else "muted")
        instant = "?" if call.instant is None else f"{call.instant:,}"
        row.append(f"{instant:>7}  ", "muted")
        row.append(f"{_fitted(_asked(call), self.width)}", "strong" if latest else "")
        wrong = call.error or call.trap
        ending = call.error or ("trapped" if call.trap else "OK")
        tail = Text.assemble(
            (f"  {ending}", "error" if wrong else "good"),
            (f"  {call.seconds * 1000:.1f} ms  ", "muted"),
            (call.origin.value, "changed" if call.origin in _BY_HAND else "muted"),
        )
        answer = Text(f" → {_answered(call)}")
        # How it ended is in sight however long the answer is.
        room = max(self.room - row.cell_len - tail.cell_len, _SHORTEST)
        answer.truncate(room, overflow="ellipsis")
        row.append_text(answer).append_text(tail)
        if not past:
            row.spans.clear()
            row.stylize("muted")
        return row


def _fitted(text: str, width: int) -> str:
    return f"{text:<{width}}" if len(text) <= width else text[: width - 2] + "…)"


def _asked(call: HostCall) -> str:
    arguments = ", ".join(_value(value) for value in call.arguments)
    return f"{call.function}({arguments})"


def _answered(call: HostCall) -> str:
    if not call.results:
        return "-"
    first = call.results[0]
    size = "" if first.text is None else f"{len(first.text.encode()):,} bytes "
    return size + _value(first)


def _value(value: Value) -> str:
    return str(value.value) if value.text is None else quoted(value.text, _TEXT_IN_CALL)


class TraceRows(LazyRows):
    """The article's picture of the whole run: each instruction, the stack after it, top right.

    Row 0 is instant 1, or the first one that matches the filter. A row outside what the snapshot
    gathered is blank until it is asked for.
    """

    def __init__(self, found: Snapshot, width: int = 120) -> None:
        """The trace of a snapshot in a pane of so many cells."""
        self.width = width
        self.found, self.matches = found, found.matches
        self.first = self.row_of(found.trace[0].instant) if found.trace else 0

    def __len__(self) -> int:
        """How many instructions were executed up to the frontier; of a filter a row says more."""
        if self.matches:
            return self.matches.known + 1
        return max(self.found.state.frontier, 1)

    def row_of(self, instant: int) -> int:
        """The row of an instant, or that of the last one before it."""
        if self.matches:
            instants, known = self.matches.instants, self.matches.known
            return max(bisect_right(instants, instant, 0, known) - 1, 0)
        return max(instant - 1, 0)

    def instant_of(self, row: int) -> int | None:
        """The instant of a row."""
        if self.matches:
            return self.matches.instants[row] if row < self.matches.known else None
        return row + 1 if row < self.found.state.frontier else None

    @property
    def held(self) -> range:
        """The rows that the snapshot holds."""
        after = self.first + len(self.found.trace)
        # The row below the matches is made of the snapshot alone.
        return range(self.first, after + bool(self.matches and after >= self.matches.known))

    def row(self, index: int) -> Text:
        """An instruction and the stack after it."""
        if not self.found.state.frontier:
            return Text.assemble(("nothing was executed yet", "muted"))
        instant = self.instant_of(index)
        if instant is None:
            return Text.assemble((_found_so_far(self.found), "muted"))
        if index not in self.held:
            return Text.assemble((f" {instant:>7,}  …", "muted"))
        return trace_row(self.found.trace[index - self.first], self.found.instant, self.width)


def _found_so_far(found: Snapshot) -> str:
    """What is said below the last row that matches."""
    matches = found.matches
    assert matches is not None
    if matches.whole and matches.searched < found.state.frontier:
        rest = f"; those after instant {matches.searched:,} are too many"
    else:
        rest = "" if matches.whole else f" up to instant {matches.searched:,} …"
    return f"{counted(matches.known, 'row')} with `{matches.wanted}`{rest}"


def trace_row(row: TraceRow, now: int, width: int) -> Text:
    """One instruction; below the row of the position stands, dimmed, what the run does next."""
    stack = f"[{', '.join(str(signed(value)) for value in row.stack)}]"
    here = row.instant == now
    mark = "▶" if here else "·" if row.instant > now else " "
    shown = Text(mark)
    shown.stylize("position")
    shown.append(f"{row.instant:>7,}  ", "muted")
    code = "  " * (row.depth - 1) + row.text
    shown.append(_fitted_code(code, width // 2), "strong" if here else "")
    shown.append(f" {stack}", "changed" if here else "")
    if row.effects:
        effect = effects_text(row.effects)
        # It stands in a column of its own where there is room for one.
        shown.append(" " * max(width * 3 // 5 - shown.cell_len, 2))
        shown.append(effect, "call" if isinstance(row.effects[-1], Called) else "name")
    if row.instant > now:
        shown.spans.clear()
        shown.stylize("muted")
    return shown


def _fitted_code(code: str, most: int) -> str:
    return f"{code:<32}" if len(code) <= most else code[: most - 1] + "…"


class LogRows(LazyRows):
    """The log up to the instant, each entry with the instant that wrote it (L6)."""

    def __init__(self, found: Snapshot) -> None:
        """The log of a snapshot."""
        self.found = found
        self.calls = [call for call in found.state.calls if call.log is not None]

    def __len__(self) -> int:
        """How many entries there are; one row says that there are none."""
        return len(self.calls) or 1

    def row(self, index: int) -> Text:
        """An entry, on one line."""
        if not self.calls:
            return Text.assemble(("nothing was logged yet", "muted"))
        call = self.calls[index]
        instant = "?" if call.instant is None else f"{call.instant:,}"
        row = Text("▶" if call.instant == self.found.instant else " ")
        row.stylize("position")
        row.append(f"{instant:>7}  ", "muted")
        if isinstance(call.log, str):
            return row.append(quoted(call.log, 500), "text")
        return row.append(str(call.log), "strong")

"""The timeline bar: the whole run as one line."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from rich.text import Text

from watstep.debug.state import State
from watstep.host.tape import HostCall
from watstep_tui.rows.snapshot import Snapshot

LEGEND = "h host call  ! error  ▲ breakpoint  ● here"
_STYLES = {"h": "call", "!": "error", "▲": "breakpoint"}


def span_of(state: State) -> int:
    """The last instant that the timeline bar holds."""
    return max(state.frontier if state.last_instant is None else state.last_instant, 1)


def bar_width(found: Snapshot, width: int) -> tuple[int, int]:
    """Where the cells of the run begin on a line of `width` cells, and how many they are."""
    last = f"{span_of(found.state):,}"
    return 3, max(width - 5 - len(last), 2)


class Marks(NamedTuple):
    """What of a bar depends on the run alone, and not on the position."""

    tape: tuple[HostCall, ...]
    hits: tuple[int, ...]
    span: int
    width: int
    trapped: bool

    def same(self, other: Marks) -> bool:
        """Whether they are drawn alike; calls are compared by being the same ones."""
        alike = self.tape is other.tape and self.hits is other.hits
        return alike and self[2:] == other[2:]

    def drawn(self) -> dict[int, str]:
        """The signs by cell: calls `h`, errors and a trap `!`, breakpoints `▲`."""
        cells: dict[int, str] = {}
        for call in self.tape:
            if call.instant is not None and call.instant <= self.span:
                at = cell_of(call.instant, self.span, self.width)
                wrong = call.error or call.trap or cells.get(at) == "!"
                cells[at] = "!" if wrong else "h"
        for instant in self.hits:
            cells[cell_of(instant, self.span, self.width)] = "▲"
        if self.trapped:
            cells[self.width - 1] = "!"
        return cells


def marks_of(found: Snapshot, width: int) -> Marks:
    """The marks of a snapshot's run on a line of `width` cells."""
    cells = bar_width(found, width)[1]
    return Marks(found.tape, found.hits, span_of(found.state), cells, found.trapped)


def timeline_bar(found: Snapshot, width: int, drawn: dict[int, str] | None = None) -> Text:
    """The run with its marks and the position `●`, between the first and the last instant.

    What lies before the position is drawn heavy, a run whose end is not known open.
    """
    state = found.state
    span = span_of(state)
    _, inner = bar_width(found, width)
    here = cell_of(found.instant, span, inner)
    marks = marks_of(found, width).drawn() if drawn is None else drawn
    cells = ["━"] * here + ["─"] * (inner - here)
    for at, sign in marks.items():
        cells[at] = sign
    cells[here] = "●"
    styles = [_STYLES.get(cell, "muted" if at > here else "") for at, cell in enumerate(cells)]
    styles[here] = "position"
    bar = Text.assemble(("0 ▕", "muted"))
    for style, run in groupby(zip(cells, styles, strict=True), key=lambda pair: pair[1]):
        bar.append("".join(cell for cell, _ in run), style)
    return bar.append(f"{'▏' if state.last_instant is not None else '…'} {span:,}", "muted")


def cell_of(instant: int, span: int, width: int) -> int:
    """The cell of an instant on a bar of `width` cells."""
    return min(instant * (width - 1) // span, width - 1)


def instant_of(cell: int, span: int, width: int) -> int:
    """The first instant of a cell, the inverse of `cell_of`."""
    held = max(0, min(cell, width - 1))
    return min(-(-held * span // max(width - 1, 1)), span)

"""The timeline bar: the whole run as one line."""

from __future__ import annotations

from itertools import groupby

from rich.text import Text

from watstep.debug.state import State
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


def timeline_bar(found: Snapshot, width: int) -> Text:
    """Calls `h`, errors `!`, breakpoints `▲`, the position `●`, between the first and last instant.

    What lies before the position is drawn heavy, a run whose end is not known open.
    """
    state = found.state
    span = span_of(state)
    _, inner = bar_width(found, width)
    here = cell_of(found.instant, span, inner)
    cells = ["━"] * here + ["─"] * (inner - here)
    for call in found.tape:
        if call.instant is not None and call.instant <= span:
            at = cell_of(call.instant, span, inner)
            cells[at] = "!" if call.error or call.trap or cells[at] == "!" else "h"
    for instant in found.hits:
        cells[cell_of(instant, span, inner)] = "▲"
    if found.trapped:
        cells[-1] = "!"
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

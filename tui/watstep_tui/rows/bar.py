"""The timeline bar: the run, or the part of it around the position, as one line."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from rich.text import Text

from watstep.debug.density import Rates
from watstep.debug.state import State
from watstep.host.tape import HostCall
from watstep_tui.rows.snapshot import Snapshot

_SIGNS = {
    "●": ("position", "here"),
    "h": ("call", "host call"),
    "!": ("error", "error"),
    "▲": ("breakpoint", "breakpoint"),
    "┬": ("name", "timeline"),
    "┄": ("muted", "loops"),
}
"""What stands on a bar: its style, and its word in the legend."""

_STROKES = ("━╍┅┉", "─╌┄┈")
"""Before the position and after it; the more dashes, the more rounds of loops in a cell."""
_DENSE = (10, 100)
"""Rounds in a cell from which it has another dash."""

LEAST_SHOWN = 20
"""Instants that the closest look holds."""
_SAMPLED = 16
"""Rounds are told for so many instants at least."""


class Window(NamedTuple):
    """The instants that a bar shows."""

    first: int
    last: int


def span_of(state: State) -> int:
    """The last instant that the run is known to have, at least 1."""
    return max(state.frontier if state.last_instant is None else state.last_instant, 1)


def window_of(instant: int, span: int, zoom: int) -> Window:
    """The part of a run that is seen `zoom` steps nearer, each half of the one before.

    It stays as long as the position is well within it.
    """
    length = max(span >> zoom, min(LEAST_SHOWN, span))
    if length >= span:
        return Window(0, span)
    half = length // 2
    first = max(0, min(instant // half * half - half // 2, span - length))
    return Window(first, first + length)


def closest(span: int) -> int:
    """The steps of the zoom beyond which nothing is seen nearer."""
    return max((span // LEAST_SHOWN).bit_length(), 0)


def seen_of(found: Snapshot) -> Window:
    """The instants that the bar of a snapshot shows."""
    return window_of(found.instant, span_of(found.state), found.view.zoom)


def bar_width(found: Snapshot, width: int) -> tuple[int, int]:
    """Where the cells of the run begin on a line of `width` cells, and how many they are."""
    last = len(f"{span_of(found.state):,}")
    begin = last + 2 if found.view.zoom else 3
    return begin, max(width - 2 - last - begin, 2)


class Marks(NamedTuple):
    """What of a bar depends on what it shows alone, and not on the position in it."""

    tape: tuple[HostCall, ...]
    hits: tuple[int, ...]
    rates: Rates | None
    forks: tuple[int, ...]
    window: Window
    width: int
    trapped: bool

    def same(self, other: Marks) -> bool:
        """Whether they are drawn alike; calls are compared by being the same ones."""
        alike = self.tape is other.tape and self.hits is other.hits and self.rates is other.rates
        return alike and self[3:] == other[3:]

    def drawn(self) -> Drawn:
        """The signs by cell: calls `h`, errors and a trap `!`, breakpoints `▲`, forks `┬`."""
        cells: dict[int, str] = {}
        for call in self.tape:
            if call.instant is not None and self._shows(call.instant):
                at = self._cell(call.instant)
                wrong = call.error or call.trap or cells.get(at) == "!"
                cells[at] = "!" if wrong else "h"
        for sign, instants in (("┬", self.forks), ("▲", self.hits)):
            for instant in filter(self._shows, instants):
                cells[self._cell(instant)] = sign
        if self.trapped:
            cells[self.width - 1] = "!"
        return Drawn(cells, tuple(self._density()))

    def _shows(self, instant: int) -> bool:
        return self.window.first <= instant <= self.window.last

    def _cell(self, instant: int) -> int:
        return cell_of(
            instant - self.window.first, self.window.last - self.window.first, self.width
        )

    def _density(self) -> Iterable[int]:
        """How densely the run loops in each cell: 0 where it does not."""
        first, last = self.window
        for cell in range(self.width if self.rates and self.rates.known else 0):
            start = first + instant_of(cell, last - first, self.width)
            after = first + instant_of(cell + 1, last - first, self.width)
            rounds = self.rates.rounds(start, max(after, start + _SAMPLED)) if self.rates else 0
            yield bool(rounds) + sum(rounds >= least for least in _DENSE)


class Drawn(NamedTuple):
    """The signs of a bar by cell, and for each cell how dense its stroke is; () for all plain."""

    signs: dict[int, str]
    density: tuple[int, ...]


def marks_of(found: Snapshot, width: int) -> Marks:
    """The marks of a snapshot's run on a line of `width` cells."""
    window, state = seen_of(found), found.state
    cells = bar_width(found, width)[1]
    trapped = found.trapped and window.last == state.last_instant
    return Marks(found.tape, found.hits, found.rates, found.forks, window, cells, trapped)


def timeline_bar(found: Snapshot, width: int, drawn: Drawn | None = None) -> Text:
    """The run with its marks and the position `●`, between the first and the last instant.

    What lies before the position is drawn heavy, a run whose end is not known open. Seen nearer
    it goes on beyond `«` and `»`.
    """
    window = seen_of(found)
    begin, inner = bar_width(found, width)
    here = cell_of(found.instant - window.first, window.last - window.first, inner)
    signs, density = drawn or marks_of(found, width).drawn()
    levels = density or (0,) * inner
    cells = [_STROKES[at >= here][level] for at, level in enumerate(levels)]
    for at, sign in signs.items():
        cells[at] = sign
    cells[here] = "●"
    plain = ["muted" if at > here else "" for at in range(inner)]
    styles = [_SIGNS[c][0] if c in _SIGNS and c != "┄" else plain[i] for i, c in enumerate(cells)]
    begins = "▕" if not window.first else "«"
    bar = Text.assemble((f"{window.first:>{begin - 2},} {begins}", "muted"))
    for style, run in groupby(zip(cells, styles, strict=True), key=lambda pair: pair[1]):
        bar.append("".join(cell for cell, _ in run), style)
    return bar.append(f"{_ending(found, window)} {window.last:,}", "muted")


def _ending(found: Snapshot, window: Window) -> str:
    if window.last < span_of(found.state):
        return "»"
    return "▏" if found.state.last_instant is not None else "…"


def legend(drawn: Drawn) -> str:
    """What the signs of a bar mean, those that stand on it."""
    there = {"●", *drawn.signs.values(), *("┄" if any(drawn.density) else "")}
    return "  ".join(f"{sign} {word}" for sign, (_, word) in _SIGNS.items() if sign in there)


def cell_of(instant: int, span: int, width: int) -> int:
    """The cell of an instant on a bar of `width` cells."""
    return min(instant * (width - 1) // span, width - 1)


def instant_of(cell: int, span: int, width: int) -> int:
    """The first instant of a cell, the inverse of `cell_of`."""
    held = max(0, min(cell, width - 1))
    return min(-(-held * span // max(width - 1, 1)), span)

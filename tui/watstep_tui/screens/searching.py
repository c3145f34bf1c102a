"""Searching the pane that keys act on: rows, the bytes of the memory, the instructions that ran."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from rich.text import Text

from watstep.debug.finding import in_trace, next_in_memory, pattern
from watstep.debug.session import Session
from watstep.errors import CommandError
from watstep_tui.rows.events import TraceRows
from watstep_tui.rows.lazy import LazyRows
from watstep_tui.screens.looking import Looking
from watstep_tui.screens.session import SessionScreen
from watstep_tui.screens.tabs import MEMORY, TRACE
from watstep_tui.widgets.command_line import CommandLine

MOST_ROWS = 50_000
"""Rows that one search looks through: they are made for it, at the keyboard."""

WORD = "search"
"""What the command line begins with when it asks what to search for."""


class Searching:
    """The rows of the registry that look for something in a pane."""

    def __init__(self, screen: SessionScreen, looking: Looking) -> None:
        """Search on a screen, with nothing looked for."""
        self.screen, self.board, self.looking = screen, screen.board, looking
        self.wanted = ""

    def action_search(self) -> None:
        """Ask what to look for in the pane that keys act on."""
        self.screen.query_one(CommandLine).open(f"{WORD} ")

    def action_search_next(self) -> None:
        """The next place of what was looked for."""
        self._again(before=False)

    def action_search_before(self) -> None:
        """The place before of what was looked for."""
        self._again(before=True)

    def search(self, wanted: str) -> None:
        """Look for a text; an empty one is the last one again."""
        self.wanted = wanted or self.wanted
        self._again(before=False)

    def _again(self, *, before: bool) -> None:
        if not self.wanted:
            self.action_search()
        elif self.board.active == "below" and self.board.open_tab is MEMORY:
            self.screen.ask(self._memory(before))
        elif self.board.active == "below" and self.board.open_tab is TRACE:
            self.screen.ask(self._trace(before))
        else:
            self._rows(before)

    def _say(self, found: object) -> None:
        if found is None:
            self.screen.say(f"`{self.wanted}` stands nowhere in this pane", "error")
        else:
            self.screen.say(f"`{self.wanted}`   . next   , before")

    def _rows(self, before: bool) -> None:
        pane = self.board.pane(self.board.active)
        count, at = len(pane.rows), pane.pointed_at
        order: Iterable[int] = range(1, count + 1)
        rows = [(at - by if before else at + by) % count for by in islice(order, MOST_ROWS)]
        wanted = self.wanted.casefold()
        found = next((row for row in rows if wanted in _plain(pane.rows, row).casefold()), None)
        if found is not None:
            pane.mark(found)
        self._say(found)

    def _memory(self, before: bool) -> Callable[[Session], None]:
        snapshot, wanted = self.screen.snapshot, pattern(self.wanted)
        at = snapshot.memory_at if snapshot else 0

        def find(session: Session) -> None:
            found = next_in_memory(session, wanted, at, before=before)
            self.screen.app.call_from_thread(self._show_memory, found)

        return find

    def _show_memory(self, found: int | None) -> None:
        if found is not None:
            self.looking.look_at_memory(found)
        self._say(found)

    def _trace(self, before: bool) -> Callable[[Session], None]:
        at, wanted = self._instant(), self.wanted

        def find(session: Session) -> None:
            found = in_trace(session, wanted, at, before=before)
            if found is None and session.timeline.interrupted:
                raise CommandError("the search was interrupted")
            self.screen.app.call_from_thread(self._show_trace, found)

        return find

    def _instant(self) -> int:
        """The instant of the row of the trace that keys act on."""
        pane = self.board.pane("below")
        rows = pane.rows
        found = rows.instant_of(pane.pointed_at) if isinstance(rows, TraceRows) else None
        return found or 0

    def _row_of(self, instant: int) -> int:
        rows = self.board.pane("below").rows
        return rows.row_of(instant) if isinstance(rows, TraceRows) else 0

    def _show_trace(self, found: int | None) -> None:
        if found is not None:
            self.looking.look(lambda view: replace(view, scrolled=found))
            self.board.pane("below").mark(self._row_of(found))
        self._say(found)


def _plain(rows: Sequence[Text], row: int) -> str:
    return rows.plain(row) if isinstance(rows, LazyRows) else rows[row].plain

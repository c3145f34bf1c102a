"""Completion as one types: when it is offered, what the keys do with it, the places to fill in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from textual.timer import Timer
from textual.worker import WorkType

from watstep.editing.candidates import Candidate
from watstep.editing.completion import (
    Completion,
    Match,
    accepted,
    complete,
    is_name,
    matching,
)
from watstep.host.catalog import INTERFACE
from watstep.source.text import Position, Source, Span
from watstep_tui.screens.desk import Desk
from watstep_tui.widgets.popup import ListRow

PAUSE = 0.05
"""Seconds without a key before anything is offered: quick typing and held keys see nothing."""
MOST = 60
"""Candidates that are listed."""
_WORD = re.compile(r"[^\s()\";]*\Z")
_BEGINS = re.compile(r"[a-zA-Z$_.]")
PAGE = 7


@dataclass(frozen=True)
class Offered:
    """Candidates for the word that begins at a place of the editor."""

    found: Completion
    row: int
    column: int
    behind: int
    """Letters of the word after the cursor."""
    asked: bool
    """Whether it was asked for, rather than offered by itself."""


class Completing:
    """The room that completes words."""

    def __init__(self, desk: Desk, granted: Callable[[], Collection[str]]) -> None:
        """Nothing is offered; `granted` are the capabilities that the next run has."""
        self.desk, self.granted = desk, granted
        self.offered: Offered | None = None
        self.matches: list[Match] = []
        self._word = ""
        """What `matches` were filtered by."""
        self._timer: Timer | None = None
        self.unasked = True
        """Whether words are offered as one types."""

    def begin(self) -> None:
        """Offer nothing that has left its place."""
        editor = self.desk.editor
        for name in ("has_focus", "scroll_x", "scroll_y"):
            self.desk.watch(editor, name, self.close, init=False)

    def typed(self, letter: str) -> None:
        """A letter was typed: offer what it may become, after a pause."""
        self.forget()
        begins = bool(_BEGINS.match(letter)) or (letter.isdigit() and self._before_cursor())
        if self.unasked and self.offered is None and (begins or letter == " "):
            self._timer = self.desk.set_timer(PAUSE, lambda: self._ask(asked=False))

    def forget(self) -> None:
        """What was to be offered soon is not."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def action_complete(self) -> None:
        """Offer what could stand at the cursor, now."""
        if self.desk.editor.has_focus:
            self._ask(asked=True)

    def _ask(self, *, asked: bool) -> None:
        self.forget()
        work: WorkType[None] = partial(self._find, asked=asked)
        self.desk.run_worker(work, group="complete", exclusive=True)

    async def _find(self, *, asked: bool) -> None:
        """Look for candidates beside the keyboard, and offer them unless it was overtaken."""
        editor = self.desk.editor
        text, place = editor.text, editor.selection.end
        offset = Source("", text).offset(Position(place[0] + 1, place[1] + 1))
        compiled = self.desk.compilation
        profile = compiled.profile if compiled else "agent"
        found = await asyncio.to_thread(complete, text, offset, INTERFACE, self.granted(), profile)
        now = editor.selection
        overtaken = editor.text != text or now.end != place or now.start != now.end
        if overtaken or not editor.has_focus:
            return
        if found is None:
            if asked:
                self.desk.note("nothing can be completed here")
            return
        behind = found.word.end - offset
        column = place[1] - (offset - found.word.start)
        if not asked and (behind or (found.word.start == offset and not _is_sure(found))):
            return
        self.offered = Offered(found, place[0], column, behind, asked)
        self._filter()

    def _before_cursor(self) -> str:
        """The word's letters before the cursor."""
        row, column = self.desk.editor.selection.end
        found = _WORD.search(self.desk.editor.document.get_line(row)[:column])
        return found[0] if found else ""

    def follow(self) -> None:
        """The text or the cursor moved: filter by the word as it is, or put the list away."""
        editor, offered = self.desk.editor, self.offered
        selection = editor.selection
        if editor.stops and not editor.stops[0][0][0] <= selection.end[0] <= editor.stops[-1][1][0]:
            editor.forget_stops()
        if offered is None:
            return
        row, column = selection.end
        typed = column - offered.column
        moved = row != offered.row or typed < 0 or selection.start != selection.end
        if moved or len(self._before_cursor()) != typed:
            self.close()
        elif self._before_cursor() != self._word:
            if not typed and not offered.asked:
                self.close()
            else:
                self._filter()

    def _filter(self) -> None:
        offered = self.offered
        assert offered is not None
        word = self._before_cursor()
        self.matches, self._word = matching(offered.found, word)[:MOST], word
        first = self.matches[0].candidate if self.matches else None
        if first is None or (first.label == word and not first.whole):
            self.close()
            return
        popup = self.desk.popup
        popup.deliberate = offered.asked
        keys = "Tab ⏎ take it" if offered.asked else "Tab takes it · ↓ chooses"
        rows = [_row(match) for match in self.matches]
        popup.show(rows, self.desk.editor.cell_on_screen((offered.row, offered.column)), keys)

    def close(self) -> None:
        """Offer nothing more."""
        self.forget()
        if self.offered is not None:
            self.offered, self.matches = None, []
            self.desk.popup.hide()

    def take_key(self, key: str) -> bool:
        """Whether a key of the editor was for the list or for the places to fill in."""
        if self.offered is not None:
            return self._list_key(key)
        return self._stop_key(key)

    def _list_key(self, key: str) -> bool:
        popup = self.desk.popup
        if key in _MOVES:
            popup.move(_MOVES[key])
            return True
        if key == "escape":
            self.close()
            return True
        if key == "tab" or (key == "enter" and popup.deliberate):
            return self._take(popup.chosen)
        if key == "enter":
            self.close()
        return False

    def pick(self, row: int) -> None:
        """A row was clicked."""
        self._take(row)

    def _take(self, row: int) -> bool:
        """Write a row's candidate, if it is still one for the word as it stands."""
        offered = self.offered
        if offered is None or row >= len(self.matches):
            return False
        chosen = self.matches[row].candidate
        word = self._before_cursor()
        if word != self._word:
            # Letters that were typed meanwhile decide again.
            still = matching(offered.found, word)
            if chosen not in [match.candidate for match in still[:1]]:
                self.close()
                return False
        self.close()
        self._write(offered, chosen)
        return True

    def _write(self, offered: Offered, chosen: Candidate) -> None:
        editor = self.desk.editor
        source = Source("", editor.text)
        row, column = editor.selection.end
        end = source.offset(Position(row + 1, column + 1)) + offered.behind
        done = accepted(source.text, offered.found, chosen, end)
        start = self.desk.place_of(source, done.edit.span.start)
        after = self.desk.place_of(source, done.edit.span.end)
        editor.history.checkpoint()
        editor.replace(done.edit.text, start, after, maintain_selection_offset=False)
        editor.history.checkpoint()
        if done.stops:
            written = Source("", editor.text)
            spans = [*done.stops, Span(done.end, done.end)]
            editor.stops = [
                (self.desk.place_of(written, first), self.desk.place_of(written, last))
                for first, last in spans
            ]
            self._go_to_stop(0)
        elif done.edit.text.endswith(" "):
            self._ask(asked=False)

    def _stop_key(self, key: str) -> bool:
        """Tab and Shift+Tab walk the places to fill in, Escape leaves them."""
        editor = self.desk.editor
        if not editor.stops or key not in {"tab", "shift+tab", "escape"}:
            return False
        if key == "escape":
            editor.forget_stops()
            return True
        here = editor.selection.end
        ends = [stop[1] for stop in editor.stops]
        if key == "tab":
            index = next((n for n, stop in enumerate(editor.stops) if stop[0] > here), -1)
            if here > ends[-1] or index < 0:
                editor.forget_stops()
                return False
        else:
            start = min(editor.selection)
            index = max((n for n, stop in enumerate(editor.stops) if stop[1] < start), default=0)
        self._go_to_stop(index)
        return True

    def _go_to_stop(self, index: int) -> None:
        editor = self.desk.editor
        first, last = editor.stops[index]
        editor.move_cursor(first)
        editor.move_cursor(last, select=True)
        if index == len(editor.stops) - 1:
            editor.forget_stops()


def _is_sure(found: Completion) -> bool:
    """Whether names or a type are all that can follow, so that a list helps before any letter."""
    return is_name(found) or len(found.candidates) == 1


def _row(match: Match) -> ListRow:
    candidate = match.candidate
    note = f"  {candidate.note}" if candidate.note else ""
    about = f"{candidate.kind.value}{note and f',{note[1:]}'}: {candidate.help}"
    return ListRow(candidate.label, match.letters, candidate.detail + note, about)


_MOVES = {"down": 1, "up": -1, "pagedown": PAGE, "pageup": -PAGE}

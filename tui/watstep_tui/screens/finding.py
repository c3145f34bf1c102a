"""Finding and replacing text in the pane in use, and going to a line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from watstep.source.diagnostic import Edit
from watstep.source.text import Position, Source, Span
from watstep_tui.keymap import key_for
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.searched import InExpansion, InSource, InTab, Rows, Searched
from watstep_tui.text.seeker import Hit, Query, search
from watstep_tui.widgets.find_bar import FindBar

_NAME = re.compile(r"(?<!\\)\$\w")
"""What somebody types who means a name, and forgets that it is a pattern."""
_PLACE = re.compile(r"\s*(\d+)\s*(?:[:,]\s*(\d+)\s*)?$")


class Asked(NamedTuple):
    """A search: a text, what is looked for, and between which offsets."""

    text: str
    query: Query
    within: tuple[int, int]


class Finding:
    """The find bar's work on a desk."""

    def __init__(self, desk: Desk) -> None:
        """Nothing is looked for yet."""
        self.desk = desk
        self._query = Query()
        self._pane: Searched = InSource(desk)
        self._from = 0
        """Where the search began: what is typed is looked for from here on."""
        self._zone: tuple[str, Span] | None = None
        """The part of the source that alone is searched, and the text that it is of."""
        self._asked: Asked | None = None
        self._awaited: Asked | None = None
        self._hits: list[Hit] = []
        self._problem = ""

    def _pane_in_use(self) -> Searched:
        """The pane with the keys; that of the bar, while one types there."""
        desk = self.desk
        if desk.find_bar.has_focus_within:
            return self._pane
        if desk.view.has_focus:
            return InExpansion(desk)
        return InTab(desk) if desk.panel.has_focus else InSource(desk)

    def action_find(self) -> None:
        """Open the bar on the pane in use; one selected line of the source is looked for."""
        self._show({})
        self._pane = self._pane_in_use()
        self._zone = None
        self._open(replacing=False)

    def action_replace(self) -> None:
        """Open the bar with a second line, on the source; several selected lines limit it.

        A match is no such selection: the key again, in the bar, takes the limit away.
        """
        self._show({})
        self._pane, self._zone = InSource(self.desk), None
        if "\n" in self.desk.editor.selected_text:
            self._limit()
        self._open(replacing=True)

    def action_find_case(self) -> None:
        """Tell capital letters from small ones, or not."""
        self._opened().toggle_case()

    def action_find_pattern(self) -> None:
        """Look for a regular expression, or for the text as it is."""
        self._opened().toggle_pattern()

    def action_replace_all(self) -> None:
        """Replace every match at once; before the bar shows by what, it is only opened."""
        if self.desk.find_bar.replaces:
            self.replace(every=True)
        else:
            self.action_replace()

    def _opened(self) -> FindBar:
        if not self.desk.find_bar.display:
            self.action_find()
        return self.desk.find_bar

    def _open(self, *, replacing: bool) -> None:
        self._from = self._zone[1].start if self._zone else self._pane.here[0]
        chosen = self.desk.editor.selected_text if isinstance(self._pane, InSource) else ""
        bar = self.desk.find_bar
        bar.show_zone(self._zone is not None)
        bar.open("" if "\n" in chosen else chosen, replacing=replacing)

    def _limit(self) -> None:
        start, end = self._pane.here
        self._zone = (self.desk.editor.text, Span(start, end))

    def seek(self, query: Query) -> None:
        """Another query: the first match from where the search began, else from the top."""
        self._query = query
        self._seek(self._choose_from)

    def _seek(self, then: Callable[[], None]) -> None:
        """Have the matches of the query in the pane; a pattern's are awaited."""
        text = self._pane.text
        zone = self._zone[1] if self._zone else Span(0, len(text))
        asked = Asked(text, self._query, (zone.start, zone.end))
        if asked == self._asked:
            then()
        elif self._query.pattern:
            if asked == self._awaited and then == self._show_all:
                # What waits for these matches shows them all, too.
                return
            self._awaited = asked
            work = self._seek_beside(asked, then)
            self.desk.run_worker(work, group="find", exclusive=True)
        else:
            self._asked, self._awaited, self._problem = asked, None, ""
            self._hits = search(text, self._query, *asked.within)
            then()

    async def _seek_beside(self, asked: Asked, then: Callable[[], None]) -> None:
        from watstep_tui.text.seeking import seek

        hits, problem = [], ""
        try:
            hits = await seek(asked.text, asked.query, *asked.within)
        except ValueError as failure:
            problem = str(failure)
        if not hits and _NAME.search(asked.query.sought):
            problem = problem or r"in a pattern `$` is the end of a line: the sign is `\$`"
        if asked == self._awaited:
            self._asked, self._awaited, self._hits, self._problem = asked, None, hits, problem
            then()

    def _choose_from(self) -> None:
        """The first match after where the search began."""
        self._choose(bisect_left(self._hits, (self._from,)))

    def move(self, by: int) -> None:
        """The next match after the cursor, or the last before it; at the end it begins again."""

        def go() -> None:
            start, end = self._pane.here
            after = bisect_left(self._hits, (max(end, start + 1),))
            self._choose(after if by > 0 else bisect_left(self._hits, (start,)) - 1)

        self._seek(go)

    def _choose(self, at: int) -> None:
        if self._hits:
            at %= len(self._hits)
            hit = self._hits[at]
            self._pane.choose(Span(hit.start, hit.end))
            self._from = hit.start
        self._show_all(at)

    def _show_all(self, at: int | None = None) -> None:
        """Show every match, how many there are, and what the chosen one would become."""
        bar = self.desk.find_bar
        if not bar.display:
            self._show({})
            return
        source = Source("", self._pane.text)
        rows: Rows = {}
        for hit in self._hits:
            # One over several lines is shown on its first.
            place = source.position(hit.start)
            column = place.column - 1
            rows.setdefault(place.line - 1, []).append((column, column + hit.end - hit.start))
        self._show(rows)
        bar.show_count(0 if at is None or not self._hits else at + 1, len(self._hits))
        bar.show_problem(self._problem)
        bar.show_preview(*self._preview(source, at))

    def _show(self, rows: Rows) -> None:
        self._pane.show(rows)

    def _preview(self, source: Source, at: int | None) -> tuple[int, str, str]:
        """The line of a match, as it is and as it would be; line 0 where there is none."""
        if not self._hits:
            return 0, "", ""
        hit = self._hits[at or 0]
        line = source.position(hit.start).line
        first = source.line_starts[line - 1]
        before = source.line_text(line)
        start, end = hit.start - first, hit.end - first
        return line, before.strip(), (before[:start] + hit.text + before[end:]).strip()

    def text_changed(self) -> None:
        """Show the matches of the text as it stands, while the bar is open."""
        if self._zone is not None and self._zone[0] != self.desk.editor.text:
            self._zone = None
            self.desk.find_bar.show_zone(False)
        if self.desk.find_bar.display:
            self._seek(self._show_all)
        else:
            self._show({})

    def replace(self, *, every: bool) -> None:
        """Replace the chosen match and go to the next, or every match, as one edit."""
        self._seek(self._replace_all if every else self._replace_one)

    def _replace_one(self) -> None:
        chosen = self._pane.here
        hit = next((hit for hit in self._hits if (hit.start, hit.end) == chosen), None)
        if hit is None:
            self.move(1)
            return
        self._apply([hit], f"replaced one; {key_for('undo')} takes it back")
        self._from = hit.start + len(hit.text) + (hit.start == hit.end)
        self._seek(self._choose_from)

    def _replace_all(self) -> None:
        if self._hits:
            count = f"{len(self._hits):,} match{'' if len(self._hits) == 1 else 'es'}"
            self._apply(self._hits, f"replaced {count}; {key_for('undo')} takes it back")

    def _apply(self, hits: list[Hit], said: str) -> None:
        desk = self.desk
        before = desk.editor.text
        own = desk.editor.document.in_own_ends
        edits = [Edit(Span(hit.start, hit.end), own(hit.text)) for hit in hits]
        desk.apply_edits(Source("", before), edits, said)
        desk.find_bar.take_keys()
        if self._zone is not None:
            zone, text = self._zone[1], desk.editor.text
            self._zone = (text, Span(zone.start, zone.end + len(text) - len(before)))

    def leave(self) -> None:
        """The bar was closed: its marks go, and the keys are the searched pane's again."""
        self._show({})
        self._pane.widget.focus()

    def action_find_next(self) -> None:
        """The next match in the pane in use, asking for a text where there is none."""
        self._go_on(1)

    def action_find_previous(self) -> None:
        """The match before."""
        self._go_on(-1)

    def _go_on(self, by: int) -> None:
        if not self._query.sought:
            self.action_find()
            return
        before, self._pane = self._pane, self._pane_in_use()
        if type(before) is not type(self._pane):
            before.show({})
            self._zone = None
        self.move(by)

    def action_go_to_line(self) -> None:
        """Ask for a line and go there."""
        from watstep_tui.screens.dialogs.line import LineDialog

        last = self.desk.editor.document.line_count
        hint = f"a line from 1 to {last:,}, or line:column"

        def judge(typed: str) -> str | None:
            found = _PLACE.match(typed)
            if found is None:
                return f"`{typed}` is no line: write {hint}" if typed.strip() else hint
            return None if 1 <= int(found[1]) <= last else f"there are lines 1 to {last:,}"

        def go(typed: str | None) -> None:
            found = _PLACE.match(typed or "")
            if found:
                self.desk.go_to(Position(int(found[1]), int(found[2] or 1)))

        self.desk.app.push_screen(LineDialog("Go to line", hint, judge), go)

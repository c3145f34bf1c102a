"""Finding text, and going to a line."""

from __future__ import annotations

import re
from bisect import bisect_left

from watstep.source.text import Position, Source, Span
from watstep_tui.screens.desk import Desk

_PLACE = re.compile(r"\s*(\d+)\s*(?:[:,]\s*(\d+)\s*)?$")


def matches(text: str, sought: str, *, case: bool) -> list[Span]:
    """Where a text stands in another, in order, without overlaps."""
    if not sought:
        return []
    flags = re.NOFLAG if case else re.IGNORECASE
    return [Span(*found.span()) for found in re.finditer(re.escape(sought), text, flags)]


class Finding:
    """The find bar's work on a desk."""

    def __init__(self, desk: Desk) -> None:
        """Nothing is looked for yet."""
        self.desk = desk
        self._sought, self._case = "", False
        self._from = 0
        """Where the search began: what is typed is looked for from here on."""

    def action_find(self) -> None:
        """Open the bar; one selected line is looked for."""
        chosen = self.desk.editor.selected_text
        self._from = self._offset(min(self.desk.editor.selection))
        self.desk.find_bar.open("" if "\n" in chosen else chosen)

    def _offset(self, place: tuple[int, int]) -> int:
        return Source("", self.desk.editor.text).offset(Position(place[0] + 1, place[1] + 1))

    def _matches(self) -> list[Span]:
        return matches(self.desk.editor.text, self._sought, case=self._case)

    def seek(self, text: str, *, case: bool) -> None:
        """Another text: the first match from where the search began, else from the top."""
        self._sought, self._case = text, case
        found = self._matches()
        at = bisect_left(found, self._from, key=lambda span: span.start)
        self._choose(found, at)

    def move(self, by: int) -> None:
        """The next match after the cursor, or the last before it; at the end it begins again."""
        found = self._matches()
        start, end = (self._offset(place) for place in sorted(self.desk.editor.selection))
        after = bisect_left(found, max(end, start + 1), key=lambda span: span.start)
        before = bisect_left(found, start, key=lambda span: span.start)
        self._choose(found, after if by > 0 else before - 1)

    def _show(self, found: list[Span]) -> None:
        """Show every match; one over several lines is shown on its first."""
        rows: dict[int, list[tuple[int, int]]] = {}
        source = Source("", self.desk.editor.text)
        for span in found:
            row, column = self.desk.place_of(source, span.start)
            rows.setdefault(row, []).append((column, column + span.end - span.start))
        self.desk.editor.show_found(rows)

    def text_changed(self) -> None:
        """Show the matches of the text as it stands, while the bar is open."""
        self._show(self._matches() if self.desk.find_bar.display else [])

    def _choose(self, found: list[Span], at: int) -> None:
        self._show(found if self.desk.find_bar.display else [])
        if found:
            at %= len(found)
            self.desk.select(found[at])
            self._from = found[at].start
        self.desk.find_bar.show_count(at + 1 if found else 0, len(found))

    def action_find_next(self) -> None:
        """The next match, asking for a text where there is none."""
        if self._sought:
            self.move(1)
        else:
            self.action_find()

    def action_find_previous(self) -> None:
        """The match before."""
        if self._sought:
            self.move(-1)
        else:
            self.action_find()

    def action_go_to_line(self) -> None:
        """Ask for a line and go there."""
        from watstep_tui.screens.dialogs import LineDialog

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

"""Selection by form: larger, smaller again, and from a parenthesis to its partner."""

from __future__ import annotations

from watstep.source.text import Source, Span
from watstep_tui.screens.desk import Desk

# Loaded with the first key that asks: the first paint need not wait for them.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from watstep.syntax.tree import Tree


class Selecting:
    """What a desk selects by the forms of its text."""

    def __init__(self, desk: Desk) -> None:
        """Nothing was expanded yet."""
        self.desk = desk
        self._selected: list[Span] = []
        """Selections that were expanded, each within the next; the last is the one that is."""

    def forget(self) -> None:
        """Another text is edited."""
        self._selected.clear()

    def action_expand_selection(self) -> None:
        """Select the next larger form around the selection."""
        from watstep.editing.selection import grown

        source, selected = self._selection()
        if not self._selected or self._selected[-1] != selected:
            self._selected = [selected]
        larger = grown(self._tree(source), selected)
        if larger != selected:
            self._selected.append(larger)
            self.desk.select(larger)

    def action_shrink_selection(self) -> None:
        """Back to the form, or the cursor, that the selection was expanded from."""
        from watstep.editing.selection import shrunk

        source, selected = self._selection()
        if len(self._selected) > 1 and self._selected[-1] == selected:
            self._selected.pop()
            smaller = self._selected[-1]
        elif selected.start < selected.end:
            smaller = shrunk(self._tree(source), selected, selected.start)
        else:
            return
        self.desk.select(smaller)

    def _selection(self) -> tuple[Source, Span]:
        source = Source(self.desk.workspace.name, self.desk.editor.text)
        places = (self.desk.offset_of(place) for place in sorted(self.desk.editor.selection))
        return source, Span(*places)

    def _tree(self, source: Source) -> Tree:
        from watstep.syntax.parser import parse

        found = self.desk.compilation
        fresh = found is not None and found.source.text == source.text
        return found.expansion.tree if found and fresh else parse(source)

    def action_matching_parenthesis(self) -> None:
        """From a parenthesis to its partner, else out to the form around the cursor."""
        from watstep.editing.selection import levels

        editor = self.desk.editor
        partner = editor.matching_bracket_location
        if partner is None:
            source, selected = self._selection()
            around = levels(self._tree(source), selected.end)
            starts = [span.start for span in around if source.text.startswith("(", span.start)]
            outer = [start for start in starts if start < selected.end]
            if not outer:
                self.desk.note("no parenthesis stands around the cursor")
                return
            partner = self.desk.place_of(source, outer[0])
        editor.move_cursor(partner)

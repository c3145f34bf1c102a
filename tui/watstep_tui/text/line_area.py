"""A text area whose keys act on whole lines."""

from __future__ import annotations

from operator import add
from typing import ClassVar

from textual.binding import Binding
from textual.document._document import Selection
from textual.widgets import TextArea

from watstep_tui.keymap import LINES
from watstep_tui.text.document import LineDocument
from watstep_tui.text.lines import LineEdit, commented, duplicated, moved


class LineArea(TextArea):
    """Moves lines, writes them twice, makes comments of them: each one step to take back."""

    BINDINGS: ClassVar = [
        Binding(",".join(row.keys), row.id, show=False, id=row.id) for row in LINES
    ]
    document: LineDocument

    def action_move_up(self) -> None:
        """Put the selected lines, or the cursor's, above the line before them."""
        self.edit_lines(moved(self.document.lines, self.selection, -1))

    def action_move_down(self) -> None:
        """Put them below the line after them."""
        self.edit_lines(moved(self.document.lines, self.selection, 1))

    def action_duplicate(self) -> None:
        """Write them twice."""
        self.edit_lines(duplicated(self.document.lines, self.selection))

    def action_comment(self) -> None:
        """Make comments of them, or code again."""
        self.edit_lines(commented(self.document.lines, self.selection))

    def edit_lines(self, edit: LineEdit | None) -> None:
        """Have other lines in the place of some, as one step to take back."""
        if edit is None or self.read_only:
            return
        document = self.document
        rows = range(edit.first, edit.first + len(edit.after) - 1)
        inner = [document.line_end(row) if row < edit.last else "" for row in rows]
        ends = [end or document.in_own_ends("\n") for end in inner]
        self.history.checkpoint()
        last = len(document.get_line(edit.last))
        self.replace("".join(map(add, edit.after, [*ends, ""])), (edit.first, 0), (edit.last, last))
        self.history.checkpoint()
        self.selection = Selection(*edit.selected)

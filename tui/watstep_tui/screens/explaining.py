"""What a problem means: the page of its code over the desk, and a comment that allows it."""

from __future__ import annotations

from watstep.lint.allow import allowing
from watstep.lint.levels import SUMMARIES
from watstep.source.diagnostic import Diagnostic, Severity
from watstep_tui.keymap import key_for
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.dialogs.page import PageDialog


class Explaining:
    """What a desk tells of a problem beyond its message."""

    def __init__(self, desk: Desk) -> None:
        """Nothing is told yet."""
        self.desk = desk

    def _here(self) -> list[Diagnostic]:
        """The marked problem of the tab, else those of the cursor's line, the nearest first."""
        marked = self.desk.panel.marked_row if self.desk.panel.has_focus else None
        found = self.desk.fresh()
        if marked is not None and marked.problem in found.diagnostics:
            return [marked.problem]
        row, column = self.desk.editor.selection.end
        source = found.source
        here = [item for item in found.diagnostics if source.line_of(item.span.start) == row + 1]

        def distance(item: Diagnostic) -> tuple[bool, int]:
            start = source.position(item.span.start).column - 1
            inside = start <= column <= start + item.span.end - item.span.start
            return not inside, abs(column - start)

        return sorted(here, key=distance)

    def action_explain(self) -> None:
        """Show the page of the problem at the cursor."""
        here = self._here()
        if not here:
            self.desk.note(f"no problem on this line; {key_for('next_problem')} goes to the next")
            return
        # The pages are read when somebody asks for one.
        from watstep.editing.pages import explained

        page = explained(here[0].code)
        if page is None:
            self.desk.note(f"there is no page on {here[0].code}")
            return
        look = self.desk.editor.look
        self.desk.app.push_screen(PageDialog(self.desk.fresh().source, here[0], page, look))

    def action_allow(self) -> None:
        """Write the comment that allows the lint at the cursor."""
        here = self._here()
        lints = [
            item for item in here if item.code in SUMMARIES and item.severity is not Severity.ERROR
        ] or [item for item in here if item.code in SUMMARIES]
        if not lints:
            what = f"{here[0].code} is an error of the language" if here else "no lint is here"
            self.desk.note(f"{what}: there is nothing to allow")
            return
        problem = lints[0]
        found = self.desk.fresh()
        edit = allowing(found.expansion.tree, problem)
        if edit is None:
            self.desk.note(
                f"no comment fits on this line: write `;; allow: {problem.code}` by hand"
            )
            return
        said = f"{problem.code} is allowed here; {key_for('undo')} takes it back"
        self.desk.apply_edits(found.source, [edit], said)

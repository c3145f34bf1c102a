"""Fixes by a key: the one there is, a choice of several, all of a kind, a grant that lacks."""

from __future__ import annotations

from collections.abc import Sequence

from watstep.editing.mending import of_kind, together
from watstep.pipeline import Compilation
from watstep.source.diagnostic import Diagnostic, Fix
from watstep_tui.keymap import key_for
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.dialogs.fix import FixDialog
from watstep_tui.screens.running import Running


class Fixing:
    """What mends the problems of a desk's program."""

    def __init__(self, desk: Desk, running: Running) -> None:
        """Grants belong to the runs."""
        self.desk, self.running = desk, running

    def action_fix(self) -> None:
        """Mend the marked problem, else those of the cursor's line; ask where there are ways."""
        found = self.desk.fresh()
        ways = [(problem, fix) for problem in self._problems(found) for fix in problem.fixes]
        if not ways:
            self._grant(found)
        elif len(ways) == 1:
            self._apply(found, ways[0][1])
        else:
            self._ask(found, ways)

    def action_fix_all(self) -> None:
        """Mend every problem of the kind of the marked one, else of the first on the line."""
        found = self.desk.fresh()
        chosen = next((item for item in self._problems(found) if item.fixes), None)
        if chosen is None:
            self._say_none()
            return
        self._apply_all(found, chosen, chosen.fixes[0])

    def _problems(self, found: Compilation) -> Sequence[Diagnostic]:
        """The marked problem, else those that begin on the cursor's line."""
        panel = self.desk.panel
        marked = panel.marked_row if panel.has_focus else None
        if marked and marked.problem in found.diagnostics:
            return [marked.problem]
        row = self.desk.editor.selection.end[0] + 1
        return [item for item in found.diagnostics if found.source.line_of(item.span.start) == row]

    def _ask(self, found: Compilation, ways: list[tuple[Diagnostic, Fix]]) -> None:
        several = len({problem.span for problem, _ in ways}) > 1
        titles = [
            f"{found.source.position(problem.span.start).column}: {fix.title}"
            if several
            else fix.title
            for problem, fix in ways
        ]
        problem, fix = ways[0]
        alike = len(of_kind(found.diagnostics, problem, fix))
        if alike > 1:
            titles.append(f"{fix.title}, and so for all {alike} of {problem.code}")

        def chosen(index: int | None) -> None:
            if index is None:
                return
            if found.source.text != self.desk.editor.text:
                self.desk.note("the text has changed: ask again")
            elif index == len(ways):
                self._apply_all(found, problem, fix)
            else:
                self._apply(found, ways[index][1])

        self.desk.app.push_screen(FixDialog(titles), chosen)

    def _apply(self, found: Compilation, fix: Fix) -> None:
        said = f"fixed: {fix.title}; {key_for('undo')} takes it back"
        self.desk.apply_edits(found.source, fix.edits, said)

    def _apply_all(self, found: Compilation, problem: Diagnostic, fix: Fix) -> None:
        edits = together(of_kind(found.diagnostics, problem, fix))
        said = f"fixed all of {problem.code} that could be; {key_for('undo')} takes it back"
        self.desk.apply_edits(found.source, edits, said)

    def _grant(self, found: Compilation) -> None:
        """Where a host function on the cursor's line is not granted, ask for its grant."""
        row = self.desk.editor.selection.end[0] + 1
        if found.program is None or not self.running.grant_at(found.program, row):
            self._say_none()

    def _say_none(self) -> None:
        marked = self.desk.panel.marked_row if self.desk.panel.has_focus else None
        where = "this problem" if marked and marked.problem else "what stands on this line"
        self.desk.note(f"watstep knows no fix for {where}")

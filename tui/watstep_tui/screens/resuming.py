"""Stepping from the editor: the run just made, the one that was left, or one made again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from watstep.host.settings import DEFAULT_GRANTS, RunSettings
from watstep.pipeline import Program
from watstep.source.text import counted
from watstep_tui.results import Report
from watstep_tui.screens.buffers import OpenRun
from watstep_tui.screens.running import Running

if TYPE_CHECKING:
    from watstep.debug.session import Recorded
    from watstep.runfile.reading import RunFile

    # Loaded with the first run that is stepped.
    from watstep_tui.screens.session import Begun


class Resuming:
    """Opens the stepping screen, and keeps its run while the program is edited."""

    def __init__(self, running: Running) -> None:
        """Step through the runs of a desk's program."""
        self.running, self.desk = running, running.desk

    def action_stepping(self) -> None:
        """Step: through the run that is there; after an edit again, on the same answers."""
        running, runs = self.running, self.running.runs
        program = running.program_to_run()
        if program is None:
            return
        left = runs.left or runs.last
        changed = running.what_changed(program, left.program, left.settings) if left else ""
        if left and changed == "the text":
            # What is said there is where the two runs part.
            running.granted(program, runs.once, lambda p, s: self._step(p, s, self._earlier(), ""))
        elif runs.left and not changed:
            self._step(runs.left.program, runs.left.settings, runs.left.driver, "back in the run")
        elif runs.last and not changed:
            last, opening = runs.last, "the run just made, on its answers: nothing is called again"
            if last.kept:
                opening = _of_kept(last.kept)
            self._step(last.program, last.settings, _recorded(last), opening)
        else:
            opening = "a new live run" + (f": {changed} changed since the last" if changed else "")
            running.granted(program, {}, lambda p, s: self._step(p, s, None, opening))

    def _earlier(self) -> Begun:
        """The run whose answers an edited program is run on; None where it was never begun."""
        from watstep.debug.rerunning import Earlier

        runs = self.running.runs
        if runs.left:
            return runs.left.driver.earlier()
        last = runs.last
        return Earlier(last.program, last.settings, _recorded(last)) if last else None

    def step_kept(self, run: RunFile) -> None:
        """Step through the run of a file; the program gets none of its grants for runs to come."""
        runs, given = self.running.runs, run.settings
        usual = {name: scope for name, scope in given.grants.items() if name in DEFAULT_GRANTS}
        runs.settings = replace(given, grants=usual)
        runs.once = {n: scope for n, scope in given.grants.items() if n not in usual}
        # What was kept beside the run is put in place now, and not again with each look at it.
        bare = replace(run, notes=(), standing=None)
        runs.last = made = Report(run.program, given, run.outcome, 0.0, bare)
        self.running.fill_tabs()
        self._step(run.program, given, replace(_recorded(made), file=run), _of_kept(run))

    def _step(self, program: Program, settings: RunSettings, begun: Begun, opening: str) -> None:
        """Step through a new run, or through one that was made."""
        from watstep.debug.session import Recorded
        from watstep_tui.screens.stepping import SteppingScreen

        desk, runs = self.desk, self.running.runs
        words = self.running.breakpoints()
        stepping = SteppingScreen(program, settings, begun, words, desk.editor.look, desk.store)
        stepping.opening = opening
        found = desk.compilation
        if found and found.source.text == program.source.text:
            stepping.problems = tuple(found.diagnostics)
        file = begun.file if isinstance(begun, Recorded) else None
        if file:
            stepping.called = file.name
        elif desk.workspace.path:
            stepping.called = str(desk.workspace.path)
        driver = stepping.driver
        if runs.left and runs.left.driver is not driver:
            runs.left.driver.close()
        runs.left = OpenRun(program, settings, driver)
        desk.app.push_screen(stepping, self._take_breakpoints)

    def _take_breakpoints(self, words: tuple[str, ...] | None) -> None:
        """Breakpoints that were set while stepping stay in the texts; the run stays open."""
        if words is not None:
            self.running.take_breakpoints(words)
        self.mark()

    def mark(self) -> None:
        """Say beside the mode that a run is open, and whether it is of an older text."""
        left, fresh = self.running.runs.left, self.desk.code.fresh
        said = ""
        if left is not None and fresh is not None:
            said = "run open" if left.program.source.text == fresh.source.text else "run is stale"
        if self.desk.header.detail != said:
            self.desk.header.detail = said
            self.desk.header.fit()


def _recorded(made: Report) -> Recorded:
    """A run that was made, to be stepped through."""
    from watstep.debug.session import Recorded

    return Recorded(made.outcome.calls, made.outcome.trap, made.kept)


def _of_kept(run: RunFile) -> str:
    """What is said where the run of a file is opened."""
    covered = f", {counted(run.redacted, 'secret')} covered by stars" if run.redacted else ""
    ended = run.ending.status != "unfinished"
    until = "" if ended else f" up to instant {run.ending.steps or 0:,}"
    return f"the run of {Path(run.name).name}{until}{covered}: nothing is called"

"""Runs: what one is given, starting, stopping and showing it, and stepping through it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.timer import Timer

from watstep.errors import UsageError
from watstep.host.context import Cancellation
from watstep.host.settings import DEFAULT_GRANTS, RunSettings
from watstep.machine.outcome import Outcome
from watstep.machine.start import start_problems
from watstep.pipeline import Program
from watstep.source.diagnostic import Severity
from watstep.source.text import Position
from watstep_tui.files.remembered import FileSettings, KeptGrant
from watstep_tui.grants import Need, combined, holding, missing, needs_of, with_grants
from watstep_tui.keymap import key_for
from watstep_tui.results import Report, host_call_rows, log_rows, result_rows
from watstep_tui.screens.buffers import Runs
from watstep_tui.screens.desk import Desk
from watstep_tui.text.stops import Kept, sorted_words, words_of

if TYPE_CHECKING:
    # Loaded with the first question.
    from watstep_tui.screens.dialogs.grant import Granted
    from watstep_tui.screens.dialogs.settings import Chosen

TICK = 0.1
"""Seconds between two times that the status line says how long a run has taken."""

Scopes = dict[str, tuple[str, ...]]


class Running:
    """The runs of a desk's program."""

    def __init__(self, desk: Desk, given: RunSettings, changed: Callable[[], None]) -> None:
        """Begin with what the command line gave, over what was kept for the file.

        `changed` is called when a tape or other settings are there.
        """
        self.desk, self._changed = desk, changed
        self._identity = desk.workspace.identity
        self.runs = self._begin(given)
        self.cancellation: Cancellation | None = None
        self._begun = 0.0
        self._ticker: Timer | None = None

    def _begin(self, given: RunSettings) -> Runs:
        """What the program's runs are given, and were, where it was edited before."""
        buffer = self.desk.buffer
        if buffer.runs is None:
            kept = self._read_kept()
            buffer.runs = Runs(kept, combined(given, kept))
        return buffer.runs

    def _read_kept(self) -> FileSettings:
        identity = self.desk.workspace.identity
        return self.desk.store.read_file(identity) if identity else FileSettings()

    def take_file(self, *, moved: bool) -> None:
        """Another file: its own settings; `moved` is the same program under another name."""
        left, self._identity = self._identity, self.desk.workspace.identity
        if moved:
            # A grant is for one path; what was chosen before there was one is for the first.
            self.runs.kept = replace(self.runs.kept, grants={} if left else self.runs.kept.grants)
            self.keep()
            return
        self.runs = self._begin(RunSettings())
        self.fill_tabs()

    def keep(self) -> None:
        """Remember settings and breakpoints for this file, where they changed."""
        desk = self.desk
        kept = replace(
            self.runs.kept,
            breakpoints=self.breakpoints(),
        )
        if desk.workspace.identity and kept != self._read_kept():
            desk.store.write_file(desk.workspace.identity, kept)
        self.runs.kept = kept
        desk.say_problems_of_store()

    def settings_for(self, program: Program, once: Mapping[str, tuple[str, ...]]) -> RunSettings:
        """What a run of the program gets; a kept grant counts while the program needs no more."""
        return with_grants(self.runs.settings, once, holding(program, self.runs.kept.grants))

    def capabilities(self) -> set[str]:
        """Those that the next run is granted without being asked."""
        return {*self.runs.settings.grants, *self.runs.kept.grants}

    def _program(self) -> Program | None:
        """The program as it stands; where it has errors, the first one is shown."""
        found = self.desk.fresh()
        if found.program is None:
            errors = [item for item in found.diagnostics if item.severity is Severity.ERROR]
            self.desk.panel.open_tab("Problems")
            self.desk.go_to(found.source.position(errors[0].span.start))
            counted = "a problem keeps" if len(errors) == 1 else f"{len(errors)} problems keep"
            following = f"this is the first, {key_for('next_problem')} the next"
            self.desk.note(f"{counted} the program from running: {following}")
        return found.program

    def action_run(self) -> None:
        """Run the program as it stands; one run at a time."""
        program = self.program_to_run()
        if program is not None:
            self.granted(program, {}, self._start)

    def granted(
        self, program: Program, once: Scopes, then: Callable[[Program, RunSettings], None]
    ) -> None:
        """Ask for what is missing, one capability after the other, and go on with all of it.

        What no grant mends is said first, by the checks of the command line.
        """
        settings = self.settings_for(program, once)
        if self._cannot_start(program, settings):
            return
        lacking = missing(program, settings, self.runs.kept.grants)
        if not lacking:
            self.runs.once = once
            then(program, settings)
            return
        from watstep_tui.screens.dialogs.grant import GrantDialog

        def answered(answer: Granted | None) -> None:
            if answer is None:
                self.desk.note(f"not run: `{lacking[0].capability}` was not granted")
            elif answer.for_file:
                self._keep_grant(lacking[0], answer.scope)
                self.granted(program, once, then)
            else:
                self.granted(program, {**once, lacking[0].capability: answer.scope}, then)

        kept_for = self.desk.workspace.name if self.desk.workspace.path else ""
        self.desk.app.push_screen(GrantDialog(program, lacking[0], kept_for), answered)

    def grant_at(self, program: Program, line: int) -> bool:
        """Ask for what a call on a line, from 1, is not granted; whether there is such a call.

        What is granted once alone is for a run, which begins then.
        """
        settings = self.settings_for(program, {})
        needs = missing(program, settings, self.runs.kept.grants)
        places = (problem.span.start for need in needs for problem in need.calls.values())
        if line not in map(program.source.line_of, places):
            return False

        def granted(program: Program, settings: RunSettings) -> None:
            if self.runs.once:
                self._start(program, settings)
            else:
                self.desk.note("granted" + self._kept_for())
                self._changed()

        self.granted(program, {}, granted)
        return True

    def _keep_grant(self, need: Need, scope: tuple[str, ...]) -> None:
        grants = {
            **self.runs.kept.grants,
            need.capability: KeptGrant(scope, tuple(sorted(need.calls))),
        }
        denied = tuple(name for name in self.runs.kept.denied if name != need.capability)
        self.runs.kept = replace(self.runs.kept, grants=grants, denied=denied)
        self.keep()

    def _cannot_start(self, program: Program, settings: RunSettings) -> bool:
        """Whether something else than a grant keeps a run from starting, which is said then."""
        problems = [
            item for item in start_problems(program, settings) if item.code != "missing-grant"
        ]
        if problems:
            self.desk.go_to(program.source.position(problems[0].span.start))
            message = f"not run: {'; '.join(item.message for item in problems)}"
            limited = any(item.code == "memory-limit" for item in problems)
            self.desk.note(f"{message}, or with {key_for('run_settings')}" if limited else message)
        return bool(problems)

    def _start(self, program: Program, settings: RunSettings) -> None:
        desk = self.desk
        cancellation = self.cancellation = Cancellation()
        self._begun = time.monotonic()
        self._ticker = desk.set_interval(TICK, self._tick)
        self._tick()
        runs = self.runs
        run = lambda: self._work(program, settings, cancellation, runs)  # noqa: E731
        desk.run_worker(run, thread=True, group="run")

    def _tick(self) -> None:
        passed = time.monotonic() - self._begun
        self.desk.show_status(f"running  {passed:.1f} s   Esc stops")

    def _work(
        self, program: Program, settings: RunSettings, cancellation: Cancellation, runs: Runs
    ) -> None:
        """Wait for the run, in a thread."""
        outcome: Outcome | str
        try:
            if settings.limits.exact_fuel:
                from watstep.machine.run import run_machine

                outcome = run_machine(program, settings, cancellation=cancellation)
            else:
                # wasmtime is loaded with the first run, so that the first paint need not wait.
                from watstep.native.runner import run_native

                outcome = run_native(program, settings, cancellation=cancellation)
        except UsageError as refused:
            outcome = str(refused)
        seconds = time.monotonic() - self._begun
        made = outcome if isinstance(outcome, str) else Report(program, settings, outcome, seconds)
        if self.desk.app.is_running:
            self.desk.app.call_from_thread(self._finish, made, runs)

    def _finish(self, made: Report | str, runs: Runs) -> None:
        """Show how a run went; that of a program that is not edited now waits for it."""
        self.cancellation = None
        if self._ticker:
            self._ticker.stop()
        self.desk.show_status()
        if isinstance(made, str):
            self.desk.note(made)
            return
        runs.last = made
        runs.leave()
        if runs is not self.runs:
            self.desk.note(f"the run of {made.program.source.name} has ended: go there to see it")
            return
        self.fill_tabs()
        self.desk.panel.open_tab("Result")
        self._changed()

    def fill_tabs(self) -> None:
        """Say in the tabs how the last run went."""
        last = self.runs.last
        self.desk.panel.put(
            {
                "Result": result_rows(last) if last else (),
                "Host calls": host_call_rows(last) if last else (),
                "Log": log_rows(last) if last else (),
            }
        )

    def action_stop(self) -> None:
        """End the run."""
        if self.cancellation is None:
            self.desk.note("no run is going on")
        self.stop()

    def stop(self) -> None:
        """End the run, if there is one."""
        if self.cancellation is not None:
            self.cancellation.cancel()

    def program_to_run(self) -> Program | None:
        """The program as it stands, where nothing keeps it from being run; that is said else."""
        if self.cancellation is not None:
            self.desk.notify("a run is going on: Esc stops it")
            return None
        return self._program()

    def what_changed(self, program: Program, before: Program, given: RunSettings) -> str:
        """What of a run would be different from one before, "" for nothing.

        Of an edited text only the text counts where its run would be given the same.
        """
        settings = self.settings_for(program, self.runs.once)
        if settings.arguments != given.arguments:
            return "the arguments"
        if settings.limits != given.limits:
            return "the limits"
        if program.source.text != before.source.text:
            return "the text"
        return "the grants" if dict(settings.grants) != dict(given.grants) else ""

    def take_breakpoints(self, words: tuple[str, ...]) -> None:
        """Have these, as `break` takes them, and no others."""
        taken = sorted_words(words)
        self.desk.show_breakpoints(taken.source, taken.expansion)
        self.runs.kept = replace(self.runs.kept, breakpoints=words)
        self.keep()

    def breakpoints(self) -> tuple[str, ...]:
        """Those of both texts, and those that stand on no line, as `break` takes them."""
        others = sorted_words(self.runs.kept.breakpoints).others
        return words_of(Kept(self.desk.editor.breakpoints, self.desk.view.breakpoints, others))

    def action_run_settings(self) -> None:
        """Arguments, grants and limits."""
        from watstep_tui.screens.dialogs.settings import SettingsDialog

        shown = with_grants(
            self.runs.settings, {name: grant.scope for name, grant in self.runs.kept.grants.items()}
        )
        name = self.desk.workspace.name if self.desk.workspace.path else ""
        self.desk.app.push_screen(SettingsDialog(shown, name), self._take_settings)

    def _take_settings(self, chosen: Chosen | None) -> None:
        if chosen is None:
            return
        program = self.desk.fresh().program
        self.runs.settings = RunSettings(chosen.arguments, chosen.grants, chosen.limits)
        self.runs.kept = replace(
            self.runs.kept,
            arguments=chosen.arguments,
            grants={
                name: KeptGrant(scope, needs_of(program, name) if program else ())
                for name, scope in chosen.grants.items()
                if name not in DEFAULT_GRANTS
            },
            denied=tuple(name for name in DEFAULT_GRANTS if name not in chosen.grants),
            limits=chosen.limits,
        )
        self.keep()
        self._changed()
        self.desk.note("run settings changed" + self._kept_for())

    def _kept_for(self) -> str:
        path = self.desk.workspace.path
        return f", kept for {path.name}" if path else ": they are kept once the program has a file"

    def place_of_call(self, number: int) -> None:
        """Go to the form that made a host call of the last run: where only one can, at once."""
        if self.runs.last is None:
            return
        report = self.runs.last
        sites = call_sites(report.program, report.outcome.calls[number].function)
        if len(sites) == 1:
            self.desk.go_to(sites[0], report.program.source)
            return
        find = lambda: self._find_call(report, number)  # noqa: E731
        self.desk.run_worker(find, thread=True, group="place", exclusive=True)

    def _find_call(self, report: Report, number: int) -> None:
        """Repeat the run on its tape up to the call, in a thread."""
        place = place_of_call(report, number)
        if place and self.desk.app.is_running:
            self.desk.app.call_from_thread(self.desk.go_to, place, report.program.source)


def call_sites(program: Program, function: str) -> list[Position]:
    """Where a program calls a host function, each place of the source once."""
    names = [f"{item.module}.{item.name}" for item in program.module.imported_functions]
    if function not in names:
        return []
    index = names.index(function)
    found: dict[Position, None] = {}
    for body in program.module.functions:
        for pc, instruction in enumerate(body.body):
            if instruction.name == "call" and instruction.immediate == index:
                span = program.source_span(body.index, pc)
                found[program.source.position(span.start)] = None
    return list(found)


def place_of_call(report: Report, number: int) -> Position | None:
    """The form that made a host call, by repeating the run on its tape."""
    from watstep.machine.timeline import Timeline

    timeline = Timeline(report.program, report.settings, report.outcome.calls, report.outcome.trap)
    try:
        timeline.run_to_end()
        instant = timeline.tape[number].instant
        if instant is None:
            return None
        timeline.seek_machine(instant - 1)
        function, pc, _, _ = timeline.machine.top
    finally:
        timeline.close()
    span = report.program.source_span(function, pc)
    return report.program.source.position(span.start)

"""The answer as one types: what the program gives, run under small limits after each pause."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.timer import Timer

from watstep.errors import WatstepError
from watstep.host.catalog import CAPABILITIES
from watstep.host.context import Cancellation
from watstep.host.settings import RunLimits, RunSettings
from watstep.host.tape import HostCall
from watstep.machine.outcome import Outcome, TrapKind, trap_place
from watstep.machine.start import start_problems
from watstep.pipeline import Compilation, Program
from watstep.source.diagnostic import Severity
from watstep.source.text import counted
from watstep_tui.keymap import key_for
from watstep_tui.rows.snapshot import quoted
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.running import Running

PAUSE = 0.2
"""Seconds without a key after which the program is run."""

LIMITS = RunLimits(fuel=20_000_000, seconds=0.5, call_depth=2_000, log_bytes=1 << 16)
"""Of such a run."""


@dataclass(frozen=True)
class Trial:
    """A run that nobody asked for: what it is given, and the tape that answers for the world."""

    program: Program
    settings: RunSettings
    tape: tuple[HostCall, ...] | None


def trial_of(
    program: Program, settings: RunSettings, tape: tuple[HostCall, ...] | None
) -> Trial | None:
    """How a program is tried; None where it may not run, or calls outside and never did before."""
    limits = settings.limits
    small = replace(
        LIMITS,
        fuel=min(limits.fuel, LIMITS.fuel),
        memory_pages=limits.memory_pages,
        call_depth=min(limits.call_depth, LIMITS.call_depth),
    )
    outside = any(CAPABILITIES[item.module].outside for item in program.module.imported_functions)
    if outside and tape is None:
        return None
    if start_problems(program, settings):
        return None
    return Trial(program, replace(settings, limits=small), tape if outside else None)


def answer_text(trial: Trial, outcome: Outcome) -> str:
    """`→ 5040 · 61 fuel`, or how it trapped and where."""
    marked = " on the last answers" if trial.tape is not None else ""
    trap = outcome.trap
    if trap is None:
        parts = [" ".join(map(str, outcome.results)) or "nothing"]
        if outcome.value is not None:
            parts.insert(0, quoted(outcome.value))
        return f"→ {', '.join(parts)}{marked} · {outcome.fuel:,} fuel"
    if trial.tape is not None and trap.kind is TrapKind.HOST and _off_tape(trap.message):
        return f"→ calls otherwise than the last run did: {key_for('run')} runs it"
    if trap.kind in {TrapKind.OUT_OF_FUEL, TrapKind.TIME, TrapKind.CALL_DEPTH} and _smaller(trial):
        limits = f"{LIMITS.fuel // 1_000_000} M fuel or {LIMITS.seconds:g} s"
        return f"→ not after {limits}: {key_for('run')} runs on"
    place = trap_place(trial.program, trap)
    where = f" line {place.line}" if place else ""
    fuel = outcome.known_fuel
    spent = "" if fuel is None else f" · {fuel:,} fuel"
    return f"→ trap: {trap.kind.value}{where}{marked}{spent}"


def _off_tape(message: str) -> bool:
    return "the tape" in message


def _smaller(trial: Trial) -> bool:
    return trial.settings.limits.fuel == LIMITS.fuel


def size_text(found: Compilation) -> str:
    """What the text is and becomes: lines and bytes, or how many problems it has."""
    if not found.source.text.strip():
        return f"nothing is written yet: {key_for('welcome')} opens an example"
    errors = sum(problem.severity is Severity.ERROR for problem in found.diagnostics)
    if found.program is None:
        return f"{counted(errors, 'problem')}: {key_for('next_problem')} goes to the next"
    before = len(found.source.line_starts)
    after = len(found.expansion.full.as_source.line_starts)
    return f"{counted(before, 'line')} → {after:,} · {len(found.program.binary):,} B wasm"


class Answering:
    """Tries the program of a desk after each pause and says what came, in the status line."""

    def __init__(self, desk: Desk, running: Running) -> None:
        """`running` knows the settings and the last tape."""
        self.desk, self.running = desk, running
        self.wanted = True
        """Whether programs are to be tried at all."""
        self._timer: Timer | None = None
        self._cancellation: Cancellation | None = None

    @property
    def waits(self) -> bool:
        """Whether a program is to be tried after the pause."""
        return self._timer is not None

    def forget(self) -> None:
        """A key was pressed: what is being tried is of no use any more."""
        if self._timer:
            self._timer.stop()
            self._timer = None
        if self._cancellation:
            self._cancellation.cancel()

    def take(self, found: Compilation) -> None:
        """Say the size at once, and try the program after a pause."""
        self.forget()
        trial = self._trial(found.program) if found.program and self.wanted else None
        self._say("→ …" if trial else "", found)
        if trial:
            self._timer = self.desk.set_timer(PAUSE, lambda: self._try(trial, found))

    def _say(self, answer: str, found: Compilation) -> None:
        self.desk.answer = " · ".join(part for part in (answer, size_text(found)) if part)
        if self.running.cancellation is None:
            self.desk.show_status()

    def _trial(self, program: Program) -> Trial | None:
        last = self.running.runs.last
        tape = last.outcome.calls if last else None
        settings = self.running.settings_for(program, self.running.runs.once)
        return trial_of(program, settings, tape)

    def _try(self, trial: Trial, found: Compilation) -> None:
        self._timer = None
        if self.running.cancellation is not None:
            return
        cancellation = self._cancellation = Cancellation()
        work = lambda: self._work(trial, cancellation, found)  # noqa: E731
        self.desk.run_worker(work, thread=True, group="answer", exclusive=True)

    def _work(self, trial: Trial, cancellation: Cancellation, found: Compilation) -> None:
        """Run it, in a thread; wasmtime lets the keyboard's thread go on meanwhile."""
        from watstep.native.runner import run_native

        try:
            outcome = run_native(
                trial.program, trial.settings, cancellation=cancellation, tape=trial.tape
            )
        except WatstepError:
            return
        if not cancellation.cancelled and self.desk.app.is_running:
            answer = answer_text(trial, outcome)
            self.desk.app.call_from_thread(self.show, answer, found)

    def show(self, answer: str, found: Compilation) -> None:
        """Say what came of trying a text, unless it has moved on."""
        if self.desk.compilation is found and self.desk.editor.text == found.source.text:
            self._say(answer, found)

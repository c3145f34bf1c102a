"""A session as it is kept in a run file."""

from __future__ import annotations

from collections.abc import Iterator

from watstep.debug.session import Session
from watstep.machine.outcome import Outcome
from watstep.runfile.format import BREAKPOINT
from watstep.runfile.notes import Note, Standing
from watstep.runfile.writing import MadeRun


def made_run(session: Session) -> MadeRun:
    """The run of a session as it is to be kept, as far as it was made; the world is not asked."""
    timeline = session.timeline
    outcome, finished = _outcome(session)
    standing = Standing(session.position.instant, session.level.value)
    file = session.recorded.file if session.recorded else None
    return MadeRun(
        session.program,
        timeline.settings,
        outcome,
        finished,
        changes=timeline.changes,
        notes=tuple(_breakpoints(session)),
        standing=standing,
        marked=session.secrets,
        redacted=file.redacted if file else 0,
    )


def _outcome(session: Session) -> tuple[Outcome, bool]:
    """How the run ended, or how it stands at the frontier; whether it ended."""
    timeline = session.timeline
    if timeline.end is not None:
        return timeline.outcome(), True
    if timeline.ending:
        # Only who made it knew when it was stopped.
        return Outcome((), timeline.ending, 0, None, session.calls(), "wasmtime"), True
    timeline.seek_machine(timeline.frontier)
    machine = timeline.machine
    outcome = Outcome(
        (),
        None,
        machine.fuel,
        timeline.frontier,
        session.calls()[: machine.calls_made],
        "machine",
        bytes(machine.memory),
    )
    return outcome, False


def _breakpoints(session: Session) -> Iterator[Note]:
    for item in session.breakpoints:
        yield Note(BREAKPOINT.name, f"break {item.words}")

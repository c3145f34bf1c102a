"""The run of a run file as a session that goes on where it was kept."""

from __future__ import annotations

from watstep.debug.commands.table import execute
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Level, Position
from watstep.errors import CommandError
from watstep.runfile.comparing import is_cut
from watstep.runfile.reading import RunFile


def recorded_run(run: RunFile) -> Recorded:
    """The run of a file, to be stepped through."""
    return Recorded(run.tape, run.ending.trap, run)


def session_on(run: RunFile) -> Session:
    """A new session on the run of a file, at its start; `take_up` brings it where it was kept."""
    return Session(run.program, run.settings, recorded_run(run), whole=False)


def take_up(session: Session, run: RunFile) -> tuple[str, ...]:
    """Bring a new session on the run of a file to where that was kept, else to its trap or start.

    What was kept and cannot be made again is in the answer, a sentence each. A move that was
    interrupted leaves it where it came to.
    """
    _reach_end(session, run)
    problems = []
    for note in run.notes:
        try:
            execute(session, note.command)
        except CommandError as refused:
            problems.append(f"`{note.command}`: {refused}")
    # Who opens the file again has all of it already.
    session.script.clear()
    if run.standing and run.standing.instant <= session.timeline.frontier:
        session.level = Level(run.standing.level)
        session.position = Position(run.standing.instant, 0)
    elif session.timeline.trap:
        session.position = Position(session.timeline.frontier, 0)
    return tuple(problems)


def _reach_end(session: Session, run: RunFile) -> None:
    ending, timeline = run.ending, session.timeline
    timeline.interrupted = False
    if not is_cut(run):
        timeline.run_to_end()
    elif ending.steps is not None:
        # Its limit of time was kept by whoever made it, on whatever machine that was.
        timeline.timed = False
        if timeline.reach(ending.steps) and ending.trap:
            timeline.stop(ending.trap)

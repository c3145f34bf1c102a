"""A run made again by an edited program on the same answers, and where the two part (L6, L7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from watstep.debug.branches_told import end_text, parting_of
from watstep.debug.calls import question_text
from watstep.debug.parting import Difference, Parting
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Position, Stop, StopReason
from watstep.host.settings import RunSettings
from watstep.machine.change import Change
from watstep.machine.outcome import UNSTEADY
from watstep.machine.timeline import Before, Timeline
from watstep.pipeline import Program

Report = Callable[[int], None]


@dataclass(frozen=True)
class Earlier:
    """The run of an earlier text."""

    program: Program
    settings: RunSettings
    recorded: Recorded
    changes: tuple[Change, ...] = ()
    """What a person changed in it."""

    def timeline(self) -> Timeline:
        """That run on its tape, at instant 0."""
        recorded, before = self.recorded, Before(changes=self.changes)
        return Timeline(self.program, self.settings, recorded.tape, recorded.ending, before)


def earlier_of(session: Session) -> Earlier:
    """The timeline of a session that is looked at, as far as it was made."""
    timeline = session.timeline
    limited = timeline.trap if timeline.trap and timeline.trap.kind in UNSTEADY else None
    file = session.recorded.file if session.recorded else None
    recorded = Recorded(tuple(timeline.tape), limited, file)
    return Earlier(session.program, session.settings, recorded, timeline.changes)


def rerun(program: Program, settings: RunSettings, earlier: Earlier) -> Session:
    """A session on a new run of `program`, which is offered the answers of the earlier one.

    A call of the world that it did not make waits for a person.
    """
    before = Before(offered=earlier.recorded.tape, whole=True)
    session = Session(program, settings, begun=Timeline(program, settings, before=before))
    if earlier.recorded.file:
        # Nobody granted here what that run asked the world for.
        session.recorded = earlier.recorded
    session.timelines.current.said = "the edited program, on the answers of the run before"
    return session


def land(session: Session, earlier: Earlier, report: Report | None = None) -> Stop:
    """Run as far as the answers go, and stand where the two runs part, else at the end.

    The world is asked nothing. Where it is interrupted the session stands where it was.
    """
    now, then = session.timeline, earlier.timeline()
    now.interrupted = False
    try:
        whole = now.run_to_end(report)
        if now.interrupted:
            return session.stopped(StopReason.CANCELLED)
        if earlier.recorded.stopped_between_calls:
            then.reach(now.frontier)
        else:
            then.run_to_end(report)
        found = parting_of(now, then)
        now.seek_machine(now.frontier)
        waiting = now.difference()
        ending = f"{question_text(waiting.made)} waits" if waiting else end_text(now)
        said = f"{_sentence(found)}; now: {ending}; before: {end_text(then)}"
    finally:
        then.close()
    session.position = Position(min(found.instant, now.frontier), 0)
    waits = found.difference is Difference.CALL and not whole
    stop = session.stopped(StopReason.ASKED if waits else StopReason.GOTO)
    return stop if waits else Stop(stop.reason, stop.moved, said)


def _sentence(found: Parting) -> str:
    if found.difference is Difference.NONE:
        return "both runs are alike to the end"
    if found.difference is Difference.OPEN:
        return f"both runs are alike up to instant {found.instant}"
    return f"the runs part here: {_WORDS[found.difference]}"


_WORDS = {
    Difference.FORM: "another form runs next",
    Difference.WAY: "a value decides for another way",
    Difference.CALL: "another host call is made",
    Difference.ANSWER: "a host call is answered otherwise",
    Difference.VALUE: "a value is another",
    Difference.ENDING: "they end otherwise",
}

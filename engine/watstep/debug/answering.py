"""Answers of host calls in the person's hand: which call is meant, and what becomes of it (L7)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from watstep.debug.places import Place
from watstep.debug.session import Session
from watstep.debug.state import Level, Position, Stop, StopReason
from watstep.errors import CommandError
from watstep.host.answer import (
    Answer,
    answer_by_hand,
    is_outside,
    kinds_of_answer,
    recorded_answer,
)
from watstep.host.offered import Difference, Question, nearest
from watstep.host.tape import CallOrigin, HostCall

FAR = 1 << 62


class Asked(NamedTuple):
    """A host call that can be answered."""

    instant: int
    """The one before it."""
    question: Question
    made: HostCall | None
    """As it was answered on this timeline; None at the frontier."""
    recorded: HostCall | None
    """The call whose answer is there to be played: its own, or that of the run before."""

    difference: Difference | None = None
    """Where it is a call of the world that waits, since another one was recorded."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The words of the answers that it can have."""
        recorded = ("recorded",) if self.recorded else ()
        return ("live", *recorded, *kinds_of_answer(self.question.function))


def call_asked(session: Session, instant: int | None = None) -> Asked:
    """The call meant at the position, or the one that is made at an `instant`.

    At the position it is the one at the cursor, else the next of the statement, else the one made
    last. Raises `CommandError` where there is none.
    """
    timeline = session.timeline
    before = -1 if instant is None else instant - 1
    if instant is None:
        ahead = _ahead(session)
        before = _last_made(session) if ahead is None else ahead
    question = None
    if 0 <= before <= timeline.frontier:
        timeline.seek_machine(before)
        question = timeline.question()
    if question is None:
        raise CommandError(f"no host call was made at instant {instant}")
    number = timeline.machine.calls_made
    made = timeline.tape[number] if number < len(timeline.tape) else None
    recorded = nearest(timeline.offered.rest(timeline.tape[:number]), question) or made
    if recorded and recorded_answer(recorded) is None:
        recorded = None
    return Asked(before, question, made, recorded, timeline.difference())


def _last_made(session: Session) -> int:
    made = session.state().calls
    if not made or made[-1].instant is None:
        raise CommandError("no host call is here, and none was made before")
    return made[-1].instant - 1


def _ahead(session: Session) -> int | None:
    """The instant before the next host call of the statement at the cursor; None without one.

    Nothing is asked of the world on the way there.
    """
    timeline, machine = session.timeline, session.timeline.machine
    timeline.interrupted = False
    timeline.seek_machine(session.position.instant)
    place, depth = Place(machine.top[0], machine.top[1]), len(machine.frames)
    within = _statement(session, place)
    codes = machine.code.stopped_at(session.places.host_calls)
    while not machine.at_host_call:
        here, callers = Place(machine.top[0], machine.top[1]), len(machine.frames)
        inside = callers > depth or (callers == depth and here.pc in within)
        at = machine.step
        if inside and not timeline.interrupted and not machine.ended:
            limit, floor = (FAR, depth) if callers > depth else (at + 1, -1)
            timeline.advance(limit, live=False, codes=codes, floor=floor)
        if machine.step == at:
            return None
    return machine.step


def _statement(session: Session, place: Place) -> range:
    """The instructions of the statement that the cursor stands at, at the session's level."""
    places = session.places.functions[place.function]
    if session.level is Level.INSTRUCTION:
        return range(place.pc, place.pc + 1)
    beginning = places.beginning.get(place.pc, ())
    if session.level is Level.SOURCE and session.position.entered < len(beginning):
        macro = beginning[session.position.entered]
        return range(macro.first, macro.after)
    statement = places.statement(place.pc)
    return range(statement.first, statement.after) if statement else range(0)


def answer(session: Session, asked: Asked, kind: str, typed: str = "") -> Stop:
    """Answer a call and stand after it; one that was answered before is, on a new timeline.

    `kind` is `live`, `recorded` or one of the words of `kinds_of_answer`; `typed` follows it.
    Raises `CommandError`.
    """
    given = _given(asked, kind, typed)
    if kind == "live" and typed not in {"", "all"}:
        raise CommandError("`live` answers this call, `live all` every other that differs too")
    if kind == "live" and (typed or is_outside(asked.question.function)):
        session.allow_live()
    timeline = session.timeline
    if asked.made is not None or timeline.sealed or timeline.end is not None:
        said = f"{asked.question.function} answered {kind} {typed}".strip()
        timeline = timeline.forked(asked.instant)
        session.timelines.fork(timeline, said, asked.instant + 1)
    if kind == "deny":
        timeline.denied |= {asked.question.function.partition(".")[0]}
    timeline.free = timeline.free or (kind == "live" and typed == "all")
    timeline.interrupted = False
    timeline.seek_machine(asked.instant)
    timeline.answer(given)
    session.position = Position(timeline.machine.step, 0)
    return session.stopped(StopReason.ANSWERED)


def _given(asked: Asked, kind: str, typed: str) -> Answer | None:
    """What to answer with; None for the world."""
    if kind == "live":
        return None
    if kind == "recorded":
        given = recorded_answer(asked.recorded) if asked.recorded else None
        if given is None:
            raise CommandError("no answer of this call was recorded")
        return given
    given = answer_by_hand(asked.question.function, kind, typed)
    return replace(given, origin=CallOrigin.EDITED) if asked.recorded else given

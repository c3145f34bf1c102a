"""Recorded answers that another run is offered, by function, arguments and order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from watstep.host.answer import is_outside
from watstep.host.tape import CallOrigin, HostCall, Value


class Question(NamedTuple):
    """A host call as a program makes it."""

    function: str
    arguments: tuple[Value, ...]


class Difference(NamedTuple):
    """A call of the world that is not the one that was recorded."""

    made: Question
    recorded: HostCall | None
    """What was recorded at this place, None after the last one."""


def same_question(recorded: HostCall, question: Question) -> bool:
    """Whether two calls ask the same: a text counts, not the address at which it stands."""
    if recorded.function != question.function:
        return False
    pairs = zip(recorded.arguments, question.arguments, strict=True)
    return all(a.text == b.text and (a.text is not None or a.value == b.value) for a, b in pairs)


class Offered:
    """The recorded calls, and how far a tape has come in them."""

    def __init__(self, calls: tuple[HostCall, ...], begun: int) -> None:
        """Offer `calls` to a run that has made `begun` calls already."""
        self.calls = calls
        self._begun = begun
        self._next = [0]

    def rest(self, tape: Sequence[HostCall]) -> tuple[HostCall, ...]:
        """What is left to be offered after the calls of a tape."""
        for call in tape[self._begun + len(self._next) - 1 :]:
            self._next.append(self._after(self._next[-1], call))
        return self.calls[self._next[max(len(tape) - self._begun, 0)] :]

    def _after(self, at: int, call: HostCall) -> int:
        """Where the calls go on once `call` was made: behind the one that it is, or stands for."""
        question = Question(call.function, call.arguments)
        rest = self.calls[at:]
        found = _match(rest, question)
        if found is None and call.origin is CallOrigin.RECORDED:
            found = nearest(rest, question)
        if found is None and is_outside(call.function):
            found = expected(rest)
            if found is not None and found.function != call.function:
                found = None
        return at if found is None else at + rest.index(found) + 1

    def answering(self, tape: Sequence[HostCall], question: Question) -> HostCall | None:
        """The recorded call that a question is, where it is the next one."""
        return _match(self.rest(tape), question)


def _match(rest: Sequence[HostCall], question: Question) -> HostCall | None:
    """The next recorded call where it asks the same.

    Between two calls of the world, those that ask the run itself may come and go.
    """
    if is_outside(question.function):
        found = expected(rest)
        return found if found is not None and same_question(found, question) else None
    return next((call for call in _before_world(rest) if same_question(call, question)), None)


def _before_world(rest: Sequence[HostCall]) -> Iterator[HostCall]:
    for call in rest:
        if is_outside(call.function):
            return
        yield call


def expected(rest: Sequence[HostCall]) -> HostCall | None:
    """The next recorded call of the world."""
    return next((call for call in rest if is_outside(call.function)), None)


def nearest(rest: Sequence[HostCall], question: Question) -> HostCall | None:
    """The recorded call whose answer fits a question best: the same one, wherever it comes.

    Else the next of the same function where that is the next of all; None where none fits.
    """
    same = next((call for call in rest if same_question(call, question)), None)
    if same is not None:
        return same
    following = expected(rest) if is_outside(question.function) else next(iter(rest), None)
    fits = following is not None and following.function == question.function
    return following if fits else None

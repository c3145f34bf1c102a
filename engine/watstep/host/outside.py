"""Calls that reach out of the process, made in a thread of their own so that they can be left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

GRACE = 0.04
"""Seconds that a call gets to answer after the run was stopped or its time was over."""


class CallAbandonedError(Exception):
    """A call that did not answer in time; the world may have been changed by it all the same."""


class _Answer(NamedTuple):
    value: Any
    error: BaseException | None


class _Errand(NamedTuple):
    action: Callable[[], Any]
    answers: SimpleQueue[_Answer | None]


class Outside:
    """Makes one call after the other in one thread, which begins with the first of them.

    Queues rather than locks: `abandon` may come from a signal handler, in the middle of `make`.
    """

    def __init__(self) -> None:
        """Nothing is going on."""
        self._errands: SimpleQueue[_Errand | None] | None = None
        self._answers: SimpleQueue[_Answer | None] = SimpleQueue()
        self.hanging = False
        """Whether a call was abandoned and may still be going on."""

    def make(self, action: Callable[[], Any], seconds: float, stopped: Callable[[], bool]) -> Any:
        """What `action` answers or raises; `CallAbandonedError` after `seconds` or `abandon`.

        `stopped` says whether the run was stopped already.
        """
        answers: SimpleQueue[_Answer | None] = SimpleQueue()
        self._answers = answers
        if stopped():
            raise CallAbandonedError
        if self._errands is None:
            self._errands = SimpleQueue()
            work = (self._errands,)
            threading.Thread(target=_work, args=work, name="watstep call", daemon=True).start()
        self._errands.put(_Errand(action, answers))
        try:
            answer = answers.get(timeout=seconds + GRACE)
            while answer is None:
                answer = answers.get(timeout=GRACE)
        except Empty:
            self.hanging = True
            raise CallAbandonedError from None
        if answer.error is not None:
            raise answer.error
        return answer.value

    def abandon(self) -> None:
        """Leave the call that is waited for, if there is one; from any thread."""
        self._answers.put(None)

    def close(self, release: Callable[[], None]) -> None:
        """End the thread; `release` lets go of what calls use, when the last one has ended."""
        if self._errands is None or not self.hanging:
            release()
        else:
            self._errands.put(_Errand(release, SimpleQueue()))
        if self._errands is not None:
            self._errands.put(None)
            self._errands = None


def _work(errands: SimpleQueue[_Errand | None]) -> None:
    while errand := errands.get():
        try:
            answer = _Answer(errand.action(), None)
        except BaseException as error:
            answer = _Answer(None, error)
        errand.answers.put(answer)

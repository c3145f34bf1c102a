"""Answers that a person or an earlier run gives to a host call, so that the world is not asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from watstep.errors import CommandError
from watstep.host.catalog import CAPABILITIES, FUNCTIONS
from watstep.host.errors import ErrorCode, error_name
from watstep.host.function import Gives
from watstep.host.tape import CallOrigin, HostCall
from watstep.syntax.literals import decode_integer
from watstep.wasm.values import signed

_STATUS_OF_EHTTP = 500
"""What `http.status` says after an error that stands for any status but 2xx."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host call answers; a text goes where the heap of the run puts it."""

    origin: CallOrigin
    text: str | None = None
    value: int = 0
    """The number, or the pointer where there is no text."""
    error: int = 0
    reserves: bool = False
    """It is space on the heap, reserved as it would be live."""
    log: str | int | None = None
    result_value: str | None = None
    http_status: int | None = None
    """What `http.status` says from now on; None changes nothing."""
    seconds: float = 0.0


def recorded_answer(call: HostCall) -> Answer | None:
    """What a recorded call answered, to be given again; None where it answered nothing."""
    if call.trap:
        return None
    gives = FUNCTIONS[call.function].gives
    values = [value.value for value in call.results]
    text = call.results[0].text if values else None
    origin = replayed(call).origin
    pairs = gives in {Gives.TEXT, Gives.SPACE}
    return Answer(
        origin,
        text,
        value=values[0] if values and gives is not Gives.ERROR else 0,
        error=values[-1] if pairs or gives is Gives.ERROR else 0,
        reserves=gives is Gives.SPACE and not values[1] and origin is CallOrigin.RECORDED,
        log=call.log,
        result_value=call.result_value,
        http_status=call.http_status if call.function.startswith("http.") else None,
        seconds=call.seconds,
    )


def replayed(call: HostCall) -> HostCall:
    """A call of a run that was made before: what was live then is recorded now."""
    live = call.origin is CallOrigin.LIVE
    return replace(call, origin=CallOrigin.RECORDED) if live else call


def _text(name: str, typed: str) -> Answer:
    status = 200 if name.startswith("http.") else None
    return Answer(CallOrigin.TYPED, typed, http_status=status)


def _number(name: str, typed: str) -> Answer:
    number = decode_integer(typed)
    if number is None:
        raise CommandError(f"a number is wanted, not `{typed}`")
    value = signed(number)
    if FUNCTIONS[name].gives is Gives.ERROR:
        return Answer(CallOrigin.TYPED, error=value)
    return Answer(CallOrigin.TYPED, value=value)


def _error(name: str, typed: str) -> Answer:
    word, _, body = typed.partition(" ")
    names = ErrorCode.__members__
    code = names[word.upper()] if word.upper() in names else decode_integer(word)
    if code is None:
        known = ", ".join(names)
        raise CommandError(f"`{word}` is no error; there is {known}, or a number")
    answer = Answer(CallOrigin.TYPED, error=signed(int(code)))
    if code == ErrorCode.EHTTP:
        return replace(answer, text=body, http_status=_STATUS_OF_EHTTP)
    if body:
        raise CommandError("only EHTTP comes with a text")
    return answer


def _empty(name: str, typed: str) -> Answer:
    if typed:
        raise CommandError(f"`{typed}` is one thing too many")
    return _text(name, "") if FUNCTIONS[name].gives is Gives.TEXT else Answer(CallOrigin.TYPED)


def _denied(name: str, typed: str) -> Answer:
    if typed:
        raise CommandError(f"`{typed}` is one thing too many")
    return denial(CallOrigin.TYPED)


_BY_HAND: dict[str, Callable[[str, str], Answer]] = {
    "text": _text,
    "number": _number,
    "error": _error,
    "empty": _empty,
    "deny": _denied,
}
_FITTING = {
    Gives.NOTHING: ("empty",),
    Gives.NUMBER: ("number", "empty"),
    Gives.ERROR: ("number", "error", "empty"),
    Gives.TEXT: ("text", "number", "error", "empty"),
    Gives.SPACE: ("number", "error", "empty"),
}


def kinds_of_answer(name: str) -> tuple[str, ...]:
    """The words of the answers that a person can give to a host function, as `error`."""
    function = FUNCTIONS[name]
    deny = ("deny",) if ErrorCode.EACCESS in function.errors else ()
    return (*_FITTING[function.gives], *deny)


def answer_by_hand(name: str, kind: str, typed: str) -> Answer:
    """The answer of a kind to a function, from what was typed after the kind.

    Raises `CommandError` where the function has no such answer.
    """
    kinds = kinds_of_answer(name)
    if kind not in kinds:
        raise CommandError(f"`{name}` has no answer `{kind}`; there is {', '.join(kinds)}")
    return _BY_HAND[kind](name, typed)


def denial(origin: CallOrigin) -> Answer:
    """What a call answers whose capability is not granted any more."""
    return Answer(origin, error=ErrorCode.EACCESS)


def error_text(code: int) -> str | None:
    """An error as the tape names it: by its name, a number of no error as such; None for 0."""
    return error_name(code) or (str(code) if code else None)


def is_outside(name: str) -> bool:
    """Whether a host function asks the world, rather than the run itself."""
    # What asks the world can fail: `http.status` only tells what the run knows.
    return CAPABILITIES[name.partition(".")[0]].outside and FUNCTIONS[name].can_answer_error

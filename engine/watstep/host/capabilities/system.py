"""`sys`: arguments, the result value, memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watstep.host.errors import ErrorCode, HostError
from watstep.host.function import Capability, Gives, HostFunction, Takes

if TYPE_CHECKING:
    from watstep.host.context import Context


def _argc(context: Context) -> int:
    return len(context.settings.arguments)


def _argv(context: Context, index: int) -> str:
    arguments = context.settings.arguments
    if not 0 <= index < len(arguments):
        raise HostError(ErrorCode.ENOENT)
    return arguments[index]


def _resv(context: Context, text: str) -> None:
    context.effects["result_value"] = text


def _alloc(context: Context, size: int) -> int:
    if size < 0:
        raise HostError(ErrorCode.EINVAL)
    return size


SYS = Capability(
    "sys",
    "the run itself: arguments, result value, memory",
    "",
    (
        HostFunction("argc", (), Gives.NUMBER, "how many arguments the run has", _argc),
        HostFunction(
            "argv",
            (("index", Takes.NUMBER),),
            Gives.TEXT,
            "an argument's text; ENOENT beyond the last",
            _argv,
            (ErrorCode.ENOENT, ErrorCode.ENOMEM),
        ),
        HostFunction(
            "resv",
            (("text", Takes.LOOSE_TEXT),),
            Gives.NOTHING,
            "set the program's result value; the last one counts",
            _resv,
        ),
        HostFunction(
            "alloc",
            (("bytes", Takes.NUMBER),),
            Gives.SPACE,
            "reserve bytes on the heap, 16-byte aligned",
            _alloc,
            (ErrorCode.EINVAL, ErrorCode.ENOMEM),
        ),
    ),
)

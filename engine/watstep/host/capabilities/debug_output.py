"""`dbg`: what a program says to the person who watches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watstep.host.function import Capability, Gives, HostFunction, Takes

if TYPE_CHECKING:
    from watstep.host.context import Context


def _log(context: Context, text: str) -> None:
    context.effects["log"] = text


def _i32(context: Context, number: int) -> None:
    context.effects["log"] = number


DBG = Capability(
    "dbg",
    "messages to whoever watches the run",
    "",
    (
        HostFunction(
            "log", (("text", Takes.LOOSE_TEXT),), Gives.NOTHING, "add a text to the log", _log
        ),
        HostFunction(
            "i32", (("number", Takes.NUMBER),), Gives.NOTHING, "add a number to the log", _i32
        ),
    ),
)

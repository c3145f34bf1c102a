"""What a host function is: a row with a signature, a line of help, and plain Python."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from watstep.host.errors import ErrorCode
from watstep.wasm.types import FunctionType, HostSignature, ValueType

if TYPE_CHECKING:
    # It is made of dataclasses, which most commands do without.
    from watstep.host.tape import HostCall


class Takes(Enum):
    """How a parameter is decoded."""

    TEXT = "text"
    """A pointer to a text value; not UTF-8 is EUTF8, or a trap where no error can be answered."""
    LOOSE_TEXT = "loose text"
    """The same, read with replacement characters."""
    NUMBER = "number"
    """A signed i32."""


class Gives(Enum):
    """What a function answers, and so what its Python returns."""

    NOTHING = 0
    NUMBER = 1
    """An i32; the Python returns an int."""
    ERROR = 1.5
    """An error code; the Python returns None."""
    TEXT = 2
    """(pointer, error); the Python returns str."""
    SPACE = 2.5
    """(pointer, error); the Python returns how many bytes to reserve."""


class HostFunction(NamedTuple):
    """One function of a capability."""

    name: str
    parameters: tuple[tuple[str, Takes], ...]
    gives: Gives
    help: str
    run: Callable[..., Any]
    """Called with the context of the run and the decoded arguments; raises `HostError`."""
    errors: tuple[ErrorCode, ...] = ()
    """What it answers with where it can answer an error, in the order of the codes."""

    @property
    def can_answer_error(self) -> bool:
        """Whether a bad argument is EINVAL rather than a trap."""
        return self.gives in {Gives.ERROR, Gives.TEXT, Gives.SPACE}

    def signature(self, capability: str) -> HostSignature:
        """The function as expansion, linking and help see it."""
        i32: tuple[ValueType, ...] = ("i32",)
        params, results = i32 * len(self.parameters), i32 * int(self.gives.value)
        texts = tuple(
            index for index, (_, takes) in enumerate(self.parameters) if takes is not Takes.NUMBER
        )
        return HostSignature(
            capability,
            self.name,
            FunctionType(params, results),
            tuple(name for name, _ in self.parameters),
            bool(texts) or self.gives in {Gives.TEXT, Gives.SPACE},
            self.help,
            tuple(code.name for code in self.errors),
            texts,
        )


class Capability(NamedTuple):
    """A group of functions that is granted as one."""

    name: str
    help: str
    scope: str
    """What a grant's scope is, "" for none."""
    functions: tuple[HostFunction, ...]
    check_scope: Callable[[tuple[str, ...]], str | None] = lambda scope: None
    """Why a scope makes no sense, or None."""
    outside: bool = False
    """Its functions reach out of the process, so that a call may wait and may hang."""
    restore: Callable[[Any, HostCall], None] | None = None
    """Called with the context of the run and a call that was answered without its Python: brings
    what the capability keeps for the time of the run to where the call would have left it."""

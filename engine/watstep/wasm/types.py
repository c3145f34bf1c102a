"""Value and function types, and the signatures of what a host offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

ValueType: TypeAlias = Literal["i32", "i64", "f32", "f64"]

PAGE_SIZE = 65536


class FunctionType(NamedTuple):
    """What a function takes and gives; results in the order in which they are pushed."""

    params: tuple[ValueType, ...]
    results: tuple[ValueType, ...]


class Limits(NamedTuple):
    """The size of a memory, in pages of 64 KiB."""

    minimum: int
    maximum: int | None


class HostSignature(NamedTuple):
    """One function that a host offers, as expansion, linking, completion and hover see it."""

    capability: str
    name: str
    type: FunctionType
    parameters: tuple[str, ...]
    """The parameters' names, for people."""
    takes_pointers: bool
    """Whether any parameter or result is a pointer, so that the memory must be reachable."""
    help: str
    errors: tuple[str, ...] = ()
    """The names of the error codes that it answers with, as its last result; empty where it
    answers none."""
    pointers: tuple[int, ...] = ()
    """Which parameters are pointers to texts."""

    @property
    def full_name(self) -> str:
        """As a program calls it, without the dollar: `http.get`."""
        return f"{self.capability}.{self.name}"


HostInterface: TypeAlias = Mapping[str, HostSignature]
"""All that a host offers, by full name."""

"""Text to a checked, encoded program: the one place that knows the order of the phases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from watstep.encode.locations import LocationMap
from watstep.expand.pieces import Expansion, Rendering
from watstep.module.ir import Module
from watstep.source.diagnostic import Diagnostic
from watstep.source.text import Source, Span
from watstep.wasm.types import HostInterface


@dataclass(frozen=True)
class Program:
    """A program that passed every check; both executors run exactly this."""

    source: Source
    expansion: Expansion
    module: Module
    profile: str
    """`agent` or `core`."""

    @property
    def rendering(self) -> Rendering:
        """The full expansion: the text that the module's spans are in."""
        return self.expansion.full

    @cached_property
    def _encoded(self) -> tuple[bytes, LocationMap]:
        raise NotImplementedError

    @property
    def binary(self) -> bytes:
        """The module in the binary format."""
        return self._encoded[0]

    @property
    def locations(self) -> LocationMap:
        """From an offset in `binary` to a function and an index in its body."""
        return self._encoded[1]

    def source_span(self, function: int, pc: int) -> Span:
        """The source form that an instruction comes from (function index, index in its body)."""
        raise NotImplementedError


@dataclass(frozen=True)
class Compilation:
    """Everything known about a text, however wrong it is."""

    source: Source
    expansion: Expansion
    module: Module | None
    """None where names could not be resolved."""
    diagnostics: tuple[Diagnostic, ...]
    """Of all phases, in the order of the text; spans are in the source."""
    profile: str
    program: Program | None
    """None where any diagnostic is an error."""


def compile_source(
    source: Source, interface: HostInterface, *, profile: str | None = None
) -> Compilation:
    """Take a text through every phase; problems are in the answer, nothing is raised.

    `profile` is `agent` or `core`; None means what the file's first comment asks for, else agent.
    """
    raise NotImplementedError

"""A stop of the session as a value, and the forms in which its numbers are written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from watstep.debug.breakpoint import Breakpoint
from watstep.debug.density import Rates
from watstep.debug.state import Frame, Level, State, Stop, TraceRow
from watstep.debug.tracing import Matches
from watstep.host.tape import HostCall
from watstep.pipeline import Program
from watstep.source.diagnostic import Diagnostic
from watstep.source.text import Span
from watstep.wasm.values import signed

BYTES_A_ROW = 16
TRACE_AROUND = 60
_LONGEST = 40


class Form(Enum):
    """How numbers are written."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    HEX = "hex"
    CHARACTER = "character"


def written(value: int, form: Form) -> str:
    """An i32, 0 to 2**32-1, in a form; as a character only where it is a printable one (L4)."""
    if form is Form.UNSIGNED:
        return str(value)
    if form is Form.HEX:
        return f"0x{value:x}"
    if form is Form.CHARACTER and value < 0x110000 and chr(value).isprintable():
        return f"'{chr(value)}'"
    return str(signed(value))


def quoted(text: str, longest: int = _LONGEST) -> str:
    """A text on one line, in quotes, cut where it is long."""
    shown = text if len(text) <= longest else text[: longest - 1] + "…"
    return '"' + shown.replace("\n", "⏎").replace("\r", "").replace("\t", " ") + '"'


@dataclass(frozen=True)
class View:
    """What a person chose to look at, besides the position."""

    frame: int = 0
    """Which frame's stack and locals, counted from the innermost."""
    form: Form = Form.SIGNED
    memory: int | None = None
    """The address that a person asked for; None follows what is written and read."""
    scrolled: int | None = None
    """The address, or the instant of the trace, that was scrolled to; the next move forgets it."""
    traces: bool = True
    """Whether the trace is looked at."""
    filter: str = ""
    """What the rows of the trace must hold to be there."""
    zoom: int = 0
    """How near the timeline bar is looked at: each step shows half of what the one before does."""


class Shown(NamedTuple):
    """A timeline of the session, as lists have it."""

    number: int
    name: str
    text: str
    current: bool


@dataclass(frozen=True)
class Snapshot:
    """All that the screen shows at one stop, gathered away from the keyboard."""

    program: Program
    stop: Stop
    level: Level
    state: State
    view: View
    tape: tuple[HostCall, ...]
    trace: tuple[TraceRow, ...]
    """The instructions around the instant that is looked at, of those that match."""
    breakpoints: tuple[Breakpoint, ...]
    hits: tuple[int, ...]
    """The instants, as far as they are known, at which a breakpoint stands."""
    memory_at: int
    """The address that is looked at."""
    memory_start: int
    memory: bytes
    """The bytes from `memory_start`, around that address."""
    texts: dict[int, str]
    """By value: the text that a local or a stack value points at."""
    failed: tuple[Span, Span] | None = None
    """At the end of a run that trapped: the form that failed, in the source and expanded."""
    trapped: bool = False
    """Whether the run is known to end with a trap or a limit."""
    recorded: bool = False
    """Whether the run was made before, so that nothing of it calls the world."""
    timelines: tuple[Shown, ...] = ()
    """All of them, in the order in which they were made."""
    matches: Matches | None = None
    """The rows of a filtered trace, as far as they were found."""
    forks: tuple[int, ...] = ()
    """The instants at which other timelines leave this one."""
    rates: Rates | None = None
    """How densely the run loops where the bar shows it, as far as that is known."""
    changed: bool = False
    """Whether a value was changed on this timeline, which wasmtime cannot repeat."""
    problems: tuple[Diagnostic, ...] = ()
    """What was found in the program when it was compiled."""
    verdict: str | None = None
    """What wasmtime said of this run: "" agrees, None was not asked (P2)."""

    @property
    def frame(self) -> Frame:
        """The frame that is looked at."""
        return self.state.frames[self.view.frame]

    @property
    def timeline(self) -> Shown | None:
        """The timeline that is looked at."""
        return next((item for item in self.timelines if item.current), None)

    @property
    def instant(self) -> int:
        """The instant of the position."""
        return self.state.position.instant

    @cached_property
    def writes_memory(self) -> bool:
        """Whether the program itself can write memory."""
        functions = self.program.module.functions
        return any("store" in i.name for function in functions for i in function.body)


def code_at(found: Snapshot, span: Span) -> str:
    """Where a form stands and its text on one line: `7:16 (i32.const 0)`."""
    source = found.program.source
    place = source.position(span.start)
    code = " ".join(source.text[span.start : span.end].split())
    return f"{place.line}:{place.column} {code}"

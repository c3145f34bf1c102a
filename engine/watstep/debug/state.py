"""What a front end shows: values that depend on the instant alone (STEPPING.md L1, L2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, TypeAlias

from watstep.host.tape import HostCall
from watstep.source.text import Span
from watstep.wasm.types import ValueType


class Level(Enum):
    """What a step is: a statement of the source, of the expansion, or an instruction."""

    SOURCE = "source"
    EXPANSION = "expansion"
    INSTRUCTION = "instruction"


class StopReason(Enum):
    """Why the last command stopped where it did."""

    STEP = "step"
    BACK = "back"
    BREAKPOINT = "breakpoint"
    START = "start"
    END = "end"
    TRAP = "trap"
    GOTO = "goto"
    UNTIL = "until"
    OUT = "out"
    CALL = "call"
    """Before a host call that was asked for."""
    ITERATION = "iteration"
    LOOP_START = "loop-start"
    LOOP_END = "loop-end"
    FUEL = "fuel"
    AT_START = "at-start"
    """A backward command at the start changed nothing (S12)."""
    AT_END = "at-end"
    """A forward command at the end changed nothing (S12)."""
    CANCELLED = "cancelled"
    ASKED = "asked"
    """A call of the world is not the one that was recorded, and waits for a person's answer."""
    ANSWERED = "answered"
    CHANGED = "changed"
    """A value was changed: a new timeline is looked at (L7)."""
    TIMELINE = "timeline"
    """Another timeline is looked at."""
    ERROR = "error"
    """The command could not be carried out; it changed nothing."""
    NONE = "none"
    """The command does not move."""


class Position(NamedTuple):
    """An instant, and how many of the macro frames that begin there have been entered (S5)."""

    instant: int
    entered: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A value of the operand stack."""

    type: ValueType
    value: int
    """0 to 2**32-1."""
    pushed_by: Span | None
    """The form of the source that pushed it."""
    pushed_by_expanded: Span | None
    changed: bool
    """The last instruction put it there."""
    read_next: bool
    """The next instruction takes it."""


@dataclass(frozen=True, slots=True)
class LocalSlot:
    """A parameter or local of a frame."""

    name: str
    """With its dollar, or its index as text."""
    type: ValueType
    value: int
    parameter: bool
    written: bool
    """False for a local that nothing has set yet."""
    changed: bool
    read_next: bool
    written_next: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """A program frame or a virtual macro frame."""

    kind: str
    """`function` or `macro`."""
    name: str
    """A function's name without its dollar; a macro call as written, `check $err`."""
    source: Span
    """The source form that it stands at; for a macro frame the statement inside it, which maps to
    the macro call where the text is generated."""
    expansion: Span
    function: int
    pc: int
    locals: tuple[LocalSlot, ...]
    """Of the program frame that it is or lies in."""
    stack: tuple[Slot, ...]
    """Of the program frame that it is or lies in, bottom first."""
    labels: tuple[str, ...]
    """The labels in force, outermost first: `$break`, or the depth's block keyword."""


class MemoryRange(NamedTuple):
    """Bytes from `start` up to `end`."""

    start: int
    end: int


class Said(Enum):
    """What a remark tells of its form."""

    READS = "reads"
    """A local that what runs next reads."""
    WROTE = "wrote"
    """A local that what ran last set."""
    TAKEN = "taken"
    NOT_TAKEN = "not taken"


class Remark(NamedTuple):
    """Something to be said beside a form."""

    said: Said
    expansion: Span
    source: Span | None
    """None for a branch in what a macro call became."""
    name: str = ""
    """The local, with its dollar or its index."""
    value: int = 0
    """0 to 2**32-1."""


class Skipped(NamedTuple):
    """An arm of an `if` that is not run at this time round."""

    expansion: Span
    source: Span | None
    """None where a macro call made it: the call itself does run."""


@dataclass(frozen=True, slots=True)
class State:
    """The program at one position; the memory is asked for apart, since it is large."""

    position: Position
    last_instant: int | None
    """None until the run has ended there."""
    frontier: int
    ended: bool
    """Whether the position is the last instant."""
    trap: str | None
    """At the last instant of a run that trapped: the kind and the sentence."""
    frames: tuple[Frame, ...]
    """Innermost first."""
    source_line: Span
    """The form of the source that the cursor stands at, at the session's level."""
    expansion_line: Span
    fuel: int
    fuel_limit: int
    pages: int
    memory_written: tuple[MemoryRange, ...]
    """What the last instruction (a host call too) wrote."""
    memory_read_next: tuple[MemoryRange, ...]
    """What the next instruction will read."""
    calls: tuple[HostCall, ...]
    """Made up to this instant."""
    log: tuple[str | int, ...]
    result_value: str | None
    results: tuple[int, ...]
    """What `run` returned, signed; () before the end."""
    remarks: tuple[Remark, ...]
    """What is to be said beside the code of the innermost frame."""
    skipped: tuple[Skipped, ...]
    """The arms of `if`s that are not run at this time round."""
    next_instruction: str
    """The text of the next instruction in the expansion, "" at the end."""


class Bookmark(NamedTuple):
    """An instant that a person marked, and what they noted."""

    instant: int
    note: str


class Logged(NamedTuple):
    """What a breakpoint with a message says at an instant of the run."""

    instant: int
    number: int
    """The breakpoint's."""
    text: str


@dataclass(frozen=True, slots=True)
class Stop:
    """What a command of the session answers."""

    reason: StopReason
    moved: int
    """How many of the counted moves were made (S9)."""
    message: str
    """One line for a person."""
    logged: tuple[Logged, ...] = ()
    """What breakpoints with a message said on the way."""


class LocalSet(NamedTuple):
    """An instruction set a local."""

    name: str
    """With its dollar, or its index as text."""
    value: int
    """0 to 2**32-1."""


class Stored(NamedTuple):
    """An instruction wrote to the memory."""

    address: int
    content: bytes


class Called(NamedTuple):
    """An instruction called the host."""

    call: HostCall


Effect: TypeAlias = LocalSet | Stored | Called
"""What an instruction did besides its stack."""


class TraceRow(NamedTuple):
    """One executed instruction, as the article's table draws it; or a statement, with all of it."""

    instant: int
    """The instant after it; of a statement that at which it begins."""
    text: str
    depth: int
    """Program frames at that instant, so that calls can be indented."""
    stack: tuple[int, ...]
    """The innermost frame's stack after it, bottom first, 0 to 2**32-1."""
    source: Span
    expansion: Span
    effects: tuple[Effect, ...] = ()

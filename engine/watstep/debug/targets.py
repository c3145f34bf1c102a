"""What a breakpoint can stand on, and where that is in a program (STEPPING.md B1, B3, B4, B6).

A target is what a person asked for. Bound to a program it is a trigger: the places before or after
which the machine must stop, and the question that is asked there. The answer depends on the instant
alone, so that it is the same forwards and backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from watstep.debug import fuel
from watstep.debug.places import Place, Places
from watstep.debug.state import Level
from watstep.host.tape import HostCall
from watstep.machine.timeline import Timeline
from watstep.module.ir import Function, Instruction, MemoryArgument
from watstep.source.text import Span, counted
from watstep.wasm.instructions import INSTRUCTIONS

Check: TypeAlias = Callable[[Timeline], bool]
"""Whether it holds at the instant where the timeline's machine stands."""


@dataclass(frozen=True, eq=False)
class Trigger:
    """A target in one program."""

    places: frozenset[Place] = frozenset()
    """The machine must stop before these, or, where it is asked `after`, just after them."""
    check: Check | None = None
    """None: it holds wherever the cursor comes to its places."""
    after: bool = False
    """It is asked at every instant where the machine stands, not at its places alone."""
    begins: bool = False
    """It holds where what starts at the place begins, not where it comes round (B3)."""
    foresees: bool = False
    """It asks what a host call will do, which is known once the call was made."""
    units: int | None = None
    """The units of fuel whose use it waits for."""
    bound_line: int | None = None
    """The line that it stands on, for those on lines."""
    missing: str = ""
    """Why it can never hold."""


class Target(Protocol):
    """What was asked for; two that are equal ask for the same."""

    @property
    def words(self) -> str:
        """As `break` takes it."""

    def bind(self, places: Places, limit: int) -> Trigger:
        """Where it is in a program whose runs are given `limit` units of fuel."""


_LETTERS = {Level.SOURCE: "s", Level.EXPANSION: "e", Level.INSTRUCTION: "e"}
NO_CODE = "no code comes there or after"


@dataclass(frozen=True)
class LineTarget:
    """A line of the source or of the expansion; one without code moves on to the next (B3, B4)."""

    level: Level
    line: int

    @property
    def words(self) -> str:
        """As `break` takes it."""
        return f"{_LETTERS[self.level]}{self.line}"

    def bind(self, places: Places, limit: int) -> Trigger:
        """The first instruction of the first statement there."""
        line = places.line_with_code(self.level, self.line)
        place = places.on_line(self.level, line) if line is not None else None
        if place is None:
            return Trigger(missing=NO_CODE)
        return Trigger(frozenset((place,)), begins=True, bound_line=line)


@dataclass(frozen=True)
class FormTarget:
    """The statement, or the instruction alone, at a line and column; else the next one."""

    level: Level
    line: int
    column: int
    alone: bool

    @property
    def words(self) -> str:
        """As `break` takes it."""
        word = "instruction" if self.alone else "statement"
        return f"{word} {_LETTERS[self.level]}{self.line}:{self.column}"

    def bind(self, places: Places, limit: int) -> Trigger:
        """The innermost one that holds the column, as executed each time."""
        text = places.text(self.level)
        start = text.line_starts[self.line - 1] if self.line <= len(text.line_starts) else None
        if start is None:
            return Trigger(missing=NO_CODE)
        offset = start + self.column - 1
        forms = list(_instructions(places) if self.alone else _statements(places))
        if self.level is Level.SOURCE:
            to_source = places.program.rendering.source_span
            forms = [(to_source(span), place) for span, place in forms]
        around = [form for form in forms if form[0].start <= offset < form[0].end]
        after = [form for form in forms if form[0].start >= offset]
        if not around and not after:
            return Trigger(missing=NO_CODE)
        # Of those with one span, the first: they are what one macro call became.
        if around:
            span, place = min(around, key=lambda form: form[0].end - form[0].start)
        else:
            span, place = min(after, key=lambda form: form[0].start)
        line = text.line_of(span.start) if not around else self.line
        return Trigger(frozenset((place,)), begins=not self.alone, bound_line=line)


def _instructions(places: Places) -> Iterator[tuple[Span, Place]]:
    for function in places.program.module.functions:
        for pc, instruction in enumerate(function.body):
            if instruction.name not in {"end", "else"}:
                yield Span(instruction.start, instruction.end), Place(function.index, pc)


def _statements(places: Places) -> Iterator[tuple[Span, Place]]:
    for function in places.program.module.functions:
        for statement in function.statements:
            yield statement.span, Place(function.index, statement.first)


@dataclass(frozen=True)
class FunctionTarget:
    """The entry of one of the program's functions, before its first instruction."""

    name: str

    @property
    def words(self) -> str:
        """As `break` takes it."""
        return f"function {self.name}"

    def bind(self, places: Places, limit: int) -> Trigger:
        """Its first instruction, where it was entered and no loop came round to it."""
        functions = functions_named(places, self.name)
        entries = frozenset(Place(f.index, 0) for f in functions if len(f.body) > 1)
        if not entries:
            why = "it is empty" if functions else f"the program has no function {self.name}"
            return Trigger(missing=why)
        looping = any(f.body[0].name == "loop" for f in functions)
        return Trigger(entries, check=_entered if looping else None)


def functions_named(places: Places, name: str) -> list[Function]:
    """The functions of a name, with its dollar or without; that of an export too."""
    module, wanted = places.program.module, name.removeprefix("$")
    exported = {item.index for item in module.exports if (item.kind, item.name) == ("func", wanted)}
    found = [f for f in module.functions if f.label == wanted]
    return found or [f for f in module.functions if f.index in exported]


def _entered(timeline: Timeline) -> bool:
    """Whether the innermost frame was made by the last instruction."""
    machine = timeline.machine
    instant, callers = machine.step, len(machine.frames)
    if instant == 0:
        return True
    timeline.seek_machine(instant - 1)
    before = len(machine.frames)
    timeline.seek_machine(instant)
    return before < callers


@dataclass(frozen=True)
class HostTarget:
    """A function of the host, before it is called."""

    name: str

    @property
    def words(self) -> str:
        """As `break` takes it."""
        return f"host {self.name}"

    def bind(self, places: Places, limit: int) -> Trigger:
        """Every call of it."""
        functions = places.host_functions.items()
        calls = frozenset(place for place, name in functions if name == self.name)
        missing = "" if calls else f"the program does not call {self.name}"
        return Trigger(calls, missing=missing)


@dataclass(frozen=True)
class ErrorTarget:
    """A host call that answered with an error that is not 0, just after it."""

    words: str = "error"

    def bind(self, places: Places, limit: int) -> Trigger:
        """After every host call."""
        calls = places.host_calls
        missing = "" if calls else "the program calls nothing of the host"
        return Trigger(calls, check=_failed, after=True, missing=missing)


def _failed(timeline: Timeline) -> bool:
    made = timeline.machine.calls_made
    if not made:
        return False
    call = timeline.tape[made - 1]
    return call.error is not None and call.instant == timeline.machine.step


@dataclass(frozen=True)
class TrapTarget:
    """The end of a run that trapped or met a limit."""

    words: str = "trap"

    def bind(self, places: Places, limit: int) -> Trigger:
        """Wherever the run ends."""
        return Trigger(check=_trapped, after=True)


def _trapped(timeline: Timeline) -> bool:
    return timeline.trap is not None and timeline.end == timeline.machine.step


READ, WRITE, ACCESS = "read", "write", "access"
_LOCAL_NAMES = {
    READ: frozenset(("local.get",)),
    WRITE: frozenset(("local.set", "local.tee")),
    ACCESS: frozenset(("local.get", "local.set", "local.tee")),
}


@dataclass(frozen=True)
class LocalTarget:
    """A read or a write of a local by an instruction, before it; of one function or of all."""

    access: str
    name: str
    function: str = ""

    @property
    def words(self) -> str:
        """As `break` takes it."""
        return f"{self.access} {self.name}{f' in {self.function}' if self.function else ''}"

    def bind(self, places: Places, limit: int) -> Trigger:
        """The instructions that name it."""
        functions: Iterable[Function] = places.program.module.functions
        if self.function:
            functions = functions_named(places, self.function)
        names, found, known = _LOCAL_NAMES[self.access], set(), False
        for function in functions:
            numbers = {n for n, at in enumerate(function.locals) if at.name == self.name}
            known = known or bool(numbers)
            found |= {
                Place(function.index, pc)
                for pc, at in enumerate(function.body)
                if at.name in names and at.immediate in numbers
            }
        missing = "" if found else f"nothing does that to {self.name}"
        if not known:
            missing = f"there is no local {self.name}"
        return Trigger(frozenset(found), missing=missing)


@dataclass(frozen=True)
class MemoryTarget:
    """A read or a write of some bytes, by an instruction or a host call, before it (B6)."""

    access: str
    address: int
    length: int

    @property
    def words(self) -> str:
        """As `break` takes it."""
        return f"{self.access} mem {self.address} {self.length}"

    def bind(self, places: Places, limit: int) -> Trigger:
        """Every load or store, and every host call: what they touch is asked before each."""
        reads, writes = self.access != WRITE, self.access != READ
        functions = places.program.module.functions
        found = {
            Place(function.index, pc)
            for function in functions
            for pc, at in enumerate(function.body)
            if isinstance(at.immediate, MemoryArgument)
            and ((reads and "load" in at.name) or (writes and "store" in at.name))
        }
        found |= places.host_calls
        bodies = {function.index: function.body for function in functions}

        def touches(timeline: Timeline) -> bool:
            function, pc, _, stack = timeline.machine.top
            ranges = _touched(timeline, bodies[function][pc], stack, reads, writes)
            end = self.address + self.length
            return any(start < end and self.address < stop for start, stop in ranges)

        missing = "" if found else "nothing reads or writes the memory"
        return Trigger(frozenset(found), check=touches, foresees=True, missing=missing)


def _touched(
    timeline: Timeline, instruction: Instruction, stack: list[int], reads: bool, writes: bool
) -> Iterator[tuple[int, int]]:
    """The ranges (start, end) that the instruction at the cursor is about to read or write."""
    argument = instruction.immediate
    if isinstance(argument, MemoryArgument):
        at = stack[-2 if "store" in instruction.name else -1] + argument.offset
        yield at, at + INSTRUCTIONS[instruction.name].size
        return
    made = timeline.machine.calls_made
    if made >= len(timeline.tape):
        return
    call = timeline.tape[made]
    if writes:
        yield from ((w.address, w.address + len(w.content)) for w in call.writes)
    if reads:
        yield from texts_read(call)


def texts_read(call: HostCall) -> Iterator[tuple[int, int]]:
    """The ranges (start, end) of the texts that a host call was given."""
    for argument in call.arguments:
        if argument.text is not None:
            start = argument.value & 0xFFFFFFFF
            yield start, start + 4 + len(argument.text.encode())


@dataclass(frozen=True)
class FuelTarget:
    """Less fuel left than so many units, just after the instruction that used it."""

    units: int

    @property
    def words(self) -> str:
        """As `break` takes it."""
        return f"fuel {self.units}"

    def bind(self, places: Places, limit: int) -> Trigger:
        """The one instant from which there is less; fuel is only ever used."""
        used = max(limit - self.units + 1, 0)
        crossing = fuel.Crossing(used, places.grows)
        missing = "" if self.units <= limit else f"the run begins with {counted(limit, 'unit')}"
        return Trigger(
            places.grows, check=crossing.is_here, after=True, units=used, missing=missing
        )

"""The trace: executed instructions, each with what it did, all of them or those that match."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from watstep.debug.places import Place
from watstep.debug.state import Called, Effect, LocalSet, Stored, TraceRow
from watstep.debug.view import instruction_text
from watstep.host.tape import HostCall, call_value, quoted
from watstep.machine.loop import Reason
from watstep.machine.machine import Machine
from watstep.machine.timeline import Timeline
from watstep.module.ir import Instruction, MemoryArgument
from watstep.pipeline import Program
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.values import signed

STATEMENTS = "statements"
"""What is looked for where the instructions that begin a statement are meant."""
MOST_OF_STATEMENT = 500
"""Instants of a statement that are looked at for what they did."""
LONGEST = 200
AT_ONCE = 100_000
"""Instants that are searched at once; a key waits no longer than for these."""
MATCHES_AT_ONCE = 2_000
MOST_MATCHES = 1_000_000


class Tracer:
    """Tells what the instructions of one timeline did as it comes past them."""

    def __init__(self, timeline: Timeline) -> None:
        """Nothing is known of the texts yet."""
        self.timeline = timeline
        self._known: dict[tuple[int, int], TraceRow] = {}
        self._imported = len(timeline.program.module.imported_functions)

    def rows(self, first: int, last: int) -> Iterator[TraceRow]:
        """One row an instruction, for the instants `first` to `last` within the frontier."""
        first = max(first, 1)
        if last < first:
            return
        self.timeline.seek_machine(first - 1)
        for instant in range(first, last + 1):
            yield self._step(instant)

    def at(self, instants: Sequence[int], wanted: str = "") -> tuple[TraceRow, ...]:
        """The rows of some instants, in order; of statements all that runs up to the next."""
        if wanted == STATEMENTS:
            ends = (*instants[1:], self.timeline.frontier)
            return tuple(
                self._statement(instant, min(end, instant + MOST_OF_STATEMENT))
                for instant, end in zip(instants, ends, strict=bool(instants))
            )
        rows = []
        for instant in instants:
            self.timeline.seek_machine(instant - 1)
            rows.append(self._step(instant))
        return tuple(rows)

    def _step(self, instant: int) -> TraceRow:
        """Execute the instruction after which an instant stands, and tell of it."""
        machine = self.timeline.machine
        function, pc, locals_, stack = machine.top
        row = self._known.get((function, pc)) or self._begun(Place(function, pc))
        operands, made = stack[-2:], machine.calls_made
        self.timeline.advance(instant, live=False)
        executed = self.timeline.program.module.functions[function - self._imported].body[pc]
        effect: Effect | None = None
        if machine.calls_made > made:
            effect = Called(self.timeline.tape[made])
        elif executed.name in _SETTING:
            effect = _local_set(self.timeline.program, function, executed, locals_)
        elif "store" in executed.name:
            effect = _stored(machine, executed, operands)
        return row._replace(
            instant=instant,
            depth=len(machine.frames),
            stack=tuple(map(int, machine.top[3])),
            effects=(effect,) if effect else (),
        )

    def _statement(self, begin: int, end: int) -> TraceRow:
        """The statement that begins at an instant, and what is done up to another."""
        self.timeline.seek_machine(begin)
        function, pc, _, stack = self.timeline.machine.top
        row = TraceRow(
            begin, self._text(Place(function, pc)), 0, (), *self._begun(Place(function, pc))[4:6]
        )
        effects: list[Effect] = []
        depth, after = len(self.timeline.machine.frames), tuple(map(int, stack))
        for instant in range(begin + 1, end + 1):
            done = self._step(instant)
            effects += done.effects
            after = done.stack
        return row._replace(depth=depth + 1, stack=after, effects=tuple(effects))

    def _text(self, place: Place) -> str:
        """The statement that begins at a place, on one line."""
        program = self.timeline.program
        text = program.rendering.text
        begun = (s for s in program.function(place.function).statements if s.first == place.pc)
        span = next((statement.span for statement in begun), program.expanded_span(*place))
        return " ".join(text[span.start : min(span.end, span.start + LONGEST)].split())

    def _begun(self, place: Place) -> TraceRow:
        program = self.timeline.program
        span = program.expanded_span(*place)
        source = program.rendering.source_span(span)
        row = TraceRow(0, instruction_text(program, place), 0, (), source, span)
        self._known[place] = row
        return row


_SETTING = frozenset(("local.set", "local.tee"))


def _local_set(
    program: Program, function: int, executed: Instruction, locals_: list[int]
) -> LocalSet:
    number = executed.immediate
    assert isinstance(number, int)
    name = program.function(function).locals[number].name or str(number)
    return LocalSet(name, int(locals_[number]))


def _stored(machine: Machine, executed: Instruction, operands: list[int]) -> Stored | None:
    argument = executed.immediate
    if not isinstance(argument, MemoryArgument):
        return None
    address = operands[0] + argument.offset
    return Stored(address, machine.read(address, INSTRUCTIONS[executed.name].size))


def effects_text(effects: Sequence[Effect]) -> str:
    """What was done besides the stack, on one line; "" for nothing."""
    return ", ".join(map(_effect_text, effects))


def _effect_text(effect: Effect) -> str:
    match effect:
        case LocalSet(name, value):
            return f"{name} = {signed(value)}"
        case Stored(address, content):
            return f"memory[{address}] = {content.hex(' ')}"
        case Called(call):
            return _call_text(call)


def _call_text(call: HostCall) -> str:
    shown = [
        str(value.value) if value.text is None else quoted(value.text) for value in call.results
    ]
    ending = call.error or ("trapped" if call.trap else "")
    return f"{call.function} → {', '.join(shown) or '-'} {ending}".rstrip()


def row_text(row: TraceRow) -> str:
    """A row for the prompt and for files: instant, instruction, stack, effect."""
    code = "  " * (row.depth - 1) + row.text
    stack = [signed(value) for value in row.stack]
    return f"{row.instant:>8}  {code:<32} {stack!s:<20}  {effects_text(row.effects)}".rstrip()


def row_value(program: Program, row: TraceRow) -> dict[str, Any]:
    """A row as `--json` prints it."""
    value = {
        "instant": row.instant,
        "text": row.text,
        "depth": row.depth,
        "stack": [signed(value) for value in row.stack],
        "line": program.source.line_of(row.source.start),
    }
    value["effects"] = [_effect_value(effect) for effect in row.effects]
    return value


def _effect_value(effect: Effect) -> dict[str, Any]:
    match effect:
        case LocalSet(name, number):
            return {"local": name, "value": signed(number)}
        case Stored(address, content):
            return {"address": address, "bytes": content.hex()}
        case Called(call):
            return {"call": call_value(call)}


def text_line(program: Program, row: TraceRow) -> str:
    """A row as a line of a file."""
    return f"{row_text(row)}\n"


def json_line(program: Program, row: TraceRow) -> str:
    """A row as a line of JSON."""
    return f"{json.dumps(row_value(program, row), ensure_ascii=False)}\n"


def matching(program: Program, wanted: str) -> frozenset[Place]:
    """The places of the instructions that hold a text, or that begin a statement."""
    if wanted == STATEMENTS:
        return frozenset(
            Place(function.index, statement.first)
            for function in program.module.functions
            for statement in function.statements
        )
    return frozenset(
        place
        for function in program.module.functions
        for pc, instruction in enumerate(function.body)
        if instruction.name not in {"end", "else"}
        and wanted.casefold()
        in instruction_text(program, place := Place(function.index, pc)).casefold()
    )


class Matches(NamedTuple):
    """The rows that match, as far as they were found."""

    wanted: str
    instants: array[int]
    """In order; it grows, so many as are `known` are meant."""
    known: int
    searched: int
    """The instant up to which all were found."""
    whole: bool
    """Whether no more will be told of: all were found, or very many."""


class Filter:
    """Finds, bit by bit, the instructions of a run that match; the timeline is left anywhere."""

    def __init__(self, timeline: Timeline, wanted: str) -> None:
        """Nothing is found yet."""
        self.timeline, self.wanted = timeline, wanted
        self.instants: array[int] = array("Q")
        self.searched = 0
        self._places = matching(timeline.program, wanted)
        self._later = int(wanted != STATEMENTS)

    def found(self) -> Matches:
        """What is known."""
        count, frontier = len(self.instants), self.timeline.frontier
        whole = self.searched >= frontier or count >= MOST_MATCHES
        return Matches(self.wanted, self.instants, count, self.searched, whole)

    def search(self) -> bool:
        """Search the next piece of the run; False where there is none."""
        timeline, machine = self.timeline, self.timeline.machine
        if self.found().whole:
            return False
        if not self._places:
            self.searched = timeline.frontier
        elif timeline.visit(self.searched, AT_ONCE):
            until = min(self.searched + AT_ONCE, timeline.frontier)
            codes = machine.code.stopped_at(self._places)
            most = len(self.instants) + MATCHES_AT_ONCE
            while machine.step < until and len(self.instants) < most:
                before = machine.step
                reason = timeline.advance(until, live=False, codes=codes)
                if reason is Reason.STOPPED:
                    self.instants.append(machine.step + self._later)
                    timeline.advance(machine.step + 1, live=False)
                if machine.step == before:
                    self.searched = timeline.frontier
                    return False
            self.searched = machine.step
        return True

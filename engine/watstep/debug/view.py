"""From a timeline's state to what front ends show (STEPPING.md L2 to L6)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from watstep.debug.places import FunctionPlaces, Place, Places
from watstep.debug.state import (
    Frame,
    Level,
    LocalSlot,
    MemoryRange,
    Position,
    Slot,
    State,
    TraceRow,
)
from watstep.machine.machine import FrameState, MachineState
from watstep.machine.timeline import Timeline
from watstep.module.ir import BlockType, Function, Instruction, MemoryArgument, Module
from watstep.pipeline import Program
from watstep.source.text import Span
from watstep.validate.stack import stack_before
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.types import PAGE_SIZE
from watstep.wasm.values import signed

_NAMED_BLOCK = re.compile(r"\(?\s*(?:block|loop|if)\s+(\$[^\s()]+)")
_OPERANDS_OR_COMMENT = re.compile(r"[()]|;;")
_TAKES = {
    "if": 1,
    "br_if": 1,
    "br_table": 1,
    "local.set": 1,
    "local.tee": 1,
    "drop": 1,
    "select": 3,
}
_PUSHES = {"local.get": 1, "local.tee": 1, "select": 1}


class _Around(NamedTuple):
    """The states at the instant and just before it, and the instruction between them."""

    now: MachineState
    before: MachineState | None
    last: Place | None
    """The instruction that was executed last."""
    next: Place | None
    """The one that runs next; None at a normal end."""


def build_state(timeline: Timeline, places: Places, position: Position, level: Level) -> State:
    """The state at a position, whose macro frames are listed as the level has them (S5)."""
    around = _around(timeline, position.instant)
    now = around.now
    frames = _frames(timeline, places, position, level, around)
    cursor = _cursor(around)
    entered = position.entered if level is Level.SOURCE else None
    source, expansion = _spans(places, cursor, level, entered, ended=around.next is None)
    made = tuple(timeline.tape[: now.calls_made])
    ended = timeline.end == position.instant
    results = [call.result_value for call in made if call.result_value is not None]
    program = timeline.program
    return State(
        position=position,
        last_instant=timeline.end,
        frontier=timeline.frontier,
        ended=ended,
        trap=f"{timeline.trap.kind.value}: {timeline.trap.message}"
        if ended and timeline.trap
        else None,
        frames=frames,
        source_line=source,
        expansion_line=expansion,
        fuel=now.step + now.credit,
        fuel_limit=timeline.settings.limits.fuel,
        pages=sum(len(chunk) for chunk in now.memory) // PAGE_SIZE,
        memory_written=_written(timeline, around),
        memory_read_next=_read_next(program, around),
        calls=made,
        log=tuple(call.log for call in made if call.log is not None),
        result_value=results[-1] if results else None,
        results=tuple(signed(int(v)) for v in now.frames[-1].stack) if now.ended else (),
        next_instruction=instruction_text(program, around.next) if around.next else "",
    )


def _around(timeline: Timeline, instant: int) -> _Around:
    before = timeline.seek(instant - 1) if instant else None
    now = timeline.seek(instant)
    last = Place(before.frames[-1].function, before.frames[-1].pc) if before else None
    top = now.frames[-1]
    return _Around(now, before, last, None if now.ended else Place(top.function, top.pc))


def _cursor(around: _Around) -> Place:
    """The next instruction; at a normal end the last executed one of the outermost frame."""
    if around.next is not None:
        return around.next
    if around.before is None:
        top = around.now.frames[-1]
        return Place(top.function, top.pc)
    outermost = around.before.frames[0]
    return Place(outermost.function, outermost.pc)


def _spans(
    places: Places, cursor: Place, level: Level, entered: int | None, *, ended: bool
) -> tuple[Span, Span]:
    """The form that a cursor stands at, in the source and in the expansion."""
    program = places.program
    rendering = program.rendering
    function = places.functions[cursor.function]
    instruction = function.function.body[cursor.pc]
    own = Span(instruction.start, instruction.end)
    if level is Level.INSTRUCTION:
        return rendering.source_span(own), own
    beginning = function.beginning.get(cursor.pc, ())
    if entered is not None and entered < len(beginning) and not ended:
        call = beginning[entered].call
        return call.origin.span, call.expanded
    statement = function.statement(cursor.pc)
    span = statement.span if statement else own
    return rendering.source_span(span), span


def _frames(
    timeline: Timeline, places: Places, position: Position, level: Level, around: _Around
) -> tuple[Frame, ...]:
    """Program frames and the macro frames in them, innermost first."""
    frames: list[Frame] = []
    states = around.now.frames
    for number, state in enumerate(states):
        innermost = number == len(states) - 1
        function = places.functions[state.function]
        cursor = _cursor(around) if innermost else Place(state.function, state.pc)
        if not innermost:
            macros = function.inside(state.pc)
        elif level is Level.SOURCE:
            macros = function.around(cursor.pc, position.entered)
        else:
            macros = function.inside(cursor.pc)
        if around.next is None:
            macros = []
        rendering = timeline.program.rendering
        marks = _Marks(timeline.program, around, number, cursor.pc if innermost else state.pc)
        locals_ = _locals(function.function, state, marks)
        stack = _stack(timeline.program, function.function, state, marks)
        labels = _labels(timeline.program, function.function, state.pc)
        names = [("function", function.function.label), *(("macro", m.call.text) for m in macros)]
        for depth, (kind, name) in enumerate(names):
            span = _frame_span(function, cursor, macros[depth : depth + 1])
            source = rendering.source_span(span)
            frames.append(
                Frame(kind, name, source, span, state.function, state.pc, locals_, stack, labels)
            )
    return tuple(reversed(frames))


def _frame_span(function: FunctionPlaces, cursor: Place, inner: object) -> Span:
    """Where a frame stands: at the macro call that it has entered, else at its statement."""
    if isinstance(inner, list) and inner:
        span: Span = inner[0].call.expanded
        return span
    statement = function.statement(cursor.pc)
    if statement:
        return statement.span
    instruction = function.function.body[cursor.pc]
    return Span(instruction.start, instruction.end)


class _Marks:
    """What the last instruction changed and the next one touches, in one program frame (L3)."""

    def __init__(self, program: Program, around: _Around, number: int, pc: int) -> None:
        module = program.module
        before = around.before
        self.pc = pc
        self.innermost = number == len(around.now.frames) - 1
        same = before is not None and len(before.frames) > number
        self.before: FrameState | None = before.frames[number] if before and same else None
        self.next: Instruction | None = None
        if self.innermost and around.next is not None:
            self.next = program.function(around.next.function).body[around.next.pc]
        self.pushed = 0
        if self.innermost and around.last is not None and before is not None:
            executed = program.function(around.last.function).body[around.last.pc]
            if len(before.frames) >= len(around.now.frames):
                self.pushed = pushes(module, executed)
                if len(before.frames) > len(around.now.frames):
                    last = program.function(around.last.function)
                    self.pushed = len(last.type.results)
        self.taken = takes(module, self.next) if self.next else 0


def _locals(function: Function, state: FrameState, marks: _Marks) -> tuple[LocalSlot, ...]:
    slots = []
    following = marks.next
    touched = following.immediate if following and following.name.startswith("local.") else None
    for number, (local, value) in enumerate(zip(function.locals, state.locals, strict=True)):
        parameter = number < len(function.type.params)
        before = marks.before
        changed = (
            before is not None
            and before.function == state.function
            and (before.locals[number] is False) != (value is False)
        ) or (before is not None and before.locals[number : number + 1] != (value,))
        name = following.name if following and touched == number else ""
        slots.append(
            LocalSlot(
                name=local.name or str(number),
                type=local.type,
                value=int(value),
                parameter=parameter,
                written=parameter or value is not False,
                changed=changed,
                read_next=name == "local.get",
                written_next=name in {"local.set", "local.tee"},
            )
        )
    return tuple(slots)


def _stack(
    program: Program, function: Function, state: FrameState, marks: _Marks
) -> tuple[Slot, ...]:
    pushed_by = _producers(program.module, function, state.pc)
    height = len(state.stack)
    slots = []
    for number, value in enumerate(state.stack):
        span: Span | None = None
        if number < len(pushed_by):
            instruction = function.body[pushed_by[number]]
            span = Span(instruction.start, instruction.end)
        slots.append(
            Slot(
                type="i32",
                value=int(value),
                pushed_by=program.rendering.source_span(span) if span else None,
                pushed_by_expanded=span,
                changed=marks.innermost and number >= height - marks.pushed,
                read_next=marks.innermost and number >= height - marks.taken,
            )
        )
    return tuple(slots)


@lru_cache(maxsize=4096)
def _cached_producers(module_id: int, index: int, pc: int) -> tuple[int, ...]:
    module = _modules[module_id]
    return stack_before(module, module.functions[index - len(module.imported_functions)], pc)


_modules: dict[int, Module] = {}


def _producers(module: Module, function: Function, pc: int) -> tuple[int, ...]:
    """The instructions that pushed the values on the stack before `pc`."""
    _modules[id(module)] = module
    return _cached_producers(id(module), function.index, pc)


def _labels(program: Program, function: Function, pc: int) -> tuple[str, ...]:
    text = program.rendering.text
    labels = []
    for at, instruction in enumerate(function.body[: pc + 1]):
        block = instruction.immediate
        if isinstance(block, BlockType) and at < pc <= block.end:
            named = _NAMED_BLOCK.match(text, instruction.start)
            labels.append(named[1] if named else instruction.name)
    return tuple(labels)


def takes(module: Module, instruction: Instruction) -> int:
    """How many values an instruction pops."""
    row = INSTRUCTIONS[instruction.name]
    if row.type is not None:
        return len(row.type.params)
    if instruction.name == "call" and isinstance(instruction.immediate, int):
        return len(module.function_type(instruction.immediate).params)
    return _TAKES.get(instruction.name, 0)


def pushes(module: Module, instruction: Instruction) -> int:
    """How many values an instruction pushes."""
    row = INSTRUCTIONS[instruction.name]
    if row.type is not None:
        return len(row.type.results)
    if instruction.name == "call" and isinstance(instruction.immediate, int):
        return len(module.function_type(instruction.immediate).results)
    return _PUSHES.get(instruction.name, 0)


def _written(timeline: Timeline, around: _Around) -> tuple[MemoryRange, ...]:
    """What the last instruction wrote; a host call too."""
    if around.before is None or around.last is None:
        return ()
    if around.now.calls_made > around.before.calls_made:
        writes = timeline.tape[around.before.calls_made].writes
        return tuple(MemoryRange(w.address, w.address + len(w.content)) for w in writes)
    executed = timeline.program.function(around.last.function).body[around.last.pc]
    return _touched(executed, around.before.frames[-1].stack, "store")


def _read_next(program: Program, around: _Around) -> tuple[MemoryRange, ...]:
    if around.next is None:
        return ()
    following = program.function(around.next.function).body[around.next.pc]
    return _touched(following, around.now.frames[-1].stack, "load")


def _touched(
    instruction: Instruction, stack: tuple[int, ...], access: str
) -> tuple[MemoryRange, ...]:
    argument = instruction.immediate
    if access not in instruction.name or not isinstance(argument, MemoryArgument):
        return ()
    address = stack[-2 if access == "store" else -1] + argument.offset
    return (MemoryRange(address, address + INSTRUCTIONS[instruction.name].size),)


def instruction_text(program: Program, place: Place) -> str:
    """An instruction alone, without its operands, as the article writes it: `(i32.add)`."""
    instruction = program.function(place.function).body[place.pc]
    text = program.rendering.text[instruction.start : instruction.end]
    inner = _OPERANDS_OR_COMMENT.split(text.removeprefix("("), maxsplit=1)[0]
    return f"({' '.join(inner.split())})"


def trace_rows(timeline: Timeline, places: Places, first: int, last: int) -> tuple[TraceRow, ...]:
    """One row an executed instruction, for the instants `first` to `last`."""
    rows = []
    program = timeline.program
    first = max(first, 1)
    if last < first:
        return ()
    timeline.seek_machine(first - 1)
    machine = timeline.machine
    for instant in range(first, last + 1):
        place = Place(machine.top[0], machine.top[1])
        timeline.seek_machine(instant)
        span = program.expanded_span(*place)
        rows.append(
            TraceRow(
                instant=instant,
                text=instruction_text(program, place),
                depth=len(machine.frames),
                stack=tuple(int(value) for value in machine.top[3]),
                source=program.rendering.source_span(span),
                expansion=span,
            )
        )
    return tuple(rows)

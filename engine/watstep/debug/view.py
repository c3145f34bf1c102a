"""From a timeline's state to what front ends show (STEPPING.md L2 to L6)."""

from __future__ import annotations

import re

from watstep.debug.frames import Around, Frames
from watstep.debug.places import Place, Places
from watstep.debug.remarks import remarks, skipped
from watstep.debug.state import Level, MemoryRange, Position, State
from watstep.host.tape import HostCall
from watstep.machine.timeline import Timeline
from watstep.module.ir import Instruction, MemoryArgument
from watstep.pipeline import Program
from watstep.source.text import Span
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.values import signed

_OPERANDS_OR_COMMENT = re.compile(r"[()]|;;")


class Viewer:
    """Shows one timeline, and keeps what it showed of what does not change."""

    def __init__(self, timeline: Timeline, places: Places) -> None:
        """Begin with nothing shown."""
        self.timeline = timeline
        self.places = places
        self._frames = Frames(places)
        self._ledger = _Ledger(timeline.tape)

    def state(self, position: Position, level: Level) -> State:
        """The state at a position, whose macro frames are listed as the level has them (S5)."""
        timeline, program = self.timeline, self.timeline.program
        instant = position.instant
        before = timeline.seek(instant - 1) if instant else None
        around = Around(timeline.seek(instant), before)
        now = around.now
        source, expansion = _spans(self.places, around, position, level)
        log, result_value = self._ledger.after(now.calls_made)
        trap = timeline.trap if timeline.end == instant else None
        return State(
            position=position,
            last_instant=timeline.end,
            frontier=timeline.frontier,
            ended=timeline.end == instant,
            trap=f"{trap.kind.value}: {trap.message}" if trap else None,
            frames=self._frames.all(around, position, level),
            source_line=source,
            expansion_line=expansion,
            fuel=now.fuel,
            fuel_limit=timeline.settings.limits.fuel,
            pages=now.pages,
            memory_written=_written(timeline, around),
            memory_read_next=_read_next(program, around),
            calls=tuple(timeline.tape[: now.calls_made]),
            log=log,
            result_value=result_value,
            results=tuple(signed(int(v)) for v in now.frames[-1].stack) if now.ended else (),
            remarks=remarks(self.places, around),
            skipped=skipped(self.places, around),
            next_instruction=instruction_text(program, around.next) if around.next else "",
        )


class _Ledger:
    """The log and the result value after each number of host calls; it grows with the tape."""

    def __init__(self, tape: list[HostCall]) -> None:
        self.tape = tape
        self.log: list[str | int] = []
        self.marks: list[tuple[int, str | None]] = [(0, None)]

    def after(self, count: int) -> tuple[tuple[str | int, ...], str | None]:
        for call in self.tape[len(self.marks) - 1 : count]:
            value = self.marks[-1][1] if call.result_value is None else call.result_value
            if call.log is not None:
                self.log.append(call.log)
            self.marks.append((len(self.log), value))
        length, value = self.marks[count]
        return tuple(self.log[:length]), value


def _spans(places: Places, around: Around, position: Position, level: Level) -> tuple[Span, Span]:
    """The form that the cursor stands at, in the source and in the expansion."""
    program, cursor = places.program, around.cursor
    rendering = program.rendering
    function = places.functions[cursor.function]
    own = program.expanded_span(*cursor)
    if level is Level.INSTRUCTION:
        return rendering.source_span(own), own
    beginning = function.beginning.get(cursor.pc, ())
    if level is Level.SOURCE and position.entered < len(beginning) and around.next is not None:
        call = beginning[position.entered].call
        return call.origin.span, call.expanded
    statement = function.statement(cursor.pc)
    span = statement.span if statement else own
    return rendering.source_span(span), span


def _written(timeline: Timeline, around: Around) -> tuple[MemoryRange, ...]:
    """What the last instruction wrote; a host call too."""
    if around.before is None or around.last is None:
        return ()
    if around.now.calls_made > around.before.calls_made:
        writes = timeline.tape[around.before.calls_made].writes
        return tuple(MemoryRange(w.address, w.address + len(w.content)) for w in writes)
    executed = timeline.program.function(around.last.function).body[around.last.pc]
    return _touched(executed, around.before.frames[-1].stack, "store")


def _read_next(program: Program, around: Around) -> tuple[MemoryRange, ...]:
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

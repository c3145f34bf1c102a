"""The call stack as front ends show it: program frames and their macro frames (L2, L3, S5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from watstep.debug.effects import pushes, takes
from watstep.debug.places import MacroRange, Place, Places
from watstep.debug.state import Frame, Level, LocalSlot, Position, Slot
from watstep.machine.machine import FrameState, MachineState
from watstep.module.ir import BlockType, Function, Instruction
from watstep.source.text import Span
from watstep.validate.stack import stacks_before

_NAMED_BLOCK = re.compile(r"\(?\s*(?:block|loop|if)\s+(\$[^\s()]+)")
MOST_DRAWN = 12_000
MOST_AT_ONCE = 1_000
MOST_VALUES = 100_000


@dataclass(frozen=True)
class Around:
    """The states at an instant and just before it."""

    now: MachineState
    before: MachineState | None

    @cached_property
    def last(self) -> Place | None:
        """The instruction that was executed last."""
        return _place(self.before.frames[-1]) if self.before else None

    @cached_property
    def next(self) -> Place | None:
        """The one that runs next; None at a normal end."""
        return None if self.now.ended else _place(self.now.frames[-1])

    @cached_property
    def cursor(self) -> Place:
        """The next instruction; at a normal end the last executed one of the outermost frame."""
        if self.next is None and self.before is not None:
            return _place(self.before.frames[0])
        return _place(self.now.frames[-1])


def _place(frame: FrameState) -> Place:
    return Place(frame.function, frame.pc)


class _Marks:
    """What the last instruction changed and the next one touches, in the innermost frame (L3)."""

    def __init__(self, places: Places, around: Around) -> None:
        module = places.program.module
        now, before = around.now, around.before
        number = len(now.frames) - 1
        self.before: FrameState | None = None
        if before is not None and number < len(before.frames):
            same = before.frames[number].function == now.frames[number].function
            self.before = before.frames[number] if same else None
        self.next: Instruction | None = None
        if around.next is not None:
            self.next = places.functions[around.next.function].function.body[around.next.pc]
        self.pushed = 0
        if around.last is not None and before is not None:
            last = places.functions[around.last.function].function
            if len(before.frames) > len(now.frames):
                self.pushed = len(last.type.results)
            elif len(before.frames) == len(now.frames):
                self.pushed = pushes(module, last.body[around.last.pc])
        self.taken = takes(module, self.next) if self.next else 0


class Frames:
    """Draws frames; what it drew of those that wait, which do not change, it keeps."""

    def __init__(self, places: Places) -> None:
        """Begin with nothing drawn."""
        self.places = places
        self._imported = len(places.program.module.imported_functions)
        self._pushers: dict[Place, tuple[int, ...]] = {}
        self._begun: dict[int, tuple[int, ...]] = {}
        self._waiting: dict[tuple[object, ...], tuple[Frame, ...]] = {}

    def all(self, around: Around, position: Position, level: Level) -> tuple[Frame, ...]:
        """The frames of the state at a position, innermost first.

        At the source level those macro frames are there that were entered, at others all.
        """
        *callers, top = around.now.frames
        frames = list(self._innermost(around, top, position, level))
        for state in reversed(callers):
            frames += self._caller(state)
        return tuple(frames)

    def _innermost(
        self, around: Around, state: FrameState, position: Position, level: Level
    ) -> tuple[Frame, ...]:
        cursor = around.cursor
        function = self.places.functions[cursor.function]
        macros: list[MacroRange] = []
        if around.next is not None and level is Level.SOURCE:
            macros = function.around(cursor.pc, position.entered)
        elif around.next is not None:
            macros = function.inside(cursor.pc)
        marks = _Marks(self.places, around)
        return self._drawn(state, cursor, macros, marks)

    def _caller(self, state: FrameState) -> tuple[Frame, ...]:
        # The types too: 0 and a local that was never set are equal.
        key = (state, *map(type, state.locals))
        found = self._waiting.get(key)
        if found is None:
            if len(self._waiting) >= MOST_DRAWN:
                self._waiting.clear()
            macros = self.places.functions[state.function].inside(state.pc)
            found = self._waiting[key] = self._drawn(state, _place(state), macros, None)
        return found

    def _drawn(
        self, state: FrameState, cursor: Place, macros: list[MacroRange], marks: _Marks | None
    ) -> tuple[Frame, ...]:
        """A program frame and the macro frames in it, innermost first."""
        function = self.places.functions[state.function].function
        locals_ = _locals(function, state, marks)
        stack = self._stack(function, state, marks, cursor)
        labels = self._labels(function, state.pc)
        names = [("function", function.label), *(("macro", m.call.text) for m in macros)]
        frames = []
        for depth, (kind, name) in enumerate(names):
            span = self._standing(cursor, macros[depth : depth + 1])
            source = self.places.program.rendering.source_span(span)
            frames.append(
                Frame(kind, name, source, span, state.function, state.pc, locals_, stack, labels)
            )
        return tuple(reversed(frames))

    def _standing(self, cursor: Place, inner: list[MacroRange]) -> Span:
        """Where a frame stands: at the macro call that it has entered, else at its statement."""
        if inner:
            return inner[0].call.expanded
        function = self.places.functions[cursor.function]
        statement = function.statement(cursor.pc)
        if statement:
            return statement.span
        instruction = function.function.body[cursor.pc]
        return Span(instruction.start, instruction.end)

    def _stack(
        self, function: Function, state: FrameState, marks: _Marks | None, cursor: Place
    ) -> tuple[Slot, ...]:
        height = len(state.stack)
        pushed_by = self._pushed_by(_place(state))
        if height and cursor != _place(state):
            pushed_by = self._returned_by(function, cursor)[-height:] or pushed_by
        changed = height - (marks.pushed if marks else 0)
        read = height - (marks.taken if marks else 0)
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
                    pushed_by=self.places.program.rendering.source_span(span) if span else None,
                    pushed_by_expanded=span,
                    changed=number >= changed,
                    read_next=number >= read,
                )
            )
        return tuple(slots)

    def _returned_by(self, function: Function, last: Place) -> tuple[int, ...]:
        """What pushed the results that a `return`, or a branch out of the function, gave early.

        () where the last instruction is none of these, and the results are those of the body's end.
        """
        instruction = function.body[last.pc]
        outermost = len(self._labels(function, last.pc))
        if instruction.name != "return" and instruction.immediate != outermost:
            return ()
        if instruction.name == "br_if":
            return self._pushed_by(last)[:-1]
        return self._pushed_by(last) if instruction.name in {"return", "br"} else ()

    def _pushed_by(self, place: Place) -> tuple[int, ...]:
        """The instructions that pushed the values on the stack before a place."""
        found = self._pushers.get(place)
        if found is None:
            module = self.places.program.module
            function = self.places.functions[place.function].function
            height = self.places.program.facts[place.function - self._imported].heights[place.pc]
            # Many places at once, since steps come to those beside; few where stacks are high.
            many = max(min(MOST_AT_ONCE, MOST_VALUES // (height + 2)), 1)
            start = place.pc // many * many
            seen = stacks_before(module, function, range(start, start + many))
            self._pushers |= {Place(place.function, pc): stack for pc, stack in seen.items()}
            found = seen[place.pc]
        return found

    def _labels(self, function: Function, pc: int) -> tuple[str, ...]:
        text = self.places.program.rendering.text
        labels = []
        for at in self._blocks(function):
            block = function.body[at].immediate
            if at < pc and isinstance(block, BlockType) and pc <= block.end:
                named = _NAMED_BLOCK.match(text, function.body[at].start)
                labels.append(named[1] if named else function.body[at].name)
        return tuple(labels)

    def _blocks(self, function: Function) -> tuple[int, ...]:
        """Where blocks begin in a function."""
        found = self._begun.get(function.index)
        if found is None:
            body = enumerate(function.body)
            found = tuple(pc for pc, at in body if isinstance(at.immediate, BlockType))
            self._begun[function.index] = found
        return found


def _locals(function: Function, state: FrameState, marks: _Marks | None) -> tuple[LocalSlot, ...]:
    slots = []
    following = marks.next if marks else None
    before = marks.before if marks else None
    touched = following.immediate if following and following.name.startswith("local.") else None
    for number, (local, value) in enumerate(zip(function.locals, state.locals, strict=True)):
        parameter = number < len(function.type.params)
        name = following.name if following and touched == number else ""
        slots.append(
            LocalSlot(
                name=local.name or str(number),
                type=local.type,
                value=int(value),
                parameter=parameter,
                written=parameter or value is not False,
                changed=before is not None and _differs(before.locals[number], value),
                read_next=name == "local.get",
                written_next=name in {"local.set", "local.tee"},
            )
        )
    return tuple(slots)


def _differs(before: int, now: int) -> bool:
    """Whether a local was changed, its first setting to 0 included: until then it holds False."""
    return before != now or (before is False) != (now is False)

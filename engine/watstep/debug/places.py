"""Where code is: statements, macro ranges and lines of a program, by function and index."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from watstep.debug.state import Level
from watstep.expand.pieces import MacroCall
from watstep.module.ir import Function, Statement
from watstep.pipeline import Program
from watstep.source.text import Source, Span


class Place(NamedTuple):
    """An instruction: the function's index and the index in its body."""

    function: int
    pc: int


class MacroRange(NamedTuple):
    """The instructions `first` to before `after` that a macro call became."""

    first: int
    after: int
    call: MacroCall


@dataclass(frozen=True)
class FunctionPlaces:
    """Where one function's statements and macros are."""

    function: Function
    macros: tuple[MacroRange, ...]
    """An outer one before an inner one."""

    @cached_property
    def starts(self) -> frozenset[int]:
        """The indices that begin a statement."""
        return frozenset(statement.first for statement in self.function.statements)

    @cached_property
    def beginning(self) -> dict[int, tuple[MacroRange, ...]]:
        """The macro calls that can be entered at an index, an outer one before an inner one (S5).

        One that stands as an operand is no statement, so no step stops at it.
        """
        spans: dict[int, list[Span]] = {}
        for statement in self.function.statements:
            spans.setdefault(statement.first, []).append(statement.span)
        found: dict[int, tuple[MacroRange, ...]] = {}
        for macro in self.macros:
            start, end = macro.call.expanded
            if any(start <= span.start and span.end <= end for span in spans[macro.first]):
                found[macro.first] = (*found.get(macro.first, ()), macro)
        return found

    @cached_property
    def operand_loops(self) -> frozenset[int]:
        """The loops that begin a statement without being one: their rounds are not its (S6, B3)."""
        body = self.function.body
        own = {statement.first: statement.span for statement in self.function.statements}
        return frozenset(
            pc
            for pc, span in own.items()
            if body[pc].name == "loop" and span != (body[pc].start, body[pc].end)
        )

    def around(self, pc: int, entered: int) -> list[MacroRange]:
        """The macro frames at an index: those that began before, and `entered` that begin there."""
        before = [m for m in self.macros if m.first < pc < m.after]
        return [*before, *self.beginning.get(pc, ())[:entered]]

    @cached_property
    def nesting(self) -> tuple[int, ...]:
        """How many macro calls hold each index."""
        changes = [0] * len(self.function.body)
        for macro in self.macros:
            changes[macro.first] += 1
            changes[macro.after] -= 1
        return tuple(accumulate(changes))

    def inside(self, pc: int) -> list[MacroRange]:
        """All macro calls that hold an index."""
        return [macro for macro in self.macros if macro.first <= pc < macro.after]

    @cached_property
    def owners(self) -> tuple[Statement | None, ...]:
        """The innermost statement that holds each index."""
        found: list[Statement | None] = [None] * len(self.function.body)
        for statement in self.function.statements:
            # Those inside come later and stand over what holds them.
            found[statement.first : statement.after] = [statement] * (
                statement.after - statement.first
            )
        return tuple(found)

    @cached_property
    def ifs(self) -> tuple[int, ...]:
        """The indices of the `if`s."""
        return tuple(pc for pc, at in enumerate(self.function.body) if at.name == "if")

    def statement(self, pc: int) -> Statement | None:
        """The innermost statement that holds an index."""
        best: Statement | None = None
        for statement in self.function.statements:
            if statement.first > pc:
                break
            if pc < statement.after:
                best = statement
        return best


@dataclass(frozen=True)
class Places:
    """Where the statements, macros and lines of a program are."""

    program: Program

    @cached_property
    def functions(self) -> dict[int, FunctionPlaces]:
        """By function index."""
        calls = self.program.rendering.macro_calls
        return {
            function.index: FunctionPlaces(function, _macro_ranges(function, calls))
            for function in self.program.module.functions
        }

    @cached_property
    def has_macros(self) -> bool:
        """Whether any function holds a macro call."""
        return any(places.macros for places in self.functions.values())

    @cached_property
    def statements(self) -> frozenset[Place]:
        """Every place that begins a statement.

        They are the stops of the source level too: a macro call is a statement, and its inner
        statements are stops once it is entered (STEPPING.md S5).
        """
        return frozenset(
            Place(index, pc) for index, places in self.functions.items() for pc in places.starts
        )

    @cached_property
    def operand_loops(self) -> frozenset[Place]:
        """Every loop that begins a statement without being one."""
        return frozenset(
            Place(index, pc)
            for index, places in self.functions.items()
            for pc in places.operand_loops
        )

    @cached_property
    def calls(self) -> frozenset[Place]:
        """Every call of a function that the program defines."""
        imported = len(self.program.module.imported_functions)
        return frozenset(
            Place(function.index, pc)
            for function in self.program.module.functions
            for pc, instruction in enumerate(function.body)
            if instruction.name == "call"
            and isinstance(instruction.immediate, int)
            and instruction.immediate >= imported
        )

    @cached_property
    def host_calls(self) -> frozenset[Place]:
        """Every call of a host function."""
        imported = len(self.program.module.imported_functions)
        return frozenset(
            Place(function.index, pc)
            for function in self.program.module.functions
            for pc, instruction in enumerate(function.body)
            if instruction.name == "call"
            and isinstance(instruction.immediate, int)
            and instruction.immediate < imported
        )

    @cached_property
    def host_functions(self) -> dict[Place, str]:
        """Every call of a function of the host, with that function's full name."""
        names = [f"{item.module}.{item.name}" for item in self.program.module.imported_functions]
        return {
            Place(function.index, pc): names[at.immediate]
            for function in self.program.module.functions
            for pc, at in enumerate(function.body)
            if at.name == "call" and isinstance(at.immediate, int) and at.immediate < len(names)
        }

    @cached_property
    def local_names(self) -> frozenset[str]:
        """The names of all locals, of whatever function."""
        functions = self.program.module.functions
        return frozenset(local.name for f in functions for local in f.locals if local.name)

    @cached_property
    def grows(self) -> frozenset[Place]:
        """Every `memory.grow`."""
        return frozenset(
            Place(function.index, pc)
            for function in self.program.module.functions
            for pc, at in enumerate(function.body)
            if at.name == "memory.grow"
        )

    def text(self, level: Level) -> Source:
        """The text whose lines a level speaks of."""
        rendering = self.program.rendering
        return self.program.source if level is Level.SOURCE else rendering.as_source

    def on_line(self, level: Level, line: int) -> Place | None:
        """The first instruction of the first statement that begins on a line (B3).

        Where no statement begins there, of the first form that does; None where no code does.
        """
        return self._lines(level).get(line)

    def line_with_code(self, level: Level, line: int) -> int | None:
        """The line itself or the next one that holds code (B4)."""
        lines = sorted(self._lines(level))
        index = bisect_right(lines, line - 1)
        return lines[index] if index < len(lines) else None

    def _lines(self, level: Level) -> dict[int, Place]:
        return self._source_lines if level is Level.SOURCE else self._expansion_lines

    @cached_property
    def _source_lines(self) -> dict[int, Place]:
        rendering = self.program.rendering
        return self._index_lines(self.program.source, lambda span: rendering.source_span(span))

    @cached_property
    def _expansion_lines(self) -> dict[int, Place]:
        return self._index_lines(self.program.rendering.as_source, lambda span: span)

    def _index_lines(self, text: Source, place: object) -> dict[int, Place]:
        assert callable(place)
        statements: dict[int, tuple[int, Place]] = {}
        forms: dict[int, tuple[int, Place]] = {}
        for function in self.program.module.functions:
            for statement in function.statements:
                _note(
                    statements, text, place(statement.span), Place(function.index, statement.first)
                )
            first = _first_instructions(function)
            for pc, instruction in enumerate(function.body):
                if instruction.name not in {"end", "else"}:
                    span = place(Span(instruction.start, instruction.end))
                    _note(forms, text, span, Place(function.index, first[pc]))
        merged = forms | statements
        return {line: found for line, (_, found) in merged.items()}


def _note(lines: dict[int, tuple[int, Place]], text: Source, span: Span, place: Place) -> None:
    """Keep the place of the earliest span that begins on a line."""
    line = text.line_of(span.start)
    known = lines.get(line)
    if known is None or span.start < known[0]:
        lines[line] = (span.start, place)


def _first_instructions(function: Function) -> list[int]:
    """For each instruction, the first that runs of its form, operands included."""
    first: list[int] = []
    open_forms: list[tuple[int, int]] = []
    for pc, instruction in enumerate(function.body):
        start = pc
        while open_forms and open_forms[-1][0] > instruction.start:
            start = open_forms.pop()[1]
        open_forms.append((instruction.start, start))
        first.append(start)
    return first


def _macro_ranges(function: Function, calls: tuple[MacroCall, ...]) -> tuple[MacroRange, ...]:
    inside = [
        call for call in calls if function.span.start <= call.expanded.start < function.span.end
    ]
    if not inside:
        return ()
    starts = [call.expanded.start for call in inside]
    bounds: dict[int, tuple[int, int]] = {}
    for pc, instruction in enumerate(function.body[:-1]):
        index = bisect_right(starts, instruction.start) - 1
        while index >= 0:
            call = inside[index]
            if call.expanded.start <= instruction.start < call.expanded.end:
                first, _ = bounds.get(index, (pc, pc))
                bounds[index] = (first, pc + 1)
            elif _outermost(inside, index):
                break
            index -= 1
    return tuple(
        MacroRange(*bounds[index], inside[index]) for index in range(len(inside)) if index in bounds
    )


def _outermost(calls: list[MacroCall], index: int) -> bool:
    """Whether a macro call stands in no other, so that no earlier one can reach past it."""
    return calls[index].origin.parent is None and not any(
        call.expanded.end > calls[index].expanded.start for call in calls[max(index - 1, 0) : index]
    )

"""Which instruction of one program is which of another, edited one: by their forms' text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from watstep.debug.places import Place
from watstep.machine.decode import EXIT, Code, Entry
from watstep.machine.operations import OPERATIONS
from watstep.module.ir import BlockType, BranchTable, Function, Instruction
from watstep.pipeline import Program

_DECIDING = frozenset(("if", "br_if", "br_table"))
_BRANCHES = frozenset(
    OPERATIONS[name] for name in ("br", "br_if", "br unwinding", "br_if unwinding", "br_table")
)


@dataclass
class Alignment:
    """The places of two programs that stand for each other, and where runs must be compared."""

    counterpart: dict[Place, Place] = field(default_factory=dict)
    """From the first program to the second."""
    first_stops: set[Place] = field(default_factory=set)
    """Where runs of the first can part: forms that the other lacks, calls, and ways to them."""
    second_stops: set[Place] = field(default_factory=set)
    first_decisions: frozenset[Place] = frozenset()
    second_decisions: frozenset[Place] = frozenset()
    """Where a value decides the way: to be looked at once equal texts may lie at other places."""
    moved: set[Place] = field(default_factory=set)
    """Strings of the first whose text lies at another address in the second."""
    same: bool = False
    """Whether both are one program."""


def align(first: Code, second: Code) -> Alignment:
    """Align the functions of the same names, each by the text of its instructions."""
    made = Alignment(same=_same(first.program, second.program))
    others = {_identity(item, n): item for n, item in enumerate(second.program.module.functions)}
    for number, function in enumerate(first.program.module.functions):
        other = others.get(_identity(function, number))
        if other is not None:
            _align_bodies(made, (first, function), (second, other))
    _find_stops(made, first, second)
    return made


def _same(first: Program, second: Program) -> bool:
    return first.rendering.text == second.rendering.text


def _identity(function: Function, number: int) -> tuple[str, int]:
    """A function by its name, one that has none by its place among the functions."""
    return (function.name, 0) if function.name else ("", number)


def _align_bodies(
    made: Alignment, ours: tuple[Code, Function], theirs: tuple[Code, Function]
) -> None:
    (first, function), (second, other) = ours, theirs
    if made.same:
        pairs: Iterator[tuple[int, int]] = ((pc, pc) for pc in range(len(function.body)))
    else:
        pairs = _pairs(_words(first.program, function), _words(second.program, other))
    for pc, there in pairs:
        place, counterpart = Place(function.index, pc), Place(other.index, there)
        made.counterpart[place] = counterpart
        ours_here, theirs_here = function.body[pc], other.body[there]
        if ours_here.name == "i32.const" and ours_here.immediate != theirs_here.immediate:
            made.moved.add(place)


def _pairs(ours: list[object], theirs: list[object]) -> Iterator[tuple[int, int]]:
    """The indices of elements that stand for each other: what begins and ends alike first."""
    shorter = min(len(ours), len(theirs))
    head = next((n for n in range(shorter) if ours[n] != theirs[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if ours[-1 - n] != theirs[-1 - n]), rest)
    yield from ((n, n) for n in range(head))
    middle, other = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    for a, b, size in SequenceMatcher(None, middle, other).get_matching_blocks():
        yield from ((head + a + n, head + b + n) for n in range(size))
    yield from ((len(ours) - n, len(theirs) - n) for n in range(tail, 0, -1))


def _words(program: Program, function: Function) -> list[object]:
    """What each instruction says, whatever the indices and addresses are that it became."""
    return [_word(program, function, instruction) for instruction in function.body]


def _word(program: Program, function: Function, instruction: Instruction) -> object:
    name, value = instruction.name, instruction.immediate
    if name == "i32.const":
        rendering = program.rendering
        origin = rendering.pieces[rendering.piece_at(instruction.start)].origin
        if origin is not None and origin.rule == "string":
            return name, program.source.text[origin.span.start : origin.span.end]
    elif isinstance(value, BlockType):
        return name, value.type
    elif name == "call" and isinstance(value, int):
        imported = program.module.imported_functions
        if value < len(imported):
            return name, imported[value].module, imported[value].name
        return name, _identity(program.function(value), value - len(imported))
    elif name.startswith("local.") and isinstance(value, int):
        return name, function.locals[value].name or value
    assert value is None or isinstance(value, int | tuple | BranchTable)
    return name, value


def _find_stops(made: Alignment, first: Code, second: Code) -> None:
    """Where the two can part: what has no counterpart, and where the ways from one differ."""
    back = {there: place for place, there in made.counterpart.items()}
    for place in _places(first):
        there = made.counterpart.get(place)
        if there is None:
            made.first_stops.add(place)
            continue
        ways, others = _ways(first, place), _ways(second, there)
        for way, other in zip(ways, others, strict=False):
            if made.counterpart.get(way) != other:
                made.first_stops |= _inside(first, way)
                made.second_stops |= _inside(second, other)
    made.second_stops.update(place for place in _places(second) if place not in back)
    both = frozenset(("host", "memory.grow"))
    made.first_stops |= _named(first, both) | made.moved
    made.second_stops |= _named(second, both) | {made.counterpart[place] for place in made.moved}
    made.first_decisions = _named(first, _DECIDING)
    made.second_decisions = _named(second, _DECIDING)


def _places(code: Code) -> Iterator[Place]:
    """Every instruction; the end of a body is none."""
    for function in code.program.module.functions:
        for pc in range(len(function.body) - 1):
            yield Place(function.index, pc)


def _ways(code: Code, place: Place) -> list[Place]:
    """Where control can go from an instruction, within its function."""
    operation, argument, following = _entry(code, place)
    targets = [following]
    if operation == OPERATIONS["if"]:
        targets.append(argument)
    elif operation in _BRANCHES:
        ways = argument if operation == OPERATIONS["br_table"] else (argument,)
        targets += [way if isinstance(way, int) else way[0] for way in ways]
    return [Place(place.function, pc) for pc in targets]


def _inside(code: Code, place: Place) -> set[Place]:
    """A place where the machine can stop; at the end of a body it cannot."""
    return set() if _entry(code, place)[0] == EXIT else {place}


def _entry(code: Code, place: Place) -> Entry:
    entries = code.functions[place.function]
    assert entries is not None
    return entries[place.pc]


def _named(code: Code, names: frozenset[str]) -> frozenset[Place]:
    """The places of some operations."""
    numbers = {number for name, number in OPERATIONS.items() if name.split()[0] in names}
    return frozenset(place for place in _places(code) if _entry(code, place)[0] in numbers)

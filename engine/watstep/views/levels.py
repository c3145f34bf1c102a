"""One level: each macro, string and moved local closed as it was written, or open in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from watstep.expand.pieces import (
    Expansion,
    Origin,
    Part,
    Pass,
    Renderer,
    Rendering,
    Replacement,
)
from watstep.source.text import Source, Span
from watstep.views.texts import texts

Opened: TypeAlias = frozenset[Origin]
"""What is open, each by the origin of its replacement: the form, the rule, and the macros around.

It says the same of every later text once it is `carried` there.
"""

_FRAME = frozenset(("module", "import", "memory", "indent"))
"""Rules whose replacements are always open: the module around the program."""


class Door(NamedTuple):
    """Something that can be opened: where it stands in a view, and whether it is open there.

    A local that was moved has two places, an empty one where it was written and that of its
    declaration at the top; what is closed has one.
    """

    origin: Origin
    shown: Span
    is_open: bool


def one_level(expansion: Expansion, opened: Opened) -> Rendering:
    """The module around the program, and in it what is `opened`; the rest as it was written.

    Whatever is open, the text is a legal program of extended WAT if the source is one.
    """
    return _rendered(expansion, opened).rendering()


def doors(expansion: Expansion, opened: Opened) -> tuple[Door, ...]:
    """What can be opened or closed in that view, an outer one before those in it."""
    found = _rendered(expansion, opened).doors
    return tuple(sorted(found, key=lambda door: (door.shown.start, -door.shown.end)))


def all_doors(expansion: Expansion) -> Opened:
    """Everything that can be opened, inner macros included."""
    found: set[Origin] = set()
    pending: list[Part] = list(expansion.parts)
    while pending:
        part = pending.pop()
        if isinstance(part, Replacement):
            door = _door(part)
            if door is not None and door.rule != "data":
                found.add(door)
            pending += part.open
    return frozenset(found)


def opened_to(expansion: Expansion, depth: int) -> Opened:
    """What is open `depth` levels deep: 1 opens every form as written, 2 the macros in them."""
    return frozenset(door for door in all_doors(expansion) if _depth(door) < depth)


def opened_on(expansion: Expansion, line: int, depth: int) -> Opened:
    """What is open where the forms that begin on a line of the source are, `depth` levels deep."""
    source = expansion.tree.source
    return frozenset(
        door for door in opened_to(expansion, depth) if source.line_of(door.span.start) == line
    )


def door_in_view(expansion: Expansion, opened: Opened, offset: int) -> Door | None:
    """The innermost door at a place of the view of one level."""
    around = [
        door
        for door in doors(expansion, opened)
        if door.shown.start <= offset < max(door.shown.end, door.shown.start + 1)
    ]
    return min(
        around, key=lambda door: (not _length(door.shown), _length(door.shown)), default=None
    )


def door_in_source(expansion: Expansion, opened: Opened, offset: int) -> Door | None:
    """The door of the innermost form around a place of the source that can be opened.

    Of a macro call it is the call's own, not one of those in what it became.
    """
    around = [
        door
        for door in doors(expansion, opened)
        if door.origin.span.start <= offset <= door.origin.span.end
    ]
    return min(
        around, key=lambda door: (_length(door.origin.span), _depth(door.origin)), default=None
    )


def door_beginning_in(
    expansion: Expansion, opened: Opened, line: Span, *, in_view: bool
) -> Door | None:
    """The first door that begins in a line of the view, else of the source; the outermost of it."""

    def place(door: Door) -> Span:
        return door.shown if in_view else door.origin.span

    begun = [
        door for door in doors(expansion, opened) if line.start <= place(door).start < line.end
    ]
    return min(
        begun,
        key=lambda door: (place(door).start, -_length(place(door)), _depth(door.origin)),
        default=None,
    )


def toggled(opened: Opened, door: Door) -> Opened:
    """What is open once a door was opened, or closed where it is open."""
    return opened - {door.origin} if door.is_open else opened | {door.origin}


def carried(opened: Opened, before: str, after: str) -> Opened:
    """What was opened in one text, in the text that an edit made of it.

    What lies beside the edit moves with its text; what the edit took away is forgotten.
    """
    if before == after or not opened:
        return opened
    first = _agreement(before, after)
    left, right = before[first:], after[first:]
    last = _agreement(left[::-1], right[::-1])
    end, grown = len(before) - last, len(after) - len(before)
    if first in {end, end + grown}:
        # Text put in or taken away that could have stood elsewhere as well: from a line's start.
        longer = max(before, after, key=len)
        back = first - longer.rfind("\n", 0, first) - 1
        stop = first + abs(grown)
        if longer[first - back : first] == longer[stop - back : stop]:
            first, end = first - back, end - back
    moved = (_moved(origin, first, end, grown) for origin in opened)
    return frozenset(origin for origin in moved if origin is not None)


def _agreement(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _moved(origin: Origin, first: int, end: int, grown: int) -> Origin | None:
    """An origin after the characters from `first` to `end` became `grown` more."""
    start, after = origin.span
    if start >= end:
        start += grown
    elif start > first:
        return None
    if after >= end:
        after += grown
    elif after > first:
        return None
    parent = origin.parent
    if parent is not None:
        parent = _moved(parent, first, end, grown)
    return Origin(Span(start, after), origin.rule, parent) if after > start else None


def _door(part: Replacement) -> Origin | None:
    """By what a replacement is opened, None where it is part of the module around."""
    origin = part.origin
    if origin.rule in _FRAME or part.open == part.closed:
        return None
    if part.by is not Pass.LOCALS or origin.rule == "local":
        return origin
    # A line end that goes with what stood on it: a macro's declarations, or a segment moved.
    return None if origin.rule == "data" else Origin(origin.span, "local", origin)


def _length(span: Span) -> int:
    return span.end - span.start


def _depth(origin: Origin) -> int:
    """How many macros stand around it."""
    depth = 0
    while origin.parent is not None:
        depth, origin = depth + 1, origin.parent
    return depth


class _Renderer(Renderer):
    """Keeps where each door stands."""

    def __init__(self, source: Source, is_open: Callable[[Replacement], bool]) -> None:
        super().__init__(source, is_open)
        self.doors: list[Door] = []

    def replace(self, part: Replacement, origin: Origin | None) -> None:
        start = self.offset
        super().replace(part, origin)
        door = _door(part)
        if door is not None and door.rule != "data" and part.origin.rule == door.rule:
            self.doors.append(Door(door, Span(start, self.offset), self.is_open(part)))


def _rendered(expansion: Expansion, opened: Opened) -> _Renderer:
    asked = texts(expansion) if opened else ()
    users = {text.origin: opened.intersection(text.users) for text in asked}

    def is_open(part: Replacement) -> bool:
        door = _door(part)
        if door is None or door in opened:
            return True
        return door.rule == "data" and bool(users.get(door))

    renderer = _Renderer(expansion.tree.source, is_open)
    renderer.write(expansion.parts, None)
    return renderer

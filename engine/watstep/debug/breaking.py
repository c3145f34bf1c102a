"""The breakpoints of a session: added, edited, switched, and armed as one predicate (B1 to B5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from watstep.debug.armed import Armed
from watstep.debug.break_words import read_asked, read_options, read_target
from watstep.debug.breakpoint import Breakpoint, Options
from watstep.debug.places import Places
from watstep.debug.search import Search
from watstep.debug.state import Level, Logged
from watstep.debug.targets import FormTarget, LineTarget, Target
from watstep.errors import CommandError
from watstep.machine.timeline import Timeline


class Breaking:
    """A list of breakpoints on one program; what holds where is asked of `armed`."""

    def __init__(self, places: Places, fuel: int) -> None:
        """Begin with none; a run is given `fuel` units."""
        self._places, self._fuel = places, fuel
        self._next_number = 1
        self.all: tuple[Breakpoint, ...] = ()
        self._armed: tuple[tuple[Breakpoint, ...], Timeline, Armed] | None = None

    def armed(self, timeline: Timeline) -> Armed:
        """The enabled ones, with what is known of their counts on a timeline."""
        known = self._armed
        if known is None or known[0] is not self.all or known[1] is not timeline:
            tallies = known[2].tallies if known and known[1] is timeline else None
            known = self._armed = (self.all, timeline, Armed(self.all, tallies))
        return known[2]

    def search(self, timeline: Timeline) -> Search:
        """A search of a timeline that they end on its way."""
        return Search(timeline, self.armed(timeline), self._places.operand_loops)

    def add(self, words: str, level: Level) -> Breakpoint:
        """One from the argument of `break`; the one that is there where it asks for the same."""
        target, options = read_asked(words, level)
        self._check(target, options)
        for known in self.all:
            if known.target == target and known.options.words == options.words:
                return known
        trigger = target.bind(self._places, self._fuel)
        made = Breakpoint(self._next_number, target, options, trigger)
        self._next_number += 1
        self.all = (*self.all, made)
        return made

    def edit(self, number: int, words: str, level: Level) -> Breakpoint:
        """Give one other options, or, where a target comes first, another target too."""
        found = self._numbered(number)
        target, rest = found.target, words
        try:
            options = read_options(rest, found.options)
        except CommandError:
            target, rest = read_target(words, level)
            options = read_options(rest, found.options)
        self._check(target, options)
        trigger = target.bind(self._places, self._fuel)
        changed = replace(found, target=target, options=options, trigger=trigger)
        self._put(changed)
        return changed

    def enable(self, number: int, enabled: bool) -> None:
        """Switch one on or off."""
        found = self._numbered(number)
        self._put(replace(found, options=replace(found.options, enabled=enabled)))

    def delete(self, number: int) -> None:
        """Take one away."""
        gone = self._numbered(number)
        self.all = tuple(b for b in self.all if b is not gone)

    def clear(self) -> None:
        """Take all away."""
        self.all = ()

    def logged(
        self, timeline: Timeline, first: int, last: int, number: int | None = None
    ) -> Iterator[Logged]:
        """What those with a message say at the instants from `first` up to `last`, in order.

        Of all, the disabled ones aside, or of one.
        """
        chosen = self.all if number is None else (self._numbered(number),)
        armed = Armed((b for b in chosen if b.options.message), self.armed(timeline).tallies)
        if armed:
            search = Search(timeline, armed, self._places.operand_loops)
            yield from search.logged_between(first, last)

    def _numbered(self, number: int) -> Breakpoint:
        for known in self.all:
            if known.number == number:
                return known
        raise CommandError(f"there is no breakpoint {number}")

    def _put(self, changed: Breakpoint) -> None:
        self.all = tuple(changed if b.number == changed.number else b for b in self.all)

    def _check(self, target: Target, options: Options) -> None:
        """Refuse a line that the text does not have, and locals that no function has."""
        if isinstance(target, LineTarget | FormTarget):
            lines = len(self._places.text(target.level).line_starts)
            if not 1 <= target.line <= lines:
                raise CommandError(f"the {target.level.value} has no line {target.line}")
        message = options.message.parts if options.message else ()
        expressions = [options.condition, *message]
        for item in expressions:
            for name in () if item is None or isinstance(item, str) else sorted(item.locals):
                if name not in self._places.local_names:
                    known = ", ".join(sorted(self._places.local_names)) or "none"
                    raise CommandError(f"no function has a local {name}; there is {known}")

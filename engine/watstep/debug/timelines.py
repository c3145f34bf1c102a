"""The timelines of a session: named, each with its position; one is looked at (STEPPING.md L7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from watstep.debug.ground import START
from watstep.debug.state import Position
from watstep.errors import CommandError
from watstep.machine.timeline import Timeline


@dataclass(eq=False)
class Branch:
    """A timeline and where a person stands on it."""

    number: int
    """From 1, never given again."""
    name: str
    timeline: Timeline
    said: str = ""
    """What was changed at its first instant, `$x = 5`; "" for a run from the start."""
    parent: Branch | None = None
    start: int = 0
    """The first instant that is its own."""
    position: Position = START


class Timelines:
    """Those that a session holds, in the order in which they were made."""

    def __init__(self, first: Timeline) -> None:
        """One, which is looked at."""
        self._made = 0
        self._kept: list[Branch] = []
        self.current = self._add(first)

    def __iter__(self) -> Iterator[Branch]:
        """Every one."""
        return iter(self._kept)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._kept)

    def _add(self, timeline: Timeline) -> Branch:
        self._made += 1
        taken = {branch.name for branch in self._kept}
        name = next(n for n in map(str, range(self._made, 1 << 30)) if n not in taken)
        branch = Branch(self._made, name, timeline)
        self._kept.append(branch)
        return branch

    def fork(self, timeline: Timeline, said: str, start: int) -> Branch:
        """Keep a timeline that begins in the one looked at, and look at it from the same place."""
        branch = self._add(timeline)
        branch.said, branch.parent, branch.start = said, self.current, start
        branch.position = self.current.position
        self.current = branch
        return branch

    def replace(self, timeline: Timeline) -> None:
        """Give all of them up for a new one."""
        self.close()
        self._kept.clear()
        self.current = self._add(timeline)

    def named(self, name: str) -> Branch:
        """The one of a name; raises `CommandError` where there is none."""
        for branch in self._kept:
            if branch.name == name:
                return branch
        known = ", ".join(branch.name for branch in self._kept)
        raise CommandError(f"there is no timeline `{name}`; there is {known}")

    def look_at(self, name: str) -> None:
        """Look at another, where one stood on it last."""
        self.current = self.named(name)

    def rename(self, name: str) -> None:
        """Give the one looked at a name of its own; raises `CommandError`."""
        if not name or len(name.split()) > 1:
            raise CommandError("a name is one word")
        if any(branch.name == name and branch is not self.current for branch in self._kept):
            raise CommandError(f"another timeline is called `{name}`")
        self.current.name = name

    def forget(self, name: str) -> None:
        """Give one up that is not looked at; raises `CommandError`."""
        branch = self.named(name)
        if branch is self.current:
            raise CommandError(f"`{name}` is looked at: go to another timeline first")
        self._kept.remove(branch)
        branch.timeline.close()

    def close(self) -> None:
        """Let go of what their hosts hold open."""
        for branch in self._kept:
            branch.timeline.close()

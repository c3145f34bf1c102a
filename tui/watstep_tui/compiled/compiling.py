"""Compilation beside the keyboard: texts in, the newest one's compilation and its view out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from watstep.host.catalog import INTERFACE
from watstep.lint.project import Project, project_of
from watstep.pipeline import Compilation, compile_source
from watstep.source.text import Source
from watstep.views.kinds import NOTHING_OPEN, View, rendering
from watstep.views.levels import Opened, carried
from watstep_tui.compiled.expanded import Expanded, expanded
from watstep_tui.compiled.linking import Links
from watstep_tui.compiled.problems import RowProblems, problems_by_row

YIELD = 0.0002
"""Seconds that one thread may keep another waiting."""

Made = TypeVar("Made")


class Showing(NamedTuple):
    """What the pane shows of an expansion."""

    view: View = View.FULL
    opened: Opened = NOTHING_OPEN
    """For the view of one level."""
    text: str = ""
    """The text in which that is open; it is carried along to the next one."""
    marked: bool = False
    """Whether it has breakpoints: which rows they stand at is needed to draw any row."""


class Compiled(NamedTuple):
    """A compilation with what the panes show of it."""

    compilation: Compilation
    showing: Showing
    expanded: Expanded
    problems: dict[int, RowProblems]
    """By row, from 0."""
    links: Links
    project: Project
    """What said how loud lints are."""


_FOR_LATER: tuple[Callable[[Compiled], object], ...] = (
    lambda compiled: compiled.links.tree,
    lambda compiled: compiled.expanded.counterparts,
)
"""What keys in the expansion ask for, which is not needed to draw it."""


class Compiler:
    """Compiles one text at a time in a thread of its own; an overtaken text is not answered."""

    def __init__(self, answer: Callable[[Compiled], None]) -> None:
        """Give every compilation that was not overtaken to `answer`, in the event loop."""
        self._answer = answer
        self._newest: tuple[Source, Showing, str] | None = None
        self._last: Compiled | None = None
        self._outdated: list[object] = []
        """What the panes showed before: much to take apart, which no key is to wait for."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="compile")
        self._busy = False
        # While a text is compiled, the keyboard's thread gets the interpreter back this soon.
        sys.setswitchinterval(YIELD)

    def ask(self, source: Source, showing: Showing, path: str = "") -> bool:
        """Take a text as the newest one; what was asked before is not answered any more.

        `path` is that of the program's file, whose project says how loud lints are.

        The answer is whether `work` must be started: else it goes on already.
        """
        self._newest = source, showing, path
        idle, self._busy = not self._busy, True
        return idle

    async def beside(self, work: Callable[[], Made]) -> Made:
        """What some work makes, done in the thread before or after a compilation."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def prepare(self) -> None:
        """Make what keys in the expansion will ask for, unless another text waits.

        What became of the text before is taken apart first.
        """
        outdated, self._outdated = self._outdated, []
        self._thread.submit(self._prepare, self._last, outdated)

    def _prepare(self, found: Compiled | None, outdated: list[object]) -> None:
        while outdated:
            outdated.pop()
        for make in _FOR_LATER:
            if found is not None and self._newest is None:
                make(found)

    async def work(self) -> None:
        """Compile until the newest text is answered."""
        loop = asyncio.get_running_loop()
        try:
            while (asked := self._newest) is not None:
                source, showing, path = asked
                found = await loop.run_in_executor(
                    self._thread, compile_fully, source, showing, self._last, path
                )
                if self._newest is asked:
                    self._newest = None
                    self._outdated += self._last or ()
                    self._last = found
                    self._answer(found)
        finally:
            self._busy = False


def compile_text(source: Source, path: str = "") -> Compilation:
    """Compile a text, its binary included, as the project of its file at `path` says."""
    return _compiled(source, project_of(path))


def _compiled(source: Source, project: Project) -> Compilation:
    found = compile_source(source, INTERFACE, levels=project.levels)
    if found.program is not None:
        found.program.binary  # noqa: B018  It is encoded when it is first asked for.
    return found


def compile_fully(
    source: Source, showing: Showing | None = None, last: Compiled | None = None, path: str = ""
) -> Compiled:
    """Compile a text, and make what the screen shows of it, away from the keyboard.

    Where `last` is of the same text and project, only the view is made.
    """
    showing, project = showing or Showing(), project_of(path)
    same = last is not None and last.project == project
    if last is not None and same and _is_same(last.compilation.source, source):
        found, problems = last.compilation, last.problems
    else:
        found = _compiled(source, project)
        problems = problems_by_row(found)
    opened = carried(showing.opened, showing.text, source.text)
    showing = showing._replace(opened=opened, text=source.text)
    expansion = found.expansion
    view = rendering(found, showing.view, opened)
    # What the keyboard's thread asks for at once is made here.
    view.by_source  # noqa: B018
    rows = expanded(view, expansion.full)
    rows.row(0)
    if last is not None and last.compilation is found:
        # Cursor and breakpoints go from one view to the other.
        last.expanded.counterparts  # noqa: B018
        rows.counterparts  # noqa: B018
    elif showing.marked:
        rows.counterparts  # noqa: B018
    return Compiled(found, showing, rows, problems, Links(expansion, view), project)


def _is_same(one: Source, other: Source) -> bool:
    return one.name == other.name and one.text == other.text

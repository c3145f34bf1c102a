"""Compilation beside the keyboard: texts in, the newest one's compilation out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from watstep.host.catalog import INTERFACE
from watstep.pipeline import Compilation, compile_source
from watstep.source.text import Source
from watstep_tui.expanded import Expanded, expanded
from watstep_tui.linking import Links
from watstep_tui.problems import RowProblems, problems_by_row

YIELD = 0.0002
"""Seconds that one thread may keep another waiting."""


class Compiled(NamedTuple):
    """A compilation with what the panes show of it."""

    compilation: Compilation
    expanded: Expanded
    problems: dict[int, RowProblems]
    """By row, from 0."""
    links: Links


class Compiler:
    """Compiles one text at a time in a thread of its own; an overtaken text is not answered."""

    def __init__(self, answer: Callable[[Compiled], None]) -> None:
        """Give every compilation that was not overtaken to `answer`, in the event loop."""
        self._answer = answer
        self._newest: Source | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="compile")
        self._busy = False
        # While a text is compiled, the keyboard's thread gets the interpreter back this soon.
        sys.setswitchinterval(YIELD)

    def ask(self, source: Source) -> bool:
        """Take a text as the newest one; what was asked before is not answered any more.

        The answer is whether `work` must be started: else it goes on already.
        """
        self._newest = source
        idle, self._busy = not self._busy, True
        return idle

    async def work(self) -> None:
        """Compile until the newest text is answered."""
        loop = asyncio.get_running_loop()
        try:
            while (source := self._newest) is not None:
                found = await loop.run_in_executor(self._thread, compile_fully, source)
                if self._newest is source:
                    self._newest = None
                    self._answer(found)
        finally:
            self._busy = False


def compile_text(source: Source) -> Compilation:
    """Compile a text, its binary included."""
    found = compile_source(source, INTERFACE)
    if found.program is not None:
        found.program.binary  # noqa: B018  It is encoded when it is first asked for.
    return found


def compile_fully(source: Source) -> Compiled:
    """Compile a text, and make what the screen shows of it, away from the keyboard."""
    found = compile_text(source)
    found.expansion.full_tree  # noqa: B018  Likewise parsed when first asked for.
    return Compiled(
        found, expanded(found.expansion.full), problems_by_row(found), Links(found.expansion)
    )

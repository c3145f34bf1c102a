"""Compilation beside the keyboard: texts in, the newest one's compilation out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from watstep.host.catalog import INTERFACE
from watstep.pipeline import Compilation, compile_source
from watstep.source.text import Source


class Compiler:
    """Compiles one text at a time in a thread of its own; an overtaken text is not answered."""

    def __init__(self, answer: Callable[[Compilation], None]) -> None:
        """Give every compilation that was not overtaken to `answer`, in the event loop."""
        self._answer = answer
        self._newest: Source | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="compile")
        self._busy = False

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


def compile_fully(source: Source) -> Compilation:
    """Compile a text, and make what the screen shows of it, away from the keyboard."""
    found = compile_source(source, INTERFACE)
    if found.program is not None:
        found.program.binary  # noqa: B018  It is encoded when it is first asked for.
    return found

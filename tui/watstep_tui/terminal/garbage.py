"""Garbage in cycles is looked for while nobody types: a full look takes longer than a key may."""

from __future__ import annotations

import gc
import time

QUIET = 2.0
"""Seconds without a key or a click after which a look disturbs nobody."""
LEAST = 20_000
"""Objects made since the last look and still there, from which a further look is worth it."""
MOST = 2_000_000
"""As many are looked through in any case."""


class Garbage:
    """Python's own collection is off from `begin` to `end`; `look` is called now and then."""

    def __init__(self) -> None:
        """Nothing is switched yet."""
        self._last = time.monotonic()

    def begin(self) -> None:
        """Switch Python's own collection off."""
        gc.disable()

    def note_input(self) -> None:
        """Somebody is there."""
        self._last = time.monotonic()

    def look(self) -> bool:
        """Collect where nobody waits and it is worth it; whether that was done."""
        made = gc.get_count()[0]
        quiet = time.monotonic() - self._last >= QUIET
        wanted = made >= MOST or (quiet and made >= LEAST)
        if wanted:
            gc.collect()
        return wanted

    def end(self) -> None:
        """Leave it to Python again."""
        gc.enable()

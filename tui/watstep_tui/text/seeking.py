"""Searches away from the keyboard: a pattern that takes too long is given up."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE

from watstep_tui.text import seeker
from watstep_tui.text.seeker import Hit, Query

LONGEST = 3.0
"""Seconds that a pattern may take."""


async def seek(text: str, query: Query, first: int, after: int) -> list[Hit]:
    """As `search`, in a process of its own.

    Raises:
        ValueError: The pattern or the replacement makes no sense, or takes too long.
    """
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(seeker.__file__)]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    asked = json.dumps({"text": text, "query": query, "within": (first, after)})
    try:
        async with asyncio.timeout(LONGEST):
            answer, _ = await process.communicate(asked.encode())
    except TimeoutError:
        raise ValueError(f"this pattern takes longer than {LONGEST:g} s here") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if not answer:
        raise ValueError("this pattern needs more memory than there is")
    found = json.loads(answer)
    if "problem" in found:
        raise ValueError(found["problem"])
    return [Hit(*hit) for hit in found["hits"]]

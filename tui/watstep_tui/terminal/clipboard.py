"""The system's clipboard through the tools of the platform, where there are any."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

LONGEST = 1.0
"""Seconds after which a tool that does not answer is given up."""


class Tool(NamedTuple):
    """Commands that take and give the clipboard's text, and what must be there for them."""

    copy: tuple[str, ...]
    paste: tuple[str, ...]
    display: str = ""
    """The variable of the environment without which there is no clipboard, "" for none."""


_NO_PROFILE = ("powershell.exe", "-NoProfile", "-Command", "Get-Clipboard -Raw")
TOOLS = (
    Tool(("wl-copy",), ("wl-paste", "--no-newline"), "WAYLAND_DISPLAY"),
    Tool(
        ("xclip", "-selection", "clipboard", "-in"),
        ("xclip", "-selection", "clipboard", "-out"),
        "DISPLAY",
    ),
    Tool(("xsel", "--clipboard", "--input"), ("xsel", "--clipboard", "--output"), "DISPLAY"),
    Tool(("pbcopy",), ("pbpaste",)),
    Tool(("clip.exe",), _NO_PROFILE, "WSL_DISTRO_NAME"),
    Tool(("termux-clipboard-set",), ("termux-clipboard-get",)),
)
"""In the order in which they are tried."""


def tool_of(environment: Mapping[str, str] = os.environ) -> Tool | None:
    """The first tool that is installed and whose display is there, else None."""
    for tool in TOOLS:
        there = not tool.display or environment.get(tool.display)
        if there and shutil.which(tool.copy[0], path=environment.get("PATH")):
            return tool
    return None


_THREAD = ThreadPoolExecutor(1, thread_name_prefix="clipboard")
"""One call after the other, so that what was just copied is what is pasted."""


def copy(text: str) -> None:
    """Give a text to the system's clipboard, soon; where that cannot be done, nothing happens."""
    tool = tool_of()
    if tool is not None:
        _THREAD.submit(_run, tool.copy, text)


async def paste() -> str | None:
    """The text of the system's clipboard, None where there is none or nobody answers."""
    tool = tool_of()
    if tool is None:
        return None
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREAD, _run, tool.paste, None) or None


def _run(command: tuple[str, ...], given: str | None) -> str | None:
    """What a command answers; None where it fails or does not end."""
    encoding = "utf-16-le" if command[0] == "clip.exe" else "utf-8"
    with contextlib.suppress(OSError, ValueError, subprocess.TimeoutExpired):
        done = subprocess.run(
            command,
            # Some stay behind to serve what they were given: they may keep no pipe of ours.
            stdout=subprocess.PIPE if given is None else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            input=None if given is None else given.encode(encoding, "replace"),
            stdin=subprocess.DEVNULL if given is None else None,
            timeout=LONGEST,
            start_new_session=True,
            check=False,
        )
        if done.returncode == 0:
            return (done.stdout or b"").decode("utf-8", "replace")
    return None

"""The text that a number points at, where people can read it (STEPPING.md L4)."""

from __future__ import annotations

from collections.abc import Callable

Read = Callable[[int, int], bytes]
"""Bytes of the memory: address, length; fewer where it ends."""


def text_at(pointer: int, read: Read) -> str:
    """The text value at a pointer, "" where it points at none that people can read."""
    head = read(pointer, 4) if pointer else b""
    length = int.from_bytes(head, "little")
    if len(head) < 4 or not 0 < length <= 1 << 20:
        return ""
    body = read(pointer + 4, length)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return ""
    readable = len(body) == length and all(c.isprintable() or c in "\n\r\t" for c in text)
    return text if readable else ""

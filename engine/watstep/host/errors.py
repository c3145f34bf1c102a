"""The error codes that host functions answer with (LANGUAGE.md 6)."""

from __future__ import annotations

from enum import IntEnum


class ErrorCode(IntEnum):
    """0 means no error; the names are what people see."""

    OK = 0
    EINVAL = 1
    ENOENT = 2
    EACCESS = 3
    ENOMEM = 4
    ETIMEDOUT = 5
    ENET = 6
    EHTTP = 7
    ETOOBIG = 8
    EUTF8 = 9
    EIO = 10
    ELIMIT = 11


class HostError(Exception):
    """A host function's answer other than success; `body` is the text that comes with it."""

    def __init__(self, code: ErrorCode, body: str | None = None) -> None:
        """Answer with `code`; only EHTTP has a body."""
        super().__init__(code.name)
        self.code = code
        self.body = body


class HostTrapError(Exception):
    """A host function that cannot answer, so that the run ends; its text says why."""


def error_name(code: int) -> str | None:
    """The name of an error code, None for 0 and for what is none."""
    try:
        return ErrorCode(code).name if code else None
    except ValueError:
        return None

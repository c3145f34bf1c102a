"""A session as the line of a shell that carries out its commands again."""

from __future__ import annotations

from dataclasses import fields
from shlex import quote

from watstep.debug.session import Session
from watstep.host.settings import DEFAULT_GRANTS, RunLimits, RunSettings

_FLAGS = {
    "fuel": "--fuel",
    "exact_fuel": "--exact-fuel",
    "memory_pages": "--memory",
    "call_depth": "--depth",
    "seconds": "--timeout",
}
"""The option of the command line for each limit that has one."""


def script_text(session: Session) -> str:
    """`watstep debug` on the same program or run file, with each command as `-x`.

    A run that is in no file is made again: a comment says that its answers may be others.
    """
    file = session.recorded.file if session.recorded else None
    if file:
        head = ["watstep", "debug", file.name, "--batch"]
    else:
        head = ["watstep", "debug", session.called, "--batch", *_given(session.settings)]
    lines = [" ".join(map(quote, head))]
    lines += [f"-x {quote(line)}" for line in session.script]
    if session.settings.arguments and not file:
        # What is after `--` is the program's.
        lines.append(" ".join(map(quote, ("--", *session.settings.arguments))))
    text = " \\\n  ".join(lines) + "\n"
    if session.recorded and not file:
        return f"# The run is made again; `save FILE` keeps this one, with its answers.\n{text}"
    return text


def _given(settings: RunSettings) -> list[str]:
    """Grants and limits as the command line writes them."""
    words = []
    for name, scope in settings.grants.items():
        if name not in DEFAULT_GRANTS:
            words += ["--grant", f"{name}={','.join(scope)}" if scope else name]
    words += [w for name in DEFAULT_GRANTS if name not in settings.grants for w in ("--deny", name)]
    usual = RunLimits()
    for limit in fields(settings.limits):
        value = getattr(settings.limits, limit.name)
        if limit.name in _FLAGS and value != getattr(usual, limit.name):
            words += [_FLAGS[limit.name], *([] if value is True else [str(value)])]
    return words

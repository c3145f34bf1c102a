"""What is told of breakpoints, as text and as plain values."""

from __future__ import annotations

from typing import Any

from watstep.debug.breakpoint import Breakpoint
from watstep.debug.targets import LineTarget


def breakpoint_value(found: Breakpoint) -> dict[str, Any]:
    """A breakpoint as `--json` prints it."""
    return {
        "number": found.number,
        "words": found.words,
        "level": found.level.value if found.level else None,
        "line": found.line,
        "bound_line": found.bound_line,
        "enabled": found.enabled,
        "unbound": found.trigger.missing or None,
    }


def breakpoint_text(found: Breakpoint) -> str:
    """A breakpoint as one line: what it stands on, and whether it moved (B4)."""
    target, options = found.target, found.options
    where = target.words
    if isinstance(target, LineTarget):
        where = f"{target.level.value} line {target.line}"
    text = f"{found.number}  {where} {options.words}".rstrip()
    if found.trigger.missing:
        text += f", unbound: {found.trigger.missing}"
    elif found.moved:
        text += f", moved to line {found.bound_line}"
    return text

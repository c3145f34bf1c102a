"""The views of a program that is being compiled, as a table: a further view is a further row."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from watstep.expand.pieces import Pass, Rendering
from watstep.pipeline import Compilation
from watstep.source.diagnostic import Severity
from watstep.views.flat import flat
from watstep.views.interleaved import interleaved
from watstep.views.levels import Opened, one_level
from watstep.views.writer import Writer


class View(Enum):
    """One way to look at what a program becomes."""

    FULL = "full"
    LEVEL = "level"
    MACROS = "macros"
    STRINGS = "strings"
    FLAT = "flat"
    INTERLEAVED = "interleaved"


class ViewRow(NamedTuple):
    """A view: how it is called, one line of help, and what makes it."""

    label: str
    help: str
    make: Callable[[Compilation, Opened], Rendering]


NOTHING_OPEN: Opened = frozenset()


def rendering(compilation: Compilation, view: View, opened: Opened = NOTHING_OPEN) -> Rendering:
    """A view of a program, however wrong it is; `opened` is for the view of one level.

    Nothing but the view asked for is made. What cannot be shown of a broken program is a comment
    that says why.
    """
    return VIEWS[view].make(compilation, opened)


def _flat(compilation: Compilation, opened: Opened) -> Rendering:
    if compilation.module is None:
        return _refusal(compilation)
    return flat(compilation.expansion, compilation.module)


def _refusal(compilation: Compilation) -> Rendering:
    """Why there is no flat form."""
    writer = Writer(compilation.expansion.full)
    writer.add(";; The flat form is there once the program can be read as a module.\n", "note")
    for found in compilation.diagnostics:
        if found.severity is Severity.ERROR:
            place = compilation.source.position(found.span.start)
            told = " ".join(found.message.split())
            writer.add(f";; {place.line}:{place.column} {told}\n", "note", found.span)
    return writer.rendering()


VIEWS: dict[View, ViewRow] = {
    View.FULL: ViewRow(
        "Expansion", "the standard WAT that is compiled", lambda c, opened: c.expansion.full
    ),
    View.LEVEL: ViewRow(
        "One level",
        "macros, strings and locals closed, or opened one at a time",
        lambda c, opened: one_level(c.expansion, opened),
    ),
    View.MACROS: ViewRow(
        "After macros", "after the first pass", lambda c, opened: c.expansion.after(Pass.MACROS)
    ),
    View.STRINGS: ViewRow(
        "After strings",
        "after the second pass; locals stay where they were written",
        lambda c, opened: c.expansion.after(Pass.STRINGS),
    ),
    View.FLAT: ViewRow("Flat", "one instruction a line, with the stack after it", _flat),
    View.INTERLEAVED: ViewRow(
        "Interleaved",
        "each source line that changes, above what it became",
        lambda c, opened: interleaved(c.expansion),
    ),
}
"""In the order in which they are offered."""

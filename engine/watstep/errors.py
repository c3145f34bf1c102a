"""The exceptions that cross a boundary; problems of a program are diagnostics, not exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watstep.source.diagnostic import Diagnostic
    from watstep.source.text import Source


class WatstepError(Exception):
    """The root: its text is one sentence for a person."""


class SourceError(WatstepError):
    """A program that cannot run; it carries the diagnostics that say why."""

    def __init__(self, source: Source, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Keep the source beside its diagnostics, for whoever prints them."""
        super().__init__(diagnostics[0].message if diagnostics else "the program is not valid")
        self.source = source
        self.diagnostics = diagnostics


class UsageError(WatstepError):
    """A request that makes no sense as it was put: a bad option, grant or file."""


class CommandError(WatstepError):
    """A debugger command that cannot be carried out; nothing was changed."""


class NoCommandError(CommandError):
    """A line that is no debugger command, or not with what follows its name."""


def reason_of(failure: Exception) -> str:
    """Why the system refused something, in its own words, to stand at the end of a sentence."""
    return (getattr(failure, "strerror", None) or str(failure)).lower()

"""What the command line hands to the interface to open the IDE."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from watstep.host.settings import RunSettings
    from watstep.runfile.reading import RunFile


class IdeRequest(NamedTuple):
    """What the IDE is opened with."""

    path: str | None
    """The file, which may not exist yet; None for text that was piped in or for nothing."""
    text: str | None
    """The text that was piped in."""
    settings: RunSettings
    """Arguments, grants and limits for its first run."""
    run: RunFile | None = None
    """A run that was kept, to be stepped through."""


OpenIde: TypeAlias = Callable[[IdeRequest], int]

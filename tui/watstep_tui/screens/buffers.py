"""The programs that are open: each one's file, and what the screen put away of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from watstep.host.settings import RunSettings
from watstep.pipeline import Program
from watstep_tui.files.remembered import FileSettings
from watstep_tui.files.workspace import DiskNews, Workspace
from watstep_tui.results import Report
from watstep_tui.widgets.editor import Page

if TYPE_CHECKING:
    # Loaded with the first run that is stepped.
    from watstep_tui.debugger import Driver


@dataclass(frozen=True)
class OpenRun:
    """A run that was left for the editor, where one can go back."""

    program: Program
    settings: RunSettings
    driver: Driver


@dataclass
class Runs:
    """What the runs of a program are given, and the last one."""

    kept: FileSettings
    settings: RunSettings
    once: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What was granted to the last run alone."""
    last: Report | None = None
    left: OpenRun | None = None
    """The run that was stepped after that."""

    def leave(self) -> None:
        """Give up the run that was stepped."""
        if self.left is not None:
            self.left.driver.close()
            self.left = None


@dataclass
class Buffer:
    """An open program; the one that is edited has its text in the editor."""

    workspace: Workspace
    saved_text: str
    recovered: str | None = None
    """Work that a crash left, until it is taken or discarded."""
    page: Page | None = None
    """Text, cursor and history, while another program is edited."""
    runs: Runs | None = None
    news: DiskNews | None = None
    """What another program wrote into the file, while that is yet to be shown."""

    @property
    def unsaved(self) -> bool:
        """Whether what was put away differs from the file's text."""
        return self.page is not None and self.page.document.text != self.saved_text


def titles(buffers: Sequence[Buffer]) -> list[str]:
    """What to call each program: its name, with its folder where another has the same name.

    Those without a file are told apart by numbers.
    """
    names = [buffer.workspace.name for buffer in buffers]
    found: list[str] = []
    for at, (buffer, name) in enumerate(zip(buffers, names, strict=True)):
        path, before = buffer.workspace.path, names[:at].count(name)
        if path is not None and names.count(name) > 1:
            name = f"{path.parent.name}/{name}"
        elif path is None and before:
            name = f"{name} {before + 1}"
        found.append(name)
    return found

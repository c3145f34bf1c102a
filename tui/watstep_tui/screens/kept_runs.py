"""Run files in the IDE: the program of one beside the others, its run stepped through."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from watstep.errors import WatstepError
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.resuming import Resuming

if TYPE_CHECKING:
    from collections.abc import Callable

    # Loaded with the first run file.
    from watstep.runfile.reading import RunFile


class KeptRuns:
    """Opens run files; `begin` begins a program with a text and a name."""

    def __init__(self, desk: Desk, resuming: Resuming, begin: Callable[[str, str], None]) -> None:
        """Open them on a desk."""
        self.desk, self.resuming, self._begin = desk, resuming, begin

    def open(self, path: Path) -> bool:
        """Step through the run in a file; False where it is no run file."""
        from watstep.cli.run_files import run_file_at

        try:
            run = run_file_at(str(path))
        except WatstepError as refused:
            self.desk.notify(str(refused), severity="error", timeout=15)
            return True
        if run is None:
            return False
        self.desk.store.add_recent(str(path))
        self.show(run)
        return True

    def show(self, run: RunFile) -> None:
        """Have the program of a run to edit, and step through the run where it was kept."""
        self._begin(run.program.source.text, run.title)
        self.resuming.step_kept(run)

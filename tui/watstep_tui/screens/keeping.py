"""What is taken along from a session: its run as a run file, its commands as a script."""

from __future__ import annotations

from pathlib import Path

from watstep.debug.script import script_text
from watstep.debug.session import Session
from watstep.source.text import counted
from watstep_tui.files.listing import RUN_FILES, write_problem
from watstep_tui.files.remembered import SettingsStore
from watstep_tui.screens.session import SessionScreen


class Keeping:
    """The rows of the registry that keep something of a session."""

    def __init__(self, screen: SessionScreen, store: SettingsStore) -> None:
        """Keep what is done on a screen; what is written is a recent file."""
        self.screen, self.store = screen, store

    def action_save_run(self) -> None:
        """Ask for a file, and keep the run in it."""
        from watstep_tui.screens.dialogs.path import PathDialog

        program = Path(self.screen.called)
        folder = program.parent if program.is_absolute() else Path.cwd()
        dialog = PathDialog(
            "Save run as", folder, write_problem, typed=f"{program.stem}{RUN_FILES[0]}"
        )
        self.screen.app.push_screen(dialog, self._when_free)

    def _when_free(self, path: Path | None) -> None:
        """Write under a path: where something stands there, once it is given up by an answer."""
        from watstep_tui.screens.dialogs.question import QuestionDialog

        if path is None:
            return
        if not path.exists():
            self._save(path)
            return
        question = f"{path.name} exists already. Saving replaces what stands in it."
        dialog = QuestionDialog(question, ("Cancel", "Replace it"), title="Save run as")
        self.screen.app.push_screen(
            dialog, lambda answer: self._save(path) if answer == "Replace it" else None
        )

    def _save(self, path: Path) -> None:
        self.store.add_recent(str(path))
        self.screen.send(f"save {path}")

    def action_copy_script(self) -> None:
        """The session as a line for a shell, to the clipboard."""
        self.screen.ask(self._copy)

    def _copy(self, session: Session) -> None:
        self.screen.app.call_from_thread(self._copied, script_text(session), len(session.script))

    def _copied(self, text: str, commands: int) -> None:
        self.screen.app.copy_to_clipboard(text)
        self.screen.say(f"copied as `watstep debug` with {counted(commands, 'command')}")

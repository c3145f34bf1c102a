"""The text in the person's own editor, and back."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from textual.app import App, SuspendNotSupported

from watstep.errors import SourceError, reason_of
from watstep_tui.keymap import key_for
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.files import Files

_PLACED: Mapping[str, tuple[str, ...]] = {
    "hx": ("{path}:{line}:{column}",),
    "helix": ("{path}:{line}:{column}",),
    "code": ("--wait", "--goto", "{path}:{line}:{column}"),
    "codium": ("--wait", "--goto", "{path}:{line}:{column}"),
    "subl": ("--wait", "{path}:{line}:{column}"),
    "zed": ("--wait", "{path}:{line}:{column}"),
    "micro": ("+{line}:{column}", "{path}"),
    "nano": ("+{line},{column}", "{path}"),
    "ed": ("{path}",),
    "cat": ("{path}",),
}
"""How editors are told a place, where it is not the usual `+LINE FILE`."""


def editor_command(editor: str, path: Path, line: int, column: int) -> list[str]:
    """The command that opens a file in an editor at a place, both from 1.

    Raises:
        ValueError: The editor's command has an open quote.
    """
    words = shlex.split(editor)
    placed = _PLACED.get(_name_of(editor), ("+{line}", "{path}"))
    return [*words, *(word.format(path=path, line=line, column=column) for word in placed)]


def _name_of(editor: str) -> str:
    """What an editor's command is called."""
    return Path(shlex.split(editor)[0]).name


class Outside:
    """The external editor of a desk's program."""

    def __init__(self, desk: Desk, files: Files) -> None:
        """`files` keeps what is unsaved."""
        self.desk, self.files = desk, files

    def action_edit_outside(self) -> None:
        """Hand the text to `$VISUAL` or `$EDITOR`, and take what it wrote as one edit.

        What is saved is edited in its file, what is not in a temporary one, which is taken away
        only once its text is here.
        """
        desk = self.desk
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
        if not editor.strip():
            message = "set $VISUAL or $EDITOR to the editor that this key is to open"
            desk.notify(message, severity="warning", timeout=10)
            return
        path = desk.workspace.path
        if path is None or desk.unsaved or not path.exists():
            self._edit(editor, None)
        else:
            self._edit(editor, path)

    def _edit(self, editor: str, path: Path | None) -> None:
        desk = self.desk
        self.files.keep()
        row, column = desk.editor.selection.end
        try:
            given = path or _temporary(desk.workspace.name, desk.editor.text)
        except OSError as failure:
            self._refuse(f"the text cannot be handed over: {reason_of(failure)}")
            return
        code, refused = _opened(desk.app, editor, given, (row + 1, column + 1))
        if refused:
            self._refuse(f"`{editor}`: {refused}{self._still_here()}")
            if path is None:
                _forget(given)
            return
        failed = f"`{_name_of(editor)}` ended with code {code}" if code else ""
        if path is None:
            self._take_back(given, failed)
        else:
            self._take_file(failed)

    def _refuse(self, why: str) -> None:
        self.desk.notify(why, title="not edited", severity="error", timeout=10)

    def _still_here(self) -> str:
        """What became of unsaved text, which no file holds."""
        if not self.desk.unsaved:
            return ""
        return f"; the unsaved text of {self.desk.workspace.name} is still here"

    def _take_back(self, given: Path, failed: str) -> None:
        """Have what the editor wrote; where it failed or cannot be read, the text stays."""
        desk = self.desk
        before = desk.editor.text
        try:
            written = given.read_bytes().decode()
        except (OSError, ValueError):
            self._refuse(f"what was written cannot be read: it is in {given}{self._still_here()}")
            return
        if failed and written != before:
            self._refuse(f"{failed}: what it wrote is in {given}{self._still_here()}")
            return
        if failed:
            self._refuse(f"{failed} and wrote nothing{self._still_here()}")
        elif written != before:
            self.files.replace_text(written)
            desk.note(f"taken from the editor; {key_for('undo')} takes it back")
        else:
            desk.note("the editor changed nothing")
        _forget(given)

    def _take_file(self, failed: str) -> None:
        desk = self.desk
        before = desk.editor.text
        try:
            written = desk.workspace.read_again()
        except SourceError as failure:
            self._refuse(f"the file cannot be read any more, its text is here: {failure}")
            return
        ended = f", though {failed}" if failed else ""
        if written is None:
            self.files.look_at_disk()
        elif written == before:
            desk.note(f"the editor changed nothing{ended}")
        else:
            self.files.replace_text(written)
            desk.buffer.saved_text = desk.editor.text
            desk.show_name()
            desk.note(f"taken from the editor{ended}; {key_for('undo')} takes it back")


def _opened(app: App[None], editor: str, path: Path, place: tuple[int, int]) -> tuple[int, str]:
    """The code that an editor ended with, and why it could not be opened, "" where it was."""
    try:
        command = editor_command(editor, path, *place)
        with app.suspend():
            # An exception that left the block would leave the terminal suspended.
            try:
                return subprocess.run(command, check=False).returncode, ""
            except OSError as failure:
                refused = failure
    except (SuspendNotSupported, ValueError) as failure:
        return 0, reason_of(failure)
    return 0, reason_of(refused)


def _temporary(name: str, text: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="watstep-"))
    path = folder / (name if name.endswith((".wat", ".wast")) else f"{name}.wat")
    try:
        path.write_bytes(text.encode())
    except OSError:
        _forget(path)
        raise
    return path


def _forget(path: Path) -> None:
    """Take a temporary file away with its folder, where the editor left nothing else in it."""
    path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        path.parent.rmdir()

"""The open file: its text on disk, whether that changed, and the recovery copy of unsaved work."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path


@dataclass(frozen=True)
class Opened:
    """What opening answered: the text, and unsaved work that a crash left, or None."""

    text: str
    recovered: str | None


class Workspace:
    """One file and its recovery copy; nothing is written beside the file itself."""

    def __init__(self, path: Path | None, state_folder: Path | None = None) -> None:
        """Work on `path`; None is a program without a file."""
        self.path = path.absolute() if path else None
        folder = (state_folder or user_state_path("watstep")) / "recovery"
        name = str(self.path) if self.path else "untitled"
        self.recovery = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.wat"
        self._known: str | None = None

    @property
    def name(self) -> str:
        """What to call the program on the screen."""
        return self.path.name if self.path else "untitled"

    def open(self) -> Opened:
        """Read the file; a file that does not exist is an empty program.

        Raises:
            OSError: The file cannot be read.
            UnicodeDecodeError: It is not UTF-8.
        """
        text = self._read() or ""
        self._known = text
        recovered = None
        if self.recovery.exists():
            kept = self.recovery.read_bytes().decode("utf-8", "replace")
            recovered = kept if kept != text else None
        return Opened(text, recovered)

    def save(self, text: str) -> None:
        """Replace the file whole, so that a crash leaves the old or the new one.

        Raises:
            OSError: The file cannot be written, or there is none.
        """
        if self.path is None:
            raise FileNotFoundError("the program has no file yet")
        # A link stays a link and the file keeps its permissions.
        target = self.path.resolve()
        _write_whole(target, text, target.stat().st_mode & 0o777 if target.exists() else 0o644)
        self._known = text
        self.forget_recovery()

    def keep(self, text: str) -> None:
        """Put unsaved work into the recovery copy."""
        self.recovery.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(self.recovery, text, 0o600)

    def forget_recovery(self) -> None:
        """Nothing is unsaved any more."""
        self.recovery.unlink(missing_ok=True)

    def changed_on_disk(self) -> str | None:
        """The file's text where somebody else wrote it since it was read or saved, else None.

        A change is answered once.
        """
        try:
            text = self._read()
        except (OSError, UnicodeDecodeError):
            return None
        if text is None or text == self._known:
            return None
        self._known = text
        return text

    def _read(self) -> str | None:
        if self.path is None or not self.path.exists():
            return None
        return self.path.read_bytes().decode("utf-8")


def _write_whole(path: Path, text: str, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        temporary = Path(name)
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

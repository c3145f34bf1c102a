"""The user's own files: settings and keys, read again when they change, written where asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from watstep.errors import reason_of
from watstep.lint import project
from watstep.source.text import Source
from watstep.source.toml_text import Problem, with_value
from watstep.source.writing import write_whole
from watstep_tui.configuration import bindings, preferences
from watstep_tui.configuration.preferences import Preferences
from watstep_tui.keymap import Given

SETTINGS_FILE, KEYMAP_FILE = "settings.toml", "keymap.toml"
OWN_FILES = (SETTINGS_FILE, KEYMAP_FILE)
"""The files of the user's own folder; the project's stands beside the programs."""


def _judge_project(text: str) -> tuple[object, tuple[Problem, ...]]:
    source = Source(project.NAME, text)
    found = project.read_project(source)
    lines = (source.line_of(problem.span.start) for problem in found.problems)
    told = zip(lines, found.problems, strict=True)
    return found.levels, tuple(Problem(line, problem.message) for line, problem in told)


TEMPLATES: dict[str, Callable[[], str]] = {
    SETTINGS_FILE: preferences.template,
    KEYMAP_FILE: bindings.template,
    project.NAME: lambda: f"[{project.TABLE}]\n",
}
"""What a file holds that is made for somebody to write in."""

JUDGES: dict[str, Callable[[str], tuple[object, tuple[Problem, ...]]]] = {
    SETTINGS_FILE: preferences.read_preferences,
    KEYMAP_FILE: bindings.read_keymap,
    project.NAME: _judge_project,
}
"""By file: what reads it, and says what is wrong with it."""


class State(NamedTuple):
    """What the files say."""

    preferences: Preferences
    keys: Given
    problems: tuple[str, ...]


class Configuration:
    """The files of a folder, which need not exist."""

    def __init__(self, folder: Path) -> None:
        """Look after the files of a folder."""
        self.folder = folder
        self._seen: dict[Path, tuple[int, int]] = {}

    def path(self, name: str) -> Path:
        """Where a file stands."""
        return self.folder / name

    def _stamps(self) -> dict[Path, tuple[int, int]]:
        stamps = {}
        watched = [self.folder / name for name in OWN_FILES]
        for path in [*watched, *sorted((self.folder / "themes").glob("*.toml"))]:
            try:
                found = path.stat()
            except OSError:
                continue
            stamps[path] = (found.st_mtime_ns, found.st_size)
        return stamps

    def changed(self) -> bool:
        """Whether a file, or a theme of the user's, is another than when this was last asked."""
        before, self._seen = self._seen, self._stamps()
        return before != self._seen

    def read(self) -> State:
        """What the files say now; what cannot be used is told, and left at its default."""
        self._seen = self._stamps()
        told: list[str] = []
        texts = {name: self.text(name, told) for name in OWN_FILES}
        chosen, wrong = preferences.read_preferences(texts[SETTINGS_FILE])
        told += [problem.told(SETTINGS_FILE) for problem in wrong]
        keys, wrong = bindings.read_keymap(texts[KEYMAP_FILE])
        told += [problem.told(KEYMAP_FILE) for problem in wrong]
        return State(chosen, keys, tuple(told))

    def text(self, name: str, told: list[str]) -> str:
        """A file's text, "" where there is none; what hinders is added to `told`."""
        try:
            return self.path(name).read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as failure:
            reason = getattr(failure, "strerror", None) or "it is not UTF-8"
            told.append(f"{name}: cannot be read: {reason.lower()}")
            return ""

    def write(self, name: str, text: str) -> str:
        """Write a file; what hinders, or ""."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.path(name)
            write_whole(path, text, path.stat().st_mode & 0o777 if path.exists() else 0o600)
        except OSError as failure:
            return f"{name} is not kept: {reason_of(failure)}"
        self._seen = self._stamps()
        return ""

    def choose(self, setting: str, value: str) -> str:
        """Give a setting another text in the user's file, whose comments stay; what hinders."""
        told: list[str] = []
        text = self.text(SETTINGS_FILE, told)
        if told:
            return told[0]
        before = text or TEMPLATES[SETTINGS_FILE]()
        return self.write(SETTINGS_FILE, with_value(before, setting, value))

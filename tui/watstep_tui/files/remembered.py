"""What the IDE remembers: for each file its run settings and breakpoints, and the user's own.

One JSON file for each program, in the user's configuration, so that two IDEs on two programs do
not write over each other; nothing stands in the program's folder. A file that cannot be read is
set aside under another name and reported, never written over.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from watstep.errors import reason_of
from watstep.host.settings import RunLimits
from watstep.source.writing import write_whole

MOST_RECENT = 12

_T = TypeVar("_T")


@dataclass(frozen=True)
class KeptGrant:
    """A capability that a person granted to one file."""

    scope: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """The functions that the program called when it was granted; another one asks again."""


@dataclass(frozen=True)
class FileSettings:
    """What is kept for one program."""

    arguments: tuple[str, ...] = ()
    grants: Mapping[str, KeptGrant] = field(default_factory=dict)
    denied: tuple[str, ...] = ()
    """Capabilities that are granted by default and were taken away."""
    limits: RunLimits = field(default_factory=RunLimits)
    breakpoints: tuple[str, ...] = ()
    """As `break` takes them."""


@dataclass(frozen=True)
class UserState:
    """What is kept for the person."""

    recent: tuple[str, ...] = ()
    """Paths, the latest first."""
    layout: Mapping[str, float] = field(default_factory=dict)
    """Sizes of panes in percent of what they share; 1 for one that is put away."""
    view: str = ""
    """Of the expansion."""
    welcomed: bool = False
    """Whether the page that is seen first was seen."""


class SettingsStore:
    """The folder of remembered settings; problems are collected, never raised."""

    def __init__(self, folder: Path) -> None:
        """Keep settings in a folder, which is made when there is something to keep."""
        self.folder = folder
        self.problems: list[str] = []
        """What could not be read or written, one sentence each, until somebody says it."""

    def read_file(self, identity: str) -> FileSettings:
        """What is kept for the program of an identity: its resolved path."""
        return self._read(self._place(identity), _file_settings, FileSettings())

    def write_file(self, identity: str, settings: FileSettings) -> None:
        """Keep settings for a program."""
        self._write(self._place(identity), {"path": identity, **asdict(settings)})

    def read_user(self) -> UserState:
        """What is kept for the person."""
        return self._read(self.folder / "state.json", _user_state, UserState())

    def write_view(self, name: str) -> None:
        """Keep how the expansion is looked at."""
        self._write_user(replace(self.read_user(), view=name))

    def write_layout(self, layout: Mapping[str, float]) -> None:
        """Keep how the panes stand."""
        self._write_user(replace(self.read_user(), layout=layout))

    def write_welcomed(self) -> None:
        """Keep that the first page was seen."""
        self._write_user(replace(self.read_user(), welcomed=True))

    def add_recent(self, path: str) -> None:
        """Put a file before those that were opened earlier."""
        kept = self.read_user()
        recent = (path, *(other for other in kept.recent if other != path))[:MOST_RECENT]
        if recent != kept.recent:
            self._write_user(replace(kept, recent=recent))

    def _write_user(self, settings: UserState) -> None:
        self._write(self.folder / "state.json", asdict(settings))

    def _place(self, identity: str) -> Path:
        name = hashlib.sha256(os.fsencode(identity)).hexdigest()[:24]
        return self.folder / "files" / f"{name}.json"

    def _read(self, path: Path, understand: Callable[[Any], _T], otherwise: _T) -> _T:
        try:
            return understand(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return otherwise
        except OSError as failure:
            self.problems.append(f"cannot read {path}: {reason_of(failure)}")
            return otherwise
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self._set_aside(path)
            return otherwise

    def _set_aside(self, path: Path) -> None:
        aside = path.with_suffix(".damaged")
        try:
            path.replace(aside)
        except OSError:
            self.problems.append(f"{path} is damaged: it was not used")
        else:
            self.problems.append(f"{path.name} was damaged: it is now {aside}, settings start new")

    def _write(self, path: Path, value: Mapping[str, Any]) -> None:
        text = json.dumps(value, indent=1) + "\n"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text, 0o600)
        except OSError as failure:
            problem = f"settings are not kept: {path.parent}: {reason_of(failure)}"
            if problem not in self.problems:
                self.problems.append(problem)


def _file_settings(found: Any) -> FileSettings:
    grants = {
        _of(str, name): KeptGrant(_texts(kept["scope"]), _texts(kept["needs"]))
        for name, kept in found["grants"].items()
    }
    usual = asdict(RunLimits())
    limits = {
        name: _of(type(usual[name]), value)
        for name, value in found["limits"].items()
        if name in usual
    }
    return FileSettings(
        _texts(found["arguments"]),
        grants,
        _texts(found["denied"]),
        RunLimits(**limits),
        _breakpoints(found),
    )


def _user_state(found: Any) -> UserState:
    layout = {_of(str, name): _of(float, size) for name, size in found.get("layout", {}).items()}
    return UserState(
        _texts(found["recent"]),
        layout,
        _of(str, found.get("view", "")),
        _of(bool, found.get("welcomed", False)),
    )


def _of(kind: type[_T], value: Any) -> _T:
    """The value, which must be of a kind; a whole number stands for a float too."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return kind(value)  # type: ignore[call-arg]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_of(str, text) for text in _of(list, value))


def _breakpoints(found: Any) -> tuple[str, ...]:
    """The words of breakpoints; lines alone were kept of each text before."""
    words = _of(list, found["breakpoints"])
    if any(isinstance(word, int) for word in words) or "expansion_breakpoints" in found:
        others = _lines(found.get("expansion_breakpoints", []))
        return (*(f"s{n}" for n in _lines(words)), *(f"e{n}" for n in others))
    return _texts(words)


def _lines(value: Any) -> tuple[int, ...]:
    lines = tuple(_of(int, line) for line in _of(list, value))
    if any(line < 1 for line in lines):
        raise ValueError("lines count from 1")
    return lines

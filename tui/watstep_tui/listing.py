"""What a path that is being typed may become: programs and folders there, and recent files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

MOST = 200
"""How many entries of a folder are offered."""


class Candidate(NamedTuple):
    """A path as it would be typed, and a word on it."""

    text: str
    note: str = ""


def expanded(typed: str, folder: Path) -> Path:
    """The path that a typed text means in a folder."""
    try:
        return folder / Path(typed).expanduser()
    except RuntimeError:
        # There is no such person.
        return folder / typed


def candidates(typed: str, folder: Path, recent: Sequence[str] = ()) -> list[Candidate]:
    """Folders and `.wat` files whose names begin as typed, then recent files that hold it.

    Hidden entries are offered once a dot is typed.
    """
    head, _, tail = typed.rpartition("/")
    lead = f"{head}/" if "/" in typed else ""
    found = _entries(expanded(lead, folder) if lead else folder, lead, tail)
    known = {str(expanded(candidate.text, folder)) for candidate in found}
    for path in recent:
        if typed.lower() in path.lower() and path not in known and Path(path).is_file():
            found.append(Candidate(_short(path, folder), "recent"))
    return found[:MOST]


def _entries(base: Path, lead: str, tail: str) -> list[Candidate]:
    folders, programs = [], []
    try:
        with os.scandir(base) as listed:
            for entry in listed:
                name = entry.name
                if name.startswith(".") and not tail.startswith("."):
                    continue
                if not name.lower().startswith(tail.lower()):
                    continue
                if entry.is_dir():
                    folders.append(Candidate(f"{lead}{name}/", "folder"))
                elif name.endswith((".wat", ".wast")):
                    programs.append(Candidate(f"{lead}{name}"))
    except (OSError, ValueError):
        return []
    return [*sorted(programs), *sorted(folders)]


def _short(path: str, folder: Path) -> str:
    inside = Path(path)
    return str(inside.relative_to(folder)) if inside.is_relative_to(folder) else path


def completed(typed: str, offered: Sequence[Candidate]) -> str:
    """What all candidates that go on as typed have in common, at least what was typed."""
    fitting = [item.text for item in offered if item.text.lower().startswith(typed.lower())]
    if not fitting:
        return typed
    least, most = min(fitting), max(fitting)
    same = next((at for at, letter in enumerate(least) if most[at : at + 1] != letter), len(least))
    return least[:same] if same >= len(typed) else typed


def read_problem(path: Path) -> str | None:
    """Why a file cannot be opened as a program, or None; one that does not exist is a new one."""
    from watstep.cli.reading import read_source
    from watstep.errors import SourceError

    try:
        if path.is_dir():
            return "this is a folder: choose a file in it"
        if not path.exists():
            return None if path.parent.is_dir() else f"there is no folder {path.parent}"
        if not path.is_file():
            return "this is no regular file"
        read_source(str(path))
    except SourceError as refused:
        return str(refused)
    except (OSError, ValueError):
        return "there can be no file of this name"
    return None


def write_problem(path: Path) -> str | None:
    """Why a program cannot be saved under a path, or None; it may exist."""
    try:
        if path.is_dir():
            return "this is a folder: give a file's name in it"
        if not path.parent.is_dir():
            return f"there is no folder {path.parent}"
        if path.exists() and not path.is_file():
            return "this is no regular file"
    except (OSError, ValueError):
        return "there can be no file of this name"
    return None

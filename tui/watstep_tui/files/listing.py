"""What a path that is being typed may become: programs and folders there, and recent files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

MOST = 200
"""How many entries of a folder are offered."""
MOST_ENTRIES, LARGE_FOLDER, DEEPEST = 20_000, 2_000, 8
"""Entries that are looked at for the programs of a project, those of a folder that is left out, and
how deep a folder may lie."""
OF_TOOLS = frozenset(("node_modules", "__pycache__", "target", "build", "dist", "venv"))
"""Folders in which tools keep what they made."""
PROGRAMS = (".wat", ".wast")
RUN_FILES = (".run",)


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


def candidates(
    typed: str, folder: Path, recent: Sequence[str] = (), project: Sequence[str] = ()
) -> list[Candidate]:
    """What a typed text may mean: recent files first, then what stands in the folder.

    Folders and `.wat` files are offered whose names begin as typed, hidden ones once a dot is
    typed; then those of the project in whose paths the typed letters stand in their order.
    """
    head, _, tail = typed.rpartition("/")
    lead = f"{head}/" if "/" in typed else ""
    latest = [
        Candidate(_short(path, folder), "recent")
        for path in recent
        if closeness(typed, _short(path, folder)) is not None and Path(path).is_file()
    ]
    entries = _entries(expanded(lead, folder) if lead else folder, lead, tail)
    near = [(rank, path) for path in project if (rank := closeness(typed, path)) is not None]
    found = [*latest, *entries, *(Candidate(path) for _, path in sorted(near) if typed)]
    once: dict[str, Candidate] = {}
    for item in found:
        once.setdefault(str(expanded(item.text, folder)), item)
    return [*once.values()][:MOST]


def closeness(typed: str, path: str) -> tuple[int, int, int] | None:
    """How well a path is meant by letters that stand in it in their order; less is nearer.

    A name that begins so comes before one that holds it, before a path that does, before letters
    that are spread; None where one is missing.
    """
    sought, whole = typed.lower(), path.lower()
    name = whole.rpartition("/")[2]
    for order, holds in enumerate((name.startswith(sought), sought in name, sought in whole)):
        if holds:
            return order, 0, len(whole)
    at, first = -1, -1
    for letter in sought:
        at = whole.find(letter, at + 1)
        if at < 0:
            return None
        first = at if first < 0 else first
    return 3, at - first, len(whole)


def project_files(folder: Path) -> list[str]:
    """The programs in a folder and those below it, as they are written from there.

    Hidden folders, those of tools and very large ones are left out, and it ends after a number of
    entries: it must not take long on a home folder.
    """
    found: list[str] = []
    waiting, seen = [(folder, "", 0)], 0
    while waiting and seen < MOST_ENTRIES:
        base, lead, depth = waiting.pop(0)
        try:
            with os.scandir(base) as listed:
                entries = list(islice(listed, LARGE_FOLDER + 1))
        except OSError:
            continue
        if len(entries) > LARGE_FOLDER and depth:
            continue
        seen += len(entries)
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith(".") or entry.name in OF_TOOLS:
                continue
            if entry.name.endswith((*PROGRAMS, *RUN_FILES)):
                found.append(lead + entry.name)
            elif depth < DEEPEST and entry.is_dir(follow_symlinks=False):
                waiting.append((Path(entry.path), f"{lead}{entry.name}/", depth + 1))
    return found


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
                elif name.endswith(PROGRAMS):
                    programs.append(Candidate(f"{lead}{name}"))
                elif name.endswith(RUN_FILES):
                    programs.append(Candidate(f"{lead}{name}", "run"))
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
    from watstep.errors import SourceError
    from watstep_tui.files.reading import read_program

    try:
        if path.is_dir():
            return "this is a folder: choose a file in it"
        if not path.exists():
            return None if path.parent.is_dir() else f"there is no folder {path.parent}"
        if not path.is_file():
            return "this is no regular file"
        read_program(path)
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


def folder_text(folder: Path) -> str:
    """A folder as people write it, with `~` for the home."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)

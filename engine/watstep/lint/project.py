"""`watstep.toml`: what a project says of its programs, from the program's folder or one above it.

    [lints]
    unused-local = "off"
    error-unchecked = "error"

It is read as data and never executed; what makes no sense in it is told and left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from watstep.errors import reason_of
from watstep.lint.levels import USUAL, WORDS, Levels
from watstep.source.diagnostic import Diagnostic, Severity
from watstep.source.text import Source, Span

NAME = "watstep.toml"
CODE = "project-file"
TABLE = "lints"
_LARGEST = 1 << 20


class Project(NamedTuple):
    """The settings that hold for a program."""

    levels: Levels = USUAL
    source: Source | None = None
    """The file's text, None where there is no file."""
    problems: tuple[Diagnostic, ...] = ()
    """What is wrong in the file; spans are in `source`."""


_NONE = Project()


def project_of(program: str) -> Project:
    """The project of a program by its path; a program without a file has that of this folder.

    The file is read again only where it changed.
    """
    try:
        folder = Path(program or "-").absolute().parent
    except (OSError, ValueError):
        return _NONE
    for place in (folder, *folder.parents):
        path = place / NAME
        try:
            path.lstat()
        except (OSError, ValueError):
            continue
        try:
            stat = path.stat()
        except OSError as failure:
            return _broken(path, "", f"the file cannot be read: {reason_of(failure)}")
        return _read(path, stat.st_mtime_ns, stat.st_size)
    return _NONE


@lru_cache(maxsize=16)
def _read(path: Path, changed: int, size: int) -> Project:
    """The project that a file of that state describes."""
    try:
        if size > _LARGEST:
            return _broken(path, "", "the file is too large for settings")
        text = path.read_bytes().decode("utf-8")
    except OSError as failure:
        return _broken(path, "", f"the file cannot be read: {reason_of(failure)}")
    except UnicodeDecodeError:
        return _broken(path, "", "the file is not UTF-8: save it as UTF-8")
    return read_project(Source(str(path), text))


def _broken(path: Path, text: str, message: str) -> Project:
    source = Source(str(path), text)
    return Project(USUAL, source, (_problem(source, 1, message),))


def read_project(source: Source) -> Project:
    """The levels that a text sets, and what is wrong with it."""
    # Loaded for a project that has a file alone.
    from watstep.source.toml_text import line_of, meant, read_toml

    text = source.text.replace("\r\n", "\n")
    read = read_toml(text)
    problems = [_problem(source, problem.line, problem.message) for problem in read.problems]
    levels: dict[str, Severity | None] = dict(USUAL)
    for name in read.data:
        if name != TABLE:
            line = line_of(text, "", name) or line_of(text, name)
            message = f"there is no setting `{name}`{meant(name, (TABLE,))}"
            problems.append(_problem(source, line, message))
    for code, value, message in _judged(read.data.get(TABLE, {})):
        if message:
            line = line_of(text, code, TABLE) if code else line_of(text, TABLE)
            problems.append(_problem(source, line, message))
        else:
            levels[code] = WORDS[value]
    return Project(levels, source, tuple(sorted(problems, key=lambda problem: problem.span)))


def _judged(table: Any) -> Iterator[tuple[str, str, str]]:
    """Each code with its level, and what is wrong with it, "" where nothing is."""
    from watstep.source.toml_text import meant

    if not isinstance(table, dict):
        yield "", "", f'`{TABLE}` is a table: write `[{TABLE}]` and a line `CODE = "off"` below it'
        return
    choices = ", ".join(f'"{word}"' for word in WORDS)
    for code, value in table.items():
        if code not in USUAL:
            yield code, "", f"there is no lint `{code}`{meant(code, USUAL)}"
        elif not isinstance(value, str) or value not in WORDS:
            yield code, "", f"the level of `{code}` is one of {choices}"
        else:
            yield code, value, ""


def _problem(source: Source, line: int, message: str) -> Diagnostic:
    line = min(max(line, 1), len(source.line_starts))
    start = source.line_starts[line - 1]
    span = Span(start, start + len(source.line_text(line)))
    return Diagnostic(CODE, Severity.WARNING, span, message)

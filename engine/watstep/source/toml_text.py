"""TOML as people write it: what can be read of it, where the rest goes wrong, one value changed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

MOST_PROBLEMS = 20
"""Lines that are left out before the rest is given up."""

_PLACE = re.compile(r"\(at line (\d+), column \d+\)")


class Problem(NamedTuple):
    """What is wrong with a file, and the line from 1; 0 where it is the file as a whole."""

    line: int
    message: str

    def told(self, name: str) -> str:
        """A sentence that begins with the place."""
        return f"{name}:{self.line}: {self.message}" if self.line else f"{name}: {self.message}"


class Read(NamedTuple):
    """What a text holds, without the lines that are no TOML, and those lines' problems."""

    data: Mapping[str, Any]
    problems: tuple[Problem, ...]


def read_toml(text: str) -> Read:
    """The values of a text; a line that is no TOML is left out and named."""
    lines = text.split("\n")
    problems: list[Problem] = []
    while len(problems) < MOST_PROBLEMS:
        try:
            return Read(tomllib.loads("\n".join(lines)), tuple(problems))
        except (tomllib.TOMLDecodeError, RecursionError) as wrong:
            message = str(wrong)
            found = _PLACE.search(message)
            line = int(found[1]) if found else _last_written(lines)
            what = (_PLACE.sub("", message).partition("(at end")[0].strip()) or "cannot be read"
            problems.append(Problem(line, f"this is no TOML: {what[0].lower()}{what[1:]}"))
            if not lines[line - 1].strip():
                break
            lines[line - 1] = ""
    return Read({}, tuple(problems))


def _last_written(lines: Sequence[str]) -> int:
    return max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)


def line_of(text: str, name: str, table: str = "") -> int:
    """The line from 1 on which a table gives a name a value; 0 where it does not."""
    inside = ""
    pattern = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=""")
    for number, line in enumerate(text.split("\n"), 1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        if header:
            inside = header[1].strip()
            if not name and inside == table:
                return number
        elif name and inside == table and pattern.match(line):
            return number
    return 0


def with_value(text: str, name: str, value: str) -> str:
    """The text with a name of no table given another string; every comment stays.

    A name that has no value yet gets its line after the comment that shows one, else at the
    end of what belongs to no table.
    """
    lines = text.split("\n") if text else []
    written = f'{name} = "{value}"'
    at = line_of(text, name)
    if at:
        comment = re.search(r"""(\s*#[^"']*)$""", lines[at - 1])
        lines[at - 1] = written + (comment[1] if comment else "")
        return "\n".join(lines)
    shown = re.compile(rf"#\s*{re.escape(name)}\s*=")
    for number, line in enumerate(lines):
        if shown.match(line):
            lines.insert(number + 1, written)
            return "\n".join(lines)
    first_table = next((n for n, line in enumerate(lines) if line.lstrip().startswith("[")), None)
    at = len(lines) if first_table is None else first_table
    while at and not lines[at - 1].strip():
        at -= 1
    lines.insert(at, written)
    return "\n".join(lines) if lines[-1:] == [""] else "\n".join([*lines, ""])


def meant(word: str, known: Iterable[str]) -> str:
    """What somebody may have meant by a word that is none of the known ones: a clause or ""."""
    close = get_close_matches(word, list(known), 1)
    return f"; did you mean `{close[0]}`?" if close else ""

"""Commands that keep a session: its run as a run file, its commands as a script (DESIGN.md 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from watstep.debug.commands.row import Command, Reply, still
from watstep.debug.keeping import made_run
from watstep.debug.script import script_text
from watstep.debug.session import Session
from watstep.debug.tracing import json_line, text_line
from watstep.errors import CommandError, NoCommandError, reason_of
from watstep.runfile import BEGINS
from watstep.runfile.writing import run_text
from watstep.source.text import counted
from watstep.source.writing import replace_lines, replace_text

PRIVATE, PUBLIC = 0o600, 0o644
"""The modes of a new run file, whose answers are its owner's, and of a new script."""
_STRETCH = re.compile(r"(?:(\d{1,15})\s+(?:(\d{1,15})\s+)?)?(\S.*)")


def _save(session: Session, argument: str) -> Reply:
    if not argument:
        raise NoCommandError("save takes the name of a file")
    path = _path(argument)
    if _is_something_else(path):
        raise CommandError(f"{argument} is no run file: it is not written over")
    made = made_run(session)
    kept = run_text(made)
    _write(path, kept.text, PRIVATE)
    parts = [counted(len(made.outcome.calls), "host call")]
    if not made.finished:
        parts.insert(0, f"up to instant {made.outcome.steps:,}")
    if kept.redacted:
        parts.append(f"{counted(kept.redacted, 'secret')} covered")
    said = f"the run is kept in {argument}: {', '.join(parts)}"
    return Reply("save", still(said), said, {"file": argument, "redacted": kept.redacted})


def _is_something_else(path: Path) -> bool:
    """Whether a file stands there that is no run file and not empty."""
    try:
        with path.open("rb") as file:
            begins = file.read(len(BEGINS))
    except (OSError, ValueError):
        # What keeps it from being written is said when it is.
        return False
    return begins not in {b"", BEGINS}


def _script(session: Session, argument: str) -> Reply:
    text = script_text(session)
    if not argument:
        return Reply("script", still(), text.removesuffix("\n"), list(session.script))
    path = _path(argument)
    _write(path, text, PUBLIC)
    said = f"{counted(len(session.script), 'command')} written to {argument}"
    return Reply("script", still(said), said, list(session.script))


def _export(session: Session, argument: str) -> Reply:
    first, last, name = _stretch(session, argument)
    path = _path(name)
    if path.is_file():
        raise CommandError(f"{name} is there already: it is not written over")
    write = json_line if path.suffix in {".json", ".jsonl"} else text_line
    timeline = session.timeline
    timeline.interrupted = False

    def lines() -> Iterator[str]:
        for row in session.tracer.rows(first, last):
            if timeline.interrupted:
                raise CommandError(f"interrupted: {name} was not written")
            timeline.reached = row.instant
            yield write(session.program, row)

    try:
        replace_lines(path, lines(), PUBLIC)
    except (OSError, ValueError) as failure:
        raise CommandError(f"cannot write {path}: {reason_of(failure)}") from None
    said = f"{counted(last - first + 1, 'instruction')} written to {name}"
    return Reply("export", still(said), said, {"file": name, "first": first, "last": last})


def _stretch(session: Session, argument: str) -> tuple[int, int, str]:
    """The instants and the file of `[FROM [TO]] FILE`; all of the run where none are given."""
    match = _STRETCH.fullmatch(argument)
    if match is None:
        raise NoCommandError("export takes the first and the last instant, or none, and a file")
    end = session.timeline.frontier
    first = max(int(match[1] or 1), 1)
    last = min(int(match[2] or end), end)
    if last < first:
        raise CommandError(f"nothing was executed there: the run was made up to instant {end:,}")
    return first, last, match[3]


def _path(argument: str) -> Path:
    try:
        return Path(argument).expanduser()
    except RuntimeError:
        # There is no such person.
        return Path(argument)


def _write(path: Path, text: str, mode: int) -> None:
    try:
        replace_text(path, text, mode)
    except (OSError, ValueError) as failure:
        raise CommandError(f"cannot write {path}: {reason_of(failure)}") from None


def _secret(session: Session, argument: str) -> Reply:
    if not argument:
        raise NoCommandError("secret takes the text that `save` is to cover")
    session.secrets = (*session.secrets, argument)
    return Reply("secret", still(), "it is covered by stars in what `save` writes")


KEEPING: tuple[Command, ...] = (
    Command("save", (), "FILE", "keep the run in a run file", _save, kept=False),
    Command("secret", (), "TEXT", "what a run file is not to hold", _secret, kept=False),
    Command(
        "export",
        (),
        "[FROM [TO]] FILE",
        "write the trace to a new file: .jsonl for JSON lines",
        _export,
        kept=False,
    ),
    Command(
        "script",
        (),
        "[FILE]",
        "the commands so far, as a shell's line that repeats them",
        _script,
        kept=False,
    ),
)

"""Commands that keep a session: its run as a run file, its commands as a script (DESIGN.md 4)."""

from __future__ import annotations

from pathlib import Path

from watstep.debug.commands.row import Command, Reply, still
from watstep.debug.keeping import made_run
from watstep.debug.script import script_text
from watstep.debug.session import Session
from watstep.errors import CommandError, NoCommandError, reason_of
from watstep.runfile import BEGINS
from watstep.runfile.writing import run_text
from watstep.source.text import counted
from watstep.source.writing import replace_text

PRIVATE, PUBLIC = 0o600, 0o644
"""The modes of a new run file, whose answers are its owner's, and of a new script."""


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
        "script",
        (),
        "[FILE]",
        "the commands so far, as a shell's line that repeats them",
        _script,
        kept=False,
    ),
)

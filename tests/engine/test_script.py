"""DESIGN.md 4: what a session did is a script that does it again; its run is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.programs import MacroWriter
from tests.engine.run_files import KEEP, made
from tests.engine.stepping import session_of
from tests.support import ROOT, warm_environment
from watstep.debug.commands.table import execute
from watstep.debug.script import script_text
from watstep.debug.session import Session
from watstep.debug.state import Level
from watstep.errors import CommandError, NoCommandError
from watstep.runfile.reading import read_run


def standing(session: Session) -> tuple[object, ...]:
    """Where a session stands, and what stops it."""
    branch = session.timelines.current
    return session.position, session.level, session.breakpoints, branch.name, branch.said


LINES = st.sampled_from(
    [
        *("s", "n", "o", "S", "N", "O", "c", "C", "step 3", "back 2", "next 4", "c 2", "goto 7"),
        *("break 2", "b e9", "b 4", "delete 1", "delete", "until 3", "U s2", "goto end", "restart"),
        *("level source", "level e", "level instruction", "state", "p step", "bogus", "goto -1"),
        *("help", "", "run", "next-call", "previous-call", "loop-end", "next-iteration", "fuel 9"),
        *("break call dbg.log if step > 4", "b write mem 16 4", "edit 1 hit 2", "disable 1"),
        *("enable", "set local[0] 5", "set stack[0] 1", "answer number 3", "answer empty"),
        *("timeline 1", "timeline 2", "name other", "timelines", "forget 2", "who stack[0]"),
    ]
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, 60), st.lists(LINES, max_size=25))
def test_the_script_leads_to_the_same_place(seed: int, lines: list[str]) -> None:
    """Of any commands on any program: position, level and breakpoints (S9, S12, B5)."""
    program = MacroWriter(seed).program()
    first, second = session_of(program, ("a",)), session_of(program, ("a",))
    for line in lines:
        with suppress(CommandError):
            execute(first, line)
    for line in first.script:
        execute(second, line)
    assert standing(second) == standing(first)
    assert second.script == first.script


def test_what_is_kept_of_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Full names; nothing that was refused, nor help; where a command was interrupted it ends."""
    session = session_of(KEEP)
    for line in ("s 2", "b 3", "help", "script"):
        execute(session, line)
    with pytest.raises(CommandError):
        execute(session, "goto 99")
    session.timeline.interrupt()
    real = type(session.timeline).advance
    monkeypatch.setattr(
        type(session.timeline),
        "advance",
        lambda timeline, *given, **more: (timeline.interrupt(), real(timeline, *given, **more))[1],
    )
    reply = execute(session, "goto end")
    assert reply.command == "goto"
    execute(session, "restart")
    assert execute(session, "continue").stop.reason.value == "cancelled"
    assert session.script[:2] == ["step 2", "break 3"]
    assert session.script[-1] == f"goto {session.position.instant}"


def test_the_line_of_a_shell() -> None:
    """Program, grants, limits and arguments are those of the session, quoted where they must be."""
    run = made(KEEP, "a b", "--c")
    session = Session(run.program, run.settings)
    execute(session, "print $e + 1")
    assert script_text(session) == (
        "watstep debug program.wat --batch --grant kv \\\n  -x 'print $e + 1' \\\n  -- 'a b' --c\n"
    )


def test_a_shell_carries_it_out(tmp_path: Path) -> None:
    """The written script is run by a shell, and ends where the session stands."""
    program, script = tmp_path / "a program.wat", tmp_path / "again.sh"
    program.write_text(KEEP, "utf-8")
    command = tmp_path / "watstep"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m watstep_tui "$@"\n')
    command.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    asked = ["-x", "b 3", "-x", "c", "-x", "level instruction", "-x", "s 2", "-x", "breakpoints"]
    given = ["--grant", "kv", "--fuel", "5000", str(program), "one", "--batch", *asked]
    first = run_shell('watstep debug "$@"', path, *given, "-x", f"script {script}")
    again = run_shell(f"sh '{script}'", path)
    assert first.splitlines()[:-1] == again.splitlines()
    assert "instant 10 of ?" in again
    assert first.splitlines()[-1] == f"5 commands written to {script}"


def run_shell(line: str, path: str, *words: str) -> str:
    """What a shell's line prints."""
    done = subprocess.run(
        ["sh", "-c", line, "sh", *words],
        capture_output=True,
        text=True,
        env={**warm_environment(), "PATH": path},
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_saving(tmp_path: Path) -> None:
    """As far as the run was made, with what is secret covered; over no file that is something."""
    session = session_of(KEEP, ("hunter2",), ("kv",))
    kept, other = tmp_path / "kept.run", tmp_path / "notes.txt"
    other.write_text("mine")
    execute(session, "goto 5")
    execute(session, "secret hunter2")
    said = execute(session, f"save {kept}").text
    assert said == f"the run is kept in {kept}: up to instant 5, 1 host call, 1 secret covered"
    execute(session, "level e")
    execute(session, "goto end")
    assert execute(session, f"save {kept}").text.endswith(": 7 host calls, 1 secret covered")
    run = read_run("kept.run", kept.read_bytes())
    assert run.settings.arguments == ("*******",)
    assert run.standing
    assert (run.standing.instant, run.standing.level) == (19, Level.EXPANSION.value)
    for line, says in (
        (f"save {other}", "is no run file: it is not written over"),
        (f"save {tmp_path}", "cannot write"),
        (f"save {tmp_path}/none/a.run", "no such file or directory"),
        ("save a\0b", "cannot write"),
        ("save", "save takes the name of a file"),
        ("secret", "secret takes the text"),
    ):
        with pytest.raises(CommandError, match=says) as refused:
            execute(session, line)
        assert isinstance(refused.value, NoCommandError) == (" " not in line)
    assert other.read_text() == "mine"

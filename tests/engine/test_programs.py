"""Programs that say in comments what they do, run on both executors (LANGUAGE.md 2 to 6)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.engine.stepping import program_of
from tests.support import CASES
from watstep.host.settings import RunSettings
from watstep.machine.run import run_machine
from watstep.native.runner import run_native

PROGRAMS = sorted((CASES / "programs").glob("*.wat"))


def said(text: str, word: str) -> list[str]:
    """What the comments `;; word: ...` say, in order."""
    return re.findall(rf"^;; {word}: (.*)$", text, re.MULTILINE)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_programs(path: Path) -> None:
    """Results, value, log and trap are those that the program names."""
    text = path.read_text("utf-8")
    program = program_of(text, path.name)
    settings = RunSettings(arguments=tuple(said(text, "argument")))
    for run in (run_native, run_machine):
        outcome = run(program, settings)
        trap = outcome.trap.kind.value if outcome.trap else None
        assert trap == next(iter(said(text, "trap")), None)
        assert [" ".join(map(str, outcome.results))] == (said(text, "expect") or [""])
        assert [str(entry) for entry in outcome.log] == said(text, "log")
        value = next(iter(said(text, "value")), None)
        assert outcome.value == (value.replace("\\n", "\n") if value is not None else None)


def test_programs_are_found() -> None:
    """The folder is full."""
    assert len(PROGRAMS) >= 25

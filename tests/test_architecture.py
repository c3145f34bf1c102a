"""The layers hold, statically and at run time, modules stay short, and nothing leaks a place."""

from __future__ import annotations

import re
import subprocess

import pytest
from importlinter.cli import lint_imports

from tests.support import ROOT, modules_loaded_by

LONGEST_MODULE = 500
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "util", "helper"}
# Written in pieces so that this file does not match itself.
REGISTRY_HOSTS = re.compile("|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.org"]))


def tracked_files() -> list[str]:
    """The paths of all files that are or would be committed, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [path for path in listed.stdout.splitlines() if (ROOT / path).is_file()]


def test_import_contracts() -> None:
    """Every contract in pyproject.toml is kept."""
    assert lint_imports(no_cache=True) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "import watstep",
        "from watstep import compile_source",
        "import watstep.debug.session",
        "import watstep.machine.run",
    ],
)
def test_engine_is_headless(statement: str) -> None:
    """Importing the engine loads neither the interface nor wasmtime."""
    assert not modules_loaded_by(statement) & {"textual", "rich", "wasmtime", "watstep_tui"}


def test_expand_loads_little() -> None:
    """`watstep expand` starts in a few Pythons: what only a mistake or a run needs waits."""
    loaded = modules_loaded_by("import watstep.cli.main, watstep.cli.expand")
    costly = {"dataclasses", "inspect", "json", "difflib", "textwrap", "urllib3", "sqlite3"}
    assert not loaded & {*costly, "textual", "rich", "wasmtime", "watstep_tui", "platformdirs"}


def test_modules_are_short() -> None:
    """No module is longer than a room that one can describe in one line."""
    code = [path for path in tracked_files() if path.endswith(".py")]
    lengths = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path in code}
    assert {path: n for path, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_module_names_say_what_they_hold() -> None:
    """No module is a drawer for odds and ends."""
    parts = {part.removesuffix(".py") for path in tracked_files() for part in path.split("/")}
    assert not parts & FORBIDDEN_NAMES


def test_no_place_is_named() -> None:
    """No package registry's host and no path of the builder's machine stands in the repository."""
    found = []
    for path in tracked_files():
        if path.endswith((".svg", ".raw", ".png")):
            continue
        text = (ROOT / path).read_text("utf-8", errors="replace")
        if REGISTRY_HOSTS.search(text) or str(ROOT) + "/" in text:
            found.append(path)
    assert found == []

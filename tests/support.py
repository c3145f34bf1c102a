"""What several test rooms share: places in the checkout and clean interpreters."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from watstep.source.diagnostic import Fix

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
CASES = ROOT / "tests" / "engine" / "cases"


def applied(text: str, fix: Fix) -> str:
    """The text with the edits of a fix made."""
    for edit in sorted(fix.edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def without_fonts(svg: str) -> str:
    """A picture that asks no other machine for a font: the fonts are the reader's."""
    return re.sub(r"@font-face \{[^}]*\}", "", svg)


def modules_loaded_by(statement: str) -> set[str]:
    """The top-level names of `sys.modules` after `statement` ran in a new interpreter."""
    script = f"{statement}\nimport sys\nprint(' '.join({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


@cache
def warm_environment() -> dict[str, str]:
    """The environment of an installed program: bytecode is cached, in a folder of its own."""
    folder = Path(tempfile.gettempdir(), f"watstep-bytecode-{os.getuid()}")
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def processor_seconds(*arguments: str, rounds: int = 10) -> float:
    """The least seconds of the processor that a Python process takes, its bytecode cached."""
    command, times = [sys.executable, *arguments], []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True, env=warm_environment())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)

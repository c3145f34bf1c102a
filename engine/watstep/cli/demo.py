"""`watstep demo`: the article's agent program, with a server to fetch from."""

from __future__ import annotations

import sys
from pathlib import Path

from watstep.cli.arguments import Request
from watstep.cli.compiling import compile_program
from watstep.cli.demo_server import DemoServer
from watstep.cli.opening import IdeRequest, OpenIde
from watstep.cli.output import is_terminal, print_outcome
from watstep.cli.reading import read_source
from watstep.cli.run import execute, figures, stopped_by_signals
from watstep.cli.settings import run_settings
from watstep.errors import UsageError
from watstep.host.settings import RunSettings

EXAMPLE = "fetch.wat"
STEPS = ("step", "next 3", "stack", "locals", "back", "continue", "calls")
"""What the headless demo shows of the debugger."""


def demo_command(request: Request, open_ide: OpenIde) -> int:
    """Open the IDE with everything ready for F5 and F6; without a terminal, show it as text."""
    path = examples_folder() / EXAMPLE
    with DemoServer() as server:
        settings = run_settings((server.url,), {"grants": [f"http={server.host}"]})
        terminal = is_terminal(sys.stdin) and is_terminal(sys.stdout)
        if terminal and not request.values.get("headless"):
            return open_ide(IdeRequest(str(path), None, settings))
        return _headless(path, settings)


def examples_folder() -> Path:
    """Where the examples are: in the wheel beside the interface, in a checkout at its root."""
    package = Path(__file__).resolve().parents[1]
    candidates = (package.parent / "watstep_tui" / "examples", package.parents[1] / "examples")
    for folder in candidates:
        if (folder / EXAMPLE).is_file():
            return folder
    raise UsageError(f"the examples are missing: `{EXAMPLE}` is not in {candidates[0]}")


def _headless(path: Path, settings: RunSettings) -> int:
    """Print the expansion, a run on wasmtime, and a few steps of that run on its tape."""
    from watstep.cli.debug import show_steps

    source = read_source(str(path))
    program, _ = compile_program(source)
    sys.stdout.write(f"== {EXAMPLE} becomes ==\n{program.rendering.text}\n")
    sys.stdout.write(f"== run {EXAMPLE} {settings.arguments[0]} ==\n")
    sys.stdout.flush()
    with stopped_by_signals() as cancellation:
        outcome = execute(program, settings, "wasmtime", cancellation)
    print_outcome(program, outcome)
    sys.stdout.write(figures(outcome))
    sys.stdout.write("\n== a few steps of that run ==\n")
    show_steps(program, settings, outcome, STEPS)
    return 1 if outcome.trap else 0

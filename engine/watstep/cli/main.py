"""The boundary of the program: dispatch, exit codes, and no traceback whatever happens."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import TextIO

from watstep.cli.arguments import COMMANDS, OPEN, Request, help_text, read_request
from watstep.cli.opening import IdeRequest, OpenIde
from watstep.errors import SourceError, UsageError, WatstepError, reason_of
from watstep.version import VERSION

REJECTED = 2
INTERNAL = 70
INTERRUPTED = 130
BROKEN_PIPE = 141
_IDE_OPENERS = frozenset(("demo", "open"))
"""The subcommands that open the IDE themselves."""


def main(arguments: list[str], open_ide: OpenIde) -> int:
    """Carry out a command line; the exit code. `open_ide` is handed down by the interface."""
    try:
        # What was written before and could not be is tried again here, and fails again.
        _prepare_streams()
        code = _carry_out(arguments, open_ide)
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        _forget(sys.stdout)
        _forget(sys.stderr)
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as failure:
        _say_what_cannot_be_written(failure)
        return REJECTED
    return code


def _carry_out(arguments: list[str], open_ide: OpenIde) -> int:
    try:
        request = read_request(arguments)
        if request.values.get("help"):
            sys.stdout.write(help_text(request.command))
            return 0
        if request.values.get("version"):
            sys.stdout.write(f"watstep {VERSION}\n")
            return 0
        if request.command is OPEN:
            return _open(request, open_ide)
        name = request.command.name
        command: Callable[..., int] = getattr(
            import_module(f"watstep.cli.{name}"), f"{name}_command"
        )
        return command(request, open_ide) if name in _IDE_OPENERS else command(request)
    except SourceError as rejected:
        _reject_source(arguments, rejected)
    except WatstepError as refused:
        _reject(arguments, "usage", str(refused))
    except (OSError, KeyboardInterrupt):
        raise
    except Exception as fault:
        if os.environ.get("WATSTEP_TRACEBACK"):
            raise
        message = f"{type(fault).__name__}: {fault}"
        _reject(arguments, "internal", f"a fault of watstep itself, please report it: {message}")
        return INTERNAL
    return REJECTED


def _wants_json(arguments: list[str]) -> bool:
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in before


def _reject_source(arguments: list[str], rejected: SourceError) -> None:
    from watstep.cli.output import diagnostic_json, print_diagnostics

    if _wants_json(arguments):
        found = [diagnostic_json(rejected.source, item) for item in rejected.diagnostics]
        _print_rejection(arguments, found)
    else:
        print_diagnostics(rejected.source, rejected.diagnostics)


def _reject(arguments: list[str], code: str, message: str) -> None:
    from watstep.cli.output import usage_json
    from watstep.source.render import printable

    if _wants_json(arguments):
        _print_rejection(arguments, [{**usage_json(message), "code": code}])
    else:
        sys.stderr.write(f"watstep: {printable(message)}\n")


def _print_rejection(arguments: list[str], diagnostics: list[dict[str, object]]) -> None:
    from watstep.cli.output import print_json, rejected_json

    if arguments[0] == "run":
        machine = "--executor=machine" in arguments or "machine" in _values_of(arguments)
        print_json(rejected_json(diagnostics, "machine" if machine else "wasmtime"))
    elif arguments[0] == "debug":
        print_json({"status": "rejected", "diagnostics": diagnostics})
    else:
        print_json({"diagnostics": diagnostics})


def _values_of(arguments: list[str]) -> list[str]:
    """What follows each `--executor`; read loosely, since the command line may be wrong."""
    return [after for flag, after in pairwise(arguments) if flag == "--executor"]


def _open(request: Request, open_ide: OpenIde) -> int:
    """The IDE on a file, on piped text, or on nothing."""
    from pathlib import Path

    from watstep.cli.output import is_terminal
    from watstep.cli.reading import STANDARD_INPUT, begins_as_run, read_source

    words = request.words
    path, text = (words[0] if words else None), None
    piped = path is None and not is_terminal(sys.stdin) and is_terminal(sys.stdout)
    if path == STANDARD_INPUT or piped:
        path, text = None, read_source(STANDARD_INPUT).text
    elif path is not None:
        _refuse_command_lookalike(path)
        if begins_as_run(path):
            from watstep.cli.open import open_command

            return open_command(request, open_ide)
        if Path(path).exists():
            found = read_source(path)
            if not Path(path).is_file():
                # What a shell makes of `<(...)` can be read only once, and is no file to save to.
                path, text = None, found.text
        elif not Path(path).absolute().parent.is_dir():
            raise UsageError(f"cannot open `{path}`: there is no such folder")
    from watstep.cli.settings import run_settings

    return open_ide(IdeRequest(path, text, run_settings(words[1:], request.values)))


def _refuse_command_lookalike(word: str) -> None:
    """A bare word that is no file is more likely a mistyped command than a new program."""
    from difflib import get_close_matches
    from pathlib import Path

    if "." in word or "/" in word or Path(word).exists():
        return
    near = get_close_matches(word, COMMANDS, 1)
    hint = f"did you mean `watstep {near[0]}`?" if near else "see `watstep --help`"
    raise UsageError(f"there is no command and no file `{word}`; {hint}")


def _prepare_streams() -> None:
    """UTF-8 whatever the locale says, line ends as written; what is closed takes anything."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # pathlib costs a start-up
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _say_what_cannot_be_written(failure: OSError) -> None:
    """Where standard error can be written itself, and let Python's end not try it again."""
    _forget(sys.stdout)
    try:
        sys.stderr.write(f"watstep: {reason_of(failure)}\n")
        sys.stderr.flush()
    except OSError:
        _forget(sys.stderr)


def _forget(stream: TextIO) -> None:
    """Let nothing be flushed to a reader that has gone when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)

"""`watstep debug`: the session at a prompt, from a script, or as JSON."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from watstep.cli.arguments import Request
from watstep.cli.compiling import compile_program
from watstep.cli.output import print_diagnostics, print_json
from watstep.cli.reading import read_source
from watstep.cli.settings import run_settings
from watstep.debug.commands import Reply, execute, find
from watstep.debug.reports import place_text, reply_value
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Level, Stop, StopReason
from watstep.errors import CommandError, SourceError
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome
from watstep.machine.start import start_problems
from watstep.pipeline import Program

PROMPT = "(watstep) "


def debug_command(request: Request) -> int:
    """Step through a run; 0, or 2 where a command of a batch could not be carried out."""
    values = request.values
    settings = run_settings(request.words[1:], values)
    source = read_source(request.words[0])
    program, compilation = compile_program(source)
    problems = start_problems(program, settings)
    if problems:
        raise SourceError(source, (*compilation.diagnostics, *problems))
    session = Session(program, settings)
    session.level = Level(values.get("level", "source"))
    as_json = bool(values.get("json"))
    batch = bool(values.get("batch"))
    if not as_json:
        print_diagnostics(source, compilation.diagnostics)
        if not batch:
            print(place_text(session, Stop(StopReason.NONE, 0, "")))
    try:
        with _interrupting(session):
            given = _Prompt(session, as_json)
            went_well = given.take(values.get("commands", []))
            if batch or given.quits:
                return 0 if went_well else 2
            with _history():
                given.take(_typed())
    finally:
        session.close()
    return 0


def show_steps(
    program: Program, settings: RunSettings, outcome: Outcome, commands: Iterable[str]
) -> None:
    """Print what commands answer in a session on the tape of a run that was made."""
    session = Session(program, settings, Recorded(outcome.calls, outcome.trap))
    try:
        for line in commands:
            print(f"{PROMPT}{line}\n{execute(session, line).text}")
    finally:
        session.close()


class _Prompt:
    """Carries out command lines one after the other; an empty one repeats the last."""

    def __init__(self, session: Session, as_json: bool) -> None:
        self.session = session
        self.as_json = as_json
        self.last = ""
        self.quits = False

    def take(self, lines: Iterable[str]) -> bool:
        """Carry out lines until one quits; whether all could be."""
        went_well = True
        for typed in lines:
            line = typed.strip() or self.last
            if not line:
                continue
            self.last = line
            went_well = self._carry_out(line) and went_well
            if self.quits:
                break
        return went_well

    def _carry_out(self, line: str) -> bool:
        try:
            reply = execute(self.session, line)
        except CommandError as refused:
            self._refuse(line, str(refused))
            return False
        self._answer(reply)
        self.quits = reply.quits
        return True

    def _answer(self, reply: Reply) -> None:
        if self.as_json:
            self._print(reply.command, reply.stop, reply.result)
        elif reply.text:
            print(reply.text, flush=True)

    def _refuse(self, line: str, message: str) -> None:
        if not self.as_json:
            print(f"error: {message}", file=sys.stderr, flush=True)
            return
        try:
            name = find(line.split()[0]).name
        except CommandError:
            name = line.split()[0]
        self._print(name, Stop(StopReason.ERROR, 0, message), None)

    def _print(self, command: str, stop: Stop, result: Any) -> None:
        print_json(reply_value(self.session, command, stop, result))
        sys.stdout.flush()


def _typed() -> Iterator[str]:
    """Lines from standard input, with a prompt where a person types them."""
    person = sys.stdin.isatty()
    while True:
        try:
            yield input(PROMPT) if person else _read_line()
        except EOFError:
            if person:
                print()
            return
        except KeyboardInterrupt:
            print("\n`quit` leaves")


def _read_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


@contextmanager
def _history() -> Iterator[None]:
    """Line editing with a history that is kept, where a terminal is there and it can be."""
    if not sys.stdin.isatty():
        yield
        return
    import readline

    from platformdirs import user_state_path

    file = Path(user_state_path("watstep")) / "debug_history"
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        readline.read_history_file(file)
    yield
    with suppress(OSError):
        readline.write_history_file(file)


@contextmanager
def _interrupting(session: Session) -> Iterator[None]:
    """Let Ctrl-C end the command in progress, not the program."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        session.interrupt()

    try:
        before = signal.signal(signal.SIGINT, interrupt)
    except ValueError:
        # Only the main thread may handle signals; elsewhere nobody presses Ctrl-C.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

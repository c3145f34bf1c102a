"""`watstep debug`: a session at a prompt, from a pipe, or from the command line."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from watstep.cli.arguments import Request
from watstep.cli.compiling import compile_program
from watstep.cli.keeping import run_target
from watstep.cli.output import is_terminal, print_diagnostics, print_json, wants_colour
from watstep.cli.reading import STANDARD_INPUT, read_source
from watstep.cli.run import execute, stopped_by_signals
from watstep.cli.run_files import refuse_settings, run_file_at
from watstep.cli.settings import run_settings
from watstep.debug.agreement import NOT_REPEATED, first_difference
from watstep.debug.commands.row import Reply
from watstep.debug.commands.table import execute as execute_command
from watstep.debug.commands.table import in_full
from watstep.debug.keeping import made_run
from watstep.debug.opening import session_on, take_up
from watstep.debug.reports import place_text, reply_value
from watstep.debug.session import Recorded, Session
from watstep.debug.state import Stop, StopReason
from watstep.errors import CommandError, NoCommandError, SourceError, UsageError
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome
from watstep.machine.start import start_problems
from watstep.pipeline import Program
from watstep.source.render import printable

PROMPT = "(watstep) "


def debug_command(request: Request) -> int:
    """Open a session, carry out the commands of `-x`, then those of standard input.

    0 all were carried out, 1 one was refused, 2 one was none; those that are typed do not count.
    """
    values = request.values
    as_json = bool(values.get("json"))
    with run_target(values.get("record")) as target:
        session = _opened(request)
        try:
            code = _converse(session, _lines(values), as_json)
            _conclude(session)
            unkept = target.keep(made_run(session)) if target else None
        finally:
            session.close()
    if unkept:
        sys.stderr.write(f"watstep: {unkept}\n")
        return 2
    return 0 if _is_typed(values) else code


def _opened(request: Request) -> Session:
    """The session on a program, or on the run of a run file; a rejection is raised."""
    values, word = request.values, request.words[0]
    run = run_file_at(word)
    if run:
        refuse_settings(request.words, values)
        session = session_on(run)
        with _interrupting(session):
            for problem in take_up(session, run):
                sys.stderr.write(f"{word}: {printable(problem)}\n")
    else:
        session = _opened_program(request)
    session.secrets = tuple(values.get("secrets", ()))
    if values.get("level"):
        execute_command(session, f"level {values['level']}")
    return session


def _opened_program(request: Request) -> Session:
    values, word = request.values, request.words[0]
    settings = run_settings(request.words[1:], values)
    if word == STANDARD_INPUT and not values.get("batch"):
        raise UsageError("standard input cannot be both program and prompt: add `--batch`")
    source = read_source(word)
    program, compilation = compile_program(source)
    problems = start_problems(program, settings)
    if problems:
        raise SourceError(source, (*compilation.diagnostics, *problems))
    print_diagnostics(source, compilation.diagnostics)
    return Session(program, settings, _recorded(program, settings, values))


def _is_typed(values: dict[str, Any]) -> bool:
    """Whether a person types the commands, who has seen each refusal."""
    return not values.get("batch") and sys.stdin.isatty()


def _recorded(program: Program, settings: RunSettings, values: dict[str, Any]) -> Recorded | None:
    """With `--executor wasmtime` the run is made there first, and stepped on its tape."""
    if values.get("executor") != "wasmtime":
        return None
    with stopped_by_signals() as cancellation:
        outcome = execute(program, settings, "wasmtime", cancellation)
    return Recorded(outcome.calls, outcome.trap)


def _lines(values: dict[str, Any]) -> Iterator[str]:
    """The command lines of `-x`, then, without `--batch`, those that are typed or piped."""
    yield from values.get("commands", ())
    if not values.get("batch"):
        yield from _typed_lines() if is_terminal(sys.stdin) else _piped_lines()


def _piped_lines() -> Iterator[str]:
    for line in sys.stdin or ():
        yield line.rstrip("\r\n")


def _typed_lines() -> Iterator[str]:
    """Lines from the terminal until Ctrl-D; Ctrl-C drops the line."""
    with _history():
        while True:
            try:
                yield input(PROMPT)
            except EOFError:
                sys.stdout.write("\n")
                return
            except KeyboardInterrupt:
                sys.stdout.write("\n")


@contextmanager
def _history() -> Iterator[None]:
    """Line editing with a history kept in the user's own state folder, where that works."""
    try:
        import readline
    except ImportError:
        yield
        return
    from platformdirs import user_state_path

    path = user_state_path("watstep") / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        readline.read_history_file(path)
    except OSError:
        readline.clear_history()
    try:
        yield
    finally:
        readline.set_history_length(1000)
        try:
            readline.write_history_file(path)
        except OSError:
            sys.stderr.write("the history of commands could not be kept\n")


def _converse(session: Session, lines: Iterable[str], as_json: bool) -> int:
    """Carry out lines until they end or one quits; an empty line repeats the one before."""
    if not as_json:
        _say(place_text(session, Stop(StopReason.START, 0, "")))
    last, code = "", 0
    for line in lines:
        given = line.strip() or last
        if not given:
            continue
        last = given
        try:
            with _interrupting(session):
                reply = execute_command(session, given)
        except CommandError as refused:
            code = max(code, 2 if isinstance(refused, NoCommandError) else 1)
            _refuse(session, given, str(refused), as_json)
            continue
        _answer(session, given, reply, as_json)
        if reply.quits:
            break
    return code


def _answer(session: Session, line: str, reply: Reply, as_json: bool) -> None:
    if as_json:
        print_json(reply_value(session, in_full(line), reply.stop, reply.result))
    elif reply.text:
        _say(reply.text)
    sys.stdout.flush()


def _refuse(session: Session, line: str, message: str, as_json: bool) -> None:
    if as_json:
        stop = Stop(StopReason.ERROR, 0, message)
        print_json(reply_value(session, in_full(line), stop, None))
    sys.stdout.flush()
    if not as_json:
        sys.stderr.write(f"{printable(message)}\n")


def _say(text: str) -> None:
    sys.stdout.write(printable(text) + "\n")


@contextmanager
def _interrupting(session: Session) -> Iterator[None]:
    """While a command runs, Ctrl-C ends that command and nothing else."""

    def stop(number: int, frame: FrameType | None) -> None:
        session.interrupt()

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:
        # Only the main thread may handle signals; elsewhere nobody presses Ctrl-C.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _conclude(session: Session) -> None:
    """Hold the runs that ended against wasmtime, on their tapes (STEPPING.md P2)."""
    red, plain = ("\x1b[31m", "\x1b[0m") if wants_colour(sys.stderr) else ("", "")
    for branch in session.timelines:
        timeline = branch.timeline
        where = f" on timeline {branch.name}" if len(session.timelines) > 1 else ""
        if timeline.end is None:
            continue
        if timeline.changes:
            sys.stderr.write(f"not held against wasmtime{where}: {NOT_REPEATED}\n")
            continue
        difference = first_difference(session.program, session.settings, timeline.outcome())
        if difference:
            said = f"wasmtime disagrees{where}: {printable(difference)}"
            sys.stderr.write(f"{red}{said}{plain}\n")


def show_steps(
    program: Program, settings: RunSettings, outcome: Outcome, lines: Iterable[str]
) -> None:
    """Step a run that was made, on its tape, and print what was typed and what was answered."""
    session = Session(program, settings, Recorded(outcome.calls, outcome.trap))
    try:
        for line in lines:
            _say(f"{PROMPT}{line}")
            reply: Reply = execute_command(session, line)
            _say(reply.text)
    finally:
        session.close()

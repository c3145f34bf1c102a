"""The one table of debugger commands, which prompt, script, keys, palette and help share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from watstep.debug import reports
from watstep.debug.session import Session
from watstep.debug.state import Level, Stop, StopReason
from watstep.errors import NoCommandError
from watstep.syntax.literals import decode_integer

_LINE = re.compile(r"(?:(source|s|expansion|e)\s*)?(\d{1,9})(?:\s+(\S+))?")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command answers: a stop, and for those that ask something their result.

    `text` is for the prompt; `result` is made of lists, dicts, numbers and texts alone.
    """

    command: str
    stop: Stop
    text: str = ""
    result: Any = None
    quits: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One row: the full name, its short forms, what it takes, and what it does."""

    name: str
    short: tuple[str, ...]
    argument: str
    """As help shows it: `[N]` is a count."""
    help: str
    run: Callable[[Session, str], Reply]


def execute(session: Session, line: str) -> Reply:
    """Carry out one command line; raises `CommandError`, having changed nothing."""
    word, _, rest = line.strip().partition(" ")
    return find(word).run(session, rest.strip())


def in_full(line: str) -> str:
    """A command line with the command's full name; as it is where it is no command."""
    word, _, rest = line.strip().partition(" ")
    try:
        return f"{find(word).name} {rest.strip()}".strip()
    except NoCommandError:
        return line


def find(word: str) -> Command:
    """The command of a name, a short form or an unambiguous beginning.

    Raises `NoCommandError`, which names the nearest.
    """
    for command in COMMANDS:
        if word == command.name or word in command.short:
            return command
    begun = [command for command in COMMANDS if word and command.name.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        names = ", ".join(command.name for command in begun)
        raise NoCommandError(f"`{word}` could be {names}")
    near = get_close_matches(word, [command.name for command in COMMANDS], 2, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`help` lists the commands"
    raise NoCommandError(f"there is no command `{word}`; {hint}")


def _number(text: str, what: str) -> int:
    number = decode_integer(text)
    if number is None:
        raise NoCommandError(f"{what} is a number, not `{text}`")
    return number


def _count(text: str) -> int:
    if not text:
        return 1
    count = _number(text, "a count")
    if count < 1:
        raise NoCommandError("a count is 1 or more")
    return count


def _moving(name: str, move: Callable[[Session, int], Stop]) -> Callable[[Session, str], Reply]:
    def run(session: Session, argument: str) -> Reply:
        return _moved(session, name, move(session, _count(argument)))

    return run


def _moved(session: Session, name: str, stop: Stop) -> Reply:
    return Reply(name, stop, reports.place_text(session, stop))


def _still(message: str = "") -> Stop:
    return Stop(StopReason.NONE, 0, message)


def _asking(
    name: str, ask: Callable[[Session, str], tuple[str, Any]]
) -> Callable[[Session, str], Reply]:
    def run(session: Session, argument: str) -> Reply:
        text, result = ask(session, argument)
        return Reply(name, _still(), text, result)

    return run


def _no_argument(argument: str) -> None:
    if argument:
        raise NoCommandError(f"`{argument}` is one thing too many")


def _goto(session: Session, argument: str) -> Reply:
    if not argument:
        raise NoCommandError("give an instant, or `end`")
    if argument != "end":
        return _moved(session, "goto", session.goto(_number(argument, "an instant")))
    session.finish()
    return _moved(session, "goto", session.goto(session.timeline.frontier))


def _line(session: Session, argument: str) -> tuple[Level, int, str]:
    """A line of a text, and what follows it.

    `7` is of the level's text, `source 7` (or `s7`) and `expansion 7` (or `e7`) of another.
    """
    match = _LINE.fullmatch(argument)
    if match is None:
        given = f", not `{argument}`" if argument else ""
        raise NoCommandError(f"give a line: 7, s7 (of the source) or e7 (of the expansion){given}")
    level = Level.SOURCE if session.level is Level.SOURCE else Level.EXPANSION
    if match[1]:
        level = Level.SOURCE if match[1].startswith("s") else Level.EXPANSION
    return level, int(match[2]), match[3] or ""


def _until(session: Session, argument: str) -> Reply:
    level, line, count = _line(session, argument)
    return _moved(session, "until", session.until(line, level, _count(count)))


def _back_until(session: Session, argument: str) -> Reply:
    level, line, count = _line(session, argument)
    return _moved(session, "back-until", session.back_until(line, level, _count(count)))


def _break(session: Session, argument: str) -> Reply:
    level, line, rest = _line(session, argument)
    _no_argument(rest)
    made = session.add_breakpoint(level, line)
    text = reports.breakpoint_text(made)
    return Reply("break", _still(text), text, reports.breakpoint_value(made))


def _delete(session: Session, argument: str) -> Reply:
    if argument:
        session.delete_breakpoint(_number(argument, "a breakpoint"))
        return Reply("delete", _still(), f"breakpoint {argument} is gone")
    session.breakpoints = ()
    return Reply("delete", _still(), "all breakpoints are gone")


def _level(session: Session, argument: str) -> Reply:
    if argument:
        begun = [level for level in Level if level.value.startswith(argument)]
        if len(begun) != 1:
            names = ", ".join(level.value for level in Level)
            raise NoCommandError(f"a level is one of {names}")
        session.level = begun[0]
    text = f"the level is {session.level.value}"
    return Reply("level", _still(text), text, session.level.value)


def _restart(session: Session, argument: str) -> Reply:
    _no_argument(argument)
    return _moved(session, "restart", session.restart())


def _run(session: Session, argument: str) -> Reply:
    _no_argument(argument)
    return _moved(session, "run", session.run())


def _quit(session: Session, argument: str) -> Reply:
    _no_argument(argument)
    return Reply("quit", _still(), quits=True)


def _help(session: Session, argument: str) -> Reply:
    if argument:
        command = find(argument)
        short = f" (or {', '.join(command.short)})" if command.short else ""
        text = f"{command.name} {command.argument}".strip() + f"{short}: {command.help}"
        return Reply("help", _still(), text, text)
    rows = [
        f"  {f'{c.name} {c.argument}'.strip():<24} {', '.join(c.short):<8} {c.help}"
        for c in COMMANDS
    ]
    text = "\n".join(rows)
    return Reply("help", _still(), text, [c.name for c in COMMANDS])


COMMANDS: tuple[Command, ...] = (
    Command(
        "step",
        ("s",),
        "[N]",
        "to the next statement, into calls and macros",
        _moving("step", Session.step),
    ),
    Command(
        "next", ("n",), "[N]", "to the next statement, over calls", _moving("next", Session.next)
    ),
    Command("out", ("o",), "[N]", "until this frame is left", _moving("out", Session.out)),
    Command("back", ("S",), "[N]", "undo a step", _moving("back", Session.back)),
    Command("back-over", ("N",), "[N]", "undo a next", _moving("back-over", Session.back_over)),
    Command(
        "back-out",
        ("O",),
        "[N]",
        "to before the call that made this frame",
        _moving("back-out", Session.back_out),
    ),
    Command(
        "continue",
        ("c",),
        "[N]",
        "to the next breakpoint or the end",
        _moving("continue", Session.continue_),
    ),
    Command(
        "reverse-continue",
        ("C", "rc"),
        "[N]",
        "to the breakpoint before or the start",
        _moving("reverse-continue", Session.reverse_continue),
    ),
    Command("goto", ("g",), "INSTANT|end", "to an instant of the run", _goto),
    Command("until", ("u",), "LINE [N]", "to the next time that a line is reached", _until),
    Command(
        "back-until", ("U",), "LINE [N]", "to the last time that a line was reached", _back_until
    ),
    Command(
        "break", ("b",), "LINE|eLINE", "a breakpoint on a line (eLINE: of the expansion)", _break
    ),
    Command("delete", ("d",), "[NUMBER]", "take a breakpoint away, or all of them", _delete),
    Command(
        "breakpoints", (), "", "list the breakpoints", _asking("breakpoints", reports.breakpoints)
    ),
    Command("state", (), "", "where the run is", _asking("state", reports.state)),
    Command("stack", (), "", "the operand stack", _asking("stack", reports.stack)),
    Command("locals", (), "", "the locals of the frame", _asking("locals", reports.local_slots)),
    Command("calls", (), "", "the host calls up to here", _asking("calls", reports.calls)),
    Command(
        "print",
        ("p",),
        "EXPRESSION",
        "a value: $x, stack[0], mem32[16], text[16], fuel, step, depth",
        _asking("print", reports.printed),
    ),
    Command(
        "list", ("l",), "[LINES]", "the code around the cursor", _asking("list", reports.listing)
    ),
    Command("level", (), "source|expansion|instruction", "what a step is", _level),
    Command("run", (), "", "a new live run", _run),
    Command("restart", (), "", "to instant 0, on the same answers", _restart),
    Command("quit", ("q",), "", "leave", _quit),
    Command("help", ("h", "?"), "[COMMAND]", "this list", _help),
)

"""The one table of debugger commands, which prompt, script, keys, palette and help share."""

from __future__ import annotations

from difflib import get_close_matches

from watstep.debug.commands.answering import ANSWERING
from watstep.debug.commands.asking import ASKING
from watstep.debug.commands.keeping import KEEPING
from watstep.debug.commands.looking import LOOKING
from watstep.debug.commands.marking import MARKING
from watstep.debug.commands.moving import MOVING
from watstep.debug.commands.row import Command, Reply, no_argument, still
from watstep.debug.commands.stopping import STOPPING
from watstep.debug.session import Session
from watstep.debug.state import StopReason
from watstep.errors import NoCommandError


def execute(session: Session, line: str) -> Reply:
    """Carry out one command line, and keep it; raises `CommandError`, having changed nothing."""
    word, _, rest = line.strip().partition(" ")
    command, argument = find(word), rest.strip()
    if not command.argument:
        no_argument(argument)
    reply = command.run(session, argument)
    if reply.stop.reason is StopReason.CANCELLED:
        # Where it was interrupted is where it comes to the next time.
        session.script.append(f"goto {session.position.instant}")
    elif command.kept:
        session.script.append(f"{command.name} {argument}".strip())
    return reply


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


def _quit(session: Session, argument: str) -> Reply:
    no_argument(argument)
    return Reply("quit", still(), quits=True)


def _help(session: Session, argument: str) -> Reply:
    if argument:
        command = find(argument)
        short = f" (or {', '.join(command.short)})" if command.short else ""
        text = (
            f"{command.name} {command.argument}".strip()
            + f"{short}: {command.more or command.help}"
        )
        return Reply("help", still(), text, text)
    rows = [
        f"  {f'{c.name} {c.argument}'.strip():<24} {', '.join(c.short):<8} {c.help}"
        for c in COMMANDS
    ]
    text = "\n".join(rows)
    return Reply("help", still(), text, [c.name for c in COMMANDS])


COMMANDS: tuple[Command, ...] = (
    *MOVING,
    *STOPPING,
    *MARKING,
    *LOOKING,
    *ASKING,
    *ANSWERING,
    *KEEPING,
    Command("quit", ("q",), "", "leave", _quit, kept=False),
    Command("help", ("h", "?"), "[COMMAND]", "this list", _help, kept=False),
)

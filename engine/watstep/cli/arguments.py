"""The command line as data: subcommands, their options, and the one reader for them all."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from watstep.errors import UsageError

MOST_FUEL = (1 << 63) - 1
MOST_PAGES = 65536
MOST_SECONDS = 1e9


class Option(NamedTuple):
    """One option; without a `metavar` it is a switch.

    `read` makes the value from the text, raising `ValueError` with what it must be.
    """

    flags: tuple[str, ...]
    name: str
    metavar: str
    help: str
    read: Callable[[str], Any] = str
    repeated: bool = False
    alone: bool = False
    """Whether the command needs no words beside it."""


class Command(NamedTuple):
    """One subcommand: its words (a name, whether it must be given), and its options."""

    name: str
    help: str
    words: str
    """As the usage line writes them."""
    least: int
    most: int | None
    options: tuple[Option, ...]
    codes: str = ""
    """What its exit codes mean, where there is more to tell than of every command."""


class Request(NamedTuple):
    """A command line that was understood."""

    command: Command
    words: tuple[str, ...]
    values: dict[str, Any]
    """By option name; switches are True, repeated options lists; what was not given is absent."""


def _whole(least: int, most: int, unit: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise ValueError(f"a whole number of {unit} from {least} to {most}")
        return value

    return read


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= MOST_SECONDS:
        raise ValueError(f"a number of seconds greater than 0 and at most {MOST_SECONDS:.0f}")
    return value


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return text

    return read


HELP = Option(("-h", "--help"), "help", "", "show this and exit", alone=True)

GRANTS = (
    Option(
        ("--grant",),
        "grants",
        "CAP[=SCOPE[,SCOPE]]",
        "grant http=example.com, kv, kv=notes.db",
        repeated=True,
    ),
    Option(("--deny",), "denied", "CAP", "take a capability away (sys, dbg)", repeated=True),
)

LIMITS = (
    Option(
        ("--fuel",),
        "fuel",
        "N",
        "stop after N units of fuel (100000000)",
        _whole(0, MOST_FUEL, "units"),
    ),
    Option(
        ("--exact-fuel",),
        "exact_fuel",
        "",
        "stop at the very instruction without fuel (machine)",
    ),
    Option(
        ("--memory",),
        "memory",
        "PAGES",
        "let the memory grow to PAGES of 64 KiB (256)",
        _whole(0, MOST_PAGES, "pages"),
    ),
    Option(
        ("--depth",),
        "depth",
        "N",
        "let calls nest N deep (10000; machine)",
        _whole(1, 1_000_000, "calls"),
    ),
    Option(("--timeout",), "timeout", "S", "stop after S seconds of running (30)", _seconds),
)

EXECUTOR = Option(
    ("--executor",),
    "executor",
    "NAME",
    "wasmtime, or machine (the stepping interpreter)",
    _one_of("wasmtime", "machine"),
)
RECORD = Option(("--record",), "record", "FILE", "write the run, with its host calls, to FILE")
SECRET = Option(
    ("--secret",),
    "secrets",
    "TEXT",
    "cover TEXT by stars in a run file",
    repeated=True,
)
RUN_OPTIONS = (*GRANTS, *LIMITS, EXECUTOR, RECORD, SECRET)

OPEN = Command(
    "",
    "open the IDE",
    "[FILE | -] [ARG...]",
    0,
    None,
    (*GRANTS, *LIMITS, Option(("-V", "--version"), "version", "", "show the version"), HELP),
)

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command(
            "expand",
            "print the standard WAT that a program becomes",
            "FILE",
            1,
            1,
            (
                Option(
                    ("--pass",),
                    "last",
                    "PASS",
                    "stop after macros, strings or locals",
                    _one_of("macros", "strings", "locals"),
                ),
                Option(
                    ("--level",),
                    "level",
                    "N",
                    "open forms N levels deep, 0 for none",
                    _whole(0, 1000, "levels"),
                ),
                Option(
                    ("--open",),
                    "lines",
                    "LINE",
                    "open the forms of a line, a level each time",
                    _whole(1, 1 << 31, "lines"),
                    repeated=True,
                ),
                Option(("--flat",), "flat", "", "an instruction a line, with the stack"),
                Option(("--interleaved",), "interleaved", "", "lines above what they became"),
                Option(("--map",), "map", "", "print the source map as JSON"),
                Option(("--html",), "html", "FILE", "write both texts, linked, as a page"),
                Option(("--svg",), "svg", "FILE", "draw both texts, linked"),
                HELP,
            ),
        ),
        Command(
            "check",
            "say what is wrong with a program",
            "FILE",
            1,
            1,
            (
                Option(("--json",), "json", "", "one JSON object on standard output"),
                Option(("--deny-warnings",), "deny_warnings", "", "a warning too exits with 2"),
                Option(("--fix",), "fix", "", "make every safe fix in the file, show them"),
                Option(("--dry-run",), "dry_run", "", "show what --fix would change, no more"),
                Option(
                    ("--repair-prompt",),
                    "repair_prompt",
                    "",
                    "one text by which a model can mend the program",
                ),
                *GRANTS,
                Option(
                    ("--explain",),
                    "explain",
                    "CODE",
                    "print the page of a diagnostic's code; needs no FILE",
                    alone=True,
                ),
                HELP,
            ),
            "0 there is no error, 2 there is one.",
        ),
        Command(
            "format",
            "lay programs out, in place",
            "FILE [FILE...]",
            1,
            None,
            (
                Option(("--check",), "check", "", "write nothing, say what would change"),
                Option(("--diff",), "diff", "", "write nothing, show what would change"),
                Option(("--stdout",), "stdout", "", "print the text, write no file"),
                HELP,
            ),
            "0 done, 1 with --check something to do, 2 refused.",
        ),
        Command(
            "build",
            "write the binary module",
            "FILE -o OUT.wasm",
            1,
            1,
            (Option(("-o", "--output"), "output", "OUT", "where to write it, - for stdout"), HELP),
        ),
        Command(
            "run",
            "run a program and print its value and results",
            "FILE [ARG...]",
            1,
            None,
            (
                *RUN_OPTIONS,
                Option(("--json",), "json", "", "one JSON object on standard output"),
                HELP,
            ),
            "0 it returned, 1 it trapped or a limit stopped it, 2 it was rejected.",
        ),
        Command(
            "debug",
            "step through a run, forwards and backwards, at a prompt",
            "FILE [ARG...]",
            1,
            None,
            (
                *RUN_OPTIONS,
                Option(
                    ("--level",),
                    "level",
                    "LEVEL",
                    "what a step is: source, expansion or instruction",
                    _one_of("source", "expansion", "instruction"),
                ),
                Option(("-x",), "commands", "COMMAND", "a command to begin with", repeated=True),
                Option(("--batch",), "batch", "", "end after the commands of -x"),
                Option(("--json",), "json", "", "one JSON object a line for each command"),
                HELP,
            ),
        ),
        Command(
            "replay",
            "repeat the run of a run file offline and say whether it differs",
            "FILE",
            1,
            1,
            (
                Option(
                    ("--until",),
                    "until",
                    "N",
                    "print the state at instant N",
                    _whole(0, MOST_FUEL, "instants"),
                ),
                Option(("--json",), "json", "", "one JSON object on standard output"),
                HELP,
            ),
            "0 it is the same, 1 it differs, 2 the file cannot be used.",
        ),
        Command(
            "open",
            "open a run file in the IDE, stepping, offline",
            "FILE",
            1,
            1,
            (HELP,),
        ),
        Command(
            "demo",
            "open the IDE on an example, with a server that it can ask",
            "",
            0,
            0,
            (
                Option(("--headless",), "headless", "", "print what it does, open nothing"),
                HELP,
            ),
        ),
    )
}


def read_request(arguments: list[str]) -> Request:
    """What a command line asks for; raises `UsageError`.

    Options and words mix freely; everything after `--` is a word, and so is a negative number.
    """
    command = COMMANDS.get(arguments[0], OPEN) if arguments else OPEN
    rest = arguments if command is OPEN else arguments[1:]
    flags = {flag: option for option in command.options for flag in option.flags}
    words: list[str] = []
    values: dict[str, Any] = {}
    waiting = iter(rest)
    for word in waiting:
        if word == "--":
            words += waiting
        elif not _is_option(word):
            words.append(word)
        else:
            flag, equals, text = word.partition("=") if word.startswith("--") else (word, "", "")
            option = flags.get(flag)
            if option is None:
                raise UsageError(_unknown(flag, flags, command))
            if option.metavar:
                _take(option, flag, text if equals else _next_value(waiting), values)
            elif equals:
                raise UsageError(f"`{flag}` takes no value")
            else:
                values[option.name] = True
    if not any(option.alone and option.name in values for option in command.options):
        _check_words(command, words)
    return Request(command, tuple(words), values)


def _is_option(word: str) -> bool:
    return len(word) > 1 and word[0] == "-" and not word[1:].replace("_", "").isdigit()


def _next_value(waiting: Iterator[str]) -> str | None:
    """The word after an option; None where there is none, or where it is an option itself."""
    text = next(waiting, None)
    return None if text is not None and _is_option(text) else text


def _take(option: Option, flag: str, text: str | None, values: dict[str, Any]) -> None:
    if text is None:
        raise UsageError(f"`{flag}` needs a value: `{flag} {option.metavar}`")
    try:
        value = option.read(text)
    except ValueError as wanted:
        raise UsageError(f"`{flag}` takes {wanted}, not `{text}`") from None
    if option.repeated:
        values.setdefault(option.name, []).append(value)
    else:
        values[option.name] = value


def _unknown(flag: str, flags: dict[str, Option], command: Command) -> str:
    from difflib import get_close_matches

    near = get_close_matches(flag, flags, 1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    where = f"`watstep {command.name}`".replace(" `", "`")
    return f"{where} has no option `{flag}`{hint} (a program's own `{flag}` goes after `--`)"


def _check_words(command: Command, words: list[str]) -> None:
    if len(words) < command.least:
        raise UsageError(f"{command.words.split()[0]} is missing: `{usage(command)}`")
    if command.most is not None and len(words) > command.most:
        extra = words[command.most]
        raise UsageError(f"there is a word too many, `{extra}`: `{usage(command)}`")


def usage(command: Command) -> str:
    """The usage line of a command."""
    return " ".join(part for part in ("watstep", command.name, command.words) if part)


_PROGRAM = "a program in extended WAT, `-` standard input"
_FILES = {
    "replay": "what `--record` wrote, `-` standard input",
    "open": "what `--record` wrote",
    "debug": "a program or a run file, `-` standard input",
}
"""What FILE is, by command."""


def help_text(command: Command) -> str:
    """What `--help` prints."""
    lines = [
        f"usage: {usage(command)} [options]",
        "",
        f"{command.help[0].upper()}{command.help[1:]}.",
    ]
    if command is OPEN:
        lines += ["", "commands:"]
        lines += [f"  {item.name:<10}{item.help}" for item in COMMANDS.values()]
        lines += ["", "`watstep COMMAND --help` shows the options of a command."]
    if command.least:
        lines += [
            "",
            f"FILE is {_FILES.get(command.name, _PROGRAM)}; `--` ends the options.",
        ]
    lines += ["", "options:"]
    for option in command.options:
        left = ", ".join(option.flags) + (f" {option.metavar}" if option.metavar else "")
        again = " (repeatable)" if option.repeated else ""
        if len(left) > 20:
            lines += [f"  {left}", f"  {'':22}{option.help}{again}"]
        else:
            lines.append(f"  {left:<22}{option.help}{again}")
    if command.codes:
        lines += ["", f"exit code: {command.codes}"]
    return "\n".join(lines) + "\n"

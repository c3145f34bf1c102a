"""docs/command-line.md and `--help` tell what the tables and the engine hold."""

from __future__ import annotations

import re

import pytest

from tests.support import ROOT
from watstep.cli.arguments import COMMANDS, OPEN, Command, help_text
from watstep.host.catalog import INTERFACE
from watstep.host.errors import ErrorCode
from watstep.host.settings import RunLimits
from watstep.machine.outcome import TrapKind
from watstep.runfile.format import FORMAT, RECORDS
from watstep.runfile.kinds import Field, Kind, Many, Shape, describe

PAGE = (ROOT / "docs" / "command-line.md").read_text("utf-8")
_FLAG = re.compile(r"(?<![\w-])--?[a-zA-Z][a-z-]*(?![\w-])")


def section(name: str) -> str:
    """The page's text under `## name`."""
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, name
    return found[1]


def flags_in(text: str) -> set[str]:
    """The options that stand as code in a text."""
    code = " ".join(re.findall(r"`([^`]+)`", text))
    return set(_FLAG.findall(code))


ALL = [OPEN, *COMMANDS.values()]


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.name or "open")
def test_help_tells_every_option(command: Command) -> None:
    """`--help` is made of the table that the reader reads, in lines of 80 columns."""
    text = help_text(command)
    for option in command.options:
        assert ", ".join(option.flags) in text
        assert option.help in text
    assert f"usage: watstep {command.name}".strip() in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_the_page_tells_every_option(command: Command) -> None:
    """Each option of a command in its section, `debug` by its own and a word on those of `run`."""
    own = {flag for option in command.options for flag in option.flags} - {"-h", "--help"}
    if command.name == "debug":
        own -= {flag for option in COMMANDS["run"].options for flag in option.flags} - {"--json"}
        assert "All options of `run` hold" in section("debug")
    # The short form of `build` is the one that is written.
    assert own - {"--output"} <= flags_in(section(command.name))


def test_the_page_tells_of_no_other_option() -> None:
    """What was taken away is not promised."""
    known = {flag for command in ALL for option in command.options for flag in option.flags}
    assert flags_in(PAGE) <= known | {"--"}


def test_defaults() -> None:
    """The figures in `--help` and on the page are those of the engine."""
    usual = RunLimits()
    figures = {
        "fuel": usual.fuel,
        "memory": usual.memory_pages,
        "depth": usual.call_depth,
        "timeout": f"{usual.seconds:g}",
    }
    for option in COMMANDS["run"].options:
        if option.name in figures:
            assert f"({figures[option.name]}" in option.help
            row = re.search(rf"\| `{option.flags[0]} .*\|", section("run"))
            assert row
            assert f"({figures[option.name]})" in row[0]


def test_kinds_of_traps() -> None:
    """The page names each."""
    assert {kind.value for kind in TrapKind} <= set(re.findall(r"`([^`]+)`", section("run")))


HOST = (ROOT / "docs" / "host.md").read_text("utf-8")


def test_host_functions_are_told() -> None:
    """docs/host.md has a row for each function with its type, and each code with its number."""
    for name, signature in INTERFACE.items():
        names, results = signature.parameters, len(signature.type.results)
        given = f"({', '.join(names)})"
        assert f"| `{name} {given}` | {results} |" in HOST
    for code in ErrorCode:
        assert f"| {code.value} {code.name} |" in HOST


RUN_FILE = (ROOT / "docs" / "run-file.md").read_text("utf-8")


def rows_of(fields: tuple[Field, ...]) -> list[str]:
    """The rows of a table of fields."""
    return [f"| `{field.name}` | {describe(field)} | {field.help} |" for field in fields]


def shape_in(kind: Kind) -> Shape | None:
    """The fields that the values of a field have, where they are objects."""
    inner = kind.item if isinstance(kind, Many) else kind
    return inner if isinstance(inner, Shape) else None


def test_the_page_on_run_files_has_every_field() -> None:
    """docs/run-file.md is the table that a file is written and read by, record by record."""
    told: list[str] = []
    for record in RECORDS:
        told += [f"### {record.name}", record.times, *rows_of(record.fields)]
        for field in record.fields:
            shape = shape_in(field.kind)
            told += rows_of(shape.fields) if shape and field.name != "results" else []
    rows = [line for line in RUN_FILE.splitlines() if line.startswith(("| `", "### "))]
    assert [line for line in told if line.startswith(("| `", "### "))] == rows
    assert all(f"\n{record.times}\n" in RUN_FILE for record in RECORDS)
    assert f"What is here is format {FORMAT};" in RUN_FILE

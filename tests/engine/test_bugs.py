"""The programs of docs/debugging.md: each does something wrong, and its mend puts that right."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.engine.executors import EXECUTORS
from tests.engine.stepping import program_of
from tests.support import EXAMPLES
from watstep.cli.demo_server import PAGE, DemoServer
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome

BUGS = EXAMPLES / "bugs"


class Bug(NamedTuple):
    """A planted fault, the lines that mend it, and what the program answers without and with it."""

    arguments: tuple[str, ...]
    wrong: str
    right: str
    before: tuple[int, str | None, tuple[str | int, ...]]
    """The result, the value and the last entries of the log."""
    after: tuple[int, str | None, tuple[str | int, ...]]


TABLE = {
    # Error and pointer popped in the wrong order: the pointer is taken for an error.
    "greeting": Bug(
        ("ada",),
        "(local.set $city_ptr)\n(local.set $city_err)\n",
        "(local.set $city_err)\n(local.set $city_ptr)\n",
        (192, None, ("city/ada",)),
        (0, "Welcome back, Ada from London.", ("Welcome back, Ada from London.",)),
    ),
    # The error of the second page is never checked: its body is kept as if it were the page.
    "headlines": Bug(
        ("", "missing"),
        "(local.set $second_ptr)\n(check $first_err)\n",
        "(local.set $second_ptr)\n(check $second_err)\n",
        (0, "there is no such page here\n", ("both pages are kept",)),
        (7, None, (len(PAGE),)),
    ),
    # One digit too many is read: the comma, and what follows the text.
    "total": Bug(
        ("12,7,30",),
        "(br_if $break (i32.gt_s (local.get $index) (local.get $end)))",
        "(br_if $break (i32.ge_s (local.get $index) (local.get $end)))",
        (434, None, (3,)),
        (49, None, (3,)),
    ),
    # The closing mark is stored four bytes at a time over the buffer that follows.
    "shout": Bug(
        ("quiet please",),
        "(i32.add (local.get $buffer) (i32.add (local.get $length) (i32.const 10)))",
        "(i32.add (local.get $buffer) (i32.add (local.get $length) (i32.const 16)))",
        (0, ">> QUIET PLEASE <<", (">> QUIET PLEASE <<", "")),
        (0, ">> QUIET PLEASE <<", (">> QUIET PLEASE <<", "QUIET PLEASE")),
    ),
}


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(("name", "bug"), TABLE.items(), ids=TABLE)
def test_each_fault_shows_and_is_mended(name: str, bug: Bug, executor: str) -> None:
    """Both executors answer wrongly as the page says, and rightly after its mend."""
    text = (BUGS / f"{name}.wat").read_text("utf-8")
    assert text.count(bug.wrong) == 1
    with DemoServer() as server:
        arguments = bug.arguments
        if name == "headlines":
            arguments = tuple(server.url + page for page in arguments)
        settings = RunSettings(arguments, parse_grants([f"http={server.host}", "kv"]))
        for source, wanted in ((text, bug.before), (text.replace(bug.wrong, bug.right), bug.after)):
            outcome = EXECUTORS[executor](program_of(source, name), settings)
            assert answered(outcome, len(wanted[2])) == wanted


def answered(outcome: Outcome, entries: int) -> tuple[int, str | None, tuple[str | int, ...]]:
    """The result, the value and the last entries of the log of a run that returned."""
    assert outcome.trap is None
    return outcome.results[0], outcome.value, tuple(outcome.log[-entries:])


def test_all_of_them_are_long_and_in_the_table() -> None:
    """They look like what a model writes: a hundred lines or more, and nothing else is there."""
    paths = {path.stem: path for path in BUGS.glob("*.wat")}
    assert set(paths) == set(TABLE)
    assert all(path.read_text("utf-8").count("\n") >= 100 for path in paths.values())

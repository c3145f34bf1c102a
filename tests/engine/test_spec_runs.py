"""The specification's assertions on i32 code, on both executors (LANGUAGE.md 2, profile core)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pygments.token import Number, String

from tests.engine.test_spec import SCRIPTS, compiled, without_errors
from tests.engine.wast import Command, commands
from watstep.host.settings import RunLimits, RunSettings
from watstep.machine.outcome import TrapKind
from watstep.machine.run import run_machine
from watstep.native.runner import run_native
from watstep.pipeline import Compilation
from watstep.source.diagnostic import has_errors
from watstep.syntax.literals import decode_integer, decode_string
from watstep.syntax.tree import Atom, Form
from watstep.wasm.values import MASK, signed

SETTINGS = RunSettings(limits=RunLimits(memory_pages=1024))
TRAPS = {
    "integer divide by zero": TrapKind.DIVIDE_BY_ZERO,
    "integer overflow": TrapKind.INTEGER_OVERFLOW,
    "out of bounds memory access": TrapKind.OUT_OF_BOUNDS,
    "unreachable": TrapKind.UNREACHABLE,
}
MINIMUM_RETURNS, MINIMUM_TRAPS = 1300, 70
"""How many assertions the scripts hold that i32 code alone can be held to."""


@dataclass
class Group:
    """A module and the assertions on it, in the order of the script."""

    answer: Compilation
    returns: list[tuple[str, list[int]]] = field(default_factory=list)
    """A call, as text, and the results that it must give."""
    traps: list[tuple[str, TrapKind]] = field(default_factory=list)

    def run_of(self, body: str, results: int) -> str:
        """The module with a `run` of its own."""
        text = self.answer.source.text.rstrip().removesuffix(")")
        return f'{text} (func (export "run") (result{" i32" * results}) {body}))'


def groups(path: Path) -> Iterator[Group]:
    """The modules of a script with their assertions, what is not i32 cut away."""
    group: Group | None = None
    for command in commands(path.read_text("utf-8")):
        if command.kind == "module":
            if group is not None:
                yield group
            group = None if command.module is None else opened(command.module)
        elif group is not None:
            take(group, command)
    if group is not None:
        yield group


def opened(module: str) -> Group | None:
    """A module without the fields that this version or this host leaves out."""
    answer = compiled(module)
    while has_errors(answer.diagnostics):
        shorter = without_errors(answer)
        if shorter == answer.source.text:
            return None
        answer = compiled(shorter)
    # A start function is not run here (LANGUAGE.md 7).
    return Group(answer) if answer.module and answer.module.start is None else None


def take(group: Group, command: Command) -> None:
    """Put an assertion on i32 into its group."""
    items = command.form.items
    action = items[1] if len(items) > 1 else None
    if not isinstance(action, Form) or action.head != "invoke":
        return
    call = called(group.answer, action)
    if call is None:
        return
    if command.kind == "assert_return":
        results = [constant(item) for item in items[2:]]
        if None not in results:
            group.returns.append((call, [result for result in results if result is not None]))
    elif command.kind == "assert_trap" and isinstance(items[2], Atom):
        kind = TRAPS.get((decode_string(items[2].text) or b"").decode())
        if kind is not None:
            group.traps.append((call, kind))


def called(answer: Compilation, action: Form) -> str | None:
    """The call that an `invoke` of a function with i32 parameters stands for."""
    name, *arguments = action.items[1:]
    if not isinstance(name, Atom) or name.kind is not String or answer.module is None:
        return None
    wanted = (decode_string(name.text) or b"").decode()
    numbers = [constant(item) for item in arguments]
    for export in answer.module.exports:
        if export.name == wanted and export.kind == "func" and None not in numbers:
            operands = "".join(f" (i32.const {number})" for number in numbers)
            return f"(call {export.index}{operands})"
    return None


def constant(item: object) -> int | None:
    """The number of `(i32.const N)`, unsigned."""
    match item:
        case Form(items=[Atom(text="i32.const"), Atom(kind=kind, text=text)]) if kind is Number:
            number = decode_integer(text)
            return None if number is None else number & MASK
        case _:
            return None


def outcomes(text: str) -> list[tuple[tuple[int, ...], TrapKind | None]]:
    """Results and trap of a module on both executors."""
    answer = compiled(text)
    assert answer.program is not None, (text, answer.diagnostics)
    found = [run(answer.program, SETTINGS) for run in (run_native, run_machine)]
    return [(outcome.results, outcome.trap.kind if outcome.trap else None) for outcome in found]


def test_assertions() -> None:
    """Every call returns or traps as its script says, on wasmtime and on the machine."""
    returns = traps = 0
    for path in SCRIPTS:
        for group in groups(path):
            if group.returns:
                body = " ".join(call for call, _ in group.returns)
                wanted = tuple(signed(number) for _, results in group.returns for number in results)
                for results, trap in outcomes(group.run_of(body, len(wanted))):
                    assert (results, trap) == (wanted, None), path.name
                returns += len(group.returns)
            for call, kind in group.traps:
                for _, trap in outcomes(group.run_of(f"{call} unreachable", 0)):
                    assert trap is kind, (path.name, call)
                traps += 1
    assert returns >= MINIMUM_RETURNS, returns
    assert traps >= MINIMUM_TRAPS, traps


@pytest.mark.parametrize("name", ["i32.wast", "br_table.wast", "load.wast"])
def test_scripts_are_there(name: str) -> None:
    """The scripts that hold most of the assertions are among those that are read."""
    assert name in {path.name for path in SCRIPTS}

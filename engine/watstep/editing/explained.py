"""What the tables of the language and of the host say of a word, wherever it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from watstep.editing.candidates import arrow
from watstep.editing.words import WORDS
from watstep.expand.macros import MACROS, Macro, Parameter
from watstep.host.errors import ErrorCode
from watstep.source.text import Span
from watstep.wasm.instructions import INSTRUCTIONS, Immediates, InstructionRow
from watstep.wasm.outside import nearest
from watstep.wasm.types import HostInterface, HostSignature

_AMOUNTS = ("nothing", "one i32", "two i32", "three i32")


class Part(NamedTuple):
    """A heading and the lines under it; an empty heading is for what goes without one."""

    heading: str
    lines: tuple[str, ...]


class About(NamedTuple):
    """What is said of the word at `span`."""

    title: str
    span: Span
    parts: tuple[Part, ...]


def about_instruction(row: InstructionRow) -> list[Part]:
    """All that the table of instructions says of one."""
    takes = row.effect or _in_words(row)
    fuel = "none" if not row.fuel else f"{row.fuel} unit" + ("s" if row.fuel > 1 else "")
    lines = [f"stack: {takes}", f"fuel: {fuel}", f"traps: {row.traps or 'never'}"]
    profile = "agent and core" if row.profile == "agent" else f"core; in agent {nearest(row.name)}"
    lines.append(f"profile: {profile}")
    return [Part("", (row.help,)), Part("", (*lines, f"specification: {row.section}"))]


def instruction_title(row: InstructionRow) -> str:
    """An instruction as it is written, with its signature."""
    immediates = "" if row.immediates is Immediates.NONE else f" {_IMMEDIATES[row.immediates]}"
    return f"{row.name}{immediates} : {arrow(*row.type) if row.type else row.shape}"


_IMMEDIATES = {
    Immediates.CONSTANT: "N",
    Immediates.LOCAL: "$local",
    Immediates.FUNCTION: "$function",
    Immediates.LABEL: "$label",
    Immediates.LABELS: "$label ... $default",
    Immediates.MEMORY: "offset=N align=N",
    Immediates.BLOCK: "$label (result i32)",
}


def _in_words(row: InstructionRow) -> str:
    assert row.type is not None
    takes, leaves = len(row.type.params), len(row.type.results)
    second = ", the second on top" if takes == 2 else ""
    return f"takes {_AMOUNTS[takes]}{second}, leaves {_AMOUNTS[leaves]}"


def about_macro(row: Macro) -> list[Part]:
    """What the table of macros says of one."""
    first = row.usage.partition(")")[0].removeprefix("(").split()[1:]
    named = zip(row.parameters, first, strict=True)
    words = ["OPERAND" if kind is Parameter.OPERAND else word for kind, word in named]
    rule = row.template.format(*words, status="")
    return [Part("", (row.help,)), Part("rule", tuple(rule.split("\n")))]


def about_host(signature: HostSignature, granted: Collection[str]) -> list[Part]:
    """What the host's table says of a function."""
    codes = tuple(f"{ErrorCode[name].value} {name}" for name in signature.errors)
    grant = f"granted to the next run: {'yes' if signature.capability in granted else 'no'}"
    if signature.capability not in granted:
        grant += f" (--grant {signature.capability}, or the dialog of F5)"
    answers = ("errors: " + ", ".join(codes),) if codes else ("answers no error",)
    return [Part("", (signature.help,)), Part("", (*_wrapped(answers), grant))]


def host_title(signature: HostSignature) -> str:
    """A host function with its parameters and results."""
    results = {0: "·", 1: "i32", 2: "pointer error"}[len(signature.type.results)]
    return f"${signature.full_name} : {' '.join(signature.parameters) or '·'} → {results}"


def _wrapped(lines: Iterable[str], wide: int = 70) -> list[str]:
    from textwrap import wrap

    return [part for line in lines for part in wrap(line, wide, subsequent_indent="  ")]


def about_word(word: str, interface: HostInterface) -> About | None:
    """What is said of a word without a place: an instruction, a macro, a host function."""
    row, macro = INSTRUCTIONS.get(word), MACROS.get(word)
    offered = interface.get(word.removeprefix("$"))
    parts: list[Part]
    if row is not None:
        title, parts = instruction_title(row), about_instruction(row)
    elif macro is not None:
        title, parts = macro.usage, about_macro(macro)
    elif offered is not None:
        title, parts = host_title(offered), about_host(offered, ())
    elif word in WORDS:
        title, parts = WORDS[word].usage, [Part("", (WORDS[word].help,))]
    else:
        return None
    return About(title, Span(0, 0), tuple(parts))

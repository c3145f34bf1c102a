"""What can be written at a place, as rows: from the tables of the language and of the host."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum
from typing import NamedTuple

from watstep.editing.scope import Label, Local, Signature
from watstep.editing.template import Template, template
from watstep.editing.words import WORDS
from watstep.expand.macros import MACROS, Macro
from watstep.wasm.instructions import INSTRUCTIONS, Immediates, InstructionRow
from watstep.wasm.types import HostInterface, HostSignature

FITS, MAY, UNLIKELY = 0, 1, 2
"""How well something fits the stack at its place."""
_NAMED = frozenset(
    (Immediates.LOCAL, Immediates.FUNCTION, Immediates.LABEL, Immediates.LABELS)
) | frozenset((Immediates.CONSTANT,))


class Kind(Enum):
    """What a candidate is; the value says so to people."""

    INSTRUCTION = "instruction"
    MACRO = "macro"
    HOST = "host function"
    FUNCTION = "function"
    PARAMETER = "parameter"
    LOCAL = "local"
    LABEL = "label"
    WORD = "word"
    SNIPPET = "snippet"


class Candidate(NamedTuple):
    """Something that can stand at a place."""

    label: str
    """What is shown, and what the typed letters are compared with."""
    kind: Kind
    detail: str
    """The signature, or the usage."""
    help: str
    template: Template
    fit: int = FITS
    whole: bool = False
    """Whether the template is a form, which takes the place of an opened parenthesis."""
    note: str = ""
    """What keeps it from running as things are: `not granted`."""


def arrow(takes: Iterable[str], leaves: Iterable[str]) -> str:
    """A signature for people: `i32 i32 → i32`; nothing is written `·`."""
    return f"{' '.join(takes) or '·'} → {' '.join(leaves) or '·'}"


def instruction(row: InstructionRow, fit: int) -> Candidate:
    """An instruction by its name; a blank follows where a name or a number must."""
    blank = " " if row.immediates in _NAMED else ""
    detail = arrow(*row.type) if row.type else row.shape
    written = Template(row.name + blank)
    return Candidate(row.name, Kind.INSTRUCTION, detail, row.help, written, fit)


def instructions(profile: str) -> list[InstructionRow]:
    """The rows that a profile has, in the table's order."""
    return [row for row in INSTRUCTIONS.values() if profile in {"core", row.profile}]


def macro(row: Macro, fit: int) -> Candidate:
    """A macro's call with its operands to fill in."""
    first = row.usage.partition(")")[0]
    head, *operands = first.removeprefix("(").split()
    written = template(f"({' '.join([head, *(f'«{operand}»' for operand in operands)])})")
    return Candidate(row.name, Kind.MACRO, row.usage, row.help, written, fit, whole=True)


def macros(fit: int) -> list[Candidate]:
    """Every macro."""
    return [macro(row, fit) for row in MACROS.values()]


def _note(signature: HostSignature, granted: Collection[str]) -> str:
    return "" if signature.capability in granted else "not granted"


def _host_detail(signature: HostSignature) -> str:
    results = {0: "·", 1: "i32", 2: "pointer error"}[len(signature.type.results)]
    return f"{' '.join(signature.parameters) or '·'} → {results}"


def host_names(
    interface: HostInterface, granted: Collection[str], wanted: int | None
) -> list[Candidate]:
    """Host functions by name, for a `call`; those with `wanted` results fit."""
    return [
        Candidate(
            f"${name}",
            Kind.HOST,
            _host_detail(signature),
            signature.help,
            Template(f"${name}"),
            FITS if wanted in {None, len(signature.type.results)} else UNLIKELY,
            note=_note(signature, granted),
        )
        for name, signature in interface.items()
    ]


def host_calls(
    interface: HostInterface, granted: Collection[str], taken: Collection[str], *, value: bool
) -> list[Candidate]:
    """Calls of host functions; as a statement, with the check of the error that they answer."""
    found = []
    for name, signature in interface.items():
        results = len(signature.type.results)
        written = _call(signature)
        if not value:
            written = _checked(signature, written, taken)
        elif results != 1:
            continue
        found.append(
            Candidate(
                name,
                Kind.HOST,
                _host_detail(signature),
                signature.help,
                template(written),
                FITS,
                whole=True,
                note=_note(signature, granted),
            )
        )
    return found


def _call(signature: HostSignature) -> str:
    operands = "".join(f" «{name}»" for name in signature.parameters)
    return f"(call ${signature.full_name}{operands})"


def _checked(signature: HostSignature, call: str, taken: Collection[str]) -> str:
    """A call as statements, its error checked."""
    name = free_name(f"${signature.name}", taken)
    match signature.type.results:
        case (_, _):
            return (
                f"(local {name} i32) (local {name}.err i32)\n{call}\n(local.set {name}.err)\n"
                f"(local.set {name})\n(check {name}.err)"
            )
        case (_,) if signature.errors:
            return f"(local {name}.err i32)\n(local.set {name}.err {call})\n(check {name}.err)"
    return call


def free_name(name: str, taken: Collection[str]) -> str:
    """A name that is not taken, numbered where it must be."""
    number, free = 2, name
    while free in taken or f"{free}.err" in taken:
        free, number = f"{name}{number}", number + 1
    return free


def functions(known: Iterable[Signature], wanted: int | None) -> list[Candidate]:
    """Functions of the text by name; those with `wanted` results fit."""
    return [
        Candidate(
            each.name,
            Kind.FUNCTION,
            arrow(each.params, ["i32"] * each.results),
            "a function of this program",
            Template(each.name),
            FITS if wanted in {None, each.results} else UNLIKELY,
        )
        for each in known
    ]


def local_names(known: Iterable[Local], *, errors: bool = False) -> list[Candidate]:
    """Locals and parameters by name; with `errors`, those that are called one fit."""
    return [
        Candidate(
            each.name,
            Kind.PARAMETER if each.parameter else Kind.LOCAL,
            "i32",
            "a parameter of this function" if each.parameter else "a local of this function",
            Template(each.name),
            MAY if errors and "err" not in each.name.lower() else FITS,
        )
        for each in known
    ]


def labels(known: Iterable[Label]) -> list[Candidate]:
    """Labels by name."""
    does = {"loop": "a branch repeats this loop"}
    return [
        Candidate(
            each.name,
            Kind.LABEL,
            each.keyword,
            does.get(each.keyword, f"a branch leaves this {each.keyword}"),
            Template(each.name),
        )
        for each in known
    ]


def words(names: Iterable[str], fit: int = FITS) -> list[Candidate]:
    """Words that head forms, or types."""
    return [
        Candidate(name, Kind.WORD, WORDS[name].usage, WORDS[name].help, Template(name), fit)
        for name in names
    ]


_SNIPPETS = (
    (
        "block loop",
        "(block {done} (loop {again} ...))",
        "repeat until a condition holds",
        "(block {done}\n  (loop {again}\n    (br_if {done} «condition»)\n    «»\n"
        "    (br {again})\n  )\n)",
    ),
    (
        "if then else",
        "(if ... (then ...) (else ...))",
        "one of two, by a condition",
        "(if «condition»\n  (then «»)\n  (else «»)\n)",
    ),
    (
        "if then",
        "(if ... (then ...))",
        "only where a condition holds",
        "(if «condition»\n  (then «»)\n)",
    ),
    (
        "local",
        "(local $name i32)",
        "declare a local",
        "(local «$name» i32)",
    ),
)
"""Name, usage, help and template; `{done}` and `{again}` become labels that are free."""
_VALUE_SNIPPET = (
    "if result",
    "(if (result i32) ... (then ...) (else ...))",
    "one of two values, by a condition",
    "(if (result i32) «condition»\n  (then «»)\n  (else «»)\n)",
)


def snippets(taken: Collection[str], *, value: bool) -> list[Candidate]:
    """Forms of several parts; where a value is wanted, those that give one."""
    names = {"done": free_name("$done", taken), "again": free_name("$again", taken)}
    rows = (_VALUE_SNIPPET,) if value else _SNIPPETS
    return [
        Candidate(
            label,
            Kind.SNIPPET,
            usage.format(**names),
            text,
            template(written.format(**names)),
            whole=True,
        )
        for label, usage, text, written in rows
    ]

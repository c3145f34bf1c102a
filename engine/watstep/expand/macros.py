"""The macros, as a table of data: a further macro is a further row (LANGUAGE.md 3)."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class Parameter(Enum):
    """What a macro takes at a place; the value says so to people."""

    NUMBER = "a literal number"
    LOCAL = "a local's $name"
    OPERAND = "a $name, a string or a folded form"


class Macro(NamedTuple):
    """One macro: its template is extended WAT in which `{0}` stands for the first argument.

    `{0.get}` reads the argument where it is a local; `{status}` is what a function of two results
    returns before an error.
    """

    name: str
    parameters: tuple[Parameter, ...]
    template: str
    usage: str
    help: str
    reads: tuple[int, ...] = ()
    """Which arguments are locals that must be declared elsewhere."""
    declares: tuple[str, ...] = ()
    """What is put after the last argument, a local, in the names that the macro declares."""


MACROS: dict[str, Macro] = {
    macro.name: macro
    for macro in (
        Macro(
            "argv",
            (Parameter.NUMBER, Parameter.LOCAL),
            "(local {1} i32) (local {1}.err i32)\n"
            "(call $sys.argv (i32.const {0}))\n"
            "(local.set {1}.err)\n"
            "(local.set {1})\n"
            "(check {1}.err)",
            "(argv N $name)",
            "declare $name and $name.err and load argument N; on an error return it",
            declares=("", ".err"),
        ),
        Macro(
            "check",
            (Parameter.LOCAL,),
            "(if (i32.ne (local.get {0}) (i32.const 0))\n"
            "  (then (return {status}(local.get {0})))\n"
            ")",
            "(check $error)",
            "return the error code if it is not 0",
            reads=(0,),
        ),
        Macro(
            "resv",
            (Parameter.OPERAND,),
            "(call $sys.resv {0})",
            "(resv $name) or (resv OPERAND)",
            "set the program's result value to a text",
            reads=(0,),
        ),
    )
}

INNER = re.compile(
    r"\((?P<head>local|" + "|".join(MACROS) + r") (?P<arguments>[^(){}]*)\)[ ]?"
    r"|\{operand\}|\n"
)
"""What a template's text is cut at: declarations, inner macro calls, the operand, line ends."""

"""The words of a program that are no instructions, macros or functions, each with its help."""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """A word that heads a form, or a type; `usage` is how it is written."""

    usage: str
    help: str
    section: str
    """Of the specification, "" where extended WAT alone has it."""


WORDS: dict[str, Word] = {
    "module": Word("(module FIELD ...)", "a whole module; then the file is nothing else", "6.6"),
    "func": Word(
        "(func $name (param $x i32) (result i32) ...)",
        "a function; its body leaves its results on the stack",
        "6.6.5",
    ),
    "import": Word(
        '(import "MODULE" "NAME" (func $name ...))',
        "something that the host gives; a call of a host function needs none",
        "6.6.4",
    ),
    "export": Word(
        '(export "NAME" (func $name))', "a name under which the host finds something", "6.6.10"
    ),
    "memory": Word("(memory MIN MAX)", "the memory, in pages of 64 KiB", "6.6.7"),
    "data": Word(
        '(data (i32.const ADDRESS) "BYTES")', "bytes that are in memory at the start", "6.6.13"
    ),
    "type": Word("(type $name (func ...))", "a function's type under a name", "6.6.2"),
    "start": Word("(start $function)", "the function that runs before everything", "6.6.11"),
    "param": Word("(param $name i32)", "a parameter: a local that the caller sets", "6.4.9"),
    "result": Word("(result i32)", "what is left on the stack at the end", "6.4.9"),
    "local": Word(
        "(local $name i32)",
        "a local, 0 at first; it may stand anywhere in a body and moves to the function's top",
        "6.6.5",
    ),
    "then": Word("(then ...)", "what an `if` does unless its condition is 0", "6.5.2"),
    "i32": Word(
        "i32", "a number of 32 bits: -2^31 to 2^31-1 signed, 0 to 2^32-1 unsigned", "2.3.1"
    ),
}
"""By themselves; `else` is among the instructions."""

FIELD_WORDS = ("func", "import", "memory", "data", "export", "type", "start")
"""What stands in a module."""

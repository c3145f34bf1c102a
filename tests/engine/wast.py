"""Reads the commands of the specification's test scripts (`.wast`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pygments.token import String

from watstep.source.text import Source
from watstep.syntax.literals import decode_string
from watstep.syntax.parser import parse
from watstep.syntax.tree import Atom, Form


class Command(NamedTuple):
    """One command of a script: `form` is the whole of it, `module` the text of its module."""

    kind: str
    """`module`, `assert_invalid`, `assert_malformed`, `assert_return`, ..."""
    line: int
    """From 1."""
    form: Form
    module: str | None
    """None where the command holds no module in text form."""


def commands(text: str) -> Iterator[Command]:
    """The commands of a script, in order."""
    for form in parse(Source("script.wast", text)).items:
        if type(form) is Form:
            line = text.count("\n", 0, form.start) + 1
            yield Command(form.head, line, form, _module(form, text))


def _module(form: Form, text: str) -> str | None:
    inner = [item for item in form.items if type(item) is Form and item.head == "module"]
    found = form if form.head == "module" else inner[0] if inner else None
    if found is None:
        return None
    atoms = [item for item in found.items if type(item) is Atom]
    words = {atom.text for atom in atoms}
    if "binary" in words or "definition" in words or "instance" in words:
        return None
    if "quote" not in words:
        return text[found.start : found.end]
    quoted = b"".join(decode_string(atom.text) or b"" for atom in atoms if atom.kind is String)
    try:
        body = quoted.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return body if body.lstrip().startswith("(module") else f"(module {body})"

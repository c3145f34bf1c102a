"""The parts of a module's fields and the order in which they stand, as a table of data."""

from __future__ import annotations

import re

from pygments.token import Name, Number, String

from watstep.syntax.tree import Atom, Form, Item

_ATOMS = {Name.Variable: "i", Number: "n", String: "s"}
_FORMS = {
    "export": "E",
    "import": "I",
    "func": "F",
    "memory": "M",
    "data": "D",
    "type": "T",
    "param": "P",
    "result": "R",
}
_ORDER = {
    path: re.compile(pattern)
    for path, pattern in {
        "type": "i?F?",
        "type func": "P*R*",
        "import": "s?s?[FM]?",
        "import func": "i?T?P*R*",
        "import memory": "i?w?n?n?",
        "func": "i?E*I?T?P*R*",
        "func export": "s?",
        "func import": "s?s?",
        "memory": "i?E*(?:w?D|I?w?n?n?)",
        "memory export": "s?",
        "memory import": "s?s?",
        "memory data": "s*",
        "data": "i?[nM]?O?s*",
        "data memory": "[in]?",
        "export": "s?[FM]?",
        "export func": "[in]?",
        "export memory": "[in]?",
        "start": "[in]?",
    }.items()
}
"""Of each field and each form in it, the parts in order, each one letter; parts may lack here.

`i` an identifier, `n` a number, `s` a string, `w` the word `i32`, `O` any other form.
"""


def misplaced(field: Form) -> list[Item]:
    """The first item that does not belong in a field, and in each form directly in it.

    What follows the header of a `func` is its body, unless it is an import.
    """
    if field.head not in _ORDER:
        return []
    found, imported = [], field.head != "func"
    for index, item in enumerate(field.items):
        if type(item) is Form and f"{field.head} {item.head}" in _ORDER:
            found += _misplaced(item, f"{field.head} {item.head}")
            imported = imported or item.head == "import"
        elif field.head == "func" and index > 1:
            break
    return _misplaced(field, field.head) + found if imported else found


def _misplaced(form: Form, path: str) -> list[Item]:
    parts = form.items[1:]
    match = _ORDER[path].match("".join(_letter(item) for item in parts))
    return parts[match.end() :][:1] if match else []


def _letter(item: Item) -> str:
    if type(item) is Form:
        return _FORMS.get(item.head, "O")
    assert type(item) is Atom
    return "w" if item.text == "i32" else _ATOMS.get(item.kind, "?")

"""What the fields of a module declare, as far as expansion needs to know it."""

from __future__ import annotations

from pygments.token import Name, Number

from watstep.syntax.tree import Atom, Form, Item

FIELDS = frozenset(
    ("func", "import", "memory", "data", "export", "type", "table", "global", "elem", "start")
)
_HEADER = frozenset(("export", "import", "type", "param", "result"))


def memory_form(fields: list[Form]) -> Form | None:
    """The field that gives the program its memory, imported or defined."""
    for field in fields:
        if field.head == "memory":
            return field
        if field.head == "import" and any(
            type(item) is Form and item.head == "memory" for item in field.items
        ):
            return field
    return None


def is_import(form: Form) -> bool:
    """Whether a field imports something, by itself or inline."""
    return form.head == "import" or any(
        type(item) is Form and item.head == "import" for item in form.items
    )


def import_place(module: Form) -> int:
    """Where added imports go: after the last import, else after the module's name."""
    place = module.start + len("(module")
    for index, item in enumerate(module.items):
        named = type(item) is Atom and index <= 1
        if named or (type(item) is Form and item.head == "import"):
            place = item.end
    return place


def split_header(form: Form) -> tuple[list[Item], list[Item]]:
    """The items of a `func` form: its name, type and exports, then the rest."""
    items = form.items
    index = 1
    if index < len(items):
        item = items[index]
        if type(item) is Atom and item.kind is Name.Variable:
            index += 1
    while index < len(items):
        item = items[index]
        if type(item) is not Form or item.head not in _HEADER:
            break
        index += 1
    return items[:index], items[index:]


def declared_functions(field: Form) -> list[str]:
    """The identifiers of functions that a field declares."""
    names = []
    for form in (field, *(item for item in field.items if type(item) is Form)):
        if form.head == "func" and field.head in {"func", "import"} and len(form.items) > 1:
            item = form.items[1]
            if type(item) is Atom and item.kind is Name.Variable:
                names.append(item.text)
    return names


def type_results(fields: list[Form]) -> dict[str, int]:
    """How many results each type of the program has, by name and by number."""
    results: dict[str, int] = {}
    types = [field for field in fields if field.head == "type"]
    for index, field in enumerate(types):
        for item in field.items:
            if type(item) is Form and item.head == "func":
                count = _count(item.items, "result")
                results[str(index)] = count
                name = field.items[1]
                if type(name) is Atom:
                    results[name.text] = count
    return results


def result_count(header: list[Item], types: dict[str, int]) -> int | None:
    """How many values a function returns, None where that is not known."""
    for item in header:
        if type(item) is Form and item.head == "type" and len(item.items) > 1:
            name = item.items[1]
            return types.get(name.text) if type(name) is Atom else None
    return _count(header, "result")


def _count(items: list[Item], head: str) -> int:
    forms = [item for item in items if type(item) is Form and item.head == head]
    return sum(len(form.items) - 1 for form in forms)


def numeric_uses(fields: list[Form]) -> list[Atom]:
    """The functions that exports and the start function give by number."""
    uses: list[Atom] = []
    for field in fields:
        for form in (field, *(item for item in field.items if type(item) is Form)):
            exported = field.head == "export" and form.head == "func"
            if (exported or form.head == "start") and len(form.items) > 1:
                item = form.items[1]
                if type(item) is Atom and item.kind is Number:
                    uses.append(item)
    return uses

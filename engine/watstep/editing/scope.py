"""What names are in force at a place: locals, functions, labels, and the stack's likely height."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pygments.token import Keyword, Name, Punctuation

from watstep.editing.place import Place
from watstep.expand.macros import MACROS
from watstep.syntax.literals import suffixed
from watstep.syntax.tree import Atom
from watstep.wasm.instructions import INSTRUCTIONS, STRUCTURED
from watstep.wasm.types import HostInterface

_EFFECTS = {
    "local.get": (0, 1), "local.set": (1, 0), "local.tee": (1, 1), "drop": (1, 0),
    "select": (3, 1), "br_if": (1, 0), "argv": (0, 0), "check": (0, 0), "resv": (0, 0),
}  # fmt: skip
"""What instructions without one type, and macros, take from the stack and leave on it."""


class Local(NamedTuple):
    """A parameter or a local; `token` is its first mention as a declaration."""

    name: str
    parameter: bool
    token: int


class Signature(NamedTuple):
    """A function that the text defines or imports, `name` with its dollar."""

    name: str
    params: tuple[str, ...]
    """The parameters' names, their types where they have none."""
    results: int
    token: int


class Label(NamedTuple):
    """A block that is open at the place, innermost last."""

    name: str
    keyword: str


def form_end(tokens: list[Atom], opening: int) -> int:
    """The token after the form that opens at one; the end where it is not closed."""
    depth = 0
    for index in range(opening, len(tokens)):
        if tokens[index].kind is Punctuation:
            depth += 1 if tokens[index].text == "(" else -1
            if depth == 0:
                return index + 1
    return len(tokens)


def body_tokens(place: Place) -> Iterator[int]:
    """The tokens of the function that holds the place, or of the program's body."""
    field = place.field
    if field is not None:
        yield from range(field.first, field.after)
        return
    index = 0
    for other in place.fields:
        yield from range(index, other.first)
        index = max(index, other.after)
    yield from range(index, len(place.tokens))


def locals_at(place: Place) -> dict[str, Local]:
    """The parameters and locals of the function around the place, by name."""
    tokens, found = place.tokens, dict[str, Local]()

    def declare(index: int, name: str, *, parameter: bool = False) -> None:
        if index != place.at:
            found.setdefault(name, Local(name, parameter, index))

    for index in body_tokens(place):
        head = tokens[index].text
        if index == 0 or tokens[index - 1].text != "(":
            continue
        if head in {"local", "param"}:
            if index + 1 < len(tokens) and tokens[index + 1].kind is Name.Variable:
                declare(index + 1, tokens[index + 1].text, parameter=head == "param")
        elif head in MACROS and MACROS[head].declares:
            last = index + len(MACROS[head].parameters)
            if last < len(tokens) and tokens[last].kind is Name.Variable:
                for suffix in MACROS[head].declares:
                    declare(last, suffixed(tokens[last].text, suffix))
    return found


def functions_of(place: Place) -> dict[str, Signature]:
    """The functions that the text defines or imports by name."""
    found: dict[str, Signature] = {}
    tokens = place.tokens
    for field in place.fields:
        if field.head not in {"func", "import"}:
            continue
        for index in range(field.first, field.after - 2):
            name = tokens[index + 2]
            opens = tokens[index].text == "(" and tokens[index + 1].text == "func"
            if opens and name.kind is Name.Variable and index + 2 != place.at:
                params, results = _header(tokens, index + 3)
                found.setdefault(name.text, Signature(name.text, params, results, index + 2))
            if opens:
                break
    return found


def _header(tokens: list[Atom], index: int) -> tuple[tuple[str, ...], int]:
    """The parameters, by name or by type, and the number of results of a function's header."""
    params: list[str] = []
    results = 0
    while index + 1 < len(tokens) and tokens[index].text == "(":
        head = tokens[index + 1].text
        if head not in {"param", "result", "export", "import", "type"}:
            break
        after = form_end(tokens, index)
        words = [token.text for token in tokens[index + 2 : after] if token.text != ")"]
        if head == "param":
            params += words[:1] if words and words[0].startswith("$") else words
        elif head == "result":
            results += len(words)
        index = after
    return tuple(params), results


def labels_at(place: Place) -> list[Label]:
    """The labels that a branch at the place may name, outermost first."""
    tokens = place.tokens
    field = place.field
    start = field.first if field else 0
    open_forms: list[Label | None] = []
    for index in range(start, min(place.at, len(tokens))):
        token = tokens[index]
        if token.kind is Punctuation:
            if token.text == "(":
                open_forms.append(None)
            else:
                while open_forms and open_forms[-1] is not None:
                    open_forms.pop()
                if open_forms:
                    open_forms.pop()
        elif token.text in STRUCTURED:
            name = tokens[index + 1].text if index + 1 < len(tokens) else ""
            label = Label(name if name.startswith("$") else "", token.text)
            open_forms.append(label)
        elif token.text == "end" and open_forms and open_forms[-1] is not None:
            open_forms.pop()
    return [label for label in open_forms if label and label.name]


def words_before(place: Place, most: int = 600) -> dict[str, int]:
    """How many tokens before the place each word stands, the nearest time; within `most`."""
    found: dict[str, int] = {}
    for back in range(1, min(place.at, most) + 1):
        found.setdefault(place.tokens[place.at - back].text, back)
    return found


class Effects(NamedTuple):
    """What is known of calls, to follow the stack."""

    functions: dict[str, Signature]
    interface: HostInterface

    def of(self, word: str, callee: str) -> tuple[int, int] | None:
        """How many values an instruction takes and leaves; None for what ends or is unknown."""
        row = INSTRUCTIONS.get(word)
        if row is not None and row.type is not None:
            return len(row.type.params), len(row.type.results)
        if word == "call":
            return self.of_call(callee)
        return _EFFECTS.get(word)

    def of_call(self, callee: str) -> tuple[int, int] | None:
        """How many values a call takes and leaves."""
        written = self.functions.get(callee)
        if written is not None:
            return len(written.params), written.results
        offered = self.interface.get(callee.removeprefix("$"))
        if offered is not None:
            return len(offered.type.params), len(offered.type.results)
        return None


class Items(NamedTuple):
    """What stands in the innermost form before the place."""

    atoms: list[Atom]
    """Words of its own, the last ones after which no form stands."""
    operands: int
    """Forms and strings in it."""
    height: int
    """Values that they leave on the stack, as far as one can tell; 0 after what ends it."""


def items_before(place: Place, effects: Effects) -> Items:
    """Read the innermost form, or the body at the top, from its start to the place."""
    tokens = place.tokens
    form = place.forms[-1] if place.forms else None
    index = form.token + 1 if form else 0
    atoms: list[Atom] = []
    operands = height = 0
    fields = {field.first: field.after for field in place.fields} if form is None else {}
    while index < place.at:
        token = tokens[index]
        if index in fields:
            index = fields[index]
        elif token.text == "(":
            after = form_end(tokens, index)
            height = _after_form(tokens, index, after, height, effects)
            atoms, operands, index = [], operands + 1, after
        else:
            if token.text.startswith('"'):
                operands, height = operands + 1, height + 1
                atoms = []
            elif token.kind is Keyword:
                atoms = [token]
                following = tokens[index + 1].text if index + 1 < place.at else ""
                height = _changed(height, effects.of(token.text, following))
            else:
                atoms.append(token)
            index += 1
    return Items(atoms, operands, height)


def _changed(height: int, effect: tuple[int, int] | None) -> int:
    return 0 if effect is None else max(height - effect[0], 0) + effect[1]


def _after_form(tokens: list[Atom], opening: int, after: int, height: int, effects: Effects) -> int:
    """The height after a folded form, whose own operands it has taken already."""
    head = tokens[opening + 1].text if opening + 1 < after else ""
    if head in STRUCTURED:
        return height + _results(tokens, opening, after)
    callee = tokens[opening + 2].text if opening + 2 < after else ""
    effect = effects.of(head, callee)
    if effect is None:
        return height if head in {"local", "param", "result", "export", "type", "import"} else 0
    depth = inner = 0
    for token in tokens[opening:after]:
        if token.kind is Punctuation:
            depth += 1 if token.text == "(" else -1
            inner += token.text == "(" and depth == 2
        elif depth == 1 and token.text.startswith('"'):
            inner += 1
    return max(height - max(effect[0] - inner, 0), 0) + effect[1]


def _results(tokens: list[Atom], opening: int, after: int) -> int:
    """How many values a folded block says that it gives."""
    index = opening + 2
    if index < after and tokens[index].kind is Name.Variable:
        index += 1
    return _header(tokens, index)[1]

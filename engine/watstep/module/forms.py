"""What stands in the form of a module's field, without regard to the rest of the module."""

from __future__ import annotations

from pygments.token import Name, Number

from watstep.syntax.literals import decode_integer
from watstep.syntax.tree import Atom, Form
from watstep.wasm.values import MASK


def identifier(form: Form, index: int) -> str | None:
    """The name that stands at `index` of a form, None where none does."""
    item = form.items[index] if index < len(form.items) else None
    return item.text if type(item) is Atom and item.kind is Name.Variable else None


def inline(form: Form, head: str) -> Form | None:
    """The first form inside another that `head` heads: `(export "x")` in a `func`."""
    return next((i for i in form.items if type(i) is Form and i.head == head), None)


def constant(form: Form) -> int | None:
    """The number of `(i32.const N)` or `(offset (i32.const N))`, unsigned."""
    words = form.items
    if form.head == "offset":
        words = form.items[1:]
        if len(words) == 1 and type(words[0]) is Form:
            words = words[0].items
    match words:
        case [Atom(text="i32.const"), Atom(kind=kind, text=text)] if kind is Number:
            number = decode_integer(text)
            if number is not None and -(1 << 31) <= number < 1 << 32:
                return number & MASK
    return None

"""Where string literals go: text values in linear memory, shared when their bytes are equal."""

from __future__ import annotations

from pygments.token import Number, String

from watstep.expand.pieces import Origin
from watstep.syntax.literals import decode_integer, decode_string
from watstep.syntax.tree import Atom, Form
from watstep.wasm.types import PAGE_SIZE

FIRST_ADDRESS = 16
"""So that 0 is never a valid pointer."""


class StringPool:
    """The text values of one program, in order of first use (LANGUAGE.md 4)."""

    def __init__(self, first: int = FIRST_ADDRESS) -> None:
        """Place the first value at `first`."""
        self.next_address = first
        self.values: dict[bytes, tuple[int, Origin]] = {}

    def address(self, content: bytes, origin: Origin) -> int:
        """Where the text value of `content` (UTF-8) begins, placing it at its first use."""
        if content in self.values:
            return self.values[content][0]
        address = self.next_address
        self.values[content] = (address, origin)
        self.next_address = aligned(address + 4 + len(content), 4)
        return address


def aligned(number: int, step: int) -> int:
    """The next multiple of `step` from `number` on."""
    return -(-number // step) * step


def text_value(content: bytes) -> bytes:
    """A text value as it lies in memory: u32 little-endian byte length, then the bytes."""
    return len(content).to_bytes(4, "little") + content


def pages_for(size: int) -> int:
    """How many pages hold `size` bytes, one at least."""
    return max(1, -(-size // PAGE_SIZE))


def data_end(form: Form) -> int | None:
    """The end address of a `data` or `memory` form's bytes; None where it is not constant."""
    strings = [item for item in form.items if type(item) is Atom and item.kind is String]
    size = sum(len(decode_string(item.text) or b"") for item in strings)
    for item in form.items:
        if type(item) is Form and item.head == "data":
            return data_end(item)
    offsets = [item for item in form.items if type(item) is Form and item.head != "memory"]
    if form.head == "memory" or not offsets:
        return size
    offset = offsets[0]
    if offset.head == "offset":
        inner = [item for item in offset.items if type(item) is Form]
        words = offset.items[1:] if not inner else inner[0].items
    else:
        words = offset.items
    match words:
        case [Atom(text="i32.const"), Atom(kind=kind, text=text)] if kind is Number:
            address = decode_integer(text)
            return None if address is None else (address & 0xFFFFFFFF) + size
        case _:
            return None

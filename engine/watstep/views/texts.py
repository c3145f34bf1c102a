"""The text values that a program's strings became: where each lies, and who uses it."""

from __future__ import annotations

import re
from typing import NamedTuple

from watstep.expand.pieces import Expansion, Generated, Origin, Part, Replacement
from watstep.syntax.literals import decode_string

_CONSTANT = re.compile(r"\(i32\.const (\d+)\)")
_LENGTH = 4
"""Bytes before the text itself, which hold its length (LANGUAGE.md 4)."""


class Text(NamedTuple):
    """One text value; `origin` is that of its data segment."""

    address: int
    text: str
    length: int
    """In bytes of UTF-8."""
    origin: Origin
    users: tuple[Origin, ...]
    """The string literals, in the order of the text, that became its address."""


def texts(expansion: Expansion) -> tuple[Text, ...]:
    """The text values of a program, in the order of their addresses."""
    segments: dict[int, Generated] = {}
    users: dict[int, set[Origin]] = {}
    pending: list[Part] = list(expansion.parts)
    while pending:
        part = pending.pop()
        if isinstance(part, Replacement):
            pending += part.open
        elif isinstance(part, Generated) and part.origin.rule in {"string", "data"}:
            found = _CONSTANT.search(part.text)
            if found is None:
                continue
            address = int(found[1])
            if part.origin.rule == "data":
                segments[address] = part
            else:
                users.setdefault(address, set()).add(part.origin)
    return tuple(
        _text(address, segments[address], users.get(address, set())) for address in sorted(segments)
    )


def _text(address: int, segment: Generated, users: set[Origin]) -> Text:
    literal = segment.text[segment.text.index('"') : segment.text.rindex('"') + 1]
    content = (decode_string(literal) or b"")[_LENGTH:]
    in_order = sorted(users, key=lambda origin: origin.span)
    text = content.decode("utf-8", "replace")
    return Text(address, text, len(content), segment.origin, tuple(in_order))

"""A note on any piece of a view: which rule made it, from what form, and through which macros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from watstep.expand.macros import MACROS
from watstep.expand.pieces import Expansion, Origin, Piece, Rendering
from watstep.source.render import printable
from watstep.source.text import Position, Source, Span
from watstep.syntax.tree import Form, Item, Tree
from watstep.views.texts import Text, texts

COPIED = "copied"
"""The rule of what was taken over as it stands."""
_AROUND = frozenset(("module", "memory"))
"""Rules of what no form of the source asked for."""
_LONGEST = 60
"""Characters of a form that a note quotes."""

RULES: dict[str, str] = {
    COPIED: "taken over as it is written",
    "string": "the address of a text",
    "data": "a text value in memory",
    "local": "a declaration, moved to the top of its function",
    "import": "the import of a host function that is called",
    "memory": "the memory that texts and host functions need",
    "module": "the module around the program",
    "indent": "indentation",
    "mend": "what the text seems to lack",
    "flat": "an instruction on a line of its own",
    "stack": "the operand stack after the instruction",
    "source": "the source line that became what follows",
    "note": "what is told of the program",
}
"""What a rule makes, in the words of people; every other rule is a macro's name."""


class Note(NamedTuple):
    """What is known of a piece; `text` is there for a data segment and for an address of one."""

    rule: str
    says: str
    place: Position
    """Of the source form that asked for it."""
    span: Span
    """Of that form."""
    form: str
    """As written, on one line, cut where it is long."""
    through: tuple[str, ...]
    """The macros that it was made through, outermost first."""
    text: Text | None
    users: tuple[Position, ...]
    """Where the text is used."""


def note_at(expansion: Expansion, view: Rendering, offset: int) -> Note | None:
    """The note on the piece at a place of a view of `expansion`; None where there is no text."""
    if not view.pieces:
        return None
    piece = view.pieces[view.piece_at(offset)]
    if piece.origin is None and piece.span is not None:
        # A copied piece may be the whole program: what is told is the place itself.
        start = piece.span.start + min(max(offset - piece.start, 0), len(piece.text))
        what, span = _written_at(expansion.tree, start)
        found = _note(view.source, COPIED, span, (), None)
        return found._replace(says=f"{what}, {found.says}" if what else found.says)
    told_of = note(view, piece, texts_by_origin(expansion))
    if told_of is None or told_of.form or told_of.rule not in _AROUND:
        return told_of
    around = _beside(expansion.tree, told_of.span.start)
    place, form = view.source.position(around.start), view.source.text[around.start : around.end]
    return told_of._replace(place=place, span=around, form=shortened(form))


def _written_at(tree: Tree, offset: int) -> tuple[str, Span]:
    """What stands at a place of a text, in words, and all of it; "" and the place for blanks."""
    for comment in tree.comments:
        if comment.start <= offset < comment.end:
            return "a comment", comment.span
    around: Form | None = None
    items: Sequence[Item] = tree.items
    item = _item_at(items, offset)
    while isinstance(item, Form):
        around, items = item, item.items
        item = _item_at(items, offset)
    if around is not None and around.head:
        return f"the form `{around.head}`", around.span
    return (f"`{shortened(item.text)}`", item.span) if item else ("", Span(offset, offset))


def _item_at(items: Sequence[Item], offset: int) -> Item | None:
    return next((item for item in items if item.start <= offset < item.end), None)


def _beside(tree: Tree, offset: int) -> Span:
    """What of the program the module around it begins before, or ends after; else the place."""
    after = next((item.span for item in tree.items if item.start >= offset), None)
    return after or (tree.items[-1].span if tree.items else Span(offset, offset))


def texts_by_origin(expansion: Expansion) -> dict[Origin, Text]:
    """The text values of a program by what stands for them, segments and addresses alike."""
    return {origin: text for text in texts(expansion) for origin in (text.origin, *text.users)}


def note(view: Rendering, piece: Piece, known: Mapping[Origin, Text]) -> Note | None:
    """The note on one piece of a view; None where it tells of nothing in the source.

    `known` are the texts of the view's expansion by origin.
    """
    origin = piece.origin
    if origin is None:
        return _note(view.source, COPIED, piece.span, (), None) if piece.span else None
    return _note(view.source, origin.rule, origin.span, through(origin), known.get(origin))


def through(origin: Origin) -> tuple[str, ...]:
    """The macros that something was made through, outermost first, itself included if it is one."""
    names: list[str] = []
    outer: Origin | None = origin
    while outer is not None:
        if outer.rule in MACROS:
            names.append(outer.rule)
        outer = outer.parent
    return tuple(reversed(names))


def told(found: Note) -> tuple[str, ...]:
    """A note as lines for people, control characters shown.

    `the address of a text` · `7:18 "fetched the URL"` · `address 16, 15 bytes, used at 7:18, 9:3`.
    """
    place = f"{found.place.line}:{found.place.column}"
    lines = [found.says, f"{place} {found.form}".rstrip()]
    if found.text is not None:
        users = ", ".join(f"{user.line}:{user.column}" for user in found.users)
        size = "1 byte" if found.text.length == 1 else f"{found.text.length} bytes"
        lines.append(f"address {found.text.address}, {size}, used at {users}")
        lines.append(f'"{shortened(found.text.text)}"')
    return tuple(lines)


def shortened(text: str) -> str:
    """A text on one line, cut where it is long."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _note(
    source: Source, rule: str, span: Span, macros: tuple[str, ...], text: Text | None
) -> Note:
    says = RULES.get(rule, f"made by the macro `{rule}`")
    outer = macros[:-1] if rule in MACROS else macros
    if outer:
        says += "".join(f", in what `{name}` becomes" for name in reversed(outer))
    users = tuple(source.position(user.span.start) for user in text.users) if text else ()
    form = shortened(source.text[span.start : span.end])
    return Note(rule, says, source.position(span.start), span, form, macros, text, users)

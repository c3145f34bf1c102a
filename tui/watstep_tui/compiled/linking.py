"""Forms of the source and what they became, found from a place in either text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pygments.token import Keyword, String

from watstep.expand.pieces import NOBODYS, Expansion, Piece, Rendering
from watstep.source.text import Position, Source, Span
from watstep.syntax.parser import parse
from watstep.syntax.tree import Atom, Form, Item, Tree

Rows = dict[int, tuple[int, int]]
"""Characters, half-open, by row from 0."""

_HOLDERS = frozenset(("module", "func", "block", "loop", "then", "else", "if"))
"""Forms in which instructions can stand without parentheses."""
_HEADED = frozenset(("module", "func"))
"""Forms of which only the heading is lit: the rest is the program."""
ASIDE = frozenset(("local", "import", "memory", "data", "module", "indent"))
"""Rules whose text stands elsewhere than the form that asked for it."""
_TOLD = frozenset(("flat", "stack", "source", "note"))
"""Rules with which a view tells of a form."""


class Linked(NamedTuple):
    """A form in both texts; `anchor` is where, in the expansion, its main part begins."""

    source: Span
    expanded: tuple[Span, ...]
    anchor: int


@dataclass(frozen=True)
class Links:
    """The forms of one view of an expansion."""

    expansion: Expansion
    view: Rendering

    @cached_property
    def tree(self) -> Tree:
        """Of the text of the view."""
        full = self.view is self.expansion.full
        return self.expansion.full_tree if full else parse(self.view.as_source)

    def from_source(self, offset: int) -> Linked | None:
        """The innermost form around a place of the source, if it became something.

        A place that was copied is its own anchor.
        """
        form = form_around(self.expansion.tree, offset)
        found = self._linked(form) if form else None
        if found is None:
            return None
        copied = self.view.rendered_spans(Span(offset, offset + 1))
        return found._replace(anchor=copied[0].start) if copied else found

    def from_expanded(self, offset: int) -> Linked | None:
        """The source form that the innermost form around a place of the expansion comes from."""
        form = form_around(self.tree, offset)
        if form is None:
            return self._told_of(offset)
        view = self.view
        for piece in view.pieces_in(form):
            if piece.span or (piece.origin and piece.origin.rule not in NOBODYS):
                return self._linked(view.source_span(form))
        return None

    def _told_of(self, offset: int) -> Linked | None:
        """The source form that a comment of the view tells of."""
        if not self.view.pieces:
            return None
        piece = self.view.pieces[self.view.piece_at(offset)]
        if piece.span is not None:
            place = piece.span.start + offset - piece.start
            form = form_around(self.expansion.tree, place)
            return self._linked(form) if form else None
        if piece.origin is None or piece.origin.rule not in _TOLD:
            return None
        return self._linked(piece.origin.span)

    def _linked(self, source: Span) -> Linked | None:
        spans = self.view.rendered_spans(source)
        begins = list(self._begins(spans))
        if not begins:
            return None
        anchor = next((start for start, piece in begins if _is_main(piece)), begins[0][0])
        return Linked(source, spans, anchor)

    def _begins(self, spans: tuple[Span, ...]) -> Iterator[tuple[int, Piece]]:
        """Where the pieces that stand in spans begin, blanks left out."""
        view = self.view
        for span in spans:
            for piece in view.pieces_in(span):
                start = max(piece.start, span.start)
                text = view.text[start : min(piece.start + len(piece.text), span.end)]
                if text.strip():
                    yield start + len(text) - len(text.lstrip()), piece


def _is_main(piece: Piece) -> bool:
    return piece.span is not None or (piece.origin is not None and piece.origin.rule not in ASIDE)


def form_around(tree: Tree, offset: int) -> Span | None:
    """The innermost form around a place, or directly before it; None between forms.

    An instruction without parentheses is a form with its immediates, a string literal is one.
    """
    return _form_at(tree, offset) or (_form_at(tree, offset - 1) if offset else None)


def _form_at(tree: Tree, offset: int) -> Span | None:
    around: Form | None = None
    items: Sequence[Item] = tree.items
    while True:
        index = bisect_right(items, offset, key=_start) - 1
        found = items[index] if index >= 0 else None
        if found is None or offset >= found.end:
            return around.span if around and around.head not in _HOLDERS else None
        if isinstance(found, Atom):
            return _of_atom(around, items, index)
        around, items = found, found.items
        if offset == found.start or offset == found.end - 1:
            return _heading(found) if found.head in _HEADED else found.span


def _start(item: Item) -> int:
    return item.start


def _of_atom(around: Form | None, items: Sequence[Item], index: int) -> Span:
    """The form of an atom: itself, the form around it, or an instruction without parentheses."""
    atom = items[index]
    if isinstance(atom, Atom) and atom.kind is String:
        return atom.span
    if around is not None and around.head not in _HOLDERS:
        return around.span
    first = index
    while first >= 0 and isinstance(items[first], Atom) and not _is_keyword(items[first]):
        first -= 1
    if first < 0 or not _is_keyword(items[first]):
        return Span(atom.start, atom.end)
    if around is not None and first == 0:
        return _heading(around) if around.head in _HEADED else around.span
    after = index + 1
    while after < len(items) and isinstance(items[after], Atom) and not _is_keyword(items[after]):
        after += 1
    return Span(items[first].start, items[after - 1].end)


def _is_keyword(item: Item) -> bool:
    return isinstance(item, Atom) and item.kind is Keyword


def _heading(form: Form) -> Span:
    """The words that a form begins with."""
    last = form.start + 1
    for item in form.items:
        if isinstance(item, Form):
            break
        last = item.end
    return Span(form.start, last)


def rows_of(source: Source, spans: tuple[Span, ...]) -> Rows:
    """The characters that spans cover, by row from 0; a row's parts are joined."""
    rows: Rows = {}
    for span in spans:
        for line in range(source.line_of(span.start), source.line_of(max(span.end - 1, 0)) + 1):
            start = source.offset(Position(line, 1))
            size = len(source.line_text(line))
            first, after = max(span.start - start, 0), min(span.end - start, size)
            old = rows.get(line - 1, (first, after))
            rows[line - 1] = (min(first, old[0]), max(after, old[1]))
    return rows

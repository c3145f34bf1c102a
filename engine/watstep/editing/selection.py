"""Selection by form: the spans, each in the next, that a place of a text stands in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pygments.token import Keyword, Name, Number, String

from watstep.source.text import Source, Span
from watstep.syntax.tree import Atom, Form, Item, Tree
from watstep.wasm.instructions import STRUCTURED

_SPACE = " \t\r\n"


def levels(tree: Tree, offset: int) -> tuple[Span, ...]:
    """The spans around a place, from the smallest to the whole text, each within the next.

    A word of a comment or a string, what stands between its marks, the word or literal, a flat
    instruction with its name, a flat block up to its `end`, what stands in a form, the form, and
    so on outwards.
    """
    found: list[Span] = []
    items: Sequence[Item] = tree.items
    holder: Form | None = None
    while True:
        found += _flat(items, offset, is_list=holder is None)
        inner = _item_at(items, offset)
        if inner is None:
            break
        found.append(Span(inner.start, inner.end))
        if type(inner) is Atom:
            if inner.kind is String:
                found += _in_string(tree.source, inner, offset)
            break
        assert type(inner) is Form
        holder, items = inner, inner.items
        if offset in {inner.start, inner.end}:
            break
        if items:
            found.append(Span(items[0].start, items[-1].end))
    for comment in tree.comments:
        if comment.start <= offset <= comment.end:
            found += _in_comment(tree.source, comment, offset)
    found.append(Span(0, len(tree.source.text)))
    around = {span for span in found if span.start <= offset <= span.end and span.start < span.end}
    return _nested(sorted(around, key=lambda span: (span.end - span.start, span.start)))


def _nested(spans: list[Span]) -> tuple[Span, ...]:
    """The spans from the smallest on, less those that do not hold the one before."""
    kept: list[Span] = []
    for span in spans:
        if not kept or (span.start <= kept[-1].start and kept[-1].end <= span.end):
            kept.append(span)
    return tuple(kept)


def grown(tree: Tree, selected: Span) -> Span:
    """The next larger span around a selection; the same where it is the whole text."""
    around = levels(tree, selected.start) + levels(tree, selected.end)
    larger = [span for span in around if _holds(span, selected) and span != selected]
    return min(larger, key=lambda span: span.end - span.start, default=selected)


def shrunk(tree: Tree, selected: Span, place: int) -> Span:
    """The next smaller span, around a place that is in the selection; no width where none is."""
    smaller = [span for span in levels(tree, place) if _holds(selected, span) and span != selected]
    return smaller[-1] if smaller else Span(place, place)


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _item_at(items: Sequence[Item], offset: int) -> Item | None:
    """The item that a place is in, else the one that begins there, else the one that ends there."""
    touching = [item for item in items if item.start <= offset <= item.end]
    return next((item for item in touching if offset < item.end), touching[0] if touching else None)


def _flat(items: Sequence[Item], offset: int, *, is_list: bool) -> Iterator[Span]:
    """The flat instructions and blocks of a list that a place is in."""
    first = 0 if is_list else 1
    open_blocks: list[int] = []
    for index in range(first, len(items)):
        item = items[index]
        if type(item) is not Atom or item.kind is not Keyword:
            continue
        after = index + 1
        while after < len(items) and _is_immediate(items[after]):
            after += 1
        yield Span(item.start, items[after - 1].end)
        if item.text in STRUCTURED:
            open_blocks.append(item.start)
        elif item.text == "end" and open_blocks:
            yield Span(open_blocks.pop(), items[after - 1].end)


def _is_immediate(item: Item) -> bool:
    return type(item) is Atom and (
        item.kind in (Name.Variable, Number) or (item.kind is Keyword and "=" in item.text)
    )


def _in_string(source: Source, atom: Atom, offset: int) -> Iterator[Span]:
    quote = 3 if source.text.startswith('"""', atom.start) and atom.end - atom.start >= 6 else 1
    yield Span(atom.start + quote, atom.end - quote)
    yield _word(source.text, Span(atom.start + quote, atom.end - quote), offset)


def _in_comment(source: Source, comment: Atom, offset: int) -> Iterator[Span]:
    yield comment.span
    text = source.text[comment.start : comment.end]
    closed = 2 if text.startswith("(;") and text.endswith(";)") and len(text) > 3 else 0
    start = comment.start + len(text) - len(text[2:].lstrip(_SPACE)) if text[2:] else comment.end
    end = comment.start + len(text[: len(text) - closed].rstrip(_SPACE))
    yield Span(start, max(start, end))
    yield _word(source.text, Span(comment.start, comment.end), offset)


def _word(text: str, within: Span, offset: int) -> Span:
    """The letters around a place that stand between blanks."""
    start = end = min(max(offset, within.start), within.end)
    while start > within.start and text[start - 1] not in _SPACE:
        start -= 1
    while end < within.end and text[end] not in _SPACE:
        end += 1
    return Span(start, end)

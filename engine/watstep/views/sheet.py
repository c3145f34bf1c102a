"""Source and a view side by side, as rows of coloured segments with links, for HTML and SVG."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pygments.token import STANDARD_TYPES

from watstep.expand.pieces import Expansion, Origin, Piece, Rendering
from watstep.source.render import printable
from watstep.source.text import Source, Span
from watstep.syntax.lexer import highlight
from watstep.views.notes import note, texts_by_origin, told

_UNLINKED = frozenset(("module", "memory", "indent", "flat", "stack", "source", "note"))
"""Rules whose text no form asked for, or which tell of what is copied beside them."""
_ASIDE = frozenset(("local", "import", "data"))
"""Rules whose text stands elsewhere than what the form itself became."""
_TAB = "    "


class Link(NamedTuple):
    """A form of the source and the parts of the view that it became."""

    number: int
    """From 1, in the order of the source."""
    source: Span
    shown: tuple[Span, ...]
    anchor: int
    """Where, in the view, the main part of what it became begins."""
    told: tuple[str, ...]


class Segment(NamedTuple):
    """Characters of a row that look alike; `links` are those they belong to, outermost first."""

    text: str
    kind: str
    """The short name that Pygments gives the token's type (`kd`, `nb`), "" for blanks."""
    links: tuple[int, ...]


class Pane(NamedTuple):
    """One text, row by row, and the row, from 0, in which each link has its main part."""

    title: str
    rows: tuple[tuple[Segment, ...], ...]
    anchors: dict[int, int]


class Sheet(NamedTuple):
    """Both panes."""

    left: Pane
    right: Pane
    links: tuple[Link, ...]


def sheet(expansion: Expansion, view: Rendering, title: str) -> Sheet:
    """The source beside a view of its expansion, which is called `title`."""
    links = _links(expansion, view)
    written, became = view.source, view.as_source
    left = Pane(
        written.name,
        _rows(written, [(link.number, link.source) for link in links]),
        {link.number: written.line_of(link.source.start) - 1 for link in links},
    )
    right = Pane(
        title,
        _rows(became, [(link.number, span) for link in links for span in link.shown]),
        {link.number: became.line_of(link.anchor) - 1 for link in links},
    )
    return Sheet(left, right, links)


def _links(expansion: Expansion, view: Rendering) -> tuple[Link, ...]:
    known = texts_by_origin(expansion)
    spans: dict[Span, list[Span]] = {}
    main: dict[Span, Piece] = {}
    for piece in view.pieces:
        if not piece.text.strip():
            continue
        place = Span(piece.start, piece.start + len(piece.text))
        for form in dict.fromkeys(_forms(piece.origin)):
            parts = spans.setdefault(form, [])
            if parts and not view.text[parts[-1].end : place.start].strip():
                parts.append(Span(parts.pop().start, place.end))
            else:
                parts.append(place)
            if form not in main or (_is_aside(main[form]) and not _is_aside(piece)):
                main[form] = piece
    links = []
    for number, form in enumerate(sorted(spans, key=lambda form: (form.start, -form.end)), 1):
        about = note(view, main[form], known)
        lines = told(about) if about else ()
        links.append(Link(number, form, tuple(spans[form]), main[form].start, lines))
    return tuple(links)


def _is_aside(piece: Piece) -> bool:
    return piece.origin is not None and piece.origin.rule in _ASIDE


def _forms(origin: Origin | None) -> Iterator[Span]:
    """The forms that asked for a piece, that of the macro call around an argument too."""
    while origin is not None:
        if origin.rule not in _UNLINKED and origin.span.start < origin.span.end:
            yield origin.span
        origin = origin.parent


def _rows(source: Source, spans: list[tuple[int, Span]]) -> tuple[tuple[Segment, ...], ...]:
    """The rows of a text in which links have these places; indentation belongs to none."""
    kinds = [
        (start, start + len(word), STANDARD_TYPES[kind])
        for start, kind, word in highlight(source.text)
    ]
    cuts = {0, len(source.text), *source.line_starts}
    for start, end, _ in kinds:
        cuts.update((start, end))
    for _, span in spans:
        cuts.update(span)
    # An outer one before those in it: links nest like the forms that they are of.
    waiting = sorted(spans, key=lambda item: (item[1].start, -item[1].end, item[0]), reverse=True)
    active: list[tuple[int, Span]] = []
    rows: list[list[Segment]] = [[] for _ in source.line_starts]
    token = 0
    for start, end in pairwise(sorted(cuts)):
        while waiting and waiting[-1][1].start <= start:
            active.append(waiting.pop())
        active = [item for item in active if item[1].end > start]
        while token < len(kinds) and kinds[token][1] <= start:
            token += 1
        inside = token < len(kinds) and kinds[token][0] <= start
        text = source.text[start:end].rstrip("\r\n").replace("\t", _TAB).lstrip("\ufeff")
        if text:
            row = rows[source.line_of(start) - 1]
            links = tuple(number for number, _ in active) if row or text.strip() else ()
            kind = kinds[token][2] if inside else ""
            row.append(Segment(printable(text), kind, links))
    if not rows[-1]:
        rows.pop()
    return tuple(map(tuple, rows))

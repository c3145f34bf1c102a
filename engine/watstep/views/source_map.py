"""The source map of a view as JSON values: every piece with its place, its source and its rule."""

from __future__ import annotations

from typing import Any

from watstep.expand.pieces import Expansion, Rendering
from watstep.source.text import Source, Span
from watstep.version import VERSION
from watstep.views.notes import COPIED, through
from watstep.views.texts import texts

FORMAT = 1
"""Counted up where a key changes its meaning or goes."""

Json = dict[str, Any]


def source_map(expansion: Expansion, view: Rendering, name: str) -> Json:
    """The map of a view called `name`; offsets are in characters from 0, places from 1."""
    source = view.source
    return {
        "format": FORMAT,
        "watstep": VERSION,
        "source": source.name,
        "view": name,
        "text": view.text,
        "pieces": [
            {
                "start": piece.start,
                "end": piece.start + len(piece.text),
                "copied": list(piece.span) if piece.span else None,
                "rule": piece.origin.rule if piece.origin else COPIED,
                "form": _place(source, piece.origin.span if piece.origin else piece.span),
                "through": list(through(piece.origin)) if piece.origin else [],
            }
            for piece in view.pieces
        ],
        "macros": [
            {
                "text": call.text,
                "form": _place(source, call.origin.span),
                "start": call.expanded.start,
                "end": call.expanded.end,
                "through": list(through(call.origin)),
            }
            for call in view.macro_calls
        ],
        "texts": [
            {
                "address": text.address,
                "length": text.length,
                "text": text.text,
                "users": [_place(source, user.span) for user in text.users],
            }
            for text in texts(expansion)
        ],
    }


def _place(source: Source, span: Span | None) -> Json | None:
    """A form of the source."""
    if span is None:
        return None
    place = source.position(span.start)
    return {"start": span.start, "end": span.end, "line": place.line, "column": place.column}

"""Writing a view out of parts of the full expansion and of text that the view itself adds."""

from __future__ import annotations

from watstep.expand.pieces import Origin, Piece, Rendering
from watstep.source.text import Span


class Writer:
    """Collects the pieces of a view; what is copied keeps its way back to the source."""

    def __init__(self, full: Rendering) -> None:
        """Begin a view of the program that `full` is the expansion of."""
        self.full = full
        self.pieces: list[Piece] = []
        self.offset = 0

    def rendering(self) -> Rendering:
        """What was written."""
        return Rendering(self.full.source, tuple(self.pieces), ())

    def copy(self, start: int, end: int) -> None:
        """Copy a stretch of the full expansion."""
        pieces = self.full.pieces
        for index in range(self.full.piece_at(start), len(pieces)):
            piece = pieces[index]
            if piece.start >= end:
                break
            first = max(start - piece.start, 0)
            after = min(end - piece.start, len(piece.text))
            if first < after:
                span = piece.span and Span(piece.span.start + first, piece.span.start + after)
                self._add(piece.text[first:after], span, piece.origin)

    def take(self, span: Span) -> None:
        """Copy a stretch of the source."""
        self._add(self.full.source.text[span.start : span.end], span, None)

    def add(self, text: str, rule: str, place: Span | None = None) -> None:
        """Write text of the view's own; `place` of the source is what it tells of."""
        self._add(text, None, Origin(place, rule) if place else None)

    def _add(self, text: str, span: Span | None, origin: Origin | None) -> None:
        if text:
            self.pieces.append(Piece(self.offset, text, span, origin))
            self.offset += len(text)

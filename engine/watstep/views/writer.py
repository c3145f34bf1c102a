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
            begins, text, span, origin = pieces[index]
            if begins >= end:
                break
            after = begins + len(text)
            if begins < start or end < after:
                first, last = max(start - begins, 0), min(end, after) - begins
                if first >= last:
                    continue
                text = text[first:last]
                span = span and Span(span.start + first, span.start + last)
            self._add(text, span, origin)

    def line(self, before: str, words: Span, text: str, after: str) -> None:
        """Write a line that says what `words` of the full expansion say, copied where it can be.

        What stands before is made by the rule `flat`, what stands after by `stack`.
        """
        full, (start, end), new = self.full, words, tuple.__new__
        begins, whole, span, origin = full.pieces[full.piece_at(start)]
        is_whole = begins <= start and end <= begins + len(whole)
        if is_whole and span is not None:
            shift = span.start - begins
            place = span = new(Span, (start + shift, end + shift))
        else:
            place = origin.span if is_whole and origin is not None else full.source_span(words)
        # Half the time of Piece(...), for each of several pieces a line.
        flat = new(Origin, (place, "flat", None))
        pieces, offset = self.pieces, self.offset
        pieces.append(new(Piece, (offset, before, None, flat)))
        self.offset = offset = offset + len(before)
        if len(text) != end - start or not full.text.startswith(text, start):
            self._add(text, None, flat)
        elif is_whole:
            pieces.append(new(Piece, (offset, text, span, origin)))
            self.offset = offset + len(text)
        else:
            self.copy(start, end)
        stack = new(Origin, (place, "stack", None))
        pieces.append(new(Piece, (self.offset, after, None, stack)))
        self.offset += len(after)

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

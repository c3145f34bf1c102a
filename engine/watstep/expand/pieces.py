"""What expansion answers: copied and generated pieces, and replacements that can be open or closed.

An expansion is a sequence of parts. A `Replacement` holds both what stands in the source and what
it becomes, so every view (after one pass, one level opened) is a predicate on replacements.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple, TypeAlias

from watstep.source.diagnostic import Diagnostic
from watstep.source.text import Source, Span
from watstep.syntax.parser import parse
from watstep.syntax.tree import Tree

NOBODYS = frozenset(("indent", "module", "memory"))
"""Rules whose text no form asked for."""
_NOWHERE = Span(0, 0)


class Pass(Enum):
    """The article's three passes, in order."""

    MACROS = "macros"
    STRINGS = "strings"
    LOCALS = "locals"


class Origin(NamedTuple):
    """Why a piece exists: the source form that asked for it and the rule that made it.

    `rule` is a macro's name, `string`, `local`, `import`, `memory`, `data`, `module` or `indent`.
    `parent` is the origin of the replacement that this one stands in (a `check` made by an
    `argv`), None at the outermost.
    """

    span: Span
    rule: str
    parent: Origin | None = None


class Copied(NamedTuple):
    """Text taken over from the source."""

    span: Span


class Generated(NamedTuple):
    """Text that a rule made."""

    text: str
    origin: Origin


class Replacement(NamedTuple):
    """Something that a pass replaces: closed it shows what was there, open what it becomes."""

    by: Pass
    origin: Origin
    closed: tuple[Part, ...]
    open: tuple[Part, ...]


Part: TypeAlias = Copied | Generated | Replacement


class Piece(NamedTuple):
    """A run of the rendered text with its provenance.

    `span` is the source text that was copied, or None where `origin` says who generated it.
    A copied piece inside a macro's expansion (its operand) has both.
    """

    start: int
    text: str
    span: Span | None
    origin: Origin | None


class MacroCall(NamedTuple):
    """A macro call and the part of the rendered text that it became, inner calls included.

    `origin.span` is the call in the source, that of the outermost call for one made by a macro;
    `text` is the call as written, without its parentheses (`check $err`).
    """

    origin: Origin
    expanded: Span
    text: str


class Rendering:
    """One view of an expansion: the text and the map back to the source.

    `macro_calls` are in the order in which they begin, an outer call before its inner ones.
    """

    def __init__(
        self, source: Source, pieces: tuple[Piece, ...], macro_calls: tuple[MacroCall, ...]
    ) -> None:
        """The text is that of the pieces."""
        self.source: Final = source
        self.text: Final = "".join([piece.text for piece in pieces])
        self.pieces: Final = pieces
        self.macro_calls: Final = macro_calls

    @cached_property
    def as_source(self) -> Source:
        """The rendered text as a source of its own, for lines and columns in it."""
        return Source(f"{self.source.name} (expanded)", self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    def pieces_in(self, span: Span) -> Iterator[Piece]:
        """The pieces that stand in `span` of the text, in order, at least the one it begins in."""
        pieces = self.pieces
        for index in range(self.piece_at(span.start), len(pieces)):
            yield pieces[index]
            if index + 1 < len(pieces) and pieces[index + 1].start >= span.end:
                return

    def piece_at(self, offset: int) -> int:
        """The index of the piece that a place of the text lies in."""
        return max(bisect_right(self._starts, offset) - 1, 0)

    def source_span(self, span: Span) -> Span:
        """What the user wrote that became `span` of the rendered text.

        Copied text maps to itself, generated text to the form that asked for it; what lies in
        several pieces maps to the smallest span that covers them all.
        """
        first = self.piece_at(span.start)
        start, end = len(self.source.text), 0
        fallback: Span | None = None
        for index in range(first, len(self.pieces)):
            piece = self.pieces[index]
            if piece.start >= span.end and index > first:
                break
            found = _source_of(piece, span)
            if piece.origin is not None and piece.origin.rule == "indent":
                fallback = fallback or found
                continue
            start, end = min(start, found.start), max(end, found.end)
        if end < start:
            return fallback or Span(0, 0)
        return Span(start, end)

    def copied_span(self, span: Span) -> Span | None:
        """The source of `span` where it was taken over as it stands, None where any was made.

        The start of the text is that of the source, after its byte-order mark.
        """
        if span == (0, 0):
            start = int(self.source.text.startswith("\ufeff"))
            return Span(start, start)
        places = (self._copied(span.start, last=False), self._copied(span.end, last=True))
        if span.start == span.end:
            place = places[0] if places[0] is not None else places[1]
            if place is None:
                place = self._beside_macro(span.start)
            return None if place is None else Span(place, place)
        if places[0] is None or places[1] is None or places[0] > places[1]:
            return self._made_of(span)
        return Span(places[0], places[1])

    def _made_of(self, span: Span) -> Span | None:
        """The string literal, or the declaration of a local, that became exactly `span`."""
        piece = self.pieces[self.piece_at(span.start)]
        made = piece.origin if piece.span is None else None
        written = made and (made.rule == "string" or (made.rule == "local" and not made.parent))
        if made is None or not written:
            return None
        start, end = span.start - piece.start, span.end - piece.start
        # A declaration stands on a line of its own.
        whole = piece.text[:start].isspace() or not start, piece.text[end:].isspace()
        return made.span if whole[0] and (whole[1] or end == len(piece.text)) else None

    def macro_at(self, span: Span) -> MacroCall | None:
        """The outermost macro call that made the text at the start of `span`, None where none."""
        piece = self.pieces[self.piece_at(span.start)]
        if piece.span is not None or span.start == span.end:
            return None
        for call in self.macro_calls:
            if call.expanded.start <= span.start and span.end <= call.expanded.end:
                return call
        return None

    def _beside_macro(self, offset: int) -> int | None:
        """The edge of the macro call in the source that begins or ends at `offset`."""
        for call in self.macro_calls:
            if call.expanded.start == offset:
                return call.origin.span.start
            if call.expanded.end == offset:
                return call.origin.span.end
        return None

    def _copied(self, offset: int, *, last: bool) -> int | None:
        """The source offset of a place in copied text, at a seam that of the piece before it."""
        piece = self.pieces[self.piece_at(offset - last)]
        if piece.span is None or not 0 <= offset - piece.start <= len(piece.text):
            return None
        return piece.span.start + offset - piece.start

    def rendered_spans(self, span: Span) -> tuple[Span, ...]:
        """The parts of the rendered text that come from `span` of the source, in order."""
        found: list[Span] = []
        for index in self.by_source.near(span):
            part = _rendered_of(self.pieces[index], span)
            if part is None:
                continue
            if found and found[-1].end == part.start:
                part = Span(found.pop().start, part.end)
            found.append(part)
        return tuple(found)

    @cached_property
    def by_source(self) -> _BySource:
        """The pieces by their places in the source."""
        return _BySource(self.pieces)


class _BySource:
    """Pieces in the order of the source, so that those of one form are found without the others."""

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        copied: list[tuple[int, int]] = []
        made: list[tuple[int, int]] = []
        for index, (_, _, span, origin) in enumerate(pieces):
            if span is not None:
                copied.append((span.start, index))
            elif origin is not None and origin.rule not in NOBODYS:
                made.append((origin.span.start, index))
        copied.sort()
        made.sort()
        self._copied, self._made = copied, made
        ends = (pieces[index].span or _NOWHERE for _, index in copied)
        # Text that was copied twice overlaps itself: the furthest end so far never falls.
        self._ends = list(accumulate((span.end for span in ends), max))

    def near(self, span: Span) -> list[int]:
        """The pieces, in their order, that touch `span` of the source, and some beside them."""
        first = bisect_right(self._ends, span.start)
        after = bisect_left(self._copied, (span.end,))
        found = [index for _, index in self._copied[first:after]]
        first = bisect_left(self._made, (span.start,))
        after = bisect_left(self._made, (span.end,))
        found += [index for _, index in self._made[first:after]]
        found.sort()
        return found


def _source_of(piece: Piece, span: Span) -> Span:
    """The source of the part of a piece that lies in `span` of the rendered text."""
    if piece.span is None:
        return piece.origin.span if piece.origin else Span(0, 0)
    start = max(span.start - piece.start, 0)
    end = min(span.end - piece.start, len(piece.text))
    return Span(piece.span.start + start, piece.span.start + max(end, start))


def _rendered_of(piece: Piece, span: Span) -> Span | None:
    """The part of a piece, in the rendered text, that comes from `span` of the source."""
    if piece.span is not None:
        start = max(piece.span.start, span.start)
        end = min(piece.span.end, span.end)
        if start >= end:
            return None
        return Span(piece.start + start - piece.span.start, piece.start + end - piece.span.start)
    origin = piece.origin
    if origin is None or origin.rule in NOBODYS or not piece.text:
        return None
    inside = span.start <= origin.span.start and origin.span.end <= span.end
    if not inside or origin.span.start == origin.span.end:
        return None
    return Span(piece.start, piece.start + len(piece.text))


class Expansion:
    """A program after all passes, with every view of it."""

    def __init__(
        self, tree: Tree, parts: tuple[Part, ...], diagnostics: tuple[Diagnostic, ...]
    ) -> None:
        """`diagnostics` are those of the expansion alone."""
        self.tree: Final = tree
        self.parts: Final = parts
        self.diagnostics: Final = diagnostics

    @cached_property
    def full(self) -> Rendering:
        """The standard WAT that is compiled: everything open."""
        return self.render(lambda replacement: True)

    @cached_property
    def full_tree(self) -> Tree:
        """The tree of the full rendering; its spans are in the rendered text."""
        if self.full.text == self.tree.source.text:
            return self.tree
        return parse(self.full.as_source)

    def after(self, last: Pass) -> Rendering:
        """The text after the passes up to and including `last`; itself a legal program."""
        passes = list(Pass)
        done = passes[: passes.index(last) + 1]
        return self.render(lambda replacement: replacement.by in done)

    def render(self, is_open: Callable[[Replacement], bool]) -> Rendering:
        """The view in which exactly the replacements chosen by `is_open` are open."""
        renderer = Renderer(self.tree.source, is_open)
        renderer.write(self.parts, None)
        return renderer.rendering()


class Renderer:
    """Writes parts out as pieces; the depth of replacements is that of macros, not of the text."""

    def __init__(self, source: Source, is_open: Callable[[Replacement], bool]) -> None:
        """Nothing is written yet; the parts are those of an expansion of `source`."""
        self.source = source
        self.is_open = is_open
        self.pieces: list[Piece] = []
        self.macro_calls: list[MacroCall] = []
        self.offset = 0

    def rendering(self) -> Rendering:
        """What was written."""
        calls = sorted(self.macro_calls, key=lambda c: (c.expanded.start, -c.expanded.end))
        return Rendering(self.source, tuple(self.pieces), tuple(calls))

    def write(self, parts: tuple[Part, ...], origin: Origin | None) -> None:
        """Write parts that stand in what the macro call of `origin` became."""
        for part in parts:
            if isinstance(part, Copied):
                self._add(self.source.text[part.span.start : part.span.end], part.span, origin)
            elif isinstance(part, Generated):
                self._add(part.text, None, part.origin)
            else:
                self.replace(part, origin)

    def replace(self, part: Replacement, origin: Origin | None) -> None:
        """Write a replacement, open or closed."""
        if not self.is_open(part):
            self.write(part.closed, origin)
        elif part.by is Pass.MACROS:
            start = self.offset
            self.write(part.open, part.origin)
            self._call(part, Span(start, self.offset))
        else:
            self.write(part.open, origin)

    def _add(self, text: str, span: Span | None, origin: Origin | None) -> None:
        if text:
            self.pieces.append(Piece(self.offset, text, span, origin))
            self.offset += len(text)

    def _call(self, part: Replacement, expanded: Span) -> None:
        text = ""
        for closed in part.closed:
            if isinstance(closed, Copied):
                text += self.source.text[closed.span.start : closed.span.end]
            elif isinstance(closed, Generated):
                text += closed.text
        words = " ".join(text.strip().removeprefix("(").removesuffix(")").split())
        self.macro_calls.append(MacroCall(part.origin, expanded, words))

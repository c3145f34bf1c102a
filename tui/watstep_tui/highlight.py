"""Lines of code to styled segments, for the editor and the expansion alike."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from pygments.token import _TokenType
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip

from watstep.syntax.lexer import LineState, kind_for_display, lex_line
from watstep_tui.cells import shown

Range = tuple[int, int, Style]
"""Characters of a line, half-open, and the style to add to them."""


@lru_cache(maxsize=1 << 15)
def line_tokens(
    line: str, state: LineState
) -> tuple[tuple[tuple[int, int, _TokenType], ...], LineState]:
    """(start, end, kind to colour by) of a line's tokens, and the state of the next line."""
    atoms, after = lex_line(line, state)
    tokens = []
    opens = False
    for atom in atoms:
        tokens.append((atom.start, atom.end, kind_for_display(atom, opens)))
        opens = atom.text == "("
    return tuple(tokens), after


def line_states(lines: Iterable[str]) -> list[LineState]:
    """What each line begins inside of; unchanged lines cost one look-up."""
    state = LineState()
    states = []
    for line in lines:
        states.append(state)
        state = line_tokens(line, state)[1]
    return states


def style_of(kind: _TokenType, syntax: Mapping[str, Style]) -> Style:
    """The style of a token kind, or of its nearest named ancestor."""
    names = [name for name in kind if name != "Literal"]
    while names:
        found = syntax.get(".".join(names))
        if found is not None:
            return found
        names.pop()
    return Style.null()


def paint(line: str, base: Style, ranges: Sequence[Range]) -> list[Segment]:
    """A line as segments; later ranges lie over earlier ones.

    Control characters are shown, never sent to the terminal.
    """
    size = len(line)
    edges: dict[int, list[int]] = {0: [], size: []}
    for index, (start, end, _) in enumerate(ranges):
        if start < min(end, size):
            edges.setdefault(start, []).append(index)
            edges.setdefault(min(end, size), []).append(~index)
    cuts = sorted(edges)
    segments = []
    over: list[int] = []
    for start, end in pairwise(cuts):
        for index in edges[start]:
            if index < 0:
                over.remove(~index)
            else:
                insort(over, index)
        style = base
        for index in over:
            style = style + ranges[index][2]
        segments.append(Segment(shown(line[start:end]), style))
    return joined(segments)


def joined(segments: Iterable[Segment]) -> list[Segment]:
    """The same as seen, in fewer segments: each costs the terminal a full description of a style.

    Blanks take the style of what stands before them where that is not seen.
    """
    fewer: list[Segment] = []
    for segment in segments:
        if fewer and _looks_alike(fewer[-1].style, segment):
            fewer[-1] = Segment(fewer[-1].text + segment.text, fewer[-1].style)
        else:
            fewer.append(segment)
    return fewer


def _looks_alike(before: Style | None, segment: Segment) -> bool:
    style = segment.style
    if before == style:
        return True
    if before is None or style is None or not segment.text.isspace():
        return False
    return before.bgcolor == style.bgcolor and not (_is_drawn_on(before) or _is_drawn_on(style))


@lru_cache(maxsize=1024)
def _is_drawn_on(style: Style) -> bool:
    """Whether a style shows on blanks, apart from the colour of their ground."""
    return bool(style.underline or style.reverse or style.strike)


def token_ranges(line: str, state: LineState, syntax: Mapping[str, Style]) -> list[Range]:
    """The syntax colours of a line that begins in `state`."""
    tokens = line_tokens(line, state)[0]
    return [(start, end, style_of(kind, syntax)) for start, end, kind in tokens]


def strip_of(row: Text, width: int, base: Style, styles: Mapping[str, Style]) -> Strip:
    """A row as `width` cells; names of styles are looked up, what is too long ends with `…`."""

    def known(style: str | Style) -> Style:
        if isinstance(style, Style):
            return style
        named = styles.get(style)
        return Style.parse(style) if named is None else named

    plain = row.plain.replace("\n", " ")
    base = base + known(row.style)
    ranges = [(start, end, known(style)) for start, end, style in row.spans]
    if cell_len(plain) > width:
        cut = Text(plain)
        cut.truncate(width, overflow="ellipsis")
        plain = cut.plain
    return Strip(paint(plain, base, ranges)).adjust_cell_length(width, base)

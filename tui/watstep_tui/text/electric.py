"""What a key does beside its letter: pairs that close themselves, lines that begin further in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pygments.token import Comment, Error, String, _TokenType

from watstep.syntax.lexer import LineState
from watstep_tui.highlight import line_tokens
from watstep_tui.text.brackets import matching_parenthesis, opening_around, parentheses
from watstep_tui.text.document import LineDocument
from watstep_tui.text.lines import Selected
from watstep_tui.text.marks import Change, Place, carried_place

Pair = tuple[Place, Place]
"""Where a parenthesis or quote stands, and the one that closed it by itself."""

INDENT = "  "
BLOCKS = frozenset(("module", "func", "block", "loop", "if", "then", "else"))
"""Heads of forms whose closing parenthesis stands on a line of its own."""
_ROOM = frozenset(("", " ", "\t", ")", ";"))
"""What may stand behind what closes itself: the line's end, blanks, `)`, a comment."""
_HEAD = re.compile(r"[^\s()\";]*")
_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")


class Typing(NamedTuple):
    """A text, what is selected in it, and what closed itself around the cursor, outermost first."""

    document: LineDocument
    selected: Selected
    pairs: Sequence[Pair] = ()
    closes: bool = True
    """Whether what is opened closes itself."""
    fills: bool = False
    """Whether the selection is a place to fill in, which what is typed replaces."""

    @property
    def line(self) -> str:
        """The cursor's line."""
        return self.document.get_line(self.selected[1][0])


class Stroke(NamedTuple):
    """What stands between two places then, what is selected then, and what closed itself."""

    start: Place
    end: Place
    text: str
    selected: Selected
    pair: Pair | None = None


def struck(at: Typing, key: str) -> Stroke | None:
    """What a key does that is more than its letter, None where it is no more.

    `key` is a letter, or the name of a key that has none. The work is that of a line, and of the
    form around the cursor where a parenthesis is aligned with its opening.
    """
    answer = _ANSWERS.get(key)
    return answer(at) if answer else None


def kept_pairs(pairs: Sequence[Pair], change: Change) -> list[Pair]:
    """The pairs after a change of the text; one of which a sign is gone is none."""
    moved = [(carried_place(start, change), carried_place(end, change)) for start, end in pairs]
    return [(start, end) for start, end in moved if start is not None and end is not None]


def _opened(at: Typing) -> Stroke | None:
    start, end = sorted(at.selected)
    if not at.closes or _inside(at.document, start) or _inside(at.document, end):
        return None
    if start != end and not at.fills:
        return _wrapped(at, "(", ")")
    behind = at.document.get_line(end[0])[end[1] :]
    if behind[:1] not in _ROOM or _closes_too_much(at, end):
        return None
    return _pair(start, end, "()")


def _quoted(at: Typing) -> Stroke | None:
    start, end = sorted(at.selected)
    if not at.closes or start[0] != end[0]:
        return None
    line = at.line
    inside = _inside(at.document, start), _inside(at.document, end)
    if start == end and inside[0] is String:
        return _behind_quote(at)
    if any(inside):
        return None
    if start != end and not at.fills:
        return None if '"' in line[start[1] : end[1]] else _wrapped(at, '"', '"')
    before, behind = line[: start[1]][-1:], line[end[1] :]
    if before == '"' or before.isalnum() or before == "_" or behind[:1] not in _ROOM:
        return None
    return None if _ends_a_text(behind) else _pair(start, end, '""')


def _behind_quote(at: Typing) -> Stroke | None:
    """Step over the quote that ends the string which the cursor is in."""
    row, column = at.selected[1]
    line = at.line
    if not line.startswith('"', column) or _ESCAPED.search(line, 0, column):
        return None
    tokens = line_tokens(line, at.document.state(row))[0]
    ends = any(
        start < column and end == column + 1 and not line.startswith('"""', start)
        for start, end, kind in tokens
        if kind is not Error
    )
    return _over(at, (row, column)) if ends or _closing(at, '"') == (row, column) else None


def _closed(at: Typing) -> Stroke | None:
    start, end = at.selected
    if start != end:
        return None
    row, column = end
    blank = not at.line[:column].strip()
    inside = _inside(at.document, end)
    own = _closing(at, ")")
    if own == end or (own and not inside and _is_blank_between(at.document, end, own)):
        if not blank or inside:
            return _over(at, own)
        line_start, indent = (row, 0), aligned(at.document, at.pairs[-1][0])
        if own == end and at.line[:column] == indent:
            return _over(at, own)
        after = row, len(indent) + 1
        return Stroke(line_start, (own[0], own[1] + 1), indent + ")", (after, after))
    if inside:
        return None
    if at.closes and at.line.startswith(")", column) and _is_balanced(at.document, row):
        return _over(at, end)
    opening = opening_around(at.document, end) if blank else None
    if opening is None:
        return None
    indent = aligned(at.document, opening)
    after = row, len(indent) + 1
    return Stroke((row, 0), end, indent + ")", (after, after))


def _erased(at: Typing) -> Stroke | None:
    """Take away both signs of a pair that holds nothing."""
    start, end = at.selected
    row, column = end
    if (
        start != end
        or not at.closes
        or at.line[max(column - 1, 0) : column + 1] not in {"()", '""'}
    ):
        return None
    before = row, column - 1
    if not (at.pairs and at.pairs[-1] == (before, end)):
        if at.line[column] == ")":
            tokens = (column - 1, True), (column, False)
            found = parentheses(at.document, row)
            whole = all(one in found for one in tokens) and _is_balanced(at.document, row)
        else:
            found_tokens = line_tokens(at.line, at.document.state(row))[0]
            whole = (column - 1, column + 1, String) in found_tokens
        if not whole:
            return None
    return Stroke(before, (row, column + 1), "", (before, before))


def _broken(at: Typing) -> Stroke:
    """Break the line; what is open on it puts the next one further in."""
    start, end = sorted(at.selected)
    before = at.document.get_line(start[0])[: start[1]]
    behind = at.document.get_line(end[0])[end[1] :]
    margin = before[: len(before) - len(before.lstrip())]
    inside = _inside(at.document, start)
    text = "\n" + margin
    if inside is None or inside is Comment.Single:
        if margin != before:
            text = "\n" + _margin_below(at.document, start)
            end = end[0], end[1] + len(behind) - len(behind.lstrip(" \t"))
        elif start == end:
            start = start[0], 0
    after = start[0] + 1, len(text) - 1
    if behind.lstrip().startswith(")") and (not inside or _closing(at, ")") == end):
        opening = opening_around(at.document, (start[0], len(before)))
        if opening and _head(at.document, opening) in BLOCKS:
            text += "\n" + aligned(at.document, opening)
    return Stroke(start, end, text, (after, after))


_ANSWERS: Mapping[str, Callable[[Typing], Stroke | None]] = {
    "(": _opened,
    '"': _quoted,
    ")": _closed,
    "backspace": _erased,
    "enter": _broken,
}


def _pair(start: Place, end: Place, text: str) -> Stroke:
    inner = start[0], start[1] + 1
    return Stroke(start, end, text, (inner, inner), (start, inner))


def _wrapped(at: Typing, opening: str, closing: str) -> Stroke:
    """Put what is selected between two signs; it stays selected."""
    start, end = sorted(at.selected)
    text = opening + at.document.get_text_range(start, end) + closing
    first, last = (start[0], start[1] + 1), (end[0], end[1] + (start[0] == end[0]))
    selected = (first, last) if at.selected[0] == start else (last, first)
    return Stroke(start, end, text, selected)


def _over(at: Typing, closing: Place) -> Stroke:
    """Go behind a sign; blanks before it go."""
    place = at.selected[1]
    after = place[0], place[1] + 1
    return Stroke(place, closing, "", (after, after))


def _closing(at: Typing, sign: str) -> Place | None:
    """Where the innermost thing that closed itself ends, if it ends with a sign."""
    if not at.pairs:
        return None
    row, column = at.pairs[-1][1]
    return (row, column) if at.document.get_line(row).startswith(sign, column) else None


def _is_blank_between(document: LineDocument, place: Place, closing: Place) -> bool:
    for row in range(place[0], closing[0] + 1):
        first = place[1] if row == place[0] else 0
        last = closing[1] if row == closing[0] else None
        if document.get_line(row)[first:last].strip():
            return False
    return True


def _inside(document: LineDocument, place: Place) -> _TokenType | None:
    """`String` in a text, the kind of comment in a comment, None elsewhere."""
    row, column = place
    before = document.get_line(row)[:column]
    tokens, after = line_tokens(before, document.state(row))
    if after.comment_depth:
        return Comment.Multiline
    if after.in_triple or (tokens and _is_open(before, tokens[-1])):
        return String
    return Comment.Single if tokens and tokens[-1][2] is Comment.Single else None


def _is_open(line: str, token: tuple[int, int, _TokenType]) -> bool:
    """Whether a token is a text that its line does not end."""
    return token[2] is Error and line.startswith('"', token[0])


def _ends_a_text(behind: str) -> bool:
    """Whether a quote behind the cursor, which ends its line's last text, lacks its beginning."""
    tokens = line_tokens(behind, LineState())[0]
    return any(_is_open(behind, token) for token in tokens)


def _is_balanced(document: LineDocument, row: int) -> bool:
    """Whether every parenthesis of a row has its partner on it."""
    opens, closes = _alone(parentheses(document, row))
    return not opens and not closes


def _alone(found: Sequence[tuple[int, bool]]) -> tuple[list[int], list[int]]:
    """The columns of those that open and those that close without a partner among them."""
    opens: list[int] = []
    closes: list[int] = []
    for column, opening in found:
        if opening:
            opens.append(column)
        elif opens:
            opens.pop()
        else:
            closes.append(column)
    return opens, closes


def _closes_too_much(at: Typing, place: Place) -> bool:
    """Whether a parenthesis behind a place closes nothing, so that one may open there alone."""
    row, column = place
    closes = [close for close in _alone(parentheses(at.document, row))[1] if close >= column]
    own = {end for _, end in at.pairs}
    if not closes or (row, closes[-1]) in own:
        return False
    return matching_parenthesis(at.document, (row, closes[-1])) is None


def _margin_below(document: LineDocument, place: Place) -> str:
    """What the line begins with that a break at a place makes.

    That of the form's line where the line closes a form which began above it.
    """
    row, column = place
    line = document.get_line(row)
    margin = line[: len(line) - len(line.lstrip())]
    opens, closes = _alone([one for one in parentheses(document, row) if one[0] < column])
    if closes and closes[-1] != len(margin):
        opening = matching_parenthesis(document, (row, closes[-1]))
        margin = aligned(document, opening) if opening else margin
    return margin + INDENT * len(opens)


def aligned(document: LineDocument, opening: Place) -> str:
    """What a line begins with that begins with the partner of a parenthesis."""
    row, column = opening
    line = document.get_line(row)
    opens = _alone([one for one in parentheses(document, row) if one[0] < column])[0]
    return line[: len(line) - len(line.lstrip())] + INDENT * len(opens)


def _head(document: LineDocument, opening: Place) -> str:
    found = _HEAD.match(document.get_line(opening[0]), opening[1] + 1)
    return found[0] if found else ""

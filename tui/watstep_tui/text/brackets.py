"""Parentheses and their partners, by tokens: strings and comments do not count."""

from __future__ import annotations

from pygments.token import Punctuation

from watstep_tui.highlight import line_tokens
from watstep_tui.text.document import LineDocument
from watstep_tui.text.marks import Place

FARTHEST = 2000
"""Rows that a partner is looked for in."""


def matching_parenthesis(document: LineDocument, place: Place) -> Place | None:
    """Where the partner of the parenthesis at a place stands; None where it stands for itself."""
    row, column = place
    forward = document.get_line(row)[column] == "("
    step = 1 if forward else -1
    last = min(row + FARTHEST, document.line_count) if forward else max(row - FARTHEST, -1)
    depth = 0
    for at in range(row, last, step):
        found = parentheses(document, at)
        if at == row:
            if (column, forward) not in found:
                return None
            found = [one for one in found if (one[0] >= column if forward else one[0] <= column)]
        for where, opens in found if forward else reversed(found):
            depth += 1 if opens == forward else -1
            if depth == 0:
                return at, where
    return None


def opening_around(document: LineDocument, place: Place) -> Place | None:
    """Where the innermost parenthesis stands that is open at a place; None where there is none."""
    row, column = place
    depth = 0
    for at in range(row, max(row - FARTHEST, -1), -1):
        found = parentheses(document, at)
        if at == row:
            found = [one for one in found if one[0] < column]
        for where, opens in reversed(found):
            depth += 1 if opens else -1
            if depth > 0:
                return at, where
    return None


def parentheses(document: LineDocument, row: int) -> list[tuple[int, bool]]:
    """The columns of a row's parentheses, and whether they open."""
    line = document.get_line(row)
    tokens = line_tokens(line, document.state(row))[0]
    return [(start, line[start] == "(") for start, _, kind in tokens if kind is Punctuation]

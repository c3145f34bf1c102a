"""Columns of a line, in characters, to cells of the terminal and back: one rule for every pane."""

from __future__ import annotations

from rich.cells import cell_len

from watstep.source.render import printable

TAB = "    "
"""What a tab is shown as."""
_UNSEEN = {
    ord(letter): "\ufffd" for letter in "\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u2060\ufeff"
}


def shown(text: str) -> str:
    """The text of a line as it is drawn: nothing in it moves the terminal's cursor by surprise."""
    if text.isprintable():
        return text
    return printable(text).translate(_UNSEEN).replace("\t", TAB)


def width(text: str) -> int:
    """The cells that the text of a line takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return cell_len(shown(text))


def cell_of(line: str, column: int) -> int:
    """The cell at which a character begins; `column` may be the line's length."""
    return width(line[:column])


def column_at(line: str, cell: int) -> int:
    """The character that a cell shows, or the line's length after its end."""
    if line.isascii() and line.isprintable():
        return max(0, min(cell, len(line)))
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        if cell_of(line, middle) <= cell:
            low = middle
        else:
            high = middle - 1
    return low


def next_column(line: str, column: int) -> int:
    """After the sign at `column`: marks that are drawn over a letter belong to it."""
    after = column + 1
    while after < len(line) and cell_of(line, after + 1) == cell_of(line, after):
        after += 1
    return min(after, len(line))


def previous_column(line: str, column: int) -> int:
    """Where the sign before `column` begins."""
    before = column - 1
    while before > 0 and cell_of(line, before + 1) == cell_of(line, before):
        before -= 1
    return max(before, 0)

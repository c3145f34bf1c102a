"""The panes that can be searched, each as a text with a place in it."""

from __future__ import annotations

from typing import Protocol

from textual.widget import Widget

from watstep.source.text import Position, Source, Span
from watstep_tui.screens.desk import Desk

Rows = dict[int, list[tuple[int, int]]]
"""Characters by row, from 0."""


class Searched(Protocol):
    """A pane in which something is looked for."""

    @property
    def widget(self) -> Widget:
        """What has the keys while one is in it."""

    @property
    def text(self) -> str:
        """What is looked through."""

    @property
    def here(self) -> tuple[int, int]:
        """The offsets of what is selected, or twice that of the cursor."""

    def choose(self, span: Span) -> None:
        """Go to a match, in sight."""

    def show(self, rows: Rows) -> None:
        """Show matches."""


def _offset(text: str, row: int, column: int) -> int:
    return Source("", text).offset(Position(row + 1, column + 1))


class InSource:
    """The source: a match is selected."""

    def __init__(self, desk: Desk) -> None:
        """Of a desk."""
        self.desk = desk

    @property
    def widget(self) -> Widget:
        """The pane."""
        return self.desk.editor

    @property
    def text(self) -> str:
        """The program."""
        return self.desk.editor.text

    @property
    def here(self) -> tuple[int, int]:
        """The selection."""
        start, end = sorted(self.desk.editor.selection)
        return _offset(self.text, *start), _offset(self.text, *end)

    def choose(self, span: Span) -> None:
        """Select it."""
        self.desk.select(span)

    def show(self, rows: Rows) -> None:
        """In the text."""
        self.desk.editor.show_found(rows)


class InExpansion:
    """The expansion: the cursor goes to a match."""

    def __init__(self, desk: Desk) -> None:
        """Of a desk."""
        self.desk = desk

    @property
    def widget(self) -> Widget:
        """The pane."""
        return self.desk.view

    @property
    def text(self) -> str:
        """What the pane shows."""
        return self.desk.view.text

    @property
    def here(self) -> tuple[int, int]:
        """The cursor."""
        at = _offset(self.text, *self.desk.view.cursor)
        return at, at

    def choose(self, span: Span) -> None:
        """Put the cursor there."""
        place = Source("", self.text).position(span.start)
        self.desk.view.move_cursor(place.line - 1, place.column - 1)

    def show(self, rows: Rows) -> None:
        """In the expansion."""
        self.desk.view.show_found(rows)


class InTab:
    """The open tab below the code: the row of a match is marked."""

    def __init__(self, desk: Desk) -> None:
        """Of a desk."""
        self.desk = desk

    @property
    def widget(self) -> Widget:
        """The pane."""
        return self.desk.panel

    @property
    def text(self) -> str:
        """Its rows."""
        panel = self.desk.panel
        return "\n".join(row.text.plain for row in panel.contents.get(panel.tab, ()))

    @property
    def here(self) -> tuple[int, int]:
        """The marked row."""
        row = self.desk.panel.pointed_at
        lines = self.text.split("\n")
        start = sum(len(line) + 1 for line in lines[:row])
        return start, start + len(lines[row]) if row < len(lines) else start

    def choose(self, span: Span) -> None:
        """Mark its row."""
        self.desk.panel.mark_row(self.text.count("\n", 0, span.start))

    def show(self, rows: Rows) -> None:
        """In the rows."""
        self.desk.panel.show_found(rows)

"""Rows that are made when they are looked at."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import overload

from rich.text import Text


class LazyRows(Sequence[Text]):
    """Rows of a pane, of which only those in sight cost anything."""

    @abstractmethod
    def row(self, index: int) -> Text:
        """The row of an index from 0."""

    def plain(self, index: int) -> str:
        """What a row says, without how it looks."""
        return self.row(index).plain

    def length(self, index: int) -> int:
        """The cells of a whole row."""
        return self.row(index).cell_len

    @property
    def kept(self) -> int:
        """The cells at the beginning of rows that stay when the others move sideways."""
        return 0

    @overload
    def __getitem__(self, index: int) -> Text: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Text]: ...

    def __getitem__(self, index: int | slice) -> Text | Sequence[Text]:
        """A row, or several."""
        if isinstance(index, slice):
            return [self.row(at) for at in range(len(self))[index]]
        return self.row(range(len(self))[index])

"""Answers to questions as rows that lead to instants: a tree of causes, lists of occasions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from watstep.debug import telling
from watstep.debug.causes import Cause, Operand
from watstep.debug.occasions import Occasion, Occasions
from watstep.debug.session import Session
from watstep_tui.rows.lazy import LazyRows

_DEEPEST = 20
"""Levels beyond which a tree is drawn no further to the right."""


class LeadingRows(LazyRows):
    """Rows of one answer; each may lead to an instant of the timeline that was asked."""

    def __init__(self, session: Session, title: str) -> None:
        """The answer to a question, as the pane's title has it."""
        self.title = title
        self.program, self.timeline = session.program, session.timeline

    @abstractmethod
    def lead(self, index: int) -> int | None:
        """The instant that a row leads to, None where it leads to none."""


def _instant(instant: int | None) -> Text:
    return Text.assemble((f"{'' if instant is None else f'{instant:,}':>9}  ", "muted"))


@dataclass(frozen=True, slots=True)
class Node:
    """A row of a tree, and whether the rows under it are shown."""

    depth: int
    cause: Cause
    opened: bool = False


class CauseRows(LeadingRows):
    """A tree of causes, of which the nodes that were opened are known."""

    def __init__(self, session: Session, title: str, root: Cause) -> None:
        """The root alone."""
        super().__init__(session, title)
        self.nodes = [Node(0, root)]

    def __len__(self) -> int:
        """How many rows are shown."""
        return len(self.nodes)

    def row(self, index: int) -> Text:
        """A value, how it was made and by which form."""
        depth, cause = self.nodes[index].depth, self.nodes[index].cause
        head, how, form = telling.cause_parts(self.program, self.timeline.tape, cause)
        row = _instant(cause.instant)
        row.append("  " * min(depth, _DEEPEST))
        mark = "▾ " if self.nodes[index].opened else "▸ " if cause.operands else "· "
        row.append(mark, "muted").append(head, "strong")
        for text in (how, form):
            row.append(f"  {text}" if text else "", "muted" if text is how else "")
        return row

    def lead(self, index: int) -> int | None:
        """The instant at which the value was made."""
        return self.nodes[index].cause.instant

    def unopened(self, index: int) -> tuple[Operand, ...]:
        """What would be shown under a row; () where it is opened, or is a leaf."""
        node = self.nodes[index]
        return () if node.opened else node.cause.operands

    def open(self, index: int, causes: Sequence[Cause]) -> None:
        """Show the causes of a row under it."""
        node = self.nodes[index]
        under = [Node(node.depth + 1, cause) for cause in causes]
        self.nodes[index : index + 1] = [Node(node.depth, node.cause, True), *under]

    def close(self, index: int) -> None:
        """Hide all that is under a row."""
        node, after = self.nodes[index], index + 1
        while after < len(self.nodes) and self.nodes[after].depth > node.depth:
            after += 1
        self.nodes[index:after] = [Node(node.depth, node.cause)]


class OccasionRows(LeadingRows):
    """The instants at which something happens."""

    def __init__(self, session: Session, title: str, found: Occasions) -> None:
        """All that are told."""
        super().__init__(session, f"{title} · {telling.count_text(found)}")
        self.told: Sequence[Occasion] = found.told
        self.left = found.count - len(found.told)

    def __len__(self) -> int:
        """One row says how many more there are, or that there are none."""
        return len(self.told) + (self.left > 0 or not self.told)

    def row(self, index: int) -> Text:
        """An instant, and what differs there."""
        if index >= len(self.told):
            more = f"and {self.left:,} more" if self.left else "it never happens in this run"
            return Text.assemble((more, "muted"))
        occasion = self.told[index]
        return _instant(occasion.instant).append(telling.occasion_text(self.program, occasion))

    def lead(self, index: int) -> int | None:
        """Its instant."""
        return self.told[index].instant if index < len(self.told) else None


class ToldRows(LeadingRows):
    """Rows that are sentences, some of which lead somewhere."""

    def __init__(
        self, session: Session, title: str, rows: Sequence[tuple[int | None, str]]
    ) -> None:
        """Each with the instant that it leads to."""
        super().__init__(session, title)
        self.told = rows

    def __len__(self) -> int:
        """How many there are."""
        return len(self.told)

    def row(self, index: int) -> Text:
        """A sentence."""
        instant, text = self.told[index]
        return _instant(instant).append(text, "strong" if index == 0 else "")

    def lead(self, index: int) -> int | None:
        """Where it leads."""
        return self.told[index][0]

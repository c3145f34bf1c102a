"""Commands for bookmarks: instants of the run with a note."""

from __future__ import annotations

from typing import Any

from watstep.debug.commands.row import Command, Reply, asking, read_number, still
from watstep.debug.session import Session
from watstep.debug.state import Bookmark
from watstep.errors import CommandError


def _bookmark(session: Session, argument: str) -> Reply:
    made = Bookmark(session.position.instant, argument)
    others = (b for b in session.bookmarks if b.instant != made.instant)
    session.bookmarks = tuple(sorted((*others, made)))
    text = f"bookmark {session.bookmarks.index(made) + 1} at instant {made.instant}"
    return Reply("bookmark", still(text), text, made._asdict())


def _unbookmark(session: Session, argument: str) -> Reply:
    number = read_number(argument or "0", "a bookmark")
    if not 1 <= number <= len(session.bookmarks):
        raise CommandError(f"there is no bookmark {number}; `bookmarks` lists them")
    gone = session.bookmarks[number - 1]
    session.bookmarks = tuple(b for b in session.bookmarks if b is not gone)
    return Reply("unbookmark", still(), f"the bookmark at instant {gone.instant} is gone")


def _list(session: Session, argument: str) -> tuple[str, Any]:
    marks = session.bookmarks
    rows = [f"{n:>3}  instant {b.instant}  {b.note}".rstrip() for n, b in enumerate(marks, 1)]
    return "\n".join(rows) or "no bookmarks", [b._asdict() for b in marks]


MARKING: tuple[Command, ...] = (
    Command("bookmark", (), "[NOTE]", "mark this instant, with a note", _bookmark),
    Command("bookmarks", (), "", "list the bookmarks", asking("bookmarks", _list)),
    Command("unbookmark", (), "NUMBER", "take a bookmark away", _unbookmark),
)

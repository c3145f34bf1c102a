"""Work that IDEs left when they ended without a word: all of it, offered at the start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from watstep.source.render import printable
from watstep.source.text import counted
from watstep_tui.files.listing import folder_text
from watstep_tui.files.recovery import Left, left_behind
from watstep_tui.files.workspace import RECOVERY
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.switching import Switching

OPEN, LATER, DISCARD = "Open all", "Later", "Discard all"


class Recovering:
    """What a desk offers of such work, but for that on the program it begins with."""

    def __init__(self, desk: Desk, switching: Switching) -> None:
        """It is opened beside the desk's program."""
        self.desk, self.switching = desk, switching

    def offer(self) -> None:
        """Ask what to do with it, where there is any."""
        here = {buffer.workspace.identity for buffer in self.desk.buffers}
        left = [
            item
            for item in left_behind(self.desk.workspace.state_folder / RECOVERY)
            if item.path is None or str(item.path) not in here
        ]
        if not left:
            return
        from watstep_tui.screens.dialogs.question import QuestionDialog

        question = (
            f"watstep ended with unsaved work on {counted(len(left), 'other program')}. What is "
            "opened has its work as an edit, which can be undone; discarding cannot."
        )
        dialog = QuestionDialog(
            question, (OPEN, LATER, DISCARD), title="Unsaved work", details=listed(left)
        )
        self.desk.app.push_screen(dialog, lambda answer: self._take(answer, left))

    def _take(self, answer: str | None, left: Sequence[Left]) -> None:
        if answer == OPEN:
            begun = self.desk.buffer
            for item in left:
                self.switching.open(item.path, take=True)
            self.switching.show(self.desk.buffers.index(begun) if begun in self.desk.buffers else 0)
        elif answer == DISCARD:
            for item in left:
                item.discard()
        else:
            self.desk.note("it is offered again at the next start, and when its file is opened")


def listed(left: Sequence[Left]) -> Text:
    """A line for each program: its name, when its work was kept, how much that is, and where."""
    text = Text(no_wrap=True, overflow="ellipsis")
    names = [printable(item.path.name) if item.path else "untitled" for item in left]
    wide = max(map(len, names))
    for name, item in zip(names, left, strict=True):
        kept = datetime.fromtimestamp(item.kept)
        lines = counted(len(item.text.splitlines()), "line")
        text.append(f"{name:<{wide}}", "bold")
        text.append(f"  {kept:%d %b %H:%M}  {lines}", "not bold")
        if item.path is not None:
            text.append(f"  {printable(folder_text(item.path.parent))}", "dim not bold")
        text.append("\n")
    text.rstrip()
    return text

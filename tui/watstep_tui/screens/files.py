"""Files: opening, saving, what others write into them, and work that must not be lost."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rich.text import Text
from textual.timer import Timer

from watstep.errors import reason_of
from watstep.source.render import printable
from watstep.source.writing import write_whole
from watstep_tui.files.listing import write_problem
from watstep_tui.files.workspace import DiskNews, DiskState, Workspace
from watstep_tui.keymap import key_for
from watstep_tui.screens.buffers import Buffer
from watstep_tui.screens.desk import Desk

if TYPE_CHECKING:
    # Loaded when there is something to compare.
    from watstep_tui.screens.dialogs.difference import Chosen

DISK_PAUSE = 1.5
"""Seconds between looks at whether another program wrote the file."""
KEEP_PAUSE = 1.0
"""Seconds without a key after which unsaved work is kept."""
MOST_DIFFERENCES = 60
"""Lines of a comparison that are shown."""
_HUNK = re.compile(r"@@ \S+ \+(\d+)")
MOST_COMPARED = 4_000
"""Lines of two texts together that are compared line by line; it takes time."""


class Opened(Protocol):
    """What is told when another file was taken."""

    def __call__(self, *, moved: bool) -> None:
        """`moved`: it is the same program under another name."""


class Files:
    """The file of a desk; `opened` is called when another was taken, `saved` when it is written."""

    def __init__(self, desk: Desk, opened: Opened, saved: Callable[[], None]) -> None:
        """Begin with the desk's program."""
        self.desk = desk
        self._opened, self._saved = opened, saved
        self._keep_timer: Timer | None = None
        self._not_kept = False

    def begin(self, then: Callable[[], None]) -> None:
        """Watch the disk; say what there is to say of the file, and go on once it is answered."""
        self.desk.set_interval(DISK_PAUSE, self.look_around)
        self.greet(then)

    def greet(self, then: Callable[[], None] = lambda: None) -> None:
        """Offer what a crash left; warn of what is particular with this file."""
        desk = self.desk
        if desk.workspace.path is not None:
            desk.store.add_recent(str(desk.workspace.path))
            if not desk.workspace.path.exists():
                desk.note(f"{desk.workspace.name} is a new file: {key_for('save')} writes it")
        if desk.workspace.copy.shared:
            desk.notify(
                f"{desk.workspace.name} is open in another watstep: the last to save wins, and "
                "each is told what the other wrote",
                severity="warning",
                timeout=10,
            )
        if self.desk.buffer.recovered is not None:
            self._offer_recovery(then)
        else:
            then()

    def _offer_recovery(self, then: Callable[[], None]) -> None:
        from watstep_tui.screens.dialogs.question import QuestionDialog

        kept = self.desk.buffer.recovered or ""
        question = (
            f"Unsaved work on {self.desk.workspace.name} was kept when watstep ended. Taking it "
            "can be undone; discarding cannot."
        )
        details = difference(self.desk.editor.text, kept)
        dialog = QuestionDialog(
            question, ("Take it", "Discard"), title="Unsaved work", details=details
        )
        self.desk.app.push_screen(dialog, lambda answer: self._recover(answer, then))

    def _recover(self, answer: str | None, then: Callable[[], None]) -> None:
        if answer is None:
            # Unanswered, the next key would write over what was kept.
            self._offer_recovery(then)
            return
        if answer == "Take it":
            self.take_recovered()
        else:
            self.desk.buffer.recovered = None
            self.desk.workspace.copy.forget()
        then()

    def take_recovered(self) -> None:
        """Have what a crash left of the program as its text."""
        left, self.desk.buffer.recovered = self.desk.buffer.recovered, None
        if left is not None:
            self.replace_text(left)

    def replace_text(self, text: str) -> None:
        """As one edit, which undo takes back."""
        editor = self.desk.editor
        editor.history.checkpoint()
        editor.replace(text, (0, 0), editor.document.end)
        editor.history.checkpoint()

    def keep_soon(self) -> None:
        """The text changed: keep it after a pause."""
        if self._keep_timer:
            self._keep_timer.stop()
        self._keep_timer = self.desk.set_timer(KEEP_PAUSE, self.keep)

    def keep(self) -> None:
        """Put unsaved work where it outlives a crash; where that fails, say so once."""
        if self.desk.buffer.recovered is not None:
            return
        try:
            if self.desk.unsaved:
                self.desk.workspace.copy.keep(self.desk.editor.text)
            else:
                self.desk.workspace.copy.forget()
        except OSError as failure:
            if not self._not_kept:
                self._not_kept = True
                message = (
                    f"a crash would lose unsaved work: it cannot be kept: {reason_of(failure)}"
                )
                self.desk.notify(message, severity="warning", timeout=10)
        else:
            self._not_kept = False

    def look_around(self) -> None:
        """See what other programs wrote into the files of all open programs."""
        desk = self.desk
        if desk.app.screen is not desk:
            return
        for buffer in desk.buffers:
            if buffer is not desk.buffer:
                self._look_away(buffer)
        self.look_at_disk()

    def look_at_disk(self) -> bool:
        """Offer what another program wrote into the file; whether there was something to offer."""
        desk = self.desk
        if desk.app.screen is not desk:
            return False
        news, buffer = desk.workspace.look(), desk.buffer
        if news.state is DiskState.SAME and buffer.news is not None:
            news = buffer.news
        buffer.news = None
        self._tell(news, buffer)
        if news.state is not DiskState.CHANGED:
            return False
        if news.text != desk.editor.text:
            self._offer_disk(news.text)
            return True
        buffer.saved_text = news.text
        desk.show_name()
        return False

    def _look_away(self, buffer: Buffer) -> None:
        """The same of a program that is not in sight: what it is offered waits until it is."""
        news = buffer.workspace.look()
        self._tell(news, buffer)
        if news.state is DiskState.SAME:
            return
        buffer.news = None
        if buffer.page is not None and news.text == buffer.page.document.text:
            buffer.saved_text = news.text
            self.desk.show_name()
        elif news.state is DiskState.CHANGED:
            buffer.news = news
            name = buffer.workspace.name
            message = f"{name} was changed by another program: go there to see how"
            self.desk.notify(message, severity="warning", timeout=10)

    def _tell(self, news: DiskNews, buffer: Buffer) -> None:
        """Say that a file is gone, or cannot be read any more."""
        desk, name = self.desk, buffer.workspace.name
        if news.state is DiskState.GONE:
            buffer.saved_text = ""
            desk.show_name()
            again = f"{key_for('save')} writes it again"
            message = f"{name} was deleted by another program: {again}"
        elif news.state is DiskState.UNREADABLE:
            message = f"another program changed {name}, and it cannot be read: {news.text}"
        else:
            return
        desk.notify(message, severity="warning", timeout=10)

    def _offer_disk(self, changed: str) -> None:
        from watstep_tui.screens.dialogs.difference import DifferenceDialog

        desk = self.desk
        unsaved = ", and there is unsaved work here" if desk.unsaved else ""
        question = (
            f"{desk.workspace.name} was changed by another program{unsaved}. What is taken is one "
            "edit, which can be undone; what is kept writes over the file at the next save."
        )
        dialog = DifferenceDialog(question, desk.editor.text, changed, desk.editor.look)
        desk.app.push_screen(dialog, lambda chosen: self._take_disk(chosen, changed))

    def _take_disk(self, chosen: Chosen | None, changed: str) -> None:
        desk = self.desk
        desk.buffer.saved_text = changed
        if chosen is not None and chosen.text != desk.editor.text:
            self.replace_text(chosen.text)
            if chosen.text == changed:
                desk.buffer.saved_text = desk.editor.text
        desk.show_name()
        self.keep_soon()
        if chosen is not None and chosen.elsewhere:
            self.action_save_as()

    def action_save(self) -> None:
        """Write the file, or say why not; what another program wrote is offered first."""
        self.save()

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Save, asking for a name where there is none; `then` is done once it is saved."""
        if self.desk.workspace.path is None:
            self._ask_name(then)
        elif not self.look_at_disk():
            self._when_readable(lambda: self._write_then(then))

    def _when_readable(self, then: Callable[[], None]) -> None:
        """Write: what another program wrote and nobody can be shown, once it is given up."""
        from watstep_tui.screens.dialogs.question import QuestionDialog

        workspace = self.desk.workspace
        if not workspace.strange:
            then()
            return
        question = (
            f"Another program wrote into {workspace.name} what cannot be read here. Saving "
            f"replaces it; {key_for('save_as')} saves elsewhere."
        )
        dialog = QuestionDialog(question, ("Cancel", "Replace it"), title="Save")
        self.desk.app.push_screen(dialog, lambda answer: then() if answer == "Replace it" else None)

    def _write_then(self, then: Callable[[], None] | None) -> None:
        if self._write():
            self._saved()
            if then:
                then()

    def _write(self) -> bool:
        desk = self.desk
        text = desk.editor.text
        try:
            desk.workspace.save(text)
        except OSError as failure:
            reason = reason_of(failure)
            elsewhere = f"{key_for('save_as')} saves elsewhere"
            message = f"{desk.workspace.path}: {reason}; the text is still here: {elsewhere}"
            desk.notify(message, title="not saved", severity="error", timeout=15)
            return False
        desk.buffer.saved_text = text
        desk.show_name()
        desk.note(f"saved {desk.workspace.name}")
        return True

    def action_save_as(self) -> None:
        """Save under a name that is asked for."""
        self._ask_name(None)

    def _ask_name(self, then: Callable[[], None] | None) -> None:
        from watstep_tui.screens.dialogs.path import PathDialog

        here = self.desk.workspace.path
        folder = here.parent if here else Path.cwd()
        dialog = PathDialog("Save as", folder, write_problem, typed=here.name if here else "")
        self.desk.app.push_screen(dialog, lambda path: self._save_under(path, then))

    def _save_under(self, path: Path | None, then: Callable[[], None] | None) -> None:
        if path is not None and path == self.desk.workspace.path:
            self.save(then)
        elif path is not None:
            self._when_free(path, lambda: self._move_to(path, then))

    def _when_free(self, path: Path, then: Callable[[], None]) -> None:
        """Write under a path: where something stands there, once it is given up by an answer."""
        from watstep_tui.screens.dialogs.question import QuestionDialog

        if not path.exists():
            then()
            return
        question = f"{path.name} exists already. Saving replaces what stands in it."
        dialog = QuestionDialog(question, ("Cancel", "Replace it"), title="Save as")
        self.desk.app.push_screen(dialog, lambda answer: then() if answer == "Replace it" else None)

    def action_save_expansion(self) -> None:
        """Write the standard WAT that the program becomes into a file that is asked for."""
        from watstep_tui.screens.dialogs.path import PathDialog

        here = self.desk.workspace.path
        folder = here.parent if here else Path.cwd()
        typed = f"{here.stem if here else 'untitled'}.expanded.wat"

        def judge(path: Path) -> str | None:
            if path == here:
                return "this is the program itself: give the expansion another name"
            return write_problem(path)

        dialog = PathDialog("Save expansion as", folder, judge, typed=typed)
        self.desk.app.push_screen(
            dialog,
            lambda path: (
                self._when_free(path, lambda: self._write_expansion(path)) if path else None
            ),
        )

    def _write_expansion(self, path: Path) -> None:
        try:
            write_whole(path, self.desk.fresh().expansion.full.text, 0o644)
        except OSError as failure:
            self.desk.notify(
                f"{path}: {reason_of(failure)}", title="not saved", severity="error", timeout=15
            )
        else:
            self.desk.note(f"saved the expansion as {path.name}")

    def _move_to(self, path: Path, then: Callable[[], None] | None) -> None:
        desk = self.desk
        if any(buffer.workspace.identity == str(path.resolve()) for buffer in desk.buffers):
            desk.notify(f"{path.name} is open beside this one: close it first", severity="error")
            return
        before = desk.workspace
        desk.buffer.workspace = Workspace(path, before.state_folder)
        if not self._write():
            desk.workspace.copy.release()
            desk.buffer.workspace = before
            return
        before.copy.forget()
        before.copy.release()
        desk.store.add_recent(str(path))
        self._opened(moved=True)
        if then:
            then()

    def when_safe(self, then: Callable[[], None]) -> None:
        """Do something that gives the text up, once it is saved or given up by an answer."""
        from watstep_tui.screens.dialogs.question import QuestionDialog

        desk = self.desk
        if not desk.unsaved:
            desk.workspace.copy.forget()
            then()
            return

        def answered(answer: str | None) -> None:
            if answer == "Save":
                self.save(then)
            elif answer == "Discard":
                desk.workspace.copy.forget()
                then()

        question = f"There is unsaved work on {desk.workspace.name}."
        dialog = QuestionDialog(
            question,
            ("Save", "Discard", "Stay"),
            title="Unsaved work",
            details=difference(desk.buffer.saved_text, desk.editor.text),
        )
        desk.app.push_screen(dialog, answered)


def difference(before: str, after: str) -> Text:
    """What a text would gain and lose, line by line, each with its sign."""
    text = Text(no_wrap=True, overflow="ellipsis")
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_COMPARED:
        text.append(f"{len(old):,} lines would become {len(new):,}")
        return text
    lines = difflib.unified_diff(old, new, lineterm="", n=1)
    shown = [line for line in lines if not line.startswith(("---", "+++"))]
    for line in shown[:MOST_DIFFERENCES]:
        place = _HUNK.match(line)
        style = "bold" if line.startswith("+") else "dim" if line.startswith("-") else ""
        text.append(f"line {place[1]}\n" if place else printable(line) + "\n", style)
    if len(shown) > MOST_DIFFERENCES:
        text.append(f"and {len(shown) - MOST_DIFFERENCES} lines more\n")
    text.rstrip()
    return text or Text("only line ends differ")

"""Several programs at once: opening, going from one to another, closing, leaving all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.widgets import Input

from watstep.errors import SourceError
from watstep.source.text import Position
from watstep_tui.files.listing import read_problem
from watstep_tui.files.workspace import Workspace
from watstep_tui.keymap import key_for
from watstep_tui.screens.buffers import Buffer
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.files import Files, Opened
from watstep_tui.screens.kept_runs import KeptRuns
from watstep_tui.screens.resuming import Resuming


class Switching:
    """The open programs of a desk; `opened` is called when another one is edited."""

    def __init__(self, desk: Desk, files: Files, resuming: Resuming, opened: Opened) -> None:
        """Begin with the desk's one program."""
        self.desk, self.files, self.running = desk, files, resuming.running
        self._opened = opened
        self.kept_runs = KeptRuns(desk, resuming, self.begin)

    def action_next_buffer(self) -> None:
        """The program after the one that is edited, the first after the last."""
        self._turn(1)

    def action_previous_buffer(self) -> None:
        """The program before the one that is edited."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        buffers = self.desk.buffers
        if len(buffers) == 1:
            self.desk.note(f"no other program is open: {key_for('open')} opens one")
        else:
            self.show((buffers.index(self.desk.buffer) + by) % len(buffers))

    def show(self, index: int) -> None:
        """Edit another of the open programs."""
        following = self.desk.buffers[index]
        if following is not self.desk.buffer:
            self.desk.begin_jump()
            self._turn_to(following)

    def _turn_to(self, following: Buffer) -> None:
        self._put_away()
        self._take(following)
        self.files.look_at_disk()

    def action_back(self) -> None:
        """Back to where the last jump began, in whichever program that was."""
        found = self.desk.trail.back()
        if found is None:
            self.desk.note("nothing to go back to: this is where you were first")
            return
        buffer, (row, column) = found
        if buffer is not self.desk.buffer:
            self._turn_to(buffer)
        self.desk.put_cursor(Position(row + 1, column + 1))

    def _put_away(self) -> None:
        desk = self.desk
        self.files.keep()
        self.running.keep()
        desk.buffer.page = desk.editor.put_away()

    def _take(self, buffer: Buffer) -> None:
        desk = self.desk
        desk.buffer = buffer
        if buffer.page is not None:
            desk.editor.take(buffer.page)
            buffer.page = None
        desk.forget_note()
        self._opened(moved=False)

    def action_open(self) -> None:
        """Open another program, which is asked for, beside those that are open."""
        from watstep_tui.screens.dialogs.path import PathDialog

        here = self.desk.workspace.path
        folder = here.parent if here else Path.cwd()
        recent = [path for path in self.desk.store.read_user().recent if path != str(here)]
        dialog = PathDialog("Open", folder, read_problem, recent=recent, deep=True)
        self.desk.app.push_screen(dialog, lambda path: self.open(path) if path else None)

    def action_new(self) -> None:
        """Begin a program without a file, beside those that are open."""
        self.open(None)

    def open(self, path: Path | None, *, take: bool = False) -> None:
        """Edit another file, or none; one that is open already is gone to.

        What a crash left of it is asked about, or with `take` is its text.
        """
        desk = self.desk
        if path and self.kept_runs.open(path):
            return
        identity = str(path.resolve()) if path else ""
        for index, buffer in enumerate(desk.buffers):
            if path and buffer.workspace.identity == identity:
                self.show(index)
                return
        workspace = Workspace(path, desk.workspace.state_folder)
        try:
            found = workspace.open()
        except SourceError as refused:
            workspace.copy.release()
            desk.notify(str(refused), severity="error", timeout=10)
            return
        page = desk.editor.page_of(found.text)
        following = Buffer(workspace, page.document.text, found.recovered, page)
        place = desk.buffers.index(desk.buffer)
        if path and desk.workspace.path is None and not (desk.unsaved or desk.editor.text):
            # A program that was never begun gives way.
            desk.buffers[place] = following
            desk.workspace.copy.release()
            desk.trail.forget(desk.buffer)
        else:
            desk.begin_jump()
            self._put_away()
            desk.buffers.insert(place + 1, following)
        self._take(following)
        if take:
            self.files.take_recovered()
        self.files.greet()

    def begin(self, text: str, called: str) -> None:
        """Edit a program without a file that begins with a text; only what is changed is work."""
        desk = self.desk
        if desk.workspace.path is not None or desk.editor.text:
            self.action_new()
        desk.workspace.called = called
        editor = desk.editor
        editor.replace(text, (0, 0), editor.document.end)
        editor.move_cursor((0, 0))
        desk.buffer.saved_text = editor.text
        desk.show_name()
        editor.focus()

    def action_close_buffer(self) -> None:
        """Close the program that is edited; unsaved work is asked about first."""
        focused = self.desk.focused
        if isinstance(focused, Input):
            # In a line to type in, the key takes away a word, as everywhere.
            focused.action_delete_left_word()
        else:
            self.files.when_safe(self._close)

    def _close(self) -> None:
        desk = self.desk
        self.running.keep()
        self.running.stop()
        self.running.runs.leave()
        desk.workspace.copy.release()
        if len(desk.buffers) == 1:
            workspace = Workspace(None, desk.workspace.state_folder)
            desk.buffers.append(Buffer(workspace, "", page=desk.editor.page_of("")))
        index = desk.buffers.index(desk.buffer)
        desk.trail.forget(desk.buffer)
        del desk.buffers[index]
        self._take(desk.buffers[max(index - 1, 0)])
        self.files.look_at_disk()

    def when_all_safe(self, then: Callable[[], None]) -> None:
        """Do something that gives every text up, once each is saved or given up by one answer."""
        from watstep_tui.screens.dialogs.question import QuestionDialog

        desk = self.desk
        unsaved = self._unsaved()
        if len(unsaved) < 2:
            if unsaved:
                self.show(desk.buffers.index(unsaved[0]))
            self.files.when_safe(then)
            return
        names = ", ".join(
            name
            for buffer, name in zip(desk.buffers, desk.titles, strict=True)
            if buffer in unsaved
        )

        def answered(answer: str | None) -> None:
            if answer == "Save all":
                self._save_all(then)
            elif answer == "Discard all":
                for buffer in unsaved:
                    buffer.workspace.copy.forget()
                then()

        question = f"There is unsaved work on {len(unsaved)} programs: {names}."
        dialog = QuestionDialog(question, ("Save all", "Discard all", "Stay"), title="Unsaved work")
        desk.app.push_screen(dialog, answered)

    def _unsaved(self) -> list[Buffer]:
        desk = self.desk
        return [
            buffer
            for buffer in desk.buffers
            if (desk.unsaved if buffer is desk.buffer else buffer.unsaved)
        ]

    def _save_all(self, then: Callable[[], None]) -> None:
        """One after the other, each in sight; what cannot be saved stops it."""
        unsaved = self._unsaved()
        if not unsaved:
            then()
            return
        self.show(self.desk.buffers.index(unsaved[0]))
        if self.desk.app.screen is self.desk:
            self.files.save(lambda: self._save_all(then))

    def close_all(self) -> None:
        """Let other IDEs have the places of these programs; what is kept stays."""
        for buffer in self.desk.buffers:
            buffer.workspace.copy.release()

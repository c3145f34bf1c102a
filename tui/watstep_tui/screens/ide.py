"""The IDE's editing screen: what is typed is compiled beside it, its problems stand below."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual import on
from textual.widgets import TextArea

from watstep.host.settings import RunSettings
from watstep.pipeline import Compilation
from watstep.source.diagnostic import Diagnostic
from watstep.source.render import picture_line
from watstep.source.text import Source
from watstep_tui.configuration.preferences import Preferences
from watstep_tui.files.remembered import SettingsStore
from watstep_tui.files.workspace import Opened, Workspace
from watstep_tui.keymap import key_for
from watstep_tui.line import Line
from watstep_tui.results import aged_rows, problem_rows, project_rows
from watstep_tui.screens.answering import Answering, size_text
from watstep_tui.screens.code import CodeArea
from watstep_tui.screens.completing import Completing
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.explaining import Explaining
from watstep_tui.screens.files import Files
from watstep_tui.screens.finding import Finding
from watstep_tui.screens.fixing import Fixing
from watstep_tui.screens.guiding import Guiding
from watstep_tui.screens.informing import Informing
from watstep_tui.screens.naming import USES, Naming
from watstep_tui.screens.outside import Outside
from watstep_tui.screens.panel import BottomPanel
from watstep_tui.screens.recovering import Recovering
from watstep_tui.screens.resuming import Resuming
from watstep_tui.screens.running import Running
from watstep_tui.screens.selecting import Selecting
from watstep_tui.screens.shaping import Shaping
from watstep_tui.screens.switching import Switching
from watstep_tui.screens.viewing import Viewing
from watstep_tui.text.stops import sorted_words, within
from watstep_tui.theming import Look
from watstep_tui.widgets.bars import HeaderLine
from watstep_tui.widgets.editor import Editor
from watstep_tui.widgets.expansion import ExpansionView
from watstep_tui.widgets.find_bar import FindBar
from watstep_tui.widgets.popup import PopupList


class IdeScreen(Desk):
    """Editing: the text, and the rooms that do what the registry's rows say."""

    def __init__(
        self,
        workspace: Workspace,
        store: SettingsStore,
        opened: Opened,
        look: Look,
        given: RunSettings,
    ) -> None:
        """Edit what was opened; `given` is what the command line says of runs."""
        super().__init__(workspace, store, opened.text, look)
        self.buffer.recovered = opened.recovered
        self.files = Files(self, self.take_file, self.keep_breakpoints)
        self.running = Running(self, given, self.try_again)
        self.resuming = Resuming(self.running)
        self.outside = Outside(self, self.files)
        self.switching = Switching(self, self.files, self.resuming, self.take_file)
        self.recovering = Recovering(self, self.switching)
        self.finding = Finding(self)
        self.viewing = Viewing(self)
        self.guiding = Guiding(self, self.switching)
        self.shaping = Shaping(self)
        self.naming = Naming(self)
        self.selecting = Selecting(self)
        self.explaining = Explaining(self)
        self.fixing = Fixing(self, self.running)
        self.answering = Answering(self, self.running)
        self.completing = Completing(self, self.running.capabilities)
        self.informing = Informing(self, self.running.capabilities)
        self.rooms = (
            self,
            self.files,
            self.switching,
            self.outside,
            self.running,
            self.resuming,
            self.finding,
            self.fixing,
            self.viewing,
            self.guiding,
            self.explaining,
            self.shaping,
            self.naming,
            self.selecting,
            self.completing,
            self.informing,
            self.editor,
        )
        """Where the methods of the registry's rows are."""
        self._to_restore = False
        """Whether the kept breakpoints of the expansion are still to be shown."""
        self._restore_breakpoints()

    def action_named(self, name: str) -> Callable[[], object]:
        """What a row of the registry does, wherever on the screen it is written."""
        for room in self.rooms:
            found: Callable[[], object] | None = getattr(room, f"action_{name}", None)
            if found is not None:
                return found
        raise LookupError(name)

    def on_mount(self) -> None:
        """Begin in the source."""
        self.show_name()
        self.cursor_moved()
        self.editor.focus()
        self.files.begin(self.recovering.offer)
        self.completing.begin()
        self.editor.takes_key = lambda key: (
            self.informing.take_key(key) or self.completing.take_key(key)
        )
        self.say_problems_of_store()

    def on_unmount(self) -> None:
        """Nothing goes on without the screen."""
        self.answering.forget()
        self.running.stop()
        self.switching.close_all()

    def take_file(self, *, moved: bool) -> None:
        """Another file was opened, or with `moved` the program got another name."""
        self.completing.close()
        self.informing.close()
        self.running.take_file(moved=moved)
        if not moved:
            self._restore_breakpoints()
            self.naming.forget()
            self.selecting.forget()
            self.panel.display = self.panel.display and self.running.runs.last is not None
        self.show_name()
        self.code.path = str(self.workspace.path or "")
        self.code.compile(self.workspace.name)
        self.editor.focus()

    def _restore_breakpoints(self) -> None:
        """Put back those of the source; those of the expansion follow once it is this file's."""
        last = self.editor.document.line_count
        kept = sorted_words(self.running.runs.kept.breakpoints)
        self.show_breakpoints(within(kept.source, last), {})
        self._to_restore = True

    @on(Editor.Changed)
    def text_changed(self, event: TextArea.Changed) -> None:
        """Keep unsaved work after a pause; what was said of the text is over."""
        if event.text_area is not self.editor:
            return
        self.answering.forget()
        self.forget_note()
        self.finding.text_changed()
        self.completing.follow()
        self.viewing.hide_note()
        self.informing.close()
        self.files.keep_soon()
        self.show_name()

    @on(Editor.Typed)
    def letter_typed(self, event: Editor.Typed) -> None:
        """Offer what it may become."""
        self.completing.typed(event.letter)

    @on(Editor.Hovered)
    def explain_hovered(self, event: Editor.Hovered) -> None:
        """Say what is known of the word under the mouse."""
        self.informing.hover(event.place)

    @on(PopupList.Picked)
    def pick_from_popup(self, event: PopupList.Picked) -> None:
        """Take the row that was clicked."""
        self.completing.pick(event.row)

    @on(CodeArea.Fresh)
    def show_compilation(self, event: CodeArea.Fresh) -> None:
        """List the problems; answer what was typed."""
        if self._to_restore:
            self._to_restore = False
            kept = sorted_words(self.running.runs.kept.breakpoints)
            self.show_breakpoints(self.editor.breakpoints, kept.expansion)
        self._list_problems()
        self.resuming.mark()
        self.naming.take_text()
        self.answering.take(event.compilation)

    def _list_problems(self) -> None:
        found = self.compilation
        if found is not None:
            width = max((self.panel.size.width or self.size.width - 2) - 2, 40)
            rows = problem_rows(found.source, found.diagnostics, width)
            rows = aged_rows(rows) if self.code.aged else rows
            self.panel.put({"Problems": [*project_rows(self.code.project, width), *rows]})

    @on(CodeArea.Aged)
    @on(BottomPanel.Resized)
    def _list_problems_again(self) -> None:
        """The rows of the problems are as wide as their pane, and dim where they are old."""
        self._list_problems()

    def try_again(self) -> None:
        """What decides the answer changed, but not the text."""
        self.resuming.mark()
        found = self.code.fresh
        if found is not None:
            self.answering.take(found)

    @on(Editor.SelectionChanged)
    def cursor_moved(self) -> None:
        """Say where the cursor is; what is offered belongs to its word."""
        self.completing.follow()
        self.informing.follow()
        row, column = self.editor.selection.end
        self.status_line.show_place(f"{row + 1}:{column + 1}")
        self.naming.cursor_moved()

    @on(Editor.BreakpointToggled)
    @on(ExpansionView.BreakpointToggled)
    def keep_breakpoints(self) -> None:
        """They stand where they are kept, once they were put back."""
        if not self._to_restore:
            self.running.keep()

    @on(ExpansionView.Hovered)
    def hover(self, event: ExpansionView.Hovered) -> None:
        """Say what the mouse rests on."""
        self.viewing.hovered(event.place)

    @on(ExpansionView.CursorMoved)
    @on(Editor.SelectionChanged)
    def end_note(self) -> None:
        """What was said of a place is over where a cursor moved."""
        self.viewing.cursor_moved()
        self.informing.follow()
        self.forget_note()

    @on(ExpansionView.Left)
    def leave_expansion(self) -> None:
        """Escape in the expansion."""
        if self.info.display:
            self.informing.close()
        else:
            self.viewing.leave()

    @on(CodeArea.Refused)
    def say_refusal(self, event: CodeArea.Refused) -> None:
        """Why the expansion did not do it."""
        self.note(event.says)

    def action_toggle_breakpoint(self) -> None:
        """The cursor's line, in the pane in use."""
        self.code.toggle_breakpoint()
        self.keep_breakpoints()

    def action_copy_expansion(self) -> None:
        """To the terminal's clipboard."""
        self.app.copy_to_clipboard(self.view.text)
        self.note(f"copied the {str(self.view.border_title).lower()}")

    def action_next_problem(self) -> None:
        """The next problem after the cursor, else the first."""
        self._go_to_problem(1)

    def action_previous_problem(self) -> None:
        """The last problem before the cursor, else the last."""
        self._go_to_problem(-1)

    def _go_to_problem(self, direction: int) -> None:
        found = self.fresh()
        if not found.diagnostics:
            self.note("no problems")
            return
        places = [self.place_of(found.source, item.span.start) for item in found.diagnostics]
        here = self.editor.selection.end
        if direction > 0:
            index = next((at for at, place in enumerate(places) if place > here), 0)
        else:
            before = [at for at, place in enumerate(places) if place < here]
            index = before[-1] if before else len(places) - 1
        problem = found.diagnostics[index]
        self.go_to(found.source.position(problem.span.start))
        said = f"{index + 1} of {len(places)}: {problem.message}" + fix_hint(problem)
        stack = picture_line(found.source, problem.stack) if problem.stack else ""
        self.note(f"{said}  stack: {stack}" if stack else said)

    def action_expansion(self) -> None:
        """From one code pane to the other."""
        self.code.switch_pane()

    def action_panel(self) -> None:
        """Show the tabs and go there; from there, put them away."""
        if self.panel.has_focus:
            self.panel.display = False
            self.editor.focus()
        else:
            self.panel.open_tab(self.panel.tab)
            self.panel.focus()

    @on(BottomPanel.Entered)
    def go_to_row(self, event: BottomPanel.Entered) -> None:
        """A row of the tabs was chosen: go to what it speaks of."""
        if event.row.file and event.row.place is not None:
            self._open_project(Path(event.row.file), event.row.place.line)
        elif event.row.place is not None:
            self.go_to(event.row.place, self._text_of(self.panel.tab))
        elif event.row.call is not None:
            self.running.place_of_call(event.row.call)

    def _text_of(self, tab: str) -> Source | None:
        """The text that the places of a tab are of."""
        if tab == USES:
            return self.naming.listed
        if tab == "Problems":
            return self.compilation.source if self.compilation else None
        last = self.running.runs.last
        return last.program.source if last else None

    def _open_project(self, path: Path, line: int) -> None:
        """The project's file over the program, at a line; what is saved is compiled with."""
        from watstep_tui.configuration.user_files import Configuration
        from watstep_tui.screens.dialogs.own_file import OwnFileDialog

        folder = Configuration(path.parent)
        self.app.push_screen(OwnFileDialog(path.name, folder, self.code.compile, line=line))

    @on(HeaderLine.Picked)
    def pick_program(self, event: HeaderLine.Picked) -> None:
        """A click on a program's name shows it."""
        self.switching.show(event.index)

    @on(BottomPanel.Left)
    def leave_panel(self) -> None:
        """The keys belong to the text again."""
        self.editor.focus()

    @on(FindBar.Sought)
    def find(self, event: FindBar.Sought) -> None:
        """Look for what is typed."""
        self.finding.seek(event.query)

    @on(FindBar.Moved)
    def find_on(self, event: FindBar.Moved) -> None:
        """Go from match to match."""
        self.finding.move(event.by)

    @on(FindBar.Replaced)
    def replace(self, event: FindBar.Replaced) -> None:
        """Replace a match, or all of them."""
        self.finding.replace(every=event.every)

    @on(FindBar.Closed)
    def leave_find(self) -> None:
        """The keys belong to the pane that was searched again."""
        self.finding.leave()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape stops a run while one goes on; else it is whatever has the keys'."""
        if action == "stop_by_escape":
            return self.running.cancellation is not None
        return super().check_action(action, parameters)

    def action_stop_by_escape(self) -> None:
        """End the run."""
        self.running.stop()

    def show_keys(self) -> None:
        """Name the keys that actions have now, in sentences too."""
        super().show_keys()
        self._list_problems()
        self.try_again()

    def take_preferences(self, chosen: Preferences) -> None:
        """Follow the user's settings."""
        self.editor.cursor_blink = chosen.cursor_blink
        self.editor.closes = chosen.auto_close
        self.view.flashes = chosen.flash
        self.completing.unasked = chosen.complete
        self.stand_beside(chosen.side_by_side, chosen.tabs_beside)
        if self.answering.wanted != chosen.answer:
            self.answering.wanted = chosen.answer
            self.try_again()

    def show_look(self, look: Look) -> None:
        """Other colours."""
        for pane in (self.editor, self.view, self.panel):
            pane.look = look
            pane.refresh()
        self.popup.show_look(look)
        self.info.show_look(look)
        for line in self.query(Line):
            line.show_look(look)
        self.piece_note.show_look(look)

    def status(self, found: Compilation) -> str:
        """The part of the status line that says what the text becomes."""
        return size_text(found)


def fix_hint(problem: Diagnostic) -> str:
    """The key that mends a problem, where it can be mended."""
    return f"  {key_for('fix')}: {problem.fixes[0].title}" if problem.fixes else ""

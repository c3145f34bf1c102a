"""Source and expansion side by side, each following the other; what is typed is compiled."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message

from watstep.pipeline import Compilation
from watstep.source.text import Position, Source
from watstep_tui.compiling import Compiled, Compiler
from watstep_tui.linking import Linked, rows_of
from watstep_tui.theming import Look
from watstep_tui.widgets.editor import Editor
from watstep_tui.widgets.expansion import ExpansionView


class CodeArea(Container):
    """The two code panes, and the compilation of the text as it stands."""

    @dataclass
    class Fresh(Message):
        """Expansion, problems and links are those of the text as it stands."""

        compilation: Compilation

    def __init__(self, text: str, name: str, look: Look, *, id: str) -> None:  # noqa: A002
        """Edit a text; the name is what messages call it."""
        super().__init__(id=id)
        self.program_name = name
        self.editor = Editor(text, look, id="source")
        self.view = ExpansionView(look, id="expansion")
        self._compiled: Compiled | None = None
        self._compiler = Compiler(self._show)

    def compose(self) -> ComposeResult:
        """The source, then the expansion."""
        yield self.editor
        yield self.view

    def on_mount(self) -> None:
        """Paint first, compile after."""
        self.editor.border_title = "Source"
        self.view.border_title = "Expansion"
        self.call_after_refresh(self.compile)
        self.watch(self.editor, "scroll_y", self._follow_source, init=False)
        self.watch(self.view, "scroll_y", self._follow_expansion, init=False)

    def on_resize(self) -> None:
        """The lit form stands on one row at every size."""
        self.call_after_refresh(self.link)

    def _follow_source(self) -> None:
        """Scroll the expansion with the source, while that is in use."""
        if not self.view.has_focus:
            self.link()

    def _follow_expansion(self) -> None:
        """Scroll the source with the expansion, while that is in use."""
        if self.view.has_focus:
            self.link()

    @property
    def compilation(self) -> Compilation | None:
        """The newest compilation; it may be of an older text."""
        return self._compiled.compilation if self._compiled else None

    @property
    def fresh(self) -> Compilation | None:
        """The compilation of the text as it stands, None where that is going on."""
        found = self.compilation
        return found if found and found.source.text == self.editor.text else None

    @on(Editor.Changed)
    def compile_soon(self) -> None:
        """Compile once what was typed is painted."""
        self.call_after_refresh(self.compile)

    def compile(self, name: str | None = None) -> None:
        """Compile the text as it stands, away from the keyboard; a new name is kept."""
        self.program_name = name or self.program_name
        if self._compiler.ask(Source(self.program_name, self.editor.text)):
            self.run_worker(self._compiler.work(), group="compile")

    def _show(self, found: Compiled) -> None:
        """Bring the panes up to date, unless the text has moved on."""
        if found.compilation.source.text != self.editor.text:
            return
        self._compiled = found
        self.view.show(found.expanded)
        self.editor.show_problems(found.problems)
        self.link()
        self.post_message(self.Fresh(found.compilation))

    @on(Editor.SelectionChanged)
    @on(ExpansionView.CursorMoved)
    def link(self) -> None:
        """Light up in both panes the form under the cursor of the one in use."""
        if self.fresh is None or self._compiled is None:
            return
        found = self._found()
        if found is None:
            self.editor.show_linked({})
            self.view.show_linked({})
            return
        expanded = self._compiled.expanded.rendering.as_source
        written = rows_of(self._compiled.compilation.source, (found.source,))
        became = rows_of(expanded, found.expanded)
        anchor = expanded.line_of(found.anchor) - 1
        if self.view.has_focus:
            beside = self.view.cursor[0] - self.view.scroll_offset.y
            self.editor.show_linked(written, beside)
            self.view.show_linked(became)
        else:
            beside = self.editor.selection.end[0] - self.editor.scroll_offset.y
            self.editor.show_linked(written)
            self.view.show_linked(became, anchor, beside)

    def _found(self) -> Linked | None:
        """The form under the cursor of the pane in use."""
        if self._compiled is None:
            return None
        links = self._compiled.links
        if self.view.has_focus:
            expanded = self._compiled.expanded.rendering.as_source
            return links.from_expanded(_offset(expanded, self.view.cursor))
        return links.from_source(
            _offset(self._compiled.compilation.source, self.editor.selection.end)
        )

    @on(ExpansionView.Picked)
    def switch_pane(self) -> None:
        """Go from a form in the pane in use to the same form in the other pane."""
        found = self._found() if self.fresh else None
        if self.view.has_focus:
            self.editor.focus()
            if found is not None and self._compiled is not None:
                place = self._compiled.compilation.source.position(found.source.start)
                self.editor.move_cursor((place.line - 1, place.column - 1))
        else:
            self.view.focus()
            if found is not None and self._compiled is not None:
                place = self._compiled.expanded.rendering.as_source.position(found.anchor)
                self.view.move_cursor(place.line - 1, place.column - 1)

    @on(Editor.BreakpointToggled)
    def toggle_in_source(self, event: Editor.BreakpointToggled) -> None:
        """A click in the source's gutter."""
        self.editor.toggle_breakpoint(event.line)

    @on(ExpansionView.BreakpointToggled)
    def toggle_in_expansion(self, event: ExpansionView.BreakpointToggled) -> None:
        """A click in the expansion's gutter."""
        self.view.toggle_breakpoint(event.line)

    def toggle_breakpoint(self) -> None:
        """Toggle one on the cursor's line of the pane in use."""
        if self.view.has_focus:
            self.view.toggle_breakpoint(self.view.cursor[0] + 1)
        else:
            self.editor.toggle_breakpoint(self.editor.selection.end[0] + 1)


def _offset(source: Source, place: tuple[int, int]) -> int:
    """The offset of a row and a column, both from 0; in its indentation, of the line's text."""
    row, column = place
    line = source.line_text(row + 1)
    column = max(column, len(line) - len(line.lstrip()))
    return source.offset(Position(row + 1, column + 1))

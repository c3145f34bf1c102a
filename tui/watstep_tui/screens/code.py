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
from watstep_tui.linking import rows_of
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
        self.view.border_title = "Expansion"
        self.call_after_refresh(self.compile)

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
        source, links = self._compiled.compilation.source, self._compiled.links
        expanded = self._compiled.expanded.rendering.as_source
        from_view = self.view.has_focus
        row, column = self.view.cursor if from_view else self.editor.selection.end
        place = Position(row + 1, column + 1)
        if from_view:
            found = links.from_expanded(expanded.offset(place))
            beside = row - self.view.scroll_offset.y
        else:
            found = links.from_source(source.offset(place))
            beside = row - self.editor.scroll_offset.y
        if found is None:
            self.editor.show_linked({})
            self.view.show_linked({})
            return
        lit = rows_of(source, (found.source,))
        self.editor.show_linked(lit, beside if from_view else None)
        anchor = expanded.line_of(found.anchor) - 1
        # The row of the cursor inside a form of several lines, which is copied line by line.
        anchor += row - min(lit) if not from_view and len(lit) > 1 else 0
        became = rows_of(expanded, found.expanded)
        self.view.show_linked(became, anchor, None if from_view else beside)

    @on(ExpansionView.Picked)
    def go_to_source(self) -> None:
        """Put the editor's cursor at the form that the expansion's cursor is on."""
        if self.fresh is None or self._compiled is None:
            return
        source = self._compiled.compilation.source
        expanded = self._compiled.expanded.rendering.as_source
        row, column = self.view.cursor
        found = self._compiled.links.from_expanded(expanded.offset(Position(row + 1, column + 1)))
        if found is not None:
            place = source.position(found.source.start)
            self.editor.focus()
            self.editor.move_cursor((place.line - 1, place.column - 1))

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

"""Source and expansion side by side, each following the other; what is typed is compiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.timer import Timer

from watstep.lint.project import Project, project_of
from watstep.pipeline import Compilation
from watstep.source.text import Position, Source, Span
from watstep.views.kinds import NOTHING_OPEN, VIEWS, View
from watstep.views.levels import (
    all_doors,
    door_beginning_in,
    door_in_source,
    door_in_view,
    toggled,
)
from watstep.views.notes import Note, note_at
from watstep_tui.compiled.compiling import Compiled, Compiler, Showing
from watstep_tui.compiled.linking import Linked, rows_of
from watstep_tui.compiled.problems import aged_problems
from watstep_tui.theming import Look
from watstep_tui.widgets.editor import Editor
from watstep_tui.widgets.expansion import ExpansionView

Made = TypeVar("Made")
BUDGET = 0.05
"""Seconds of the new text after which the problems of the one before are shown as aged."""
PROJECT_PAUSE = 1.0
"""Seconds between two looks at the project's file."""


class CodeArea(Container):
    """The two code panes, and the compilation of the text as it stands."""

    @dataclass
    class Fresh(Message):
        """Expansion, problems and links are those of the text as it stands."""

        compilation: Compilation

    class Aged(Message):
        """The problems are of an older text, and the new one is not compiled in time."""

    @dataclass
    class Refused(Message):
        """What was asked of the expansion cannot be done, and why."""

        says: str

    def __init__(self, text: str, name: str, look: Look, *, id: str) -> None:  # noqa: A002
        """Edit a text; the name is what messages call it."""
        super().__init__(id=id)
        self.program_name = name
        self.path = ""
        """Of the program's file, "" without one."""
        self.editor = Editor(text, look, id="source")
        self.view = ExpansionView(look, id="expansion")
        self.showing = Showing()
        self._compiled: Compiled | None = None
        self.aged = False
        """Whether the problems are those of a text that stood longer than the budget ago."""
        self._aging: Timer | None = None
        self._left: tuple[Compiled, Span, tuple[int, int]] | None = None
        """The form for which the expansion was left, and its cursor then."""
        self._waiting: list[Callable[[], object]] = []
        """What is to be done once the panes are those of the text as it stands."""
        self._compiler = Compiler(self._show)

    def compose(self) -> ComposeResult:
        """The source, then the expansion."""
        yield self.editor
        yield self.view

    def on_mount(self) -> None:
        """Paint first, compile after."""
        self.editor.border_title = "Source"
        self._name_view()
        self.call_after_refresh(self.compile)
        self.set_interval(PROJECT_PAUSE, self._look_at_project)
        self.watch(self.editor, "scroll_y", self._follow_source, init=False)
        self.watch(self.view, "scroll_y", self._follow_expansion, init=False)

    def on_resize(self) -> None:
        """The cursor stays in sight, and the lit form on one row, at every size."""
        self.call_after_refresh(self.editor.scroll_cursor_visible)
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
    def project(self) -> Project:
        """What the program's project said when it was compiled last."""
        return self._compiled.project if self._compiled else Project()

    @property
    def fresh(self) -> Compilation | None:
        """The compilation of the text as it stands, None where that is going on."""
        found = self.compilation
        return found if found and found.source.text == self.editor.text else None

    @on(Editor.Changed)
    def compile_soon(self) -> None:
        """Compile once what was typed is painted; what takes too long makes the problems old."""
        if self._aging is None:
            self._aging = self.set_timer(BUDGET, self._age)
        self.call_after_refresh(self.compile)

    def _age(self) -> None:
        if self.fresh is None:
            self.aged = True
            self.editor.show_problems(aged_problems(self.editor.problems))
            self.post_message(self.Aged())

    def _look_at_project(self) -> None:
        """Compile again where the project says something else than before."""
        if self._compiled is not None and self.project != project_of(self.path):
            self.compile()

    def compile(self, name: str | None = None) -> None:
        """Compile the text as it stands, away from the keyboard; a new name is kept."""
        self.program_name = name or self.program_name
        source = Source(self.program_name, self.editor.text)
        showing = self.showing._replace(marked=bool(self.view.breakpoints))
        if self._compiler.ask(source, showing, self.path):
            self.run_worker(self._compiler.work(), group="compile")

    async def beside(self, work: Callable[[], Made]) -> Made:
        """What some work makes, done away from the keyboard, between compilations."""
        return await self._compiler.beside(work)

    def _show(self, found: Compiled) -> None:
        """Bring the panes up to date, unless the text has moved on."""
        if found.compilation.source.text != self.editor.text:
            return
        self._compiled, self.showing = found, found.showing
        self.aged = False
        if self._aging is not None:
            self._aging.stop()
            self._aging = None
        self.view.show(found.expanded)
        self._name_view()
        # Of a text that is not begun nothing is wrong yet.
        self.editor.show_problems(found.problems if self.editor.text.strip() else {})
        self.link()
        self.post_message(self.Fresh(found.compilation))
        self.call_after_refresh(self._compiler.prepare)
        waiting, self._waiting = self._waiting, []
        for do in waiting:
            do()

    def _name_view(self) -> None:
        """Say in the pane's title which view it is."""
        view, opened = self.showing.view, self.showing.opened
        count = f" · {len(opened)} open" if view is View.LEVEL and opened else ""
        name = "full" if view is View.FULL else VIEWS[view].label.lower()
        title = f"Expansion · {name}{count}"
        if title != self.view.border_title:
            # The whole pane is drawn again when it is named.
            self.view.border_title = title

    def show_view(self, view: View) -> None:
        """Look at the expansion in another way."""
        self._look_at(self.showing._replace(view=view))

    def _look_at(self, showing: Showing) -> None:
        self.showing = showing
        self.compile()

    def toggle_form(self) -> None:
        """Open or close in place the innermost form at the cursor of the pane in use.

        Where the cursor is in none, it is the first that begins in its line.
        """
        if self._compiled is None or self.fresh is None:
            self._waiting.append(self.toggle_form)
            return
        expansion = self._compiled.compilation.expansion
        view, opened, text, _ = self.showing
        in_view = self.view.has_focus and view is View.LEVEL
        if in_view:
            shown = self._compiled.expanded.rendering.as_source
            at = _offset(shown, self.view.cursor)
            door = door_in_view(expansion, opened, at)
        else:
            shown, at = self._compiled.compilation.source, self._place_in_source()
            door = door_in_source(expansion, opened, at)
        if door is None:
            line = _line_at(shown, at)
            door = door_beginning_in(expansion, opened, line, in_view=in_view)
        if door is None:
            self.post_message(self.Refused("no macro, string or local to open is in this line"))
            return
        self._look_at(Showing(View.LEVEL, toggled(opened, door), text))

    def _place_in_source(self) -> int:
        """The place of the source where the cursor of the pane in use is."""
        assert self._compiled is not None
        if not self.view.has_focus:
            return _offset(self._compiled.compilation.source, self.editor.selection.end)
        shown = self._compiled.expanded.rendering
        offset = _offset(shown.as_source, self.view.cursor)
        return shown.source_span(Span(offset, offset + 1)).start

    def word_in_view(self) -> tuple[Source, int, tuple[int, int]] | None:
        """What the cursor of the expansion stands on: a text, the offset there, the view's place.

        The text is the full expansion, which is a program of its own; in another view it is the
        source, at what the piece was made from.
        """
        compiled = self._compiled if self.fresh else None
        if compiled is None:
            return None
        if self.showing.view is View.FULL:
            shown = compiled.expanded.rendering.as_source
            return shown, _offset(shown, self.view.cursor), self.view.cursor
        source, made_of = compiled.compilation.source, self._place_in_source()
        # A piece that was made comes from a form: its first word says what it is.
        return source, made_of + source.text.startswith("(", made_of), self.view.cursor

    def note_at(self, place: tuple[int, int] | None) -> tuple[tuple[int, int], Note] | None:
        """The note on a place of the view, None for the cursor's, and where it stands.

        From the source it is that on what the form at the cursor became.
        """
        compiled = self._compiled if self.fresh else None
        if compiled is None:
            return None
        view = compiled.expanded.rendering
        shown = view.as_source
        if place is not None or self.view.has_focus:
            offset = _offset(shown, place or self.view.cursor)
        else:
            linked = self._found()
            if linked is None:
                return None
            offset = linked.anchor
        found = note_at(compiled.compilation.expansion, view, offset)
        at = shown.position(offset)
        return None if found is None else ((at.line - 1, at.column - 1), found)

    def toggle_all_forms(self) -> None:
        """Open everything in place; where all is open, close it."""
        if self._compiled is None or self.fresh is None:
            self._waiting.append(self.toggle_all_forms)
            return
        everything = all_doors(self._compiled.compilation.expansion)
        view, opened, text, _ = self.showing
        closes = view is View.LEVEL and opened >= everything
        opened = NOTHING_OPEN if closes else everything
        self._look_at(Showing(View.LEVEL, opened, text))

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
        """Go from a form in the pane in use to the same form in the other pane.

        Back from a form that one came to, it is to the place that one left.
        """
        compiled, found = self._compiled, self._found() if self.fresh else None
        if self.view.has_focus:
            self.editor.focus()
            if found is not None and compiled is not None:
                self._left = compiled, found.source, self.view.cursor
                place = compiled.compilation.source.position(found.source.start)
                self.editor.move_cursor((place.line - 1, place.column - 1))
            return
        # At once, so that the cursor that moves is that of the pane in use.
        self.screen.set_focus(self.view)
        if found is not None and compiled is not None:
            left = self._left
            if left and left[0] is compiled and left[1] == found.source:
                self.view.move_cursor(*left[2])
                return
            place = compiled.expanded.rendering.as_source.position(found.anchor)
            self.view.move_cursor(place.line - 1, place.column - 1)

    @on(Editor.BreakpointToggled)
    def toggle_in_source(self, event: Editor.BreakpointToggled) -> None:
        """A click in the source's gutter."""
        self.editor.toggle_breakpoint(event.line)

    @on(ExpansionView.BreakpointToggled)
    def toggle_in_expansion(self, event: ExpansionView.BreakpointToggled) -> None:
        """A click in the expansion's gutter."""
        self._toggle_in_view(event.row)

    def toggle_breakpoint(self) -> None:
        """Toggle one on the cursor's line of the pane in use."""
        if self.view.has_focus:
            self._toggle_in_view(self.view.cursor[0])
        else:
            self.editor.toggle_breakpoint(self.editor.selection.end[0] + 1)

    def _toggle_in_view(self, row: int) -> None:
        if not self.view.toggle_breakpoint(row):
            says = "a breakpoint is for what is compiled: this line is only told by the view"
            self.post_message(self.Refused(says))


def _line_at(source: Source, offset: int) -> Span:
    """The text of the line that holds an offset."""
    line = source.line_of(offset)
    start = source.line_starts[line - 1]
    return Span(start, start + len(source.line_text(line)))


def _offset(source: Source, place: tuple[int, int]) -> int:
    """The offset of a row and a column, both from 0; in its indentation, of the line's text."""
    row, column = place
    line = source.line_text(row + 1)
    column = max(column, len(line) - len(line.lstrip()))
    return source.offset(Position(row + 1, column + 1))

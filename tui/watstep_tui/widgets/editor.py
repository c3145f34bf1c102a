"""The source editor: a TextArea that draws its own lines and keeps keys in their order."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.document._document import EditResult, Location, Selection
from textual.document._edit import Edit
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import TextArea

from watstep.source.render import printable
from watstep.syntax.lexer import LineState
from watstep_tui.highlight import Range, line_states, paint, token_ranges
from watstep_tui.theming import Look

BRACKET_ROWS = 400
"""How far a matching bracket is looked for."""


class Editor(TextArea):
    """The program's text with its marks: breakpoints, problems, the linked form, the arrow."""

    selection = reactive(Selection(), init=False, always_update=True, repaint=False)

    @dataclass
    class BreakpointToggled(Message):
        """The gutter was clicked at a line, from 1."""

        line: int

    def __init__(self, text: str, look: Look, *, id: str | None = None) -> None:  # noqa: A002
        """Show a text in a look."""
        self.look = look
        self.breakpoints: set[int] = set()
        self.arrow: int | None = None
        self.underlines: dict[int, list[tuple[int, int]]] = {}
        self.messages: dict[int, str] = {}
        self.linked: dict[int, tuple[int, int]] = {}
        self._states: list[LineState] | None = None
        super().__init__(
            text, soft_wrap=False, show_line_numbers=True, tab_behavior="indent", id=id,
            max_checkpoints=1000,
        )  # fmt: skip
        self.indent_width = 2
        self.cursor_blink = False

    @property
    def gutter_width(self) -> int:
        """Cells for the mark, the line number and a space."""
        return len(str(self.document.line_count)) + 4

    def show_problems(
        self, underlines: dict[int, list[tuple[int, int]]], messages: dict[int, str]
    ) -> None:
        """Underline characters and put a message at the end of lines; rows count from 0."""
        if (underlines, messages) != (self.underlines, self.messages):
            self.underlines, self.messages = underlines, messages
            self.refresh()

    def show_linked(self, linked: dict[int, tuple[int, int]]) -> None:
        """Light up the characters of rows, from 0."""
        if linked != self.linked:
            rows = {*linked, *self.linked}
            self.linked = linked
            self._refresh_rows(min(rows), max(rows))

    def toggle_breakpoint(self, line: int) -> None:
        """Set or take away the breakpoint of a line, from 1."""
        self.breakpoints ^= {line}
        self._refresh_rows(line - 1, line - 1)

    def edit(self, edit: Edit) -> EditResult:
        """Change the text; only the rows that changed are drawn again."""
        before = self.document.line_count
        result = super().edit(edit)
        self._states = None
        top = min(edit.top[0], result.end_location[0])
        grown = self.document.line_count != before
        self._refresh_rows(top, top + self.size.height if grown else result.end_location[0])
        return result

    def watch_selection(self, previous: Selection, selection: Selection) -> None:
        """Draw the rows that the cursor or the selection left or entered."""
        rows = [row for place in (*previous, *selection) for row in (place[0],)]
        self._refresh_rows(min(rows), max(rows))

    def _refresh_rows(self, first: int, last: int) -> None:
        top = max(first - self.scroll_offset.y, 0)
        bottom = min(last - self.scroll_offset.y, self.size.height)
        if bottom >= top:
            self.refresh(Region(0, top, self.size.width, bottom - top + 1))

    def _refresh_size(self) -> None:
        # An undo shortens the text before it moves the cursor: hold the cursor to the text.
        last = self.document.line_count - 1
        if max(self.selection.start[0], self.selection.end[0]) > last:
            end = (last, len(self.document.get_line(last)))
            self.set_reactive(Editor.selection, Selection.cursor(end))
        super()._refresh_size()

    async def _on_key(self, event: events.Key) -> None:
        # Bound keys would go round by the app and arrive after letters typed later.
        if event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            self._break_line()
            return
        bound = self._bindings.key_to_bindings.get(event.key)
        if bound and not event.is_printable and event.key not in self.app_keys:
            event.stop()
            event.prevent_default()
            await self.run_action(bound[0].action)

    app_keys: frozenset[str] = frozenset()
    """Keys of the registry, which the editor leaves to it."""

    def _break_line(self) -> None:
        row, column = self.selection.end
        line = self.document.get_line(row)
        indent = line[: len(line) - len(line.lstrip())][:column]
        self._replace_via_keyboard("\n" + indent, *self.selection)

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        if event.x < 2 and event.button == 1:
            line = event.y + self.scroll_offset.y + 1
            if line <= self.document.line_count:
                event.prevent_default()
                self.post_message(self.BreakpointToggled(line))

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """The partner of a parenthesis, by tokens, so that text and comments do not count."""
        if bracket not in "()":
            return None
        forward = bracket == "("
        row, column = search_from
        depth = 0
        limit = row + BRACKET_ROWS if forward else row - BRACKET_ROWS
        for at in range(row, limit, 1 if forward else -1):
            if not 0 <= at < self.document.line_count:
                return None
            places = self._parentheses(at)
            for place, found in places if forward else reversed(places):
                if at == row and (place < column if forward else place > column):
                    continue
                depth += 1 if found == bracket else -1
                if depth == 0:
                    return at, place
        return None

    def _parentheses(self, row: int) -> list[tuple[int, str]]:
        line = self.document.get_line(row)
        null = Style.null()
        spans = token_ranges(line, self._state(row), {"Punctuation": null})
        return [
            (start, line[start])
            for start, end, _ in spans
            if end == start + 1 and line[start] in "()"
        ]

    def _state(self, row: int) -> LineState:
        if self._states is None or len(self._states) != self.document.line_count:
            self._states = line_states(self.document.lines)
        return self._states[row]

    def render_line(self, y: int) -> Strip:
        """One line of the screen: gutter, code, and the first message at the end."""
        code = self.look.code
        row = y + self.scroll_offset.y
        width = self.size.width
        base = code["text"]
        if row >= self.document.line_count:
            return Strip([Segment(" " * width, base)], width)
        if row == self.selection.end[0]:
            base = base + code["cursor_line"]
        line = self.document.get_line(row)
        segments = paint(line + " ", base, self._ranges(row, line))
        message = self.messages.get(row)
        if message:
            segments.append(Segment(f"  ■ {printable(message)}", base + code["message"]))
        left = self.scroll_offset.x
        room = width - self.gutter_width
        body = Strip(segments).crop_extend(left, left + room, base)
        return Strip.join((Strip(self._gutter(row, base)), body))

    def _gutter(self, row: int, base: Style) -> list[Segment]:
        code = self.look.code
        line = row + 1
        mark, style = " ", base
        if line in self.breakpoints:
            mark, style = "●", base + code["breakpoint"]
        arrow = "▶" if line == self.arrow else " "
        number = f"{line:>{self.gutter_width - 4}}"
        gutter = base + code["gutter"] if row == self.selection.end[0] else code["gutter"]
        return [
            Segment(mark, style),
            Segment(arrow, base + code["arrow"]),
            Segment(f"{number}  ", gutter + Style(bgcolor=base.bgcolor)),
        ]

    def _ranges(self, row: int, line: str) -> list[Range]:
        code = self.look.code
        ranges = token_ranges(line, self._state(row), self.look.syntax)
        if row in self.linked:
            ranges.append((*self.linked[row], code["linked"]))
        ranges += [(start, end, code["error"]) for start, end in self.underlines.get(row, ())]
        first, last = sorted(self.selection)
        if first != last and first[0] <= row <= last[0]:
            start = first[1] if row == first[0] else 0
            end = last[1] if row == last[0] else len(line) + 1
            ranges.append((start, end, code["selection"]))
        if self._matching_bracket_location is not None:
            for place in (self._matching_bracket_location, self.selection.end):
                if place[0] == row:
                    ranges.append((place[1], place[1] + 1, code["bracket"]))
        if row == self.selection.end[0] and self.has_focus:
            column = self.selection.end[1]
            ranges.append((column, column + 1, Style(reverse=True)))
        return ranges

"""Names: to their definition and back, their uses, another name, the outline."""

from __future__ import annotations

import re

from rich.text import Text

from watstep.host.catalog import INTERFACE
from watstep.source.render import printable
from watstep.source.text import Source, Span
from watstep_tui.keymap import key_for
from watstep_tui.results import Row
from watstep_tui.screens.desk import Desk

# Loaded with the first key that asks: the first paint need not wait for them.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from textual.timer import Timer

    from watstep.editing.symbols import Found, Kind, Symbol, Symbols

REST = 0.25
"""Seconds that the cursor rests before the other uses of its name are marked."""
MOST_MARKED = 500
"""Uses that are marked at most."""
USES = "Uses"
"""The tab of the uses of a name."""
_LONGEST_TEXT = 40
_NAME = re.compile(r"\$\S")
_LONGEST = 200
"""Characters before the cursor in which its name begins."""


class Naming:
    """What a desk does with the names of its text."""

    def __init__(self, desk: Desk) -> None:
        """No name is known yet."""
        self.desk = desk
        self._known: Symbols | None = None
        self._used: tuple[Kind, str, int] | None = None
        """Whose uses are listed: a kind, a name, and which of those that are called so."""
        self.listed: Source | None = None
        """The text that the listed uses stand in."""
        self._resting: Timer | None = None

    def forget(self) -> None:
        """Another text is edited."""
        self._known = self._used = None
        self.desk.panel.put_away(USES)

    # What stands where.

    def _symbols(self) -> Symbols:
        """The names of the text as it stands."""
        from watstep.editing.binder import symbols_of

        text = self.desk.editor.text
        if self._known is None or self._known.source.text != text:
            self._known = symbols_of(Source(self.desk.workspace.name, text))
        return self._known

    def _here(self, symbols: Symbols) -> Found | None:
        """The name at the cursor; says so where there is none."""
        found = symbols.at(self.desk.offset_of(self.desk.editor.selection.end))
        if found is None:
            self.desk.note(
                "no name stands here: functions, locals, labels, types and texts have one"
            )
        return found

    def _go(self, symbols: Symbols, span: Span) -> None:
        self.desk.go_to(symbols.source.position(span.start))

    # Definition and uses.

    def action_definition(self) -> None:
        """To what declares the name at the cursor."""
        symbols = self._symbols()
        found = self._here(symbols)
        if found is None:
            return
        symbol = found.symbol
        place = symbol.definition
        if place is None:
            self.desk.note(_undeclared(symbol))
        elif place == found.place.span and found.place.written:
            others = len(symbol.places) - 1
            uses = (
                "nothing else uses it"
                if not others
                else f"{key_for('references')} lists {_times(others)}"
            )
            self.desk.note(f"{shown_name(symbol)} is declared here: {uses}")
        else:
            self._go(symbols, place)

    def action_references(self) -> None:
        """List the uses of the name at the cursor below; again: to the next one."""
        symbols = self._symbols()
        found = self._here(symbols)
        if found is None:
            return
        symbol, panel = found.symbol, self.desk.panel
        rows = use_rows(symbols, symbol)
        listed = panel.display and panel.tab == USES and panel.contents.get(USES) == rows
        at = symbol.places.index(found.place)
        if listed:
            at = (at + 1) % len(symbol.places)
            self._go(symbols, symbol.places[at].span)
        self._used = symbol.kind, symbol.name, _namesakes(symbols, symbol).index(symbol)
        self.listed = symbols.source
        panel.put({USES: rows})
        panel.open_tab(USES)
        panel.mark_row(at)
        said = f"{at + 1} of {len(rows)}: {shown_name(symbol)} {symbol.places[at].role.value}"
        self.desk.note(f"{said}  {key_for('references')}: the next, {key_for('panel')}: the list")

    def take_text(self) -> None:
        """The uses that are listed are those of the text as it stands."""
        text = self.desk.editor.text
        stale = self._known is None or self._known.source.text != text
        if self._used is not None and self.desk.panel.tab == USES and stale:
            self.desk.run_worker(self._learn(text), group="names", exclusive=True)

    def _list_again(self) -> None:
        if self._used is None or self._known is None or self.desk.panel.tab != USES:
            return
        kind, name, number = self._used
        called = [s for s in self._known.symbols if (s.kind, s.name) == (kind, name)]
        rows = use_rows(self._known, called[number]) if number < len(called) else []
        self.listed = self._known.source
        self.desk.panel.put({USES: rows})

    # Another name.

    def action_rename(self) -> None:
        """Ask for another name of what is at the cursor, and put it at every place."""
        from watstep.editing.rename import can_rename, rename
        from watstep_tui.screens.dialogs.line import LineDialog

        symbols = self._symbols()
        found = self._here(symbols)
        if found is None:
            return
        symbol = found.symbol
        refusal = can_rename(symbols, symbol, INTERFACE)
        if refusal:
            self.desk.note(refusal)
            return

        def judge(typed: str) -> str | None:
            return rename(symbols, symbol, typed, INTERFACE).refusal or None

        def preview(typed: str) -> str:
            edits = rename(symbols, symbol, typed, INTERFACE).edits
            return f"changes {_places(len(edits))}" if edits else "the name that it has"

        def go(typed: str | None) -> None:
            if typed is None or symbols.source.text != self.desk.editor.text:
                return
            edits = rename(symbols, symbol, typed, INTERFACE).edits
            if edits:
                place = found.place.span.start
                place += sum(
                    len(edit.text) - edit.span.end + edit.span.start
                    for edit in edits
                    if edit.span.start < place
                )
                said = f"renamed at {_places(len(edits))}; {key_for('undo')} takes it back"
                self.desk.apply_edits(symbols.source, edits, said, place)

        title = f"Rename the {symbol.kind.value} {printable(symbol.name)}"
        dialog = LineDialog(title, preview(symbol.name), judge, typed=symbol.name, preview=preview)
        self.desk.app.push_screen(dialog, go)

    # The program's parts.

    def action_outline(self) -> None:
        """List what the program is made of, and go to what is chosen."""
        from watstep_tui.screens.dialogs.pick import PickDialog

        symbols = self._symbols()
        entries = symbols.outline()
        if not entries:
            self.desk.note("this text declares nothing yet")
            return
        here = self.desk.offset_of(self.desk.editor.selection.end)
        before = [n for n, entry in enumerate(entries) if entry.span.start <= here]
        chosen = max(before, key=lambda n: entries[n].span.start, default=0)

        def go(number: int | None) -> None:
            if number is not None:
                self._go(symbols, entries[number].span)

        self.desk.app.push_screen(PickDialog("Outline", outline_rows(symbols), chosen), go)

    # The other uses of the name under the resting cursor.

    def cursor_moved(self) -> None:
        """Mark the uses of the name under the cursor once that rests."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.desk.set_timer(REST, self._mark)

    def _mark(self) -> None:
        self._resting = None
        editor = self.desk.editor
        row, column = editor.selection.end
        text = editor.text
        if not _NAME.search(editor.document.get_line(row), max(column - _LONGEST, 0)):
            editor.show_occurrences({})
        elif self._known is not None and self._known.source.text == text:
            self._show_marks()
        elif self.desk.is_running:
            self.desk.run_worker(self._learn(text), group="names", exclusive=True)

    async def _learn(self, text: str) -> None:
        """Find the names of a text away from the keyboard."""
        from watstep.editing.binder import symbols_of

        source = Source(self.desk.workspace.name, text)
        known = await self.desk.code.beside(lambda: symbols_of(source))
        if self.desk.editor.text == text:
            self._known = known
            self._show_marks()
            self._list_again()

    def _show_marks(self) -> None:
        editor, symbols = self.desk.editor, self._known
        assert symbols is not None
        found = symbols.at(self.desk.offset_of(editor.selection.end))
        rows: dict[int, list[tuple[int, int]]] = {}
        places = found.symbol.places if found and found.symbol.name.startswith("$") else ()
        for place in places[:MOST_MARKED] if len(places) > 1 else ():
            row, column = self.desk.place_of(symbols.source, place.span.start)
            rows.setdefault(row, []).append((column, column + place.span.end - place.span.start))
        editor.show_occurrences(rows)


def shown_name(symbol: Symbol) -> str:
    """A name as people are told it: a function without one is `func`, the program `run`."""
    return symbol.name or "func"


def _namesakes(symbols: Symbols, symbol: Symbol) -> list[Symbol]:
    return [s for s in symbols.symbols if (s.kind, s.name) == (symbol.kind, symbol.name)]


def use_rows(symbols: Symbols, symbol: Symbol) -> list[Row]:
    """A row for each place of a name: where, what it does there, and the line."""
    rows = []
    for place in symbol.places:
        position = symbols.source.position(place.span.start)
        line = symbols.source.line_text(position.line)
        text = Text(f"{position.line}:{position.column}".ljust(9), "bold")
        how = place.role.value if place.written else f"{place.role.value} by what stands here"
        text.append(f"{how}  ".ljust(12), "dim not bold")
        start = position.column - 1
        size = place.span.end - place.span.start
        text.append(printable(line[:start].lstrip()), "not bold")
        text.append(printable(line[start : start + size]))
        text.append(printable(line[start + size :]), "not bold")
        rows.append(Row(text, position))
    return rows


def outline_rows(symbols: Symbols) -> list[Text]:
    """A row for each entry of the outline: its line, what it is, its name, and more of it."""
    entries = symbols.outline()
    lines = [str(symbols.source.line_of(entry.span.start)) for entry in entries]
    rows = []
    for entry, line in zip(entries, lines, strict=True):
        row = Text(f"{line:>{max(map(len, lines))}}  {'  ' * entry.depth}", "dim")
        row.append(f"{entry.symbol.kind.value} ")
        row.append(printable(_cut(shown_name(entry.symbol))), "bold not dim")
        rows.append(row)
    wide = max((row.cell_len for row in rows), default=0)
    for entry, row in zip(entries, rows, strict=True):
        row.append(" " * (wide - row.cell_len + 2) + printable(entry.symbol.detail))
    return rows


def _undeclared(symbol: Symbol) -> str:
    name = symbol.name
    offered = INTERFACE.get(name[1:]) if symbol.kind.value == "function" else None
    if offered is not None:
        taken = ", ".join(offered.parameters)
        given = " ".join(offered.type.results)
        return f"`{name}` is the host's: ({taken}) -> {given or '()'}: {offered.help}"
    if name == "$run":
        return "`$run` is the program itself"
    return f"`{printable(name)}` is declared nowhere in this text"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count} places"


def _times(count: int) -> str:
    return "its other use" if count == 1 else f"its {count} other uses"

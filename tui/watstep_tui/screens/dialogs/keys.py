"""The help on keys: those of the pane in use first, then all of the mode; typing looks for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from watstep_tui.keymap import Action, When, closing, grouped, key_label, keys_text, rows_of
from watstep_tui.screens.dialogs.dialog import Dialog


class Here(NamedTuple):
    """What keys do in a pane: its own, and the rows of the registry that one wants there."""

    title: str
    own: tuple[tuple[tuple[str, ...], str], ...] = ()
    """Keys that are the pane's and no row's, with what they do."""
    rows: tuple[str, ...] = ()


_EXPANSION = Here(
    "the expansion",
    (
        (("up", "down", "left", "right"), "Move; the form that made it lights up in the source."),
        (("enter",), "To the form of the source that made what is under the cursor."),
        (
            ("1", "2", "3", "4", "5", "6"),
            "A view: full, one level, after macros, after strings, flat, interleaved.",
        ),
        (("space",), "Open or close the macro, string or local at the cursor."),
        (("escape",), "Back to the source."),
    ),
    (
        *("expansion", "toggle_form", "toggle_all_forms", "piece_note", "toggle_breakpoint"),
        *("copy_expansion", "save_expansion", "hide", "maximise"),
    ),
)
_TABS = Here(
    "the tabs",
    (
        (("up", "down"), "Mark a row."),
        (("enter",), "Go to what the marked row speaks of."),
        (("left", "right"), "Another tab."),
        (("escape",), "Back to the text."),
    ),
    ("fix", "panel", "maximise"),
)
FIND_BAR = Here(
    "the find bar",
    (
        (("enter", "down"), "The next match; Enter in the second line replaces and goes on."),
        (("up",), "The match before."),
        (("tab",), "From the line to find to the line to replace by, and back."),
        (("escape",), "Close the bar."),
    ),
    ("find_case", "find_pattern", "replace_all"),
)
"""Keys of the bar, which is over the pane that keys act on."""
_STEPPED = Here(
    "the code", (), ("breakpoint", "until", "back_until", "row_down", "row_up", "level")
)
_VALUES = Here("the values", (), ("row_down", "row_up", "pick", "form", "memory"))

HERE = {
    When.EDITING: {
        "source": Here(
            "the source",
            (),
            (
                *("complete", "definition", "references", "rename", "fix", "next_problem"),
                *("toggle_breakpoint", "expansion", "find", "go_to_line", "undo"),
            ),
        ),
        "expansion": _EXPANSION,
        "panel": _TABS,
    },
    When.STEPPING: {
        "source": _STEPPED,
        "expansion": _STEPPED,
        "stack": _VALUES,
        "locals": _VALUES,
        "frames": Here("the calls", (), ("row_down", "row_up", "pick", "frame")),
        "below": Here("the tabs", (), ("tab", "tab_before", "row_down", "row_up", "pick")),
    },
}
"""By mode and the pane that keys act on."""


class KeyRow(NamedTuple):
    """A line of the help."""

    keys: str
    help: str
    command: str = ""
    label: str = ""

    def has(self, words: list[str]) -> bool:
        """Whether every word stands in it somewhere."""
        text = " ".join(self).lower()
        return all(word in text for word in words)


def key_row(action: Action) -> KeyRow:
    """A row of the registry as the help has it."""
    command = f":{action.command}" if action.command else ""
    return KeyRow(keys_text(action), action.help, command, action.label)


def own_rows(own: tuple[tuple[tuple[str, ...], str], ...]) -> list[KeyRow]:
    """Keys that are no row's as the help has them."""
    return [KeyRow(" ".join(map(key_label, keys)), said) for keys, said in own]


def key_groups(mode: When, pane: str) -> Iterator[tuple[str, list[KeyRow]]]:
    """The pane's keys under its title, then every row of the mode under its group."""
    by_id = {row.id: row for row in rows_of(mode)}

    def group_of(here: Here) -> tuple[str, list[KeyRow]]:
        rows = [key_row(by_id[name]) for name in here.rows]
        return f"In {here.title}", own_rows(here.own) + rows

    here = HERE[mode].get(pane)
    if here is not None:
        yield group_of(here)
    for group, actions in grouped(mode).items():
        yield group, [key_row(action) for action in actions]
    if mode is When.EDITING:
        yield group_of(FIND_BAR)


class KeysDialog(Dialog[None]):
    """The keys, group by group, with the debugger commands that they stand for."""

    BINDINGS: ClassVar = [
        ("f1", "dismiss", "Close"),
        *(
            (key, f"scroll({by})", "")
            for key, by in (("down", 1), ("up", -1), ("pagedown", 12), ("pageup", -12))
        ),
    ]
    DEFAULT_CSS = """
    KeysDialog > Vertical { width: 112; height: 90%; padding: 0 1 0 2; }
    KeysDialog Input { margin-bottom: 1; }
    KeysDialog VerticalScroll { height: 1fr; scrollbar-size: 1 1; }
    """

    def __init__(self, mode: When, pane: str) -> None:
        """The keys of a mode, those of a pane first."""
        super().__init__()
        self._mode, self._pane = mode, pane

    def compose(self) -> ComposeResult:
        """A line to look for words, and one line an action."""
        with Vertical() as box:
            box.border_title = Text(f"Keys while {self._mode.value}")
            box.border_subtitle = Text(closing("↑ ↓ scroll"))
            yield Input(placeholder="look for a word or a key", select_on_focus=False)
            with VerticalScroll(can_focus=False):
                yield Static(self._table(""))

    @on(Input.Changed)
    def look_for(self, event: Input.Changed) -> None:
        """Leave the lines that hold every word."""
        self.query_one(Static).update(self._table(event.value))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _table(self, sought: str) -> Table | str:
        table = Table.grid(padding=(0, 2, 0, 0))
        for _ in range(3):
            table.add_column()
        words = sought.lower().split()
        for group, rows in key_groups(self._mode, self._pane):
            found = [row for row in rows if row.has(words)]
            if not found:
                continue
            if table.row_count:
                table.add_row()
            table.add_row(Text(group, "bold", no_wrap=True))
            for row in found:
                keys, command = Text(f"  {row.keys}", "bold"), Text(row.command, "dim")
                keys.no_wrap = command.no_wrap = True
                table.add_row(keys, Text(row.help), command)
        return table if table.row_count else "no key has all of these words"

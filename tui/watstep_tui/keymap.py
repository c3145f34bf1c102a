"""The action registry: the one table that keys, footer, palette and help are made from."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple, TypeAlias


class When(Enum):
    """The mode in which an action's keys are live."""

    ALWAYS = "always"
    EDITING = "editing"
    STEPPING = "stepping"


class Action(NamedTuple):
    """One thing a person can do.

    `id` names the method `action_<id>`; `command` is the debugger command that the key stands
    for, "" where there is none; `footer` says whether the footer shows it.
    """

    id: str
    label: str
    keys: tuple[str, ...]
    group: str
    when: When
    help: str
    command: str = ""
    footer: bool = False


_ALWAYS, _EDITING, _STEPPING = When.ALWAYS, When.EDITING, When.STEPPING

ALWAYS: tuple[Action, ...] = (
    Action("command_palette", "Palette", ("ctrl+p",), "Help", _ALWAYS,
           "Find any action by its name."),
    Action("show_keys", "Keys", ("f1",), "Help", _ALWAYS,
           "List every key of this mode.", "", True),
    Action("theme", "Theme", ("alt+t",), "View", _ALWAYS,
           "Choose the colours; moving on the list shows them at once."),
    Action("grow", "More room", ("alt+equals_sign",), "Layout", _ALWAYS,
           "More room for the pane in use; the mouse drags borders too."),
    Action("shrink", "Less room", ("alt+minus",), "Layout", _ALWAYS,
           "Less room for the pane in use."),
    Action("maximise", "Maximise", ("alt+m",), "Layout", _ALWAYS,
           "The pane in use alone; again: all of them."),
    Action("hide", "Hide pane", ("alt+h",), "Layout", _ALWAYS,
           "Put away the expansion, or the pane in use below or beside the code; again: back."),
    Action("reset_layout", "Reset layout", ("alt+l",), "Layout", _ALWAYS,
           "Every pane as it was at first; a double click on a border resets that one."),
    Action("settings_file", "Settings file", ("alt+k",), "Help", _ALWAYS,
           "Write your own settings: theme, what is shown, when panes stand side by side."),
    Action("keymap_file", "Keymap file", ("alt+y",), "Help", _ALWAYS,
           "Put actions on other keys."),
    Action("quit_safely", "Quit", ("ctrl+q",), "File", _ALWAYS, "Leave; asks before work is lost."),
)  # fmt: skip
"""The rows of both modes; `action_<id>` is the application's."""

EDITING: tuple[Action, ...] = (
    Action("run", "Run", ("f5",), "Run", _EDITING,
           "Run the program; asks for what it needs.", "", True),
    Action("stepping", "Step", ("f6",), "Run", _EDITING,
           "Step through the run just made, or a new one.", "", True),
    Action("stop", "Stop", ("shift+f5",), "Run", _EDITING, "Stop the run; Escape does too."),
    Action("run_settings", "Settings", ("ctrl+r",), "Run", _EDITING,
           "Arguments, grants and limits of the runs of this file.", "", True),
    Action("toggle_breakpoint", "Breakpoint", ("f9",), "Run", _EDITING,
           "Set or take away a breakpoint on the cursor's line.", "", True),
    Action("next_problem", "Problem", ("f8",), "Go", _EDITING,
           "To the next problem.", "", True),
    Action("previous_problem", "Problem before", ("shift+f8",), "Go", _EDITING,
           "To the problem before."),
    Action("fix", "Fix", ("ctrl+t",), "Go", _EDITING,
           "Apply the fix of the problem that is marked or on the cursor's line."),
    Action("explain", "Explain problem", ("alt+p",), "Go", _EDITING,
           "The page of the problem at the cursor."),
    Action("allow", "Allow", ("alt+i",), "Go", _EDITING,
           "Write the comment that allows the lint at the cursor."),
    Action("fix_all", "Fix all", ("alt+q",), "Go", _EDITING,
           "Apply that fix to every problem of its kind."),
    Action("find", "Find", ("ctrl+f",), "Go", _EDITING,
           "Look for a text or a pattern in the pane in use.", "", True),
    Action("replace", "Replace", ("alt+r",), "Go", _EDITING,
           "Replace a text or a pattern, one match at a time or all."),
    Action("find_next", "Find next", ("f3",), "Go", _EDITING,
           "To the next match in the pane in use."),
    Action("find_previous", "Find before", ("f10",), "Go", _EDITING, "To the match before it."),
    Action("find_case", "Find by case", ("alt+c",), "Go", _EDITING,
           "Tell capital letters from small ones in what is looked for, or not."),
    Action("find_pattern", "Find by pattern", ("alt+x",), "Go", _EDITING,
           "Look for a regular expression, or for the text as it is."),
    Action("replace_all", "Replace all", ("alt+g",), "Go", _EDITING,
           "Replace every match at once, once the bar shows by what."),
    Action("go_to_line", "Go to line", ("ctrl+g",), "Go", _EDITING, "To a line and a column."),
    Action("definition", "Definition", ("f12",), "Names", _EDITING,
           "To what declares the name at the cursor."),
    Action("back", "Back", ("shift+f12",), "Names", _EDITING,
           "Back to where the last jump began."),
    Action("references", "Uses", ("alt+u",), "Names", _EDITING,
           "List what uses the name at the cursor; again: to the next of them."),
    Action("rename", "Rename", ("f2",), "Names", _EDITING,
           "Give the name at the cursor another, at every place, through macros too."),
    Action("outline", "Outline", ("alt+o",), "Names", _EDITING,
           "List functions, locals, labels and texts, and go to one."),
    Action("expand_selection", "Expand selection", ("alt+right",), "Select", _EDITING,
           "Select the word, then its form, then the form around that."),
    Action("shrink_selection", "Shrink selection", ("alt+left",), "Select", _EDITING,
           "Back to the smaller form."),
    Action("matching_parenthesis", "Parenthesis", ("alt+8",), "Select",
           _EDITING, "To the partner of the parenthesis, else out to the form around the cursor."),
    Action("save", "Save", ("ctrl+s",), "File", _EDITING,
           "Write the program to its file; asks for a name where it has none.", "", True),
    Action("save_as", "Save as", ("alt+s",), "File", _EDITING, "Write it under another name."),
    Action("open", "Open", ("ctrl+o",), "File", _EDITING,
           "Open a program of this folder, or a recent one.", "", True),
    Action("new", "New", ("ctrl+n",), "File", _EDITING, "Begin a program without a file."),
    Action("next_buffer", "Next program", ("ctrl+pagedown", "alt+full_stop"), "File", _EDITING,
           "To the next of the programs that are open."),
    Action("previous_buffer", "Program before", ("ctrl+pageup", "alt+comma"), "File", _EDITING,
           "To the program before it."),
    Action("close_buffer", "Close", ("ctrl+w",), "File", _EDITING,
           "Close the program; asks before work is lost."),
    Action("edit_outside", "External editor", ("alt+v",), "File", _EDITING,
           "Edit the text in $VISUAL or $EDITOR, and take what that writes."),
    Action("panel", "Tabs", ("f7",), "View", _EDITING,
           "Problems, result, host calls and log: go there, or put them away.", "", True),
    Action("expansion", "Expansion", ("ctrl+e",), "View", _EDITING,
           "From the source to what its form became, and back; Enter there goes to the source."),
    Action("view_full", "Expansion: full", ("alt+1",), "Expansion", _EDITING,
           "The standard WAT that is compiled."),
    Action("view_level", "Expansion: one level", ("alt+2",), "Expansion", _EDITING,
           "Macros, strings and locals closed, or opened in place."),
    Action("view_macros", "Expansion: after macros", ("alt+3",), "Expansion", _EDITING,
           "The text after the first pass."),
    Action("view_strings", "Expansion: after strings", ("alt+4",), "Expansion", _EDITING,
           "The text after the second pass; locals stand where they were written."),
    Action("view_flat", "Expansion: flat", ("alt+5",), "Expansion", _EDITING,
           "One instruction a line, with the stack after it."),
    Action("view_interleaved", "Expansion: interleaved", ("alt+6",), "Expansion", _EDITING,
           "Each source line that changes, above what it became."),
    Action("toggle_form", "Open or close form", ("alt+e",), "Expansion", _EDITING,
           "Open or close the macro, string or local at the cursor in place."),
    Action("toggle_all_forms", "Open or close all", ("alt+a",), "Expansion", _EDITING,
           "Open every macro, string and local in place; again: close them."),
    Action("jump", "Jump", ("alt+j",), "Go", _EDITING,
           "A number on every pane and tab; one key goes there."),
    Action("welcome", "Welcome", ("alt+w",), "Help", _EDITING,
           "What this is, an example to open, the keys to begin with."),
    Action("format", "Format", ("alt+d",), "Text", _EDITING,
           "Lay the program out: lines, blanks and indentation."),
    Action("fold", "Fold", ("alt+9",), "Text", _EDITING,
           "Write the selection, or the instructions around the cursor, as folded forms."),
    Action("unfold", "Unfold", ("alt+0",), "Text", _EDITING,
           "Write the selection, or the statement at the cursor, one instruction a line."),
    Action("piece_note", "Note on piece", ("alt+n",), "Expansion", _EDITING,
           "Which rule made this piece of the expansion, and from what."),
    Action("info", "Explain word", ("ctrl+k",), "Text", _EDITING,
           "Say what is known of the word at the cursor: signature, stack, uses."),
    Action("complete", "Complete", ("alt+slash",), "Text", _EDITING,
           "List what can stand at the cursor, now."),
    Action("copy_expansion", "Copy expansion", ("f4",), "View", _EDITING,
           "Copy the expanded text to the clipboard."),
    Action("save_expansion", "Save expansion", ("ctrl+l",), "View", _EDITING,
           "Write the expanded text into a file."),
)  # fmt: skip
"""The editing mode's rows; `action_<id>` is the editing screen's."""

TEXT: tuple[Action, ...] = (
    Action("undo", "Undo", ("ctrl+z",), "Text", _EDITING, "Take back what was done last."),
    Action("redo", "Redo", ("ctrl+y",), "Text", _EDITING, "Do again what was taken back."),
    Action("cut", "Cut", ("ctrl+x",), "Text", _EDITING, "Cut the selection, else the line."),
    Action("copy", "Copy", ("ctrl+c",), "Text", _EDITING, "Copy the selection, else the line."),
    Action("paste", "Paste", ("ctrl+v",), "Text", _EDITING, "Paste what was cut or copied."),
)  # fmt: skip
"""Rows of the editing mode whose keys belong first to whatever one types in."""

LINES: tuple[Action, ...] = (
    Action("move_up", "Move up", ("alt+up",), "Text", _EDITING,
           "Put the selected lines, or the cursor's, above the line before them."),
    Action("move_down", "Move down", ("alt+down",), "Text", _EDITING,
           "Put them below the line after them."),
    Action("duplicate", "Duplicate", ("ctrl+d",), "Text", _EDITING,
           "Write the selected lines, or the cursor's, twice."),
    Action("comment", "Comment", ("ctrl+underscore",), "Text", _EDITING,
           "Make comments of the lines, or code again; Ctrl+/ sends this key."),
)  # fmt: skip
"""Rows of the editing mode whose keys are the editor's alone."""

STEPPING: tuple[Action, ...] = (
    Action("step", "Step in", ("s", "right", "f11"), "Step", _STEPPING,
           "To the next statement, into calls and macros.", "step", True),
    Action("next", "Step over", ("n", "f10"), "Step", _STEPPING,
           "To the next statement, over calls.", "next", True),
    Action("out", "Step out", ("o", "shift+f11"), "Step", _STEPPING,
           "Until this frame is left.", "out", True),
    Action("continue", "Continue", ("c",), "Step", _STEPPING,
           "To the next breakpoint or the end.", "continue", True),
    Action("back", "Step back", ("S", "left"), "Step", _STEPPING,
           "Undo a step.", "back", True),
    Action("back_over", "Back over", ("N",), "Step", _STEPPING,
           "Undo a next.", "back-over", False),
    Action("back_out", "Back out", ("O",), "Step", _STEPPING,
           "To before the call that made this frame.", "back-out", False),
    Action("reverse_continue", "Reverse continue", ("C",), "Step", _STEPPING,
           "To the breakpoint before or the start.", "reverse-continue", True),
    Action("breakpoint", "Breakpoint", ("b", "f9"), "Step", _STEPPING,
           "A breakpoint on the marked or typed line.", "break LINE", True),
    Action("breakpoints", "Breakpoints", ("B",), "Step", _STEPPING,
           "The list of breakpoints; there: edit the marked one.", "", False),
    Action("bookmark", "Bookmark", ("k",), "Step", _STEPPING,
           "Mark this instant, with a note.", "bookmark NOTE", False),
    Action("bookmarks", "Bookmarks", ("K",), "Step", _STEPPING,
           "List the bookmarks.", "bookmarks", False),
    Action("until", "Run to line", ("u",), "Step", _STEPPING,
           "Until the marked line is reached.", "until LINE", False),
    Action("back_until", "Back to line", ("U",), "Step", _STEPPING,
           "Back to when the marked line was reached.", "back-until LINE", False),
    Action("goto", "Go to instant", ("g",), "Step", _STEPPING,
           "To an instant: type it before or after.", "goto INSTANT", True),
    Action("next_call", "Next host call", ("h",), "Step", _STEPPING,
           "To before the next host call.", "next-call", False),
    Action("previous_call", "Host call before", ("H",), "Step", _STEPPING,
           "To before the host call before.", "previous-call", False),
    Action("next_iteration", "Next iteration", ("i",), "Step", _STEPPING,
           "To where the loop around here begins again, or is left.", "next-iteration", False),
    Action("previous_iteration", "Iteration before", ("I",), "Step", _STEPPING,
           "To where that loop began before.", "previous-iteration", False),
    Action("loop_end", "Loop end", ("L",), "Step", _STEPPING,
           "To where the loop around the cursor is left.", "loop-end", False),
    Action("first", "Go to start", ("home",), "Step", _STEPPING,
           "To the start of the run, on the same answers.", "restart", False),
    Action("last", "Go to end", ("end",), "Step", _STEPPING,
           "To the end of the run.", "goto end", False),
    Action("level", "Change level", ("l",), "Step", _STEPPING,
           "What a step is: source, expansion, instruction.", "level", True),
    Action("scrub", "Scrub", ("shift+right",), "Step", _STEPPING,
           "A twentieth of what the bar shows on.", "goto INSTANT", False),
    Action("scrub_back", "Scrub back", ("shift+left",), "Step", _STEPPING,
           "A twentieth of what the bar shows back.", "goto INSTANT", False),
    Action("zoom", "Zoom in", ("plus",), "Look", _STEPPING,
           "The timeline bar nearer: half of it, around the position.", "", False),
    Action("zoom_out", "Zoom out", ("minus",), "Look", _STEPPING,
           "The timeline bar from further away.", "", False),
    Action("command", "Command", ("colon",), "Step", _STEPPING,
           "The command line of the debugger.", "", False),
    Action("interrupt", "Interrupt", ("escape",), "Step", _STEPPING,
           "End the command in progress; close an answer.", "", False),
    Action("run", "New run", ("f5",), "Step", _STEPPING,
           "A new live run: the world is called again.", "run", True),
    Action("save_run", "Save run", ("P",), "Step", _STEPPING,
           "Keep the run in a file: it steps and replays anywhere, offline.", "save FILE", False),
    Action("copy_script", "Copy as script", ("Y",), "Step", _STEPPING,
           "Copy the session as a line for a shell that repeats it.", "script", False),
    Action("edit", "Back to editing", ("e", "f6"), "Step", _STEPPING,
           "Back to editing.", "", True),
    Action("answer", "Answer", ("r",), "Decide", _STEPPING,
           "Answer a host call by hand: the next one, or the marked one.", "answer", True),
    Action("change", "Change", ("equals_sign",), "Decide", _STEPPING,
           "Change the marked value: a new timeline begins.", "set WHAT VALUE", False),
    Action("timelines", "Timelines", ("v",), "Decide", _STEPPING,
           "List the timelines: go to one, name, compare, give up.", "timelines", False),
    Action("pane", "Next pane", ("tab",), "Look", _STEPPING,
           "The next pane, or that of the typed number.", "", True),
    Action("pane_before", "Pane before", ("shift+tab",), "Look", _STEPPING,
           "The pane before.", "", False),
    Action("tab", "Next tab", ("t",), "Look", _STEPPING,
           "The next tab below.", "", True),
    Action("tab_before", "Tab before", ("T",), "Look", _STEPPING,
           "The tab before.", "", False),
    Action("row_down", "Row down", ("down",), "Look", _STEPPING,
           "Mark the next row of the pane.", "", False),
    Action("row_up", "Row up", ("up",), "Look", _STEPPING,
           "Mark the row before.", "", False),
    Action("page_down", "Page down", ("pagedown",), "Look", _STEPPING,
           "A page of the pane on.", "", False),
    Action("page_up", "Page up", ("pageup",), "Look", _STEPPING,
           "A page of the pane back.", "", False),
    Action("pick", "Look closer", ("enter",), "Look", _STEPPING,
           "Go to the marked call; show a value or a frame.", "", False),
    Action("frame", "Frame", ("f",), "Look", _STEPPING,
           "Stack and locals of the next frame outwards.", "", False),
    Action("form", "Numbers", ("x",), "Look", _STEPPING,
           "Numbers signed, unsigned, hex, as characters.", "", False),
    Action("memory", "Memory", ("m",), "Look", _STEPPING,
           "The memory at a typed address or the marked value.", "", False),
    Action("pointer", "Follow the pointer", ("p",), "Look", _STEPPING,
           "The memory at the address that the marked row begins with.", "", False),
    Action("decode", "Decode", ("d",), "Look", _STEPPING,
           "What the bytes at an address can be read as.", "decode ADDRESS", False),
    Action("search", "Search", ("slash",), "Look", _STEPPING,
           "Look for a text in this pane, for bytes in the memory.", "", True),
    Action("search_next", "Search next", ("full_stop",), "Look", _STEPPING,
           "The next place of what was looked for.", "", False),
    Action("search_before", "Search before", ("comma",), "Look", _STEPPING,
           "The place before of what was looked for.", "", False),
    Action("who", "Who wrote this", ("w",), "Ask", _STEPPING,
           "To where the marked value was written; again, further back.", "", False),
    Action("why", "Why this value", ("y",), "Ask", _STEPPING,
           "What the marked value was made of, as a tree.", "", False),
    Action("when", "When does this run", ("W",), "Ask", _STEPPING,
           "All instants of the marked line, value or call.", "", False),
    Action("span", "What happened", ("z",), "Ask", _STEPPING,
           "What happened since the typed instant, the mark or the last move.", "", False),
    Action("span_mark", "Mark a span", ("Z",), "Ask", _STEPPING,
           "Have a span begin here.", "", False),
    Action("part", "Where runs part", ("D",), "Ask", _STEPPING,
           "Where this timeline and another part, side by side.", "", False),
    Action("aside", "Right", ("greater_than_sign",), "Look", _STEPPING,
           "What of long rows lies to the right, in the pane in use.", "", False),
    Action("aside_back", "Left", ("less_than_sign",), "Look", _STEPPING,
           "What of long rows lies to the left.", "", False),
    Action("stack_form", "Stack form", ("V",), "Look", _STEPPING,
           "The operand stack from top to bottom, or the top on the right.", "", False),
    Action("filter", "Filter", ("F",), "Look", _STEPPING,
           "The rows of the trace that hold a text, or `statements`; again: all.",
           "filter TEXT", False),
    Action("keys", "Keys", ("question_mark",), "Help", _STEPPING,
           "List every key of this mode.", "", True),
)  # fmt: skip
"""The stepping mode's rows; `command` is the prompt's command that a key stands for."""

VIEWS = tuple(action.id for action in EDITING if action.id.startswith("view_"))
"""The rows that choose a view of the expansion; there, their numbers alone do."""

UNDELIVERABLE = (
    frozenset(("ctrl+space", "ctrl+slash", "ctrl+i", "ctrl+m", "ctrl+h", "alt+enter", "ctrl+enter"))
    | frozenset(("shift+enter", "ctrl+backspace", "shift+f3", "alt+b", "alt+f"))
    | frozenset(("alt+left_square_bracket", "alt+right_square_bracket"))
)
"""Keys that do not reach a program in tmux, or arrive as another key."""

_NAMES = {
    "colon": ":", "question_mark": "?", "left": "←", "right": "→", "up": "↑", "down": "↓",
    "pageup": "PgUp", "pagedown": "PgDn", "escape": "Esc", "minus": "-", "equals_sign": "=",
    "comma": ",", "full_stop": ".", "underscore": "_", "slash": "/", "plus": "+",
    "greater_than_sign": ">", "less_than_sign": "<",
}  # fmt: skip
"""Keys whose name is not how people write them."""


def key_label(key: str) -> str:
    """A key as people write it: `^S`, `Alt+K`, `Shift+F5`, `n`."""
    *modifiers, name = key.split("+")
    shown = _NAMES.get(name) or (name.capitalize() if modifiers or len(name) > 1 else name)
    if modifiers == ["ctrl"] and len(name) == 1:
        return f"^{name.upper()}"
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])


Given: TypeAlias = Mapping[tuple[When, str], tuple[str, ...]]
"""The keys that a person gave to actions, by the mode of their table and their id."""

_TABLES = {When.ALWAYS: ALWAYS, When.EDITING: (*EDITING, *TEXT, *LINES), When.STEPPING: STEPPING}


class _Keys:
    """The keys of the one IDE of a process; the registry's own until a person gives others."""

    given: Given = MappingProxyType({})


def use_keys(given: Given) -> None:
    """Have actions on the keys that a person gave them, from now on."""
    _Keys.given = given


def default_rows(mode: When) -> tuple[Action, ...]:
    """The rows of a mode's own table, with the keys that the registry gives them."""
    return _TABLES[mode]


def rows_in(mode: When) -> tuple[Action, ...]:
    """The rows of a mode's own table, with the keys that they have now."""
    rows, given = _TABLES[mode], _Keys.given
    if not given:
        return rows
    return tuple(row._replace(keys=given.get((mode, row.id), row.keys)) for row in rows)


def rows_of(mode: When) -> tuple[Action, ...]:
    """Everything that a person can do in a mode, in the order in which help lists it."""
    return (*rows_in(mode), *rows_in(When.ALWAYS))


def keys_text(action: Action) -> str:
    """The keys of a row as people write them, "" where it has none."""
    return " ".join(key_label(key) for key in action.keys)


def key_for(name: str, mode: When = When.EDITING) -> str:
    """How a row is reached, as sentences have it: its first key, else the palette and its name."""
    action = next(row for row in rows_of(mode) if row.id == name)
    return key_label(action.keys[0]) if action.keys else f"“{action.label}” of the palette"


def grouped(mode: When) -> dict[str, list[Action]]:
    """The rows of a mode under their groups' names."""
    groups: dict[str, list[Action]] = {}
    for action in rows_of(mode):
        groups.setdefault(action.group, []).append(action)
    return groups


def closing(*keys: str, key: str = "Esc") -> str:
    """What the keys of something that stands over the screen do, the one that closes it last."""
    return " · ".join((*keys, f"{key} closes"))


class Hint(NamedTuple):
    """What the key line says of a row of the registry, or of several that go together."""

    keys: str
    label: str
    action: str = ""
    """The row that a click carries out, "" where there are several."""


def hint(action: Action) -> Hint:
    """The first key of a row and its word."""
    return Hint(key_label(action.keys[0]) if action.keys else "", action.label.lower(), action.id)


_WANTED = ("run", "stepping", "next_problem", "save", "find", "panel", "open", "show_keys")
"""The rows that the key line of the editing mode shows first."""


def editing_hints() -> list[Hint]:
    """The editing mode's keys, the most wanted first."""
    rows = [row for row in rows_of(When.EDITING) if row.footer and row.keys]
    order = {name: at for at, name in enumerate(_WANTED)}
    return [hint(row) for row in sorted(rows, key=lambda row: order.get(row.id, len(order)))]


def corner_hints(mode: When, *names: str) -> list[Hint]:
    """The keys that a mode's first line shows."""
    rows = {row.id: row for row in rows_of(mode) if row.keys}
    return [hint(rows[name]) for name in names if name in rows]


_HINTS = (
    ("in", "step"), ("over", "next"), ("out", "out"),
    ("backwards", "back", "back_over", "back_out", "reverse_continue"), ("continue", "continue"),
    ("keys", "keys"), ("breakpoint", "breakpoint"), ("answer", "answer"), ("edit", "edit"),
    ("pane", "pane"),
    ("tab", "tab"), ("command", "command"), ("goto", "goto"), ("level", "level"),
    ("new run", "run"),
)  # fmt: skip
"""The stepping mode's hints, a word and its rows, the most wanted first: those that find no room
are left out."""


def stepping_hints() -> list[Hint]:
    """The stepping mode's keys; those that go together share a word."""
    rows = {action.id: action for action in rows_in(When.STEPPING)}
    hints = []
    for word, *names in _HINTS:
        keys = " ".join(key_label(rows[name].keys[0]) for name in names if rows[name].keys)
        if keys:
            hints.append(Hint(keys, word, names[0] if len(names) == 1 else ""))
    return hints

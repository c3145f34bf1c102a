"""The action registry: the one table that keys, footer, palette and help are made from."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


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

ACTIONS: tuple[Action, ...] = (
    Action("save", "Save", ("ctrl+s",), "File", _ALWAYS,
           "Write the program to its file.", "", True),
    Action("quit_safely", "Quit", ("ctrl+q",), "File", _ALWAYS, "Leave; asks before work is lost."),
    Action("run", "Run", ("f5",), "Run", _ALWAYS, "Run the program.", "run", True),
    Action("stop", "Stop", ("shift+f5",), "Run", _ALWAYS, "Stop the run."),
    Action("debug", "Debug", ("f6",), "Run", _ALWAYS,
           "Step through the run just made, or a new one.", "restart", True),
    Action("copy_expansion", "Copy expansion", ("f4",), "View", _ALWAYS,
           "Copy the expanded text to the clipboard."),
    Action("next_problem", "Next problem", ("f8",), "Go", _ALWAYS,
           "Move the cursor to the next problem.", "", True),
    Action("previous_problem", "Previous problem", ("shift+f8",), "Go", _ALWAYS,
           "Move the cursor to the previous problem."),
    Action("toggle_breakpoint", "Breakpoint", ("f9",), "Debug", _ALWAYS,
           "Set or take away a breakpoint on the cursor's line.", "break LINE", True),
    Action("next_theme", "Next theme", ("f12",), "View", _ALWAYS, "Change the colours."),
    Action("show_keys", "Keys", ("f1",), "Help", _ALWAYS, "List every key.", "help", True),
)  # fmt: skip
"""Every action, in the order in which help lists them."""


STEPPING: tuple[Action, ...] = (
    Action("step", "in", ("s", "f11"), "Step", _STEPPING,
           "To the next statement, into calls and macros.", "step", True),
    Action("next", "over", ("n", "f10"), "Step", _STEPPING,
           "To the next statement, over calls.", "next", True),
    Action("out", "out", ("o", "shift+f11"), "Step", _STEPPING,
           "Until this frame is left.", "out", True),
    Action("continue", "continue", ("c",), "Step", _STEPPING,
           "To the next breakpoint or the end.", "continue", True),
    Action("back", "back", ("S", "left"), "Step", _STEPPING,
           "Undo a step.", "back", True),
    Action("back_over", "back over", ("N",), "Step", _STEPPING,
           "Undo a next.", "back-over", False),
    Action("back_out", "back out", ("O",), "Step", _STEPPING,
           "To before the call that made this frame.", "back-out", False),
    Action("reverse_continue", "reverse", ("C",), "Step", _STEPPING,
           "To the breakpoint before or the start.", "reverse-continue", True),
    Action("forward", "step", ("right",), "Step", _STEPPING,
           "To the next statement.", "step", False),
    Action("breakpoint", "breakpoint", ("b", "f9"), "Step", _STEPPING,
           "A breakpoint on the line of the cursor.", "break LINE", True),
    Action("goto", "goto", ("g",), "Step", _STEPPING,
           "To an instant: type it before or after.", "goto INSTANT", True),
    Action("first", "start", ("home",), "Step", _STEPPING,
           "To the start of the run, on the same answers.", "restart", False),
    Action("last", "end", ("end",), "Step", _STEPPING,
           "To the end of the run.", "goto end", False),
    Action("level", "level", ("l",), "Step", _STEPPING,
           "A step: a statement of the source or the expansion, an instruction.", "", True),
    Action("tab", "tab", ("tab",), "Step", _STEPPING,
           "The next tab below.", "", True),
    Action("tab_before", "tab before", ("shift+tab",), "Look", _STEPPING,
           "The tab before.", "", False),
    Action("row_down", "row down", ("down",), "Look", _STEPPING,
           "Mark the next row of the tab.", "", False),
    Action("row_up", "row up", ("up",), "Look", _STEPPING,
           "Mark the row before.", "", False),
    Action("page_down", "page down", ("pagedown",), "Look", _STEPPING,
           "A page of the tab on; of the memory too.", "", False),
    Action("page_up", "page up", ("pageup",), "Look", _STEPPING,
           "A page of the tab back.", "", False),
    Action("pick", "go to row", ("enter",), "Look", _STEPPING,
           "Go to the instant of the marked call or instruction; switch a breakpoint.", "", False),
    Action("frame", "frame", ("f",), "Look", _STEPPING,
           "Stack and locals of the next frame outwards.", "", False),
    Action("form", "numbers", ("x",), "Look", _STEPPING,
           "Numbers signed, unsigned, hex, as characters.", "", False),
    Action("memory", "memory", ("m",), "Look", _STEPPING,
           "The memory at an address: type it before or after.", "", False),
    Action("scrub", "scrub", ("shift+right",), "Step", _STEPPING,
           "A twentieth of the run on.", "goto INSTANT", False),
    Action("scrub_back", "scrub back", ("shift+left",), "Step", _STEPPING,
           "A twentieth of the run back.", "goto INSTANT", False),
    Action("command", ":", ("colon",), "Step", _STEPPING,
           "The command line of the debugger.", "", False),
    Action("interrupt", "interrupt", ("escape",), "Step", _STEPPING,
           "End the command in progress.", "", False),
    Action("edit", "edit", ("e", "f6"), "Step", _STEPPING,
           "Back to editing.", "", True),
)  # fmt: skip
"""The stepping mode's rows; `command` is the prompt's command that a key stands for."""

UNDELIVERABLE = frozenset(
    ("ctrl+space", "ctrl+slash", "ctrl+i", "ctrl+m", "ctrl+h", "alt+enter", "ctrl+enter")
) | frozenset(("shift+enter", "ctrl+backspace"))
"""Keys that do not reach a program in tmux, or arrive as another key."""


def live_together(first: When, second: When) -> bool:
    """Whether two actions can be live in the same mode, so that they may not share a key."""
    return first is second or When.ALWAYS in (first, second)

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

UNDELIVERABLE = frozenset(
    ("ctrl+space", "ctrl+slash", "ctrl+i", "ctrl+m", "ctrl+h", "alt+enter", "ctrl+enter")
) | frozenset(("shift+enter", "ctrl+backspace"))
"""Keys that do not reach a program in tmux, or arrive as another key."""


def live_together(first: When, second: When) -> bool:
    """Whether two actions can be live in the same mode, so that they may not share a key."""
    return first is second or When.ALWAYS in (first, second)

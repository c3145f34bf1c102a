"""Asking for a file's name, with what is there to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from watstep.source.render import printable
from watstep_tui.files.listing import Candidate, candidates, completed, expanded, project_files
from watstep_tui.screens.dialogs.dialog import Dialog

HINT = "↓ ↑ choose   Tab completes   Enter takes it   Esc closes"


class PathDialog(Dialog[Path]):
    """A path, typed or chosen; one that cannot be taken is refused below the line."""

    BINDINGS: ClassVar = [
        ("down", "choose(1)", ""),
        ("up", "choose(-1)", ""),
        ("tab", "complete", ""),
    ]
    DEFAULT_CSS = """
    PathDialog OptionList { height: 50vh; margin: 1 0; border: none;
        padding: 0; background: $surface; scrollbar-size: 1 1; }
    PathDialog OptionList > .option-list--option { padding: 0 1; }
    PathDialog OptionList > .option-list--option-highlighted { background: $accent;
        color: $background; text-style: bold; }
    """

    def __init__(
        self,
        title: str,
        folder: Path,
        judge: Callable[[Path], str | None],
        *,
        typed: str = "",
        recent: Sequence[str] = (),
        deep: bool = False,
    ) -> None:
        """Ask for a path in a folder, beginning with `typed`; `judge` says why one is refused.

        `deep` offers the programs in folders below too.
        """
        super().__init__()
        self._title, self._folder, self._judge = title, folder, judge
        self._typed, self._recent, self._deep = typed, recent, deep
        self._offered: list[Candidate] = []
        self._project: list[str] = []

    def compose(self) -> ComposeResult:
        """The line over what may be chosen."""
        with Vertical() as box:
            box.border_title = Text(self._title)
            box.border_subtitle = Text(printable(_short(self._folder)))
            yield Input(self._typed, placeholder="path", select_on_focus=False)
            listed = OptionList(markup=False)
            listed.can_focus = False
            yield listed
            yield Static(HINT, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Offer what is there, and soon what lies deeper."""
        self._offer(self._typed)
        if self._deep:
            self.run_worker(self._look_deeper, thread=True)

    def _look_deeper(self) -> None:
        """Find the project's programs, in a thread."""
        found = project_files(self._folder)
        if self.is_running:
            self.app.call_from_thread(self._take_project, found)

    def _take_project(self, found: list[str]) -> None:
        self._project = found
        if self.query_one(OptionList).highlighted is None:
            self._offer(self.query_one(Input).value)

    def _offer(self, typed: str) -> None:
        # A whole name offers what stands beside it.
        shown = "" if typed == self._typed else typed
        self._offered = candidates(shown, self._folder, self._recent, self._project)
        listed = self.query_one(OptionList)
        listed.clear_options()
        for item in self._offered:
            row = Text(printable(item.text), no_wrap=True, overflow="ellipsis")
            if item.note:
                row.append(f"  {item.note}", "dim")
            listed.add_option(Option(row))
        listed.highlighted = None
        if not self._offered:
            listed.add_option(Option(Text("nothing here goes on like this", "dim"), disabled=True))

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Another text offers others."""
        self._offer(event.value)
        self._say("")

    def action_choose(self, by: int) -> None:
        """Move the choice."""
        listed = self.query_one(OptionList)
        if self._offered:
            now = -1 if listed.highlighted is None else listed.highlighted
            listed.highlighted = max(0, min(now + by, len(self._offered) - 1))

    def action_complete(self) -> None:
        """Type on as far as there is one way to go on."""
        box = self.query_one(Input)
        chosen = self.query_one(OptionList).highlighted
        if chosen is not None:
            box.value = self._offered[chosen].text
        else:
            box.value = completed(box.value, self._offered)
        box.cursor_position = len(box.value)

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click takes what it points at."""
        self._take(self._offered[event.option_index].text)

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """Enter takes the chosen one, else what is typed, or the first that some letters found."""
        chosen = self.query_one(OptionList).highlighted
        if chosen is None and self._deep and self._offered and self._some_letters(event.value):
            chosen = 0
        self._take(event.value if chosen is None else self._offered[chosen].text)

    def _some_letters(self, typed: str) -> bool:
        """Whether it is less than a name: a new program is asked for with its ending."""
        path = expanded(typed, self._folder)
        return bool(typed.strip()) and not path.suffix and not path.exists()

    def _take(self, text: str) -> None:
        if not text.strip():
            self._say("type a name, or choose one with ↓")
            return
        path = expanded(text, self._folder)
        if text.endswith("/") and path.is_dir():
            box = self.query_one(Input)
            box.value = text
            box.cursor_position = len(text)
            return
        problem = self._judge(path)
        if problem is None:
            self.dismiss(path)
        else:
            self._say(problem)

    def _say(self, problem: str) -> None:
        below = self.query_one(Static)
        below.set_classes("problem" if problem else "hint")
        below.update(printable(problem) if problem else HINT)


def _short(folder: Path) -> str:
    """A folder as people write it, with `~` for the home."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)

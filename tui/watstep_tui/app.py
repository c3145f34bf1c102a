"""The application: bindings from the registry, themes, and the terminal that it takes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from platformdirs import user_config_path
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.notifications import SeverityLevel
from textual.screen import Screen

from watstep.host.settings import RunLimits, RunSettings
from watstep.source.render import printable
from watstep_tui.keymap import ACTIONS, STEPPING
from watstep_tui.screens.dialogs import KeysDialog, QuestionDialog
from watstep_tui.screens.ide import IdeScreen
from watstep_tui.screens.stepping import SteppingScreen
from watstep_tui.theming import load_looks
from watstep_tui.widgets.editor import Editor
from watstep_tui.workspace import Workspace

DEFAULT_THEME = "watstep-dusk"


class WatstepApp(App[None]):
    """The IDE."""

    TITLE = "watstep"
    BINDINGS: ClassVar = [
        Binding(
            ",".join(action.keys), f"do('{action.id}')", action.label,
            show=action.footer, id=action.id, priority=True,
        )
        for action in ACTIONS
    ]  # fmt: skip

    def __init__(self, workspace: Workspace, text: str | None, settings: RunSettings) -> None:
        """Edit the workspace's file, or `text` where it was piped in."""
        super().__init__()
        self.loaded = load_looks(user_config_path("watstep") / "themes")
        for look in self.loaded.looks.values():
            self.register_theme(look.theme)
        self.theme = DEFAULT_THEME
        opened = workspace.open()
        self.recovered = opened.recovered
        look = self.loaded.looks[DEFAULT_THEME]
        self.ide = IdeScreen(workspace, opened.text, look, settings)
        if text is not None:
            self.ide.editor.text = text
        Editor.app_keys = frozenset(key for action in ACTIONS for key in action.keys)

    def on_mount(self) -> None:
        """Open the screen; offer what a crash left."""
        self.push_screen(self.ide)
        for failure in self.loaded.failures:
            self.notify(failure, title="theme skipped", severity="warning")
        if self.recovered is not None:
            self._offer_recovery()

    def _offer_recovery(self) -> None:
        question = QuestionDialog("Unsaved work was kept. Take it?", ("Take it", "Discard"))
        self.push_screen(question, self._recover)

    def _recover(self, answer: str | None) -> None:
        if answer is None:
            # Unanswered, the next key would write over what was kept.
            self._offer_recovery()
        if answer == "Take it" and self.recovered is not None:
            editor = self.ide.editor
            editor.replace(self.recovered, (0, 0), editor.document.end)
        elif answer == "Discard":
            self.ide.workspace.forget_recovery()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While stepping, the stepping screen's own keys come before the editor's."""
        if action == "do" and isinstance(self.screen, SteppingScreen):
            row = next((row for row in ACTIONS if row.id == parameters[0]), None)
            taken = {key for step in STEPPING for key in step.keys}
            return row is not None and not taken & set(row.keys)
        return super().check_action(action, parameters)

    async def action_do(self, name: str) -> None:
        """Carry out a row of the registry: by the screen where it can, else by the app."""
        target = self.ide if hasattr(self.ide, f"action_{name}") else self
        if self.screen is self.ide or target is self:
            getattr(target, f"action_{name}")()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every row of the registry, for the palette."""
        for action in ACTIONS:
            call = lambda name=action.id: self.call_later(self.action_do, name)  # noqa: E731
            yield SystemCommand(action.label, f"{action.help} ({action.keys[0]})", call)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a message as it is: what looks like markup in it is a program's or a page's text."""
        super().notify(
            printable(message), title=title, severity=severity, timeout=timeout, markup=False
        )

    def action_next_theme(self) -> None:
        """The next look by name."""
        names = list(self.loaded.looks)
        following = names[(names.index(self.theme) + 1) % len(names)]
        self.theme = following
        for pane in (self.ide.editor, self.ide.view):
            pane.look = self.loaded.looks[following]
            pane.refresh()

    def action_show_keys(self) -> None:
        """The list of keys."""
        self.push_screen(KeysDialog())

    def action_quit_safely(self) -> None:
        """Leave; with unsaved work only after an answer."""
        if not self.ide.unsaved:
            self.ide.workspace.forget_recovery()
            self.exit()
            return
        question = QuestionDialog("There is unsaved work.", ("Save", "Discard", "Stay"))
        self.push_screen(question, self._quit_after)

    def _quit_after(self, answer: str | None) -> None:
        if answer == "Save":
            self.ide.action_save()
        elif answer == "Discard":
            self.ide.workspace.forget_recovery()
        if answer == "Discard" or (answer == "Save" and not self.ide.unsaved):
            self.exit()


def run_ide(
    path: str | None,
    text: str | None,
    arguments: tuple[str, ...],
    grants: Mapping[str, tuple[str, ...]],
    limits: RunLimits | None = None,
) -> int:
    """Open the IDE on a file, or on text that was piped in; the exit code.

    Raises:
        OSError: There is no terminal, or the file cannot be read.
    """
    with_terminal = [fd for fd in (0, 1) if not os.isatty(fd)]
    for descriptor in with_terminal:
        terminal = os.open("/dev/tty", os.O_RDWR)
        os.dup2(terminal, descriptor)
        os.close(terminal)
    settings = RunSettings(arguments, grants, limits or RunLimits())
    app = WatstepApp(Workspace(Path(path) if path else None), text, settings)
    app.run()
    return app.return_code or 0

"""The application: bindings from the registry, themes, and the terminal that it takes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from platformdirs import user_config_path
from textual import events
from textual.app import App
from textual.binding import Binding
from textual.notifications import SeverityLevel
from textual.screen import ModalScreen, Screen

from watstep.host.settings import RunLimits, RunSettings
from watstep.source.render import printable
from watstep_tui.configuration.preferences import DEFAULT_THEME
from watstep_tui.configuration.user_files import KEYMAP_FILE, SETTINGS_FILE, Configuration
from watstep_tui.files.reading import check_size
from watstep_tui.files.remembered import SettingsStore
from watstep_tui.files.workspace import Opened, Workspace
from watstep_tui.keymap import ALWAYS, LINES, TEXT, When, rows_in, rows_of, use_keys
from watstep_tui.screens.arranging import Arranged, Arrangement
from watstep_tui.screens.ide import IdeScreen
from watstep_tui.scrolling import paint_soon, use_thin_scrollbars
from watstep_tui.terminal.alt_keys import deliver_alt
from watstep_tui.terminal.clipboard import copy
from watstep_tui.terminal.garbage import QUIET, Garbage
from watstep_tui.theming import Dressed, load_looks, popup_variables
from watstep_tui.widgets.editor import Editor

if TYPE_CHECKING:
    from watstep.runfile.reading import RunFile

PLAIN_THEME = "watstep-terminal"
"""The theme where there are few colours or none."""
UNBOUND = "unbound"
"""The name of a key that no keyboard has: Textual takes none at all for the one by default."""
LOOK_PAUSE = 1.0
"""Seconds between looks at whether the user's files changed, and the terminal is there."""
OUTPUT = 1
"""The descriptor that the IDE draws on."""
LONGEST_END = 3.0
"""Seconds after which an IDE that was told to end by a signal ends in any case."""


@runtime_checkable
class Keyed(Protocol):
    """A screen that names keys."""

    def show_keys(self) -> None:
        """Name the keys that actions have now."""


class WatstepApp(App[None]):
    """The IDE."""

    TITLE = "watstep"
    ENABLE_COMMAND_PALETTE = False
    # Messages stand above the bar of the run, the status and the keys.
    CSS = "ToastRack { margin-bottom: 4; }"
    BINDINGS: ClassVar = [
        Binding(
            ",".join(action.keys), f"do('{action.id}')", action.label, id=action.id, priority=True
        )
        for action in ALWAYS
    ]

    def __init__(self, workspace: Workspace, text: str | None, settings: RunSettings) -> None:
        """Edit the workspace's file, or `text` where it was piped in.

        Raises:
            SourceError: The file cannot be read, is too large, is no text, or is not UTF-8.
        """
        folder = user_config_path("watstep")
        self._in_terminal = False
        self.configuration = Configuration(folder)
        self.chosen = self.configuration.read()
        use_keys(self.chosen.keys)
        self.loaded = load_looks(folder / "themes")
        # Without colours nothing is mixed from them either: the filter leaves weight and underline.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.greets = False
        """Whether a person who was never here is told what this is."""
        self.kept_run: RunFile | None = None
        """The run of a file that is stepped through at once."""
        self.garbage = Garbage()
        self.store = SettingsStore(folder)
        for look in self.loaded.looks.values():
            self.register_theme(look.theme)
        kept = self.chosen.preferences.theme
        self.theme = kept if kept in self.loaded.looks else DEFAULT_THEME
        if self.has_few_colours:
            self.theme = PLAIN_THEME
        opened = workspace.open()
        if text is not None:
            check_size("<stdin>", text)
            opened = Opened(text, opened.recovered if opened.recovered != text else None)
        self.ide = IdeScreen(workspace, self.store, opened, self.loaded.looks[self.theme], settings)
        if text is not None:
            # Nothing of it stands in a file.
            self.ide.buffer.saved_text = ""
        use_thin_scrollbars()
        paint_soon()
        deliver_alt()
        self._bind_keys()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of our own names, for themes that are not ours."""
        return popup_variables(self.loaded.looks[DEFAULT_THEME].panes)

    def on_mount(self) -> None:
        """Open the screen; be ready to be told to end."""
        self.push_screen(self.ide)
        self.garbage.begin()
        self.set_interval(QUIET, self.garbage.look)
        self._tell(self.chosen.problems)
        self._tell(self.loaded.failures)
        self.take_preferences()
        self.set_interval(LOOK_PAUSE, self._look_around)
        if self.kept_run:
            self.call_after_refresh(self.ide.switching.kept_runs.show, self.kept_run)
        if self.greets and not self.store.read_user().welcomed:
            self.store.write_welcomed()
            self.call_after_refresh(self.ide.guiding.action_welcome)
        self._in_terminal = os.isatty(OUTPUT)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            # Not in a thread that is not the main one, as in tests.
            with contextlib.suppress(ValueError, RuntimeError):
                loop.add_signal_handler(number, self.end_by_signal, number)

    def _tell(self, problems: Iterable[str]) -> None:
        """Say what is wrong with the user's files, all of a kind at once."""
        told = "\n".join(problems)
        if told:
            self.notify(told, severity="warning", timeout=15)

    def _look_around(self) -> None:
        """See what changed outside; end where the terminal has gone without saying so."""
        if self._in_terminal and not os.isatty(OUTPUT):
            self.end_by_signal(signal.SIGHUP)
        self._look_at_files()

    def _look_at_files(self) -> None:
        if self.configuration.changed():
            self.read_files()
        self.ide.say_problems_of_store()

    def read_files(self) -> None:
        """Take up the user's files as they stand now."""
        before, failures = self.chosen, self.loaded.failures
        self.chosen = self.configuration.read()
        shown = {self.theme: self.loaded.looks[self.theme]}
        self.loaded = load_looks(self.configuration.path("themes"))
        # One that broke while it is shown goes on being shown.
        self.loaded = replace(self.loaded, looks={**shown, **self.loaded.looks})
        for look in self.loaded.looks.values():
            self.register_theme(look.theme)
        if self.chosen.problems != before.problems:
            self._tell(self.chosen.problems)
        if self.loaded.failures != failures:
            self._tell(self.loaded.failures)
        use_keys(self.chosen.keys)
        self._bind_keys()
        for screen in self._working_screens():
            if isinstance(screen, Keyed):
                screen.show_keys()
        self.take_preferences()

    @property
    def has_few_colours(self) -> bool:
        """Whether the terminal shows sixteen colours, or none are wanted."""
        return self.no_color or (
            bool(os.environ.get("TERM")) and self.console.color_system == "standard"
        )

    def take_preferences(self) -> None:
        """Have what is shown follow the settings."""
        chosen = self.chosen.preferences
        if self.has_few_colours:
            self.use_theme(PLAIN_THEME)
        elif chosen.theme in self.loaded.looks:
            self.use_theme(chosen.theme)
        elif self.chosen.problems == ():
            known = ", ".join(self.loaded.looks)
            self._tell([f"settings.toml: there is no theme `{chosen.theme}`; there are {known}"])
        for screen in self._working_screens():
            screen.set_class(not chosen.key_line, "-no-keys")
        self.ide.take_preferences(chosen)

    def _bind_keys(self) -> None:
        """Put every action on the keys that it has now."""
        rows = (*rows_in(When.EDITING), *rows_in(When.ALWAYS))
        if self.chosen.keys or self._keymap:
            self.set_keymap({row.id: ",".join(row.keys) or UNBOUND for row in rows})
        own = {row.id for row in (*TEXT, *LINES)}
        Editor.app_keys = {key: row.id if row.id in own else "" for row in rows for key in row.keys}

    def on_unmount(self) -> None:
        """Leave Python as it was."""
        self.garbage.end()

    async def on_event(self, event: events.Event) -> None:
        """See that somebody is there, and go on."""
        if isinstance(event, events.InputEvent):
            self.garbage.note_input()
        if isinstance(event, events.MouseEvent) and self._moves_a_border(event):
            return
        await super().on_event(event)

    def _moves_a_border(self, event: events.MouseEvent) -> bool:
        """A border is nobody's: what happens on it is not for the panes at its sides."""
        screen = self.screen
        return (
            not event.is_forwarded
            and isinstance(screen, Arranged)
            and screen.is_mounted
            and screen.arrangement.take(event)
        )

    def end_by_signal(self, number: int) -> None:
        """The terminal or the system goes away: keep what is unsaved, and end."""
        self.ide.files.keep()
        self.exit(return_code=128 + number)
        if not self.is_headless:
            # The thread that writes to a terminal that is gone may take nothing any more.
            last = threading.Timer(LONGEST_END, os._exit, (128 + number,))
            last.daemon = True
            last.start()

    @property
    def mode(self) -> When:
        """What the screen below any dialog is for."""
        return When.EDITING if self.ide in self._working_screens()[-1:] else When.STEPPING

    def _working_screens(self) -> list[Screen[object]]:
        return [screen for screen in self.screen_stack[1:] if not isinstance(screen, ModalScreen)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A dialog is answered before anything else."""
        if action == "do" and isinstance(self.screen, ModalScreen):
            return False
        return super().check_action(action, parameters)

    async def action_do(self, name: str) -> None:
        """Carry out a row of the registry."""
        if name in {action.id for action in ALWAYS}:
            getattr(self, f"action_{name}")()
        elif self.screen is self.ide:
            self.ide.note("")
            # Letters typed before the key may not have reached the pane that they were typed in.
            (self.ide.focused or self.ide).call_later(self.ide.action_named(name))
        else:
            await self.screen.run_action(f"do('{name}')")

    def action_command_palette(self) -> None:
        """Every row of the registry for the mode one is in, to choose from."""
        from watstep_tui.screens.dialogs.palette import PaletteDialog

        rows = [action for action in rows_of(self.mode) if action.id != "command_palette"]

        def carry_out(number: int | None) -> None:
            if number is not None:
                self.call_later(self.action_do, rows[number].id)

        self.push_screen(PaletteDialog(rows), carry_out)

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
        timeout = timeout or self.chosen.preferences.message_seconds
        super().notify(
            printable(message), title=title, severity=severity, timeout=timeout, markup=False
        )

    def action_theme(self) -> None:
        """The list of themes."""
        from watstep_tui.screens.dialogs.theme import ThemeDialog

        before = self.theme

        def chosen(name: str | None) -> None:
            self.use_theme(name or before)
            if name and name != before:
                self.keep_theme()

        self.push_screen(ThemeDialog(self.loaded.looks, before, self.use_theme), chosen)

    def use_theme(self, name: str) -> None:
        """Show a look, which is not kept."""
        look = self.loaded.looks[name]
        if self.theme == name and self.ide.editor.look is look:
            return
        self.theme = name
        for screen in self._working_screens():
            if isinstance(screen, Dressed):
                screen.show_look(look)

    def keep_theme(self) -> None:
        """Write the look that is shown into the user's settings."""
        problem = self.configuration.choose("theme", self.theme)
        self._tell([problem] if problem else [])
        self.chosen = self.chosen._replace(
            preferences=replace(self.chosen.preferences, theme=self.theme)
        )

    @property
    def _arrangement(self) -> Arrangement:
        screen = self._working_screens()[-1]
        return screen.arrangement if isinstance(screen, Arranged) else self.ide.arrangement

    def action_grow(self) -> None:
        """More room for the pane in use."""
        self._arrangement.grow(1)

    def action_shrink(self) -> None:
        """Less room for the pane in use."""
        self._arrangement.grow(-1)

    def action_maximise(self) -> None:
        """The pane in use alone, or all of them."""
        self._arrangement.toggle_alone()

    def action_hide(self) -> None:
        """Put a pane away, or bring it back."""
        self._arrangement.toggle_away()

    def action_reset_layout(self) -> None:
        """Every pane as it was at first."""
        self._arrangement.reset()

    def copy_to_clipboard(self, text: str) -> None:
        """To the terminal's clipboard, and to the system's where a tool of the platform is."""
        super().copy_to_clipboard(text)
        copy(text)

    def action_show_keys(self) -> None:
        """The list of keys of the mode one is in."""
        from watstep_tui.screens.dialogs.keys import KeysDialog

        self.push_screen(KeysDialog(self.mode, self._arrangement.active))

    def action_settings_file(self) -> None:
        """The user's settings, to write in."""
        self._edit_own_file(SETTINGS_FILE)

    def action_keymap_file(self) -> None:
        """The user's keys, to write in."""
        self._edit_own_file(KEYMAP_FILE)

    def _edit_own_file(self, name: str) -> None:
        from watstep_tui.screens.dialogs.own_file import OwnFileDialog

        self.push_screen(OwnFileDialog(name, self.configuration, self.read_files))

    def action_quit_safely(self) -> None:
        """Leave; with unsaved work only after an answer."""
        self.ide.switching.when_all_safe(self._leave)

    def _leave(self) -> None:
        self.ide.running.keep()
        self.exit()


def run_ide(
    path: str | None,
    text: str | None,
    arguments: tuple[str, ...],
    grants: Mapping[str, tuple[str, ...]],
    limits: RunLimits | None = None,
    run: RunFile | None = None,
) -> int:
    """Open the IDE on a file, on text that was piped in, or on a run; the exit code.

    Raises:
        OSError: There is no terminal.
        SourceError: The file cannot be read, is too large, is no text, or is not UTF-8.
    """
    with_terminal = [fd for fd in (0, 1) if not os.isatty(fd)]
    for descriptor in with_terminal:
        terminal = os.open("/dev/tty", os.O_RDWR)
        os.dup2(terminal, descriptor)
        os.close(terminal)
    settings = RunSettings(arguments, grants, limits or RunLimits())
    workspace = Workspace(Path(path) if path else None)
    app = WatstepApp(workspace, text, settings)
    app.greets = text is None and run is None
    app.kept_run = run
    try:
        app.run()
    finally:
        if app.return_code:
            # It ended otherwise than by leaving it.
            app.ide.files.keep()
    return app.return_code or 0

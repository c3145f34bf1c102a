"""Driving the IDE in tests: open it on a real file, press keys, wait for what they began."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Protocol

from textual.app import App
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input

from tests.support import without_fonts
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.workspace import Workspace

WIDE, NARROW = (120, 40), (80, 24)
PROGRAM = "(local $x i32)\n(local.set $x (i32.const 5))\n(local.get $x)\n"
PATIENCE = 30.0
"""Seconds for which a state is waited for."""


def opened(folder: Path, text: str = PROGRAM) -> WatstepApp:
    """The IDE on a file that holds a text, not yet running."""
    path = folder / "program.wat"
    path.write_text(text)
    return WatstepApp(Workspace(path, folder / "state"), None, RunSettings())


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Wait until something holds; fail where it does not in the end."""
    deadline = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < deadline
        await pilot.pause(0.02)


async def settled(pilot: Pilot[None]) -> None:
    """Wait for what the last key began."""
    await pilot.pause(0.05)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def answered(pilot: Pilot[None]) -> None:
    """Wait until the program was tried after the pause."""
    await settled(pilot)
    assert isinstance(pilot.app, WatstepApp)
    ide = pilot.app.ide
    await until(pilot, lambda: ide.code.fresh and not ide.answering.waits)
    await settled(pilot)


def drawn(app: App[None]) -> str:
    """Every character that the screen's widgets draw, row by row of each."""
    return "\n".join(
        "".join(segment.text for segment in widget.render_line(row))
        for widget in app.screen.query("*")
        if widget.display and widget.size
        for row in range(widget.size.height)
    )


def tab_rows(app: WatstepApp, name: str) -> list[str]:
    """The rows of a tab of the editing screen, without spaces that line them up."""
    rows = app.ide.panel.contents.get(name, ())
    return [" ".join(row.text.plain.split()) for row in rows]


class SnapCompare(Protocol):
    """The fixture of pytest-textual-snapshot."""

    def __call__(
        self,
        app: App[None],
        *,
        terminal_size: tuple[int, int],
        run_before: Callable[[Pilot[None]], Awaitable[None]],
    ) -> bool:
        """Whether the picture is the kept one."""


class PicturedApp(WatstepApp):
    """The IDE whose pictures ask no other machine for a font."""

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The picture."""
        return without_fonts(super().export_screenshot(title=title, simplify=simplify))


class Desk:
    """An open IDE and what a person sees of it."""

    def __init__(self, app: WatstepApp, pilot: Pilot[None]) -> None:
        """Hold both."""
        self.app, self.pilot, self.ide = app, pilot, app.ide

    async def press(self, *keys: str) -> None:
        """Press keys, each after what the one before began; none only waits."""
        for key in keys or (None,):
            if key is not None:
                await self.pilot.press(key)
            await settled(self.pilot)

    async def type(self, text: str) -> None:
        """Type letters."""
        names = {" ": "space", "\n": "enter", '"': "quotation_mark"}
        await self.pilot.press(*(names.get(letter, letter) for letter in text))
        await settled(self.pilot)

    async def write(self, text: str) -> None:
        """Have another program in the editor."""
        self.ide.editor.replace(text, (0, 0), self.ide.editor.document.end)
        await settled(self.pilot)

    @property
    def dialog(self) -> str:
        """The kind of dialog that stands over the screen, "" for none."""
        screen = self.app.screen
        return type(screen).__name__ if isinstance(screen, ModalScreen) else ""

    @property
    def status(self) -> str:
        """What the status line says."""
        return self.ide.status_line.said

    @property
    def seen(self) -> str:
        """Every character that is drawn, row by row of each widget."""
        return drawn(self.app)

    def tab(self, name: str) -> list[str]:
        """The rows of a tab."""
        return tab_rows(self.app, name)

    def place(self) -> tuple[int, int]:
        """The cursor, line and column from 1."""
        row, column = self.ide.editor.selection.end
        return row + 1, column + 1

    async def fill(self, text: str) -> None:
        """Have a text in the line of the dialog."""
        line = self.app.screen.query_one(Input)
        line.value = text
        line.cursor_position = len(text)
        await settled(self.pilot)


@asynccontextmanager
async def ide(
    path: Path | None,
    text: str | None = None,
    *,
    size: tuple[int, int] = WIDE,
    settings: RunSettings | None = None,
    piped: str | None = None,
) -> AsyncIterator[Desk]:
    """The IDE on a file, which holds `text` where that is given, with kept state beside it."""
    if path is not None and text is not None:
        path.write_bytes(text.encode())
    app = WatstepApp(Workspace(path), piped, settings or RunSettings())
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield Desk(app, pilot)


def told(desk: Desk) -> str:
    """Everything that toasts said."""
    return "\n".join(note.message for note in desk.app._notifications)

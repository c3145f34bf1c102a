"""`make screenshots`: the pictures of the README and the pages, taken of the program as it runs."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.support import EXAMPLES, ROOT, without_fonts
from watstep.cli.demo_server import DemoServer
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.workspace import Workspace


class Shot(NamedTuple):
    """A picture: its name in docs, the example, the terminal, the theme, the keys."""

    name: str
    example: str
    size: tuple[int, int]
    theme: str
    keys: tuple[str, ...]
    arguments: tuple[str, ...] = ("/",)
    """One that begins with a slash is an address of the server of the demo."""


DUSK, PAPER = "watstep-dusk", "watstep-paper"
FETCH, TRAP = "fetch.wat", "trap_divide.wat"
SHOTS = (
    Shot("editing", FETCH, (120, 40), DUSK, ("f5",)),
    Shot("stepping", FETCH, (120, 40), DUSK, ("f5", "f6", *"17b10g")),
    Shot("stepping-narrow", FETCH, (80, 24), PAPER, ("f5", "f6", "n", "n", "s")),
    Shot("trap", TRAP, (120, 40), DUSK, ("f5", "f6", "T")),
    Shot(
        "debugging-why",
        "bugs/greeting.wat",
        (120, 40),
        DUSK,
        ("f5", "f6", "end", "3", "tab", "down", "y"),
        ("ada",),
    ),
    Shot(
        "debugging-again",
        "bugs/greeting.wat",
        (120, 40),
        DUSK,
        ("f5", "f6", "e", "ctrl+g", *"114", "enter", "alt+down", "f6"),
        ("ada",),
    ),
    Shot(
        "debugging-error",
        "bugs/headlines.wat",
        (120, 40),
        PAPER,
        ("f5", "f6", *":break", "space", *"error", "enter", "c", "n", "n", "n"),
        ("/", "/missing"),
    ),
    Shot(
        "debugging-number",
        "bugs/total.wat",
        (120, 40),
        PAPER,
        ("f5", "f6", "end", "3", "tab", "down", "y"),
        ("12,7,30",),
    ),
    Shot(
        "debugging-memory",
        "bugs/shout.wat",
        (120, 40),
        DUSK,
        (
            *("f5", "f6", "end"),
            *":who",
            "space",
            *"mem",
            "space",
            *"$loud",
            "space",
            "4",
            "enter",
        ),
        ("quiet please",),
    ),
)


async def take(shot: Shot) -> None:
    """Press the keys and keep the picture as docs/NAME.svg."""
    with tempfile.TemporaryDirectory() as folder, DemoServer() as server:
        here = server.url.rstrip("/")
        arguments = tuple(here + text if text.startswith("/") else text for text in shot.arguments)
        settings = RunSettings(arguments, parse_grants([f"http={server.host}", "kv"]))
        app = WatstepApp(Workspace(EXAMPLES / shot.example, Path(folder)), None, settings)
        async with app.run_test(size=shot.size) as pilot:
            app.use_theme(shot.theme)
            for key in [None, *shot.keys]:
                if key:
                    await pilot.press(key)
                await pilot.pause(0.1)
                await app.workers.wait_for_complete()
                await pilot.pause()
            svg = app.export_screenshot(title="watstep")
    (ROOT / "docs" / f"{shot.name}.svg").write_text(without_fonts(svg), "utf-8")
    print(f"docs/{shot.name}.svg")


def main() -> None:
    """Take them all."""
    with tempfile.TemporaryDirectory() as home:
        # What whoever takes them has set and opened is in no picture.
        os.environ.update(dict.fromkeys(("XDG_CONFIG_HOME", "XDG_STATE_HOME"), home))
        for shot in SHOTS:
            asyncio.run(take(shot))


if __name__ == "__main__":
    main()

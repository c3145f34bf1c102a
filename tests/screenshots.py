"""`make screenshots`: the pictures of the README, taken of the program as it runs."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from tests.support import EXAMPLES, ROOT
from watstep.cli.demo_server import DemoServer
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.workspace import Workspace

SHOTS = (
    ("editing", (120, 40), "watstep-dusk", ["f5"]),
    ("stepping", (120, 40), "watstep-dusk", ["f5", "f6", "n", "n", "n", "n", "n", "2", "s"]),
    ("stepping-narrow", (80, 24), "watstep-paper", ["f5", "f6", "n", "n", "s"]),
)


async def take(name: str, size: tuple[int, int], theme: str, keys: list[str]) -> None:
    """Press the keys and keep the picture as docs/NAME.svg."""
    with tempfile.TemporaryDirectory() as folder, DemoServer() as server:
        settings = RunSettings((server.url,), parse_grants([f"http={server.host}"]))
        app = WatstepApp(Workspace(EXAMPLES / "fetch.wat", Path(folder)), None, settings)
        async with app.run_test(size=size) as pilot:
            while app.theme != theme:
                app.action_next_theme()
            for key in [None, *keys]:
                if key:
                    await pilot.press(key)
                await pilot.pause(0.1)
                await app.workers.wait_for_complete()
                await pilot.pause()
            svg = app.export_screenshot(title="watstep")
    # Fonts are the reader's: the picture asks no other machine for one.
    svg = re.sub(r"@font-face \{[^}]*\}", "", svg)
    (ROOT / "docs" / f"{name}.svg").write_text(svg, "utf-8")
    print(f"docs/{name}.svg")


def main() -> None:
    """Take them all."""
    for name, size, theme, keys in SHOTS:
        asyncio.run(take(name, size, theme, keys))


if __name__ == "__main__":
    main()

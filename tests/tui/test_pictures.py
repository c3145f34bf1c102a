"""Pictures of the editing screen and its dialogs; `make snapshots` takes them again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support import EXAMPLES
from tests.tui.driving import NARROW, WIDE, PicturedApp, SnapCompare, settled
from watstep.host.settings import RunSettings
from watstep_tui.app import WatstepApp
from watstep_tui.files.workspace import Workspace
from watstep_tui.theming import load_looks

FETCH = (EXAMPLES / "fetch.wat").read_text("utf-8")
WRONG = """(local $sum i32)
(local.set $sum (i32.add (local.get $sum) (local.get $x)))
(call $http.gett "http://example.com/")
(local.get $sum)
"""
COMPLETED = """(argv 0 $url)
(local $sum i32)
(call $dbg.i32 (local.get $sum))
"""
LOCAL = ("left_parenthesis", *"local", "full_stop")
URL = "http://example.com:8080/"

Prepare = Callable[[Pilot[None]], Awaitable[None]]


def pressing(*keys: str) -> Prepare:
    """Press keys."""

    async def prepare(pilot: Pilot[None]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return prepare


async def written_elsewhere(pilot: Pilot[None]) -> None:
    """Another program writes the file while there is unsaved work."""
    await pressing("x", "y", "space")(pilot)
    path = Path.home() / "project" / "fetch.wat"
    path.write_text(FETCH.replace("fetched the URL", "got it") + "\n;; one line more\n")
    await pressing("ctrl+s")(pilot)


async def three_programs(pilot: Pilot[None]) -> None:
    """Several programs are open, two of them unsaved, and something is replaced."""
    await pressing("x")(pilot)
    assert isinstance(pilot.app, WatstepApp)
    for name in ("other.wat", "third.wat"):
        pilot.app.ide.switching.open(Path.home() / "project" / name)
        await settled(pilot)
    keys = ("ctrl+pageup", "y", "alt+r", "alt+x", *"err(o?)r?", "tab", "dollar_sign", "0", "2")
    await pressing(*(_NAMES.get(key, key) for key in keys))(pilot)


_NAMES = {"(": "left_parenthesis", ")": "right_parenthesis", "?": "question_mark"}

PICTURES: list[tuple[str, str, tuple[int, int], Prepare]] = [
    ("completion", COMPLETED, WIDE, pressing("ctrl+end", "left_parenthesis", *"http")),
    ("completion-small", COMPLETED, NARROW, pressing("ctrl+end", *LOCAL, "down")),
    ("explained", COMPLETED, NARROW, pressing("right", "ctrl+k")),
    ("problems", WRONG, WIDE, pressing("f8", "f7", "down")),
    ("grant", FETCH, NARROW, pressing("f5")),
    ("settings", FETCH, NARROW, pressing("ctrl+r", "tab", "tab", "tab", "tab")),
    ("open", FETCH, NARROW, pressing("ctrl+o", "down")),
    ("changed-on-disk", FETCH, NARROW, written_elsewhere),
    ("changed-on-disk-wide", FETCH, WIDE, written_elsewhere),
    ("programs-wide", FETCH, WIDE, three_programs),
    ("programs", FETCH, NARROW, three_programs),
    ("keys", FETCH, NARROW, pressing("f1")),
    ("welcome", FETCH, NARROW, pressing("alt+w")),
    ("jump", FETCH, NARROW, pressing("alt+j")),
]


@pytest.mark.parametrize(
    ("text", "size", "prepare"), [row[1:] for row in PICTURES], ids=[row[0] for row in PICTURES]
)
def test_picture(
    text: str,
    size: tuple[int, int],
    prepare: Prepare,
    snap_compare: SnapCompare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The screen looks as it did."""
    folder = tmp_path / "home" / "project"
    folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder.parent))
    for name in ("fetch.wat", "other.wat"):
        (folder / name).write_text(text)
    (folder / "lib").mkdir()
    app = PicturedApp(Workspace(folder / "fetch.wat"), None, RunSettings((URL,)))
    assert snap_compare(app, terminal_size=size, run_before=prepare)


@pytest.mark.parametrize("theme", sorted(load_looks().looks))
def test_every_theme(theme: str, snap_compare: SnapCompare, tmp_path: Path) -> None:
    """Code, a breakpoint, lit forms, problems and a list over them look as they did."""
    (tmp_path / "wrong.wat").write_text(WRONG)
    app = PicturedApp(Workspace(tmp_path / "wrong.wat"), None, RunSettings())

    async def prepare(pilot: Pilot[None]) -> None:
        app.use_theme(theme)
        await pressing("down", "f9", "f8", "f7", "down", "alt+t")(pilot)

    assert snap_compare(app, terminal_size=NARROW, run_before=prepare)

"""What is remembered, per file and for the person; a damaged file is set aside, never lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tui.driving import ide, settled, told
from watstep.debug.state import Level
from watstep.host.settings import RunLimits
from watstep_tui.files.remembered import FileSettings, KeptGrant, SettingsStore
from watstep_tui.screens.dialogs.settings import read_arguments, written_arguments
from watstep_tui.screens.stepping import SteppingScreen

KEPT = FileSettings(
    ("a", "b c"),
    {"http": KeptGrant(("h:80",), ("http.get",))},
    ("dbg",),
    RunLimits(fuel=7, seconds=0.5),
    ("s1", "s4 if $x > 1", "e2", "write $x off log {$x}"),
)


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    """Each file has its own; nothing is kept of one that was not written."""
    store = SettingsStore(tmp_path / "config")
    assert store.read_file("/a.wat") == FileSettings()
    store.write_file("/a.wat", KEPT)
    store.write_file("/b\udcff.wat", FileSettings())
    assert store.read_file("/a.wat") == KEPT
    store.write_layout({"editing.panel.height": 30.0})
    for number in range(20):
        store.add_recent(f"/{number}")
    store.add_recent("/15")
    kept = SettingsStore(tmp_path / "config").read_user()
    assert kept.layout == {"editing.panel.height": 30.0}
    assert kept.recent[:3] == ("/15", "/19", "/18")
    assert len(kept.recent) == 12
    assert store.problems == []


DAMAGED = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff",
    b'{"arguments": [1], "grants": {}, "denied": [], "limits": {}}',
    b'{"arguments": [], "grants": {}, "denied": [], "limits": {"fuel": true},'
    b' "breakpoints": [], "expansion_breakpoints": []}',
    b'{"arguments": [], "grants": {"http": 1}, "denied": [], "limits": {},'
    b' "breakpoints": [0], "expansion_breakpoints": []}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_set_aside(content: bytes, tmp_path: Path) -> None:
    """It is reported, kept under another name, and the settings start new."""
    store = SettingsStore(tmp_path)
    store.write_file("/a.wat", KEPT)
    (path,) = (tmp_path / "files").glob("*.json")
    path.write_bytes(content)
    assert store.read_file("/a.wat") == FileSettings()
    assert path.with_suffix(".damaged").read_bytes() == content
    assert "was damaged" in store.problems[0]
    store.write_file("/a.wat", KEPT)
    assert store.read_file("/a.wat") == KEPT


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """Nothing raises: the IDE goes on without keeping."""
    (tmp_path / "file").write_text("")
    store = SettingsStore(tmp_path / "file" / "config")
    store.write_file("/a.wat", KEPT)
    assert "not kept" in store.problems[0]
    assert store.read_file("/a.wat") == FileSettings()


ARGUMENTS = [
    (),
    ("",),
    ("a", "b c", "", 'say "hi"'),
    ('"quoted"', "two\nlines", " spaced ", "tab\t", "\\n", "é"),
]


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_arguments_one_a_line(arguments: tuple[str, ...]) -> None:
    """Reading is the inverse of writing, whatever an argument holds."""
    assert read_arguments(written_arguments(arguments)) == arguments


def test_a_quote_that_does_not_close_is_named() -> None:
    """Where it is, and what a text in quotes looks like."""
    with pytest.raises(ValueError, match="line 2"):
        read_arguments('a\n"b')
    assert read_arguments("a\n\n  b \n") == ("a", "b")


def test_lines_of_an_older_file_are_breakpoints(tmp_path: Path) -> None:
    """B5: of source and expansion, as they were kept before there were other kinds."""
    store = SettingsStore(tmp_path / "config")
    store.write_file("/a.wat", KEPT)
    place = next((tmp_path / "config" / "files").iterdir())
    kept = json.loads(place.read_text("utf-8"))
    place.write_text(json.dumps(kept | {"breakpoints": [3, 7], "expansion_breakpoints": [5]}))
    assert store.read_file("/a.wat").breakpoints == ("s3", "s7", "e5")


async def test_every_kind_of_breakpoint_survives_edits_and_a_restart(tmp_path: Path) -> None:
    """B5: with conditions, off, in mid-line, on no line; those on lines move with their text."""
    path = tmp_path / "a.wat"
    words = ("s2 if $x > 1 every 2", "statement s2:3", "e5 off", "write $x log {$x}", "trap")
    async with ide(path, "(local $x i32)\n(i32.const 1)\n") as desk:
        await desk.press("f6")
        assert isinstance(desk.app.screen, SteppingScreen)
        for word in words:
            desk.app.screen.send(f"break {word}")
            await settled(desk.pilot)
        await desk.press("e")
        desk.ide.editor.move_cursor((0, 0))
        await desk.press("enter", "ctrl+s")
    moved = ("s3 if $x > 1 every 2", "statement s3:3", "e6 off", *words[3:])
    async with ide(path) as desk:
        assert desk.ide.editor.breakpoints.keys() == {3}
        await desk.press("f6")
        screen = desk.app.screen
        assert isinstance(screen, SteppingScreen)
        assert screen.snapshot is not None
        assert tuple(stop.words for stop in screen.snapshot.breakpoints) == moved


async def test_the_list_of_breakpoints_edits_and_takes_away(tmp_path: Path) -> None:
    """B2: `B` opens it, again edits the marked one's words; `b` takes it away there."""
    async with ide(tmp_path / "a.wat", "(local $x i32)\n(i32.const 1)\n") as desk:
        await desk.press("f6")
        screen = desk.app.screen
        assert isinstance(screen, SteppingScreen)
        screen.send("break trap")
        screen.send("break s2")
        await settled(desk.pilot)
        await desk.press("B", "down", "B", *" off", "enter")
        await settled(desk.pilot)
        assert screen.snapshot is not None
        assert [stop.words for stop in screen.snapshot.breakpoints] == ["trap off", "s2"]
        await desk.press("b")
        await settled(desk.pilot)
        assert len(screen.snapshot.breakpoints) == 1
        await desk.press("k", *"note", "enter")
        await settled(desk.pilot)
        await desk.press("K")
        await settled(desk.pilot)
        assert "instant 0  note" in str(screen.said)


async def test_breakpoints_and_theme_are_kept(tmp_path: Path) -> None:
    """For each file, beside nothing of the program's own folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    path = folder / "a.wat"
    async with ide(path, "(local $x i32)\n(i32.const 1)\n") as desk:
        desk.ide.editor.move_cursor((1, 0))
        await desk.press("f9", "alt+t", "up", "enter")
        desk.ide.view.focus()
        desk.ide.view.move_cursor(3, 0)
        await desk.press("f9")
        theme = desk.app.theme
    async with ide(path) as desk:
        assert desk.ide.editor.breakpoints.keys() == {2}
        assert desk.ide.view.breakpoints.keys() == {4}
        assert desk.app.theme == theme
        await desk.press("f6")
        screen = desk.app.screen
        assert isinstance(screen, SteppingScreen)
        assert screen.snapshot is not None
        levels = {(stop.level, stop.line) for stop in screen.snapshot.breakpoints}
        assert levels == {(Level.SOURCE, 2), (Level.EXPANSION, 4)}
        await desk.press("e")
        assert desk.ide.view.breakpoints.keys() == {4}
    assert [entry.name for entry in folder.iterdir()] == ["a.wat"]


async def test_damaged_settings_are_told_at_the_start(tmp_path: Path) -> None:
    """The IDE opens all the same."""
    path = tmp_path / "a.wat"
    async with ide(path, "(i32.const 1)\n") as desk:
        folder = desk.app.store.folder
        desk.app.store.write_file(desk.ide.workspace.identity, KEPT)
    (kept,) = (folder / "files").glob("*.json")
    kept.write_text("{")
    (folder / "state.json").write_text("{")
    async with ide(path) as desk:
        assert "was damaged" in told(desk)
        assert kept.with_suffix(".damaged").read_text() == "{"
        assert desk.ide.running.runs.settings.arguments == ()

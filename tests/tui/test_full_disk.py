"""A disk that is full: every file that cannot be written is said, and holds what it held."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tui.driving import ide, told, until
from watstep.source.writing import _write_over

ONE = "(i32.const 1)\n"


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow: writing fails as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


async def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """The file stays as it was, the text stays here, and both are said."""
    path = tmp_path / "a.wat"
    async with ide(path, ONE) as desk:
        await desk.press("x")
        with full_disk():
            desk.ide.files.keep()
            desk.ide.files.keep()
            await desk.press("ctrl+s")
        assert told(desk).count("cannot be kept") == 1
        assert "the text is still here" in told(desk)
        assert path.read_text() == ONE
        assert desk.ide.unsaved
        await desk.press("ctrl+s")
        assert path.read_text() == "x" + ONE
    assert not list(tmp_path.glob(".a.wat*"))


FULL = {
    "save as": (("alt+s",), "b.wat", "the text is still here"),
    "the expansion": (("ctrl+l",), "b.wat", "b.wat: file too large"),
    "a breakpoint": (("f9",), "", "settings are not kept"),
    "the layout": (("alt+equals_sign",), "", "settings are not kept"),
    "the view": (("alt+2",), "", "settings are not kept"),
    "the theme": (("alt+t", "down", "enter"), "", "settings.toml is not kept"),
    "the text for another editor": (("alt+v",), "", "cannot be handed over"),
}


@pytest.mark.parametrize(("keys", "name", "said"), FULL.values(), ids=FULL)
async def test_every_file_may_be_refused(
    keys: tuple[str, ...],
    name: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What cannot be written is said, and neither a part of it nor a temporary file is left."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setenv("EDITOR", "true")
    path = tmp_path / "a.wat"
    async with ide(path, ONE) as desk:
        await desk.press("x")
        before = {found: found.stat().st_size for found in tmp_path.rglob("*") if found.is_file()}
        with full_disk():
            await desk.press(*keys)
            if name:
                await desk.fill(str(tmp_path / name))
                await desk.press("enter")
            await until(desk.pilot, lambda: said in told(desk))
        assert desk.ide.editor.text == "x" + ONE
        assert desk.ide.unsaved
        assert desk.ide.workspace.path == path
        after = {found: found.stat().st_size for found in tmp_path.rglob("*") if found.is_file()}
        assert after == {**before, **{found: 0 for found in after if found.suffix == ".lock"}}


async def test_own_settings_that_cannot_be_written_stay_in_their_dialog(tmp_path: Path) -> None:
    """It is said below them, and they are written once there is room."""
    async with ide(tmp_path / "a.wat", ONE) as desk:
        await desk.press("alt+k")
        await desk.type("# mine")
        with full_disk():
            await desk.press("ctrl+s")
        assert desk.dialog == "OwnFileDialog"
        assert "settings.toml is not kept: file too large" in desk.seen
        assert not desk.app.configuration.path("settings.toml").exists()
        await desk.press("ctrl+s")
        assert desk.app.configuration.path("settings.toml").read_text().startswith("# mine")


def test_a_file_in_a_folder_that_may_not_be_written_keeps_what_it_had(tmp_path: Path) -> None:
    """Written over in its place, as no other can be put there, it is whole in the end as well."""
    path = tmp_path / "a.wat"
    path.write_text("old\n")
    with full_disk(), pytest.raises(OSError, match="too large"):
        _write_over(path, b"longer than the disk is")
    assert path.read_text() == "old\n"
    _write_over(path, b"new")
    assert path.read_text() == "new"

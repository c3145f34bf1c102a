"""The user's folders are temporary ones in every test of the interface."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def user_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Send every folder of the user's into a temporary one."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    # What is seen for a moment is seen in no picture.
    monkeypatch.setattr("watstep_tui.widgets.expansion.FLASH", 0)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        # The clipboard of whoever runs the tests is theirs.
        monkeypatch.delenv(name, raising=False)
    return tmp_path

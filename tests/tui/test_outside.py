"""The person's own editor and the system's clipboard, with real programs in their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.tui.driving import ide, until
from watstep_tui.screens.outside import editor_command
from watstep_tui.terminal.clipboard import tool_of

ONE = "(i32.const 1)\n"
VISUAL = "\x1bv"


def program(folder: Path, name: str, script: str) -> Path:
    """A shell's script that can be run."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_an_editor_writes_the_file(tmp_path: Path) -> None:
    """It is given the file at the cursor's line, the terminal is its own, and undo knows."""
    path = tmp_path / "a.wat"
    path.write_text(ONE + ONE)
    script = f"echo $@ > {tmp_path}/given; echo lent to the editor; echo ';; written' >> $2"
    editor = program(tmp_path / "bin", "edit", script)
    with Terminal(tmp_path, (80, 24), str(path), environment={"VISUAL": str(editor)}) as screen:
        screen.see("EDITING", "F8 goes")
        screen.press("down", VISUAL)
        screen.see("written", "taken from the editor", gone="a.wat ●")
        assert (tmp_path / "given").read_text() == f"+2 {path}\n"
        screen.press("\x1a")
        screen.see("a.wat ●", gone="written")
        screen.press("ctrl+s")
        screen.see("saved")
    assert path.read_text() == ONE + ONE


@pytest.mark.parametrize(
    ("script", "said"),
    [("exit 3", "`edit` ended with code 3"), (None, "no such file")],
    ids=["fails", "is none"],
)
def test_an_editor_that_does_nothing_with_unsaved_text(
    script: str | None, said: str, tmp_path: Path
) -> None:
    """It is named, and so is the text that no file holds; nothing is left of the lent one."""
    path, temporary = tmp_path / "a.wat", tmp_path / "temporary"
    path.write_text(ONE)
    temporary.mkdir()
    editor = program(tmp_path / "bin", "edit", script) if script else tmp_path / "none"
    given = {"EDITOR": str(editor), "TMPDIR": str(temporary)}
    with Terminal(tmp_path, (120, 40), str(path), environment=given) as screen:
        screen.see("EDITING", "B wasm")
        screen.press(";; x", "enter")
        screen.see("a.wat ●")
        screen.press(VISUAL)
        screen.see(said, "not edited", "unsaved", "still", "a.wat ●", ";; x")
        screen.press(";; y")
        screen.see(";; y")
    assert list(temporary.iterdir()) == []


def test_unsaved_text_is_lent_by_a_temporary_file(tmp_path: Path) -> None:
    """The file stays as it was; an editor that fails changes nothing, and its text is kept."""
    path = tmp_path / "a.wat"
    path.write_text(ONE)
    script = f"cp $2 {tmp_path}/lent; echo $2 >> {tmp_path}/given; echo ';; more' >> $2; exit $FAIL"
    for fail in ("0", "3"):
        editor = program(tmp_path / "bin", "edit", script.replace("$FAIL", fail))
        with Terminal(tmp_path, (80, 24), str(path), environment={"EDITOR": str(editor)}) as screen:
            screen.see("EDITING", "B wasm")
            screen.press(";; x", "enter")
            screen.see("a.wat ●")
            screen.press(VISUAL)
            said = ["taken from the editor"]
            if fail != "0":
                said = ["`edit` ended with code 3"]
            shown = screen.see(*said)
            assert (";; more" in shown) == (fail == "0")
            assert (tmp_path / "lent").read_text() == ";; x\n" + ONE
            lent = Path((tmp_path / "given").read_text().split()[-1])
            assert lent.exists() == (fail != "0")
            screen.press("ctrl+q")
            screen.see("There is unsaved work")
            screen.press("tab", "enter")
            assert screen.exit_code() == 0
    assert path.read_text() == ONE
    assert lent.read_text() == ";; x\n" + ONE + ";; more\n"
    lent.unlink()
    lent.parent.rmdir()


COMMANDS = [
    ("vi", ["vi", "+3", "/a b.wat"]),
    ("emacsclient -t -a ''", ["emacsclient", "-t", "-a", "", "+3", "/a b.wat"]),
    ("/usr/bin/hx", ["/usr/bin/hx", "/a b.wat:3:7"]),
    ("code", ["code", "--wait", "--goto", "/a b.wat:3:7"]),
    ("nano", ["nano", "+3,7", "/a b.wat"]),
]


@pytest.mark.parametrize(("editor", "command"), COMMANDS)
def test_editors_are_told_the_place_in_their_way(editor: str, command: list[str]) -> None:
    """`+LINE FILE`, or what the editor takes in its place."""
    assert editor_command(editor, Path("/a b.wat"), 3, 7) == command


async def test_without_an_editor_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither variable is set, or the program that it names is not there."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with ide(tmp_path / "a.wat", ONE) as desk:
        await desk.press("alt+v")
        assert "set $VISUAL or $EDITOR" in desk.seen
        monkeypatch.setenv("EDITOR", "'open quote")
        await desk.press("alt+v")
        assert "no closing quotation" in desk.seen
        assert desk.ide.editor.text == ONE


async def test_the_clipboard_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is copied goes to the tool, what the tool gives is pasted, letters after it stay so."""
    folder = tmp_path / "bin"
    held = tmp_path / "held"
    program(folder, "wl-copy", f"cat > {held}")
    program(folder, "wl-paste", f"cat {held}")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("WAYLAND_DISPLAY", "none")
    async with ide(tmp_path / "a.wat", ONE) as desk:
        await desk.press("ctrl+c")
        await until(desk.pilot, lambda: held.exists() and held.read_text() == ONE)
        held.write_text("日本\r\n")
        await desk.press("ctrl+v", "x")
        assert desk.ide.editor.text == "日本\nx" + ONE
        held.unlink()
        await desk.press("ctrl+v")
        assert desk.ide.editor.text == "日本\nx" + ONE + ONE


async def test_a_tool_that_hangs_is_passed_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then what was copied here is pasted."""
    folder = tmp_path / "bin"
    for name in ("wl-copy", "wl-paste"):
        program(folder, name, "exec sleep 60")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("WAYLAND_DISPLAY", "none")
    monkeypatch.setattr("watstep_tui.terminal.clipboard.LONGEST", 0.1)
    async with ide(tmp_path / "a.wat", ONE) as desk:
        await desk.press("ctrl+c", "ctrl+v")
        await until(desk.pilot, lambda: desk.ide.editor.text == ONE + ONE)


def test_no_tool_without_its_display(tmp_path: Path) -> None:
    """`xclip` would wait for a display that is not there."""
    program(tmp_path, "xclip", "")
    assert tool_of({"PATH": str(tmp_path)}) is None
    found = tool_of({"PATH": str(tmp_path), "DISPLAY": ":0"})
    assert found is not None
    assert found.copy[0] == "xclip"

"""Settings and keys are read from TOML, live, and what is wrong with them is told with its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import ROOT
from tests.tui.driving import NARROW, Desk, ide, told
from watstep.source.toml_text import read_toml, with_value
from watstep_tui.configuration import bindings, preferences
from watstep_tui.configuration.bindings import arrives, normal_key, read_keymap
from watstep_tui.configuration.preferences import (
    KIND_NAMES,
    SETTINGS,
    Preferences,
    read_preferences,
)
from watstep_tui.configuration.user_files import (
    KEYMAP_FILE,
    SETTINGS_FILE,
    Configuration,
)
from watstep_tui.keymap import When, default_rows, rows_of

USUAL = Preferences()

SETTINGS_TEXTS = [
    ("", USUAL, []),
    (preferences.template(), USUAL, []),
    ("key_line = false\nmessage_seconds = 2", replace(USUAL, key_line=False, message_seconds=2.0),
     []),
    ("them = 'x'\nanswer = false", replace(USUAL, answer=False),
     ["f:1: there is no setting `them`; did you mean `theme`?"]),
    ("\nside_by_side = '90'", USUAL,
     ["f:2: `side_by_side` is a whole number, as in side_by_side = 110"]),
    ("side_by_side = 9", USUAL, ["f:1: `side_by_side` is at least 60"]),
    ("key_line = no\nanswer = false", replace(USUAL, answer=False),
     ["f:1: this is no TOML: invalid value"]),
    ("[colours]\nanswer = false", USUAL, ["f:1: there is no setting `colours`"]),
    ("answer = 1", USUAL, ["f:1: `answer` is a true or false, as in answer = true"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "said"), SETTINGS_TEXTS)
def test_settings_are_read_as_far_as_they_make_sense(
    text: str, expected: Preferences, said: list[str]
) -> None:
    """What is wrong has its line, and the rest holds."""
    found, problems = read_preferences(text)
    assert found == expected
    assert [problem.told("f") for problem in problems] == said


KEYMAPS = [
    ('[editing]\nrun = "ctrl+r"', {"run": ("ctrl+r",), "run_settings": ()},
     ["f:2: `^R` is run; run_settings has it no more"]),
    ('[editing]\nrun = ["f5", "alt+="]', {"run": ("f5", "alt+equals_sign")},
     ["f:2: `Alt+=` is run; grow has it no more"]),
    ('[editing]\nrun = "f6"\nstepping = "F5"', {"run": ("f6",), "stepping": ("f5",)}, []),
    ("[editing]\nrun = []", {"run": ()}, []),
    ('[editing]\nrunn = "f4"\nrun = "ctrl+enter"', {"run": ("ctrl+enter",)},
     ["f:2: there is no action `runn` in [editing]; did you mean `run`?",
      "f:3: `Ctrl+Enter` does not arrive in tmux; give run another"]),
    ('[editing]\nrun = "wheel"\n[nowhere]\nrun = "f5"', {"run": ("f5",)},
     ["f:2: `wheel` is no key: keys are such as \"f5\", \"ctrl+s\", \"alt+x\", \"shift+up\"",
      "f:3: an action stands under one of [always] [editing] [stepping], not `nowhere`"]),
    ('[editing]\nrun = "alt+z"\nfind = "alt+z"', {"run": ("alt+z",), "find": ()},
     ["f:3: `Alt+Z` is run; find has it no more"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "said"), KEYMAPS)
def test_keymaps_are_read_as_far_as_they_make_sense(
    text: str, expected: dict[str, tuple[str, ...]], said: list[str]
) -> None:
    """Conflicts are told; what is given wins over what is so by default."""
    given, problems = read_keymap(text)
    assert [problem.told("f") for problem in problems] == said
    rows = {row.id: row.keys for row in default_rows(When.EDITING)}
    rows |= {name: keys for (mode, name), keys in given.items() if mode is When.EDITING}
    for name, keys in expected.items():
        assert rows[name] == keys


def test_the_templates_change_nothing_and_name_everything() -> None:
    """They can be written into a folder and read again."""
    text = bindings.template()
    assert read_keymap(text) == ({}, ())
    bare = "\n".join(line.removeprefix("# ") for line in text.split("\n") if " = " in line)
    assert len(read_toml(bare).data) >= len({row.id for row in rows_of(When.EDITING)})
    for row in SETTINGS:
        assert f"\n# {row.name} = {row.written}\n" in preferences.template()


KEYS = [
    ("Ctrl+S", "ctrl+s"), ("alt+=", "alt+equals_sign"), ("f5", "f5"), ("Shift+F5", "shift+f5"),
    ("?", "question_mark"), ("S", "S"), ("shift+s", "S"), ("alt+.", "alt+full_stop"),
    ("ctrl++", "ctrl+plus"), ("alt+minus", "alt+minus"), ("PageDown", "pagedown"),
    (">", "greater_than_sign"), ("super+s", None), ("foo", None), ("ctrl+", None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "key"), KEYS)
def test_keys_as_people_write_them(written: str, key: str | None) -> None:
    """By their names or their characters, in any case."""
    assert normal_key(written) == key


@pytest.mark.parametrize("mode", list(When))
def test_every_key_of_the_registry_is_one_that_a_keymap_can_name(mode: When) -> None:
    """And it arrives in tmux."""
    for row in default_rows(mode):
        for key in row.keys:
            assert normal_key(key) == key
            assert arrives(key), key


CHANGES = [
    ("", 'theme = "x"\n'),
    ("# mine\nkey_line = false # why\n", '# mine\nkey_line = false # why\ntheme = "x"\n'),
    ("theme = 'y'  # dark\nanswer = true", 'theme = "x"  # dark\nanswer = true'),
    ("# Help.\n# theme = 'y'\n# z = 1\n", "# Help.\n# theme = 'y'\ntheme = \"x\"\n# z = 1\n"),
    ("a = 1\n\n[t]\ntheme = 2\n", 'a = 1\ntheme = "x"\n\n[t]\ntheme = 2\n'),
]


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_a_value_is_written_and_comments_stay(before: str, after: str) -> None:
    """Only the line of the value is another one."""
    assert with_value(before, "theme", "x") == after


def test_the_page_on_settings_has_every_row() -> None:
    """docs/settings.md: name, kind, default and help, as the table says."""
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for row in SETTINGS:
        line = f"| `{row.name}` | {KIND_NAMES[row.kind]} | `{row.written}` | {row.help} |"
        assert line in page, line
    assert page.count("\n| `") == len(SETTINGS)


def config(desk: Desk, name: str, text: str) -> None:
    """Have the user write a file."""
    path = desk.app.configuration.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


async def test_files_are_taken_up_while_the_ide_is_open(tmp_path: Path) -> None:
    """Settings and keys; what names a key follows; what is wrong is told."""
    async with ide(tmp_path / "a.wat", "(local.get $a)\n", size=NARROW) as desk:
        assert "F5 run" in desk.seen
        config(desk, SETTINGS_FILE, 'theme = "watstep-paper"\nanswer = 3\n')
        keys = '[editing]\nrun = "alt+y"\nnext_problem = []\n[stepping]\nstep = "i"\n'
        config(desk, KEYMAP_FILE, keys)
        desk.app._look_at_files()
        await desk.press()
        assert desk.app.theme == "watstep-paper"
        assert "settings.toml:2: `answer`" in told(desk)
        assert "Alt+Y run" in desk.seen
        assert "F8" not in desk.seen
        assert "“Problem” of the palette" in desk.status
        await desk.write("(i32.const 1)\n")
        await desk.press("f5")
        assert not desk.ide.panel.display
        await desk.press("alt+y")
        assert "returned" in desk.seen
        await desk.press("f6")
        assert "i in" in desk.seen
        await desk.press("i")
        assert ":step" in desk.seen
        config(desk, SETTINGS_FILE, "key_line = false\n")
        config(desk, KEYMAP_FILE, "")
        desk.app._look_at_files()
        await desk.press("e")
        assert desk.app.theme == "watstep-dusk"
        assert "F5 run" not in desk.seen
        await desk.press("f7", "f5")
        assert "returned" in desk.seen


async def test_choosing_a_theme_keeps_the_users_comments(tmp_path: Path) -> None:
    """The program writes one line of the user's file."""
    async with ide(tmp_path / "a.wat", "(i32.const 1)\n") as desk:
        config(desk, SETTINGS_FILE, "# mine\nkey_line = false\n")
        await desk.press("alt+t", "down", "enter")
        assert desk.app.theme == "watstep-paper"
        written = desk.app.configuration.path(SETTINGS_FILE).read_text()
        assert written == f'# mine\nkey_line = false\ntheme = "{desk.app.theme}"\n'
        assert not desk.app.configuration.changed()


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    """Nothing raises."""
    (tmp_path / "file").write_text("")
    assert "not a directory" in Configuration(tmp_path / "file").choose("theme", "x")
    (tmp_path / SETTINGS_FILE).write_bytes(b"\xff")
    state = Configuration(tmp_path).read()
    assert state.preferences == USUAL
    assert state.problems == ("settings.toml: cannot be read: it is not utf-8",)


async def test_what_happens_by_itself_can_be_left_out(tmp_path: Path) -> None:
    """Lists as one types, flashes, trials and the blinking cursor."""
    async with ide(tmp_path / "a.wat", "(i32.const 1)\n") as desk:
        names = ("complete", "flash", "answer", "cursor_blink")
        config(desk, SETTINGS_FILE, "".join(f"{name} = false\n" for name in names))
        desk.app._look_at_files()
        await desk.press()
        ide_screen = desk.ide
        allowed = (
            ide_screen.completing.unasked,
            ide_screen.view.flashes,
            ide_screen.answering.wanted,
            ide_screen.editor.cursor_blink,
        )
        assert not any(allowed)
        await desk.press(*"(lo")
        assert desk.ide.completing.offered is None
        await desk.press("alt+slash")
        assert desk.ide.completing.offered is not None

"""Themes can be read, told apart from broken ones, and have contrast."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.terminal_theme import TerminalTheme
from textual._ansi_theme import ALABASTER, MONOKAI
from textual.color import Color

from tests.support import ROOT
from tests.tui.driving import ide, told
from watstep_tui.theming import ORIGINS, PANE_STYLES, load_looks

LOOKS = load_looks().looks
OWN_COLOURS = [name for name, look in LOOKS.items() if not look.theme.ansi]
"""The looks that bring colours, where the others use those of the terminal."""
TERMINAL = LOOKS["watstep-terminal"]
BESIDE_THE_CODE = ("gutter", "message", "breakpoint", "arrow", "sign_")


def luminance(colour: Color) -> float:
    """The relative luminance of a colour, as the contrast guidelines define it."""
    parts = [c / 255 for c in (colour.r, colour.g, colour.b)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """The ratio of two colours' contrast, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", OWN_COLOURS)
def test_text_has_contrast_on_every_background_of_code(name: str) -> None:
    """Text has contrast on every background of code."""
    look = LOOKS[name]
    plain = [s.bgcolor.name for s in (look.code["text"], look.code["cursor_line"]) if s.bgcolor]
    grounds = [s.bgcolor.name for s in look.code.values() if s.bgcolor]
    for style_name, style in {**look.code, **look.syntax}.items():
        if style.color is None:
            continue
        beside_the_code = style_name.startswith(BESIDE_THE_CODE)
        for ground in plain if beside_the_code else grounds:
            ratio = contrast(Color.parse(style.color.name), Color.parse(ground))
            assert ratio >= 4.5, (style_name, ground, round(ratio, 2))


def test_the_theme_of_high_contrast_has_more_of_it() -> None:
    """Code and words of panes stand at 7 to 1 on their own ground."""
    look = LOOKS["watstep-contrast"]
    ground = Color.parse(look.theme.background or "")
    for name, style in {**look.code, **look.panes, **look.syntax}.items():
        if style.color and not style.bgcolor:
            assert contrast(Color.parse(style.color.name), ground) >= 7, name


def test_the_states_of_the_clear_theme_differ_without_red_and_green() -> None:
    """What is wrong, well and changed differ in blue or in lightness, which every eye sees."""
    panes = LOOKS["watstep-clear"].panes
    states = [panes[name].color for name in ("error", "good", "changed")]
    seen = [Color.parse(state.name) for state in states if state]
    for one, other in combinations(seen, 2):
        assert abs(one.b - other.b) > 60 or contrast(one, other) > 1.4


@pytest.mark.parametrize("name", OWN_COLOURS)
def test_every_kind_of_origin_has_a_colour_of_its_own(name: str) -> None:
    """Grounds of generated text differ from each other and the plain one; so do signs."""
    code = LOOKS[name].code
    grounds = [code["text"].bgcolor, *(code[f"generated_{kind}"].bgcolor for kind in ORIGINS)]
    assert len({str(ground) for ground in grounds}) == 5
    assert len({str(code[f"sign_{kind}"].color) for kind in ORIGINS}) == 4


@pytest.mark.parametrize("name", OWN_COLOURS)
def test_words_of_panes_have_contrast(name: str) -> None:
    """Every named style of rows is read on the screen, a status line, the arrow's and a mark."""
    look = LOOKS[name]
    theme = look.theme
    grounds = [theme.background, theme.panel]
    for marked in (look.code["arrow_line"], look.panes["chosen"]):
        assert marked.bgcolor is not None
        grounds.append(marked.bgcolor.name)
    for style_name, style in look.panes.items():
        if style.color is None:
            continue
        own = [style.bgcolor.name] if style.bgcolor else grounds
        for ground in own:
            ratio = contrast(Color.parse(style.color.name), Color.parse(ground or ""))
            assert ratio >= 4.5, (style_name, ground, round(ratio, 2))


@pytest.mark.parametrize("name", OWN_COLOURS)
def test_words_of_popups_have_contrast(name: str) -> None:
    """Text, detail and what was matched are read on the ground of a popup and on a chosen row."""
    panes = LOOKS[name].panes
    for ground in (panes["popup"], panes["popup_chosen"]):
        assert ground.bgcolor is not None
        for style in (ground, panes["popup_muted"], panes["popup_match"]):
            assert style.color is not None
            ratio = contrast(Color.parse(style.color.name), Color.parse(ground.bgcolor.name))
            assert ratio >= 4.5, (style, ground, round(ratio, 2))


@pytest.mark.parametrize("name", OWN_COLOURS)
def test_borders_can_be_told_from_the_ground_and_from_each_other(name: str) -> None:
    """A quiet border is seen, the focused one and titles are read."""
    theme = LOOKS[name].theme
    ground = Color.parse(theme.background or "")
    ratios = {
        part: contrast(Color.parse(theme.variables[part]), ground)
        for part in ("border", "border-blurred", "text-muted", "footer-key-foreground")
    }
    assert ratios.pop("border-blurred") >= 2
    assert all(ratio >= 4.5 for ratio in ratios.values()), ratios


def test_rows_have_no_colours_of_their_own() -> None:
    """Every colour is the theme's; every name that rows are written with is one of a theme."""
    folder = ROOT / "tui" / "watstep_tui"
    texts = {path: path.read_text("utf-8") for path in folder.rglob("*.py")}
    for path, text in texts.items():
        assert not re.search(r"#[0-9a-f]{6}\b|bold red", text), path
    used = "".join(text for path, text in texts.items() if path.name != "theming.py")
    for name in PANE_STYLES:
        assert f'"{name}"' in used, name


READABLE = {"red", "green", "blue", "magenta", "cyan"}
"""The colours that palettes, dark and light, make for reading on their ground."""


def test_the_terminals_theme_uses_what_every_palette_can_show() -> None:
    """Readable colours on the terminal's own ground; never a colour on another."""
    for name, style in {**TERMINAL.code, **TERMINAL.panes, **TERMINAL.syntax}.items():
        assert not style.color or style.color.name in {*READABLE, "default"}, name
        assert not style.bgcolor or style.bgcolor.is_default, name


@pytest.mark.parametrize("palette", [MONOKAI, ALABASTER], ids=["dark", "light"])
def test_the_readable_colours_have_contrast_on_palettes(palette: TerminalTheme) -> None:
    """On a dark one and a light one."""
    ground = Color.from_rich_color(RichColor.from_triplet(palette.background_color))
    for name in READABLE:
        colour = RichColor.from_triplet(RichColor.parse(name).get_truecolor(palette))
        assert contrast(Color.from_rich_color(colour), ground) >= 3.8, name


async def test_nothing_stands_where_two_scrollbars_meet(tmp_path: Path) -> None:
    """The ground of the terminal, in every pane with both."""
    text = f'(call $dbg.log "{"x" * 90}")\n' * 60
    async with ide(tmp_path / "p.wat", text, size=(80, 24)) as desk:
        desk.app.use_theme(TERMINAL.theme.name)
        await desk.press()
        for pane in (desk.ide.editor, desk.ide.view):
            x, y, *_ = pane.scrollbar_corner.region
            style = desk.app.screen.get_style_at(x, y)
            assert style.bgcolor is None or style.bgcolor.is_default, pane


def test_the_terminals_theme_tells_states_without_colour() -> None:
    """What others say by a ground is said so that NO_COLOR does not take it away."""
    said = ("selection", "found", "linked", "arrow_line", "error", "bracket", "flash")
    styles = [TERMINAL.code[name] for name in said]
    styles += [TERMINAL.panes[name] for name in ("chosen", "popup_chosen", "mode", "tab_open")]
    for style in styles:
        assert style.without_color, style
        assert style.bold or style.underline or style.reverse, style


BASE = 'base = "watstep-dusk"\n'
BROKEN = [
    ("[ui]\nname = 3\n", "2: `name` is a text"),
    (BASE + "[ui]\nprimary = 'mauvish'\n", "3: `primary` is no colour: 'mauvish'"),
    (BASE + "[ui.variables]\nborder = '#12'\n", "3: `border` is no colour"),
    (BASE + "[code]\narow_line = 'bold'\n", "3: [code] has no style `arow_line`; did you mean"),
    (BASE + "\n[syntax]\nComment = 'bold blau'\n", "4: `Comment` is no style: 'bold blau'"),
    (BASE + "[syntax]\nComment = 7\n", "3: `Comment` is no style: 7"),
    ("base = 'dask'\n", "1: there is no theme `dask` to begin with; there are watstep-clear"),
    (BASE + "[pains]\n", "2: a theme has no `pains`; did you mean `panes`?"),
    (BASE + "code = 3\n", "2: a theme has no `code`"),
    (BASE + "[code\n", "2: this is no TOML"),
    ("[code]\ntext = 'bold'\n", "0: [ui] lacks `primary`"),
    (BASE + "[ui]\ncolour = 'mauve'\n", "3: [ui] has no `colour`"),
    ("", "0: [ui] lacks `primary`"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_broken_theme_is_named_with_its_line_and_skipped(
    text: str, said: str, tmp_path: Path
) -> None:
    """The program starts with the others."""
    (tmp_path / "bad.toml").write_text(text)
    loaded = load_looks(tmp_path)
    assert set(loaded.looks) == set(LOOKS)
    (failure,) = loaded.failures
    assert failure.startswith(f"themes/bad.toml:{said}".replace(":0:", ":"))
    assert failure.endswith("; the theme is skipped")


def test_a_theme_names_only_what_it_changes(tmp_path: Path) -> None:
    """The rest is its base's; a theme without a name has that of its file."""
    (tmp_path / "mine.toml").write_text(
        BASE + "[code]\ngutter = '#ffffff'\n[ui]\npanel = '#000000'"
    )
    loaded = load_looks(tmp_path)
    assert loaded.failures == ()
    mine, dusk = loaded.looks["mine"], LOOKS["watstep-dusk"]
    assert str(mine.code["gutter"]) == "#ffffff"
    assert mine.theme.panel == "#000000"
    assert mine.theme.variables == dusk.theme.variables
    assert mine.syntax == dusk.syntax


def test_a_bundled_file_is_a_whole_theme_by_itself(tmp_path: Path) -> None:
    """It can be copied and changed."""
    text = files("watstep_themes").joinpath("dusk.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("watstep-dusk", "night"), "utf-8")
    assert load_looks(tmp_path).looks["night"].code == LOOKS["watstep-dusk"].code


async def test_the_list_of_themes_shows_one_at_once(tmp_path: Path) -> None:
    """Escape goes back to the one before; Enter keeps."""
    async with ide(tmp_path / "a.wat", "(i32.const 1)\n") as desk:
        await desk.press("alt+t")
        for key, name in (("down", "watstep-paper"), ("down", "watstep-terminal")):
            await desk.press(key)
            assert desk.app.theme == name
            assert desk.ide.editor.look is desk.app.loaded.looks[name]
        await desk.press("escape")
        assert desk.app.theme == "watstep-dusk"
        assert not desk.app.configuration.path("settings.toml").exists()
        await desk.press("f6", "alt+t", "down", "enter")
        assert desk.app.theme == "watstep-paper"
    async with ide(tmp_path / "a.wat") as desk:
        assert desk.app.theme == "watstep-paper"


async def test_a_theme_is_shown_again_when_its_file_changes(tmp_path: Path) -> None:
    """Live, and a broken one is told and stays as it was not there."""
    async with ide(tmp_path / "a.wat", "(i32.const 1)\n") as desk:
        folder = desk.app.configuration.path("themes")
        folder.mkdir(parents=True)
        (folder / "mine.toml").write_text(BASE + "[code]\ngutter = '#ffffff'\n")
        desk.app.configuration.path("settings.toml").write_text("theme = 'mine'\n")
        desk.app._look_at_files()
        assert desk.app.theme == "mine"
        (folder / "mine.toml").write_text(
            BASE + "[code]\ngutter = '#fffffe'\n[ui]\npanel='#000001'"
        )
        desk.app._look_at_files()
        assert str(desk.ide.editor.look.code["gutter"]) == "#fffffe"
        assert desk.app.current_theme.panel == "#000001"
        (folder / "mine.toml").write_text(BASE + "[code]\ngutter = 'what?'\n")
        desk.app._look_at_files()
        await desk.press()
        assert "themes/mine.toml:3: `gutter` is no style" in told(desk)
        assert desk.app.theme == "mine"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "xterm")])
async def test_few_colours_are_enough(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terminal's own palette, or none; the kept theme is for another terminal."""
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.setenv(name, value)
    async with ide(tmp_path / "a.wat", "(i32.const 1)\n") as desk:
        assert desk.app.theme == "watstep-terminal"
        assert desk.app.native_ansi_color

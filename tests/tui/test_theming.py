"""Themes can be read, told apart from broken ones, and have contrast."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest
from textual.color import Color

from tests.support import ROOT
from watstep_tui.theming import ORIGINS, PANE_STYLES, load_looks

LOOKS = load_looks().looks
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


@pytest.mark.parametrize("name", LOOKS)
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


@pytest.mark.parametrize("name", LOOKS)
def test_every_kind_of_origin_has_a_colour_of_its_own(name: str) -> None:
    """Grounds of generated text differ from each other and the plain one; so do signs."""
    code = LOOKS[name].code
    grounds = [code["text"].bgcolor, *(code[f"generated_{kind}"].bgcolor for kind in ORIGINS)]
    assert len({str(ground) for ground in grounds}) == 5
    assert len({str(code[f"sign_{kind}"].color) for kind in ORIGINS}) == 4


@pytest.mark.parametrize("name", LOOKS)
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


@pytest.mark.parametrize("name", LOOKS)
def test_words_of_popups_have_contrast(name: str) -> None:
    """Text, detail and what was matched are read on the ground of a popup and on a chosen row."""
    panes = LOOKS[name].panes
    for ground in (panes["popup"], panes["popup_chosen"]):
        assert ground.bgcolor is not None
        for style in (ground, panes["popup_muted"], panes["popup_match"]):
            assert style.color is not None
            ratio = contrast(Color.parse(style.color.name), Color.parse(ground.bgcolor.name))
            assert ratio >= 4.5, (style, ground, round(ratio, 2))


@pytest.mark.parametrize("name", LOOKS)
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


def test_a_theme_that_lacks_a_style_is_skipped(tmp_path: Path) -> None:
    """What it lacks is named, and the program starts with the others."""
    text = files("watstep_themes").joinpath("dusk.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("arrow_line", "arow_line"), "utf-8")
    (failure,) = load_looks(tmp_path).failures
    assert "mine.toml" in failure
    assert "arrow_line" in failure


def test_a_broken_theme_is_named_and_skipped(tmp_path: Path) -> None:
    """A broken theme is named and skipped."""
    (tmp_path / "bad.toml").write_text("[ui]\nname = 3\ncolour = 'mauve'\n")
    loaded = load_looks(tmp_path)
    assert set(loaded.looks) == set(LOOKS)
    assert len(loaded.failures) == 1
    assert loaded.failures[0].startswith("bad.toml")

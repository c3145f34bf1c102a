"""Themes can be read, told apart from broken ones, and have contrast."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color

from watstep_tui.theming import load_looks

LOOKS = load_looks().looks


def luminance(colour: Color) -> float:
    """Luminance."""
    parts = [c / 255 for c in (colour.r, colour.g, colour.b)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Contrast."""
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
        beside_the_code = style_name in {"gutter", "message", "breakpoint", "arrow"}
        for ground in plain if beside_the_code else grounds:
            ratio = contrast(Color.parse(style.color.name), Color.parse(ground))
            assert ratio >= 4.5, (style_name, ground, round(ratio, 2))


def test_a_broken_theme_is_named_and_skipped(tmp_path: Path) -> None:
    """A broken theme is named and skipped."""
    (tmp_path / "bad.toml").write_text("[ui]\nname = 3\ncolour = 'mauve'\n")
    loaded = load_looks(tmp_path)
    assert set(loaded.looks) == set(LOOKS)
    assert len(loaded.failures) == 1
    assert loaded.failures[0].startswith("bad.toml")

"""The page of each diagnostic code: a lint has one of its own, an error a line of one page."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from watstep.lint.levels import SUMMARIES

ERRORS_PAGE = "errors"
"""The page whose table tells every code that is no lint."""
_ROW = re.compile(r"^\| (`[^|]*`) \| (.*) \|$", re.MULTILINE)


def explained(code: str) -> str | None:
    """The page of a code, in Markdown; None where there is no such code."""
    if code in SUMMARIES:
        return _page(code)
    told = _errors().get(code)
    return None if told is None else f"# {code}\n\n{told}\n"


def all_codes() -> list[str]:
    """Every code that has a page, lints first."""
    return [*SUMMARIES, *_errors()]


def _page(name: str) -> str:
    return files("watstep.lint").joinpath("pages", f"{name}.md").read_text("utf-8")


@cache
def _errors() -> dict[str, str]:
    """What is wrong, by the code of an error, as a sentence."""
    found: dict[str, str] = {}
    for codes, text in _ROW.findall(_page(ERRORS_PAGE)):
        for code in re.findall(r"`([a-z0-9-]+)`", codes):
            found[code] = f"{text[0].upper()}{text[1:]}."
    return found

"""The page of each diagnostic code: what it means, its rule, a wrong and a right program."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from watstep.editing.language_rules import rule_of
from watstep.lint.levels import SUMMARIES


def explained(code: str) -> str | None:
    """The page of a code, in Markdown; None where there is no such code."""
    if code in SUMMARIES:
        return files("watstep.lint").joinpath("pages", f"{code}.md").read_text("utf-8")
    found = _errors().get(code)
    if found is None:
        return None
    rule = rule_of(code)
    sentence, *programs = found
    return "\n\n".join((f"# {code}", sentence, *([rule.text] if rule else []), *programs)) + "\n"


def all_codes() -> list[str]:
    """Every code that has a page, lints first."""
    return [*SUMMARIES, *_errors()]


@cache
def _errors() -> dict[str, list[str]]:
    """What `errors.md` says of each error: a sentence, then paragraphs and programs."""
    text = files("watstep.editing").joinpath("errors.md").read_text("utf-8")
    sections = (section.strip().split("\n\n") for section in text.split("\n## ")[1:])
    return {code: told for code, *told in sections}

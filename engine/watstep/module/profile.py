"""Which instructions and fields a file asks for: `agent`, or `core` by its first comment."""

from __future__ import annotations

import re

from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Span
from watstep.syntax.tree import Form, Tree

PROFILES = ("agent", "core")
_PROFILE = re.compile(r";;\s*profile:\s*(\w+)\s*$")


def requested_profile(tree: Tree) -> str:
    """The profile that the file's first comment asks for, else `agent`."""
    if tree.comments:
        match = _PROFILE.match(tree.comments[0].text)
        if match and match[1] in PROFILES:
            return match[1]
    return "agent"


def check_profile(tree: Tree, profile: str) -> list[Diagnostic]:
    """What is wrong with the profile that a file asks for, and what it leaves out at the top."""
    return [*_unknown_profile(tree), *_lifted_by_core(tree, profile)]


def _unknown_profile(tree: Tree) -> list[Diagnostic]:
    """A warning where the first comment asks for a profile that there is none of."""
    match = _PROFILE.match(tree.comments[0].text) if tree.comments else None
    if match is None or match[1] in PROFILES:
        return []
    start = tree.comments[0].start
    place = Span(start + match.start(1), start + match.end(1))
    fixes = tuple(Fix(f"write {name}", (Edit(place, name),)) for name in PROFILES)
    message = f"there is no profile `{match[1]}`, so this is read in `agent`: write agent or core"
    return [Diagnostic("unknown-profile", Severity.WARNING, place, message, fixes=fixes)]


def _lifted_by_core(tree: Tree, profile: str) -> list[Diagnostic]:
    """The fields that only profile `core` lifts out of a body program (LANGUAGE.md 1)."""
    forms = [item for item in tree.items if type(item) is Form]
    if profile != "agent" or (forms and forms[0].head == "module"):
        return []
    start = int(tree.source.text.startswith("\ufeff"))
    lift = Fix("lift the profile", (Edit(Span(start, start), ";; profile: core\n"),))
    return [
        Diagnostic(
            "outside-profile",
            Severity.ERROR,
            form.items[0].span,
            f"`({form.head} ...)` is real WebAssembly, but the agent profile has no such field in "
            "a body program; `;; profile: core` as the file's first comment lifts this",
            fixes=(lift,),
        )
        for form in forms
        if form.head in {"type", "start"}
    ]

"""What somebody may have meant by a word that is none: nearest names, old spellings, rewrites."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

from watstep.expand.macros import MACROS
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label
from watstep.source.text import Span
from watstep.syntax.tree import Form
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.outside import rewrite

_SPELLINGS = {
    "get_local": "local.get",
    "set_local": "local.set",
    "tee_local": "local.tee",
    "current_memory": "memory.size",
    "grow_memory": "memory.grow",
    "get": "local.get",
    "set": "local.set",
    "i32.lt": "i32.lt_s",
    "i32.gt": "i32.gt_s",
    "i32.le": "i32.le_s",
    "i32.ge": "i32.ge_s",
    "i32.div": "i32.div_s",
    "i32.rem": "i32.rem_s",
    "i32.mod": "i32.rem_s",
    "i32.shr": "i32.shr_s",
    "i32.neq": "i32.ne",
    "break": "br",
    "continue": "br",
    "goto": "br",
    "while": "loop",
}
"""Words of older WebAssembly and of other languages, and what they are called here."""


def members(profile: str) -> list[str]:
    """The instructions of a profile."""
    return [row.name for row in INSTRUCTIONS.values() if profile in {"core", row.profile}]


@lru_cache(maxsize=256)
def meant(word: str, profile: str) -> tuple[str, ...]:
    """The instructions of the profile, and the macros, that a word may stand for, best first."""
    known = members(profile)
    direct = _SPELLINGS.get(word, f"i32.{word}")
    if direct in known:
        return (direct,)
    near = get_close_matches(word, [*known, *MACROS], 3, 0.6)
    return tuple(sorted(near, key=lambda name: not name.startswith(word)))


def nearest_names(word: str, names: Iterable[str]) -> list[str]:
    """The names that are spelt most like a word, three at most, best first."""
    return get_close_matches(word, list(names), 3, 0.6)


def host_functions(word: str, host: Collection[str]) -> list[str]:
    """The host functions, with their dollar, that a name without or with another one may mean."""
    name = word.removeprefix("$")
    same = [f"${full}" for full in host if name in {full, full.partition(".")[2]}]
    return same or nearest_names(f"${name}", [f"${full}" for full in host])


def choices(names: Sequence[str]) -> str:
    """The end of a message that offers names, empty without any."""
    return f"; did you mean {' or '.join(f'`{name}`' for name in names)}?" if names else ""


def replacements(span: Span, names: Iterable[str]) -> tuple[Fix, ...]:
    """One fix for each name that may be written instead of what stands at `span`."""
    return tuple(Fix(f"write `{name}`", (Edit(span, name),)) for name in names)


MOST_USES = 8
"""How many further uses of a word that is not there are shown."""
MOST_MENDED = 1000
"""How many of them a fix mends at once."""


def used_again(problem: Diagnostic, span: Span) -> Diagnostic:
    """The problem of a word that is met at one more place: its fixes mend that, too."""
    labels = problem.labels
    if len(labels) < MOST_USES:
        labels = (*labels, Label(span, "it is used here, too"))
    fixes = tuple(
        fix._replace(edits=(*fix.edits, Edit(span, fix.edits[0].text)))
        if len(fix.edits) < MOST_MENDED
        else fix
        for fix in problem.fixes
    )
    return problem._replace(labels=labels, fixes=fixes)


SCRATCH = "$unused"
"""The local that takes values which nobody needs."""


def rewritten(word: str, span: Span, form: Form | None) -> tuple[Fix, ...]:
    """The fix that says by the agent profile what an instruction outside it says.

    `span` is that of the word, `form` the folded form that it heads, None where it is flat.
    """
    if word == "drop":
        before = Span(form.start if form else span.start, form.start if form else span.start)
        edits = [Edit(before, f"(local {SCRATCH} i32) "), Edit(span, f"local.set {SCRATCH}")]
        return (Fix(f"take it into {SCRATCH}", tuple(edits), sure=True),)
    found = rewrite(word)
    if found is None:
        return ()
    name, operand = found
    edits = [Edit(span, f"{operand} {name}".strip() if form is None else name)]
    if form and operand:
        edits.append(Edit(Span(form.end - 1, form.end - 1), f" {operand}"))
    # With an operand it says the same; without one it is a twin of another sign or width.
    title = f"write `{name}`" if operand else f"write `{name}`, which takes numbers as signed i32"
    return (Fix(title, tuple(edits), sure=bool(operand)),)

"""Forms and words of a body that are no instruction of the profile: what to say, how to go on."""

from __future__ import annotations

from collections.abc import Collection
from difflib import SequenceMatcher
from typing import NamedTuple

from pygments.token import Keyword, Name, Number

from watstep.expand.macros import MACROS
from watstep.module import hints
from watstep.module.ir import GAP
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Span
from watstep.syntax.tree import Atom, Form, Item
from watstep.wasm.instructions import INSTRUCTIONS, Immediates, InstructionRow
from watstep.wasm.outside import REAL_INSTRUCTION, nearest

LIFT = "; `;; profile: core` as the file's first comment lifts this"
NOT_YET = "; profile `core` does not have it yet either"
_HEADER = frozenset(("param", "result", "type"))
_FIELDS = frozenset(
    ("func", "import", "export", "memory", "data", "table", "global", "elem", "start")
)
_ARGUMENTS = frozenset((Immediates.LOCAL, Immediates.FUNCTION, Immediates.LABEL))
_SURE = 0.8
"""How alike two words are before one is taken for the other to go on."""


class Stranger(NamedTuple):
    """What is wrong with a form, and what stands in its place for the phases that follow."""

    problem: Diagnostic
    row: InstructionRow | None = None
    """The instruction that it was surely meant for."""
    silent: bool = False
    """It does nothing to the stack, where there is no row; else nobody knows what it does."""


def strange_form(form: Form, profile: str, host: Collection[str]) -> Stranger:
    """A folded form in a body that no instruction heads; `host` names what the host offers."""
    head, span = form.head, form.items[0].span if form.items else form.span
    if not head:
        return Stranger(_headless(form))
    if head in MACROS:
        # The expansion has said why it left the call as it is.
        message = f"`{head}` could not be expanded"
        return Stranger(_error("macro-unexpanded", form.span, message), silent=True)
    if head in {"end", "else"}:
        message = f"`{head}` is written flat; a folded form ends at its parenthesis"
        fix = Fix("take it away", (Edit(form.span, ""),))
        return Stranger(_error("stray-end", span, message, fix), silent=True)
    if head == "then":
        message = "`(then ...)` stands in an `if` form, after its condition"
        return Stranger(_error("stray-then", span, message))
    if head == "local":
        message = "a `local` without a name stands at the top of its function"
        return Stranger(_error("unnamed-local", form.span, message), silent=True)
    if head in host:
        message = f"`{head}` is a host function, which is called: `(call ${head} ...)`"
        fix = Fix(f"call ${head}", (Edit(span, f"call ${head}"),))
        return Stranger(_error("unknown-instruction", span, message, fix))
    if head == "module":
        message = "a file is one `(module ...)` and nothing else, or the body of `run`"
        return Stranger(_error("misplaced", span, message), silent=True)
    if head in _HEADER:
        message = f"`({head} ...)` stands before the instructions of a function or a block"
        return Stranger(_error("misplaced", span, message), silent=True)
    if head in _FIELDS:
        message = f"`({head} ...)` is a field of the module: it stands in no function"
        return Stranger(_error("misplaced", span, message), silent=True)
    return _unknown(head, span, form, profile)


def strange_word(word: Atom, profile: str) -> Stranger:
    """A flat word in a body that is no instruction."""
    if word.text in MACROS:
        message = f"`{word.text}` is a macro, and a macro is folded: `{MACROS[word.text].usage}`"
        return Stranger(_error("flat-macro", word.span, message), silent=True)
    return _unknown(word.text, word.span, None, profile)._replace(row=None)


def _unknown(word: str, span: Span, form: Form | None, profile: str) -> Stranger:
    if REAL_INSTRUCTION.fullmatch(word):
        if profile == "agent":
            return Stranger(outside_profile(word, span, form))
        message = f"`{word}` is real WebAssembly that this version does not run yet"
        return Stranger(_error("not-implemented", span, message))
    near = hints.meant(word, profile)
    message = f"`{word[:40]}` is no instruction or macro{hints.choices(near)}"
    problem = _error("unknown-instruction", span, message, *hints.replacements(span, near))
    row = INSTRUCTIONS.get(near[0]) if near else None
    sure = row is not None and SequenceMatcher(None, word, row.name).ratio() >= _SURE
    return Stranger(problem, row if sure and form and _complete(row, form.items) else None)


def _complete(row: InstructionRow | None, items: list[Item]) -> bool:
    """Whether what an instruction needs after its name stands there."""
    if row is None or row.name in {"else", "end"}:
        return False
    kinds = {Number, Name.Variable} if row.immediates in _ARGUMENTS else {Number}
    if row.immediates in {Immediates.NONE, Immediates.MEMORY, Immediates.BLOCK}:
        return True
    return len(items) > 1 and type(items[1]) is Atom and items[1].kind in kinds


def outside_profile(name: str, span: Span, form: Form | None) -> Diagnostic:
    """Real WebAssembly in profile `agent` (LANGUAGE.md 2); `form` is the folded one."""
    known = name in INSTRUCTIONS
    message = (
        f"`{name}` is real WebAssembly but outside the agent profile: "
        f"{nearest(name)}{LIFT if known else NOT_YET}"
    )
    fixes = hints.rewritten(name, span, form)
    if known:
        lift = Edit(Span(0, 0), ";; profile: core\n")
        fixes = (*fixes, Fix("lift the profile", (lift,)))
    return _error("outside-profile", span, message, *fixes)


def without_immediate(row: InstructionRow) -> str:
    """The name of what stands for an instruction whose immediate is None."""
    if row.immediates is Immediates.NONE:
        return row.name
    # Without its label, `br_if` still takes its condition and goes on.
    return "drop" if row.name == "br_if" else GAP


def bare_operand(atom: Atom) -> Form | None:
    """The form that a name or a number without one was meant for."""
    word = {Name.Variable: "local.get", Number: "i32.const"}.get(atom.kind)
    if word is None:
        return None
    form = Form(atom.start)
    form.head, form.end = word, atom.end
    form.items = [Atom(Keyword, atom.start, atom.start, word), atom]
    return form


def stands_bare(atom: Atom) -> Diagnostic:
    """An atom where a form or an instruction is to stand."""
    meant = bare_operand(atom)
    if meant is not None:
        text = f"({meant.head} {atom.text})"
        message = f"`{atom.text}` stands alone: write `{text}`"
        fix = Fix(f"write `{text}`", (Edit(atom.span, text),))
        return _error("bare-operand", atom.span, message, fix)
    message = f"`{atom.text}` does not belong here"
    if atom.text.startswith("offset="):
        message += ": `offset=` stands before `align=`, after the name of a load or a store"
    elif atom.text.startswith("align="):
        message += ": `align=` stands after the name of a load or a store"
    elif atom.text in INSTRUCTIONS:
        message += ": the operands of a folded form are forms, in parentheses"
    return _error("unexpected", atom.span, message)


def odd_branches(form: Form, rest: list[Item], branches: list[Form]) -> Diagnostic:
    """An `if` form that is not a condition, a `then` and perhaps an `else`."""
    message = "an `if` form takes a condition, `(then ...)` and at most one `(else ...)`"
    fixes: list[Fix] = []
    others = [item for item in rest if type(item) is Form and item not in branches]
    heads = [branch.head for branch in branches]
    if not branches and len(others) in {2, 3}:
        edits = [_wrap(others[1], "(then ")] + [_wrap(item, "(else ") for item in others[2:]]
        fixes.append(Fix("put the branches in `then` and `else`", _flat(edits)))
    elif heads == ["then"] and others and others[-1].start > branches[0].start:
        fixes.append(Fix("put it in `else`", _wrap(others[-1], "(else ")))
    elif heads == ["else"]:
        place = Span(branches[0].start, branches[0].start)
        fixes.append(Fix("write an empty `then`", (Edit(place, "(then) "),)))
    elif heads == ["else", "then"]:
        edit = Edit(Span(branches[0].start + 1, branches[0].start + 5), "then")
        other = Edit(Span(branches[1].start + 1, branches[1].start + 5), "else")
        fixes.append(Fix("call the first `then`", (edit, other)))
    return _error("if-branches", Span(form.start, form.start + 3), message, *fixes)


def _headless(form: Form) -> Diagnostic:
    message = "a form begins with an instruction's name"
    fixes: list[Fix] = []
    if len(form.items) == 1:
        inner = form.items[0]
        if type(inner) is Form:
            message += "; here are two parentheses for one"
            edits = (
                Edit(Span(form.start, inner.start), ""),
                Edit(Span(inner.end, form.end), ""),
            )
            fixes.append(Fix("take one pair away", edits))
        elif type(inner) is Atom:
            meant = bare_operand(inner)
            if meant is not None:
                text = f"{meant.head} {inner.text}"
                fixes.append(Fix(f"write `({text})`", (Edit(inner.span, text),)))
    return _error("headless-form", form.span, message, *fixes)


def _wrap(item: Item, opening: str) -> tuple[Edit, Edit]:
    before, after = Span(item.start, item.start), Span(item.end, item.end)
    return Edit(before, opening), Edit(after, ")")


def _flat(pairs: list[tuple[Edit, Edit]]) -> tuple[Edit, ...]:
    return tuple(edit for pair in pairs for edit in pair)


def _error(code: str, span: Span, message: str, *fixes: Fix) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, span, message, fixes=fixes)

"""One text for a language model: a wrong program, its problems in order, the rules it breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from watstep.editing.language_rules import Rule, rule_of
from watstep.editing.mending import in_order_to_mend, may_follow
from watstep.pipeline import Compilation
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.render import picture_lines, printable
from watstep.source.text import Source, Span
from watstep.wasm.types import HostInterface, HostSignature

MOST_TOLD = 20
"""How many problems one text tells; the rest shows once these are mended."""
_MOST_FIXES = 3
_LONGEST = 60


def repair_prompt(
    compilation: Compilation, interface: HostInterface, granted: Mapping[str, Sequence[str]]
) -> str:
    """The text, "" where nothing is wrong; `granted` is what a run has, with the scopes."""
    source = compilation.source
    found = in_order_to_mend(compilation.diagnostics)
    if not found:
        return ""
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    told = (errors or found)[:MOST_TOLD]
    rest = len(errors or found) - len(told)
    parts = [
        f"Mend this program, which watstep rejects. It is extended WebAssembly text, profile "
        f"{compilation.profile}: the forms of the file are the body of a function that returns "
        "one i32, 0 for success, unless it is one `(module ...)`.",
        "## Program\n" + _numbered(source),
        "## Problems, in the order to mend them\n"
        + "\n".join(_problem(source, found, *pair) for pair in enumerate(told, 1))
        + (f"\n({rest} more show once these are mended.)" if rest > 0 else ""),
    ]
    broken = (rule_of(problem.code) for problem in told)
    rules = list(dict.fromkeys(rule for rule in broken if rule))
    if rules:
        parts.append("## Rules that it breaks\n" + "\n".join(map(_rule_text, rules)))
    parts.append(f"## Host functions\n{_host(interface, granted, source.text)}")
    parts.append(
        "## Answer\nAnswer with the whole mended program in one ```wat block and nothing else. "
        "Keep what is right as it is."
    )
    return "\n\n".join(parts) + "\n"


def _numbered(source: Source) -> str:
    count = len(source.line_starts) - source.text.endswith(("\n", "\r"))
    width = len(str(max(count, 1)))
    lines = (f"{n:>{width}} {printable(source.line_text(n))}" for n in range(1, count + 1))
    return "\n".join(line.rstrip() for line in lines) or "(it is empty)"


def _problem(source: Source, found: list[Diagnostic], number: int, problem: Diagnostic) -> str:
    lines = [f"{number}. {_place(source, problem.span)} {problem.code}: {problem.message}"]
    pictured: set[Span | None] = set()
    if problem.stack:
        lines += [f"   {line}" for line in picture_lines(source, problem.stack)]
        pictured = {value.span for value in problem.stack.values}
    for label in problem.labels:
        if label.span not in pictured:
            lines.append(f"   {_place(source, label.span)} {label.text}")
    if problem.fixes:
        ways = [_fix(source, fix) for fix in problem.fixes[:_MOST_FIXES]]
        lines.append("   fix: " + "; or ".join(ways))
    if may_follow(problem, found):
        lines.append("   (this may go away with the problems above)")
    return "\n".join(map(printable, lines))


def _fix(source: Source, fix: Fix) -> str:
    return f"{fix.title}: " + ", ".join(_edit(source, edit) for edit in fix.edits[:4])


def _edit(source: Source, edit: Edit) -> str:
    old = _short(source.text[edit.span.start : edit.span.end])
    place = _place(source, edit.span)
    if edit.span.start == edit.span.end:
        return f"at {place} insert `{_short(edit.text)}`"
    if not edit.text:
        return f"at {place} take away `{old}`"
    return f"at {place} write `{_short(edit.text)}` for `{old}`"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}\u2026"


def _place(source: Source, span: Span) -> str:
    position = source.position(span.start)
    return f"{position.line}:{position.column}"


def _rule_text(rule: Rule) -> str:
    example = f"\n  Right: {rule.example}" if rule.example else ""
    return f"- {rule.text}{example}"


def _host(interface: HostInterface, granted: Mapping[str, Sequence[str]], text: str) -> str:
    """What may be called, by capability; others than the granted ones are told as such."""
    groups: dict[str, list[HostSignature]] = {}
    for signature in interface.values():
        groups.setdefault(signature.capability, []).append(signature)
    lines = []
    for name, signatures in groups.items():
        scope = ", ".join(granted.get(name, ()))
        state = f"granted for {scope}" if scope else "granted"
        state = state if name in granted else "needs a grant"
        shown = name in granted or f"${name}." in text
        what = " ".join(_signature(item) if shown else f"${item.full_name}" for item in signatures)
        lines.append(f"{name} ({state}): {what}")
    lines.append(
        "Texts are pointers. Of two results the first is the pointer, the second, on top, the "
        "error: 0 means none."
    )
    return "\n".join(lines)


def _signature(item: HostSignature) -> str:
    results = " ".join(item.type.results)
    gives = f" -> ({results})" if " " in results else f" -> {results}" if results else ""
    return f"${item.full_name}({', '.join(item.parameters)}){gives}"

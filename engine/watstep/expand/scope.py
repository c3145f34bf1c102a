"""Locals of one function: what is declared, what is used, and what moves to the top."""

from __future__ import annotations

from typing import NamedTuple

from watstep.expand.pieces import Origin
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from watstep.source.text import Span

MOST_USES = 8
"""How many further uses of an undeclared name are shown."""


class Declaration(NamedTuple):
    """A named parameter or local."""

    type: str
    span: Span
    parameter: bool = False
    written: bool = True
    """Whether `span` is the declaration itself, not what a macro was given."""


class Scope:
    """The names of one function, in program order (LANGUAGE.md 5)."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        """Report to `diagnostics`."""
        self.diagnostics = diagnostics
        self.names: dict[str, Declaration] = {}
        self.hoisted: list[tuple[str, str, Origin]] = []
        self._early: dict[str, list[Span]] = {}
        """Where names are used before they are declared, if they are."""

    def declare(self, name: str, declared: Declaration, origin: Origin, *, hoist: bool) -> bool:
        """Take up a declaration; whether it is the first of its name."""
        known = self.names.get(name)
        if known is None:
            self.names[name] = declared
            if hoist:
                self.hoisted.append((name, declared.type, origin))
            return True
        if known.parameter or known.type != declared.type:
            away = Fix("take it away", (Edit(declared.span, ""),))
            what = "a parameter" if known.parameter else f"a local of type {known.type}"
            self.diagnostics.append(
                Diagnostic(
                    "local-redeclared",
                    Severity.ERROR,
                    declared.span,
                    f"`{name}` is already {what}: choose another name",
                    labels=(Label(known.span, f"`{name}` is declared here"),),
                    fixes=(away,) if declared.written else (),
                )
            )
        return False

    def mention(self, name: str, span: Span) -> None:
        """Take up a name where a `local.get`, `local.set` or `local.tee` is written."""
        if name not in self.names:
            self._early.setdefault(name, []).append(span)

    def finish(self, place: int, lead: str) -> None:
        """Report the names that were used and never declared; a fix adds a line at `place`."""
        for name, spans in self._early.items():
            if name not in self.names:
                self._undeclared(name, spans, place, lead)

    def _undeclared(self, name: str, spans: list[Span], place: int, lead: str) -> None:
        # Loaded for a mistake alone: `expand` starts in a few Python starts.
        from difflib import get_close_matches

        declaration = f"(local {name} i32)"
        near = get_close_matches(name, self.names, 2, 0.75)
        hint = f", or write {' or '.join(f'`{known}`' for known in near)}" if near else ""
        line = Edit(Span(place, place), f"{declaration}{lead}")
        fixes = [Fix(f"declare {name}", (line,))]
        uses = sorted(set(spans))
        fixes += [Fix(f"write {known}", tuple(Edit(use, known) for use in uses)) for known in near]
        message = f"`{name}` is not declared: add `{declaration}`{hint}"
        self.diagnostics.append(
            Diagnostic(
                "unknown-local",
                Severity.ERROR,
                uses[0],
                message,
                used_again(uses),
                tuple(fixes),
            )
        )


def used_again(uses: list[Span]) -> tuple[Label, ...]:
    """A label for the uses of a word but the first, which its problem stands at."""
    return tuple(Label(use, "it is used here, too") for use in uses[1 : MOST_USES + 1])

"""The formatter: what stands between tokens, and nothing else, is made regular.

The author's lines are kept, so that a text which is laid out well stays as it is; the rules stand
in docs/format.md.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from pygments.token import Comment, Keyword

from watstep.source.diagnostic import Diagnostic, Edit, has_errors
from watstep.source.text import Source, Span
from watstep.syntax.lexer import tokenize
from watstep.syntax.parser import parse
from watstep.syntax.tree import Atom
from watstep.wasm.instructions import INSTRUCTIONS, STRUCTURED

WIDEST = 100
"""Columns of a line, beyond which forms get lines of their own."""

_STEPS = frozenset(("  ", "    "))
"""By what a text may indent; another one is indented by `_USUAL` blanks."""
_USUAL = 2
_LINE_END = re.compile(r"\r\n?|\n")
_HEADER = frozenset(("param", "result", "type", "export"))
"""Forms that stay on the line of what they belong to."""
_BRANCHES = frozenset(("then", "else"))
"""Forms that get lines of their own before the condition does."""


class Formatted(NamedTuple):
    """What to change, or why nothing is: a text that is no tree yet is left alone."""

    edits: tuple[Edit, ...]
    problems: tuple[Diagnostic, ...]


def format_source(source: Source) -> Formatted:
    """The edits that lay a text out; each changes blanks and line ends between two tokens.

    The tokens stay what they are, comments among them, so the program does too; what is formatted
    already has no edits.
    """
    tree = parse(source)
    if has_errors(tree.diagnostics):
        return Formatted((), tree.diagnostics)
    text = source.text
    tokens = tokenize(text)
    at = int(text.startswith("\ufeff"))
    layout = _Layout(text, tokens, at)
    edits: list[Edit] = []
    for token, gap in zip(tokens, layout.gaps(), strict=True):
        if text[at : token.start] != gap:
            edits.append(Edit(Span(at, token.start), gap))
        at = token.end
        if token.kind is Comment.Single:
            at = token.start + len(token.text.rstrip())
    end = layout.newline if tokens else ""
    if text[at:] != end:
        edits.append(Edit(Span(at, len(text)), end))
    return Formatted(tuple(edits), ())


def lay_out(text: str, lead: str, newline: str, step: int) -> str:
    """Instructions laid out to stand where a line begins with `lead`, the first where it stands."""
    tokens = tokenize(text)
    layout = _Layout(text, tokens, 0)
    layout.newline, layout.lead, layout.step = newline, lead, step
    return "".join(gap + token.text for gap, token in zip(layout.gaps(), tokens, strict=True))


def step_of(text: str) -> int:
    """By how many blanks a text indents."""
    return _Layout(text, tokenize(text), int(text.startswith("\ufeff"))).step


def applied(source: Source, edits: tuple[Edit, ...]) -> str:
    """A text with edits made that are in order."""
    parts, at = [], 0
    for edit in edits:
        parts += [source.text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join((*parts, source.text[at:]))


class _Open(NamedTuple):
    """What is open: a parenthesis, or a block without; the indentation of the line it stands on."""

    folded: bool
    indent: int


class _Layout:
    """Where lines end, and what stands between tokens."""

    def __init__(self, text: str, tokens: list[Atom], start: int) -> None:
        self.tokens = tokens
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.lead = ""
        """What every line but the first begins with, before its own indentation."""
        ends = [start, *(token.end for token in tokens)]
        self.before = [text[end : token.start] for end, token in zip(ends, tokens, strict=False)]
        """What stands before each token."""
        self.breaks = [min(len(_LINE_END.findall(gap)), 2) for gap in self.before]
        """How many line ends come before each token: an empty line at most, none before `)`."""
        for index, (last, token) in enumerate(pairwise(tokens), 1):
            if last.kind is Comment.Single:
                self.breaks[index] = max(self.breaks[index], 1)
            if token.text == ")" or last.text == "(":
                self.breaks[index] = min(self.breaks[index], 1)
        if tokens:
            self.breaks[0] = 0
        self.step = self._step()

    def _step(self) -> int:
        """By how much the text indents: as its first indented line does."""
        for index in range(len(self.tokens)):
            if self.breaks[index] and self._begins_code(index):
                blanks = _LINE_END.split(self.before[index])[-1]
                if blanks:
                    return len(blanks) if blanks in _STEPS else _USUAL
        return _USUAL

    def _begins_code(self, index: int) -> bool:
        """Whether the line that begins there holds more than comments."""
        comments = (Comment.Single, Comment.Multiline)
        while index < len(self.tokens) and self.tokens[index].kind in comments:
            index += 1
            if index < len(self.tokens) and self.breaks[index]:
                return False
        return index < len(self.tokens)

    def gaps(self) -> list[str]:
        """What is to stand before each token."""
        while True:
            gaps = self._gaps()
            if not self._split(gaps):
                return gaps

    def _gaps(self) -> list[str]:
        gaps: list[str] = []
        opened: list[_Open] = []
        indent = 0
        for index, token in enumerate(self.tokens):
            flat = index == 0 or self.tokens[index - 1].text != "("
            word = token.text if token.kind is Keyword and flat else ""
            ends_flat = word in {"else", "end"} and bool(opened) and not opened[-1].folded
            closes = token.text == ")" or ends_flat
            if self.breaks[index] or index == 0:
                around = opened[-1].indent if opened else -self.step
                indent = around if closes and opened else around + self.step
                begins = self.newline * self.breaks[index] + (self.lead if index else "")
                gaps.append(begins + " " * indent)
            else:
                gaps.append(self._beside(index))
            if closes and word != "else":
                if opened:
                    opened.pop()
            elif token.text == "(" or word in STRUCTURED:
                opened.append(_Open(token.text == "(", indent))
        return gaps

    def _beside(self, index: int) -> str:
        """What stands between two tokens of one line."""
        last, token = self.tokens[index - 1], self.tokens[index]
        if token.kind is Comment.Single:
            # The author may have aligned what stands at the ends of lines.
            return self.before[index].replace("\t", " ") or " "
        if last.text == "(" or token.text == ")":
            return ""
        glued = not self.before[index] and token.text != "(" and last.text != ")"
        return "" if glued else " "

    def _split(self, gaps: list[str]) -> bool:
        """Give forms of lines that are too wide lines of their own; whether there were any."""
        changed = False
        first, width = 0, 0
        for index, token in enumerate(self.tokens):
            if self.breaks[index]:
                changed = self._split_line(first, index, width) or changed
                first, width = index, len(gaps[index].lstrip("\r\n"))
            else:
                width += len(gaps[index])
            if token.kind is Comment.Single:
                # A comment may be as long as it likes.
                continue
            after = token.text.rpartition("\n")
            width = len(after[2]) if after[1] else width + len(token.text)
        return self._split_line(first, len(self.tokens), width) or changed

    def _split_line(self, first: int, after: int, width: int) -> bool:
        """Break one line before its outermost forms, the one that it begins with left out.

        What is too wide for a line even without indentation is broken further at once.
        """
        changed = False
        pending = [(first, after, width)]
        while pending:
            first, after, width = pending.pop()
            chosen = self._outermost(first, after) if width > WIDEST else []
            for index in chosen:
                self.breaks[index] = 1
            for start, end in pairwise((first, *chosen, after) if chosen else ()):
                pending.append((start, end, self._least_width(start, end)))
            changed = changed or bool(chosen)
        return changed

    def _least_width(self, first: int, after: int) -> int:
        """Columns that tokens of one line take at least; one of several lines counts for none."""
        tokens = self.tokens[first:after]
        if tokens[-1].kind is Comment.Single:
            tokens.pop()
        return sum(len(token.text) for token in tokens if "\n" not in token.text)

    def _outermost(self, first: int, after: int) -> list[int]:
        """Where the outermost forms of a line begin, those alone that are to be broken first."""
        depth = 0
        found: dict[int, list[int]] = {}
        for index in range(first, after):
            token = self.tokens[index]
            if token.text == ")":
                depth -= 1
            if index > first and self._can_begin_line(index):
                found.setdefault(depth, []).append(index)
            if token.text == "(":
                depth += 1
        if not found:
            return []
        outermost = found[min(found)]
        branches = [index for index in outermost if self._word(index + 1) in _BRANCHES]
        return branches or outermost

    def _can_begin_line(self, index: int) -> bool:
        """Whether a form or an instruction begins there that may have a line of its own."""
        token, last = self.tokens[index], self.tokens[index - 1]
        if last.text == "(":
            return False
        if token.text == "(":
            return self._word(index + 1) not in _HEADER
        return token.text in INSTRUCTIONS

    def _word(self, index: int) -> str:
        return self.tokens[index].text if index < len(self.tokens) else ""

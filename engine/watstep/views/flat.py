"""Flat: one instruction a line, beside it the operand stack after it, as the article draws it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from pygments.token import Name

from watstep.expand.fields import split_header
from watstep.expand.pieces import Expansion, Rendering
from watstep.module.ir import Function, Module
from watstep.source.text import Span
from watstep.syntax.lexer import tokenize
from watstep.syntax.tree import Atom, Form, Item, Tree
from watstep.views.stacks import stacks_after
from watstep.views.writer import Writer
from watstep.wasm.instructions import STRUCTURED

_TYPE_USE = frozenset(("type", "param", "result"))
_CLOSING = frozenset(("else", "end"))
_STEP = "  "
_WIDEST = 46
"""Columns of the instructions, beyond which the stack of a long one stands behind it."""
_PLAIN = re.compile(r"[^\s()]+(?: [^\s()]+)*(?: \((?:result|param|type)(?: [^\s()]+)*\))*")


def flat(expansion: Expansion, module: Module) -> Rendering:
    """The expansion with every function body flat; it compiles to the same module.

    Comments stand before the instruction that they stood before. Functions that do not come out
    are shown as far as their stack is known.
    """
    writer = Writer(expansion.full)
    tree = expansion.full_tree
    forms = _by_start(tree)
    comments = list(tree.comments)
    at = 0
    for function in sorted(module.functions, key=lambda function: function.span):
        body = _Body(writer, module, function, forms)
        head = body.head_end
        writer.copy(at, head)
        first = bisect_right(comments, head, key=lambda comment: comment.start)
        last = bisect_right(comments, function.span.end, key=lambda comment: comment.start)
        body.write(comments[first:last])
        at = function.span.end - 1
    writer.copy(at, len(expansion.full.text))
    return writer.rendering()


def _by_start(tree: Tree) -> dict[int, Form]:
    """Every form of a tree by where it starts."""
    forms: dict[int, Form] = {}
    pending: list[Sequence[Item]] = [tree.items]
    while pending:
        for item in pending.pop():
            if type(item) is Form:
                forms[item.start] = item
                pending.append(item.items)
    return forms


class _Line(NamedTuple):
    """An instruction's own words in the expanded text, and how deep it stands."""

    text: str
    words: Span
    depth: int


class _Body:
    """Writes one function body."""

    def __init__(
        self, writer: Writer, module: Module, function: Function, forms: dict[int, Form]
    ) -> None:
        self.writer = writer
        self.module = module
        self.function = function
        self.forms = forms
        self.text = writer.full.text
        self.texts: dict[str, str] = {}
        """What was written for words met so far: most are met again."""
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        form = forms[function.span.start]
        header, rest = split_header(form)
        for item in rest:
            if type(item) is not Form or item.head != "local":
                break
            header.append(item)
        self.head_end = header[-1].end
        self.lead = self._lead(form.start)
        inner = next((self._lead(item.start) for item in rest[:1]), "")
        grown = inner.startswith(self.lead) and len(inner) > len(self.lead)
        self.step = inner[len(self.lead) :] if grown else _STEP

    def _lead(self, offset: int) -> str:
        """The blanks that begin the line of `offset`."""
        line = self.text[self.text.rfind("\n", 0, offset) + 1 : offset]
        return line[: len(line) - len(line.lstrip())]

    def _indent(self, depth: int) -> str:
        return self.lead + self.step * depth

    def write(self, comments: list[Atom]) -> None:
        """Write the lines, with what each leaves on the stack."""
        lines = self._lines()
        stacks = stacks_after(self.module, self.function)
        waiting = comments[::-1]
        begins = {statement.first: statement.span for statement in self.function.statements}
        leads = [
            self._indent(depth)
            for depth in range(max((line.depth for line in lines), default=0) + 1)
        ]
        widths = (len(leads[line.depth]) + len(line.text) for line in lines)
        width = min(max(widths, default=0), _WIDEST) + 2
        for pc, (text, words, depth) in enumerate(lines):
            if waiting:
                span = begins.get(pc)
                while span is not None and waiting and self._tells_of(waiting[-1].start, span):
                    self._comment(waiting.pop(), depth)
            lead = leads[depth]
            pad = " " * max(width - len(text) - len(lead), 2)
            self.writer.line(self.newline + lead, words, text, f"{pad};; {stacks[pc]}")
        while waiting:
            self._comment(waiting.pop(), 1)
        self.writer.add(self.newline + self.lead, "flat")

    def _tells_of(self, comment: int, span: Span) -> bool:
        """Whether a comment stands before a statement, or ends its first or its last line."""
        if comment < span.start or self.text.find("\n", span.start, comment) < 0:
            return True
        return comment >= span.end and self.text.find("\n", span.end, comment) < 0

    def _comment(self, comment: Atom, depth: int) -> None:
        self.writer.add(self.newline + self._indent(depth), "flat")
        self.writer.copy(comment.start, comment.end)

    def _lines(self) -> list[_Line]:
        """Every instruction but the function's own `end`."""
        lines: list[_Line] = []
        depth, new = 1, tuple.__new__
        for instruction in self.function.body[:-1]:
            name, start, end = instruction.name, instruction.start, instruction.end
            if name in _CLOSING:
                depth -= 1
                text, words = name, Span(start, end)
            else:
                words = self._words(start, end, name)
                text = self._text(words)
            # Half the time of _Line(...).
            lines.append(new(_Line, (text, words, max(depth, 1))))
            if name in STRUCTURED or name == "else":
                depth += 1
        return lines

    def _text(self, words: Span) -> str:
        text = self.text[words.start : words.end]
        known = self.texts.get(text)
        if known is None:
            known = self.texts[text] = text if _PLAIN.fullmatch(text) else _on_one_line(text)
        return known

    def _words(self, start: int, end: int, name: str) -> Span:
        """An instruction without its operands and without its parentheses."""
        form = self.forms.get(start)
        if form is None or form.end != end:
            return Span(start, end)
        items = form.items
        if not items:
            return Span(start, end)
        last = items[0].end
        block = name in STRUCTURED
        if not block and len(items) == 2 and type(items[1]) is Atom:
            return Span(items[0].start, items[1].end)
        for index, item in enumerate(items[1:], 1):
            if type(item) is Atom:
                if block and (index > 1 or item.kind is not Name.Variable):
                    break
            elif type(item) is Form and item.head not in _TYPE_USE:
                break
            last = item.end
        return Span(items[0].start, last)


def _on_one_line(text: str) -> str:
    """Words without the comments and line ends among them."""
    kept = [token.text for token in tokenize(text) if not token.text.startswith((";;", "(;"))]
    return " ".join(kept).replace("( ", "(").replace(" )", ")")

"""Where the parentheses, quotes and comments of a broken text were meant to close.

Indentation and line starts are the evidence: a form that begins a line belongs to one that begins
further left, and a parenthesis that begins a line closes what that line's column opened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pygments.token import Comment, Error, Keyword, Punctuation, String

from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Source, Span
from watstep.syntax.lexer import comment_depth, tokenize
from watstep.syntax.tree import Atom
from watstep.wasm.instructions import INSTRUCTIONS

_BLANKS = re.compile(r"[ \t\ufeff]*")
_CLOSERS = re.compile(r"[ \t]*(?:\)[ \t]*)*$")
_NAME_END = re.compile(r"[\s()]")
_CODE_AGAIN = re.compile(r"\n(?=[ \t]*[()])")
_TAB = "    "
MOST_SWALLOWED = 5
"""How often the rest of a text is read again after what never closes."""
MOST_LOOKED_BACK = 40
"""How many tokens before a parenthesis are searched for the word that lacks its own."""
MOST_IDLE = 100
"""How many parentheses in a row that close nothing are told one by one."""
_TRIPLE = '"""'
_VALUE_TYPES = frozenset(("i32", "i64", "f32", "f64"))
_FIELDS = frozenset(("func", "import", "export", "memory", "data", "type", "table", "global"))
_HEADERS = frozenset(("param", "result", "local", "type", "export", "import"))
_CAPACITY = {row.name: len(row.type.params) for row in INSTRUCTIONS.values() if row.type} | {
    **dict.fromkeys(("param", "result", "local", "local.get"), 0),
    **dict.fromkeys(("local.set", "local.tee", "drop"), 1),
}
"""How many forms a form holds at most, where that does not depend on others."""
_HOLDERS = frozenset(("func", "block", "loop", "if", "then", "else"))
"""Forms whose content may stand on lines of its own."""


@dataclass(slots=True)
class _Open:
    """An open form: `indent` is its line's, `first` whether it begins that line."""

    start: int
    head: str
    indent: int
    first: bool
    token: int
    operands: int = 0
    """The forms in it that are no header."""
    branches: int = 0
    """How many `then` and `else` stand in it."""


def mend(source: Source, tokens: list[Atom], *, stray: bool) -> list[Diagnostic]:
    """What keeps a text from being a tree; the first fixes together make it one, as a rule.

    `stray` says that some parenthesis closes nothing.
    """
    work = _Recovery(source, tokens, stray=stray)
    work.run()
    return work.diagnostics


class _Recovery:
    def __init__(self, source: Source, tokens: list[Atom], *, stray: bool) -> None:
        self.source = source
        self.stray = stray
        self.diagnostics: list[Diagnostic] = []
        self.margins = [_margin(source.text, start) for start in source.line_starts]
        self.tokens = self._closed_tokens(tokens)
        self.open: list[_Open] = []
        self.idle, self.last_idle = 0, -1
        """How many parentheses that close nothing stand in a row, and the last of them."""

    def run(self) -> None:
        """Walk over all tokens; every form that is left open in the end is reported."""
        end = 0
        for index, token in enumerate(self.tokens):
            if token.kind is Punctuation:
                if token.text == "(":
                    self._opens(index, end)
                else:
                    self._closes(index, end)
            elif token.kind is Keyword and self.stray:
                self._keyword(index)
            if token.kind is not Comment.Single:
                end = token.end
        if self.open:
            self._close(len(self.open), end)

    def _closed_tokens(self, rest: list[Atom]) -> list[Atom]:
        """The tokens, with strings and comments that never close ended where they seem to."""
        text = self.source.text
        tokens: list[Atom] = []
        pending = rest[::-1]
        swallowed = 0
        while pending:
            token = pending.pop()
            if not _is_unclosed(token) or swallowed > MOST_SWALLOWED:
                tokens.append(token)
                continue
            swallowed += token.end == len(text)
            end = self._end_of_unclosed(token, [before.text for before in tokens[-2:]])
            kind = Comment.Multiline if token.kind is Comment.Multiline else String
            tokens.append(Atom(kind, token.start, end, text[token.start : end]))
            # Unlike the start of the text, what follows may begin with no byte-order mark.
            again = tokenize(" " + text[end : token.end])
            pending += [
                t._replace(start=t.start + end - 1, end=t.end + end - 1) for t in reversed(again)
            ]
        return tokens

    def _end_of_unclosed(self, token: Atom, before: list[str]) -> int:
        """Report a string or comment that never closes; where it is taken to end.

        `before` are the words before it: a name in an import or export holds no blank.
        """
        text = self.source.text
        if token.text.startswith("(;"):
            code, what, closing = "unclosed-comment", "comment", ";)" * comment_depth(token.text)
        elif token.text.startswith(_TRIPLE):
            code, what, closing = "unclosed-string", "string", _TRIPLE
        else:
            code, what, closing = "unclosed-string", "string", '"'
        again = _CODE_AGAIN.search(text, token.start, token.end)
        shown = text[token.start : again.start() if again else token.end].rstrip()
        if what == "string":
            opening = 3 if closing == _TRIPLE else 1
            body = _CLOSERS.sub("", shown[opening:])
            if "import" in before or before[-1:] == ["export"]:
                body = _NAME_END.split(body, maxsplit=1)[0]
            if (len(body) - len(body.rstrip("\\"))) % 2:
                body = body[:-1]
            shown = shown[: opening + len(body)]
        end = token.start + len(shown)
        message = f"this {what} is never closed by `{closing}`"
        fix = Fix(f"write `{closing}`", (Edit(Span(end, end), closing),))
        self._report(code, Span(token.start, end), message, fix)
        return end

    def _opens(self, index: int, end: int) -> None:
        start = self.tokens[index].start
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        head = following.text if following and following.kind is Keyword else ""
        indent, first = self._indent(start)
        self._enter(_Open(start, head, indent, first, index), end)

    def _enter(self, found: _Open, end: int) -> None:
        """Open a form, where it can be: `end` is where those close that cannot hold it."""
        stop = self._shown_open(found)
        if stop is not None:
            self._close(len(self.open) - stop, end)
        if self.open:
            parent = self.open[-1]
            if found.head in {"then", "else"}:
                parent.branches += 1
            elif found.head not in _HEADERS:
                parent.operands += 1
        self.open.append(found)

    def _shown_open(self, new: _Open) -> int | None:
        """The outermost open form that a new one shows to lack its parenthesis."""
        if self._is_field(new.token):
            for number, form in enumerate(self.open):
                if form.head == "func":
                    return number
        if new.head in {"then", "else"}:
            heads = [form.head for form in self.open]
            if "if" in heads and heads[-1] != "if":
                return len(heads) - heads[::-1].index("if")
        full = len(self.open)
        while full and self.open[full - 1].operands >= _CAPACITY.get(self.open[full - 1].head, 99):
            full -= 1
        stop = full if full < len(self.open) else None
        if new.first:
            in_module = bool(self.open) and self.open[0].head == "module"
            for number, form in enumerate(self.open[:full]):
                ends_before = form.first and form.indent >= new.indent
                if ends_before and not self._holds(form, new, in_module):
                    return number
        return stop

    def _keyword(self, index: int) -> None:
        """A word without its parenthesis, where some parenthesis closes nothing."""
        token = self.tokens[index]
        before = self.tokens[index - 1] if index else None
        if before and before.text == "(" and before.end == token.start:
            return
        parent = self.open[-1].head if self.open else "module"
        in_list = parent in _HOLDERS or parent == "module" or not self.open
        instruction = token.text in INSTRUCTIONS
        inside_operands = (
            parent in INSTRUCTIONS and parent not in _HOLDERS and "=" not in token.text
        )
        if inside_operands or (in_list and not instruction and token.text not in _VALUE_TYPES):
            self._unopened(token)
            indent, first = self._indent(token.start)
            found = _Open(token.start, token.text, indent, first, index - 1)
            self._enter(found, before.end if before else 0)

    def _unopened(self, token: Atom) -> None:
        place = Span(token.start, token.start)
        message = f"a `(` is missing before `{token.text}`"
        self._report("unopened-form", token.span, message, Fix("write `(`", (Edit(place, "("),)))

    def _holds(self, form: _Open, new: _Open, in_module: bool) -> bool:
        """Whether a form may hold one that begins a line no further right than it does."""
        if form.head == "module":
            return True
        if form.head == "func" and in_module:
            return not self._is_field(new.token)
        if form.indent > new.indent:
            return False
        if form.head == "if" and new.head in {"then", "else"}:
            return True
        return form.head in _HOLDERS and new.head != "else" and self._only_header(form, new.token)

    def _only_header(self, form: _Open, index: int) -> bool:
        """Whether only a label and a type stand in `form` before the token at `index`."""
        depth = 0
        for place in range(form.token + 1, index):
            token = self.tokens[place]
            if token.kind is Punctuation:
                depth += 1 if token.text == "(" else -1
                if depth == 1 and token.text == "(":
                    following = self.tokens[place + 1]
                    if following.text not in _HEADERS:
                        return False
        return depth == 0

    def _is_field(self, index: int) -> bool:
        """Whether a field of a module opens here, rather than an inline `export` or the like."""
        head = self.tokens[index + 1].text if index + 1 < len(self.tokens) else ""
        if head not in _FIELDS:
            return False
        parent = self.open[-1].head if self.open else ""
        if head in {"func", "memory", "table", "global"}:
            return parent not in {"import", "export", "data"}
        if head == "data":
            return parent != "memory"
        if head == "type":
            return parent in {"", "module"}
        place = index + 2
        while place < len(self.tokens) and self.tokens[place].kind is String:
            place += 1
        return place < len(self.tokens) and self.tokens[place].text == "("

    def _closes(self, index: int, end: int) -> None:
        token = self.tokens[index]
        indent, first = self._indent(token.start)
        if first and any(form.indent == indent for form in self.open):
            deeper = 0
            for form in reversed(self.open):
                if form.indent <= indent:
                    break
                deeper += 1
            if deeper:
                self._close(deeper, end)
        if not self.open:
            self._closes_nothing(index)
        elif self.stray and not first and self._goes_on(self.open[-1], index + 1):
            head = self.open[-1].head
            message = f"this `)` closes `({head}`, which goes on after it: it is one too many"
            self._unmatched(index, message)
        else:
            self.open.pop()

    def _closes_nothing(self, index: int) -> None:
        """Report it; of very many in a row the rest is one problem, with their number."""
        self.idle = self.idle + 1 if index == self.last_idle + 1 else 1
        self.last_idle = index
        if self.idle <= MOST_IDLE:
            self._unmatched(index, "this `)` closes nothing")
        elif self.idle == MOST_IDLE + 1:
            after = index
            while after < len(self.tokens) and self.tokens[after].text == ")":
                after += 1
            many = "this `)` closes nothing"
            if after - index > 1:
                many = f"these {after - index:,} `)` close nothing, either"
            span = Span(self.tokens[index].start, self.tokens[after - 1].end)
            self._report("stray-parenthesis", span, many, Fix("take it away", (Edit(span, ""),)))

    def _unmatched(self, index: int, message: str) -> None:
        """A parenthesis too many, or one too few before a word of its line."""
        token, depth = self.tokens[index], 1
        begins = self.source.line_starts[self.source.line_of(token.start) - 1]
        for place in range(index - 1, max(index - MOST_LOOKED_BACK, 0) - 1, -1):
            before = self.tokens[place]
            if before.start < begins or not depth:
                break
            depth += {")": 1, "(": -1}.get(before.text, 0)
            opened = place > 0 and self.tokens[place - 1].text == "("
            if depth == 1 and before.kind is Keyword and not opened:
                self._unopened(before)
                return
        self._stray(token, message)

    def _goes_on(self, form: _Open, index: int) -> bool:
        """Whether what follows at `index` seems to stand inside `form`."""
        token = self.tokens[index] if index < len(self.tokens) else None
        if token and token.text == "(" and not self._indent(token.start)[1]:
            head = self.tokens[index + 1].text if index + 1 < len(self.tokens) else ""
            if form.head == "if" and not form.branches:
                return True
            if form.head == "func":
                return head in {"param", "result", "local"}
            return 0 < form.operands < _CAPACITY.get(form.head, 0)
        while index < len(self.tokens) and (
            self.tokens[index].kind is Comment.Single
            or (self.tokens[index].text == ")" and not self._indent(self.tokens[index].start)[1])
        ):
            index += 1
        if not form.first or index >= len(self.tokens) or form.head not in {*_HOLDERS, "module"}:
            return False
        token = self.tokens[index]
        indent, first = self._indent(token.start)
        if not first:
            return False
        return indent == form.indent if token.text == ")" else indent > form.indent

    def _indent(self, offset: int) -> tuple[int, bool]:
        """The indentation of the line of `offset`, and whether that is where the line begins."""
        width, begins = self.margins[self.source.line_of(offset) - 1]
        return width, begins == offset

    def _close(self, count: int, end: int) -> None:
        """Report the innermost open forms, which all end at `end`."""
        form = self.open[-1]
        del self.open[-count:]
        opening = "(" if self.source.text.startswith("(", form.start) else ""
        head = f"{opening}{form.head}"
        missing = "a `)` is missing" if count == 1 else f"{count} `)` are missing"
        closing = ")" * count
        fix = Fix(f"write `{closing}`", (Edit(Span(end, end), closing),))
        message = f"`{head}` is never closed: {missing}"
        self._report("unclosed-form", Span(form.start, form.start + len(head)), message, fix)

    def _stray(self, token: Atom, message: str) -> None:
        fix = Fix("take it away", (Edit(token.span, ""),))
        self._report("stray-parenthesis", token.span, message, fix)

    def _report(self, code: str, span: Span, message: str, fix: Fix) -> None:
        found = Diagnostic(code, Severity.ERROR, span, message, fixes=(fix,))
        self.diagnostics.append(found)


def _margin(text: str, start: int) -> tuple[int, int]:
    """The indentation of the line that begins at `start`, in columns, and where it ends."""
    blanks = _BLANKS.match(text, start)
    assert blanks
    return len(blanks[0].replace("\t", _TAB).replace("\ufeff", "")), blanks.end()


def _is_unclosed(token: Atom) -> bool:
    if token.kind is Comment.Multiline:
        return comment_depth(token.text) > 0
    return token.kind is Error and token.text.startswith('"')

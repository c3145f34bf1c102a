"""Tokens to a tree: it always answers one, and reports independent errors apart."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from pygments.token import Comment, Error, Keyword, Name, Number, Punctuation, String

from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Source, Span
from watstep.syntax.lexer import Lexeme, lexemes
from watstep.syntax.literals import decode_string, plain_identifier
from watstep.syntax.tree import Atom, Form, Item, Tree

DEEPEST = 1000
"""Nesting of forms beyond this is a diagnostic (LANGUAGE.md 7)."""

_FIELDS = frozenset(["(func", "(import", "(export", "(memory", "(data", "(module"])
_STRING = re.compile(
    r"(?:[^\\\x00-\x1f\x7f]|\\[tnr\"'\\]|\\[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*\})*"
)
_GLUE = re.compile(r"[^\s();]")
_PLAIN_STRINGS = frozenset(("import", "export", "data"))
"""Forms whose strings are what WAT says, so never triple-quoted (LANGUAGE.md 4)."""
_FENCE = re.compile(r"^[ \t]*```[^\n]*\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)
_OPEN_FENCE = re.compile(r"^[ \t]*```[^\n]*\n", re.MULTILINE)
_PROSE = re.compile(r"^[ \t]*[A-Z][A-Za-z']*(?:[ ,:!.][^\n]*)?$", re.MULTILINE)
_CODE_LINE = re.compile(r"^[ \t]*(?:\(|;;)", re.MULTILINE)


def parse(source: Source) -> Tree:
    """The tree of a text; whatever is wrong with it is among the tree's diagnostics."""
    builder = _Builder(source, None)
    builder.build(_lexemes(source.text))
    if builder.open_forms or builder.stray:
        pasted = _pasted(source)
        if pasted is None:
            tokens = [Atom._make(piece) for piece in _lexemes(source.text) if piece[0] is not None]
            builder = _Builder(source, tokens)
            builder.build(tokens)
    else:
        pasted = _pasted(source) if builder.suspicious else None
    if pasted is not None:
        return Tree(source, (), (), (pasted,))
    builder.close_all()
    diagnostics = sorted(builder.diagnostics, key=lambda found: found.span)
    return Tree(source, tuple(builder.items), tuple(builder.comments), tuple(diagnostics))


def _lexemes(text: str) -> Iterator[Lexeme]:
    """The pieces of a text, quoted identifiers under their plain names."""
    pieces = lexemes(text)
    return pieces if '$"' not in text else (_plain(piece, text) for piece in pieces)


def _plain(piece: Lexeme, text: str) -> Lexeme:
    """A quoted identifier under its plain name; one that is no name is an error token."""
    kind, start, end, word = piece
    if kind is not Name.Variable or not word.startswith('$"'):
        return piece
    sound = _STRING.fullmatch(word[2:-1]) and not _GLUE.match(text, end)
    name = plain_identifier(word) if sound else None
    return (Error, start, end, word) if name is None else (kind, start, end, name)


class _Builder:
    """The state of one parse.

    With `tokens` it recovers: it also closes forms that a later one shows to be open.
    """

    def __init__(self, source: Source, tokens: list[Atom] | None) -> None:
        self.source = source
        self.tokens = tokens
        self.items: list[Item] = []
        self.comments: list[Atom] = []
        self.diagnostics: list[Diagnostic] = []
        self.open_forms: list[Form] = []
        self.annotations: list[tuple[Form | None, Form]] = []
        self.stray = False
        self.suspicious = False

    def build(self, pieces: Iterable[Lexeme]) -> None:
        """Put every piece in its place."""
        stack, items = self.open_forms, self.items
        watched = self.tokens is not None
        new, variable = tuple.__new__, Name.Variable
        for kind, start, end, text in pieces:
            if kind is None:
                continue
            if kind is Punctuation:
                if text == "(":
                    if watched or len(stack) == DEEPEST:
                        items = self._before_form(start)
                    form = Form(start)
                    items.append(form)
                    stack.append(form)
                    items = form.items
                elif stack:
                    stack.pop().end = end
                    items = stack[-1].items if stack else self.items
                else:
                    self._stray(Span(start, end))
                continue
            # Half the time of Atom(...), in the hottest loop of the compiler.
            token = new(Atom, (kind, start, end, text))
            if kind is Keyword and stack and not items:
                stack[-1].head = text
            if kind is Keyword or kind is variable or kind is Number:
                items.append(token)
            else:
                self._take(token, items)

    def close_all(self) -> None:
        """Close what is still open at the end of the text."""
        self._drop_annotations()
        end = len(self.source.text)
        for form in self.open_forms:
            form.closed, form.end = False, end
        if self.open_forms:
            outer = self.open_forms[-1]
            self._unclosed(outer, Span(end, end))
        self.open_forms.clear()

    def _before_form(self, start: int) -> list[Item]:
        """Look at where a form opens; the items that it belongs to.

        It may be too deep, or show that forms before it lack their parenthesis.
        """
        if self.tokens and self.open_forms:
            index = bisect_left(self.tokens, start, key=lambda token: token.start)
            if self._begins_anew(self.tokens, index):
                self._close_for(self.tokens[index - 1].end)
        if len(self.open_forms) == DEEPEST:
            message = f"forms are nested deeper than {DEEPEST:,}"
            self._report("too-deep", Span(start, start + 1), message)
        return self.open_forms[-1].items if self.open_forms else self.items

    def _begins_anew(self, tokens: list[Atom], index: int) -> bool:
        """Whether the form that opens here shows that an open one lacks its parenthesis."""
        start = tokens[index].start
        innermost = self.open_forms[-1]
        if any(form.head == "func" for form in self.open_forms) and index + 1 < len(tokens):
            head = f"({tokens[index + 1].text}"
            if head in _FIELDS and not self._is_inline_field(head, innermost):
                return True
        at_margin = start == 0 or self.source.text[start - 1] in "\r\n"
        return at_margin and innermost.head != "module" and self._margin_form() is not None

    @staticmethod
    def _is_inline_field(head: str, innermost: Form) -> bool:
        return innermost.head in {"func", "memory", "import", "export"} and head in {
            "(import",
            "(export",
            "(data",
            "(func",
            "(memory",
        }

    def _margin_form(self) -> Form | None:
        """The outermost open form that began at a line's start and is not the module."""
        text = self.source.text
        for form in self.open_forms:
            if form.head != "module" and (form.start == 0 or text[form.start - 1] in "\r\n"):
                return form
        return None

    def _close_for(self, end: int) -> None:
        """Close at `end` the open forms that cannot hold the form that comes next."""
        stop = self._margin_form() or next(f for f in self.open_forms if f.head == "func")
        innermost = self.open_forms[-1]
        while self.open_forms:
            form = self.open_forms.pop()
            form.closed, form.end = False, end
            if form is stop:
                break
        self._unclosed(innermost, Span(end, end))

    def _unclosed(self, form: Form, place: Span) -> None:
        head = f"({form.head}" if form.head else "("
        self.diagnostics.append(
            Diagnostic(
                "unclosed-form",
                Severity.ERROR,
                Span(form.start, form.start + len(head)),
                f"`{head}` is never closed: a `)` is missing",
                fixes=(Fix("close it", (Edit(place, ")"),)),),
            )
        )

    def _stray(self, span: Span) -> None:
        self.stray = True
        self.diagnostics.append(
            Diagnostic(
                "stray-parenthesis",
                Severity.ERROR,
                span,
                "this `)` closes nothing",
                fixes=(Fix("take it away", (Edit(span, ""),)),),
            )
        )

    def _begins_annotation(self, token: Atom) -> bool:
        """Whether this is the identifier of `(@name ...)`, which every reader may ignore."""
        text = token.text
        if not self.open_forms or not text.startswith("@") or text == "@":
            return False
        form = self.open_forms[-1]
        if token.start != form.start + 1:
            return False
        form.head = text
        self.annotations.append((self.open_forms[-2] if len(self.open_forms) > 1 else None, form))
        return True

    def _drop_annotations(self) -> None:
        """Leave annotations out of the tree, with whatever is strange inside them."""
        if not self.annotations:
            return
        dropped = {id(form) for _, form in self.annotations}
        for parent in {id(parent): parent for parent, _ in self.annotations}.values():
            items = parent.items if parent else self.items
            items[:] = [item for item in items if id(item) not in dropped]
            first = items[0] if items else None
            if parent and not parent.head and type(first) is Atom and first.kind is Keyword:
                parent.head = first.text
        starts = [form.start for _, form in self.annotations]
        ends = list(accumulate((form.end for _, form in self.annotations), max))

        def kept(problem: Diagnostic) -> bool:
            before = bisect_right(starts, problem.span.start)
            return before == 0 or problem.span.start >= ends[before - 1]

        self.diagnostics = [problem for problem in self.diagnostics if kept(problem)]

    def _take(self, token: Atom, items: list[Item]) -> None:
        """Put a comment, a string or a mistake in its place, and look at it."""
        if token.kind is Comment.Single or token.kind is Comment.Multiline:
            self.comments.append(token)
            if token.text.startswith("(;") and not token.text.endswith(";)"):
                message = "this comment is never closed by `;)`"
                self._report("unclosed-comment", token.span, message)
        else:
            items.append(token)
            self._check_atom(token)

    def _check_atom(self, token: Atom) -> None:
        text = token.text
        if self._begins_annotation(token):
            return
        if token.kind is String:
            self._check_neighbours(token)
            body = text[3:-3] if text.startswith('"""') else text[1:-1]
            if text.startswith('"""'):
                body = re.sub(r"[\t\r\n]", " ", body)
            good = _STRING.match(body)
            if good is None or good.end() != len(body) or decode_string(text) is None:
                self._report(
                    "bad-escape",
                    token.span,
                    "this string holds an escape or control character that WAT does not know; "
                    r"it knows \t \n \r \" \' \\ \hh and \u{h...}",
                )
        elif text.startswith('"'):
            self._report("unclosed-string", token.span, 'this string is never closed by a `"`')
        elif text.startswith('$"'):
            message = f"`{text[:40]}` is no name: empty, not UTF-8, a bad escape or a neighbour"
            self._report("bad-token", token.span, message)
        else:
            self.suspicious = True
            self._report("bad-token", token.span, f"`{text[:40]}` is nothing that WAT knows")

    def _check_neighbours(self, token: Atom) -> None:
        """A string stands apart from other tokens, and is triple-quoted in bodies alone."""
        text = self.source.text
        if _GLUE.match(text, token.end):
            place = token.end
        elif token.start and _GLUE.match(text, token.start - 1) and text[token.start - 1] != '"':
            place = token.start
        else:
            place = 0
        if place and text[place - 1 : place] != "\ufeff":
            message = "a string is set apart from its neighbour by a blank: put one between"
            fix = Fix("put a blank between", (Edit(Span(place, place), " "),))
            found = Diagnostic("glued-tokens", Severity.ERROR, token.span, message, fixes=(fix,))
            self.diagnostics.append(found)
        head = self.open_forms[-1].head if self.open_forms else ""
        if head in _PLAIN_STRINGS and token.text.startswith('"""'):
            message = f'`{head}` takes a plain string: write it in single `"` with escapes'
            self._report("triple-quoted", token.span, message)

    def _report(self, code: str, span: Span, message: str) -> None:
        self.diagnostics.append(Diagnostic(code, Severity.ERROR, span, message))


def _pasted(source: Source) -> Diagnostic | None:
    """One diagnostic for text that came out of a chat, whose fix keeps the program in it."""
    text = source.text
    fenced = _FENCE.search(text)
    opened = _OPEN_FENCE.search(text)
    prose = _PROSE.search(text)
    if fenced:
        keep = Span(fenced.start(1), fenced.end(1))
    elif opened:
        keep = Span(opened.end(), len(text))
    elif prose:
        code = _CODE_LINE.search(text)
        last = text.rfind(")")
        keep = Span(code.start(), last + 1) if code and last > code.start() else Span(0, 0)
    else:
        return None
    if keep.end <= keep.start:
        message = "this is prose, there is no program in it"
        return Diagnostic("pasted-chat", Severity.ERROR, Span(0, len(text)), message)
    edits = (Edit(Span(0, keep.start), ""), Edit(Span(keep.end, len(text)), ""))
    return Diagnostic(
        "pasted-chat",
        Severity.ERROR,
        Span(0, max(keep.start, 1)),
        "this looks pasted from a chat: keep the program and take the rest away",
        fixes=(Fix("keep only the program", tuple(e for e in edits if e.span.start < e.span.end)),),
    )

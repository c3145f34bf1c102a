"""Tokens to a tree: it always answers one, and reports independent errors apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from pygments.token import Comment, Error, Keyword, Name, Number, Punctuation, String

from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Source, Span
from watstep.syntax.lexer import Lexeme, comment_depth, lexemes, tokenize
from watstep.syntax.literals import decode_string, encode_string, plain_identifier
from watstep.syntax.tree import Atom, Form, Item, Tree

DEEPEST = 1000
"""Nesting of forms beyond this is a diagnostic (LANGUAGE.md 7)."""

_STRING = re.compile(
    r"(?:[^\\\x00-\x1f\x7f]|\\[tnr\"'\\]|\\[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*\})*"
)
_BAD_LETTER = re.compile(
    r"(?P<good>\\[tnr\"'\\]|\\[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*\})|[\\\x00-\x1f\x7f]"
)
"""An escape, or what is none and no letter either."""
_TYPOGRAPHIC = re.compile(
    r"[\u201c\u201d\u201e\u201f\u00ab]([^\u201c\u201d\u00bb\r\n]*)[\u201c\u201d\u00bb]"
)
_INVISIBLE = re.compile(r"[\u00a0\u00ad\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]+")
_QUOTED_NAME = re.compile(r'"(?:[^"\\\r\n]|\\.)*"')
_NAME = re.compile(r"\$[\w.\-]+")
_GLUE = re.compile(r"[^\s();]")
_PLAIN_STRINGS = frozenset(("import", "export", "data"))
"""Forms whose strings are what WAT says, so never triple-quoted (LANGUAGE.md 4)."""


def parse(source: Source) -> Tree:
    """The tree of a text; whatever is wrong with it is among the tree's diagnostics."""
    builder = _Builder(source)
    builder.build(_lexemes(source.text))
    broken = bool(builder.open_forms) or builder.stray or builder.unclosed
    builder.close_all()
    found = builder.diagnostics
    mends: tuple[Edit, ...] = ()
    wordy = type(builder.items[0]) is Atom if builder.items else False
    if broken or builder.suspicious or wordy:
        # Loaded for a mistake alone: `expand` starts in a few Python starts.
        from watstep.syntax.pasted import is_sentence, pasted
        from watstep.syntax.recovery import mend

        tokens = tokenize(source.text)
        reads = broken or builder.suspicious or is_sentence(builder.items)
        chat = pasted(source, tokens) if reads else None
        if chat is not None:
            return Tree(source, (), (), (chat,))
        if broken:
            # Depth is judged again once every form is closed.
            found = [each for each in found if each.code != "too-deep"]
            found += mend(source, tokens, stray=builder.stray)
    if broken or not builder.too_deep:
        mends = _apart([edit for each in found for fix in each.fixes[:1] for edit in fix.edits])
    diagnostics = tuple(sorted(found, key=lambda each: each.span))
    return Tree(source, tuple(builder.items), tuple(builder.comments), diagnostics, mends)


def _apart(edits: list[Edit]) -> tuple[Edit, ...]:
    """The edits in order, less those that overlap one before them."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.span.start):
        if not kept or edit.span.start >= kept[-1].span.end:
            kept.append(edit)
    return tuple(kept)


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
    """The state of one parse."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.items: list[Item] = []
        self.comments: list[Atom] = []
        self.diagnostics: list[Diagnostic] = []
        self.open_forms: list[Form] = []
        self.annotations: list[tuple[Form | None, Form]] = []
        self.stray = False
        """Whether a parenthesis closes nothing."""
        self.unclosed = False
        """Whether a string or a comment never closes."""
        self.suspicious = False
        """Whether there is text that begins no token."""
        self.too_deep = False
        self.explained = 0
        """Up to where a diagnostic has explained what is strange already."""

    def build(self, pieces: Iterable[Lexeme]) -> None:
        """Put every piece in its place."""
        stack, items = self.open_forms, self.items
        new, variable = tuple.__new__, Name.Variable
        for kind, start, end, text in pieces:
            if kind is None:
                continue
            if kind is Punctuation:
                if text == "(":
                    if len(stack) == DEEPEST:
                        self._report_depth(start)
                    form = Form(start)
                    items.append(form)
                    stack.append(form)
                    items = form.items
                elif stack:
                    stack.pop().end = end
                    items = stack[-1].items if stack else self.items
                else:
                    self.stray = True
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
        for form in self.open_forms:
            form.end = len(self.source.text)
        self.open_forms.clear()

    def _report_depth(self, start: int) -> None:
        if not self.too_deep:
            message = f"forms are nested deeper than {DEEPEST:,}"
            self._report("too-deep", Span(start, start + 1), message)
        self.too_deep = True

    def _begins_annotation(self, token: Atom) -> bool:
        """Whether this is the identifier of `(@name ...)`, which every reader may ignore."""
        text = token.text
        if not self.open_forms or not text.startswith("@"):
            return False
        quoted = _QUOTED_NAME.match(self.source.text, token.end) if text == "@" else None
        if text == "@" and (quoted is None or plain_identifier(f"${quoted[0]}") is None):
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
            outside = before == 0 or problem.span.start >= ends[before - 1]
            text = self.source.text[slice(*problem.span)]
            return outside or not (text.isascii() and text.isprintable())

        self.diagnostics = [problem for problem in self.diagnostics if kept(problem)]

    def _take(self, token: Atom, items: list[Item]) -> None:
        """Put a comment, a string or a mistake in its place, and look at it."""
        if token.kind is Comment.Single or token.kind is Comment.Multiline:
            self.comments.append(token)
            if token.kind is Comment.Multiline and comment_depth(token.text):
                self.unclosed = True
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
            if not _STRING.fullmatch(body) or decode_string(text) is None:
                self._bad_escape(token, body)
        elif text.startswith('"'):
            self.unclosed = True
        elif text.startswith('$"'):
            message = f"`{text[:40]}` is no name: empty, not UTF-8, a bad escape or a neighbour"
            self._report("bad-token", token.span, message)
        elif token.start >= self.explained:
            self._strange(token)

    def _strange(self, token: Atom) -> None:
        """Text that begins no token; what a word processor or a web page put there is mended."""
        quoted = _TYPOGRAPHIC.match(self.source.text, token.start)
        if quoted:
            self.explained = quoted.end()
            text = '"' + quoted[1].replace('"', '\\"') + '"'
            message = "these are typographic quotes: WAT's are `\"`"
            fix = Fix(f"write {text}", (Edit(Span(*quoted.span()), text),))
            self._report("bad-token", Span(*quoted.span()), message, fix)
        elif _NAME.fullmatch(token.text):
            text = f'$"{token.text[1:]}"'
            message = f"a name with letters that are not ASCII is written in quotes: `{text}`"
            self._report("bad-token", token.span, message, _write(token, text))
        elif _INVISIBLE.search(token.text):
            message = "an invisible character stands here, which WAT does not take for a blank"
            blank = _INVISIBLE.sub(" ", token.text)
            self._report("bad-token", token.span, message, _write(token, blank))
        else:
            self.suspicious = True
            self._report("bad-token", token.span, f"`{token.text[:40]}` is nothing that WAT knows")

    def _bad_escape(self, token: Atom, body: str) -> None:
        mended = _BAD_LETTER.sub(_escaped, body)
        fixes: tuple[Fix, ...] = ()
        if mended != body and _STRING.fullmatch(mended) and not token.text.startswith('"""'):
            place = Span(token.start + 1, token.end - 1)
            fixes = (Fix(f'write "{mended}"', (Edit(place, mended),)),)
        self._report(
            "bad-escape",
            token.span,
            "this string holds an escape or control character that WAT does not know; "
            r"it knows \t \n \r \" \' \\ \hh and \u{h...}",
            *fixes,
        )

    def _check_neighbours(self, token: Atom) -> None:
        """A string stands apart from other tokens, and is triple-quoted in bodies alone."""
        text, start = self.source.text, token.start
        glued = [token.end] if _GLUE.match(text, token.end) else []
        if start and _GLUE.match(text, start - 1) and text[start - 1] not in '"\ufeff':
            glued.insert(0, start)
        if glued:
            message = "a string is set apart from its neighbour by a blank: put one between"
            edits = tuple(Edit(Span(place, place), " ") for place in glued)
            self._report("glued-tokens", token.span, message, Fix("put a blank between", edits))
        head = self.open_forms[-1].head if self.open_forms else ""
        if head in _PLAIN_STRINGS and token.text.startswith('"""'):
            message = f'`{head}` takes a plain string: write it in single `"` with escapes'
            text = encode_string(decode_string(token.text) or b"")
            self._report("triple-quoted", token.span, message, _write(token, text))

    def _report(self, code: str, span: Span, message: str, *fixes: Fix) -> None:
        self.diagnostics.append(Diagnostic(code, Severity.ERROR, span, message, fixes=fixes))


def _write(token: Atom, text: str) -> Fix:
    return Fix(f"write `{text}`", (Edit(token.span, text),))


def _escaped(bad: re.Match[str]) -> str:
    """A backslash that begins no escape, or a control character, as an escape."""
    return bad[0] if bad["good"] else "\\\\" if bad[0] == "\\" else f"\\{ord(bad[0]):02x}"

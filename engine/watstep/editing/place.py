"""Where a cursor stands in a text that need not be whole: its word, the forms around it."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from pygments.token import Comment, Error, Keyword, Name, Punctuation, String

from watstep.source.text import Span
from watstep.syntax.lexer import tokenize
from watstep.syntax.tree import Atom

FIELDS = frozenset(("func", "import", "export", "memory", "data", "type", "start", "table", "elem"))
"""Heads of what stands in a module and in no function; `global` is no field that runs here."""
_INLINE = {"import": ("func", "memory"), "export": ("func", "memory"), "type": ("func",)}
"""Fields in which a word that heads a field heads none."""


class Opened(NamedTuple):
    """A form that is open at the cursor: its first word, and the token of its parenthesis."""

    head: str
    token: int


class Field(NamedTuple):
    """A field of the module: its first word, and its tokens, half-open."""

    head: str
    first: int
    after: int
    closed: bool
    """Whether its parenthesis is closed."""

    def holds(self, token: int) -> bool:
        """Whether what stands before a token stands in it."""
        return self.first < token < self.after + (not self.closed)


class Place(NamedTuple):
    """The surroundings of an offset, by the tokens of the text alone."""

    tokens: list[Atom]
    at: int
    """The token that the word is, or before which it stands where it has no letter yet."""
    word: Span
    forms: tuple[Opened, ...]
    """Those that hold the word, outermost first."""
    fields: tuple[Field, ...]

    @property
    def before(self) -> str:
        """The token before the word, "" at the start."""
        return self.tokens[self.at - 1].text if self.at else ""

    @property
    def heads(self) -> bool:
        """Whether the word is a form's first."""
        return self.before == "("

    @property
    def field(self) -> Field | None:
        """The function or other field that holds the word, None in the body of a program."""
        return next((field for field in self.fields if field.holds(self.at)), None)


def place_at(text: str, offset: int) -> Place | None:
    """The place of an offset of a text, however broken; None in a comment or a string."""
    return place_among(tokenize(text), offset)


def place_among(tokens: list[Atom], offset: int) -> Place | None:
    """The same, by the tokens of the text."""
    at = bisect_left(tokens, offset, key=lambda token: token.end)
    word = Span(offset, offset)
    if at < len(tokens):
        token = tokens[at]
        if _is_closed_to_words(token, offset):
            return None
        if token.start < offset and token.kind not in (Punctuation, Comment.Multiline):
            word = token.span
        elif token.end == offset:
            at += 1
            following = tokens[at] if at < len(tokens) else None
            if following and following.start == offset and _is_word(following):
                word = following.span
        elif token.start == offset and _is_word(token):
            word = token.span
    return Place(tokens, at, word, *_survey(tokens, at))


def _is_word(token: Atom) -> bool:
    return token.kind in (Keyword, Name.Variable)


def _is_closed_to_words(token: Atom, offset: int) -> bool:
    """Whether an offset lies in a comment or a string, or directly behind one that goes on."""
    inside = token.start < offset < token.end
    if token.kind is Comment.Single:
        return token.start < offset
    if token.kind is Comment.Multiline:
        return inside or not token.text.endswith(";)")
    if token.kind is String:
        return token.start < offset
    return token.kind is Error and token.text.startswith('"') and token.start < offset


def _survey(tokens: list[Atom], at: int) -> tuple[tuple[Opened, ...], tuple[Field, ...]]:
    """The forms open at a token, and every field of the text.

    A field inside another, which there is none of, shows that the other one lacks a parenthesis.
    """
    stack: list[Opened] = []
    fields: list[Field] = []
    here: tuple[Opened, ...] = ()
    last = len(tokens) - 1
    for index, token in enumerate(tokens):
        if index == at:
            here = tuple(stack)
        if token.kind is not Punctuation:
            continue
        if token.text == ")":
            if stack:
                _end(stack, fields, 1, index + 1, closed=True)
            continue
        head = tokens[index + 1].text if index < last and index + 1 != at else ""
        if stack and head in FIELDS:
            around = next((n for n, form in enumerate(stack) if form.head in FIELDS), None)
            if around is not None and _shows_a_field(stack, around, head, tokens, index):
                _end(stack, fields, len(stack) - around, index)
        stack.append(Opened(head, index))
    if at > last:
        here = tuple(stack)
    _end(stack, fields, len(stack), len(tokens))
    fields.sort(key=lambda field: field.first)
    return here, tuple(fields)


def _end(
    stack: list[Opened], fields: list[Field], count: int, after: int, *, closed: bool = False
) -> None:
    """Close the innermost forms; those that are fields are kept."""
    for _ in range(count):
        form = stack.pop()
        outer = stack[-1].head if stack else "module"
        if form.head in FIELDS and outer == "module":
            fields.append(Field(form.head, form.token, after, closed))


def _shows_a_field(
    stack: list[Opened], around: int, head: str, tokens: list[Atom], index: int
) -> bool:
    """Whether a form inside the field `stack[around]` is a field itself."""
    outer = stack[around].head
    if head in _INLINE.get(outer, ()):
        return False
    if outer == "func":
        following = tokens[index + 2] if index + 2 < len(tokens) else None
        named = following is not None and following.kind is Name.Variable
        return head in {"func", "memory", "data"} or (head == "type" and named)
    return head == "func"

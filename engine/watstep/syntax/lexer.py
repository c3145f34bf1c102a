"""Text to tokens: one table of rows, used by the parser, the editor and the Pygments lexer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Punctuation,
    String,
    _TokenType,
)

from watstep.syntax.tree import Atom

_CONTINUES = r"[a-zA-Z0-9!#$%&'*+\-./:<=>?@\\^_`|~]"
_QUOTED = r'"(?:[^"\\\r\n]|\\[^\r\n])*'
_TRIPLE = '"""'

_ROWS: tuple[tuple[str, _TokenType | None], ...] = (
    (r"[ \t\r\n]+", None),
    (r"\(;.*", Comment.Multiline),
    (r"[()]", Punctuation),
    (rf"[a-z]{_CONTINUES}*", Keyword),
    (rf"\${_CONTINUES}+|\${_QUOTED}\"", Name.Variable),
    (
        r"[+-]?(?:0x[0-9a-fA-F](?:_?[0-9a-fA-F])*|[0-9](?:_?[0-9])*)"
        rf"(?:\.[0-9a-fA-F_]*)?(?:[eEpP][+-]?[0-9_]+)?(?!{_CONTINUES})",
        Number,
    ),
    (rf'"""(?:(?!""").)*"""|(?!"""){_QUOTED}"', String),
    (r";;[^\r\n]*", Comment.Single),
    # What begins like a number or a string and is none, and anything else.
    (rf"[+-]?[0-9]{_CONTINUES}*", Error),
    (rf'""".*|{_QUOTED}\\?', Error),
    (r'[^\s()";]+|.', Error),
)
"""What a text is cut at, tried in this order, and the kind that it is; None is blank."""

_CUT = re.compile("|".join(pattern for pattern, _ in _ROWS), re.DOTALL)
_CLASSIFY = re.compile("|".join(f"({pattern})" for pattern, _ in _ROWS), re.DOTALL)
_MAY_HOLD_EDGES = re.compile(
    rf'"""(?:(?!""").)*(?:"""|\Z)|{_QUOTED}\\?"?|;;[^\r\n]*|\(;', re.DOTALL
)
_BLOCK_EDGE = re.compile(r"\(;|;\)")

Lexeme: TypeAlias = tuple[_TokenType | None, int, int, str]
"""A piece of a text as kind (None where it is blank), start, end and what stands there."""


class LineState(NamedTuple):
    """What a line begins inside of: nested block comments, or a triple-quoted string."""

    comment_depth: int = 0
    in_triple: bool = False


class _Kinds(dict[str, _TokenType | None]):
    """The kind of every piece met so far: it depends on the piece alone, and most are repeated."""

    MOST = 1 << 14
    LONGEST = 64

    def __missing__(self, piece: str) -> _TokenType | None:
        match = _CLASSIFY.fullmatch(piece)
        kind = _ROWS[(match.lastindex or 0) - 1][1] if match else Error
        if len(piece) <= self.LONGEST:
            if len(self) >= self.MOST:
                self.clear()
            self[piece] = kind
        return kind


_KINDS = _Kinds()


def lexemes(text: str) -> Iterator[Lexeme]:
    """The pieces of a text in order, blank ones included; together they are the text.

    A byte-order mark is left out at the very start alone, as in WAT nowhere else either.
    Never fails: text that begins no token is an `Error` piece.
    """
    first = int(text.startswith("\ufeff"))
    pieces = _pieces(text, first)
    ends = list(accumulate(map(len, pieces), initial=first))
    return zip(map(_KINDS.__getitem__, pieces), ends, ends[1:], pieces, strict=False)


def tokenize(text: str) -> list[Atom]:
    """All tokens of a text, comments and parentheses included; what lies between is blank."""
    new = tuple.__new__
    return [new(Atom, lexeme) for lexeme in lexemes(text) if lexeme[0] is not None]


def _pieces(text: str, offset: int) -> list[str]:
    """The text cut up; block comments, which nest, are looked for between the other pieces."""
    pieces: list[str] = []
    while text.find("(;", offset) >= 0:
        edges = _MAY_HOLD_EDGES.finditer(text, offset)
        start = next((edge.start() for edge in edges if edge[0] == "(;"), len(text))
        pieces += _CUT.findall(text, offset, start)
        offset = _block_comment_end(text, start, 0)
        if start < offset:
            pieces.append(text[start:offset])
    pieces += _CUT.findall(text, offset)
    return pieces


def _block_comment_end(text: str, offset: int, depth: int) -> int:
    """The offset after the comment that `offset` stands in or at; the text's end if unclosed."""
    for edge in _BLOCK_EDGE.finditer(text, offset):
        depth += 1 if edge[0] == "(;" else -1
        if depth == 0:
            return edge.end()
    return len(text)


def lex_line(line: str, state: LineState) -> tuple[list[Atom], LineState]:
    """The tokens of one line that begins in `state`, and the state of the next line."""
    tokens: list[Atom] = []
    offset = 0
    if state.comment_depth:
        offset = _block_comment_end(line, 0, state.comment_depth)
        tokens.append(Atom(Comment.Multiline, 0, offset, line[:offset]))
        depth = comment_depth(line[:offset], state.comment_depth)
        if depth:
            return tokens, LineState(depth)
    elif state.in_triple:
        closing = line.find(_TRIPLE)
        offset = len(line) if closing < 0 else closing + 3
        tokens.append(Atom(String, 0, offset, line[:offset]))
        if closing < 0:
            return tokens, state
    rest = tokenize(line[offset:])
    tokens += [Atom(t.kind, t.start + offset, t.end + offset, t.text) for t in rest]
    if not rest:
        return tokens, LineState()
    last = tokens[-1]
    if last.kind is Comment.Multiline:
        return tokens, LineState(comment_depth(last.text))
    if last.kind is Error and last.text.startswith(_TRIPLE):
        tokens[-1] = last._replace(kind=String)
        return tokens, LineState(in_triple=True)
    return tokens, LineState()


def comment_depth(text: str, depth: int = 0) -> int:
    """How many block comments are open after `text`, held at 0 where the outermost closes."""
    for edge in _BLOCK_EDGE.finditer(text):
        depth += 1 if edge[0] == "(;" else -1
        if depth == 0:
            return 0
    return depth


def highlight(text: str) -> Iterator[tuple[int, _TokenType, str]]:
    """(offset, token type, text) for the whole text, keywords told apart by what they are."""
    previous_open = False
    for token in tokenize(text):
        yield token.start, kind_for_display(token, previous_open), token.text
        previous_open = token.text == "("


def kind_for_display(token: Atom, opens_form: bool) -> _TokenType:
    """The token type to colour a token by: instructions, structure and macros differ."""
    if token.kind is not Keyword:
        return token.kind
    word = token.text
    if word in STRUCTURE:
        return Keyword.Declaration
    if word in VALUE_TYPES:
        return Keyword.Type
    if word in CONTROL:
        return Keyword.Reserved
    if "." in word:
        return Name.Builtin
    return Name.Function if opens_form else Name.Attribute


STRUCTURE = frozenset(
    ("module", "func", "import", "export", "memory", "data", "param", "result", "local", "type")
) | frozenset(("start", "table", "elem", "global", "mut", "offset", "item", "declare"))
CONTROL = frozenset(
    ("block", "loop", "if", "then", "else", "end", "br", "br_if", "br_table", "return", "call")
) | frozenset(("call_indirect", "unreachable", "nop", "drop", "select"))
VALUE_TYPES = frozenset(("i32", "i64", "f32", "f64", "v128", "funcref", "externref"))

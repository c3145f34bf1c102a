"""Text to tokens: one master expression, used by the parser, the editor and the Pygments lexer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

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

_MASTER = re.compile(
    r"[ \t\r\n]*+"
    r"(?:(\()(?!;)"  # 1 open
    r"|(\))"  # 2 close
    r"|([a-z][a-zA-Z0-9!#$%&'*+\-./:<=>?@\\^_`|~]*)"  # 3 keyword
    r"|(\$[a-zA-Z0-9!#$%&'*+\-./:<=>?@\\^_`|~]+)"  # 4 identifier
    r"|([+-]?[0-9][a-zA-Z0-9_.+\-]*)"  # 5 number
    r'|("""(?:(?!""").)*"""|"(?!"")(?:[^"\\\r\n]|\\[^\r\n])*"|""(?!"))'  # 6 string
    r"|(;;[^\r\n]*)"  # 7 line comment
    r"|(\(;)"  # 8 block comment
    r'|("""|"(?:[^"\\\r\n]|\\[^\r\n])*\\?)'  # 9 unclosed string
    r"|([^\s()\";]+|.))",  # 10 anything else
    re.DOTALL,
)
_BLOCK_EDGE = re.compile(r"\(;|;\)")
_QUOTED_IDENTIFIER = re.compile(r'\$"(?:[^"\\\r\n]|\\[^\r\n])*"')
_NUMBER = re.compile(
    r"[+-]?(?:0x[0-9a-fA-F](?:_?[0-9a-fA-F])*|[0-9](?:_?[0-9])*)"
    r"(?:\.[0-9a-fA-F_]*)?(?:[eEpP][+-]?[0-9_]+)?"
)

KINDS: tuple[_TokenType, ...] = (
    Error,
    Punctuation,
    Punctuation,
    Keyword,
    Name.Variable,
    Number,
    String,
    Comment.Single,
    Comment.Multiline,
    Error,
    Error,
)
"""The token type of each group of the master expression."""

_TRIPLE = '"""'


class LineState(NamedTuple):
    """What a line begins inside of: nested block comments, or a triple-quoted string."""

    comment_depth: int = 0
    in_triple: bool = False


def tokenize(text: str) -> list[Atom]:
    """All tokens of a text, comments and parentheses included; what lies between is blank.

    A byte-order mark is blank at the very start alone, as in WAT nowhere else either.
    Never fails: text that begins no token is an `Error` token.
    """
    tokens: list[Atom] = []
    add = tokens.append
    new = tuple.__new__
    kinds = KINDS
    offset, size = int(text.startswith("\ufeff")), len(text)
    while offset < size:
        for match in _MASTER.finditer(text, offset):
            group = match.lastindex
            if group is None:
                offset = size
                break
            start, end = match.span(group)
            if group == 8:
                offset = _block_comment_end(text, start, 0)
                add(Atom(Comment.Multiline, start, offset, text[start:offset]))
                break
            if group == 9 and text.startswith(_TRIPLE, start):
                end = size
            elif group == 10:
                quoted = _QUOTED_IDENTIFIER.match(text, start)
                if quoted:
                    offset = quoted.end()
                    add(Atom(Name.Variable, start, offset, quoted[0]))
                    break
            elif group == 5 and not _NUMBER.fullmatch(match[5]):
                group = 10
            add(new(Atom, (kinds[group], start, end, text[start:end])))
            offset = end
            if end == size:
                break
        else:
            break
    return tokens


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
        depth = _comment_depth(line[:offset], state.comment_depth)
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
        return tokens, LineState(_comment_depth(last.text, 0))
    if last.kind is Error and last.text.startswith(_TRIPLE):
        tokens[-1] = last._replace(kind=String)
        return tokens, LineState(in_triple=True)
    return tokens, LineState()


def _comment_depth(text: str, depth: int) -> int:
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

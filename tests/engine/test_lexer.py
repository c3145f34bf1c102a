"""Tokens: what a text is cut into, and that nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Comment, Error, Keyword, Name, Number, Punctuation, String, _TokenType

from watstep.syntax.lexer import LineState, lex_line, lexemes, tokenize

SCRAPS = (
    *("(", ")", ";", ";;", "(;", ";)", '"', '"""', "\\", "\n", "\r\n", " ", "\t", "\ufeff", "\x0b"),
    *(
        "$",
        "$x",
        '$"x y"',
        "12",
        "0x1F",
        "1e5",
        "1.5.",
        "+3",
        "-",
        "é",
        "@id",
        "i32.add",
        "offset=4",
    ),
)
TEXTS = st.lists(st.sampled_from(SCRAPS), max_size=40).map("".join)

KINDS: list[tuple[str, list[tuple[str, _TokenType]]]] = [
    (
        "(i32.const 1)",
        [("(", Punctuation), ("i32.const", Keyword), ("1", Number), (")", Punctuation)],
    ),
    ("$a $ $é", [("$a", Name.Variable), ("$", Error), ("$é", Error)]),
    ('$"a b"', [('$"a b"', Name.Variable)]),
    ("0x1_F 1__0 1e+5", [("0x1_F", Number), ("1__0", Error), ("1e+5", Number)]),
    ('"a\\"b" ""', [('"a\\"b"', String), ('""', String)]),
    ('"""a\n"b" """', [('"""a\n"b" """', String)]),
    ('"a\n"b"', [('"a', Error), ('"b"', String)]),
    ('"""a\n(nop)', [('"""a\n(nop)', Error)]),
    (";; (; a\n1", [(";; (; a", Comment.Single), ("1", Number)]),
    (
        '"(;" 1 (; (; ;) ;)2',
        [('"(;"', String), ("1", Number), ("(; (; ;) ;)", Comment.Multiline), ("2", Number)],
    ),
    ("(; a\n(nop)", [("(; a\n(nop)", Comment.Multiline)]),
    ("\ufeff1", [("1", Number)]),
    ("1 \ufeff", [("1", Number), ("\ufeff", Error)]),
]


@pytest.mark.parametrize(("text", "tokens"), KINDS)
def test_kinds(text: str, tokens: list[tuple[str, _TokenType]]) -> None:
    """The table of rows cuts a text and says what each piece is."""
    assert [(token.text, token.kind) for token in tokenize(text)] == tokens


@given(TEXTS)
def test_the_pieces_are_the_text(text: str) -> None:
    """They follow one another without a gap, a byte-order mark at the very start alone left out."""
    at = int(text.startswith("\ufeff"))
    for _, start, end, piece in lexemes(text):
        assert start == at
        assert piece == text[start:end] != ""
        at = end
    assert at == len(text)


@given(TEXTS)
def test_lines_are_coloured_as_the_whole_text_is(text: str) -> None:
    """A line that begins inside a comment or a string goes on as one."""
    text = text.replace("\r", "").replace("\ufeff", "")
    by_line: list[tuple[int, _TokenType]] = []
    state, at = LineState(), 0
    for line in text.split("\n"):
        tokens, state = lex_line(line, state)
        by_line += [
            (at + token.start + n, token.kind)
            for token in tokens
            for n in range(token.end - token.start)
        ]
        at += len(line) + 1
    whole = [
        (token.start + n, String if token.text.startswith('"""') else token.kind)
        for token in tokenize(text)
        for n, letter in enumerate(token.text)
        if letter != "\n"
    ]
    assert by_line == whole

"""Extended WAT for Pygments: a thin face over the one lexer."""

from __future__ import annotations

from collections.abc import Iterator

from pygments.lexer import Lexer
from pygments.token import Whitespace, _TokenType

from watstep.syntax.lexer import highlight


class ExtendedWatLexer(Lexer):
    """Colours extended WAT wherever Pygments does."""

    name = "Extended WAT"
    aliases = ("watstep", "ewat")
    filenames = ("*.wat",)
    url = ""

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """(offset, token type, text) for every character of the text, blanks included."""
        offset = 0
        for start, kind, word in highlight(text):
            if start > offset:
                yield offset, Whitespace, text[offset:start]
            yield start, kind, word
            offset = start + len(word)
        if offset < len(text):
            yield offset, Whitespace, text[offset:]

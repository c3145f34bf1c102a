"""Secrets in a run's texts: found by name, place, shape or mark, covered by stars of equal length.

Addresses and lengths stay, so a run that only hands a secret on is the same run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from urllib.parse import quote

from pygments.token import Comment, Name, String

from watstep.syntax.lexer import lexemes
from watstep.syntax.literals import decode_string, encode_string

_NAME = r"""
    (?: api[_-]?key | (?: access | auth | refresh )[_-]?token | token | (?: client[_-]? )? secret
      | password | passwd | pwd | signature | private[_-]?key | credentials? )
"""
_SECRET = re.compile(
    rf"""
    {_NAME} ["']? \s* [=:] \s* ["']? (?P<named> [^\s"'&\#;,<>{{}}*]{{4,}} )
  | \b authorization ["']? \s* [=:] \s* ["']? (?: [a-z]+ \s+ )? (?P<header> [\w.~+/=:-]{{4,}} )
  | \b cookie ["']? \s* : \s* ["']? (?P<cookie> [^"'\r\n*]{{4,}} )
  | \b bearer \s+ (?P<bearer> [\w.~+/=-]{{8,}} )
  | :// [^\s/:@]+ : (?P<password> [^\s/@]+ ) @
  | [?&\#] (?: key | sig | auth | jwt | sid | session (?: _?id )? | x-amz-[\w-]+ )
    = (?P<query> [^\s"'&\#;,<>*]{{4,}} )
  | -----BEGIN [A-Z ]*PRIVATE\ KEY-----(?P<block> [^-]+ )
  | \b (?P<shaped> sk-[\w-]{{16,}} | gh[opsru]_\w{{20,}} | xox[abp]-[\w-]{{10,}}
      | AKIA[0-9A-Z]{{16}} | eyJ[\w-]{{8,}}\.[\w-]{{8,}}\.[\w-]* )
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What is called a key, a token or a password; what stands in a URL or a header for one; what is
shaped like one."""
_NAMED_SO = re.compile(rf"(?: ^ | [_-] ) (?: {_NAME} | key ) $", re.IGNORECASE | re.VERBOSE)
_NO_SECRETS = frozenset(("true", "false", "null", "none", "undefined", "memory"))
"""Words that stand after such a name without being one, and without which a program is none."""
_SHORTEST_OF_ENVIRONMENT = 8


def secrets_of_settings(arguments: Iterable[str], environment: Mapping[str, str]) -> Iterator[str]:
    """The arguments that follow one called `--token` or the like, and the variables called so."""
    for name, value in pairwise(arguments):
        if _NAMED_SO.search(name) and not value.startswith("-"):
            yield value
    for name, value in environment.items():
        if len(value) >= _SHORTEST_OF_ENVIRONMENT and _NAMED_SO.search(name):
            yield value


class Cover:
    """Covers the secrets that stand in some texts, wherever they stand."""

    def __init__(self, texts: Iterable[str], marked: Iterable[str] = ()) -> None:
        """Look for secrets in `texts`; `marked` are secrets whatever they look like."""
        found = {
            match[match.lastgroup].strip()
            for text in texts
            for match in _SECRET.finditer(text)
            if match.lastgroup and match[match.lastgroup].lower() not in _NO_SECRETS
        }
        found.update(secret for secret in marked if secret.strip("* \t\r\n"))
        # The longest first: one may be a part of another.
        self.secrets = tuple(sorted(found, key=lambda secret: (-len(secret), secret)))
        self._forms = tuple((form, secret) for secret in self.secrets for form in _forms(secret))
        self.met: set[str] = set()
        """Those that were covered somewhere."""

    def text(self, text: str) -> str:
        """A text without them."""
        for form, secret in self._forms:
            if form in text:
                self.met.add(secret)
                text = text.replace(form, _stars(form))
        return text

    def content(self, content: bytes) -> bytes:
        """The same for the bytes of a memory."""
        for form, secret in self._forms:
            if _encoded(form) in content:
                self.met.add(secret)
                content = content.replace(_encoded(form), _stars(form).encode())
        return content

    def program(self, text: str) -> str:
        """A program without them in its texts, comments and names; instructions are left alone."""
        if not self.secrets:
            return text
        mark = "\ufeff" * text.startswith("\ufeff")
        return mark + "".join(self._piece(kind, piece) for kind, _, _, piece in lexemes(text))

    def _piece(self, kind: object, piece: str) -> str:
        if kind is Name.Variable:
            return piece[:1] + self.text(piece[1:])
        if kind in {Comment.Single, Comment.Multiline}:
            return self.text(piece)
        if kind is not String:
            return piece
        covered = self.text(piece)
        content = decode_string(covered)
        if content is not None and self.content(content) != content:
            # It was written in escapes.
            return encode_string(self.content(content))
        return covered


def _forms(secret: str) -> tuple[str, ...]:
    """How it may be written: as it is, in a URL, in JSON or a string of a program."""
    in_url = quote(secret, safe="", errors="surrogatepass")
    in_json = json.dumps(secret, ensure_ascii=False)[1:-1]
    return tuple(dict.fromkeys((secret, in_url, in_json)))


def _stars(secret: str) -> str:
    """As many as it has bytes; its lines stay, since problems are told by them."""
    return "".join("\n" if part == "\n" else "*" * len(_encoded(part)) for part in secret)


def _encoded(secret: str) -> bytes:
    """As it lies in a memory; an argument of the command line may be any bytes."""
    return secret.encode("utf-8", "surrogateescape")

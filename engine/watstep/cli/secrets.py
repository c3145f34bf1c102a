"""Secrets in a run's texts: found by how they look, covered by stars of the same length."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SECRET = re.compile(
    r"""
    (?: api[_-]?key | (?: access | auth | refresh )[_-]?token | token | (?: client[_-]? )? secret
      | password | passwd | pwd | signature )
    ["']? \s* [=:] \s* ["']? (?P<named> [^\s"'&\#;,<>{}*]{4,} )
  | \b bearer \s+ (?P<bearer> [\w.~+/=-]{8,} )
  | :// [^\s/:@]+ : (?P<password> [^\s/@]+ ) @
  | \b (?P<shaped> sk-[\w-]{16,} | gh[opsru]_\w{20,} | xox[abp]-[\w-]{10,} | AKIA[0-9A-Z]{16}
      | eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]* )
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What is called a key, a token or a password; what stands in a URL; what is shaped like one."""


class Cover:
    """Covers the secrets that stand in some texts, wherever they stand.

    Addresses and lengths stay, so a run that only hands a secret on is the same run.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        """Look for secrets in `texts`."""
        found = {
            match[match.lastgroup]
            for text in texts
            for match in _SECRET.finditer(text)
            if match.lastgroup
        }
        # The longest first: one may be a part of another.
        self.secrets = tuple(sorted(found, key=lambda secret: (-len(secret), secret)))

    def text(self, text: str) -> str:
        """A text without them."""
        for secret in self.secrets:
            text = text.replace(secret, _stars(secret))
        return text

    def content(self, content: bytes) -> bytes:
        """The same for the bytes of a memory."""
        for secret in self.secrets:
            content = content.replace(_encoded(secret), _stars(secret).encode())
        return content


def _stars(secret: str) -> str:
    return "*" * len(_encoded(secret))


def _encoded(secret: str) -> bytes:
    """As it lies in a memory; an argument of the command line may be any bytes."""
    return secret.encode("utf-8", "surrogateescape")

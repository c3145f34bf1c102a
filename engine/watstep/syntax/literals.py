"""What literals mean: strings to bytes, integers to numbers."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F_]+)\}|([0-9a-fA-F]{2})|(.))", re.DOTALL)
_SIMPLE = {"t": b"\t", "n": b"\n", "r": b"\r", '"': b'"', "'": b"'", "\\": b"\\"}
_NAME = re.compile(rb"[a-zA-Z0-9!#$%&'*+\-./:<=>?@\\^_`|~]+")
_NOT_PLAIN = re.compile(rb"[^a-zA-Z0-9!#$%&'*+\-./:<=>?@^_`|~]")
_INTEGER = re.compile(r"([+-]?)(?:0x([0-9a-fA-F](?:_?[0-9a-fA-F])*)|([0-9](?:_?[0-9])*))")


_DIGITS = 100


def decode_string(literal: str) -> bytes | None:
    """The bytes of a string token, quotes included; None where an escape is not legal.

    Triple-quoted text loses a newline directly after the opening quotes and the indentation that
    its lines share, before escapes are read; CRLF is a line feed there (LANGUAGE.md 4).
    """
    if literal.startswith('"""'):
        from textwrap import dedent

        body = literal[3:-3].replace("\r\n", "\n").replace("\r", "\n").removeprefix("\n")
        body = dedent(body)
    else:
        body = literal[1:-1]
    if "\\" not in body:
        return body.encode("utf-8", "surrogatepass")
    content, offset = bytearray(), 0
    for match in _ESCAPE.finditer(body):
        content += body[offset : match.start()].encode("utf-8", "surrogatepass")
        offset = match.end()
        code, byte, simple = match.groups()
        if code:
            number = int(code.replace("_", ""), 16)
            if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
                return None
            content += chr(number).encode()
        elif byte:
            content.append(int(byte, 16))
        elif simple in _SIMPLE:
            content += _SIMPLE[simple]
        else:
            return None
    return bytes(content + body[offset:].encode("utf-8", "surrogatepass"))


def plain_identifier(quoted: str) -> str | None:
    """How the name of a quoted identifier (`$"ab"`) is written everywhere: `$ab` where that can be.

    What else its bytes are is a quoted identifier without blanks or parentheses, the same one for
    equal bytes. None where it is empty, not UTF-8, or holds an escape that is not legal.
    """
    content = decode_string(quoted[1:])
    try:
        if not content or not content.decode("utf-8"):
            return None
    except UnicodeDecodeError:
        return None
    if _NAME.fullmatch(content):
        return f"${content.decode()}"
    return f'$"{_NOT_PLAIN.sub(lambda byte: b"%c%02x" % (92, byte[0][0]), content).decode()}"'


def suffixed(identifier: str, suffix: str) -> str:
    """An identifier with more letters at its end, inside its quotes where it has some."""
    return f'{identifier[:-1]}{suffix}"' if identifier.endswith('"') else identifier + suffix


def decode_integer(literal: str) -> int | None:
    """The number that an integer token writes, signed as written; None where it is none."""
    match = _INTEGER.fullmatch(literal)
    if match is None:
        return None
    sign, hexadecimal, decimal = match.groups()
    # Python converts no longer decimals; so many digits are past every range that is asked about.
    number = int(hexadecimal, 16) if hexadecimal else int(decimal.lstrip("0_")[:_DIGITS] or "0")
    return -number if sign == "-" else number


def decode_index(literal: str) -> int | None:
    """The number of an index, a size or an offset, None where it is none: it has no sign."""
    return None if literal[:1] in "+-" else decode_integer(literal)


def encode_string(content: bytes) -> str:
    """Bytes as a string token that every WAT reader takes."""
    return (
        '"'
        + "".join(
            chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:02x}"
            for byte in content
        )
        + '"'
    )

"""B2: what the expressions of `print` are worth, and that whatever is typed gets an answer."""

from __future__ import annotations

import pytest

from watstep.debug.expression import parse
from watstep.errors import CommandError


class Known:
    """A frame with a local and two values, some memory with a text in it."""

    def local(self, name: str) -> int | None:
        """One is there."""
        return {"$n": -7}.get(name)

    def local_names(self) -> tuple[str, ...]:
        """Its name."""
        return ("$n",)

    def stack(self) -> tuple[int, ...]:
        """Bottom first."""
        return (16, 2)

    def word(self, name: str) -> int:
        """Nine of whatever is asked."""
        return 9

    def read(self, address: int, length: int) -> bytes:
        """From address 16."""
        return b"\2\0\0\0ok"[address - 16 :][:length]


SCOPE = Known()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$n / 2", -3),
        ("$n % 2", -1),
        ("1 + 2 * 3 == 7 and not 0", 1),
        ("text[stack[0]]", "ok"),
        ("mem32[16] << fuel", 1024),
        ("007 + 0xf", 22),
        ('text[16] == "ok" and "a\\"b" != "ab"', 1),
        ("0 and text[99]", 0),
        ("1 or 1 / 0", 1),
        (" + ".join("1" * 20_000), 20_000),
    ],
)
def test_values(text: str, value: int | str) -> None:
    """Arithmetic is that of whole numbers, division that of the program."""
    assert parse(text).value(SCOPE) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "(", "1 +", "1 2", "1 / 0", "1 << 64", "0x_", "1 - $", "$m"),
        *("stack[2]", "text[$n]", "text[16] + 1"),
        *("9" * 5000, "(" * 100, "- " * 9000 + "1", "*".join("9" * 99)),
    ],
)
def test_mistakes(text: str) -> None:
    """A sentence, however long or deep it is."""
    with pytest.raises(CommandError):
        parse(text).value(SCOPE)

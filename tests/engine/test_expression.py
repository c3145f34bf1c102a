"""B2: what the expressions of `print` are worth, and that whatever is typed gets an answer."""

from __future__ import annotations

import pytest

from watstep.debug.expression import Scope, evaluate
from watstep.errors import CommandError

SCOPE = Scope(
    {"$n": -7}, (16, 2), {"fuel": 9}, lambda address, size: b"\2\0\0\0ok"[address - 16 :][:size]
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$n / 2", -3),
        ("$n % 2", -1),
        ("1 + 2 * 3 == 7 and not 0", 1),
        ("text[stack[0]]", "ok"),
        ("mem32[16] << fuel", 1024),
        ("007 + 0xf", 22),
    ],
)
def test_values(text: str, value: int | str) -> None:
    """Arithmetic is that of whole numbers, division that of the program."""
    assert evaluate(text, SCOPE) == value


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
        evaluate(text, SCOPE)

"""Numbers as the standard sees them: an i32 is 0 to 2**32-1 until an operation reads its sign."""

from __future__ import annotations

MASK = 0xFFFFFFFF


def signed(value: int) -> int:
    """An i32 read as two's complement."""
    return value - 0x100000000 if value & 0x80000000 else value


def wrap(value: int) -> int:
    """Any integer modulo 2**32."""
    return value & MASK

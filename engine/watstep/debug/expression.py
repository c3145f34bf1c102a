"""The expressions of `print` and of breakpoint conditions (STEPPING.md B2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from watstep.errors import CommandError
from watstep.syntax.literals import decode_integer
from watstep.wasm.values import signed

Result: TypeAlias = int | str

_TOKEN = re.compile(
    r"\s*(?:(0x[0-9a-fA-F][0-9a-fA-F_]*|[0-9][0-9_]*)|(\$[^\s()\[\]+*/%<>=!]+)|([a-z][a-z0-9]*)"
    r"|(<=|>=|==|!=|<<|>>|[-+*/%<>()\[\]&|^]))"
)
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("==", "!=", "<", ">", "<=", ">="),
    ("|",),
    ("^",),
    ("&",),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
_DEEPEST = 50
_LONGEST = 40


@dataclass(frozen=True)
class Scope:
    """What an expression can name."""

    locals: dict[str, int]
    """By name with its dollar, signed."""
    stack: tuple[int, ...]
    """Bottom first, signed."""
    words: dict[str, int]
    """`fuel`, `step`, `depth`."""
    read: Callable[[int, int], bytes]
    """Bytes of the memory: address, length."""


def evaluate(text: str, scope: Scope) -> Result:
    """The value of an expression; raises `CommandError` that says what is wrong with it."""
    parser = _Parser(text, scope)
    value = parser.binary(0)
    if parser.word is not None:
        raise CommandError(f"`{parser.word}` is one thing too many in `{text}`")
    return value


class _Parser:
    """Reads and evaluates in one go: expressions are short and typed by hand."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.scope = scope
        self.words: list[str] = []
        offset = 0
        text = text.rstrip()
        while offset < len(text):
            match = _TOKEN.match(text, offset)
            if match is None:
                raise CommandError(f"`{text[offset:].strip()}` cannot be read")
            self.words.append(match[0].strip())
            offset = match.end()
        self.index = 0
        self.depth = 0

    @property
    def word(self) -> str | None:
        return self.words[self.index] if self.index < len(self.words) else None

    def take(self) -> str:
        word = self.word
        if word is None:
            raise CommandError("the expression ends too early")
        self.index += 1
        return word

    def expect(self, wanted: str) -> None:
        if self.word != wanted:
            raise CommandError(f"a `{wanted}` is missing")
        self.index += 1

    def number(self, value: Result) -> int:
        if isinstance(value, str):
            raise CommandError("a text stands where a number must")
        return value

    def binary(self, level: int) -> Result:
        if level == len(_LEVELS):
            return self.unary()
        value = self.binary(level + 1)
        while self.word in _LEVELS[level]:
            operator = self.take()
            value = _apply(operator, value, self.binary(level + 1), self.number)
        return value

    def unary(self) -> Result:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise CommandError("the expression is nested too deep")
        try:
            word = self.take()
            if word == "-":
                return -self.number(self.unary())
            if word == "not":
                return int(not self.unary())
            if word == "(":
                value = self.binary(0)
                self.expect(")")
                return value
            return self.name(word)
        finally:
            self.depth -= 1

    def name(self, word: str) -> Result:
        scope = self.scope
        if word[0].isdigit():
            if len(word) > _LONGEST:
                raise CommandError("a number has at most 40 digits")
            number = decode_integer(word)
            if number is None:
                raise CommandError(f"`{word}` is no number")
            return number
        if word in scope.locals:
            return scope.locals[word]
        if word in scope.words:
            return scope.words[word]
        if word in {"stack", "mem32", "text"}:
            self.expect("[")
            index = self.number(self.binary(0))
            self.expect("]")
            return self.indexed(word, index)
        known = ", ".join([*scope.locals, "stack[i]", "mem32[a]", "text[p]", *scope.words])
        raise CommandError(f"there is no `{word}` here; there is {known}")

    def indexed(self, word: str, index: int) -> Result:
        if word == "stack":
            if not -len(self.scope.stack) <= index < len(self.scope.stack):
                raise CommandError(f"the stack has {len(self.scope.stack)} values")
            return self.scope.stack[index]
        address = index & 0xFFFFFFFF
        content = self.scope.read(address, 4)
        if len(content) < 4:
            raise CommandError(f"address {address} is outside the memory")
        number = int.from_bytes(content, "little")
        if word == "mem32":
            return signed(number)
        body = self.scope.read(address + 4, number)
        if not address or len(body) < number:
            raise CommandError(f"{address} is no pointer to a text")
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            raise CommandError(f"the bytes at {address} are no UTF-8, so no text") from None


def _apply(operator: str, left: Result, right: Result, number: Callable[[Result], int]) -> Result:
    if operator == "or":
        return left or right
    if operator == "and":
        return left and right
    if operator in {"==", "!="}:
        return int((left == right) == (operator == "=="))
    a, b = number(left), number(right)
    if operator in {"/", "%"} and b == 0:
        raise CommandError("a division by zero")
    if operator in {"<<", ">>"} and not 0 <= b < 64:
        raise CommandError("a shift is by 0 to 63 bits")
    value = _NUMERIC[operator](a, b)
    if abs(value) >> 64:
        raise CommandError("a value takes at most 64 bits")
    return value


_NUMERIC: dict[str, Callable[[int, int], int]] = {
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&": lambda a, b: a & b,
    "<<": lambda a, b: a << b,
    ">>": lambda a, b: a >> b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    # Toward zero, as i32.div_s and i32.rem_s do.
    "/": lambda a, b: abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1),
    "%": lambda a, b: abs(a) % abs(b) * (-1 if a < 0 else 1),
}

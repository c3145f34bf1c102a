"""Expressions: read once, evaluated at many instants (STEPPING.md B2).

They stand in `print`, in watches, in the conditions and the messages of breakpoints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from watstep.errors import CommandError
from watstep.syntax.literals import decode_integer
from watstep.wasm.values import signed

Result: TypeAlias = int | str

_TOKEN = re.compile(
    r"\s*(?:(0x[0-9a-fA-F][0-9a-fA-F_]*|[0-9][0-9_]*)|(\$[^\s()\[\]{}+*/%<>=!\"]+)|([a-z][a-z0-9]*)"
    r"|(\"(?:[^\"\\]|\\.)*\")|(<=|>=|==|!=|<<|>>|[-+*/%<>()\[\]&|^]))"
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
WORDS = ("fuel", "step", "depth")
INDEXED = ("stack", "mem32", "text")


class Scope(Protocol):
    """What an expression can name, where it is evaluated."""

    def local(self, name: str) -> int | None:
        """A local of the frame by its name with the dollar, signed; None where it has none."""

    def local_names(self) -> Sequence[str]:
        """The names of the frame's locals."""

    def stack(self) -> Sequence[int]:
        """The operand stack, bottom first, 0 to 2**32-1."""

    def word(self, name: str) -> int:
        """`fuel` used, `step` (the instant) or `depth` (how many program frames)."""

    def read(self, address: int, length: int) -> bytes:
        """Bytes of the memory, fewer where it ends."""


Evaluate: TypeAlias = Callable[[Scope], Result]


@dataclass(frozen=True)
class Expression:
    """An expression that was read, with what it names."""

    text: str
    value: Evaluate = field(compare=False)
    """Its value in a scope; raises `CommandError` that says why it has none."""
    locals: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    """Of `WORDS` and `INDEXED`."""


def parse(text: str) -> Expression:
    """An expression, whole; raises `CommandError` that says what is wrong with it."""
    found, rest = parse_beginning(text)
    if rest:
        raise CommandError(f"`{rest}` is one thing too many in `{text.strip()}`")
    return found


def parse_beginning(text: str) -> tuple[Expression, str]:
    """The longest expression that a text begins with, and what follows it.

    Raises `CommandError` where it begins with none.
    """
    parser = _Parser(text)
    value = parser.binary(0)
    names = frozenset(parser.named)
    words = names & {*WORDS, *INDEXED}
    found = Expression(text[: parser.offset].strip(), value, names - words, words)
    return found, text[parser.offset :].strip()


class _Parser:
    """Reads an expression from a text, a token at a time."""

    def __init__(self, text: str) -> None:
        self.text = text.rstrip()
        self.offset = 0
        self.depth = 0
        self.named: set[str] = set()

    @property
    def word(self) -> str | None:
        """The next token; None at the end, and where none can be read."""
        match = _TOKEN.match(self.text, self.offset)
        return match[0].strip() if match else None

    def take(self) -> str:
        match = _TOKEN.match(self.text, self.offset)
        if match is None:
            rest = self.text[self.offset :].strip()
            if rest:
                raise CommandError(f"`{rest}` cannot be read")
            raise CommandError("the expression ends too early")
        self.offset = match.end()
        return match[0].strip()

    def expect(self, wanted: str) -> None:
        if self.word != wanted:
            raise CommandError(f"a `{wanted}` is missing")
        self.take()

    def binary(self, level: int) -> Evaluate:
        if level == len(_LEVELS):
            return self.unary()
        value = self.binary(level + 1)
        more: list[tuple[str, Evaluate]] = []
        while (operator := self.word) is not None and operator in _LEVELS[level]:
            self.take()
            more.append((operator, self.binary(level + 1)))
        return _joined(value, tuple(more)) if more else value

    def unary(self) -> Evaluate:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise CommandError("the expression is nested too deep")
        try:
            word = self.take()
            if word in {"-", "not"}:
                inner = self.unary()
                if word == "not":
                    return lambda scope: int(not inner(scope))
                return lambda scope: -_number(inner(scope))
            if word == "(":
                value = self.binary(0)
                self.expect(")")
                return value
            return self.name(word)
        finally:
            self.depth -= 1

    def name(self, word: str) -> Evaluate:
        if word[0].isdigit():
            if len(word) > _LONGEST:
                raise CommandError("a number has at most 40 digits")
            number = decode_integer(word)
            if number is None:
                raise CommandError(f"`{word}` is no number")
            return lambda scope: number
        if word[0] == '"':
            text = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), word[1:-1])
            return lambda scope: text
        if word[0] == "$":
            self.named.add(word)
            return lambda scope: _local(scope, word)
        if word in WORDS:
            self.named.add(word)
            return lambda scope: scope.word(word)
        if word in INDEXED:
            self.named.add(word)
            self.expect("[")
            index = self.binary(0)
            self.expect("]")
            read = _READERS[word]
            return lambda scope: read(scope, _number(index(scope)))
        known = ", ".join(["$NAME", "stack[i]", "mem32[a]", "text[p]", *WORDS])
        raise CommandError(f"there is no `{word}` here; there is {known}")


_ESCAPES = {"n": "\n", "t": "\t"}


def _number(value: Result) -> int:
    if isinstance(value, str):
        raise CommandError("a text stands where a number must")
    return value


def _local(scope: Scope, name: str) -> int:
    value = scope.local(name)
    if value is None:
        known = ", ".join([*scope.local_names(), "stack[i]", "mem32[a]", "text[p]", *WORDS])
        raise CommandError(f"there is no `{name}` here; there is {known}")
    return value


def _of_stack(scope: Scope, index: int) -> int:
    stack = scope.stack()
    if not -len(stack) <= index < len(stack):
        raise CommandError(f"the stack has {len(stack)} values")
    return signed(int(stack[index]))


def _of_memory(scope: Scope, address: int) -> int:
    address &= 0xFFFFFFFF
    content = scope.read(address, 4)
    if len(content) < 4:
        raise CommandError(f"address {address} is outside the memory")
    return signed(int.from_bytes(content, "little"))


def _text_at(scope: Scope, address: int) -> str:
    address &= 0xFFFFFFFF
    length = _of_memory(scope, address) & 0xFFFFFFFF
    body = scope.read(address + 4, length)
    if not address or len(body) < length:
        raise CommandError(f"{address} is no pointer to a text")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise CommandError(f"the bytes at {address} are no UTF-8, so no text") from None


_READERS: dict[str, Callable[[Scope, int], Result]] = {
    "stack": _of_stack,
    "mem32": _of_memory,
    "text": _text_at,
}


def _joined(first: Evaluate, more: tuple[tuple[str, Evaluate], ...]) -> Evaluate:
    """Expressions with operators of one level between, from the left.

    `and` and `or` ask the second only where it counts.
    """

    def evaluate(scope: Scope) -> Result:
        value = first(scope)
        for operator, right in more:
            if operator == "or":
                value = value or right(scope)
            elif operator == "and":
                value = value and right(scope)
            elif operator in {"==", "!="}:
                value = int((value == right(scope)) == (operator == "=="))
            else:
                value = _calculated(operator, _number(value), _number(right(scope)))
        return value

    return evaluate


def _calculated(operator: str, a: int, b: int) -> int:
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

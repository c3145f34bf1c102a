"""What may stand in a field of a run file: a check and its words for each kind of value."""

from __future__ import annotations

import math
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

INT_LEAST, INT_MOST = -(1 << 31), (1 << 31) - 1
WORD_MOST = (1 << 32) - 1
MOST = (1 << 63) - 1
MOST_PAGES = 65536
_HEX = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True)
class Plain:
    """One value: what it is, in words, and whether a value is one."""

    says: str
    fits: Callable[[Any], bool]
    secret: bool = False
    """Whether a secret may stand in it, so that it is covered."""


@dataclass(frozen=True)
class Many:
    """A list of values of one kind."""

    item: Kind


@dataclass(frozen=True)
class Named:
    """An object of any keys, all its values of one kind."""

    item: Kind


@dataclass(frozen=True)
class Shape:
    """An object of exactly these fields."""

    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Field:
    """A field of a record: its name, what may stand there, and what it means."""

    name: str
    kind: Kind
    help: str = ""
    nullable: bool = False


Kind: TypeAlias = Plain | Many | Named | Shape


def whole(least: int, most: int = MOST) -> Plain:
    """A whole number within bounds."""

    def fits(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    above = f"a whole number from {least}"
    return Plain(above if most == MOST else f"{above} to {most}", fits)


def one_of(*words: str) -> Plain:
    """One of some words."""
    return Plain(
        f"one of {_listed(words)}", lambda value: isinstance(value, str) and value in words
    )


def line_of(*words: str) -> Plain:
    """A command line of one of some commands."""

    def fits(value: Any) -> bool:
        return _is_text(value) and value.partition(" ")[0] in words and value.isprintable()

    return Plain(f"a command line of {_listed(words)}", fits, secret=True)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def hexadecimal(digits: int) -> Plain:
    """So many hexadecimal digits."""

    def fits(value: Any) -> bool:
        return isinstance(value, str) and len(value) == digits and bool(_HEX.fullmatch(value))

    return Plain(f"{digits} hexadecimal digits", fits)


def _is_seconds(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and 0 <= value <= 1e9


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and _encodes(value, "strict")


def _is_argument(value: Any) -> bool:
    """The command line may hold any bytes: those that are no UTF-8 stand as lone surrogates."""
    return isinstance(value, str) and "\0" not in value and _encodes(value, "surrogateescape")


def _encodes(value: str, errors: str) -> bool:
    try:
        value.encode("utf-8", errors)
    except UnicodeEncodeError:
        return False
    return True


def _is_base64(value: Any) -> bool:
    try:
        b64decode(value, validate=True)
    except (ValueError, TypeError):
        return False
    return isinstance(value, str)


TEXT = Plain("a text", _is_text, secret=True)
WORD = Plain("a text", _is_text)
ARGUMENT = Plain("a text", _is_argument, secret=True)
BASE64 = Plain("bytes in base64", _is_base64)
BOOLEAN = Plain("true or false", lambda value: isinstance(value, bool))
SECONDS = Plain("a number of seconds", _is_seconds)
INT = Plain("a signed i32", whole(INT_LEAST, INT_MOST).fits)
COUNT = whole(0)
PAGES = whole(0, MOST_PAGES)
ENTRY = Plain(
    "a text or a signed i32", lambda value: TEXT.fits(value) or INT.fits(value), secret=True
)


def problem(field: Field, value: Any) -> str | None:
    """What is wrong with the value of a field, as a sentence's end; None where it is right."""
    return next(_problems(field.name, field.kind, value, nullable=field.nullable), None)


def _problems(name: str, kind: Kind, value: Any, *, nullable: bool = False) -> Iterator[str]:
    if nullable and value is None:
        return
    if isinstance(kind, Plain):
        if not kind.fits(value):
            yield f"`{name}` must be {_or_null(kind.says, nullable)}"
    elif isinstance(kind, Many):
        if not isinstance(value, list):
            yield f"`{name}` must be a list"
            return
        for number, item in enumerate(value):
            yield from _problems(f"{name}[{number}]", kind.item, item)
    elif not isinstance(value, dict):
        yield f"`{name}` must be {_or_null('an object', nullable)}"
    elif isinstance(kind, Named):
        for key, item in value.items():
            yield from _problems(f"{name}.{key}", kind.item, item)
    else:
        yield from shape_problems(kind, value, f"{name}.")


def shape_problems(shape: Shape, value: dict[str, Any], before: str = "") -> Iterator[str]:
    """What is wrong with an object: a field that is missing, wrong, or one too many."""
    known = {field.name for field in shape.fields}
    for field in shape.fields:
        if field.name not in value:
            yield f"`{before}{field.name}` is missing"
        else:
            yield from _problems(
                before + field.name, field.kind, value[field.name], nullable=field.nullable
            )
    for key in value:
        if key not in known:
            yield f"`{before}{key}` is no field of it"


def _or_null(says: str, nullable: bool) -> str:
    return f"{says} or null" if nullable else says


def describe(field: Field) -> str:
    """What may stand in a field, in words, for the page on the format."""
    return _or_null(_describe(field.kind), field.nullable)


def _describe(kind: Kind) -> str:
    if isinstance(kind, Plain):
        return kind.says
    if isinstance(kind, Many):
        return f"a list, each {_describe(kind.item)}"
    if isinstance(kind, Named):
        return f"an object, each value {_describe(kind.item)}"
    names = ", ".join(f"`{field.name}`" for field in kind.fields)
    return f"an object of {names}"

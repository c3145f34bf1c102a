"""Another name for what has one, at every place, or the reason why that cannot be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from pygments.token import Name

from watstep.editing.symbols import Kind, Occurrence, Symbol, Symbols
from watstep.expand.macros import MACROS
from watstep.source.diagnostic import Edit
from watstep.source.text import Span
from watstep.syntax.lexer import tokenize
from watstep.syntax.literals import suffixed

_GENERATED_CALL = re.compile(r"\(call (\$[^\s()]+)")
_MACRO_CALLS = {
    name: macro.name
    for macro in MACROS.values()
    for name in _GENERATED_CALL.findall(macro.template)
}
"""The functions that macros call, with the macro."""
_LOCALS = frozenset((Kind.LOCAL, Kind.PARAMETER))
_NAMELESS = {
    Kind.TEXT: "a text is no name: change it where it stands",
    Kind.EXPORT: "the name of an export is what others call it by: change it where it stands",
}


class Renaming(NamedTuple):
    """What a rename does: its edits, or a sentence that says why it is none."""

    edits: tuple[Edit, ...] = ()
    refusal: str = ""


def can_rename(symbols: Symbols, symbol: Symbol, host: Collection[str]) -> str:
    """Why a name cannot be another, "" where it can; `host` names what the host offers."""
    if symbol.kind in _NAMELESS:
        return _NAMELESS[symbol.kind]
    if symbol.kind is not Kind.FUNCTION:
        return ""
    if symbol.definition is None and symbol.name[1:] in host:
        return f"`{symbol.name}` is the host's, which gives it its name"
    if symbols.wrapped and symbol.name == "$run":
        return "`$run` is the program itself"
    macro = _MACRO_CALLS.get(symbol.name)
    if macro and f"({macro}" in symbols.source.text:
        return f"`({macro} ...)` calls it by this name"
    return ""


def rename(symbols: Symbols, symbol: Symbol, name: str, host: Collection[str]) -> Renaming:
    """Give a symbol another name, and what macros make of that name with it (LANGUAGE 3).

    `name` may lack its dollar. The program that the text compiles to is the same but for names;
    a name that is none, that is taken, or that would be another's somewhere is refused.
    """
    refusal = can_rename(symbols, symbol, host)
    name = name.strip()
    new = name if name.startswith("$") else f"${name}"
    refusal = refusal or _invalid(new)
    if not refusal and symbol.base:
        # Its name follows that of the local which the macro is given.
        return _by_base(symbols, symbol, new, host)
    names = {} if refusal else _renamed(symbols, symbol, new)
    refusal = refusal or _taken(symbols, symbol, names, host)
    if refusal:
        return Renaming(refusal=refusal)
    edits = (
        Edit(place.span, names[each.name])
        for each in _named(symbols, symbol, names)
        for place in each.places
        if place.written and names[each.name] != each.name
    )
    return Renaming(tuple(sorted(edits)))


def _invalid(name: str) -> str:
    tokens = tokenize(name)
    if len(tokens) == 1 and tokens[0].kind is Name.Variable and '"' not in name:
        return ""
    if name == "$":
        return "a name has at least one letter after its `$`"
    return f"`{name}` is no name: it holds letters of ASCII, digits and signs like `_` `.` `-`"


def _by_base(symbols: Symbols, symbol: Symbol, new: str, host: Collection[str]) -> Renaming:
    base = next(s for s in _family(symbols, symbol) if s.name == symbol.base)
    ending = _ending(base.name, symbol.name)
    if new.endswith(ending) and len(new) > len(ending) + 1:
        return rename(symbols, base, new.removesuffix(ending), host)
    return Renaming(
        refusal=f"`{symbol.name}` is made from `{base.name}`: it keeps its `{ending}`, or rename "
        f"`{base.name}`"
    )


def _ending(base: str, name: str) -> str:
    """What a macro puts after a name, inside the quotes where there are some."""
    return name.rstrip('"')[len(base.rstrip('"')) :]


def _family(symbols: Symbols, symbol: Symbol) -> Iterator[Symbol]:
    """The names that share a name space and a scope with a symbol, itself among them."""
    local = symbol.kind in _LOCALS
    for each in symbols.symbols:
        same = each.kind in _LOCALS if local else each.kind is symbol.kind
        if same and (not local or (each.scope, each.parent) == (symbol.scope, symbol.parent)):
            yield each


def _named(symbols: Symbols, symbol: Symbol, names: Collection[str]) -> list[Symbol]:
    if symbol.kind not in _LOCALS:
        return [symbol]
    return [each for each in _family(symbols, symbol) if each.name in names]


def _renamed(symbols: Symbols, symbol: Symbol, new: str) -> dict[str, str]:
    """The new name of a symbol, and of everything that macros make of it, by the old one."""
    names = {symbol.name: new}
    if symbol.kind not in _LOCALS:
        return names
    made: dict[str, list[str]] = {}
    for each in _family(symbols, symbol):
        if each.base:
            made.setdefault(each.base, []).append(each.name)
    pending = [symbol.name]
    while pending:
        base = pending.pop()
        for name in made.get(base, ()):
            if name not in names:
                names[name] = suffixed(names[base], _ending(base, name))
                pending.append(name)
    return names


def _taken(symbols: Symbols, symbol: Symbol, names: dict[str, str], host: Collection[str]) -> str:
    """What a name would collide with, or "" where it is free."""
    if symbol.kind is Kind.LABEL:
        return _captured(symbols, symbol, names[symbol.name])
    if symbol.kind is Kind.FUNCTION:
        new = names[symbol.name]
        if new != symbol.name and new[1:] in host:
            return f"`{new}` is a function of the host"
        if symbol.definition is None and "." in new:
            return f"`{symbol.name}` is no function of the program: `{new}` would be the host's"
        if symbols.wrapped and new == "$run":
            return "`$run` is the program itself"
    known = {each.name: each for each in _family(symbols, symbol)}
    for new in names.values():
        if new in known and new not in names:
            return _is_already(symbols, known[new])
    return ""


def _is_already(symbols: Symbols, other: Symbol) -> str:
    if other.definition is None:
        return f"`{other.name}` is used already, on line {_line(symbols, other.places[0].span)}"
    where = _line(symbols, other.definition)
    return f"`{other.name}` is already a {other.kind.value}, declared on line {where}"


def _captured(symbols: Symbols, symbol: Symbol, new: str) -> str:
    """What would go to another label than before (labels of one name may stand in one another)."""
    others = [
        each
        for each in symbols.symbols
        if each.kind is Kind.LABEL and each.name == new and each is not symbol
    ]
    for other in others:
        if other.definition is not None and _inside(other.scope, symbol.scope):
            for place in _goes(symbol):
                if _inside(place.span, other.scope):
                    line = _line(symbols, place.span)
                    return f"line {line} would go to the inner `{new}` then"
        if _inside(symbol.scope, other.scope):
            for place in _goes(other):
                if _inside(place.span, symbol.scope):
                    line = _line(symbols, place.span)
                    return f"line {line} goes to another `{new}`, and would come here then"
    return ""


def _goes(label: Symbol) -> Iterator[Occurrence]:
    """The places that name a label, but for its declaration."""
    return (place for place in label.places if place.written and place.span != label.definition)


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _line(symbols: Symbols, span: Span) -> int:
    return symbols.source.line_of(span.start)

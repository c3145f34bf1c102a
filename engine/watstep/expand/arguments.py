"""Whether a macro call has the arguments that its macro takes, and what to write instead."""

from __future__ import annotations

import re

from pygments.token import Keyword, Name, Number, String

from watstep.expand.macros import Macro, Parameter
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Span
from watstep.syntax.literals import decode_integer
from watstep.syntax.tree import Atom, Form, Item

_WORD = re.compile(r'"?([a-zA-Z_][a-zA-Z0-9_.\-]*)"?')


def problems(macro: Macro, form: Form) -> list[Diagnostic]:
    """What is wrong with the arguments of a call, each at its argument (LANGUAGE.md 3)."""
    arguments = form.items[1:]
    wanted = len(macro.parameters)
    if len(arguments) < wanted:
        return [_too_few(macro, form, arguments)]
    if len(arguments) > wanted:
        place = Span(arguments[wanted].start, arguments[-1].end)
        message = f"`{macro.name}` takes {_count(wanted)} and no more: `{macro.usage}`"
        before = Span(arguments[wanted - 1].end, place.end)
        return [_problem("macro-arity", place, message, _edit("take the rest away", before, ""))]
    pairs = list(zip(arguments, macro.parameters, strict=True))
    if not any(fits(item, parameter) for item, parameter in pairs) and all(
        fits(item, parameter)
        for item, parameter in zip(reversed(arguments), macro.parameters, strict=True)
    ):
        return [_swapped(macro, arguments)]
    return [
        _problem(
            "macro-argument",
            item.span,
            f"`{macro.name}` takes {parameter.value} here: `{macro.usage}`",
            *_mends(item, parameter),
        )
        for item, parameter in pairs
        if not fits(item, parameter)
    ]


def fits(item: Item, parameter: Parameter) -> bool:
    """Whether an argument is what a parameter takes."""
    if parameter is Parameter.NUMBER:
        if type(item) is not Atom or item.kind is not Number:
            return False
        number = decode_integer(item.text)
        return number is not None and 0 <= number < 1 << 31
    if parameter is Parameter.LOCAL:
        return type(item) is Atom and item.kind is Name.Variable
    return type(item) is Form or (type(item) is Atom and item.kind in {String, Name.Variable})


def written_name(item: Item) -> str | None:
    """The local's name that an argument is or was meant to be: `$url` for `url`."""
    if type(item) is Form:
        match item.items:
            case [Atom(text="local.get"), Atom(kind=kind, text=name)] if kind is Name.Variable:
                return name
        return None
    assert type(item) is Atom
    if item.kind is Name.Variable:
        return item.text
    word = _WORD.fullmatch(item.text) if item.kind in {Keyword, String} else None
    return f"${word[1]}" if word else None


def _too_few(macro: Macro, form: Form, arguments: list[Item]) -> Diagnostic:
    wanted = len(macro.parameters)
    place = Span(form.end - 1, form.end)
    has = f"here is {len(arguments)}" if arguments else "here is none"
    message = f"`{macro.name}` takes {_count(wanted)}, {has}: `{macro.usage}`"
    fixes: list[Fix] = []
    if macro.parameters[0] is Parameter.NUMBER and arguments:
        first = arguments[0]
        name = written_name(first)
        if name is not None:
            fixes.append(_edit("load argument 0", first.span, f"0 {name}"))
        elif type(first) is Atom and fits(first, Parameter.NUMBER):
            name = f"$arg{first.text}"
            fixes.append(_edit(f"call it {name}", Span(first.end, first.end), f" {name}"))
    return _problem("macro-arity", place, message, *fixes)


def _swapped(macro: Macro, arguments: list[Item]) -> Diagnostic:
    first, last = arguments[0], arguments[-1]
    assert type(first) is Atom
    assert type(last) is Atom
    fix = Fix("change their order", (Edit(first.span, last.text), Edit(last.span, first.text)))
    message = f"`{macro.name}` takes its arguments in the other order: `{macro.usage}`"
    return _problem("macro-argument", Span(first.start, last.end), message, fix)


def _mends(item: Item, parameter: Parameter) -> list[Fix]:
    if parameter is Parameter.NUMBER:
        if type(item) is Form:
            match item.items:
                case [Atom(text="i32.const"), Atom(kind=kind, text=text)] if kind is Number:
                    return [_edit(f"write {text}", item.span, text)]
        return []
    name = written_name(item)
    return [] if name is None else [_edit(f"write {name}", item.span, name)]


def _count(wanted: int) -> str:
    return "one argument" if wanted == 1 else f"{wanted} arguments"


def _edit(title: str, span: Span, text: str) -> Fix:
    return Fix(title, (Edit(span, text),))


def _problem(code: str, span: Span, message: str, *fixes: Fix) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, span, message, fixes=fixes)

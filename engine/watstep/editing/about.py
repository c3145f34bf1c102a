"""What is known of the word at a place: its help, its names' places, and the stack around it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from typing import NamedTuple

from pygments.token import Keyword, Name, Number, String

from watstep.editing.candidates import arrow
from watstep.editing.explained import (
    About,
    Part,
    about_host,
    about_instruction,
    about_macro,
    host_title,
    instruction_title,
)
from watstep.editing.place import Place, place_among
from watstep.editing.scope import body_tokens, form_end, functions_of, labels_at, locals_at
from watstep.editing.words import WORDS
from watstep.expand.macros import MACROS
from watstep.host.errors import ErrorCode
from watstep.module.ir import BlockType, Function, Module
from watstep.pipeline import Compilation
from watstep.source.text import Span
from watstep.syntax.lexer import tokenize
from watstep.syntax.literals import decode_integer, decode_string
from watstep.syntax.tree import Atom
from watstep.validate.stack import stacks_before
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.outside import REAL_INSTRUCTION, nearest
from watstep.wasm.types import HostInterface

MOST_USES = 12
MOST_MADE = 16
"""Lines of what a macro becomes that are shown."""
_LEAVING = frozenset(("br", "br_table", "return", "unreachable"))
_WIDEST = 44
"""Letters of a form that are quoted."""


class _Asked(NamedTuple):
    """A token of a compiled text, and what is known of the host."""

    found: Compilation
    place: Place
    token: Atom
    interface: HostInterface
    granted: Collection[str]


def about(
    found: Compilation, offset: int, interface: HostInterface, granted: Collection[str] = ()
) -> About | None:
    """What is known of the word at an offset of the compiled text; None where there is none.

    `granted` are the capabilities that the next run has.
    """
    text = found.source.text
    tokens = tokenize(text)
    token = _token_at(tokens, offset)
    if token is None:
        return None
    place = place_among(tokens, token.start if token.kind is String else token.end)
    if place is None:
        return None
    asked = _Asked(found, place, token, interface, granted)
    if token.kind is String:
        said = _of_string(asked)
    elif token.kind is Number:
        said = _of_number(token.text)
    elif token.kind is Name.Variable:
        said = _of_name(asked)
    else:
        said = _of_word(asked)
    if said is None:
        return None
    title, parts = said
    kept = tuple(part for part in (*parts, *_stack(asked)) if part.lines)
    return About(title, token.span, kept)


_Said = tuple[str, list[Part]] | None


def _token_at(tokens: list[Atom], offset: int) -> Atom | None:
    """The word at an offset, or the one that ends there."""
    kinds = (Keyword, Name.Variable, Number, String)
    first = bisect_left(tokens, offset, key=lambda token: token.end)
    near = [t for t in tokens[first : first + 2] if t.start <= offset and t.kind in kinds]
    return near[-1] if near else None


def _of_word(asked: _Asked) -> _Said:
    word = asked.token.text
    row = INSTRUCTIONS.get(word)
    if row is not None:
        return instruction_title(row), about_instruction(row)
    if word in MACROS:
        macro = MACROS[word]
        return macro.usage, [*about_macro(macro), Part("here", _becomes(asked))]
    if word in WORDS:
        known = WORDS[word]
        section = (f"specification: {known.section}",) if known.section else ()
        return known.usage, [Part("", (known.help, *section))]
    if REAL_INSTRUCTION.fullmatch(word):
        return word, [Part("", (f"real WebAssembly, not here: {nearest(word)}",))]
    return None


def _form_of(asked: _Asked) -> Span:
    """The form that the word heads, else the word."""
    place = asked.place
    if not place.heads:
        return asked.token.span
    after = form_end(place.tokens, place.at - 1)
    return Span(place.tokens[place.at - 1].start, place.tokens[after - 1].end)


def _becomes(asked: _Asked) -> tuple[str, ...]:
    """What the macro call at the word becomes, all of it."""
    span, rendering = _form_of(asked), asked.found.expansion.full
    for call in rendering.macro_calls:
        if call.origin.span == span:
            lines = rendering.text[call.expanded.start : call.expanded.end].splitlines()
            indent = min((len(x) - len(x.lstrip()) for x in lines[1:] if x.strip()), default=0)
            shown = [lines[0], *(line[indent:] for line in lines[1:])]
            more = ("…",) if len(shown) > MOST_MADE else ()
            return (*shown[:MOST_MADE], *more)
    return ()


def _of_number(text: str) -> _Said:
    number = decode_integer(text)
    if number is None:
        return text, [Part("", ("no whole number",))]
    if not -(1 << 31) <= number < 1 << 32:
        return text, [Part("", ("no i32: it takes -2^31 to 2^32-1",))]
    unsigned = number & 0xFFFFFFFF
    signed = unsigned - (1 << 32) if unsigned >> 31 else unsigned
    lines = [f"signed: {signed}", f"unsigned: {unsigned}", f"hexadecimal: 0x{unsigned:x}"]
    lines.append(f"bytes in memory: {unsigned.to_bytes(4, 'little').hex(' ')}")
    if unsigned < 0x110000 and chr(unsigned).isprintable():
        lines.append(f"character: {chr(unsigned)}")
    name = next((code.name for code in ErrorCode if code == unsigned), None)
    if name:
        lines.append(f"as an error code: {name}")
    return f"{text} : i32", [Part("", tuple(lines))]


def _of_string(asked: _Asked) -> _Said:
    content = decode_string(asked.token.text)
    if content is None:
        return "text", [Part("", ("it holds an escape that is not legal",))]
    lines = [f"length: {len(content)} bytes"]
    address = _address(asked)
    if address is not None:
        lines.insert(0, f"address: {address} (0x{address:x}); its letters from {address + 4} on")
    first = " ".join(f"{byte:02x}" for byte in content[:16])
    lines.append(f"bytes: {first}{' …' if len(content) > 16 else ''}")
    try:
        letters = len(content.decode())
        lines.append(f"characters: {letters}")
    except UnicodeDecodeError:
        lines.append("not UTF-8")
    return "text" if address is not None else "bytes", [Part("", tuple(lines))]


def _address(asked: _Asked) -> int | None:
    """Where the text value of a string lies; None where it stands for bytes alone."""
    full = asked.found.expansion.full
    for piece in full.pieces:
        origin = piece.origin
        if origin and origin.rule == "string" and origin.span == asked.token.span:
            word = piece.text.removeprefix("(i32.const ").removesuffix(")")
            if word.isdecimal():
                return int(word)
    return None


def _of_name(asked: _Asked) -> _Said:
    place, name = asked.place, asked.token.text
    before = [token.text for token in place.tokens[max(place.at - 2, 0) : place.at]]
    calls = before[-1:] == ["call"] or before == ["(", "func"] or before[-1:] == ["start"]
    offered = asked.interface.get(name.removeprefix("$"))
    function = functions_of(place._replace(at=-1)).get(name)
    if calls and function is None and offered is not None:
        uses = _uses(asked, name, range(len(place.tokens)))
        return host_title(offered), [*about_host(offered, asked.granted), Part("uses", uses)]
    if calls and function is not None:
        title = f"function {name} : {arrow(function.params, ['i32'] * function.results)}"
        declared = _line(asked, place.tokens[function.token])
        uses = _uses(asked, name, range(len(place.tokens)), but=function.token)
        return title, [Part("declared", (declared,)), Part("uses", uses)]
    local = locals_at(place._replace(at=-1) if place.field is None else _unplaced(place)).get(name)
    labels = {label.name: label for label in labels_at(place)}
    if before[-1:] and before[-1] in {"br", "br_if", "br_table", "block", "loop", "if", "end"}:
        keyword = labels[name].keyword if name in labels else before[-1]
        does = "a branch repeats it" if keyword == "loop" else "a branch leaves it"
        return f"label {name} : {keyword}", [
            Part("", (does,)),
            Part("uses", _uses(asked, name, body_tokens(place))),
        ]
    if local is None:
        return None
    what = "parameter" if local.parameter else "local"
    declared = _line(asked, place.tokens[local.token])
    uses = _uses(asked, name, body_tokens(place), but=local.token)
    return f"{what} {name} : i32", [Part("declared", (declared,)), Part("uses", uses)]


def _unplaced(place: Place) -> Place:
    """The same function seen from where no word of it is left out."""
    field = place.field
    assert field is not None
    return place._replace(at=field.first + 1)


def _uses(asked: _Asked, name: str, tokens: Iterable[int], but: int = -1) -> tuple[str, ...]:
    known = asked.place.tokens
    found = [known[at] for at in tokens if known[at].text == name and at != but]
    lines = list(dict.fromkeys(_line(asked, token) for token in found))
    more = (f"and {len(lines) - MOST_USES} more",) if len(lines) > MOST_USES else ()
    return (*lines[:MOST_USES], *more)


def _line(asked: _Asked, token: Atom) -> str:
    source = asked.found.source
    number = source.line_of(token.start)
    return f"{number}: {_short(source.line_text(number))}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _stack(asked: _Asked) -> tuple[Part, ...]:
    """The stack before and after the instruction at the word, with the forms that made it."""
    module = asked.found.module
    if module is None:
        return ()
    where = _instructions(asked, module)
    if where is None:
        return ()
    function, first, after = where
    seen = stacks_before(module, function, range(first, after + 1))
    before, left = seen.get(first), seen.get(after)
    parts = []
    if function.body[after - 1].name in _LEAVING:
        parts, left = [Part("stack after", ("what follows does not run",))], None
    for heading, stack in (("stack before", before), ("stack after", left)):
        if stack is not None:
            parts.append(Part(heading, _pushed(asked, function, stack)))
    return tuple(sorted(parts, key=lambda part: part.heading != "stack before"))


def _pushed(asked: _Asked, function: Function, stack: tuple[int, ...]) -> tuple[str, ...]:
    """A stack as lines, the top first: the type of each value and the form that made it."""
    rendering, source = asked.found.expansion.full, asked.found.source
    lines = []
    for pc in reversed(stack):
        made = function.body[pc]
        span = rendering.source_span(Span(made.start, made.end))
        lines.append(f"i32  {_short(source.text[span.start : span.end])}")
    return tuple(lines) or ("empty",)


def _instructions(asked: _Asked, module: Module) -> tuple[Function, int, int] | None:
    """The function and the indices, half-open, of what the word stands for in the module."""
    span, rendering = _form_of(asked), asked.found.expansion.full
    if asked.token.kind is not Keyword or not asked.place.heads:
        if asked.token.kind is not Keyword and asked.token.kind is not String:
            return None
        span = asked.token.span
    calls = [call.expanded for call in rendering.macro_calls if call.origin.span == span]
    places = calls[:1] or list(rendering.rendered_spans(span))
    if not places:
        return None
    whole = places[0] if calls else Span(places[0].start, places[-1].end)
    for function in module.functions:
        if not function.span.start <= whole.start < function.span.end:
            continue
        if calls:
            inside = [n for n, i in enumerate(function.body) if _within(i.start, i.end, whole)]
            return (function, inside[0], inside[-1] + 1) if inside else None
        for pc, instruction in enumerate(function.body[:-1]):
            if instruction.start == whole.start and instruction.name != "end":
                block = instruction.immediate
                return function, pc, block.end + 1 if isinstance(block, BlockType) else pc + 1
    return None


def _within(start: int, end: int, whole: Span) -> bool:
    return whole.start <= start and end <= whole.end

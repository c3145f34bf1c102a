"""What could be written at a place of a text, however broken it is there, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from pygments.token import Keyword

from watstep.editing import candidates as rows
from watstep.editing.candidates import FITS, MAY, UNLIKELY, Candidate, Kind
from watstep.editing.place import Place, place_at
from watstep.editing.scope import (
    Effects,
    Items,
    functions_of,
    items_before,
    labels_at,
    locals_at,
    words_before,
)
from watstep.editing.template import Insertion, inserted
from watstep.editing.words import FIELD_WORDS
from watstep.expand.macros import MACROS, Parameter
from watstep.source.text import Span
from watstep.wasm.instructions import INSTRUCTIONS, STRUCTURED, Immediates
from watstep.wasm.types import HostInterface

_LISTS = frozenset(("", "func", "block", "loop", "then", "else"))
"""Forms in which instructions stand one after the other; "" is the body of a program."""
_HEADERS = {
    "func": ("param", "result", "export", "type"),
    "block": ("result", "param", "type"),
    "loop": ("result", "param", "type"),
}
_INNER = {
    "module": FIELD_WORDS,
    "import": ("func", "memory"),
    "export": ("func", "memory"),
    "type": ("func",),
}
"""What heads the forms in those that hold no instructions."""
_DELIMITERS = ("else", "end")
_CONSUMERS = frozenset(("local.set", "if", "br_if", "local.tee", "drop", "return"))
_VOID = frozenset(("local.set", "if", "block", "loop", "br", "br_if", "call", "return", "nop"))
_SEGMENT = re.compile(r"[^._$]+")


class Completion(NamedTuple):
    """The candidates of a place: `word` is what they replace, `form` what whole forms replace."""

    word: Span
    form: Span
    candidates: tuple[Candidate, ...]
    near: dict[str, int]
    """How many tokens before the place a word was used last."""


class _Asked(NamedTuple):
    """A place with all that decides what stands there."""

    place: Place
    interface: HostInterface
    granted: Collection[str]
    profile: str

    @property
    def effects(self) -> Effects:
        """What calls do to the stack."""
        return Effects(functions_of(self.place), self.interface)


def complete(
    text: str,
    offset: int,
    interface: HostInterface,
    granted: Collection[str] = (),
    profile: str = "agent",
) -> Completion | None:
    """What can be written at an offset of a text; None where nothing can.

    `granted` are the capabilities that the next run has.
    """
    place = place_at(text, offset)
    if place is None:
        return None
    asked = _Asked(place, interface, granted, profile)
    found = tuple(_heads(asked) if place.heads else _words(asked))
    if not found:
        return None
    form = place.word
    if place.heads:
        closes = text.startswith(")", form.end)
        form = Span(place.tokens[place.at - 1].start, form.end + closes)
    return Completion(place.word, form, found, words_before(place))


def _heads(asked: _Asked) -> Iterator[Candidate]:
    """What can head the form that was opened."""
    place = asked.place
    outer = place._replace(at=place.at - 1, forms=place.forms[:-1])
    parent = outer.forms[-1].head if outer.forms else ""
    if parent in _INNER:
        yield from rows.words(_INNER[parent])
    elif parent in _LISTS:
        effects = asked.effects
        items = items_before(outer, effects)
        if not outer.forms:
            yield from _at_the_top(asked)
        yield from rows.words(_HEADERS.get(parent, ()), UNLIKELY if items.operands else FITS)
        yield from _statements(asked, items)
    elif parent == "if":
        begun = items_before(outer, asked.effects).operands > 0
        yield from rows.words(("then",), FITS if begun else MAY)
        yield rows.instruction(INSTRUCTIONS["else"], FITS if begun else MAY)
        yield from rows.words(("result",), MAY)
        yield from _operands(asked, MAY if begun else FITS)
    elif parent in INSTRUCTIONS or parent == "resv":
        yield from _operands(asked, FITS)
    elif parent == "data":
        yield rows.instruction(INSTRUCTIONS["i32.const"], FITS)


def _at_the_top(asked: _Asked) -> Iterator[Candidate]:
    """The fields, which are lifted out of a program's body; `module` where nothing is before."""
    yield from rows.words([word for word in FIELD_WORDS if word not in {"type", "start"}], MAY)
    if not asked.place.fields and asked.place.at <= 1:
        yield from rows.words(("module",), MAY)


def _taken(asked: _Asked) -> set[str]:
    """Names that a new one may not have."""
    return {*locals_at(asked.place), *(label.name for label in labels_at(asked.place))}


def _statements(asked: _Asked, items: Items) -> Iterator[Candidate]:
    """What stands in a list of instructions, folded."""
    lacking = not items.height and not locals_at(asked.place)
    for row in rows.instructions(asked.profile):
        if row.name not in _DELIMITERS:
            fit = _fit_of_statement(row.name, items.height)
            # Where there is no local yet, one is declared first.
            idle = lacking and row.immediates is Immediates.LOCAL
            yield rows.instruction(row, max(fit, MAY) if idle else fit)
    taken = _taken(asked)
    yield from rows.macros(FITS)
    yield from rows.snippets(taken, value=False)
    yield from rows.host_calls(asked.interface, asked.granted, taken, value=False)


def _fit_of_statement(name: str, height: int) -> int:
    """A statement takes what lies on the stack, else it leaves nothing there."""
    if height:
        return FITS if name in _CONSUMERS else MAY
    row = INSTRUCTIONS[name]
    void = name in _VOID if row.type is None else not row.type.results
    return FITS if void else MAY


def _operands(asked: _Asked, fit: int) -> Iterator[Candidate]:
    """What gives a value."""
    for row in rows.instructions(asked.profile):
        if row.name in _DELIMITERS:
            continue
        gives = bool(row.type.results) if row.type else row.name in _GIVING
        least = MAY if row.name in STRUCTURED else fit
        yield rows.instruction(row, max(fit, least) if gives else UNLIKELY)
    taken = _taken(asked)
    yield from rows.snippets(taken, value=True)
    yield from rows.host_calls(asked.interface, asked.granted, taken, value=True)


_GIVING = frozenset(("local.get", "local.tee", "call", "if", "block", "loop", "select"))


def _words(asked: _Asked) -> Iterator[Candidate]:
    """What can stand where no parenthesis was opened."""
    place = asked.place
    holder = place.forms[-1].head if place.forms else ""
    items = items_before(place, asked.effects)
    head = items.atoms[0] if items.atoms else None
    if head is not None and head.kind is Keyword:
        yield from _after_word(asked, head.text, len(items.atoms) - 1)
    text = place.tokens[place.at].text if place.word.start < place.word.end else ""
    if holder not in _LISTS or text.startswith("$") or (items.atoms and _wants(items)):
        return
    in_header = head is not None and head.text == "func" and _is_exported(place)
    if in_header or (not place.forms and [t.text for t in place.tokens[1:2]] == ["module"]):
        return
    yield from _flat(asked, items.height)


def _wants(items: Items) -> bool:
    """Whether the last flat word still needs what follows it."""
    row = INSTRUCTIONS.get(items.atoms[0].text)
    return row is not None and row.immediates in _NEEDING and len(items.atoms) == 1


_NEEDING = frozenset(
    (Immediates.LOCAL, Immediates.FUNCTION, Immediates.LABEL, Immediates.CONSTANT)
) | frozenset((Immediates.LABELS,))


def _after_word(asked: _Asked, head: str, given: int) -> Iterator[Candidate]:
    """What can follow a word, of which so many have followed it already."""
    place = asked.place
    row = INSTRUCTIONS.get(head)
    if head in MACROS:
        parameters = MACROS[head].parameters
        if given < len(parameters) and not MACROS[head].declares:
            operand = parameters[given] is Parameter.OPERAND
            yield from rows.local_names(locals_at(place).values(), errors=not operand)
    elif head == "result" or (head in {"param", "local"} and (given or _is_begun(place))):
        yield from rows.words(("i32",))
    elif head == "start" or (head == "func" and _is_exported(place)):
        yield from rows.functions(asked.effects.functions.values(), None)
    elif row is None or (given and row.immediates is not Immediates.LABELS):
        return
    elif row.immediates is Immediates.LOCAL:
        yield from rows.local_names(locals_at(place).values())
    elif row.immediates in {Immediates.LABEL, Immediates.LABELS}:
        yield from rows.labels(reversed(labels_at(place)))
    elif row.immediates is Immediates.FUNCTION:
        wanted = _wanted_results(place)
        yield from rows.functions(asked.effects.functions.values(), wanted)
        yield from rows.host_names(asked.interface, asked.granted, wanted)


def _is_begun(place: Place) -> bool:
    """Whether the word has a letter, and is no name."""
    start, end = place.word
    return start < end and not place.tokens[place.at].text.startswith("$")


def _is_exported(place: Place) -> bool:
    return len(place.forms) > 1 and place.forms[-2].head in {"export", "elem"}


def _wanted_results(place: Place) -> int | None:
    """One result where a folded call is an operand, else any number."""
    parent = place.forms[-2].head if len(place.forms) > 1 else ""
    return 1 if parent in INSTRUCTIONS and parent not in _LISTS else None


def _flat(asked: _Asked, height: int) -> Iterator[Candidate]:
    """Instructions one after the other; forms of several parts stand among them too."""
    for row in rows.instructions(asked.profile):
        takes = len(row.type.params) if row.type else int(row.name in _CONSUMERS)
        fit = FITS if takes <= height and (takes or not height) else MAY
        yield rows.instruction(row, fit if takes <= height else UNLIKELY)
    taken = _taken(asked)
    yield from rows.macros(MAY)
    yield from rows.snippets(taken, value=False)
    yield from rows.host_calls(asked.interface, asked.granted, taken, value=False)


class Match(NamedTuple):
    """A candidate that the typed letters may mean, and which of its letters they are."""

    candidate: Candidate
    letters: tuple[int, ...]


def matching(found: Completion, word: str) -> list[Match]:
    """The candidates that a word may become, best first.

    The word itself comes first, then those that begin with it, then those of which a part does,
    then those whose parts begin with its letters, then those that hold them in order; among
    equals what fits the stack, what was used nearest, and the order of the tables decide.
    """
    ranked = []
    for number, candidate in enumerate(found.candidates):
        how = _how(candidate.label, word)
        if how is not None:
            near = found.near.get(candidate.label, 1 << 20)
            if candidate.kind in {Kind.INSTRUCTION, Kind.WORD, Kind.MACRO} and near < 1 << 20:
                near = 0 if near < 200 else near
            rank = 0 if candidate.label == word else how[0] + 1
            ranked.append((rank, candidate.fit, near, number, Match(candidate, how[1])))
    ranked.sort(key=lambda row: row[:4])
    return [row[4] for row in ranked]


def _how(label: str, word: str) -> tuple[int, tuple[int, ...]] | None:
    """How well a label answers a word, 0 best, and by which letters; None not at all."""
    sought, held = word.lower().removeprefix("$"), label.lower()
    first = len(held) - len(held.removeprefix("$"))
    if held.startswith(sought, first):
        return 0, tuple(range(first, first + len(sought)))
    parts = list(_SEGMENT.finditer(held))
    for part in parts:
        if held.startswith(sought, part.start()):
            return 1, tuple(range(part.start(), part.start() + len(sought)))
    if "".join(part[0][0] for part in parts).startswith(sought):
        return 2, tuple(part.start() for part in parts[: len(sought)])
    for part in parts:
        letters = _in_order(held, sought, part.start())
        if letters:
            return 3, letters
    return None


def _in_order(held: str, sought: str, start: int) -> tuple[int, ...]:
    """The letters of a word, in order, in a label from a place on where the first one stands."""
    if not held.startswith(sought[0], start):
        return ()
    letters: list[int] = []
    at = start
    for letter in sought:
        at = held.find(letter, at)
        if at < 0:
            return ()
        letters.append(at)
        at += 1
    return tuple(letters)


def accepted(text: str, found: Completion, candidate: Candidate, end: int) -> Insertion:
    """Write a candidate in the place of the word, which reaches to `end` in the text by now."""
    start = found.form.start if candidate.whole else found.word.start
    closes = candidate.whole and start < found.word.start and text.startswith(")", end)
    chosen = candidate.template
    if chosen.text.endswith(" ") and text.startswith(" ", end):
        chosen = chosen._replace(text=chosen.text.rstrip())
    return inserted(text, Span(start, end + closes), chosen)


def is_name(found: Completion) -> bool:
    """Whether names alone can stand at the place."""
    return all(each.label.startswith("$") for each in found.candidates)

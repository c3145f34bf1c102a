"""The instructions of a stretch of the source, one after the other, whatever form they have."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from pygments.token import Keyword, Name, Number, String

from watstep.expand.fields import split_header
from watstep.source.text import Span
from watstep.syntax.tree import Atom, Form, Item, Tree
from watstep.wasm.instructions import INSTRUCTIONS, STRUCTURED

_TYPE_USE = frozenset(("type", "param", "result"))
_LISTS = frozenset(("module", "func", "block", "loop", "then", "else"))


class Role(Enum):
    """What an instruction is to its neighbours."""

    PLAIN = "plain"
    OPEN = "open"
    ELSE = "else"
    END = "end"
    VALUE = "value"
    """A string literal, which pushes its address."""
    STILL = "still"
    """What stays as it is written: a macro call, a declaration, a field."""


class Flat(NamedTuple):
    """An instruction without operands; `start` is where its form or its word begins."""

    role: Role
    text: str
    start: int
    comments: tuple[str, ...]
    """Those that stood before it."""
    trailing: str = ""
    """The one that ends its line."""


class Entry(NamedTuple):
    """A form, a literal, or a word with its immediates, in a list of instructions."""

    items: tuple[Item, ...]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.items[0].start, self.items[-1].end)

    @property
    def word(self) -> str:
        """The word of a flat instruction, else ""."""
        first = self.items[0]
        return first.text if type(first) is Atom and first.kind is Keyword else ""


def entries_of(items: Sequence[Item]) -> list[Entry]:
    """What stands in a list of instructions."""
    found: list[Entry] = []
    index = 0
    while index < len(items):
        after = _after(items, index)
        found.append(Entry(tuple(items[index:after])))
        index = after
    return found


def _after(items: Sequence[Item], index: int) -> int:
    """The index after the instruction that begins at `index`, its immediates included."""
    first = items[index]
    index += 1
    if type(first) is not Atom or first.kind is not Keyword:
        return index
    header = first.text in STRUCTURED or first.text == "select"
    # A declaration may stand between a word and what belongs to it.
    after = index
    while after < len(items) and _declares(items[after]):
        after += 1
    following = items[after] if after < len(items) else None
    if type(following) is Atom and _is_immediate(following):
        index = after
    while index < len(items):
        item = items[index]
        if type(item) is Form:
            if not header or item.head not in _TYPE_USE:
                break
        elif type(item) is Atom and not _is_immediate(item):
            break
        index += 1
    return index


def _declares(item: Item) -> bool:
    return type(item) is Form and item.head == "local"


def _is_immediate(item: Atom) -> bool:
    return item.kind in (Name.Variable, Number) or item.text.startswith(("offset=", "align="))


def lists_at(tree: Tree, span: Span) -> list[list[Entry]]:
    """The lists of instructions that a selection or a cursor is in, from the innermost outwards.

    Of a module, and where functions are chosen as a whole, there is none.
    """
    items: Sequence[Item] = tree.items
    found = [entries_of(items)]
    while True:
        inner = next(
            (
                item
                for item in items
                if type(item) is Form and item.start < span.start and span.end < item.end
            ),
            None,
        )
        if inner is None:
            break
        items = inner.items
        if inner.head == "module":
            found.clear()
        elif inner.head in _LISTS:
            found.insert(0, entries_of(body_of(inner)))
    return found


def body_of(form: Form) -> Sequence[Item]:
    """What a form holds after its header."""
    if form.head == "func":
        return split_header(form)[1]
    index = 1
    while index < len(form.items):
        item = form.items[index]
        named = index == 1 and type(item) is Atom and item.kind is Name.Variable
        typed = type(item) is Form and item.head in _TYPE_USE
        if not named and not typed:
            break
        index += 1
    return form.items[index:]


def flattened(tree: Tree, entries: Sequence[Entry]) -> list[Flat]:
    """Every instruction of a list, in the order in which they run, each with its comments."""
    return _Flattener(tree, Span(entries[0].span.start, entries[-1].span.end)).run(entries)


class _Flattener:
    """Takes forms apart; what is still to do is a list, so that depth costs no recursion."""

    def __init__(self, tree: Tree, span: Span) -> None:
        self.text = tree.source.text
        inside = [c for c in tree.comments if span.start <= c.start and c.end <= span.end]
        self.comments = inside
        self.waiting = inside[::-1]
        self.found: list[Flat] = []
        self.end = 0
        """Where what was found last ends in the source."""

    def run(self, entries: Sequence[Entry]) -> list[Flat]:
        """Take everything apart; comments that are left go to the last instruction."""
        pending: list[Entry | Flat] = list(reversed(entries))
        while pending:
            part = pending.pop()
            if isinstance(part, Flat):
                # Its form ends where it says, so comments in that form stand before it.
                self._add(part.role, part.text, part.start, int(part.comments[0]))
                self.end = int(part.comments[0])
                continue
            form = part.items[0]
            if type(form) is Form and form.head in INSTRUCTIONS:
                pending += reversed(self._parts(form))
            else:
                self._entry(part)
        return self.found

    def _entry(self, entry: Entry) -> None:
        """What is flat already, or stays as it is."""
        start, end = entry.span
        word = entry.word
        first = entry.items[0]
        role = Role.STILL
        if word in STRUCTURED:
            role = Role.OPEN
        elif word in {"else", "end"}:
            role = Role(word)
        elif word in INSTRUCTIONS:
            role = Role.PLAIN
        elif type(first) is Atom and first.kind is String:
            role = Role.VALUE
        self._add(role, self.text[start:end], start, start)
        self.end = end
        # Comments within are part of what is copied.
        while self.waiting and self.waiting[-1].start < end:
            self.waiting.pop()

    def _parts(self, form: Form) -> list[Entry | Flat]:
        """A folded instruction's operands and itself, or a block with what it holds."""
        head, items = form.head, form.items
        body = body_of(form) if head in STRUCTURED else ()
        if head not in STRUCTURED:
            after = _after(items, 0)
            text = self._words(items[:after])
            operands: list[Entry | Flat] = [Entry((item,)) for item in items[after:]]
            return [*operands, _due(Role.PLAIN, text, form.start, form.end)]
        header = items[: len(items) - len(body)]
        opening = _due(Role.OPEN, self._words(header), form.start, header[-1].end)
        ending = _due(Role.END, "end", form.end - 1, form.end)
        if head != "if":
            return [opening, *entries_of(body), ending]
        parts: list[Entry | Flat] = []
        branches = [item for item in body if type(item) is Form and item.head in {"then", "else"}]
        parts += [Entry((item,)) for item in body if item not in branches]
        if branches:
            opening = _due(Role.OPEN, self._words(header), form.start, branches[0].start)
        parts.append(opening)
        for number, branch in enumerate(branches):
            if number:
                parts.append(_due(Role.ELSE, "else", branch.start, branch.start))
            parts += entries_of(branch.items[1:])
        return [*parts, ending]

    def _words(self, items: Sequence[Item]) -> str:
        return " ".join(self._bare(item) for item in items)

    def _bare(self, item: Item) -> str:
        """An item's text without the comments in it, which stand before its instruction."""
        parts, at = [], item.start
        first = bisect_left(self.comments, item.start, key=lambda comment: comment.start)
        for comment in self.comments[first:]:
            if comment.start >= item.end:
                break
            parts.append(self.text[at : comment.start])
            at = comment.end
        return " ".join((*parts, self.text[at : item.end]))

    def _add(self, role: Role, text: str, start: int, until: int) -> None:
        comments: list[str] = []
        while self.waiting and self.waiting[-1].start < until:
            comment = self.waiting.pop()
            if self.found and not comments and self._ends_line(comment):
                self.found[-1] = self.found[-1]._replace(trailing=comment.text)
                self.end = comment.end
            else:
                comments.append(comment.text)
        self.found.append(Flat(role, text, start, tuple(comments)))

    def _ends_line(self, comment: Atom) -> bool:
        """Whether it stands behind what was found last, with nothing behind itself."""
        between = self.text[self.end : comment.start]
        after = self.text[comment.end : comment.end + 1]
        one_line = "\n" not in comment.text and not between.strip(" \t)")
        return one_line and after in {"", "\r", "\n"} and not self.found[-1].trailing


def _due(role: Role, text: str, start: int, until: int) -> Flat:
    """An instruction whose comments are those before `until`, which are still to be found."""
    return Flat(role, text, start, (str(until),))

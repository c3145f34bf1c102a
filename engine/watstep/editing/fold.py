"""A flat sequence of instructions to the folded form, and back: the same instructions in turn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from watstep.editing.format import lay_out, step_of
from watstep.editing.instructions import Entry, Flat, Role, body_of, entries_of, flattened, lists_at
from watstep.module.ir import BlockType, Function, Instruction
from watstep.pipeline import Compilation, Program
from watstep.source.diagnostic import Edit, has_errors
from watstep.source.text import Span
from watstep.syntax.parser import parse
from watstep.syntax.tree import Tree
from watstep.validate.stack import FunctionFacts
from watstep.wasm.instructions import INSTRUCTIONS, STRUCTURED
from watstep.wasm.types import FunctionType

_FIXED = {
    "local.get": (0, 1),
    "local.set": (1, 0),
    "local.tee": (1, 1),
    "drop": (1, 0),
    "select": (3, 1),
}


class Rewritten(NamedTuple):
    """The edits, or in words why there are none."""

    edits: tuple[Edit, ...]
    refusal: str = ""


def unfold(compilation: Compilation, selection: Span) -> Rewritten:
    """The instructions of a selection, or the statement at a cursor, one a line without operands.

    Macros and texts stay as they are written, comments stand before the instruction that they
    stood before. Both forms compile to the same bytes.
    """
    tree = parse(compilation.source)
    if has_errors(tree.diagnostics):
        return Rewritten((), "a parenthesis, quote or comment has to be mended first")
    entries = _chosen(tree, selection, whole=False)
    if not entries:
        return Rewritten((), "there are no instructions here")
    lines: list[str] = []
    for flat in flattened(tree, entries):
        lines += (*flat.comments, f"{flat.text} {flat.trailing}".rstrip())
    return _rewritten(tree, entries, lines, "this is flat already")


def fold(compilation: Compilation, selection: Span) -> Rewritten:
    """The instructions of a selection, or of the list that the cursor is in, as folded forms.

    An instruction takes up the forms directly before it that push its operands; what it takes
    from further down the stack stays where it is. Comments stand before the form that theirs became
    part of. Both forms compile to the same bytes.
    """
    program = compilation.program
    if program is None:
        return Rewritten((), "what an instruction takes is known once the program has no errors")
    tree = program.expansion.tree
    entries = _chosen(tree, selection, whole=True)
    if not entries:
        return Rewritten((), "there are no instructions here")
    units = _Folder(_Effects(program)).run(flattened(tree, entries))
    lines = [line for unit in units for line in unit.lines]
    return _rewritten(tree, entries, lines, "this is folded already")


def _chosen(tree: Tree, selection: Span, *, whole: bool) -> list[Entry]:
    """The instructions that are meant: blocks without parentheses as a whole."""
    lists = lists_at(tree, selection)
    if not lists:
        return _function_at(tree, selection)
    entries = lists[0]
    empty = selection.start == selection.end
    touched = [
        index
        for index, entry in enumerate(entries)
        if entry.span.start <= selection.end and selection.start <= entry.span.end
    ]
    if not touched or (whole and empty):
        return entries
    if not empty:
        # A selection that ends where the next one begins does not mean it.
        inside = [
            index
            for index in touched
            if entries[index].span.start < selection.end
            and selection.start < entries[index].span.end
        ]
        touched = inside or touched
    return _balanced(entries, touched[0], touched[-1] + 1)


def _function_at(tree: Tree, selection: Span) -> list[Entry]:
    """The body of the function whose heading a selection is in."""
    for form in tree.forms():
        if form.head == "func" and form.start <= selection.start and selection.end <= form.end:
            return entries_of(body_of(form))
    return []


def _balanced(entries: list[Entry], first: int, after: int) -> list[Entry]:
    """Entries, and those around until no block without parentheses is cut."""
    while True:
        depth = least = 0
        for entry in entries[first:after]:
            depth += (entry.word in STRUCTURED) - (entry.word == "end")
            least = min(least, depth - (entry.word == "else"))
        if least < 0 and first > 0:
            first -= 1
        elif depth > 0 and after < len(entries):
            after += 1
        else:
            return entries[first:after]


def _rewritten(tree: Tree, entries: Sequence[Entry], lines: list[str], nothing: str) -> Rewritten:
    text = tree.source.text
    span = Span(entries[0].span.start, entries[-1].span.end)
    line = text.rfind("\n", 0, span.start) + 1
    before = text[line : span.start].removeprefix("\ufeff")
    lead = before[: len(before) - len(before.lstrip())]
    newline = "\r\n" if "\r\n" in text else "\n"
    new = lay_out("\n".join(lines), lead, newline, step_of(text))
    if new.split() == text[span.start : span.end].split():
        return Rewritten((), nothing)
    return Rewritten((Edit(span, new),))


class _Unit(NamedTuple):
    """A folded form; `is_value` says that it pushes one value and takes none from before it."""

    text: str
    is_value: bool
    comments: tuple[str, ...]
    trailing: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The form with its comments."""
        return (*self.comments, f"{self.text} {self.trailing}".rstrip())

    @property
    def remarks(self) -> tuple[str, ...]:
        """Its comments, where it becomes part of another form."""
        return (*self.comments, self.trailing) if self.trailing else self.comments


class _Frame:
    """A block that is open, its condition where it is an `if`, and what it holds so far."""

    def __init__(self, opener: Flat | None, condition: _Unit | None) -> None:
        self.opener = opener
        self.condition = condition
        self.units: list[_Unit] = []
        self.then: list[_Unit] | None = None


class _Folder:
    """Builds folded forms from the inside out, block by block, without recursion."""

    def __init__(self, effects: _Effects) -> None:
        self.effects = effects
        self.frames = [_Frame(None, None)]

    def run(self, flats: list[Flat]) -> list[_Unit]:
        """The folded forms of a sequence in which every block is closed."""
        for flat in flats:
            units = self.frames[-1].units
            if flat.role is Role.OPEN:
                takes = flat.text.split()[0] == "if"
                condition = units.pop() if takes and units and units[-1].is_value else None
                self.frames.append(_Frame(flat, condition))
            elif flat.role is Role.ELSE:
                self._keep_comments((*flat.comments, flat.trailing))
                self.frames[-1].then, self.frames[-1].units = units, []
            elif flat.role is Role.END:
                self._keep_comments(flat.comments)
                self._close(flat.trailing)
            elif flat.role is Role.PLAIN:
                units.append(self._plain(flat, units))
            else:
                value = flat.role is Role.VALUE
                units.append(_Unit(flat.text, value, flat.comments, flat.trailing))
        return self.frames[0].units

    def _keep_comments(self, comments: tuple[str, ...]) -> None:
        """Comments at the end of a block stand there alone."""
        units = self.frames[-1].units
        units += [_Unit(comment, False, ()) for comment in comments if comment]

    def _plain(self, flat: Flat, units: list[_Unit]) -> _Unit:
        takes, gives = self.effects.of(flat)
        operands: list[_Unit] = []
        while len(operands) < takes and units and units[-1].is_value:
            operands.insert(0, units.pop())
        words = [flat.text, *(unit.text for unit in operands)]
        comments = tuple(line for unit in operands for line in unit.remarks)
        value = len(operands) == takes and gives == 1
        text = f"({' '.join(words)})"
        return _Unit(text, value, (*comments, *flat.comments), flat.trailing)

    def _close(self, trailing: str) -> None:
        frame = self.frames.pop()
        opener = frame.opener
        assert opener is not None
        takes, gives = self.effects.of(opener)
        parts = [opener.text]
        comments: tuple[str, ...] = ()
        if opener.text.split()[0] == "if":
            takes -= frame.condition is not None
            if frame.condition is not None:
                parts[0] += f" {frame.condition.text}"
                comments = frame.condition.remarks
            parts[0] = f"{parts[0]} {opener.trailing}".rstrip()
            then = frame.units if frame.then is None else frame.then
            parts.append(_list("then", then))
            if frame.then is not None:
                parts.append(_list("else", frame.units))
        else:
            parts[0] = f"{parts[0]} {opener.trailing}".rstrip()
            parts += [line for unit in frame.units for line in unit.lines]
        text = "(" + "\n".join(parts) + "\n)"
        unit = _Unit(text, takes == 0 and gives == 1, (*comments, *opener.comments), trailing)
        self.frames[-1].units.append(unit)


def _list(head: str, units: list[_Unit]) -> str:
    """A branch, on one line where it holds one short form."""
    if len(units) == 1 and not units[0].remarks:
        text = units[0].text
        if "\n" not in text and text[:1] == "(" and text[:2] != "(;":
            return f"({head} {text})"
    lines = [line for unit in units for line in unit.lines]
    return "\n".join((f"({head}", *lines, ")")) if lines else f"({head})"


class _Effects:
    """How many values each instruction of the source takes and gives."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.copied = sorted(
            (piece.span.start, piece.start, len(piece.text))
            for piece in program.rendering.pieces
            if piece.span is not None
        )
        self.places: dict[int, tuple[Function, FunctionFacts, int]] = {
            instruction.start: (function, facts, pc)
            for function, facts in zip(program.module.functions, program.facts, strict=True)
            for pc, instruction in enumerate(function.body)
            if instruction.name not in {"else", "end"}
        }

    def of(self, flat: Flat) -> tuple[int, int]:
        """Values taken and given by an instruction that stands in the source."""
        index = bisect_right(self.copied, (flat.start, len(self.program.rendering.text), 0)) - 1
        start, rendered, _ = self.copied[max(index, 0)]
        found = self.places.get(rendered + flat.start - start)
        if found is None:
            return 0, 0
        function, facts, pc = found
        return self._effect(function, facts, function.body[pc], pc)

    def _effect(
        self, function: Function, facts: FunctionFacts, instruction: Instruction, pc: int
    ) -> tuple[int, int]:
        name, immediate = instruction.name, instruction.immediate
        if name in _FIXED:
            return _FIXED[name]
        if isinstance(immediate, BlockType):
            takes, gives = _counts(immediate.type)
            return takes + (name == "if"), gives
        if name == "call" and isinstance(immediate, int):
            return _counts(self.program.module.function_type(immediate))
        if name == "return":
            return len(function.type.results), 0
        if pc in facts.branches:
            arity = facts.branches[pc][-1].arity
            return arity + (name != "br"), arity if name == "br_if" else 0
        signature = INSTRUCTIONS[name].type
        return _counts(signature) if signature else (0, 0)


def _counts(signature: FunctionType) -> tuple[int, int]:
    return len(signature.params), len(signature.results)

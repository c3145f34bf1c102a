"""A function's forms, folded or flat, to its flat list of instructions and its statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple, TypeAlias

from pygments.token import Keyword, Name, Number

from watstep.expand.macros import MACROS
from watstep.module.ir import BlockType, BranchTable, Instruction, MemoryArgument, Statement
from watstep.source.diagnostic import Diagnostic, Severity
from watstep.source.text import Span
from watstep.syntax.literals import decode_integer
from watstep.syntax.tree import Atom, Form, Item
from watstep.wasm.instructions import INSTRUCTIONS, Immediates, InstructionRow
from watstep.wasm.outside import REAL_INSTRUCTION, nearest
from watstep.wasm.types import FunctionType
from watstep.wasm.values import MASK

_TYPE_HEADS = frozenset(("type", "param", "result"))
LIFT = "; `;; profile: core` as the file's first comment lifts this"


@dataclass(frozen=True)
class Names:
    """What a body may refer to."""

    functions: dict[str, int]
    function_count: int
    locals: dict[str, int]
    local_count: int
    block_type: Callable[[list[Form], Span], FunctionType]
    profile: str


class _Label(NamedTuple):
    name: str
    pc: int
    keyword: str
    folded: bool


class _Emit(NamedTuple):
    """Emit an instruction once its operands are; close the statement that began at `statement`."""

    instruction: Instruction
    statement: int


class _Open(NamedTuple):
    """Emit an `if` once its condition is, then its branches."""

    form: Form
    label: str
    type: FunctionType
    branches: list[Form]
    statement: int


class _Else(NamedTuple):
    form: Form


class _End(NamedTuple):
    form: Form
    statement: int


class _List(NamedTuple):
    items: list[Item]
    first: int
    statements: bool


_Task: TypeAlias = _Emit | _Open | _Else | _End | _List


class BodyResolver:
    """Resolves one body; problems go to `diagnostics`, with spans in the expanded text."""

    def __init__(self, names: Names, diagnostics: list[Diagnostic]) -> None:
        """Resolve against `names`."""
        self.names = names
        self.diagnostics = diagnostics
        self.body: list[Instruction] = []
        self.statements: list[Statement] = []
        self.labels: list[_Label] = []
        self._tasks: list[_Task] = []

    def resolve(self, items: list[Item], end: Span) -> None:
        """Resolve all items of a function after its header; `end` is where its `end` stands."""
        self._tasks.append(_List(items, 0, True))
        while self._tasks:
            task = self._tasks.pop()
            if type(task) is _List:
                self._list(task)
            elif type(task) is _Emit:
                self.body.append(task.instruction)
                self._close(task.statement)
            elif type(task) is _Open:
                self._open_if(task)
            elif type(task) is _Else:
                self._otherwise(task.form.start, task.form.start + 5)
            else:
                assert type(task) is _End
                self._end(Span(task.form.end - 1, task.form.end))
                self._close(task.statement)
        for label in self.labels:
            instruction = self.body[label.pc]
            message = f"this `{label.keyword}` has no `end`"
            self.report("missing-end", Span(instruction.start, instruction.end), message)
        self.labels.clear()
        self.body.append(Instruction("end", None, end.start, end.end))

    def report(self, code: str, span: Span, message: str) -> None:
        """Add an error."""
        self.diagnostics.append(Diagnostic(code, Severity.ERROR, span, message))

    def _list(self, task: _List) -> None:
        items, index, statements = task
        while index < len(items):
            item = items[index]
            if type(item) is Form:
                self._tasks.append(_List(items, index + 1, statements))
                self._form(item, statements)
                return
            index = self._flat(items, index, statements)

    def _begin(self, span: Span, statements: bool) -> int:
        """Open a statement; its number, or -1 where the place is no list of instructions."""
        if not statements:
            return -1
        self.statements.append(Statement(len(self.body), -1, span))
        return len(self.statements) - 1

    def _close(self, statement: int) -> None:
        if statement >= 0:
            self.statements[statement] = self.statements[statement]._replace(after=len(self.body))

    def _form(self, form: Form, statements: bool) -> None:
        """Take up a folded instruction."""
        head = form.head
        row = INSTRUCTIONS.get(head)
        if row is None or head in {"else", "end"}:
            if not head.startswith("@"):
                self._unknown(head, form.items[0].span if form.items else form.span, form)
            return
        self._check_profile(row, form.items[0].span)
        statement = self._begin(form.span, statements)
        if row.immediates is Immediates.BLOCK:
            self._block_form(form, statement)
            return
        immediate, index = self._immediate(row, form.items, 1, form.span)
        instruction = Instruction(head, immediate, form.start, form.end)
        if index == len(form.items):
            self.body.append(instruction)
            self._close(statement)
            return
        for item in form.items[index:]:
            if type(item) is Atom:
                self.report("unexpected", item.span, f"`{item.text}` does not belong here")
        operands = [item for item in form.items[index:] if type(item) is Form]
        self._tasks.append(_Emit(instruction, statement))
        self._tasks.append(_List(list(operands), 0, False))

    def _block_form(self, form: Form, statement: int) -> None:
        label, block_type, index = self._block_header(form.items, 1)
        rest = form.items[index:]
        if form.head != "if":
            self._push(label, form.head, block_type, form.span, folded=True)
            self._tasks.append(_End(form, statement))
            self._tasks.append(_List(rest, 0, True))
            return
        branches = [i for i in rest if type(i) is Form and i.head in {"then", "else"}]
        heads = [branch.head for branch in branches]
        if heads not in (["then"], ["then", "else"]):
            message = "an `if` form takes a condition, `(then ...)` and at most one `(else ...)`"
            self.report("if-branches", form.span, message)
            return
        condition: list[Item] = [item for item in rest if item not in branches]
        for item in condition:
            if type(item) is Atom:
                self.report("unexpected", item.span, f"`{item.text}` does not belong here")
        condition = [item for item in condition if type(item) is Form]
        self._tasks.append(_Open(form, label, block_type, branches, statement))
        self._tasks.append(_List(condition, 0, False))

    def _open_if(self, task: _Open) -> None:
        self._push(task.label, "if", task.type, task.form.span, folded=True)
        self._tasks.append(_End(task.form, task.statement))
        if len(task.branches) > 1:
            self._tasks.append(_List(task.branches[1].items[1:], 0, True))
            self._tasks.append(_Else(task.branches[1]))
        self._tasks.append(_List(task.branches[0].items[1:], 0, True))

    def _block_header(self, items: list[Item], index: int) -> tuple[str, FunctionType, int]:
        label = ""
        if index < len(items):
            item = items[index]
            if type(item) is Atom and item.kind is Name.Variable:
                label = item.text
                index += 1
        forms: list[Form] = []
        while index < len(items):
            item = items[index]
            if type(item) is not Form or item.head not in _TYPE_HEADS:
                break
            forms.append(item)
            index += 1
        if not forms:
            return label, FunctionType((), ()), index
        span = Span(forms[0].start, forms[-1].end)
        return label, self.names.block_type(forms, span), index

    def _push(
        self, label: str, keyword: str, block_type: FunctionType, span: Span, *, folded: bool
    ) -> None:
        self.labels.append(_Label(label, len(self.body), keyword, folded))
        self.body.append(Instruction(keyword, BlockType(block_type, -1, -1), *span))

    def _has_else(self, pc: int) -> bool:
        block = self.body[pc].immediate
        return isinstance(block, BlockType) and block.otherwise >= 0

    def _otherwise(self, start: int, end: int) -> None:
        pc = self.labels[-1].pc
        block = self.body[pc].immediate
        assert isinstance(block, BlockType)
        self.body[pc] = self.body[pc]._replace(immediate=block._replace(otherwise=len(self.body)))
        self.body.append(Instruction("else", None, start, end))

    def _end(self, span: Span) -> None:
        while self.labels and not self.labels[-1].folded and span.end - span.start == 1:
            label = self.labels.pop()
            opened = self.body[label.pc]
            self.report(
                "missing-end",
                Span(opened.start, opened.end),
                f"this `{label.keyword}` has no `end`",
            )
            self._finish_block(label.pc, span)
        self._finish_block(self.labels.pop().pc, span)

    def _finish_block(self, pc: int, span: Span) -> None:
        block = self.body[pc].immediate
        assert isinstance(block, BlockType)
        self.body[pc] = self.body[pc]._replace(immediate=block._replace(end=len(self.body)))
        self.body.append(Instruction("end", None, *span))

    def _flat(self, items: list[Item], index: int, statements: bool) -> int:
        """Take up a flat instruction at `index`; the index after its immediates."""
        word = items[index]
        assert type(word) is Atom
        row = INSTRUCTIONS.get(word.text) if word.kind is Keyword else None
        if row is None:
            self._unknown(word.text, word.span, None)
            return index + 1
        self._check_profile(row, word.span)
        if row.name in {"else", "end"}:
            return self._flat_delimiter(items, index, word)
        if row.immediates is Immediates.BLOCK:
            label, block_type, after = self._block_header(items, index + 1)
            span = Span(word.start, items[after - 1].end)
            self._begin(span, statements)
            self._push(label, word.text, block_type, span, folded=False)
        else:
            immediate, after = self._immediate(row, items, index + 1, word.span)
            span = Span(word.start, items[after - 1].end)
            self._begin(span, statements)
            self.body.append(Instruction(word.text, immediate, *span))
        if statements:
            self._close(len(self.statements) - 1)
        return after

    def _flat_delimiter(self, items: list[Item], index: int, word: Atom) -> int:
        after = index + 1
        if not self.labels or self.labels[-1].folded:
            self.report("stray-end", word.span, f"this `{word.text}` ends no block")
            return after
        opened = self.labels[-1]
        if after < len(items):
            item = items[after]
            if type(item) is Atom and item.kind is Name.Variable:
                after += 1
                if item.text != opened.name:
                    message = f"`{item.text}` is not the label of the `{opened.keyword}` it ends"
                    self.report("label-mismatch", item.span, message)
        if word.text == "end":
            self._finish_block(self.labels.pop().pc, word.span)
        elif opened.keyword != "if":
            self.report("stray-else", word.span, "this `else` belongs to no `if`")
        elif self._has_else(opened.pc):
            self.report("stray-else", word.span, "this `if` has an `else` already")
        else:
            self._otherwise(word.start, word.end)
        return after

    def _immediate(
        self, row: InstructionRow, items: list[Item], index: int, span: Span
    ) -> tuple[int | MemoryArgument | BranchTable | None, int]:
        """The immediate that stands at `index`, and the index after it."""
        kind = row.immediates
        if kind is Immediates.NONE:
            return None, index
        if kind is Immediates.MEMORY:
            return self._memory_argument(row, items, index)
        item = items[index] if index < len(items) else None
        if type(item) is not Atom or (item.kind is not Number and item.kind is not Name.Variable):
            what = "label" if kind is Immediates.LABELS else kind.value
            self.report("missing-immediate", span, f"`{row.name}` needs a {what} after its name")
            return (BranchTable((0,)) if kind is Immediates.LABELS else 0), index
        if kind is Immediates.LABELS:
            depths = []
            while index < len(items):
                item = items[index]
                if type(item) is not Atom or item.kind not in (Number, Name.Variable):
                    break
                depths.append(self._label(item))
                index += 1
            return BranchTable(tuple(depths)), index
        return self._single(kind, item), index + 1

    def _single(self, kind: Immediates, item: Atom) -> int:
        if kind is Immediates.CONSTANT:
            number = decode_integer(item.text)
            if number is None or not -(1 << 31) <= number < 1 << 32:
                message = f"`{item.text}` is no i32: it takes -2^31 to 2^32-1"
                self.report("bad-constant", item.span, message)
                return 0
            return number & MASK
        if kind is Immediates.LABEL:
            return self._label(item)
        names = self.names
        if kind is Immediates.LOCAL:
            return self._index(item, names.locals, names.local_count, "local")
        return self._index(item, names.functions, names.function_count, "function")

    def _index(self, item: Atom, names: dict[str, int], count: int, what: str) -> int:
        """The index that a name or a number stands for, 0 where there is none."""
        found = names.get(item.text) if item.kind is Name.Variable else decode_integer(item.text)
        if found is not None and 0 <= found < count:
            return found
        near = get_close_matches(item.text, names, 1, 0.5)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        self.report(f"unknown-{what}", item.span, f"there is no {what} `{item.text}`{hint}")
        return 0

    def _label(self, item: Atom) -> int:
        if item.kind is Name.Variable:
            for depth, label in enumerate(reversed(self.labels)):
                if label.name == item.text:
                    return depth
        else:
            number = decode_integer(item.text)
            if number is not None and 0 <= number <= len(self.labels):
                return number
        known = [label.name for label in self.labels if label.name]
        hint = f"; in force here: {', '.join(f'`{name}`' for name in known)}" if known else ""
        self.report("unknown-label", item.span, f"no label `{item.text}` is in force here{hint}")
        return 0

    def _memory_argument(
        self, row: InstructionRow, items: list[Item], index: int
    ) -> tuple[MemoryArgument, int]:
        values = {"offset": 0, "align": row.size}
        for key in ("offset", "align"):
            item = items[index] if index < len(items) else None
            if type(item) is not Atom or not item.text.startswith(f"{key}="):
                continue
            index += 1
            number = decode_integer(item.text.partition("=")[2])
            if number is None or not 0 <= number < 1 << 32:
                self.report("bad-constant", item.span, f"`{item.text}` is no {key}")
            elif key == "align" and (number & (number - 1) or not 0 < number <= row.size):
                message = f"the alignment of `{row.name}` is a power of two up to {row.size}"
                self.report("bad-alignment", item.span, message)
            else:
                values[key] = number
        return MemoryArgument(values["align"].bit_length() - 1, values["offset"]), index

    def _check_profile(self, row: InstructionRow, span: Span) -> None:
        if row.profile == "core" and self.names.profile == "agent":
            message = (
                f"`{row.name}` is real WebAssembly but outside the agent profile: "
                f"{nearest(row.name)}{LIFT}"
            )
            self.report("outside-profile", span, message)

    def _unknown(self, word: str, span: Span, form: Form | None) -> None:
        if REAL_INSTRUCTION.fullmatch(word):
            if self.names.profile == "agent":
                message = (
                    f"`{word}` is real WebAssembly but outside the agent profile: {nearest(word)}"
                )
                self.report("outside-profile", span, message)
            else:
                message = f"`{word}` is real WebAssembly that this version does not run yet"
                self.report("not-implemented", span, message)
            return
        if form is not None and word in MACROS:
            # The expansion has said why it left the call as it is.
            self.report("macro-unexpanded", form.span, f"`{word}` could not be expanded")
            return
        if form is not None and word == "local":
            message = "a `local` without a name stands at the top of its function"
            self.report("unexpected", span, message)
            return
        near = get_close_matches(word, INSTRUCTIONS, 3, 0.6)
        hint = f"; did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
        shown = f"`{word[:40]}`" if word else "this form"
        self.report("unknown-instruction", span, f"{shown} is no instruction or macro{hint}")

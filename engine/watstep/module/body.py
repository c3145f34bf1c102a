"""A function's forms, folded or flat, to its flat list of instructions and its statements."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from pygments.token import Keyword, Name, Number

from watstep.module import hints
from watstep.module.ir import (
    GAP,
    BlockType,
    BranchTable,
    Immediate,
    Instruction,
    MemoryArgument,
    Statement,
)
from watstep.module.strangers import (
    bare_operand,
    odd_branches,
    outside_profile,
    stands_bare,
    strange_form,
    strange_word,
    without_immediate,
)
from watstep.module.tasks import Else, Emit, End, Label, List, Open, Task
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Span
from watstep.syntax.literals import decode_index, decode_integer
from watstep.syntax.tree import Atom, Form, Item
from watstep.wasm.instructions import INSTRUCTIONS, STRUCTURED, Immediates, InstructionRow
from watstep.wasm.types import FunctionType
from watstep.wasm.values import MASK

_TYPE_HEADS = frozenset(("type", "param", "result"))
DELIMITERS = frozenset(("else", "end"))
_CORE_ALONE = frozenset(row.name for row in INSTRUCTIONS.values() if row.profile == "core")
# A member of an Enum takes longer to look up than the rest of its comparison.
_NO_IMMEDIATE = Immediates.NONE


@dataclass(frozen=True)
class Names:
    """What a body may refer to."""

    functions: dict[str, int]
    function_count: int
    locals: dict[str, int]
    local_count: int
    block_type: Callable[[list[Form], Span], FunctionType]
    profile: str
    host: Collection[str] = ()
    """The full names of what the host offers, for whoever meant one."""
    missing: dict[str, int] = field(default_factory=dict)
    """Where among the diagnostics a word was reported as no function of the module."""


class BodyResolver:
    """Resolves one body; problems go to `diagnostics`, with spans in the expanded text."""

    def __init__(self, names: Names, diagnostics: list[Diagnostic]) -> None:
        """Resolve against `names`."""
        self.names = names
        self._outside = _CORE_ALONE if names.profile == "agent" else frozenset()
        self.diagnostics = diagnostics
        self.body: list[Instruction] = []
        self.statements: list[Statement] = []
        self.labels: list[Label] = []
        self._tasks: list[Task] = []
        self._undeclared: dict[str, int] = {}
        """Where among the diagnostics a word was reported as no local."""

    def resolve(self, items: list[Item], end: Span) -> None:
        """Resolve all items of a function after its header; `end` is where its `end` stands."""
        self._tasks.append(List(items, 0, True))
        while self._tasks:
            task = self._tasks.pop()
            if type(task) is List:
                self._list(task)
            elif type(task) is Emit:
                self.body.append(task.instruction)
                self._close(task.statement)
            elif type(task) is Open:
                self._open_if(task)
            elif type(task) is Else:
                self._otherwise(task.form.start, task.form.start + 5)
            else:
                assert type(task) is End
                self._end(task.form)
                self._close(task.statement)
        while self.labels:
            self._missing_end(end, items[-1].end)
        self.body.append(Instruction("end", None, end.start, end.end))

    def report(self, code: str, span: Span, message: str, *fixes: Fix) -> None:
        """Add an error."""
        self.diagnostics.append(Diagnostic(code, Severity.ERROR, span, message, fixes=fixes))

    def _list(self, task: List) -> None:
        items, index, statements = task
        waiting = len(self._tasks)
        while index < len(items):
            item = items[index]
            if type(item) is not Form:
                index = self._flat(items, index, statements)
                continue
            index += 1
            self._form(item, statements)
            if len(self._tasks) > waiting:
                self._tasks.insert(waiting, List(items, index, statements))
                return

    def _begin(self, span: Span, statements: bool) -> int:
        """Open a statement; its number, or -1 where the place is no list of instructions."""
        if not statements:
            return -1
        self.statements.append(Statement(len(self.body), -1, span))
        return len(self.statements) - 1

    def _close(self, statement: int) -> None:
        if statement >= 0:
            first, _, span = self.statements[statement]
            self.statements[statement] = Statement(first, len(self.body), span)

    def _form(self, form: Form, statements: bool) -> None:
        """Take up a folded instruction."""
        row, items = INSTRUCTIONS.get(form.head), form.items
        if row is None or row.name in DELIMITERS:
            row = self._stranger(form, statements)
            if row is None:
                return
        if row.name in self._outside:
            self.diagnostics.append(outside_profile(row.name, items[0].span, form))
        if row.name in STRUCTURED:
            self._block_form(row.name, form, self._begin(form.span, statements))
            return
        immediate, index = self._immediate(row, items, 1, form)
        name = row.name if immediate is not None else without_immediate(row)
        instruction = Instruction(name, immediate, form.start, form.end)
        if index < len(items):
            self._tasks.append(Emit(instruction, self._begin(form.span, statements)))
            self._tasks.append(List(self._operands(items[index:]), 0, False))
            return
        if statements:
            pc = len(self.body)
            self.statements.append(Statement(pc, pc + 1, form.span))
        self.body.append(instruction)

    def _operands(self, items: list[Item]) -> list[Item]:
        """The folded operands; a name or a number that stands bare is taken for what it means."""
        operands: list[Item] = []
        for item in items:
            if type(item) is Form:
                operands.append(item)
            else:
                assert type(item) is Atom
                meant = bare_operand(item)
                self.diagnostics.append(stands_bare(item))
                if meant is not None:
                    operands.append(meant)
        return operands

    def _stranger(self, form: Form, statements: bool) -> InstructionRow | None:
        """A form that no instruction heads: the row it was meant for, or a gap in its place."""
        if form.head.startswith("@"):
            return None
        found = strange_form(form, self.names.profile, self.names.host)
        self.diagnostics.append(found.problem)
        if found.row is None and not found.silent:
            self._begin(form.span, statements)
            inner: list[Item] = [item for item in form.items if type(item) is Form]
            gap = Instruction(GAP, None, form.start, form.end)
            self._tasks.append(Emit(gap, len(self.statements) - 1 if statements else -1))
            self._tasks.append(List(inner, 0, form.head in {"then", "else"}))
        return found.row

    def _block_form(self, keyword: str, form: Form, statement: int) -> None:
        label, block_type, index = self._block_header(form.items, 1)
        rest = form.items[index:]
        if keyword != "if":
            self._push(label, keyword, block_type, form.span, folded=True)
            self._tasks.append(End(form, statement))
            self._tasks.append(List(rest, 0, True))
            return
        branches = [i for i in rest if type(i) is Form and i.head in {"then", "else"}]
        heads = [branch.head for branch in branches]
        behind = rest[len(rest) - len(branches) :] != branches
        if behind or heads not in (["then"], ["then", "else"]):
            self.diagnostics.append(odd_branches(form, rest, branches))
            gap = Instruction(GAP, None, form.start, form.end)
            self._tasks.append(Emit(gap, statement))
            self._tasks.append(Open(form, label, block_type, branches, -1, odd=True))
            self._tasks.append(Emit(gap, -1))
            others = [item for item in rest if type(item) is Form and item not in branches]
            self._tasks.append(List(list(others), 0, False))
            return
        condition = self._operands([item for item in rest if item not in branches])
        self._tasks.append(Open(form, label, block_type, branches, statement))
        self._tasks.append(List(condition, 0, False))

    def _open_if(self, task: Open) -> None:
        form = task.form
        self._push(task.label, "block" if task.odd else "if", task.type, form.span, folded=True)
        self._tasks.append(End(form, task.statement))
        if task.odd:
            # Its label is in force; what its branches leave, nobody knows.
            self._tasks.append(Emit(Instruction(GAP, None, form.start, form.end), -1))
            lists = [List(branch.items[1:], 0, True) for branch in task.branches]
            self._tasks += reversed(lists)
            return
        if len(task.branches) > 1:
            self._tasks.append(List(task.branches[1].items[1:], 0, True))
            self._tasks.append(Else(task.branches[1]))
        self._tasks.append(List(task.branches[0].items[1:], 0, True))

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
        self.labels.append(Label(label, len(self.body), keyword, folded))
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

    def _end(self, form: Form) -> None:
        span = Span(form.end - 1, form.end)
        while not self.labels[-1].folded:
            self._missing_end(span, form.items[-1].end)
        self._finish_block(self.labels.pop().pc, span)

    def _missing_end(self, span: Span, place: int) -> None:
        """Close the flat block that is open at `span`, where an enclosing form ends."""
        label = self.labels.pop()
        opened = self.body[label.pc]
        message = f"this `{label.keyword}` has no `end`"
        fix = Fix("write `end`", (Edit(Span(place, place), " end"),))
        self.report("missing-end", Span(opened.start, opened.end), message, fix)
        # What was to stand inside it and what after it, nobody knows.
        self.body.append(Instruction(GAP, None, *span))
        self._finish_block(label.pc, span)
        self.body.append(Instruction(GAP, None, *span))

    def _finish_block(self, pc: int, span: Span) -> None:
        name, block, start, end = self.body[pc]
        assert isinstance(block, BlockType)
        finished = BlockType(block.type, len(self.body), block.otherwise)
        self.body[pc] = Instruction(name, finished, start, end)
        self.body.append(Instruction("end", None, *span))

    def _flat(self, items: list[Item], index: int, statements: bool) -> int:
        """Take up a flat instruction at `index`; the index after its immediates."""
        word = items[index]
        assert type(word) is Atom
        row = INSTRUCTIONS.get(word.text) if word.kind is Keyword else None
        if row is None:
            return self._flat_stranger(items, index, word)
        if row.name in self._outside:
            self.diagnostics.append(outside_profile(row.name, word.span, None))
        if row.name in DELIMITERS:
            return self._flat_delimiter(items, index, word)
        pc = len(self.body)
        if row.name in STRUCTURED:
            label, block_type, after = self._block_header(items, index + 1)
            span = Span(word.start, items[after - 1].end)
            self._push(label, word.text, block_type, span, folded=False)
        else:
            immediate, after = self._immediate(row, items, index + 1, word)
            span = Span(word.start, items[after - 1].end)
            name = row.name if immediate is not None else without_immediate(row)
            self.body.append(Instruction(name, immediate, *span))
        if statements:
            self.statements.append(Statement(pc, pc + 1, span))
        return after

    def _flat_stranger(self, items: list[Item], index: int, word: Atom) -> int:
        """A flat word that is no instruction: the index after what seems to belong to it."""
        meant = bare_operand(word)
        if meant is not None:
            self.diagnostics.append(stands_bare(word))
            self._form(meant, False)
            return index + 1
        found = strange_word(word, self.names.profile)
        self.diagnostics.append(found.problem)
        index += 1
        while index < len(items):
            item = items[index]
            if type(item) is not Atom or item.kind not in (Number, Name.Variable):
                break
            index += 1
        if not found.silent:
            self.body.append(Instruction(GAP, None, *word.span))
        return index

    def _flat_delimiter(self, items: list[Item], index: int, word: Atom) -> int:
        after = index + 1
        if not self.labels or self.labels[-1].folded:
            fix = Fix("take it away", (Edit(word.span, ""),))
            self.report("stray-end", word.span, f"this `{word.text}` ends no block", fix)
            return after
        opened = self.labels[-1]
        if after < len(items):
            item = items[after]
            if type(item) is Atom and item.kind is Name.Variable:
                after += 1
                if item.text != opened.name:
                    message = f"`{item.text}` is not the label of the `{opened.keyword}` it ends"
                    fix = Fix("take it away", (Edit(Span(word.end, item.end), ""),))
                    self.report("label-mismatch", item.span, message, fix)
        if word.text == "end":
            self._finish_block(self.labels.pop().pc, word.span)
        elif opened.keyword != "if" or self._has_else(opened.pc):
            away = Fix("take it away", (Edit(word.span, ""),))
            has = "this `if` has an `else` already"
            message = has if opened.keyword == "if" else "this `else` belongs to no `if`"
            self.report("stray-else", word.span, message, away)
        else:
            self._otherwise(word.start, word.end)
        return after

    def _immediate(
        self, row: InstructionRow, items: list[Item], index: int, place: Item
    ) -> tuple[Immediate, int]:
        """The immediate that stands at `index`, None where it lacks, and the index after it."""
        kind = row.immediates
        if kind is _NO_IMMEDIATE:
            return None, self._after_results(items, index) if row.name == "select" else index
        if kind is Immediates.MEMORY:
            return self._memory_argument(row, items, index)
        item = items[index] if index < len(items) else None
        if type(item) is not Atom or (item.kind is not Name.Variable and item.kind is not Number):
            return self._no_immediate(row, item, place.span), index + (type(item) is Atom)
        read = _WORDS.get(kind)
        if read is not None:
            return read(self, item), index + 1
        depths: list[int | None] = []
        while index < len(items):
            item = items[index]
            if type(item) is not Atom or item.kind not in (Number, Name.Variable):
                break
            depths.append(self._label(item))
            index += 1
        known = tuple(depth for depth in depths if depth is not None)
        return (BranchTable(known) if len(known) == len(depths) else None), index

    def _after_results(self, items: list[Item], index: int) -> int:
        """The index after the types that a `select` names."""
        while index < len(items):
            item = items[index]
            if type(item) is not Form or item.head != "result":
                break
            message = "`select` with a type is real WebAssembly that this version does not run"
            self.report("not-implemented", item.span, message)
            index += 1
        return index

    def _no_immediate(self, row: InstructionRow, item: Item | None, span: Span) -> int | None:
        """Report what lacks; 0 where the instruction does the same to the stack without it."""
        kind = row.immediates
        what = "label" if kind is Immediates.LABELS else kind.value
        fixes: tuple[Fix, ...] = ()
        if type(item) is Atom:
            span = item.span
            name = f"${item.text}"
            labels = {label.name for label in self.labels}
            if name in self.names.locals or name in self.names.functions or name in labels:
                fixes = hints.replacements(item.span, [name])
        elif kind is Immediates.CONSTANT and type(item) is Form:
            edits = (Edit(Span(span.start, item.start), ""), Edit(Span(item.end, span.end), ""))
            fixes = (Fix("keep the operand alone", edits),)
        message = f"`{row.name}` needs a {what} after its name"
        self.report("missing-immediate", span, message, *fixes)
        return 0 if kind in {Immediates.CONSTANT, Immediates.LOCAL} else None

    def _constant(self, item: Atom) -> int:
        number = decode_integer(item.text)
        if number is None or not -(1 << 31) <= number < 1 << 32:
            message = f"`{item.text}` is no i32: it takes -2^31 to 2^32-1"
            self.report("bad-constant", item.span, message)
            return 0
        return number & MASK

    def _local(self, item: Atom) -> int | None:
        return self._index(item, self.names.locals, self.names.local_count, "local")

    def _function(self, item: Atom) -> int | None:
        return self._index(item, self.names.functions, self.names.function_count, "function")

    def _index(self, item: Atom, names: dict[str, int], count: int, what: str) -> int | None:
        """The index that a name or a number stands for; what was surely meant where it is none."""
        found = names.get(item.text) if item.kind is Name.Variable else decode_index(item.text)
        if found is not None and 0 <= found < count:
            return found
        near = hints.nearest_names(item.text, names) if item.kind is Name.Variable else []
        offered = what == "function" and item.kind is Name.Variable and not near
        near = hints.host_functions(item.text, self.names.host) if offered else near
        if item.text in near:
            # It stands where the expansion saw no call, which has been reported.
            return None
        hint = hints.choices(near)
        if item.kind is Number:
            hint = f": they are 0 to {count - 1}" if count else ": there is none at all"
        reported = self._undeclared if what == "local" else self.names.missing
        if item.text in reported:
            # What is used often and is not there is one problem.
            index = reported[item.text]
            self.diagnostics[index] = hints.used_again(self.diagnostics[index], item.span)
        else:
            reported[item.text] = len(self.diagnostics)
            message = f"there is no {what} `{item.text}`{hint}"
            fixes = hints.replacements(item.span, near)
            self.report(f"unknown-{what}", item.span, message, *fixes)
        if what == "local":
            return 0
        return names.get(near[0]) if near else None

    def _label(self, item: Atom) -> int | None:
        if item.kind is Name.Variable:
            for depth, label in enumerate(reversed(self.labels)):
                if label.name == item.text:
                    return depth
        else:
            number = decode_index(item.text)
            if number is not None and 0 <= number <= len(self.labels):
                return number
        known = [label.name for label in self.labels if label.name]
        hint = f"; these are: {', '.join(f'`{name}`' for name in known)}" if known else ""
        message = f"no label `{item.text}` is in force here{hint}"
        near = hints.nearest_names(item.text, known) or known[-1:]
        self.report("unknown-label", item.span, message, *hints.replacements(item.span, near))
        return None

    def _memory_argument(
        self, row: InstructionRow, items: list[Item], index: int
    ) -> tuple[MemoryArgument, int]:
        values = {"offset": 0, "align": row.size}
        for key in ("offset", "align"):
            item = items[index] if index < len(items) else None
            if type(item) is not Atom or not item.text.startswith(f"{key}="):
                continue
            index += 1
            number = decode_index(item.text.partition("=")[2])
            if number is None or not 0 <= number < 1 << 32:
                self.report("bad-constant", item.span, f"`{item.text}` is no {key}")
            elif key == "align" and (number & (number - 1) or not 0 < number <= row.size):
                message = f"the alignment of `{row.name}` is a power of two up to {row.size}"
                natural = Fix("take it away", (Edit(Span(item.start - 1, item.end), ""),))
                self.report("bad-alignment", item.span, message, natural)
            else:
                values[key] = number
        return MemoryArgument(values["align"].bit_length() - 1, values["offset"]), index


_WORDS: dict[Immediates, Callable[[BodyResolver, Atom], int | None]] = {
    Immediates.CONSTANT: BodyResolver._constant,
    Immediates.LOCAL: BodyResolver._local,
    Immediates.FUNCTION: BodyResolver._function,
    Immediates.LABEL: BodyResolver._label,
}
"""How the one word is read that follows an instruction."""

"""Which requests of `memory.grow` wasmtime takes for constants (STEPPING.md P3).

It charges those of up to 128 pages whether or not they succeed, and looks at no limit after them.
What counts is where a value was defined when the code was translated: through locals and blocks,
but not through the head of a loop that is still open. Followed here in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from watstep.module.ir import BlockType, BranchTable, Function, Instruction, Module
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.types import FunctionType

MOST_PAGES = 128
_TYPES = {row.name: row.type for row in INSTRUCTIONS.values() if row.type is not None}
_POPS = {"drop": 1, "select": 3}


class _Edge(NamedTuple):
    """What comes to a label along one way: the definition of each local, of each value."""

    locals: list[int]
    values: list[int]


@dataclass
class _Label:
    keyword: str
    type: FunctionType
    height: int
    start: _Edge
    """What came to its beginning."""
    head: _Edge
    """What stands for that inside: new definitions in a loop."""
    live: bool
    edges: list[_Edge] = field(default_factory=list)
    """What branches bring, to the end or to a loop's beginning."""
    otherwise: bool = False


def small_requests(module: Module, function: Function) -> frozenset[int]:
    """The indices in the body of each `memory.grow` with a constant request up to 128 pages."""
    body = function.body
    requests = [pc for pc, instruction in enumerate(body) if instruction.name == "memory.grow"]
    before = {pc: body[pc - 1] for pc in requests if pc and body[pc - 1].name == "i32.const"}
    if len(before) < len(requests):
        return _Definitions(module, function).follow()
    small = range(MOST_PAGES + 1)
    return frozenset(pc for pc, constant in before.items() if constant.immediate in small)


class _Definitions:
    """The definitions of a function's values; each is a number, 0 that of locals never written."""

    def __init__(self, module: Module, function: Function) -> None:
        self.module, self.body = module, function.body
        self.made = 0
        self.constants = {0: 0}
        self.same_as: dict[int, int] = {}
        self.sources: dict[int, tuple[int, ...]] = {}
        self.used: set[int] = set()
        params = len(function.type.params)
        zeros = [0] * (len(function.locals) - params)
        self.locals = [*(self._new() for _ in range(params)), *zeros]
        self.stack: list[int] = []
        self.live = True
        start = _Edge(self.locals, [])
        outer = FunctionType((), function.type.results)
        self.labels = [_Label("func", outer, 0, start, start, live=True)]
        self.found: set[int] = set()

    def follow(self) -> frozenset[int]:
        """Go through the body once, in order."""
        for pc, instruction in enumerate(self.body):
            block = instruction.immediate
            if isinstance(block, BlockType):
                self._open(instruction.name, block)
            elif instruction.name == "else":
                self._else()
            elif instruction.name == "end":
                self._end()
            elif self.live:
                self._straight(pc, instruction)
        return frozenset(self.found)

    def _new(self, *sources: int) -> int:
        self.made += 1
        self.sources[self.made] = sources
        return self.made

    def _find(self, value: int) -> int:
        while value in self.same_as:
            value = self.same_as[value]
        return value

    def _use(self, value: int) -> int:
        """The definition behind a value that is read; what it was merged from is read too."""
        pending = [self._find(value)]
        while pending:
            reached = self._find(pending.pop())
            if reached not in self.used:
                self.used.add(reached)
                pending += self.sources.get(reached, ())
        return self._find(value)

    def _take(self, count: int) -> list[int]:
        taken = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return taken

    def _straight(self, pc: int, instruction: Instruction) -> None:
        name, value = instruction.name, instruction.immediate
        if name == "i32.const":
            assert isinstance(value, int)
            self.stack.append(self._new())
            self.constants[self.made] = value
        elif name == "local.get":
            assert isinstance(value, int)
            self.stack.append(self._use(self.locals[value]))
        elif name in {"local.set", "local.tee"}:
            assert isinstance(value, int)
            self.locals = [*self.locals]
            self.locals[value] = self.stack[-1]
            if name == "local.set":
                self.stack.pop()
        elif name in {"br", "br_if", "br_table", "return", "unreachable"}:
            self._branch(name, value)
        else:
            self._plain(pc, name, value)

    def _plain(self, pc: int, name: str, value: object) -> None:
        signature = _TYPES.get(name)
        if name == "call":
            assert isinstance(value, int)
            signature = self.module.function_type(value)
        taken = self._take(len(signature.params) if signature else _POPS.get(name, 0))
        if name == "memory.grow" and self.constants.get(self._find(taken[0]), 129) <= MOST_PAGES:
            self.found.add(pc)
        results = len(signature.results) if signature else int(name == "select")
        self.stack += [self._new() for _ in range(results)]

    def _branch(self, name: str, value: object) -> None:
        if name in {"br_if", "br_table"}:
            self.stack.pop()
        depths = value.depths if isinstance(value, BranchTable) else (value,)
        for depth in depths:
            if isinstance(depth, int):
                label = self.labels[-1 - depth]
                wanted = label.type.params if label.keyword == "loop" else label.type.results
                self._bring(label, len(wanted))
        self.live = name == "br_if"

    def _bring(self, label: _Label, count: int) -> None:
        label.edges.append(_Edge(self.locals, self.stack[len(self.stack) - count :]))

    def _open(self, keyword: str, block: BlockType) -> None:
        if not self.live:
            self.labels.append(
                _Label(keyword, block.type, 0, _Edge([], []), _Edge([], []), live=False)
            )
            return
        if keyword == "if":
            self.stack.pop()
        start = _Edge(self.locals, self._take(len(block.type.params)))
        head = start
        if keyword == "loop":
            head = _Edge([self._new() for _ in start.locals], [self._new() for _ in start.values])
            self.used.update(head.values)
        label = _Label(keyword, block.type, len(self.stack), start, head, live=True)
        self.labels.append(label)
        self._enter(label)

    def _enter(self, label: _Label) -> None:
        self.locals = label.head.locals
        self.stack = [*self.stack[: label.height], *label.head.values]
        self.live = label.live

    def _else(self) -> None:
        label = self.labels[-1]
        if self.live:
            self._bring(label, len(label.type.results))
        if label.live:
            label.otherwise = True
            self._enter(label)

    def _end(self) -> None:
        label = self.labels.pop()
        if not label.live:
            return
        if label.keyword == "loop":
            self._close_loop(label)
            label.edges.clear()
        if self.live:
            self._bring(label, len(label.type.results))
        if label.keyword == "if" and not label.otherwise:
            label.edges.append(label.start)
        self.live = bool(label.edges)
        if self.live:
            self.locals = self._merged([edge.locals for edge in label.edges])
            values = self._merged([edge.values for edge in label.edges])
            self.stack = [*self.stack[: label.height], *values]

    def _merged(self, rows: list[list[int]]) -> list[int]:
        if len(rows) == 1:
            return rows[0]
        by_place = zip(*rows, strict=True)
        columns = [list(dict.fromkeys(map(self._find, column))) for column in by_place]
        return [column[0] if len(column) == 1 else self._new(*column) for column in columns]

    def _close_loop(self, label: _Label) -> None:
        """All ways to a loop's head are known: where they bring one value, it is that value."""
        starts = [*label.start.locals, *label.start.values]
        backs = [[*edge.locals, *edge.values] for edge in label.edges]
        for number, own in enumerate([*label.head.locals, *label.head.values]):
            ways = [starts[number], *(back[number] for back in backs)]
            self.sources[own] = tuple(ways)
            if own in self.used:
                ways = [self._use(way) for way in ways]
            elif backs:
                continue
            others = {self._find(way) for way in ways} - {own}
            if len(others) == 1:
                self.same_as[own] = others.pop()

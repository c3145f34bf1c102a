"""The operand stack after each instruction, its values named by where they come from."""

from __future__ import annotations

import operator
from collections.abc import Callable

from watstep.module.ir import Function, Import, Instruction, Module
from watstep.validate.stack import UNREACHABLE, Checker
from watstep.validate.wording import Reading
from watstep.wasm.values import signed, wrap

ENDS = "nothing runs after this"
NEVER = "never runs"
UNKNOWN = "i32"
"""The name of a value of which nothing shorter can be said than its type."""

_DEEP = 16
"""Values of a stack that are written; the ones below are left out."""
_LONGEST = 24
"""Characters of an expression that still says more than its type."""
_AFTER_NAME = frozenset(("", " ", "(", ")"))
_ANSWER = ("ptr", "err")
"""What a host function that can fail pushes (LANGUAGE.md 6)."""

_OPERATORS: dict[str, tuple[str, Callable[[int, int], int]]] = {
    "i32.add": ("+", operator.add),
    "i32.sub": ("-", operator.sub),
    "i32.mul": ("*", operator.mul),
    "i32.and": ("&", operator.and_),
    "i32.or": ("|", operator.or_),
    "i32.eq": ("=", operator.eq),
    "i32.ne": ("!=", operator.ne),
    "i32.lt_s": ("<", operator.lt),
    "i32.gt_s": (">", operator.gt),
    "i32.le_s": ("<=", operator.le),
    "i32.ge_s": (">=", operator.ge),
}
"""How an operation is written, and what it gives of two signed constants."""
_WRITTEN = {name: sign for name, (sign, _) in _OPERATORS.items()} | {
    "i32.div_s": "/",
    "i32.rem_s": "%",
}


def stacks_after(module: Module, function: Function) -> tuple[str, ...]:
    """For each instruction the stack that it leaves, bottom first: `[10, $n + 1]`.

    Where it leaves none because control goes elsewhere, words say so.
    """
    checker = Checker(Reading(module), function, [], range(len(function.body)), _DEEP)
    heights = checker.run().heights
    naming = _Naming(module, function)
    found: list[str] = []
    for pc, instruction in enumerate(function.body):
        naming.take(pc, instruction, checker.seen[pc])
        after = pc + 1
        if after == len(function.body):
            found.append("")
        elif not heights[after]:
            found.append("[]")
        elif heights[after] == UNREACHABLE:
            found.append(NEVER if heights[pc] == UNREACHABLE else ENDS)
        else:
            below = "..., " if heights[after] > len(checker.seen[after]) else ""
            found.append(f"[{below}{', '.join(naming.words(checker.seen[after]))}]")
    return tuple(found)


class _Naming:
    """Names for the values that each instruction pushes, given in the order of the body."""

    def __init__(self, module: Module, function: Function) -> None:
        self.module = module
        self.function = function
        self.imported = module.imported_functions
        self.names: dict[int, tuple[str, ...]] = {}

    def words(self, stack: tuple[int, ...]) -> list[str]:
        """The names of a stack's values; one that pushed several is there several times in turn."""
        if len(stack) == 1:
            return [(self.names.get(stack[0]) or (UNKNOWN,))[0]]
        words: list[str] = []
        before, number = -1, 0
        for pusher in stack:
            number = number + 1 if pusher == before else 0
            names = self.names.get(pusher, ())
            words.append(names[number] if number < len(names) else UNKNOWN)
            before = pusher
        return words

    def take(self, pc: int, instruction: Instruction, stack: tuple[int, ...]) -> None:
        """Name what the instruction pushes; `stack` is the one before it."""
        name, immediate = instruction.name, instruction.immediate
        if name == "i32.const" and isinstance(immediate, int):
            self.names[pc] = (str(signed(immediate)),)
        elif name in _WRITTEN:
            self.names[pc] = (self._operation(name, self.words(stack)[-2:]),)
        elif name == "call" and isinstance(immediate, int):
            self.names[pc] = self._results(immediate)
        elif name[:6] == "local." and isinstance(immediate, int):
            found = self.function.locals[immediate : immediate + 1]
            local = (found[0].name if found else None) or f"local {immediate}"
            if name != "local.get":
                self._forget(local, stack)
            self.names[pc] = (local,)

    def _forget(self, local: str, stack: tuple[int, ...]) -> None:
        """What was read of a local before it was set is no longer what its name says."""
        if not stack:
            return
        for pusher in stack:
            if any(_mentions(word, local) for word in self.names.get(pusher, ())):
                self.names[pusher] = (UNKNOWN,)

    def _operation(self, name: str, operands: list[str]) -> str:
        if len(operands) < 2 or UNKNOWN in operands:
            return UNKNOWN
        left, right = operands
        if name in _OPERATORS and _is_number(left) and _is_number(right):
            return str(signed(wrap(int(_OPERATORS[name][1](int(left), int(right))))))
        written = f"{_operand(left)} {_WRITTEN[name]} {_operand(right)}"
        return written if len(written) <= _LONGEST else UNKNOWN

    def _results(self, index: int) -> tuple[str, ...]:
        """The names of what a call pushes."""
        count = len(self.module.function_type(index).results)
        if index >= len(self.imported):
            name = self.module.functions[index - len(self.imported)].label
            return (name,) if count == 1 else ()
        item: Import = self.imported[index]
        return _ANSWER if count == len(_ANSWER) else (item.name,)


def _mentions(word: str, local: str) -> bool:
    """Whether a name speaks of a local, and not of one whose name begins like it."""
    at = word.find(local)
    while at >= 0:
        after = word[at + len(local) : at + len(local) + 1]
        if after in _AFTER_NAME:
            return True
        at = word.find(local, at + 1)
    return False


def _is_number(word: str) -> bool:
    return word.lstrip("-").isdigit()


def _operand(word: str) -> str:
    return f"({word})" if " " in word and not word.startswith("local ") else word

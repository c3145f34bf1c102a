"""The machine's inner loop, compiled once from the table of operations."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

from watstep.machine import operations
from watstep.machine.operations import OPERATIONS, TEMPLATES

GROUP = 6
"""How many operations are asked for one after the other before a group is left."""


class Reason(IntEnum):
    """Why the loop gave control back."""

    LIMIT = 0
    STOPPED = 1
    """At an instruction with a stop; it has not been executed."""
    HOST = 2
    """At a call of a host function; it waits for its answer."""
    ENDED = 3
    OUT_OF_FUEL = 4
    TOO_DEEP = 5
    RETURNED = 6
    """A frame was left and no more than `floor` callers are there."""
    TRAPPED = 7


_HEAD = """
def run(machine, limit, codes, floor):
    frames = machine.frames
    function, pc, locals_, stack = machine.top
    code = codes[function]
    push, pop = stack.append, stack.pop
    memory, size, dirty = machine.memory, len(machine.memory), machine.dirty
    price, grow, ceiling = machine.price_of_growing, machine.grow_memory, machine.fuel_ceiling
    credit, fuel, depth = machine.credit, machine.fuel_limit, machine.depth_limit
    exact = machine.limits.exact_fuel
    step, skipped, here, reason = machine.step, 0, pc, LIMIT
    try:
        while step - skipped < limit:
            for step in range(step, limit + skipped):
                here = pc
                op, arg, pc = code[pc]
"""
_TAIL = """
            else:
                step += 1
                continue
            break
    except MachineTrapError as trap:
        machine.failure = trap
        reason, pc = TRAPPED, here
    machine.top = (function, pc, locals_, stack)
    machine.credit = credit + skipped
    machine.step = step - skipped
    return reason
"""


def source() -> str:
    """The text of the loop: a tree of comparisons with each operation's template as a leaf."""
    names = list(TEMPLATES)
    lines = [_HEAD.rstrip("\n")]
    indent = " " * 16
    for start in range(0, len(names), GROUP):
        group = names[start : start + GROUP]
        word = "if" if start == 0 else "elif"
        lines.append(f"{indent}{word} op < {start + len(group)}:")
        for offset, name in enumerate(group):
            number = start + offset
            last = offset == len(group) - 1
            test = "else:" if last and offset else f"{'elif' if offset else 'if'} op == {number}:"
            lines.append(f"{indent}    {test}")
            body = TEMPLATES[name].replace("{name}", name)
            lines += [f"{indent}        {line}" for line in body.splitlines()]
    return "\n".join(lines) + _TAIL


def compile_loop() -> Callable[[Any, int, list[Any], int], int]:
    """Compile the loop; called as (machine, instant to stop at, codes, floor)."""
    scope: dict[str, Any] = {reason.name: int(reason) for reason in Reason}
    scope["EXIT"] = OPERATIONS["exit"]
    scope["from_bytes"] = int.from_bytes
    for name in ("div_s", "rem_s", "div_u", "rem_u", "out_of_bounds", "unreachable"):
        scope[name] = getattr(operations, name)
    scope["MachineTrapError"] = operations.MachineTrapError
    exec(compile(source(), "<machine loop>", "exec"), scope)
    run: Callable[[Any, int, list[Any], int], int] = scope["run"]
    return run

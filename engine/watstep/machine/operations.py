"""What each operation does, as templates of Python; the machine's loop is compiled from them."""

from __future__ import annotations

from watstep.machine.outcome import TrapKind
from watstep.source.text import counted
from watstep.wasm.values import signed

CHUNK_BITS = 12
"""A store marks the piece of the memory that it writes to; one that crosses the end of it writes
to the next one too."""

SIGN = 0x80000000
MASK = 0xFFFFFFFF


class MachineTrapError(Exception):
    """An instruction that traps; its operands are still on the stack."""

    def __init__(self, kind: TrapKind, message: str) -> None:
        """`message` says the operation and its operands."""
        super().__init__(message)
        self.kind = kind


def div_s(a: int, b: int) -> int:
    """`i32.div_s`: toward zero."""
    if b == 0:
        raise MachineTrapError(TrapKind.DIVIDE_BY_ZERO, f"i32.div_s: {signed(a)} / 0")
    x, y = signed(a), signed(b)
    if x == -SIGN and y == -1:
        message = f"i32.div_s: {x} / -1 does not fit an i32"
        raise MachineTrapError(TrapKind.INTEGER_OVERFLOW, message)
    quotient = abs(x) // abs(y)
    return (quotient if (x < 0) == (y < 0) else -quotient) & MASK


def rem_s(a: int, b: int) -> int:
    """`i32.rem_s`: with the sign of the first."""
    if b == 0:
        raise MachineTrapError(TrapKind.DIVIDE_BY_ZERO, f"i32.rem_s: {signed(a)} % 0")
    x = signed(a)
    rest = abs(x) % abs(signed(b))
    return (-rest if x < 0 else rest) & MASK


def div_u(a: int, b: int) -> int:
    """`i32.div_u`."""
    if b == 0:
        raise MachineTrapError(TrapKind.DIVIDE_BY_ZERO, f"i32.div_u: {a} / 0")
    return a // b


def rem_u(a: int, b: int) -> int:
    """`i32.rem_u`."""
    if b == 0:
        raise MachineTrapError(TrapKind.DIVIDE_BY_ZERO, f"i32.rem_u: {a} % 0")
    return a % b


def out_of_bounds(address: int, size: int, length: int, what: str) -> MachineTrapError:
    """The trap of an access of `size` bytes in a memory of `length`."""
    return MachineTrapError(
        TrapKind.OUT_OF_BOUNDS,
        f"{what}: {counted(size, 'byte')} at address {address} of a memory of {length:,}",
    )


def unreachable() -> None:
    """`unreachable`."""
    raise MachineTrapError(TrapKind.UNREACHABLE, "`unreachable` was executed")


def _binary(expression: str) -> str:
    return f"b = pop(); stack[-1] = {expression}"


def _compare(operator: str, *, sign: bool = False) -> str:
    bias = " ^ 2147483648" if sign else ""
    return _binary(f"1 if (stack[-1]{bias}) {operator} (b{bias}) else 0")


def _load(size: int, value: str) -> str:
    return (
        f"a = stack[-1] + arg\n"
        f"if a + {size} > size: raise out_of_bounds(a, {size}, size, '{{name}}')\n"
        f"stack[-1] = {value}"
    )


def _store(size: int, content: str) -> str:
    return (
        f"a = stack[-2] + arg\n"
        f"if a + {size} > size: raise out_of_bounds(a, {size}, size, '{{name}}')\n"
        f"v = pop(); pop(); {content}; dirty[a >> {CHUNK_BITS}] = 1"
    )


TEMPLATES: dict[str, str] = {
    "local.get": "push(+locals_[arg])",
    "i32.const": "push(arg)",
    "local.set": "locals_[arg] = pop()",
    "i32.add": _binary("(stack[-1] + b) & 4294967295"),
    "br_if": "if pop(): pc = arg",
    "br": "pc = arg",
    "loop": "if step + credit >= fuel: reason = OUT_OF_FUEL; pc = here; break\ncredit -= 1",
    "if": "if not pop(): pc = arg",
    "local.tee": "locals_[arg] = stack[-1]",
    "i32.sub": _binary("(stack[-1] - b) & 4294967295"),
    "i32.eq": _compare("=="),
    "i32.ne": _compare("!="),
    "i32.lt_s": _compare("<", sign=True),
    "i32.gt_s": _compare(">", sign=True),
    "i32.le_s": _compare("<=", sign=True),
    "i32.ge_s": _compare(">=", sign=True),
    "i32.mul": _binary("(stack[-1] * b) & 4294967295"),
    "i32.and": _binary("stack[-1] & b"),
    "i32.or": _binary("stack[-1] | b"),
    "i32.load": _load(4, "from_bytes(memory[a:a + 4], 'little')"),
    "i32.store": _store(4, "memory[a:a + 4] = v.to_bytes(4, 'little')"),
    "exit": (
        "if not frames: reason = ENDED; pc = here; break\n"
        "function, here, locals_, b = frames.pop()\n"
        "b.extend(stack); stack = b; push = stack.append; pop = stack.pop\n"
        "code = codes[function]; pc = code[here][2]; credit -= 1; skipped += 1\n"
        "if len(frames) <= floor and code[pc][0] != EXIT: reason = RETURNED; step += 1; break"
    ),
    "block": "credit -= 1",
    "call": (
        "if len(frames) >= depth: reason = TOO_DEEP; pc = here; break\n"
        "frames.append((function, here, locals_, stack))\n"
        "function, a, b = arg\n"
        "if a: locals_ = stack[-a:] + b; del stack[-a:]\n"
        "else: locals_ = b[:]\n"
        "stack = []; push = stack.append; pop = stack.pop\n"
        "code = codes[function]; pc = 0; credit += 1\n"
        "if step + 1 + credit >= fuel: reason = OUT_OF_FUEL; step += 1; break"
    ),
    "host": "reason = HOST; pc = here; break",
    "return": "credit -= 1\nif arg: del stack[:-arg]\nelse: stack.clear()",
    "stop": "reason = STOPPED; pc = here; break",
    "br unwinding": (
        "pc, a, b = arg\nif a: v = stack[-a:]; del stack[b:]; stack.extend(v)\nelse: del stack[b:]"
    ),
    "br_if unwinding": (
        "if pop():\n"
        "    pc, a, b = arg\n"
        "    if a: v = stack[-a:]; del stack[b:]; stack.extend(v)\n"
        "    else: del stack[b:]"
    ),
    "br_table": (
        "a = pop(); pc, a, b = arg[a] if a < len(arg) else arg[-1]\n"
        "if a: v = stack[-a:]; del stack[b:]; stack.extend(v)\n"
        "else: del stack[b:]"
    ),
    "i32.div_s": "stack[-2:] = (div_s(stack[-2], stack[-1]),)",
    "i32.rem_s": "stack[-2:] = (rem_s(stack[-2], stack[-1]),)",
    "i32.div_u": "stack[-2:] = (div_u(stack[-2], stack[-1]),)",
    "i32.rem_u": "stack[-2:] = (rem_u(stack[-2], stack[-1]),)",
    "memory.grow": (
        "a = price(stack[-1], arg)\n"
        "if step + credit + a >= ceiling: reason = OUT_OF_FUEL; pc = here; break\n"
        "stack[-1] = grow(stack[-1])\n"
        "size = len(memory)\n"
        "if arg or stack[-1] != 4294967295: credit += a\n"
        "if exact: step += 1; break\n"
        "if not arg and stack[-1] != 4294967295 and step + 1 + credit >= fuel:\n"
        "    reason = OUT_OF_FUEL; step += 1; machine.grew_at = here; break"
    ),
    "memory.size": "push(size >> 16)",
    "drop": "pop(); credit -= 1",
    "nop": "credit -= 1",
    "select": "a = pop(); b = pop()\nif not a: stack[-1] = b",
    "unreachable": "unreachable()",
    "i32.eqz": "stack[-1] = 0 if stack[-1] else 1",
    "i32.lt_u": _compare("<"),
    "i32.gt_u": _compare(">"),
    "i32.le_u": _compare("<="),
    "i32.ge_u": _compare(">="),
    "i32.xor": _binary("stack[-1] ^ b"),
    "i32.shl": _binary("(stack[-1] << (b & 31)) & 4294967295"),
    "i32.shr_u": _binary("stack[-1] >> (b & 31)"),
    "i32.shr_s": _binary("(((stack[-1] ^ 2147483648) - 2147483648) >> (b & 31)) & 4294967295"),
    "i32.rotl": _binary("((stack[-1] << (b & 31)) | (stack[-1] >> (32 - (b & 31)))) & 4294967295"),
    "i32.rotr": _binary("((stack[-1] >> (b & 31)) | (stack[-1] << (32 - (b & 31)))) & 4294967295"),
    "i32.clz": "stack[-1] = 32 - stack[-1].bit_length()",
    "i32.ctz": "a = stack[-1]; stack[-1] = (a & -a).bit_length() - 1 if a else 32",
    "i32.popcnt": "stack[-1] = stack[-1].bit_count()",
    "i32.extend8_s": "stack[-1] = (((stack[-1] & 255) ^ 128) - 128) & 4294967295",
    "i32.extend16_s": "stack[-1] = (((stack[-1] & 65535) ^ 32768) - 32768) & 4294967295",
    "i32.load8_u": _load(1, "memory[a]"),
    "i32.load8_s": _load(1, "((memory[a] ^ 128) - 128) & 4294967295"),
    "i32.load16_u": _load(2, "memory[a] | memory[a + 1] << 8"),
    "i32.load16_s": _load(2, "(((memory[a] | memory[a + 1] << 8) ^ 32768) - 32768) & 4294967295"),
    "i32.store8": _store(1, "memory[a] = v & 255"),
    "i32.store16": _store(2, "memory[a:a + 2] = (v & 65535).to_bytes(2, 'little')"),
}
"""By operation, the most frequent first: the loop asks for them in this order.

In scope: `stack` and its `push` and `pop`, `locals_`, `memory`, its `size` and the marks of its
`dirty` chunks, `arg` (the decoded immediate), `here` and `pc` (this instruction and the next),
`frames`, `credit` (fuel used less instructions executed), `fuel` (where it runs out) and `ceiling`
(what it never passes). A local that was never set holds `False`, which counts as 0 (STEPPING.md
L3). A template that can trap leaves its operands on the stack until it cannot.
"""

OPERATIONS: dict[str, int] = {name: number for number, name in enumerate(TEMPLATES)}
"""The number of each operation in decoded code."""

_FREE = frozenset(("block", "loop", "return", "drop", "nop", "unreachable", "exit"))
COSTS: tuple[int, ...] = tuple(
    0 if name in _FREE else 2 if name == "call" else 1 for name in TEMPLATES
)
"""The fuel that each operation uses at least, by number; a call pays for the entry too."""

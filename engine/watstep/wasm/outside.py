"""Real WebAssembly that a profile leaves out, and what does the job instead."""

from __future__ import annotations

import re

REAL_INSTRUCTION = re.compile(
    r"(?:i64|f32|f64)\.[a-z0-9_]+"
    r"|(?:v128|[if](?:8x16|16x8|32x4|64x2))\.[a-z0-9_.]+"
    r"|i32\.(?:wrap_i64|(?:trunc|reinterpret)\w+|atomic\.\w+)"
    r"|(?:global|table|ref|struct|array|i31|extern|any|elem|data)\.[a-z0-9_.]+"
    r"|memory\.(?:copy|fill|init|atomic\.\w+)"
    r"|(?:return_)?call_(?:indirect|ref)|return_call"
    r"|throw|throw_ref|try_table|try|catch|rethrow|delegate|br_on_\w+"
)
"""The names of the instructions of WebAssembly that this version does not run."""

NEAREST: dict[str, str] = {
    "drop": "take the value with `local.set` into a scratch local",
    "select": "write `(if (result i32) CONDITION (then FIRST) (else SECOND))`",
    "nop": "leave it out",
    "unreachable": "return an error code with `return`",
    "br_table": "write a chain of `br_if`",
    "memory.size": "write `(memory.grow (i32.const 0))`",
    "i32.eqz": "write `(i32.eq X (i32.const 0))`",
    "i32.lt_u": "use `i32.lt_s`",
    "i32.gt_u": "use `i32.gt_s`",
    "i32.le_u": "use `i32.le_s`",
    "i32.ge_u": "use `i32.ge_s`",
    "i32.div_u": "use `i32.div_s`",
    "i32.rem_u": "use `i32.rem_s`",
    "i32.xor": "write `(i32.sub (i32.or A B) (i32.and A B))`",
    "i32.shl": "use `i32.mul` with a power of two",
    "i32.shr_s": "use `i32.div_s` by a power of two",
    "i32.shr_u": "use `i32.div_s` by a power of two",
    "i32.rotl": "multiply by a power of two and add the bits that leave",
    "i32.rotr": "divide by a power of two and add the bits that leave",
    "i32.clz": "count in a loop with `i32.div_s` by 2",
    "i32.ctz": "count in a loop with `i32.rem_s` and `i32.div_s` by 2",
    "i32.popcnt": "count in a loop with `i32.and` and `i32.div_s` by 2",
    "i32.extend8_s": "use `i32.and` with 255, and subtract 256 where it is over 127",
    "i32.extend16_s": "use `i32.and` with 65535, and subtract 65536 where it is over 32767",
    "i32.load8_u": "use `i32.load` and `(i32.and X (i32.const 255))`",
    "i32.load8_s": "use `i32.load` and `i32.and`",
    "i32.load16_u": "use `i32.load` and `(i32.and X (i32.const 65535))`",
    "i32.load16_s": "use `i32.load` and `i32.and`",
    "i32.store8": "use `i32.store`",
    "i32.store16": "use `i32.store`",
    "call_indirect": "use `call` under `if`",
    "return_call": "use `call` and `return`",
    "global.get": "keep the value in a local or in memory (`i32.load`)",
    "global.set": "keep the value in a local or in memory (`i32.store`)",
    "memory.copy": "copy in a loop with `i32.load` and `i32.store`",
    "memory.fill": "fill in a loop with `i32.store`",
}
"""The nearest member of the `agent` profile that does the job of an instruction outside it."""


REWRITES: dict[str, tuple[str, str]] = {
    "i32.eqz": ("i32.eq", "(i32.const 0)"),
    "memory.size": ("memory.grow", "(i32.const 0)"),
    "i32.lt_u": ("i32.lt_s", ""),
    "i32.gt_u": ("i32.gt_s", ""),
    "i32.le_u": ("i32.le_s", ""),
    "i32.ge_u": ("i32.ge_s", ""),
    "i32.div_u": ("i32.div_s", ""),
    "i32.rem_u": ("i32.rem_s", ""),
}
"""A member of the `agent` profile to write instead, and the last operand that it takes besides."""


NEAREST_FIELD: dict[str, str] = {
    "table": "call functions by name, under `if`",
    "elem": "call functions by name, under `if`",
    "global": "keep the value in a local or in memory (`i32.load`, `i32.store`)",
    "tag": "return an error code",
    "rec": "every value is an i32",
}
"""What does the job of a field of a module that this version does not have."""


_RESULT = "log a line by `$dbg.log`, and give the result by `(resv ...)`"
_ARGUMENTS = "an argument comes by `(argv N $name)`, how many there are says `$sys.argc`"
_FILES = "this host opens no files: keep texts under keys by `$kv.get` and `$kv.set`"
_SOCKETS = "ask a server by `$http.get` or `$http.post`"
WASI_INSTEAD: dict[str, str] = {
    "args_": _ARGUMENTS,
    "environ_": "there is no environment: what a program needs comes by `(argv N $name)`",
    "fd_write": _RESULT,
    "fd_pwrite": _RESULT,
    "fd_read": f"there is no standard input: {_ARGUMENTS}",
    "fd_prestat_": _FILES,
    "fd_": _FILES,
    "path_": _FILES,
    "proc_exit": "`return` an error code, 0 for success",
    "proc_raise": "`return` an error code",
    "random_get": "nothing is random here, a run repeats exactly: pass a seed by `(argv N $name)`",
    "clock_": "there is no clock, a run repeats exactly: pass a time by `(argv N $name)`",
    "poll_oneoff": "nothing waits: a host call answers before it returns",
    "sched_yield": "one program runs alone: leave it out",
    "sock_": _SOCKETS,
}
"""What does here the job of WASI's functions, by how their names begin, the longer word first."""


def instead_of_wasi(name: str) -> str:
    """What to use instead of a function of WASI, "" for what is none."""
    return next((text for begin, text in WASI_INSTEAD.items() if name.startswith(begin)), "")


def rewrite(name: str) -> tuple[str, str] | None:
    """What of the `agent` profile says the same as `name`, as in `REWRITES`, or None."""
    twin = f"i32.{name.partition('.')[2]}"
    if name.startswith(("i64.", "f32.", "f64.")) and twin in _AGENT_TWINS:
        return twin, ""
    return REWRITES.get(name)


def nearest(name: str) -> str:
    """What to write instead of an instruction that is outside the `agent` profile."""
    if name in NEAREST:
        return NEAREST[name]
    twin = f"i32.{name.partition('.')[2]}"
    if name.startswith(("i64.", "f32.", "f64.")):
        return f"use `{twin}`" if twin in _AGENT_TWINS else "every value is an i32"
    return "the agent profile has nothing near it"


_AGENT_TWINS = frozenset(
    f"i32.{name}"
    for name in ("const", "add", "sub", "mul", "div_s", "rem_s", "and", "or", "eq", "ne")
) | frozenset(("i32.lt_s", "i32.gt_s", "i32.le_s", "i32.ge_s", "i32.load", "i32.store"))

"""P1, P3: wasmtime and the machine agree on random programs, fuel limits among them."""

from __future__ import annotations

import random

import pytest

from tests.engine.stepping import program_of
from watstep.host.settings import RunLimits, RunSettings
from watstep.machine.outcome import TrapKind
from watstep.machine.run import run_machine
from watstep.native.runner import run_native

BINARY = ("add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "lt_s", "ge_u")
RISKY = ("div_s", "rem_s", "div_u", "rem_u")
UNARY = ("eqz", "clz", "ctz", "popcnt", "extend8_s")
PROGRAMS = 500
"""In each of the four chunks, so that they can run side by side."""


class Writer:
    """Writes one random program; every loop is bounded by a counter of its own."""

    def __init__(self, seed: int) -> None:
        """The same seed writes the same program."""
        self.random = random.Random(seed)
        self.counters = 0
        self.features: set[str] = set()

    def value(self, depth: int) -> str:
        """A form that pushes one i32."""
        choose = self.random
        kind = choose.randrange(12) if depth else choose.randrange(2)
        if kind == 0:
            return f"(i32.const {choose.choice([0, 1, 2, -1, 7, 100, -2147483648, 65536])})"
        if kind == 1:
            return f"(local.get {choose.randrange(3)})"
        if kind < 6:
            names = RISKY if choose.random() < 0.15 else BINARY
            return f"(i32.{choose.choice(names)} {self.value(depth - 1)} {self.value(depth - 1)})"
        if kind == 6:
            return f"(i32.{choose.choice(UNARY)} {self.value(depth - 1)})"
        if kind == 7:
            arms = f"(then {self.value(depth - 1)}) (else {self.value(depth - 1)})"
            return f"(if (result i32) {self.value(depth - 1)} {arms})"
        if kind == 8:
            self.features.add("load")
            address = f"(i32.and {self.value(depth - 1)} (i32.const 65528))"
            return f"(i32.load offset={choose.choice([0, 4, 16])} {address})"
        if kind == 9:
            self.features.add("call")
            return f"(call $f {self.value(depth - 1)} {self.value(depth - 1)})"
        if kind == 10:
            self.features.add("branch with value")
            inner = f"(br_if 0 {self.value(depth - 1)} {self.value(depth - 1)})"
            return f"(block (result i32) (i32.add {self.value(0)} {inner}))"
        self.features.add("grow")
        return f"(memory.grow (i32.and {self.value(depth - 1)} (i32.const 3)))"

    def statement(self, depth: int) -> str:
        """A form that leaves the stack as it was."""
        choose = self.random
        kind = choose.randrange(9) if depth else choose.randrange(3)
        if kind < 2:
            return f"(local.set {choose.randrange(3)} {self.value(depth)})"
        if kind == 2:
            self.features.add("store")
            address = f"(i32.and {self.value(1)} (i32.const 65532))"
            return f"(i32.store {address} {self.value(depth)})"
        if kind == 3:
            arms = f"(then {self.body(depth - 1)}) (else {self.body(depth - 1)})"
            return f"(if {self.value(1)} {arms})"
        if kind == 4:
            self.features.add("loop")
            name = f"$c{self.counters}"
            self.counters += 1
            count = f"(local.set {name} (i32.add (local.get {name}) (i32.const 1)))"
            again = f"(br_if 0 (i32.lt_s (local.get {name}) (i32.const {choose.randrange(1, 6)})))"
            return f"(loop {self.body(depth - 1)} {count} {again})"
        if kind == 5:
            self.features.add("host")
            word = choose.choice(["one", "two", "é"])
            return f'(call $dbg.log "{word}")'
        if kind == 6:
            return f"(call $dbg.i32 {self.value(1)})"
        if kind == 7:
            self.features.add("multi-value")
            take = f"(local.set {choose.randrange(3)})"
            return f"(call $two {self.value(1)}) {take} {take}"
        self.features.add("br_table")
        body = f"(br_table 0 1 0 {self.value(1)})"
        return f"(block (block {body}) {self.statement(depth - 1)})"

    def body(self, depth: int) -> str:
        """A few statements."""
        return " ".join(self.statement(depth) for _ in range(self.random.randrange(1, 4)))

    def program(self) -> str:
        """The text of a whole program."""
        body = self.body(3)
        end = "(unreachable)" if self.random.random() < 0.03 else self.value(2)
        run_counters, self.counters = self.counters, 0
        counters = "".join(f" (local $c{n} i32)" for n in range(run_counters))
        recursive = self.random.random() < 0.5
        inner = (
            "(call $f (i32.sub (i32.and (local.get 0) (i32.const 7)) (i32.const 1)) (local.get 1))"
            if recursive
            else "(local.get 1)"
        )
        guard = "(i32.le_s (i32.and (local.get 0) (i32.const 7)) (i32.const 0))"
        helper = f"(if (result i32) {guard} (then (local.get 1)) (else {inner}))"
        locals_ = "(local $a i32) (local $b i32) (local $d i32)" + counters
        return (
            ";; profile: core\n"
            f"(func $f (param i32 i32) (result i32) {helper})\n"
            "(func $two (param i32) (result i32 i32) (local.get 0) (i32.const 3))\n"
            f"{locals_}\n{body}\n{end}\n"
        )


@pytest.mark.parametrize("chunk", range(4))
def test_random_programs_agree(chunk: int) -> None:
    """Result or trap kind, memory, host calls, and fuel at a normal end and around it."""
    reached: dict[str, int] = {}
    traps: dict[TrapKind | None, int] = {}
    for seed in range(chunk * PROGRAMS, (chunk + 1) * PROGRAMS):
        writer = Writer(seed)
        program = program_of(writer.program())
        for feature in writer.features:
            reached[feature] = reached.get(feature, 0) + 1
        fuel = 200_000
        for limit in (fuel, None, None):
            limits = RunLimits(fuel=limit if limit else max(fuel - seed % 7, 1), memory_pages=4)
            native = run_native(program, RunSettings(limits=limits))
            stepped = run_machine(program, RunSettings(limits=limits))
            kinds = [o.trap.kind if o.trap else None for o in (native, stepped)]
            assert kinds[0] is kinds[1], (seed, limits.fuel, kinds)
            assert native.memory == stepped.memory, seed
            assert native.results == stepped.results, seed
            mine = [(c.function, c.arguments, c.results) for c in native.calls]
            assert mine == [(c.function, c.arguments, c.results) for c in stepped.calls], seed
            if native.trap is None:
                assert native.fuel == stepped.fuel, seed
            traps[kinds[0]] = traps.get(kinds[0], 0) + 1
            fuel = stepped.fuel + 3
    for feature in ("call", "loop", "host", "multi-value", "load", "store", "grow", "br_table"):
        assert reached[feature] >= PROGRAMS // 8, reached
    assert traps[TrapKind.DIVIDE_BY_ZERO] >= 5
    assert traps[TrapKind.OUT_OF_FUEL] >= 20
    assert traps[None] >= PROGRAMS

"""Random programs that end: of the whole profile, and of the extensions as models write them."""

from __future__ import annotations

import random

BINARY = ("add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "lt_s", "ge_u")
RISKY = ("div_s", "rem_s", "div_u", "rem_u")
UNARY = ("eqz", "clz", "ctz", "popcnt", "extend8_s")


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


class MacroWriter(Writer):
    """Writes programs with macros, strings and early returns, also in helpers and in loops."""

    def statement(self, depth: int) -> str:
        """Every third one is of the extensions or leaves early."""
        choose = self.random
        kind = choose.randrange(18)
        if kind == 0:
            return f"(check {choose.choice(['$a', '$b'])})"
        if kind == 1:
            return f"(argv {choose.choice([0, 0, 1, 5])} $p{choose.randrange(2)})"
        if kind == 2:
            return f'(resv "{choose.choice(["x", "why"])}")'
        if kind == 3:
            return f'(resv (block (result i32) {self.statement(0)} "z"))'
        if kind == 4:
            return f"(if {self.value(1)} (then (return {self.value(1)})))"
        if kind in {5, 17}:
            name = self.counter()
            count = f"(local.tee {name} (i32.add (local.get {name}) (i32.const 1)))"
            again = f"(br_if $r (i32.lt_s {count} (i32.const 3)))"
            loop = f"(loop $r (result i32) {self.statement(0)} {again} {self.value(1)})"
            return choose.choice([f"(local.set $a {loop})", f'(resv (select "w" "v" {loop}))'])
        if kind == 6:
            return f'"alone" drop (local.set $b (call $helper {self.value(0)}))'
        return super().statement(depth)

    def counter(self) -> str:
        """A local that bounds a loop."""
        self.counters += 1
        return f"$c{self.counters - 1}"

    def program(self) -> str:
        """A body with helpers that hold statements, one of which calls itself."""
        ending = self.random.choice(["(check $a)", '(resv "r")', "(argv 0 $q)"])
        again = "(call $helper (i32.sub (i32.and (local.get $n) (i32.const 3)) (i32.const 1)))"
        helper = (
            "(func $helper (param $n i32) (result i32) (local $a i32) (local $b i32)"
            " (if (i32.gt_s (local.get $n) (i32.const 0))"
            f" (then (local.set $a {again}) {ending}))"
            " (local.set $b (local.get $n)) (i32.add (local.get $a) (local.get $b)))"
        )
        text = super().program()
        head, _, rest = text.partition("\n")
        return f"{head}\n{helper}\n{rest}"

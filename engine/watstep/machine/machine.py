"""The stepping machine: runs decoded code to an instant, hands host calls out, is captured."""

from __future__ import annotations

from typing import NamedTuple

from watstep.host.settings import RunLimits
from watstep.machine.decode import EXIT, Code, Codes, decode
from watstep.machine.loop import Reason, compile_loop
from watstep.machine.operations import COSTS, MachineTrapError
from watstep.machine.outcome import Trap, TrapKind
from watstep.pipeline import Program
from watstep.validate.checker import exported_run
from watstep.wasm.types import PAGE_SIZE
from watstep.wasm.values import wrap

CHUNK = 4096
"""The unit in which captured memories are shared, in bytes."""

_run_loop = compile_loop()


class FrameState(NamedTuple):
    """A program frame: in a caller `pc` is the index of the call."""

    function: int
    pc: int
    locals: tuple[int, ...]
    stack: tuple[int, ...]


class MachineState(NamedTuple):
    """Everything about the machine at one instant; the last frame is the innermost."""

    step: int
    credit: int
    calls_made: int
    frames: tuple[FrameState, ...]
    memory: tuple[bytes, ...]
    """In chunks of `CHUNK` bytes, shared between states where they are equal."""
    ended: bool


class Machine:
    """One run in progress. `step` is the instant, `ended` whether `run` has returned."""

    def __init__(self, program: Program, limits: RunLimits) -> None:
        """Stand at instant 0 of a program whose `run` was checked."""
        run = exported_run(program.module)
        assert run is not None
        self.program = program
        self.limits = limits
        self.code: Code = decode(program)
        self.frames: list[tuple[int, int, list[int], list[int]]] = []
        self.top: tuple[int, int, list[int], list[int]] = (
            run.index,
            0,
            [False] * len(run.locals),
            [],
        )
        self.memory = bytearray()
        memory = program.module.memory
        if memory:
            self.memory = bytearray(memory.minimum * PAGE_SIZE)
            for data in program.module.data:
                self.memory[data.address : data.address + len(data.content)] = data.content
        highest = memory.maximum if memory and memory.maximum is not None else 65536
        self.most_pages = min(highest, limits.memory_pages)
        # Entering `run` costs a unit (STEPPING.md P3).
        self.credit = 1
        self.step = 0
        self.calls_made = 0
        # In exact mode the loop never checks: `_run_exact` keeps it from passing the limit.
        self.fuel_limit = 1 << 62 if limits.exact_fuel else limits.fuel
        self.grew_at: int | None = None
        self.depth_limit = limits.call_depth - 1
        self.failure: MachineTrapError | None = None
        self.ended = self._settle()

    @property
    def fuel(self) -> int:
        """Units used so far."""
        return self.step + self.credit

    def run(self, limit: int, codes: Codes | None = None, floor: int = -1) -> Reason:
        """Run to the instant `limit` at most; `codes` may hold stops.

        With a `floor`, also stop as soon as a frame is left and at most `floor` callers remain.
        """
        if self.ended:
            return Reason.ENDED
        if self.fuel >= self.fuel_limit and self.step == 0:
            return Reason.OUT_OF_FUEL
        chosen = codes if codes is not None else list(self.code.functions)
        if self.limits.exact_fuel:
            reason = self._run_exact(limit, chosen, floor)
        else:
            reason = Reason(_run_loop(self, limit, chosen, floor))
        if reason is Reason.ENDED or (reason is Reason.LIMIT and self._settle()):
            self.ended = True
            return Reason.ENDED
        return reason

    def _run_exact(self, limit: int, codes: Codes, floor: int) -> Reason:
        """Run, stopping at the very instruction whose cost would pass the fuel limit (P3)."""
        while self.step < limit:
            left = self.limits.fuel - self.fuel
            function, pc, _, _ = self.top
            code = self.code.functions[function]
            assert code is not None
            if COSTS[code[pc][0]] > left:
                return Reason.OUT_OF_FUEL
            # An instruction costs two units at most, but for a `memory.grow`, where the loop ends.
            stride = min(limit, self.step + max(left // 2, 1))
            reason = Reason(_run_loop(self, stride, codes, floor))
            if reason is not Reason.LIMIT or self._settle():
                return reason
        return Reason.LIMIT

    def _settle(self) -> bool:
        """Leave frames whose last instruction was executed; whether the run ended with that.

        See STEPPING.md, Words: Instant.
        """
        function, pc, locals_, stack = self.top
        code = self.code.functions[function]
        assert code is not None
        while code[pc][0] == EXIT and self.frames:
            function, here, locals_, outer = self.frames.pop()
            outer.extend(stack)
            stack = outer
            code = self.code.functions[function]
            assert code is not None
            pc = code[here][2]
        self.top = (function, pc, locals_, stack)
        return code[pc][0] == EXIT

    def pending_call(self) -> tuple[str, tuple[int, ...]]:
        """After `Reason.HOST`: the host function and its arguments, unsigned."""
        function, pc, _, stack = self.top
        code = self.code.functions[function]
        assert code is not None
        index, count = code[pc][1]
        return self.code.imported[index], tuple(stack[len(stack) - count :])

    def answer(self, results: tuple[int, ...]) -> None:
        """Answer the pending host call: one instant passes."""
        function, pc, locals_, stack = self.top
        code = self.code.functions[function]
        assert code is not None
        (_, count), following = code[pc][1], code[pc][2]
        del stack[len(stack) - count :]
        stack.extend(results)
        self.top = (function, following, locals_, stack)
        self.step += 1
        self.calls_made += 1
        self.ended = self._settle()

    def trap(self, reason: Reason) -> Trap:
        """The trap or limit that `reason` stands for, at the present place."""
        function, pc, _, _ = self.top
        if reason is Reason.OUT_OF_FUEL:
            message = f"the run used its {self.limits.fuel:,} units of fuel"
            at = pc if self.grew_at is None else self.grew_at
            return Trap(TrapKind.OUT_OF_FUEL, message, function, at)
        if reason is Reason.TOO_DEEP:
            message = f"calls are nested deeper than {self.limits.call_depth:,}"
            return Trap(TrapKind.CALL_DEPTH, message, function, pc)
        assert self.failure is not None
        return Trap(self.failure.kind, str(self.failure), function, pc)

    def grow_memory(self, pages: int, constant: bool) -> tuple[int, int]:
        """`memory.grow`: its result, unsigned, and the extra fuel (STEPPING.md P3)."""
        present = len(self.memory) // PAGE_SIZE
        if not self.program.module.memory or present + pages > self.most_pages:
            return wrap(-1), pages if constant else 0
        try:
            self.memory.extend(bytes(pages * PAGE_SIZE))
        except MemoryError:
            return wrap(-1), pages if constant else 0
        return present, pages

    # The host's view of the memory (`MemoryPort`).

    def size(self) -> int:
        """The memory's size in bytes."""
        return len(self.memory)

    def read(self, address: int, length: int) -> bytes:
        """Bytes of the memory."""
        return bytes(self.memory[address : address + length])

    def write(self, address: int, content: bytes) -> None:
        """Put bytes into the memory."""
        self.memory[address : address + len(content)] = content

    def grow(self, pages: int) -> bool:
        """Grow the memory for the host."""
        return self.grow_memory(pages, False)[0] != wrap(-1)

    def capture(self, previous: MachineState | None = None) -> MachineState:
        """The present state; memory that equals `previous` is shared with it."""
        frames = [
            FrameState(function, pc, tuple(locals_), tuple(stack))
            for function, pc, locals_, stack in (*self.frames, self.top)
        ]
        known = previous.memory if previous else ()
        chunks = []
        view = memoryview(self.memory)
        for number, start in enumerate(range(0, len(self.memory), CHUNK)):
            part = view[start : start + CHUNK]
            if number < len(known) and known[number] == part:
                chunks.append(known[number])
            else:
                chunks.append(bytes(part))
        view.release()
        return MachineState(
            self.step, self.credit, self.calls_made, tuple(frames), tuple(chunks), self.ended
        )

    def restore(self, state: MachineState) -> None:
        """Be again as a captured state was."""
        *callers, top = state.frames
        self.frames = [(f.function, f.pc, list(f.locals), list(f.stack)) for f in callers]
        self.top = (top.function, top.pc, list(top.locals), list(top.stack))
        self.memory = bytearray(b"".join(state.memory))
        self.step, self.credit = state.step, state.credit
        self.calls_made, self.ended = state.calls_made, state.ended
        self.failure = None

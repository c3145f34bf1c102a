"""The stepping machine: runs decoded code to an instant, hands host calls out, is captured."""

from __future__ import annotations

from operator import is_, is_not
from typing import NamedTuple

from watstep.errors import CommandError
from watstep.host.settings import RunLimits
from watstep.machine.change import Change, Where
from watstep.machine.decode import EXIT, Code, Codes, decode
from watstep.machine.loop import Reason, compile_loop
from watstep.machine.operations import CHUNK_BITS, COSTS, OPERATIONS, MachineTrapError
from watstep.machine.outcome import Trap, TrapKind
from watstep.pipeline import Program
from watstep.validate.checker import exported_run
from watstep.wasm.types import PAGE_SIZE
from watstep.wasm.values import wrap

CHUNK = 1 << CHUNK_BITS
"""The unit in which captured memories are shared, in bytes."""

_ZEROS = bytes(CHUNK)

FRAME_BYTES = 250
"""About what a captured frame takes."""

Running = tuple[int, int, list[int], list[int]]
"""A frame in progress: function, index in its body, locals, stack."""

_run_loop = compile_loop()
_REASONS = tuple(Reason)


class FrameState(NamedTuple):
    """A program frame: in a caller `pc` is the index of the call."""

    function: int
    pc: int
    locals: tuple[int, ...]
    stack: tuple[int, ...]


class MachineState(NamedTuple):
    """The machine at one instant but for its memory; the last frame is the innermost."""

    step: int
    credit: int
    calls_made: int
    frames: tuple[FrameState, ...]
    pages: int
    ended: bool

    @property
    def fuel(self) -> int:
        """Units used."""
        return self.step + self.credit


class Checkpoint(NamedTuple):
    """All that the machine needs to go on from an instant."""

    state: MachineState
    memory: tuple[bytes, ...]
    """In chunks of `CHUNK` bytes, shared between checkpoints where they are equal."""
    weight: int
    """About the bytes that it takes beyond what it shares with the one before."""


class Machine:
    """One run in progress. `step` is the instant, `ended` whether `run` has returned."""

    def __init__(self, program: Program, limits: RunLimits) -> None:
        """Stand at instant 0 of a program whose `run` was checked."""
        run = exported_run(program.module)
        assert run is not None
        self.program = program
        self.limits = limits
        self.code: Code = decode(program)
        self._plain: Codes = list(self.code.functions)
        self.frames: list[Running] = []
        self.top: Running = (run.index, 0, [False] * len(run.locals), [])
        # A frame that waits for its callee does not change, so it is captured once.
        self._waiting: list[Running] = []
        self._captured: list[FrameState] = []
        self.memory = bytearray()
        # One byte a chunk: whether it may differ from `_base`, the memory as last captured.
        self.dirty = bytearray()
        self._base: tuple[bytes, ...] = ()
        memory = program.module.memory
        if memory:
            self._extend(memory.minimum)
            for data in program.module.data:
                self.write(data.address, data.content)
        highest = memory.maximum if memory and memory.maximum is not None else 65536
        self.most_pages = min(highest, limits.memory_pages)
        # Entering `run` costs a unit (STEPPING.md P3).
        self.credit = 1
        self.step = 0
        self.calls_made = 0
        # In exact mode the loop never checks: `_run_exact` keeps it from passing the limit.
        self.fuel_limit = 1 << 62 if limits.exact_fuel else limits.fuel
        self.grew_at: int | None = None
        self.fuel_ceiling = limits.fuel if limits.exact_fuel else 1 << 62
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
        chosen = codes if codes is not None else self._plain
        if self.limits.exact_fuel:
            reason = self._run_exact(limit, chosen, floor)
        else:
            reason = _REASONS[_run_loop(self, limit, chosen, floor)]
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
            reason = _REASONS[_run_loop(self, stride, codes, floor)]
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

    @property
    def at_host_call(self) -> bool:
        """Whether the next instruction calls a host function."""
        function, pc, _, _ = self.top
        code = self.code.functions[function]
        return not self.ended and code is not None and code[pc][0] == OPERATIONS["host"]

    def change(self, change: Change) -> None:
        """Put another value in a frame or the memory.

        Raises `CommandError` where there is none, which only a change that was read can be.
        """
        missing = CommandError(f"there is no {change.where.value} {change.at} to change here")
        if change.where is Where.MEMORY:
            if change.at + len(change.content) > self.size():
                raise missing
            self.write(change.at, change.content)
            return
        if change.frame > len(self.frames):
            raise missing
        # Frames that wait are known by their identity, an inner one answers for those below it.
        self.frames = [_running(frame) for frame in map(_frame_state, self.frames)]
        _, _, locals_, stack = [*self.frames, self.top][change.frame]
        values = locals_ if change.where is Where.LOCAL else stack
        if change.at >= len(values):
            raise missing
        values[change.at] = change.value

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

    def price_of_growing(self, pages: int, constant: bool) -> int:
        """The fuel of a `memory.grow` beyond its one unit (STEPPING.md P3)."""
        return pages if constant or self._can_grow(pages) else 0

    def _can_grow(self, pages: int) -> bool:
        present = len(self.memory) // PAGE_SIZE
        return self.program.module.memory is not None and present + pages <= self.most_pages

    def grow_memory(self, pages: int) -> int:
        """`memory.grow`: its result, unsigned."""
        if not self._can_grow(pages):
            return wrap(-1)
        present = len(self.memory) // PAGE_SIZE
        try:
            self._extend(pages)
        except MemoryError:
            return wrap(-1)
        return present

    def _extend(self, pages: int) -> None:
        self.memory.extend(bytes(pages * PAGE_SIZE))
        self.dirty.extend(bytes(pages * PAGE_SIZE // CHUNK))

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
        for number in range(address // CHUNK, -(-(address + len(content)) // CHUNK)):
            self.dirty[number] = 1

    def grow(self, pages: int) -> bool:
        """Grow the memory for the host."""
        return self.grow_memory(pages) != wrap(-1)

    def _callers(self) -> list[FrameState]:
        """The frames that wait, captured."""
        frames, waiting, captured = self.frames, self._waiting, self._captured
        same = min(len(frames), len(waiting))
        # A stack: where one is the same, so are all below it.
        while same and waiting[same - 1] is not frames[same - 1]:
            same -= 1
        del waiting[same:], captured[same:]
        waiting += frames[same:]
        captured += [_frame_state(frame) for frame in frames[same:]]
        return captured

    def state(self) -> MachineState:
        """The present state but for the memory."""
        frames = (*self._callers(), _frame_state(self.top))
        pages = len(self.memory) // PAGE_SIZE
        return MachineState(self.step, self.credit, self.calls_made, frames, pages, self.ended)

    def capture(self, previous: Checkpoint | None = None) -> Checkpoint:
        """The present state and memory; its weight is what `previous` does not hold."""
        state, memory = self.state(), self._captured_memory()
        chunks = previous.memory if previous else ()
        frames = previous.state.frames if previous else ()
        fresh = CHUNK * _others(memory, chunks) + FRAME_BYTES * _others(state.frames, frames)
        return Checkpoint(state, memory, fresh + 8 * (len(memory) + len(state.frames)))

    def _captured_memory(self) -> tuple[bytes, ...]:
        count = len(self.dirty)
        chunks = [*self._base, *[_ZEROS] * (count - len(self._base))]
        for number in self._touched():
            part = self.memory[number * CHUNK : (number + 1) * CHUNK]
            if chunks[number] != part:
                chunks[number] = bytes(part)
        self._base = tuple(chunks)
        self.dirty[:] = bytes(count)
        return self._base

    def _touched(self) -> set[int]:
        """The chunks that may have been written to since the memory was captured."""
        dirty, found = self.dirty, set()
        number = dirty.find(1)
        while number >= 0:
            found |= {number, min(number + 1, len(dirty) - 1)}
            number = dirty.find(1, number + 1)
        return found

    def restore(self, checkpoint: Checkpoint) -> None:
        """Be again as a captured state was."""
        state = checkpoint.state
        *callers, top = state.frames
        now = self._callers()
        same = 0
        while same < min(len(callers), len(now)) and callers[same] is now[same]:
            same += 1
        self.frames[same:] = [_running(frame) for frame in callers[same:]]
        self._waiting[same:], self._captured[same:] = self.frames[same:], callers[same:]
        self.top = _running(top)
        self._restore_memory(checkpoint.memory)
        self.step, self.credit = state.step, state.credit
        self.calls_made, self.ended = state.calls_made, state.ended
        self.failure = None

    def _restore_memory(self, chunks: tuple[bytes, ...]) -> None:
        """Write the chunks that may differ."""
        memory, size = self.memory, CHUNK * len(chunks)
        touched = self._touched()
        known = self._base[: len(chunks)]
        other = bytes(map(is_not, chunks, known)) + b"\1" * (len(chunks) - len(known))
        number = other.find(1)
        while number >= 0:
            touched.add(number)
            number = other.find(1, number + 1)
        del memory[size:]
        memory.extend(bytes(size - len(memory)))
        for number in touched:
            if number < len(chunks):
                memory[number * CHUNK : (number + 1) * CHUNK] = chunks[number]
        self._base = chunks
        self.dirty[:] = bytes(len(chunks))


def _others(now: tuple[object, ...], before: tuple[object, ...]) -> int:
    """How many are not the very ones that stood there before."""
    same = sum(map(is_, now, before))
    return len(now) - same


def _frame_state(frame: Running) -> FrameState:
    function, pc, locals_, stack = frame
    return FrameState(function, pc, tuple(locals_), tuple(stack))


def _running(frame: FrameState) -> Running:
    return frame.function, frame.pc, list(frame.locals), list(frame.stack)

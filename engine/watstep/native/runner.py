"""Running a program on wasmtime, in a worker thread, under every limit (LANGUAGE.md 7)."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial

from wasmtime import (
    Func,
    Instance,
    Limits,
    Memory,
    MemoryType,
    Store,
    Trap,
    TrapCode,
    WasmtimeError,
)
from wasmtime import Module as NativeModule

from watstep.errors import UsageError
from watstep.host.context import Cancellation
from watstep.host.live import LimitReachedError, LiveHost, replay
from watstep.host.settings import RunSettings
from watstep.host.tape import HostCall
from watstep.machine import outcome
from watstep.machine.outcome import Outcome, TrapKind, stopped, trap_kind
from watstep.machine.start import memory_problem
from watstep.native.callback import Callbacks
from watstep.native.engine import AMPLE_FUEL, TRAPS, make_engine, trap_offset
from watstep.pipeline import Program
from watstep.wasm.types import PAGE_SIZE, FunctionType
from watstep.wasm.values import signed, wrap

_PATIENCE = 1.0
"""Seconds that a stopped run gets to end by itself."""


class _StoppedError(Exception):
    """Ends the run from inside a host call, or before it began; it carries how, without a place."""

    def __init__(self, trap: outcome.Trap) -> None:
        super().__init__(trap.message)
        self.trap = trap


class StoreMemory:
    """The host's view of a wasmtime memory."""

    def __init__(self, store: Store, memory: Memory | None) -> None:
        """Without a memory its size is 0."""
        self._store, self.memory = store, memory

    def size(self) -> int:
        """How large it is now, in bytes."""
        return self.memory.data_len(self._store) if self.memory else 0

    def read(self, address: int, length: int) -> bytes:
        """Bytes that lie inside it."""
        if not self.memory:
            return b""
        return bytes(self.memory.read(self._store, address, address + length))

    def write(self, address: int, content: bytes) -> None:
        """Put bytes that lie inside it."""
        if self.memory:
            self.memory.write(self._store, bytearray(content), address)

    def grow(self, pages: int) -> bool:
        """Grow it; False where its limit forbids that."""
        try:
            return self.memory is not None and self.memory.grow(self._store, pages) >= 0
        except WasmtimeError:
            return False


def run_native(
    program: Program,
    settings: RunSettings,
    *,
    cancellation: Cancellation | None = None,
    tape: tuple[HostCall, ...] | None = None,
) -> Outcome:
    """Run a program; with a `tape`, host calls are answered from it and from nowhere else.

    Raises `UsageError` where the program needs more memory at its start than the limit allows.
    """
    run = _Run(program, settings, cancellation or Cancellation(), tape)
    return run.wait()


class _Run:
    def __init__(
        self,
        program: Program,
        settings: RunSettings,
        cancellation: Cancellation,
        tape: tuple[HostCall, ...] | None,
    ) -> None:
        lacking = memory_problem(program, settings)
        if lacking:
            raise UsageError(lacking)
        self.program, self.settings = program, settings
        self.cancellation, self.tape = cancellation, tape
        self.engine = make_engine(settings.limits.memory_pages * PAGE_SIZE)
        self.stopping = Cancellation()
        self.host = LiveHost(program.module, settings, self.stopping)
        self.calls: list[HostCall] = []
        self.finished = threading.Event()
        self.woken = threading.Event()
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None

    def wait(self) -> Outcome:
        """Start the worker and wait for it, the time limit, or a cancellation."""
        worker = threading.Thread(target=self._work, name="watstep run", daemon=True)
        self.stopping.on_cancel(self.engine.increment_epoch)
        # Before the worker starts, so that a request made already is seen by it.
        self.cancellation.on_cancel(self.stopping.cancel)
        self.cancellation.on_cancel(self.woken.set)
        worker.start()
        if not self.woken.wait(self.settings.limits.seconds):
            self.stopping.cancel(timed_out=True)
        if self.stopping.cancelled:
            # It ends at its next check; only while it is still compiled nothing can stop it.
            self.finished.wait(_PATIENCE)
        if self.error is not None:
            raise self.error
        return self.outcome or Outcome((), self._stopped(), 0, None, tuple(self.calls), "wasmtime")

    def _stopped(self) -> outcome.Trap:
        return stopped(self.stopping.timed_out, self.settings.limits.seconds)

    def _work(self) -> None:
        store = Store(self.engine)
        try:
            self.outcome = self._execute(store)
        except BaseException as error:
            self.error = error
        finally:
            self.host.close()
            store.close()
            self.finished.set()
            self.woken.set()

    def _execute(self, store: Store) -> Outcome:
        module, limits = self.program.module, self.settings.limits
        store.set_limits(memory_size=limits.memory_pages * PAGE_SIZE)
        store.set_epoch_deadline(1)
        store.set_fuel(AMPLE_FUEL)
        port = StoreMemory(store, None)
        callbacks = Callbacks(store)
        values: list[Func | Memory] = []
        for item in module.imports:
            if item.kind == "memory":
                assert module.memory is not None
                kind = MemoryType(Limits(module.memory.minimum, module.memory.maximum))
                port.memory = Memory(store, kind)
                values.append(port.memory)
            else:
                assert isinstance(item.type, FunctionType)
                answer = partial(self._call, f"{item.module}.{item.name}", port)
                values.append(callbacks.define(item.type, answer))
        results: tuple[int, ...] = ()
        trap: outcome.Trap | None = None
        try:
            results = self._run(store, port, values)
        except (Trap, WasmtimeError, _StoppedError) as failure:
            trap = self._trap(failure, callbacks.failure)
        used = limits.fuel - min(store.get_fuel(), limits.fuel)
        content = port.read(0, port.size())
        return Outcome(results, trap, used, None, tuple(self.calls), "wasmtime", content)

    def _run(self, store: Store, port: StoreMemory, values: list[Func | Memory]) -> tuple[int, ...]:
        """Link and run it; raises `_StoppedError` where it was stopped before that."""
        native = NativeModule(self.engine, self.program.binary)
        exports = Instance(store, native, values).exports(store)
        exported = (item.name for item in self.program.module.exports if item.kind == "memory")
        for name in exported:
            port.memory = exports[name]  # type: ignore[assignment]
        store.set_fuel(self.settings.limits.fuel)
        if self.stopping.cancelled:
            # The epoch may have passed before its deadline was set.
            raise _StoppedError(self._stopped())
        answered = exports["run"](store)  # type: ignore[operator]
        given = (answered,) if isinstance(answered, int) else tuple(answered or ())
        return tuple(signed(wrap(value)) for value in given)

    def _trap(
        self, failure: Trap | WasmtimeError | _StoppedError, raised: BaseException | None
    ) -> outcome.Trap:
        """Why and where the run ended; `raised` is what a host function ended it with."""
        if isinstance(failure, _StoppedError):
            return failure.trap
        code = failure.trap_code if isinstance(failure, Trap) else None
        if isinstance(raised, _StoppedError):
            trap = raised.trap
        elif raised is not None:
            raise raised
        elif code is TrapCode.INTERRUPT:
            trap = self._stopped()
        elif code is TrapCode.OUT_OF_FUEL:
            fuel = self.settings.limits.fuel
            trap = outcome.Trap(TrapKind.OUT_OF_FUEL, f"the run used its {fuel:,} units of fuel")
        elif code in TRAPS:
            trap = outcome.Trap(*TRAPS[code])
        else:
            raise failure
        offset = trap_offset(failure)
        place = self.program.locations.at(offset) if offset is not None else None
        return replace(trap, function=place.function, pc=place.pc) if place else trap

    def _call(self, name: str, port: StoreMemory, arguments: tuple[int, ...]) -> tuple[int, ...]:
        """Answer one host call, from the tape or for real; raises `_StoppedError`."""
        if self.stopping.cancelled:
            raise _StoppedError(self._stopped())
        if self.tape is not None:
            call = self._recorded(self.tape, name, arguments)
        else:
            try:
                call = self.host.call(name, arguments, port, None)
            except LimitReachedError as limit:
                raise _StoppedError(outcome.Trap(TrapKind.HOST_LIMIT, str(limit))) from None
        self.calls.append(call)
        if call.trap:
            raise _StoppedError(outcome.Trap(trap_kind(call), call.trap))
        if self.tape is not None:
            return replay(call, port)
        return tuple(wrap(value.value) for value in call.results)

    def _recorded(
        self, tape: tuple[HostCall, ...], name: str, arguments: tuple[int, ...]
    ) -> HostCall:
        """What the tape answers; raises `_StoppedError` where it has another call or none."""
        number = len(self.calls)
        if number >= len(tape):
            message = f"`{name}` is not on the tape: it ends before"
            raise _StoppedError(outcome.Trap(TrapKind.HOST, message))
        call = tape[number]
        recorded = tuple(wrap(value.value) for value in call.arguments)
        if call.function != name or recorded != arguments:
            message = (
                f"call {number} is `{name}` {arguments}, on the tape `{call.function}` {recorded}"
            )
            raise _StoppedError(outcome.Trap(TrapKind.HOST, message))
        return call

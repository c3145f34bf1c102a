"""Running a program on wasmtime, in a worker thread, under every limit (LANGUAGE.md 7)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from wasmtime import (
    Func,
    FuncType,
    Instance,
    Limits,
    Memory,
    MemoryType,
    Store,
    Trap,
    ValType,
    WasmtimeError,
)
from wasmtime import Module as NativeModule

from watstep.errors import UsageError
from watstep.host.context import Cancellation
from watstep.host.live import LimitReachedError, LiveHost, replay
from watstep.host.settings import RunSettings
from watstep.host.tape import CallOrigin, HostCall, Value
from watstep.machine import outcome
from watstep.machine.outcome import Outcome, TrapKind
from watstep.module.ir import Import
from watstep.native.engine import (
    AMPLE_FUEL,
    SENTENCES,
    TRAP_KINDS,
    host_call_offset,
    make_engine,
    trap_offset,
)
from watstep.pipeline import Program
from watstep.wasm.types import PAGE_SIZE, FunctionType
from watstep.wasm.values import signed, wrap

_ABANDON_AFTER = 0.05
"""Seconds that a host call gets to notice that the run was stopped."""

OnCall = Callable[[HostCall], None]


class _CallFailedError(Exception):
    """Ends the run from inside a host call; it carries how."""

    def __init__(self, kind: TrapKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class StoreMemory:
    """The host's view of a wasmtime memory."""

    def __init__(self, store: Store, memory: Memory | None) -> None:
        """Without a memory its size is 0."""
        self._store, self._memory = store, memory

    def size(self) -> int:
        """How large it is now, in bytes."""
        return self._memory.data_len(self._store) if self._memory else 0

    def read(self, address: int, length: int) -> bytes:
        """Bytes that lie inside it."""
        if not self._memory:
            return b""
        return bytes(self._memory.read(self._store, address, address + length))

    def write(self, address: int, content: bytes) -> None:
        """Put bytes that lie inside it."""
        if self._memory:
            self._memory.write(self._store, bytearray(content), address)

    def grow(self, pages: int) -> bool:
        """Grow it; False where its limit forbids that."""
        try:
            return self._memory is not None and self._memory.grow(self._store, pages) >= 0
        except WasmtimeError:
            return False


def run_native(
    program: Program,
    settings: RunSettings,
    *,
    cancellation: Cancellation | None = None,
    on_call: OnCall | None = None,
    tape: tuple[HostCall, ...] | None = None,
) -> Outcome:
    """Run a program; with a `tape`, host calls are answered from it and from nowhere else.

    `on_call` is told of each host call, in the worker thread. Raises `UsageError` where the
    program needs more memory at its start than the limit allows.
    """
    run = _Run(program, settings, cancellation or Cancellation(), on_call, tape)
    return run.wait()


class _Run:
    def __init__(
        self,
        program: Program,
        settings: RunSettings,
        cancellation: Cancellation,
        on_call: OnCall | None,
        tape: tuple[HostCall, ...] | None,
    ) -> None:
        memory = program.module.memory
        if memory and memory.minimum > settings.limits.memory_pages:
            raise UsageError(
                f"the program needs {memory.minimum} pages of memory, the limit is "
                f"{settings.limits.memory_pages}: run with `--memory {memory.minimum}`"
            )
        self.program, self.settings = program, settings
        self.cancellation, self.on_call, self.tape = cancellation, on_call, tape
        self.engine = make_engine()
        self.host = LiveHost(program.module, settings, cancellation)
        self.calls: list[HostCall] = []
        self.pending: tuple[str, tuple[int, ...], float] | None = None
        self.failure: _CallFailedError | None = None
        self.finished = threading.Event()
        self.woken = threading.Event()
        self.stopped_by: TrapKind | None = None
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None

    def wait(self) -> Outcome:
        """Start the worker and wait for it, the time limit, or a cancellation."""
        worker = threading.Thread(target=self._work, name="watstep run", daemon=True)
        self.cancellation.on_cancel(self.woken.set)
        deadline = time.monotonic() + self.settings.limits.seconds
        worker.start()
        self.woken.wait(max(deadline - time.monotonic(), 0))
        if not self.finished.is_set():
            cancelled = self.cancellation.cancelled
            self.stopped_by = TrapKind.CANCELLED if cancelled else TrapKind.TIME
            self.engine.increment_epoch()
            self.finished.wait(_ABANDON_AFTER)
        if self.error is not None:
            raise self.error
        if self.outcome is None:
            return self._abandoned()
        return self.outcome

    def _abandoned(self) -> Outcome:
        """The outcome of a run whose host call hangs: it may have been done all the same."""
        calls = list(self.calls)
        if self.pending:
            name, arguments, started = self.pending
            calls.append(
                HostCall(
                    index=len(calls),
                    instant=None,
                    function=name,
                    arguments=tuple(Value(signed(value)) for value in arguments),
                    results=(),
                    error=None,
                    seconds=time.monotonic() - started,
                    origin=CallOrigin.LIVE,
                    trap="it was abandoned while it waited",
                    possibly_done=True,
                )
            )
        trap = self._stopped(f"while `{calls[-1].function}` waited" if self.pending else "")
        return Outcome((), trap, 0, None, tuple(calls), "wasmtime")

    def _stopped(self, where: str = "") -> outcome.Trap:
        limit = self.settings.limits.seconds
        cancelled = self.stopped_by is TrapKind.CANCELLED
        message = "the run was stopped" if cancelled else f"the run took more than {limit:g} s"
        return outcome.Trap(self.stopped_by or TrapKind.CANCELLED, f"{message} {where}".strip())

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
        module = self.program.module
        limits = self.settings.limits
        store.set_limits(memory_size=limits.memory_pages * PAGE_SIZE)
        store.set_epoch_deadline(1)
        store.set_fuel(AMPLE_FUEL)
        memory: Memory | None = None
        port = StoreMemory(store, None)
        values: list[Func | Memory] = []
        for item in module.imports:
            if item.kind == "memory":
                assert module.memory is not None
                kind = MemoryType(Limits(module.memory.minimum, module.memory.maximum))
                memory = Memory(store, kind)
                values.append(memory)
            else:
                values.append(self._host_function(store, item, port))
        try:
            native = NativeModule(self.engine, self.program.binary)
            port._memory = memory
            instance = Instance(store, native, values)
            exports = instance.exports(store)
            if memory is None:
                name = next((e.name for e in module.exports if e.kind == "memory"), None)
                memory = exports[name] if name else None  # type: ignore[assignment]
                port._memory = memory
            store.set_fuel(limits.fuel)
            answer = exports["run"](store)  # type: ignore[operator]
        except (Trap, WasmtimeError, _CallFailedError) as failure:
            used = limits.fuel - min(store.get_fuel(), limits.fuel)
            return self._ended((), self._trap(failure), used, port)
        used = limits.fuel - store.get_fuel()
        results = (answer,) if isinstance(answer, int) else tuple(answer or ())
        return self._ended(tuple(signed(wrap(value)) for value in results), None, used, port)

    def _ended(
        self, results: tuple[int, ...], trap: outcome.Trap | None, fuel: int, port: StoreMemory
    ) -> Outcome:
        content = port.read(0, port.size())
        return Outcome(results, trap, fuel, None, tuple(self.calls), "wasmtime", content)

    def _trap(self, failure: Exception) -> outcome.Trap:
        if isinstance(failure, _CallFailedError):
            offset = host_call_offset(failure)
            trap = outcome.Trap(failure.kind, str(failure))
        elif isinstance(failure, Trap):
            code = failure.trap_code
            kind = TRAP_KINDS.get(code) if code else None
            if kind is None:
                raise failure
            offset = trap_offset(failure)
            if kind is TrapKind.CANCELLED:
                trap = self._stopped()
            elif kind is TrapKind.OUT_OF_FUEL:
                fuel = self.settings.limits.fuel
                trap = outcome.Trap(kind, f"the run used its {fuel:,} units of fuel")
            else:
                trap = outcome.Trap(kind, SENTENCES[kind])
        else:
            raise failure
        place = self.program.locations.at(offset) if offset is not None else None
        return replace(trap, function=place.function, pc=place.pc) if place else trap

    def _host_function(self, store: Store, item: Import, port: StoreMemory) -> Func:
        signature = item.type
        assert isinstance(signature, FunctionType)
        name = f"{item.module}.{item.name}"
        i32 = ValType.i32()
        kind = FuncType([i32] * len(signature.params), [i32] * len(signature.results))
        count = len(signature.results)

        def called(*values: int) -> int | list[int] | None:
            results = self._call(name, tuple(wrap(value) for value in values), port)
            if count == 0:
                return None
            return signed(results[0]) if count == 1 else [signed(value) for value in results]

        return Func(store, kind, called)

    def _call(self, name: str, arguments: tuple[int, ...], port: StoreMemory) -> tuple[int, ...]:
        """Answer one host call, from the tape or for real; raises `_CallFailedError`."""
        if self.tape is not None:
            return self._replayed(name, arguments, port)
        self.pending = (name, arguments, time.monotonic())
        try:
            call = self.host.call(name, arguments, port, None)
        except LimitReachedError as limit:
            raise _CallFailedError(TrapKind.HOST_LIMIT, str(limit)) from None
        if self.stopped_by is not None:
            raise _CallFailedError(self.stopped_by, "the run was stopped")
        self.calls.append(call)
        self.pending = None
        if self.on_call:
            self.on_call(call)
        if call.trap:
            raise _CallFailedError(TrapKind.HOST, call.trap)
        return tuple(wrap(value.value) for value in call.results)

    def _replayed(
        self, name: str, arguments: tuple[int, ...], port: StoreMemory
    ) -> tuple[int, ...]:
        assert self.tape is not None
        number = len(self.calls)
        if number >= len(self.tape):
            raise _CallFailedError(TrapKind.HOST, f"`{name}` is not on the tape: it ends before")
        call = self.tape[number]
        recorded = tuple(wrap(value.value) for value in call.arguments)
        if call.function != name or recorded != arguments:
            message = (
                f"call {number} is `{name}` {arguments}, on the tape `{call.function}` {recorded}"
            )
            raise _CallFailedError(TrapKind.HOST, message)
        self.calls.append(call)
        if call.trap:
            raise _CallFailedError(TrapKind.HOST, call.trap)
        return replay(call, port)

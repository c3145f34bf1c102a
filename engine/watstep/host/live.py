"""The one place where host calls are made: decoded, performed, written to memory, recorded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple, Protocol

from watstep.host.answer import Answer, error_text
from watstep.host.catalog import CAPABILITIES, FUNCTIONS
from watstep.host.context import Cancellation, Context
from watstep.host.errors import ErrorCode, HostError, HostTrapError
from watstep.host.function import Gives, HostFunction, Takes
from watstep.host.outside import CallAbandonedError, Outside
from watstep.host.settings import RunSettings
from watstep.host.tape import CallOrigin, HostCall, MemoryWrite, Value
from watstep.module.ir import Module
from watstep.wasm.types import PAGE_SIZE
from watstep.wasm.values import signed, wrap


class MemoryPort(Protocol):
    """A linear memory, as the host touches it; addresses and sizes in bytes."""

    def size(self) -> int:
        """How large it is now."""

    def read(self, address: int, length: int) -> bytes:
        """Bytes that lie inside it."""

    def write(self, address: int, content: bytes) -> None:
        """Put bytes that lie inside it."""

    def grow(self, pages: int) -> bool:
        """Grow it; False where its limit forbids that."""


class LimitReachedError(Exception):
    """The run made more host calls or logged more than its limits allow."""


def heap_start(module: Module) -> int:
    """Where the host's first allocation goes: the next multiple of 16 after all data."""
    end = max((item.address + len(item.content) for item in module.data), default=16)
    return -(-max(end, 16) // 16) * 16


class LiveHost:
    """Makes the host calls of one run."""

    def __init__(
        self, module: Module, settings: RunSettings, cancellation: Cancellation | None = None
    ) -> None:
        """Begin with nothing allocated and nothing called; `close` when the run is over."""
        self.cancellation = cancellation or Cancellation()
        deadline = time.monotonic() + settings.limits.seconds
        self.context = Context(settings, self.cancellation, deadline)
        self.heap = heap_start(module)
        self.owned = (module.memory.minimum if module.memory else 0) * PAGE_SIZE
        self.made = 0
        self.outside = Outside()
        self.cancellation.on_cancel(self.outside.abandon)

    def abandon(self) -> None:
        """Leave the call that is waited for, if there is one; from any thread."""
        self.outside.abandon()

    def close(self) -> None:
        """Let go of connections and files, once no call uses them any more."""
        self.outside.close(self.context.close)

    def resume(self, calls: Sequence[HostCall]) -> None:
        """Go on after calls that were answered without this host: as if it had made them."""
        self.made = len(calls)
        if calls:
            self.heap, self.owned = calls[-1].heap, calls[-1].owned
            self.context.http_status = calls[-1].http_status
        self.context.log_size = sum(_log_size(call.log) for call in calls)
        for call in calls:
            self._restore(call)

    def _restore(self, call: HostCall) -> None:
        restore = CAPABILITIES[call.function.partition(".")[0]].restore
        if restore is not None and not call.trap:
            # What does not fit any more is missing for later calls too, and they say so.
            with suppress(HostError):
                restore(self.context, call)

    def call(
        self, name: str, arguments: tuple[int, ...], memory: MemoryPort, instant: int | None
    ) -> HostCall:
        """Make one call; a program's fault is in the record, never raised.

        `arguments` are unsigned. Raises `LimitReachedError`.
        """
        self._check_number()
        function = FUNCTIONS[name]
        self.context.effects = {}
        recorder = _Recorder(memory)
        started = time.monotonic()
        texts: list[str | None] = [None] * len(arguments)
        try:
            decoded = _decode(function, arguments, memory, texts)
            done = self._answer(name, function, decoded, recorder)
        except HostError as failure:
            done = self._failed(function, failure, recorder)
        except HostTrapError as failure:
            done = _Done(trap=f"`{name}` {failure}")
        except CallAbandonedError:
            why = f"`{name}` was left while it waited, it may have been done: {self._why()}"
            done = _Done(trap=why, abandoned=True)
        asked = _Asked(name, _values(arguments, texts), instant)
        return self._record(asked, done, recorder, time.monotonic() - started)

    def answer(
        self,
        name: str,
        arguments: tuple[int, ...],
        memory: MemoryPort,
        instant: int | None,
        given: Answer,
    ) -> HostCall:
        """Answer one call with what is given, and go on as if it had been made.

        The world is not asked. `arguments` are unsigned. Raises `LimitReachedError`.
        """
        self._check_number()
        self.context.effects = {"log": given.log, "result_value": given.result_value}
        if given.http_status is not None:
            self.context.http_status = given.http_status
        recorder = _Recorder(memory)
        done = self._given(FUNCTIONS[name].gives, arguments, given, recorder)
        asked = _Asked(name, asked_values(name, arguments, memory), instant)
        call = self._record(asked, done, recorder, given.seconds)
        self._restore(call)
        return call

    def _check_number(self) -> None:
        most = self.context.settings.limits.host_calls
        if self.made >= most:
            raise LimitReachedError(f"the run made {most:,} host calls, its limit")

    def _record(self, asked: _Asked, done: _Done, recorder: _Recorder, seconds: float) -> HostCall:
        """Count a call that was answered, and say all of it."""
        self._count_log(self.context.settings.limits.log_bytes)
        self.made += 1
        effects = self.context.effects
        return HostCall(
            index=self.made - 1,
            instant=asked.instant,
            function=asked.name,
            arguments=asked.arguments,
            results=_values(done.results, [done.text, None, None][: len(done.results)]),
            error=error_text(done.error),
            seconds=seconds,
            origin=done.origin,
            writes=tuple(recorder.writes),
            pages=recorder.memory.size() // PAGE_SIZE,
            heap=self.heap,
            owned=self.owned,
            log=effects.get("log"),
            result_value=effects.get("result_value"),
            trap=done.trap,
            http_status=self.context.http_status,
            possibly_done=done.abandoned,
            timed_out=done.abandoned and self._timed_out(),
        )

    def _timed_out(self) -> bool:
        """Whether time is what an abandoned call ran into, rather than a person's request."""
        if self.cancellation.cancelled:
            return self.cancellation.timed_out
        return self.context.deadline <= time.monotonic()

    def _why(self) -> str:
        seconds = self.context.settings.limits.seconds
        return (
            f"the run took more than {seconds:g} s" if self._timed_out() else "the run was stopped"
        )

    def _count_log(self, limit: int) -> None:
        self.context.log_size += _log_size(self.context.effects.get("log"))
        if self.context.log_size > limit:
            raise LimitReachedError(f"the run logged more than {limit:,} bytes, its limit")

    def _perform(self, name: str, function: HostFunction, decoded: list[Any]) -> Any:
        """Run the Python, where it may hang in a thread that can be left."""
        if not CAPABILITIES[name.partition(".")[0]].outside:
            return function.run(self.context, *decoded)
        action = partial(function.run, self.context, *decoded)
        stopped = self.cancellation
        return self.outside.make(action, self.context.seconds_left, lambda: stopped.cancelled)

    def _answer(
        self, name: str, function: HostFunction, decoded: list[Any], recorder: _Recorder
    ) -> _Done:
        """Perform it."""
        answer = self._perform(name, function, decoded)
        if function.gives is Gives.NUMBER:
            return _Done((wrap(answer),))
        if function.gives is Gives.ERROR:
            return _Done((0,))
        if function.gives is Gives.SPACE:
            return _Done((self._allocate(answer, recorder), 0))
        if function.gives is Gives.TEXT:
            return _Done((self._place(answer, recorder), 0), answer)
        return _Done()

    def _failed(self, function: HostFunction, failure: HostError, recorder: _Recorder) -> _Done:
        """The results of a call that answers with an error; only EHTTP has a body."""
        if function.gives is Gives.ERROR:
            return _Done((failure.code,), error=failure.code)
        if failure.body is None:
            return _Done((0, failure.code), error=failure.code)
        return self._placed(failure.body, failure.code, recorder)

    def _placed(self, text: str, error: int, recorder: _Recorder) -> _Done:
        """A text that comes with an error or 0, where it fits."""
        try:
            return _Done((self._place(text, recorder), wrap(error)), text, error)
        except HostError as full:
            return _Done((0, full.code), error=full.code)

    def _given(
        self, gives: Gives, arguments: tuple[int, ...], given: Answer, recorder: _Recorder
    ) -> _Done:
        """What is given instead of an answer, as results; space and texts by the heap's rule."""
        value, error = wrap(given.value), wrap(given.error)
        if gives is Gives.NOTHING:
            done = _Done()
        elif gives is Gives.NUMBER:
            done = _Done((value,))
        elif gives is Gives.ERROR:
            done = _Done((error,), error=given.error)
        elif given.text is not None:
            done = self._placed(given.text, given.error, recorder)
        elif given.reserves:
            done = self._reserved(signed(arguments[0]), recorder)
        else:
            done = _Done((value, error), error=given.error)
        return done._replace(origin=given.origin)

    def _reserved(self, size: int, recorder: _Recorder) -> _Done:
        try:
            return _Done((self._allocate(size, recorder), 0))
        except HostError as full:
            return _Done((0, full.code), error=full.code)

    def _place(self, text: str, recorder: _Recorder) -> int:
        """Put a text value on the heap."""
        try:
            content = text.encode()
        except UnicodeEncodeError as error:
            # An argument of the command line may be any bytes.
            raise HostError(ErrorCode.EUTF8) from error
        if len(content) > self.context.settings.limits.answer_bytes:
            raise HostError(ErrorCode.ETOOBIG)
        address = self._allocate(4 + len(content), recorder)
        recorder.write(address, len(content).to_bytes(4, "little") + content)
        return address

    def _allocate(self, size: int, recorder: _Recorder) -> int:
        """Reserve bytes, 16-byte aligned, in pages that the host grew or got at the start."""
        memory = recorder.memory
        if self.heap + size > self.owned:
            present = memory.size()
            if present > self.owned:
                # The program grew the memory: those pages are its own, the heap begins after them.
                self.heap = present
            needed = -(-(self.heap + size - present) // PAGE_SIZE)
            most = self.context.settings.limits.memory_pages
            if present // PAGE_SIZE + needed > most or not memory.grow(needed):
                raise HostError(ErrorCode.ENOMEM)
            self.owned = memory.size()
        address = self.heap
        self.heap = -(-(address + size) // 16) * 16
        return address


class _Asked(NamedTuple):
    """A call as the program made it."""

    name: str
    arguments: tuple[Value, ...]
    instant: int | None


class _Done(NamedTuple):
    """What came of a call: the results to push, unsigned, or a trap."""

    results: tuple[int, ...] = ()
    text: str | None = None
    """What the first result points at."""
    error: int = 0
    trap: str | None = None
    abandoned: bool = False
    origin: CallOrigin = CallOrigin.LIVE


class _Recorder:
    """Writes to the memory and remembers what."""

    def __init__(self, memory: MemoryPort) -> None:
        self.memory = memory
        self.writes: list[MemoryWrite] = []

    def write(self, address: int, content: bytes) -> None:
        self.memory.write(address, content)
        self.writes.append(MemoryWrite(address, content))


def _decode(
    function: HostFunction,
    arguments: tuple[int, ...],
    memory: MemoryPort,
    texts: list[str | None],
) -> list[Any]:
    """The arguments as Python values, their texts in `texts`; raises HostError, HostTrapError."""
    decoded: list[Any] = []
    for index, ((name, takes), value) in enumerate(
        zip(function.parameters, arguments, strict=True)
    ):
        if takes is Takes.NUMBER:
            decoded.append(signed(value))
            continue
        content = read_text(memory, value)
        if content is None:
            if function.can_answer_error:
                raise HostError(ErrorCode.EINVAL)
            raise HostTrapError(f"was given {value} as {name}, which is no pointer to a text")
        text = content.decode("utf-8", "replace")
        texts[index] = text
        if takes is Takes.TEXT and text.encode() != content:
            if function.can_answer_error:
                raise HostError(ErrorCode.EUTF8)
            raise HostTrapError(f"was given a {name} that is not UTF-8")
        decoded.append(text)
    return decoded


def asked_values(name: str, arguments: tuple[int, ...], memory: MemoryPort) -> tuple[Value, ...]:
    """Unsigned arguments of a call, with the texts that they point at, as its record has them."""
    texts: list[str | None] = []
    for (_, takes), value in zip(FUNCTIONS[name].parameters, arguments, strict=True):
        content = None if takes is Takes.NUMBER else read_text(memory, value)
        texts.append(None if content is None else content.decode("utf-8", "replace"))
    return _values(arguments, texts)


def _values(numbers: Sequence[int], texts: Sequence[str | None]) -> tuple[Value, ...]:
    return tuple(Value(signed(number), text) for number, text in zip(numbers, texts, strict=True))


def read_text(memory: MemoryPort, pointer: int) -> bytes | None:
    """The bytes of the text value at a pointer, None where it points at none."""
    size = memory.size()
    if pointer == 0 or pointer + 4 > size:
        return None
    length = int.from_bytes(memory.read(pointer, 4), "little")
    if pointer + 4 + length > size:
        return None
    return memory.read(pointer + 4, length)


def replay(call: HostCall, memory: MemoryPort) -> tuple[int, ...]:
    """Do to a memory what a recorded call did; its results, unsigned."""
    missing = call.pages - memory.size() // PAGE_SIZE
    if missing > 0:
        memory.grow(missing)
    for written in call.writes:
        memory.write(written.address, written.content)
    return tuple(wrap(value.value) for value in call.results)


def _log_size(entry: str | int | None) -> int:
    return len(entry.encode()) if isinstance(entry, str) else 4 * (entry is not None)

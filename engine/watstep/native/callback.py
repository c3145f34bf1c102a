"""Host functions as wasmtime calls them, each run's failures kept apart from every other's.

The callbacks of `wasmtime.Func` hand exceptions over in one variable of the whole process, where
two runs at a time get each other's; these keep them, and come back as a trap.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CFUNCTYPE, byref, c_void_p, cast
from typing import Any

from wasmtime import Func, FuncType, Store, Trap, ValType, _ffi

from watstep.wasm.types import FunctionType
from watstep.wasm.values import signed, wrap

Answering = Callable[[tuple[int, ...]], tuple[int, ...]]
"""Takes and gives unsigned i32."""


class Callbacks:
    """The host functions of one store; to be kept until the store is closed."""

    def __init__(self, store: Store) -> None:
        """None yet."""
        self._store = store
        self._kept: list[Any] = []
        self.failure: BaseException | None = None
        """What the host function raised that ended the run."""

    def define(self, signature: FunctionType, answer: Answering) -> Func:
        """A function of the store that `answer` answers; what that raises is kept and traps."""
        i32 = _ffi.WASMTIME_I32

        def called(env: Any, caller: Any, values: Any, count: int, results: Any, _: int) -> int:
            try:
                arguments = tuple(wrap(values[index].of.i32) for index in range(count))
                for index, value in enumerate(answer(arguments)):
                    results[index].kind = i32.value
                    results[index].of.i32 = signed(value)
            except BaseException as failure:
                self.failure = failure
                return cast(Trap("the host ends the run")._consume(), c_void_p).value or 0
            return 0

        callback = _ffi.wasmtime_func_callback_t(called)
        self._kept.append(callback)
        kind = FuncType(
            [ValType.i32()] * len(signature.params), [ValType.i32()] * len(signature.results)
        )
        defined = _ffi.wasmtime_func_t()
        _ffi.wasmtime_func_new(
            self._store._context(),
            kind.ptr(),
            callback,
            None,
            CFUNCTYPE(None, c_void_p)(),
            byref(defined),
        )
        return Func._from_raw(defined)

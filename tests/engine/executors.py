"""Both executors under one signature, for tests that hold what they have in common."""

from __future__ import annotations

from typing import Protocol

from watstep.host.context import Cancellation
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome
from watstep.machine.run import run_machine
from watstep.native.runner import run_native
from watstep.pipeline import Program


class Executor(Protocol):
    """Runs a program to its end."""

    def __call__(
        self, program: Program, settings: RunSettings, *, cancellation: Cancellation | None = None
    ) -> Outcome:
        """Under the limits of the settings."""


EXECUTORS: dict[str, Executor] = {"wasmtime": run_native, "machine": run_machine}

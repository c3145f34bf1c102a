"""The run file: a run as text, one JSON record a line (docs/command-line.md)."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from contextlib import suppress
from dataclasses import asdict
from typing import IO, Any

from watstep.cli.output import known_fuel, trap_json
from watstep.host.settings import RunSettings
from watstep.host.tape import HostCall, call_value
from watstep.machine.outcome import Outcome
from watstep.pipeline import Program
from watstep.version import VERSION

FORMAT = 1
"""The version of the file's form."""


def write_record(file: IO[str], program: Program, settings: RunSettings, outcome: Outcome) -> None:
    """Write a header, one record for each host call, and the outcome with the digest of it all.

    It replaces what the file held. Raises `OSError`.
    """
    with suppress(OSError):
        # A pipe or a device holds nothing.
        file.truncate(0)
    digest = hashlib.sha256()
    for record in (
        _header(program, settings, outcome),
        *(_call(call) for call in outcome.calls),
        _outcome(program, outcome),
    ):
        if record["record"] == "outcome":
            record["digest"] = digest.hexdigest()
        line = json.dumps(record) + "\n"
        digest.update(line.encode())
        file.write(line)


def _header(program: Program, settings: RunSettings, outcome: Outcome) -> dict[str, Any]:
    text = program.source.text
    return {
        "record": "run",
        "format": FORMAT,
        "watstep": VERSION,
        "wasmtime": _wasmtime_version(),
        "executor": outcome.executor,
        "name": program.source.name,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "program": text,
        "profile": program.profile,
        "arguments": list(settings.arguments),
        "grants": {name: list(scope) for name, scope in settings.grants.items()},
        "limits": asdict(settings.limits),
    }


def _wasmtime_version() -> str:
    from importlib.metadata import version

    return version("wasmtime")


def _call(call: HostCall) -> dict[str, Any]:
    return {
        "record": "call",
        "index": call.index,
        **call_value(call),
        "writes": [
            {"address": written.address, "base64": b64encode(written.content).decode()}
            for written in call.writes
        ],
        "pages": call.pages,
        "heap": call.heap,
        "owned": call.owned,
        "log": call.log,
        "result_value": call.result_value,
        "trap": call.trap,
        "http_status": call.http_status,
        "possibly_done": call.possibly_done,
    }


def _outcome(program: Program, outcome: Outcome) -> dict[str, Any]:
    return {
        "record": "outcome",
        "status": "trapped" if outcome.trap else "returned",
        "results": list(outcome.results),
        "value": outcome.value,
        "trap": trap_json(program, outcome.trap) if outcome.trap else None,
        "fuel": known_fuel(outcome),
        "steps": outcome.steps,
        "memory_sha256": hashlib.sha256(outcome.memory).hexdigest(),
    }

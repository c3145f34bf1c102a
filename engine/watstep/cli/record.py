"""The run file: a run as text, one JSON record a line (docs/command-line.md)."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from typing import IO, Any

from watstep.cli.output import trap_json
from watstep.cli.secrets import Cover
from watstep.host.settings import RunSettings
from watstep.host.tape import HostCall, call_value
from watstep.machine.outcome import Outcome
from watstep.pipeline import Program
from watstep.version import VERSION

FORMAT = 1
"""The version of the file's form."""


def write_record(file: IO[str], program: Program, settings: RunSettings, outcome: Outcome) -> None:
    """Write a header, one record for each host call, and the outcome with the digest of it all.

    It replaces what the file held; secrets are covered in all of it. Raises `OSError`.
    """
    with suppress(OSError):
        # A pipe or a device holds nothing.
        file.truncate(0)
    cover = Cover(_texts(program, settings, outcome))
    digest = hashlib.sha256()
    for record in (
        _header(program, settings, outcome, cover),
        *(_call(call, cover) for call in outcome.calls),
        _outcome(program, outcome, cover),
    ):
        if record["record"] == "outcome":
            record["digest"] = digest.hexdigest()
        line = json.dumps(record) + "\n"
        digest.update(line.encode())
        file.write(line)


def _texts(program: Program, settings: RunSettings, outcome: Outcome) -> Iterator[str]:
    """Everything in which a secret may stand."""
    yield program.source.text
    yield from settings.arguments
    for call in outcome.calls:
        yield from (value.text for value in (*call.arguments, *call.results) if value.text)


def _header(
    program: Program, settings: RunSettings, outcome: Outcome, cover: Cover
) -> dict[str, Any]:
    text = cover.text(program.source.text)
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
        "arguments": [cover.text(argument) for argument in settings.arguments],
        "grants": {name: list(scope) for name, scope in settings.grants.items()},
        "limits": asdict(settings.limits),
        "redacted": len(cover.secrets),
    }


def _wasmtime_version() -> str:
    from importlib.metadata import version

    return version("wasmtime")


def _call(call: HostCall, cover: Cover) -> dict[str, Any]:
    return {
        "record": "call",
        "index": call.index,
        **_covered(call_value(call), cover),
        "writes": [
            {
                "address": written.address,
                "base64": b64encode(cover.content(written.content)).decode(),
            }
            for written in call.writes
        ],
        "pages": call.pages,
        "heap": call.heap,
        "owned": call.owned,
        "log": _covered(call.log, cover),
        "result_value": _covered(call.result_value, cover),
        "trap": _covered(call.trap, cover),
        "http_status": call.http_status,
        "possibly_done": call.possibly_done,
        "timed_out": call.timed_out,
    }


def _covered(value: Any, cover: Cover) -> Any:
    """A plain value with every text in it covered."""
    if isinstance(value, str):
        return cover.text(value)
    if isinstance(value, list):
        return [_covered(item, cover) for item in value]
    if isinstance(value, dict):
        return {key: _covered(item, cover) for key, item in value.items()}
    return value


def _outcome(program: Program, outcome: Outcome, cover: Cover) -> dict[str, Any]:
    return {
        "record": "outcome",
        "status": "trapped" if outcome.trap else "returned",
        "results": list(outcome.results),
        "value": _covered(outcome.value, cover),
        "trap": _covered(trap_json(program, outcome.trap), cover) if outcome.trap else None,
        "fuel": outcome.known_fuel,
        "steps": outcome.steps,
        "memory_sha256": hashlib.sha256(cover.content(outcome.memory)).hexdigest(),
    }

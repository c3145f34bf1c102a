"""Run files for tests: one of a real run, and others with something of it changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from watstep.host.catalog import INTERFACE
from watstep.host.settings import DEFAULT_GRANTS, RunLimits, RunSettings
from watstep.machine.run import run_machine
from watstep.pipeline import Program, compile_source
from watstep.runfile.writing import MadeRun, run_text, sealed
from watstep.source.text import Source

Records = list[dict[str, Any]]

KEEP = """(local $e i32) (local $v i32)
(local.set $e (call $kv.set "a" "one")) (call $kv.get "a") (local.set $e) (local.set $v)
(call $dbg.log (local.get $v)) (call $dbg.i32 (call $sys.argc)) (resv (local.get $v))
(call $kv.get "none") (local.set $e) (local.set $v) (local.get $e)
"""


def program_of(text: str, name: str = "program.wat") -> Program:
    """A program that passes every check."""
    program = compile_source(Source(name, text), INTERFACE).program
    assert program
    return program


def made(text: str = KEEP, *arguments: str, limits: RunLimits | None = None) -> MadeRun:
    """A run of a program on the machine, with `kv` granted."""
    program = program_of(text)
    settings = RunSettings(arguments, {**DEFAULT_GRANTS, "kv": ()}, limits or RunLimits())
    return MadeRun(program, settings, run_machine(program, settings))


@cache
def content(text: str = KEEP) -> bytes:
    """The run file of such a run."""
    return run_text(made(text, "one", "two")).text.encode()


def records_of(file: bytes) -> Records:
    """The records of a run file, without the sums."""
    return [{k: v for k, v in json.loads(line).items() if k != "sum"} for line in file.splitlines()]


def file_of(records: Records) -> bytes:
    """Records as a run file whose sums and digests are right, whatever stands in them."""
    digest, lines = hashlib.sha256(), []
    for record in records:
        text = record.get("program")
        if isinstance(text, str) and "sha256" in record:
            whole = text.encode("utf-8", "surrogatepass")
            record = {**record, "sha256": hashlib.sha256(whole).hexdigest()}
        if record.get("record") == "outcome" and "digest" in record:
            record = {**record, "digest": digest.hexdigest()}
        line = sealed(json.dumps(record)) + "\n"
        digest.update(line.encode())
        lines.append(line)
    return "".join(lines).encode()


def changed(line: int, change: Callable[[dict[str, Any]], object], text: str = KEEP) -> bytes:
    """The run file of a program with one of its records changed, from 1; -1 is the last."""
    records = records_of(content(text))
    change(records[line - 1 if line > 0 else line])
    return file_of(records)

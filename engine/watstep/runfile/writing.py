"""A run as the text of a run file, its secrets covered."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from watstep.host.settings import RunSettings
from watstep.host.tape import HostCall, call_value
from watstep.machine.change import Change
from watstep.machine.outcome import UNSTEADY, Outcome, trap_value
from watstep.pipeline import Program
from watstep.runfile.format import CALL, CHANGE, FORMAT, OUTCOME, RECORDS, RUN, SUM_DIGITS
from watstep.runfile.kinds import Kind, Many, Named, Plain
from watstep.runfile.notes import Note, Standing
from watstep.runfile.secrets import Cover, secrets_of_settings
from watstep.version import VERSION

Json = dict[str, Any]


@dataclass(frozen=True)
class MadeRun:
    """A run to be kept."""

    program: Program
    settings: RunSettings
    outcome: Outcome
    """How it ended, or how it stands where it was not `finished`."""
    finished: bool = True
    changes: tuple[Change, ...] = ()
    """What a person changed in it."""
    notes: tuple[Note, ...] = ()
    standing: Standing | None = None
    marked: tuple[str, ...] = ()
    """What a person says is secret."""
    redacted: int = 0
    """How many secrets were covered in it before."""

    @property
    def repeatable(self) -> bool:
        """Whether it always ends there: a clock or a native stack may end wasmtime elsewhere."""
        trap = self.outcome.trap
        return self.outcome.steps is not None or trap is None or trap.kind not in UNSTEADY


@dataclass(frozen=True)
class RunText:
    """What a run file holds, and how many secrets are covered in it."""

    text: str
    redacted: int


def run_text(made: MadeRun) -> RunText:
    """The lines of a run file: a header, a record for each host call, and how it ended."""
    settings = made.settings
    named = secrets_of_settings(settings.arguments, os.environ)
    cover = Cover(_texts(made), (*made.marked, *named))
    records = list(_records(made, cover))
    redacted = records[0]["redacted"] = max(len(cover.met), made.redacted)
    digest, lines = hashlib.sha256(), []
    for record in records:
        if record["record"] == OUTCOME.name:
            record["digest"] = digest.hexdigest()
        line = sealed(json.dumps(record)) + "\n"
        digest.update(line.encode())
        lines.append(line)
    return RunText("".join(lines), redacted)


def sealed(line: str) -> str:
    """A record with the sum of what stands before it, by which a changed line is found."""
    return f'{line[:-1]}, "sum": "{line_sum(line)}"}}'


def line_sum(line: str) -> str:
    """The sum of a record as it is written without it."""
    return hashlib.sha256(line.encode()).hexdigest()[:SUM_DIGITS]


def _texts(made: MadeRun) -> Iterator[str]:
    """Everything in which a secret may stand."""
    yield made.program.source.text
    yield from made.settings.arguments
    for call in made.outcome.calls:
        yield from (value.text for value in (*call.arguments, *call.results) if value.text)
    yield from (note.command for note in made.notes)


def _records(made: MadeRun, cover: Cover) -> Iterator[Json]:
    kinds = {record.name: record.fields for record in RECORDS}
    plain: Iterator[tuple[str, Json]] = iter(
        (
            (RUN.name, _header(made, cover)),
            *((CALL.name, _call(call, cover)) for call in made.outcome.calls),
            *((CHANGE.name, _change(change, cover)) for change in made.changes),
            *((note.kind, {"command": note.command}) for note in made.notes),
            *(("position", asdict(standing)) for standing in (made.standing,) if standing),
            (OUTCOME.name, _ending(made, cover)),
        )
    )
    for name, values in plain:
        covered = {
            field.name: _covered(values[field.name], field.kind, cover)
            for field in kinds[name]
            if field.name in values
        }
        yield {"record": name, **covered}


def _covered(value: Any, kind: Kind, cover: Cover) -> Any:
    """A plain value with the secrets covered in each text of it in which one may stand."""
    if value is None:
        return None
    if isinstance(kind, Plain):
        return cover.text(value) if kind.secret and isinstance(value, str) else value
    if isinstance(kind, Many):
        return [_covered(item, kind.item, cover) for item in value]
    if isinstance(kind, Named):
        return {key: _covered(item, kind.item, cover) for key, item in value.items()}
    return {
        field.name: _covered(value[field.name], field.kind, cover)
        for field in kind.fields
        if field.name in value
    }


def _header(made: MadeRun, cover: Cover) -> Json:
    program, settings = made.program, made.settings
    # Covered first, so that the field's own cover finds nothing to do.
    text = cover.program(program.source.text)
    return {
        "format": FORMAT,
        "watstep": VERSION,
        "wasmtime": version("wasmtime"),
        "executor": made.outcome.executor,
        "name": program.source.name,
        "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        "program": text,
        "profile": program.profile,
        "arguments": list(settings.arguments),
        "grants": {name: list(scope) for name, scope in settings.grants.items()},
        "limits": asdict(settings.limits),
        "redacted": 0,
    }


def _call(call: HostCall, cover: Cover) -> Json:
    return {
        "index": call.index,
        **call_value(call),
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
        "log": call.log,
        "result_value": call.result_value,
        "trap": call.trap,
        "http_status": call.http_status,
        "possibly_done": call.possibly_done,
        "timed_out": call.timed_out,
    }


def _change(change: Change, cover: Cover) -> Json:
    return {
        "instant": change.instant,
        "where": change.where.value,
        "at": change.at,
        "frame": change.frame,
        "value": change.value,
        "base64": b64encode(cover.content(change.content)).decode(),
    }


def _ending(made: MadeRun, cover: Cover) -> Json:
    outcome = made.outcome
    status = "trapped" if outcome.trap else "returned"
    memory = hashlib.sha256(cover.content(outcome.memory)).hexdigest()
    return {
        "status": status if made.finished else "unfinished",
        "results": list(outcome.results),
        "value": outcome.value,
        "trap": trap_value(made.program, outcome.trap) if outcome.trap else None,
        "fuel": outcome.known_fuel if made.repeatable else None,
        "steps": outcome.steps,
        "memory_sha256": memory if made.repeatable else None,
    }

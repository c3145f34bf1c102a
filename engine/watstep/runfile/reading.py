"""The text of a run file as a run, each record checked field by field; what is wrong is told."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from watstep.errors import WatstepError
from watstep.host.catalog import FUNCTIONS, INTERFACE
from watstep.host.settings import RunLimits, RunSettings
from watstep.host.tape import CallOrigin, HostCall, MemoryWrite, Value
from watstep.machine.change import Change, Where
from watstep.machine.outcome import Outcome, Trap, TrapKind
from watstep.machine.start import start_problems
from watstep.pipeline import Program, compile_source
from watstep.runfile import BEGINS
from watstep.runfile.format import CALL, CHANGE, FORMAT, NOTES, OUTCOME, POSITION, RECORDS, RUN
from watstep.runfile.kinds import shape_problems
from watstep.runfile.notes import Note, Standing
from watstep.runfile.writing import line_sum
from watstep.source.diagnostic import Severity
from watstep.source.text import Source, counted
from watstep.version import VERSION
from watstep.wasm.types import PAGE_SIZE

LARGEST = 1 << 30
"""In bytes; a tape under the usual limits stays far below."""
_AGAIN = "record the run again"
_RECORDS = {record.name: record for record in RECORDS}

Json = dict[str, Any]


class RunFileError(WatstepError):
    """A run file that cannot be used: the line that is wrong, what is, and what to do."""

    def __init__(self, name: str, line: int, message: str) -> None:
        """`line` counts from 1."""
        super().__init__(f"{name}: line {line}: {message}")
        self.line = line


@dataclass(frozen=True)
class Ending:
    """How the run in a file ended; None stands for what is not known."""

    status: str
    """`returned`, `trapped` or `unfinished`."""
    results: tuple[int, ...]
    value: str | None
    trap: Trap | None
    """Without its place."""
    fuel: int | None
    steps: int | None
    memory_sha256: str | None


@dataclass(frozen=True)
class RunFile:
    """A run as a file keeps it."""

    name: str
    """Of the file, as it is to be called."""
    program: Program
    settings: RunSettings
    executor: str
    """What made the run."""
    made_by: str
    """The version of watstep."""
    redacted: int
    """How many secrets are covered in it."""
    tape: tuple[HostCall, ...]
    changes: tuple[Change, ...]
    """What a person changed in it."""
    notes: tuple[Note, ...]
    standing: Standing | None
    ending: Ending

    @property
    def title(self) -> str:
        """The program's name and that of the file, without their folders."""
        return f"{Path(self.program.source.name).name} of {Path(self.name).name}"

    @property
    def outcome(self) -> Outcome:
        """How it ended, without the memory; fuel that is not known is 0."""
        found = self.ending
        fuel = found.fuel or 0
        return Outcome(found.results, found.trap, fuel, found.steps, self.tape, self.executor)


class _WrongLineError(Exception):
    """What is wrong with a line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def is_run_file(content: bytes) -> bool:
    """Whether a file's content, or its beginning, is meant to be a run file."""
    return content[: len(BEGINS)] == BEGINS


def read_run(name: str, content: bytes) -> RunFile:
    """A run file as a run; raises `RunFileError` for everything that is none."""
    try:
        return _read(name, content)
    except _WrongLineError as wrong:
        raise RunFileError(name, wrong.line, str(wrong)) from None


def _read(name: str, content: bytes) -> RunFile:
    lines = _lines(content)
    records = [_record(number, line) for number, line in enumerate(lines, 1)]
    last = records[-1]
    if last["record"] != OUTCOME.name:
        raise _WrongLineError(len(lines), f"the file ends here, before the outcome: {_cut_short()}")
    _check_order(records)
    above = "".join(line + "\n" for line in lines[:-1])
    if hashlib.sha256(above.encode()).hexdigest() != last["digest"]:
        message = f"its `digest` is not that of the lines above: one is missing or added: {_AGAIN}"
        raise _WrongLineError(len(lines), message)
    header = records[0]
    program = _program(header)
    settings = _settings(header)
    problems = start_problems(program, settings)
    if problems:
        raise _WrongLineError(1, f"the program of this run cannot start: {problems[0].message}")
    return RunFile(
        name=name,
        program=program,
        settings=settings,
        executor=header["executor"],
        made_by=header["watstep"],
        redacted=header["redacted"],
        tape=_tape(records, program, settings),
        changes=_changes(records),
        notes=tuple(Note(r["record"], r["command"]) for r in records if r["record"] in NOTES),
        standing=_standing(records),
        ending=_ending(last),
    )


def _cut_short() -> str:
    return f"it was cut short; copy it again whole, or {_AGAIN}"


def _lines(content: bytes) -> list[str]:
    """The lines of a file without their ends; a transfer may have made CRLF of them."""
    if not content:
        raise _WrongLineError(1, "the file is empty: write one with `watstep run --record FILE`")
    if len(content) > LARGEST:
        raise _WrongLineError(
            1, f"the file is larger than {LARGEST >> 20} MiB: that is no run file"
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as failure:
        number = content.count(b"\n", 0, failure.start) + 1
        raise _WrongLineError(number, "this is not UTF-8: a run file is plain text") from None
    if not is_run_file(content):
        message = (
            "this is no run file: one begins with a record `run`, and is written by "
            "`watstep run --record FILE`"
        )
        raise _WrongLineError(1, message)
    whole = text.endswith("\n")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if whole:
        return lines[:-1]
    try:
        # The last line end is what an editor may take away; anything more is a piece missing.
        json.loads(lines[-1])
    except (ValueError, RecursionError):
        raise _WrongLineError(len(lines), f"the file ends in this line: {_cut_short()}") from None
    return lines


def _record(number: int, line: str) -> Json:
    """One line as a record of which every field is what the table says."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise _WrongLineError(number, f"this is not one JSON object: {_AGAIN}") from None
    if not isinstance(found, dict):
        raise _WrongLineError(number, f"this is not one JSON object: {_AGAIN}")
    kind = found.pop("record", None)
    record = _RECORDS.get(kind) if isinstance(kind, str) else None
    if number == 1:
        _check_format(kind, found)
    if record is None:
        raise _WrongLineError(number, _unknown_record(kind))
    total = found.pop("sum", None)
    for problem in shape_problems(record.shape, found):
        raise _WrongLineError(number, f"{problem} (a record `{record.name}`): {_AGAIN}")
    _check_sum(number, line, total)
    return {"record": kind, **found}


def _check_format(kind: object, found: Json) -> None:
    """Whether this version reads the format; before anything else is judged by its rules."""
    if kind != RUN.name:
        raise _WrongLineError(1, f"the first record is `run`, this is another: {_AGAIN}")
    version = found.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise _WrongLineError(
            1,
            f"the file has format {version}, written by watstep {found.get('watstep')}; this is "
            f"watstep {VERSION}, which reads format {FORMAT}: take a newer watstep",
        )


def _unknown_record(kind: object) -> str:
    if not isinstance(kind, str):
        return f"`record` must be a text, which says what the line is: {_AGAIN}"
    near = get_close_matches(kind, _RECORDS, 1)
    hint = f"; the nearest is `{near[0]}`" if near else ""
    return f"there is no record `{kind[:40]}`{hint}: {_AGAIN}"


def _check_sum(number: int, line: str, total: object) -> None:
    body, mark, _ = line.rpartition(', "sum": "')
    if not mark or line_sum(body + "}") != total:
        message = "its `sum` is not that of the line, which was changed after it was written"
        raise _WrongLineError(number, f"{message}: {_AGAIN}")


def _check_order(records: list[Json]) -> None:
    """Calls in order behind the header, then what the session kept, the outcome at the end."""
    order = [record.name for record in RECORDS]
    calls, reached, stood = 0, 0, False
    for number, record in enumerate(records, 1):
        kind = record["record"]
        place = order.index(kind)
        once = kind in {RUN.name, OUTCOME.name} and number not in {1, len(records)}
        if once or (kind == POSITION.name and stood) or (place < reached and kind not in NOTES):
            raise _WrongLineError(number, f"a record `{kind}` may not stand here: {_AGAIN}")
        stood = stood or kind == POSITION.name
        # What a session kept may stand in any order.
        reached = max(reached, order.index(CALL.name) + 1 if kind in NOTES else place)
        if kind == CALL.name:
            if record["index"] != calls:
                message = f"call {record['index']} stands where call {calls} is due: {_AGAIN}"
                raise _WrongLineError(number, message)
            calls += 1


def _program(header: Json) -> Program:
    text = header["program"]
    if hashlib.sha256(text.encode()).hexdigest() != header["sha256"]:
        raise _WrongLineError(1, f"`sha256` is not that of `program`: {_AGAIN}")
    compilation = compile_source(Source(header["name"], text), INTERFACE, profile=header["profile"])
    if compilation.program is None:
        errors = [d for d in compilation.diagnostics if d.severity is Severity.ERROR]
        covered = counted(header["redacted"], "covered secret")
        raise _WrongLineError(
            1,
            f"this watstep {VERSION} does not accept the program, written with "
            f"{header['watstep']} and {covered}: {errors[0].message}",
        )
    return compilation.program


def _settings(header: Json) -> RunSettings:
    limits = header["limits"]
    return RunSettings(
        tuple(header["arguments"]),
        {name: tuple(scope) for name, scope in header["grants"].items()},
        RunLimits(**{**limits, "seconds": float(limits["seconds"])}),
    )


def _tape(records: list[Json], program: Program, settings: RunSettings) -> tuple[HostCall, ...]:
    memory = program.module.memory
    most = settings.limits.memory_pages
    if memory is None:
        most = 0
    elif memory.maximum is not None:
        most = min(most, memory.maximum)
    tape = []
    for number, record in enumerate(records, 1):
        if record["record"] == CALL.name:
            call = _call(record)
            problem = _call_problem(call, most)
            if problem:
                raise _WrongLineError(number, f"{problem}: {_AGAIN}")
            tape.append(call)
    return tuple(tape)


def _call_problem(call: HostCall, most_pages: int) -> str | None:
    """What of a call's record no run can have done, so that it could not be replayed."""
    function = FUNCTIONS.get(call.function)
    if function is None:
        return f"there is no host function `{call.function[:40]}`"
    if len(call.arguments) != len(function.parameters):
        takes = counted(len(function.parameters), "argument")
        return f"`{call.function}` takes {takes}, `arguments` has {len(call.arguments)}"
    gives = int(function.gives.value)
    if call.trap is None and len(call.results) != gives:
        return f"`{call.function}` gives {counted(gives, 'result')}, not {len(call.results)}"
    if call.pages > most_pages:
        return f"`pages` is {call.pages}, the memory of this run has {most_pages} at most"
    for written in call.writes:
        if written.address + len(written.content) > call.pages * PAGE_SIZE:
            return f"`writes` goes past the end of the memory at address {written.address}"
    return None


def _call(record: Json) -> HostCall:
    """A call's record as the engine knows it."""
    return HostCall(
        index=record["index"],
        instant=record["instant"],
        function=record["function"],
        arguments=_values(record["arguments"]),
        results=_values(record["results"]),
        error=record["error"],
        seconds=float(record["duration"]),
        origin=CallOrigin(record["origin"]),
        writes=tuple(MemoryWrite(w["address"], b64decode(w["base64"])) for w in record["writes"]),
        pages=record["pages"],
        heap=record["heap"],
        owned=record["owned"],
        log=record["log"],
        result_value=record["result_value"],
        trap=record["trap"],
        http_status=record["http_status"],
        possibly_done=record["possibly_done"],
        timed_out=record["timed_out"],
    )


def _values(found: list[Json]) -> tuple[Value, ...]:
    return tuple(Value(item["value"], item["text"]) for item in found)


def _changes(records: list[Json]) -> tuple[Change, ...]:
    found: list[Change] = []
    for number, record in enumerate(records, 1):
        if record["record"] != CHANGE.name:
            continue
        change = Change(
            instant=record["instant"],
            where=Where(record["where"]),
            at=record["at"],
            value=record["value"],
            content=b64decode(record["base64"]),
            frame=record["frame"],
        )
        if found and change.instant < found[-1].instant:
            raise _WrongLineError(number, f"this change is before the one above it: {_AGAIN}")
        found.append(change)
    return tuple(found)


def _standing(records: list[Json]) -> Standing | None:
    return next(
        (Standing(r["instant"], r["level"]) for r in records if r["record"] == POSITION.name), None
    )


def _ending(record: Json) -> Ending:
    trap = record["trap"]
    return Ending(
        record["status"],
        tuple(record["results"]),
        record["value"],
        Trap(TrapKind(trap["kind"]), trap["message"]) if trap else None,
        record["fuel"],
        record["steps"],
        record["memory_sha256"],
    )

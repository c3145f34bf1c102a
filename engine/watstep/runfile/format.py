"""The form of the run file: every record and every field, in one table (docs/run-file.md)."""

from __future__ import annotations

from typing import NamedTuple

from watstep.host.tape import CallOrigin
from watstep.machine.change import Where
from watstep.machine.outcome import TrapKind
from watstep.runfile.kinds import (
    ARGUMENT,
    BASE64,
    BOOLEAN,
    COUNT,
    ENTRY,
    INT,
    INT_MOST,
    PAGES,
    SECONDS,
    TEXT,
    WORD,
    WORD_MOST,
    Field,
    Many,
    Named,
    Shape,
    hexadecimal,
    line_of,
    one_of,
    whole,
)

FORMAT = 1
"""The version of the form; counted up where a record means something else than before."""

SUM_DIGITS = 8


class Record(NamedTuple):
    """A kind of line."""

    name: str
    """What its field `record` says."""
    times: str
    """How often it stands in a file, and where."""
    fields: tuple[Field, ...]
    """Besides `record`, which begins a line, and `sum`, which ends it."""

    @property
    def shape(self) -> Shape:
        """The fields as the shape of an object."""
        return Shape(self.fields)


_LIMITS = Shape(
    (
        Field("fuel", COUNT, "units of fuel"),
        Field("exact_fuel", BOOLEAN, "whether it ends at the very instruction"),
        Field("memory_pages", PAGES, "how far the memory may grow, in pages of 64 KiB"),
        Field("call_depth", whole(1, 1_000_000), "how deep calls may nest"),
        Field("seconds", SECONDS, "how long it may run"),
        Field("answer_bytes", COUNT, "how long an answer may be"),
        Field("host_calls", COUNT, "how many host calls may be made"),
        Field("log_bytes", COUNT, "how much may be logged"),
    )
)
_VALUE = Shape(
    (
        Field("value", INT, "the signed i32"),
        Field("text", TEXT, "the text that it points at", nullable=True),
    )
)
_WRITE = Shape(
    (
        Field("address", COUNT, "where in the memory"),
        Field("base64", BASE64, "the bytes"),
    )
)
_TRAP = Shape(
    (
        Field("kind", one_of(*(kind.value for kind in TrapKind)), "why the run ended"),
        Field("message", TEXT, "a sentence on it"),
        Field("line", whole(1), "of the source form that it stopped at", nullable=True),
        Field("column", whole(1), "of the same", nullable=True),
        Field("function", WORD, "the function that it stands in", nullable=True),
    )
)

RUN = Record(
    "run",
    "the first line",
    (
        Field("format", whole(1), f"the version of this format: {FORMAT}"),
        Field("watstep", WORD, "the version of watstep that wrote the file"),
        Field("wasmtime", WORD, "the version of wasmtime beside it"),
        Field("executor", one_of("wasmtime", "machine"), "what made the run"),
        Field("name", WORD, "the program's name"),
        Field("sha256", hexadecimal(64), "the SHA-256 of `program`, in UTF-8"),
        Field("program", WORD, "the program's text"),
        Field("profile", one_of("agent", "core"), "the profile that it was checked with"),
        Field("arguments", Many(ARGUMENT), "the run's arguments"),
        Field("grants", Named(Many(TEXT)), "the granted capabilities, each with its scopes"),
        Field("limits", _LIMITS, "the bounds that the run was under"),
        Field("redacted", COUNT, "how many secrets were covered by stars"),
    ),
)
CALL = Record(
    "call",
    "one for each host call, in order",
    (
        Field("index", COUNT, "which call it is, from 0"),
        Field("instant", whole(1), "the instant just after it", nullable=True),
        Field("function", WORD, "`http.get`"),
        Field("arguments", Many(_VALUE), "what it was given"),
        Field("results", Many(_VALUE), "what it answered"),
        Field("error", WORD, "the name of the error that it answered", nullable=True),
        Field("duration", SECONDS, "how long it took"),
        Field(
            "origin", one_of(*(origin.value for origin in CallOrigin)), "where the answer came from"
        ),
        Field("writes", Many(_WRITE), "what it put into the memory"),
        Field("pages", PAGES, "the size of the memory after it"),
        Field("heap", COUNT, "where the host's next allocation begins"),
        Field("owned", COUNT, "the end of the memory that the host may fill"),
        Field("log", ENTRY, "what it added to the log", nullable=True),
        Field("result_value", TEXT, "the text that it made the run's value", nullable=True),
        Field("trap", TEXT, "why it ended the run instead of answering", nullable=True),
        Field("http_status", whole(0, INT_MOST), "of the last HTTP answer of the run, else 0"),
        Field("possibly_done", BOOLEAN, "whether it was left while it waited"),
        Field("timed_out", BOOLEAN, "whether time was why it was left"),
    ),
)


def _kept(name: str, times: str, *words: str) -> Record:
    """A record that keeps a command line of the debugger, which can only be one of these."""
    return Record(
        name, times, (Field("command", line_of(*words), "the command line that makes it again"),)
    )


BREAKPOINT = _kept("breakpoint", "one for each, after the calls", "break")
CHANGE = Record(
    "change",
    "one for each value that a person changed, in the order of their instants",
    (
        Field("instant", COUNT, "from which instant on it is another"),
        Field("where", one_of(*(where.value for where in Where)), "what holds it"),
        Field("at", COUNT, "the number of the local or the stack value, or the address"),
        Field("frame", COUNT, "the program frame that it is in, the outermost being 0"),
        Field("value", whole(0, WORD_MOST), "of a local or a stack value, unsigned"),
        Field("base64", BASE64, "the bytes of the memory"),
    ),
)
POSITION = Record(
    "position",
    "at most one: where the session stood",
    (
        Field("instant", COUNT, "the instant"),
        Field("level", one_of("source", "expansion", "instruction"), "what a step was"),
    ),
)
OUTCOME = Record(
    "outcome",
    "the last line",
    (
        Field(
            "status",
            one_of("returned", "trapped", "unfinished"),
            "`trapped` by a limit too; `unfinished` where the file was written before the end",
        ),
        Field("results", Many(INT), "what `run` gave"),
        Field("value", TEXT, "the text last given to `sys.resv`", nullable=True),
        Field("trap", _TRAP, "why it did not return", nullable=True),
        Field("fuel", COUNT, "units used, null where they are not known", nullable=True),
        Field("steps", COUNT, "instants, null where they were not counted", nullable=True),
        Field("memory_sha256", hexadecimal(64), "the SHA-256 of the memory", nullable=True),
        Field("digest", hexadecimal(64), "the SHA-256 of all lines above"),
    ),
)

RECORDS: tuple[Record, ...] = (
    RUN, CALL, CHANGE, BREAKPOINT, POSITION, OUTCOME,
)  # fmt: skip
"""Every kind of line, in the order of a file."""

NOTES = frozenset(record.name for record in (BREAKPOINT,))
"""The records that keep a command line of the debugger."""

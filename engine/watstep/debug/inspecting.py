"""What commands answer of memory, host and trace: text for the prompt, plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from watstep.debug.armed import NOTHING
from watstep.debug.expression import parse
from watstep.debug.finding import MOST_FOUND, in_memory, pattern
from watstep.debug.host_state import host_state
from watstep.debug.regions import Region, regions
from watstep.debug.search import Search
from watstep.debug.session import Session
from watstep.debug.state import TraceRow
from watstep.debug.tracing import STATEMENTS, matching, row_text, row_value
from watstep.errors import CommandError
from watstep.host.tape import quoted
from watstep.source.text import Span
from watstep.wasm.values import signed

BYTES_A_ROW = 16
MOST_BYTES = 4096
MOST_ROWS = 1_000
MOST_MATCHED = 100


def host(session: Session, argument: str) -> tuple[str, Any]:
    """What the host holds at the position: result, store, heap (L6)."""
    if argument:
        raise CommandError(f"`{argument}` is one thing too many")
    found = host_state(session.program.module, session.state().calls)
    rows = [f"heap    {found.heap_start} to {found.heap_end}"]
    if found.result is not None:
        rows.append(f"value   {quoted(found.result)} at {found.result_instant}")
    if found.http_status:
        rows.append(f"http    status {found.http_status}")
    for entry in found.store:
        value = "nothing" if entry.value is None else quoted(entry.value)
        rows.append(f"kv      {quoted(entry.key)} {value} ({entry.function} at {entry.instant})")
    values = {
        "value": found.result,
        "http_status": found.http_status,
        "store": {entry.key: entry.value for entry in found.store},
        "heap": [found.heap_start, found.heap_end],
    }
    return "\n".join(rows), values


def memory(session: Session, argument: str) -> tuple[str, Any]:
    """Bytes of the memory, with whose they are: `ADDRESS [LENGTH]`, each an expression."""
    address, length = _address_and_length(session, argument)
    content = session.memory(address, length)
    if not content:
        raise CommandError(f"address {address} is outside the memory")
    known = regions(session.program, session.state().calls, address, address + len(content))
    rows = []
    for at in range(0, len(content), BYTES_A_ROW):
        chunk = content[at : at + BYTES_A_ROW]
        first, after = address + at, address + at + len(chunk)
        labels = [
            _label(session, region)
            for region in known
            if region.start < after and region.end > first
        ]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in chunk)
        rows.append(f"{first:>8}  {chunk.hex(' '):<47}  {shown:<16}  {' · '.join(labels[:2])}")
    value = {"address": address, "bytes": content.hex()}
    return "\n".join(row.rstrip() for row in rows), value


def find(session: Session, argument: str) -> tuple[str, Any]:
    """The addresses at which a number or a text stands, with whose bytes they are."""
    wanted = pattern(argument)
    found = in_memory(session, wanted)
    calls = session.state().calls
    rows = []
    for address in found:
        known = regions(session.program, calls, address, address + len(wanted))
        label = _label(session, known[0]) if known else ""
        rows.append(f"{address:>8}  {label}".rstrip())
    if len(found) == MOST_FOUND:
        rows.append(f"the first {MOST_FOUND}; there may be more")
    return "\n".join(rows) or f"{argument} stands nowhere in the memory", list(found)


def decode(session: Session, argument: str) -> tuple[str, Any]:
    """What the bytes at an address can be read as: numbers, characters, a text value."""
    address = _address(session, argument)
    content = session.memory(address, 4)
    if len(content) < 4:
        raise CommandError(f"address {address} is outside the memory")
    number = int.from_bytes(content, "little")
    body = session.memory(address + 4, number) if 0 < number <= MOST_BYTES else b""
    text: str | None = None
    if address and len(body) == number:
        with suppress(UnicodeDecodeError):
            text = body.decode()
    known = regions(session.program, session.state().calls, address, address + 4)
    rows = [
        f"i32     {signed(number)} = {number} = 0x{number:08x}",
        f"bytes   {content.hex(' ')}  {' '.join(map(str, content))}",
        f"text    {'no text value' if text is None else f'{len(body)} bytes {quoted(text)}'}",
        f"region  {_label(session, known[0]) if known else 'nobody reserved it'}",
    ]
    values = {"address": address, "i32": signed(number), "bytes": content.hex(), "text": text}
    return "\n".join(rows), values


def _label(session: Session, region: Region) -> str:
    return region.label or f"from {_code(session, region.form)}"


def _address_and_length(session: Session, argument: str) -> tuple[int, int]:
    where, _, length = argument.rpartition(" ")
    if where and length.isdecimal():
        return _address(session, where), min(max(int(length[:9]), 1), MOST_BYTES)
    return _address(session, argument), 4 * BYTES_A_ROW


def _address(session: Session, text: str) -> int:
    value = parse(text).value(session.scope())
    if isinstance(value, str):
        raise CommandError(f"an address is a number, not `{text}`")
    return value & 0xFFFFFFFF


def _code(session: Session, form: Span | None) -> str:
    if form is None:
        return ""
    source = session.program.source
    place = source.position(form.start)
    return f"{place.line}:{place.column} {' '.join(source.text[form.start : form.end].split())}"


def trace(session: Session, argument: str) -> tuple[str, Any]:
    """Executed instructions with the stack after each: `[FROM [TO]]`, else those before here."""
    here = session.position.instant
    words = argument.split()
    if len(words) > 2 or not all(word.isdecimal() and len(word) < 16 for word in words):
        raise CommandError("trace takes the first and the last instant, both numbers")
    first = int(words[0]) if words else max(here - 9, 1)
    last = int(words[1]) if len(words) == 2 else first + 9 if words else here
    if last - first >= MOST_ROWS:
        raise CommandError(f"trace shows {MOST_ROWS:,} instructions at once at most")
    return _told(session, session.trace(first, last))


def filtered(session: Session, argument: str) -> tuple[str, Any]:
    """The next instructions that ran from here on and hold a text, or begin a statement."""
    if not argument:
        raise CommandError("filter takes a text, or `statements`")
    places = matching(session.program, argument)
    timeline = session.timeline
    timeline.interrupted = False
    stops = Search(timeline, NOTHING).stops_between(
        session.position.instant, timeline.frontier, places
    )
    instants = [visit.instant for visit in islice(stops, MOST_MATCHED)]
    if argument != STATEMENTS:
        # The row of an instruction is that of the instant after it.
        instants = [instant + 1 for instant in instants]
    return _told(session, session.tracer.at(instants, argument))


def _told(session: Session, rows: Sequence[TraceRow]) -> tuple[str, Any]:
    here = session.position.instant
    text = [f"{'▶' if row.instant == here else ' '}{row_text(row)}" for row in rows]
    values = [row_value(session.program, row) for row in rows]
    return "\n".join(text) or "nothing was executed there", values

"""What the stepping screen shows of a session, as values: pure functions from state to text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.text import Text

from watstep.debug.breakpoint import Breakpoint
from watstep.debug.reports import call_text
from watstep.debug.session import Session
from watstep.debug.state import Level, State, Stop, TraceRow
from watstep.host.errors import error_name
from watstep.host.tape import HostCall
from watstep.source.text import Source, Span
from watstep.wasm.values import signed

TRACE_ROWS = 40
MEMORY_ROWS = 12
BYTES_A_ROW = 16
_LONGEST = 40

Read = Callable[[int, int], bytes]


@dataclass(frozen=True)
class Snapshot:
    """All that the screen shows at one stop, gathered away from the keyboard."""

    stop: Stop
    level: Level
    state: State
    tape: tuple[HostCall, ...]
    trace: tuple[TraceRow, ...]
    breakpoints: tuple[Breakpoint, ...]
    memory_start: int
    memory: bytes
    texts: dict[int, str]
    """By value: the text that a local or a stack value points at."""


def gather(session: Session, stop: Stop) -> Snapshot:
    """The snapshot of a session where it stands."""
    state = session.state()
    instant = state.position.instant
    start = _memory_start(state)
    frame = state.frames[0]
    values = {slot.value for slot in frame.stack} | {slot.value for slot in frame.locals}
    return Snapshot(
        stop=stop,
        level=session.level,
        state=state,
        tape=session.calls(),
        trace=session.trace(instant - TRACE_ROWS, instant),
        breakpoints=session.breakpoints,
        memory_start=start,
        memory=session.memory(start, MEMORY_ROWS * BYTES_A_ROW),
        texts={value: text for value in values if (text := text_at(value, session.memory))},
    )


def _memory_start(state: State) -> int:
    """The row of the first byte that was written or will be read, else the program's text."""
    touched = [*state.memory_written, *state.memory_read_next]
    return touched[0].start // BYTES_A_ROW * BYTES_A_ROW if touched else 0


def text_at(pointer: int, read: Read) -> str:
    """The text value at a pointer, "" where it points at none that people can read (L4)."""
    head = read(pointer, 4) if pointer else b""
    length = int.from_bytes(head, "little")
    if len(head) < 4 or not 0 < length <= 1 << 20:
        return ""
    body = read(pointer + 4, length)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return ""
    readable = len(body) == length and all(c.isprintable() or c in "\n\r\t" for c in text)
    return text if readable else ""


def quoted(text: str) -> str:
    """A text on one line, in quotes, cut where it is long."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return '"' + shown.replace("\n", "⏎").replace("\r", "").replace("\t", " ") + '"'


def stack_rows(found: Snapshot, source: Source) -> list[Text]:
    """The operand stack, the top first, each value with the form that pushed it."""
    slots = found.state.frames[0].stack
    article = f"[{', '.join(str(signed(slot.value)) for slot in slots)}]"
    rows = [Text(article, "bold" if slots else "dim")]
    for number in range(len(slots) - 1, -1, -1):
        slot = slots[number]
        row = Text(f"{'*' if slot.changed else ' '}{'◂' if slot.read_next else ' '}{number} ")
        row.append(f"i32 {signed(slot.value)}", "bold" if slot.changed else "")
        if slot.value in found.texts:
            row.append(f" {quoted(found.texts[slot.value])}", "italic")
        rows.append(row)
        if slot.pushed_by:
            place = source.position(slot.pushed_by.start)
            code = " ".join(source.text[slot.pushed_by.start : slot.pushed_by.end].split())
            rows.append(Text(f"     from {place.line}:{place.column} {code}", "dim"))
    return rows


def local_rows(found: Snapshot) -> list[Text]:
    """The locals of the innermost frame, with what changed and what is touched next."""
    rows = []
    for slot in found.state.frames[0].locals:
        mark = "◂" if slot.read_next else "▸" if slot.written_next else " "
        row = Text(f"{'*' if slot.changed else ' '}{mark}{slot.name:<14} ")
        if not slot.written:
            row.append("0  not yet set", "dim")
        else:
            row.append(str(signed(slot.value)), "bold" if slot.changed else "")
            if slot.name.endswith("err"):
                row.append(f"  {error_name(slot.value) or 'OK'}", "italic")
            elif slot.value in found.texts:
                row.append(f"  {quoted(found.texts[slot.value])}", "italic")
        rows.append(row)
    return rows or [Text("no locals", "dim")]


def frame_rows(found: Snapshot, source: Source) -> list[Text]:
    """The call stack, innermost first, macro frames among the functions."""
    rows = []
    for number, frame in enumerate(found.state.frames):
        place = source.position(frame.source.start)
        kind = "macro" if frame.kind == "macro" else "func"
        text = f"{'▶' if number == 0 else ' '} {frame.name}  {place.line}:{place.column}  {kind}"
        rows.append(Text(text, "bold" if number == 0 else ""))
    return rows


def call_rows(found: Snapshot) -> list[Text]:
    """The host calls: those made, and dimmed those that the tape holds beyond the instant."""
    made = len(found.state.calls)
    rows = []
    for number, call in enumerate(found.tape):
        past = number < made
        latest = past and call.instant == found.state.position.instant
        mark = "▶" if latest else " " if past else "·"
        rows.append(Text(f"{mark}{call_text(call)}", "bold" if latest else "" if past else "dim"))
    return rows or [Text("no host calls yet", "dim")]


def trace_text(found: Snapshot) -> list[Text]:
    """The article's picture: each instruction with the stack after it, the top on the right."""
    rows = []
    for row in found.trace:
        stack = f"[{', '.join(str(signed(value)) for value in row.stack)}]"
        current = row.instant == found.state.position.instant
        line = f"{row.instant:>7}  {'  ' * row.depth + row.text:<32} {stack}"
        rows.append(Text(line, "bold" if current else ""))
    return rows or [Text("nothing was executed yet", "dim")]


def memory_rows(found: Snapshot) -> list[Text]:
    """Hex and text; bytes written last are reversed, those read next underlined."""
    rows = []
    for start in range(0, len(found.memory), BYTES_A_ROW):
        chunk = found.memory[start : start + BYTES_A_ROW]
        address = found.memory_start + start
        row = Text(f"{address:>8}  ", "dim")
        for offset, byte in enumerate(chunk):
            row.append(f"{byte:02x}", _byte_style(found.state, address + offset))
            row.append(" ")
        row.append(" ")
        for offset, byte in enumerate(chunk):
            shown = chr(byte) if 32 <= byte < 127 else "·"
            row.append(shown, _byte_style(found.state, address + offset))
        rows.append(row)
    return rows or [Text("the program has no memory", "dim")]


def _byte_style(state: State, address: int) -> str:
    if any(start <= address < end for start, end in state.memory_written):
        return "reverse"
    if any(start <= address < end for start, end in state.memory_read_next):
        return "underline"
    return ""


def log_rows(found: Snapshot) -> list[Text]:
    """The log, the result value and the end of the run, as they are at the instant."""
    state = found.state
    rows = [
        Text(f"log    {quoted(entry) if isinstance(entry, str) else entry}") for entry in state.log
    ]
    if state.result_value is not None:
        rows.append(Text(f"value  {quoted(state.result_value)}"))
    if state.results:
        rows.append(Text(f"result {', '.join(map(str, state.results))}", "bold"))
    if state.trap:
        rows.append(Text(f"trap   {state.trap}", "bold"))
    return rows or [Text("nothing was logged yet", "dim")]


def breakpoint_rows(found: Snapshot) -> list[Text]:
    """The breakpoints, with where they moved."""
    rows = []
    for item in found.breakpoints:
        moved = f", moved to {item.bound_line}" if item.moved else ""
        unbound = ", unbound" if item.bound_line is None else ""
        rows.append(Text(f"● {item.number}  {item.level.value} line {item.line}{moved}{unbound}"))
    return rows or [Text("no breakpoints: b sets one on the line of the cursor", "dim")]


def timeline_bar(found: Snapshot, width: int) -> Text:
    """The whole run as one line: host calls `h`, errors `!`, the position `●`."""
    state = found.state
    last = state.last_instant
    span = max(last if last is not None else state.frontier, 1)
    inner = max(width - 2, 10)
    cells = ["─"] * inner
    for call in found.tape:
        if call.instant is not None and call.instant <= span:
            cells[_cell(call.instant, span, inner)] = "!" if call.error or call.trap else "h"
    cells[_cell(state.position.instant, span, inner)] = "●"
    end = "▏" if last is not None else "…"
    return Text(f"▕{''.join(cells)}{end}")


def _cell(instant: int, span: int, width: int) -> int:
    return min(instant * (width - 1) // span, width - 1)


def status_text(found: Snapshot) -> str:
    """Mode, level, instant, fuel, and why it stopped."""
    state = found.state
    last = "?" if state.last_instant is None else f"{state.last_instant:,}"
    reason = found.stop.message or found.stop.reason.value
    return (
        f"STEPPING {found.level.value}  instant {state.position.instant:,} of {last}  "
        f"fuel {state.fuel:,} of {state.fuel_limit:,}  {reason}"
    )


def line_of(text: Source, span: Span) -> int:
    """The line, from 1, at which a form begins."""
    return text.line_of(span.start)

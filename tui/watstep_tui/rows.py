"""What the stepping screen shows of a stop, as text: pure functions from a snapshot to rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from rich.text import Text

from watstep.debug.breakpoint import Breakpoint
from watstep.debug.reports import call_text
from watstep.debug.state import Frame, Level, State, Stop, TraceRow
from watstep.host.errors import error_name
from watstep.host.tape import HostCall
from watstep.source.text import Source
from watstep.wasm.values import signed

BYTES_A_ROW = 16
_LONGEST = 40


class Form(Enum):
    """How numbers are written."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    HEX = "hex"
    CHARACTER = "character"


def written(value: int, form: Form) -> str:
    """An i32, 0 to 2**32-1, in a form; as a character only where it is a printable one (L4)."""
    if form is Form.UNSIGNED:
        return str(value)
    if form is Form.HEX:
        return f"0x{value:x}"
    if form is Form.CHARACTER and value < 0x110000 and chr(value).isprintable():
        return f"'{chr(value)}'"
    return str(signed(value))


@dataclass(frozen=True)
class View:
    """What a person chose to look at, besides the position."""

    frame: int = 0
    """Which frame's stack and locals, counted from the innermost."""
    form: Form = Form.SIGNED
    memory: int | None = None
    """The first address of the memory's rows; None follows what is written and read."""


@dataclass(frozen=True)
class Snapshot:
    """All that the screen shows at one stop, gathered away from the keyboard."""

    stop: Stop
    level: Level
    state: State
    view: View
    tape: tuple[HostCall, ...]
    trace: tuple[TraceRow, ...]
    breakpoints: tuple[Breakpoint, ...]
    hits: tuple[int, ...]
    """The instants, as far as they are known, at which a breakpoint stands."""
    memory_start: int
    memory: bytes
    texts: dict[int, str]
    """By value: the text that a local or a stack value points at."""
    trapped: bool = False
    """Whether the run is known to end with a trap or a limit."""
    verdict: str | None = None
    """What wasmtime said of this run: "" agrees, None was not asked (P2)."""

    @property
    def frame(self) -> Frame:
        """The frame that is looked at."""
        return self.state.frames[self.view.frame]


def quoted(text: str) -> str:
    """A text on one line, in quotes, cut where it is long."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return '"' + shown.replace("\n", "⏎").replace("\r", "").replace("\t", " ") + '"'


def stack_rows(found: Snapshot, source: Source) -> list[Text]:
    """The operand stack, the top first, each value with the form that pushed it."""
    slots = found.frame.stack
    article = f"[{', '.join(written(slot.value, found.view.form) for slot in slots)}]"
    rows = [Text(article, "bold" if slots else "dim")]
    for number in range(len(slots) - 1, -1, -1):
        slot = slots[number]
        row = Text(f"{'*' if slot.changed else ' '}{'◂' if slot.read_next else ' '}{number} ")
        row.append(
            f"{slot.type} {written(slot.value, found.view.form)}", "bold" if slot.changed else ""
        )
        if slot.value in found.texts:
            row.append(f" {quoted(found.texts[slot.value])}", "italic")
        rows.append(row)
        if slot.pushed_by:
            place = source.position(slot.pushed_by.start)
            code = " ".join(source.text[slot.pushed_by.start : slot.pushed_by.end].split())
            rows.append(Text(f"     from {place.line}:{place.column} {code}", "dim"))
    return rows


def local_rows(found: Snapshot) -> list[Text]:
    """The locals of the frame that is looked at, with what changed and what is touched next."""
    rows = []
    for slot in found.frame.locals:
        mark = "◂" if slot.read_next else "▸" if slot.written_next else " "
        row = Text(f"{'*' if slot.changed else ' '}{mark}{slot.name:<14} ")
        if not slot.written:
            row.append("0  not yet set", "dim")
        else:
            row.append(written(slot.value, found.view.form), "bold" if slot.changed else "")
            named = (error_name(slot.value) if slot.value else "OK") or ""
            if slot.name.endswith("err") and named:
                row.append(f"  {named}", "italic")
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
        seen = number == found.view.frame
        mark = "▶" if number == 0 else "▷" if seen else " "
        text = f"{mark} {frame.name}  {place.line}:{place.column}  {kind}"
        rows.append(Text(text, "bold" if seen else ""))
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


def trace_rows(found: Snapshot) -> list[Text]:
    """The article's picture: each instruction with the stack after it, the top on the right.

    Below the row of the position stands, dimmed, what the run does next as far as it was made.
    """
    rows = []
    now = found.state.position.instant
    for row in found.trace:
        stack = f"[{', '.join(str(signed(value)) for value in row.stack)}]"
        mark = "▶" if row.instant == now else "·" if row.instant > now else " "
        line = f"{mark}{row.instant:>7}  {'  ' * (row.depth - 1) + row.text:<32} {stack}"
        rows.append(Text(line, "bold" if mark == "▶" else "dim" if mark == "·" else ""))
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
    """The log up to the instant."""
    log = found.state.log
    rows = [Text(quoted(entry) if isinstance(entry, str) else str(entry)) for entry in log]
    return rows or [Text("nothing was logged yet", "dim")]


def result_rows(found: Snapshot) -> list[Text]:
    """How the run ended, and whether wasmtime says the same; before the end, what is known."""
    state = found.state
    rows = []
    if state.result_value is not None:
        rows.append(Text(f"value   {quoted(state.result_value)}"))
    if state.results:
        rows.append(Text(f"result  {', '.join(map(str, state.results))}", "bold"))
    if state.trap:
        rows.append(Text(f"trap    {state.trap}", "bold"))
    if not state.ended:
        rows.append(Text("the run has not ended here", "dim"))
    parts = (
        _counted(state.fuel, "fuel", "fuel"),
        _counted(state.position.instant, "instruction", "instructions"),
        _counted(len(state.calls), "host call", "host calls"),
        _counted(state.pages, "page of memory", "pages of memory"),
    )
    rows.append(Text(f"cost    {', '.join(parts)}"))
    if found.verdict == "":
        rows.append(Text("check   ✓ wasmtime gives the same on the same answers"))
    elif found.verdict:
        rows.append(Text(f"check   ✗ wasmtime differs in {found.verdict}", "bold red"))
    return rows


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def breakpoint_rows(found: Snapshot) -> list[Text]:
    """The breakpoints, with where they moved (B4)."""
    rows = []
    for item in found.breakpoints:
        moved = f", moved to {item.bound_line}" if item.moved else ""
        unbound = ", unbound: no code comes there or after" if item.bound_line is None else ""
        off = "" if item.enabled else ", off"
        mark = "●" if item.enabled and item.place else "○"
        text = f"{mark} {item.number}  {item.level.value} line {item.line}{moved}{unbound}{off}"
        rows.append(Text(text, "" if item.enabled else "dim"))
    return rows or [Text("no breakpoints: b sets one on the line of the cursor", "dim")]


def span_of(state: State) -> int:
    """The last instant that the timeline bar holds."""
    return max(state.frontier if state.last_instant is None else state.last_instant, 1)


def timeline_bar(found: Snapshot, width: int) -> Text:
    """The whole run as one line: calls `h`, errors `!`, breakpoints `▲`, the position `●`."""
    state = found.state
    span = span_of(state)
    inner = max(width - 2, 2)
    cells = ["─"] * inner
    for call in found.tape:
        if call.instant is not None and call.instant <= span:
            at = cell_of(call.instant, span, inner)
            cells[at] = "!" if call.error or call.trap or cells[at] == "!" else "h"
    for instant in found.hits:
        cells[cell_of(instant, span, inner)] = "▲"
    if found.trapped:
        cells[-1] = "!"
    here = cell_of(state.position.instant, span, inner)
    cells[here] = "●"
    bar = Text(f"▕{''.join(cells)}{'▏' if state.last_instant is not None else '…'}")
    bar.stylize("dim", here + 2, inner + 1)
    bar.stylize("bold", here + 1, here + 2)
    return bar


def cell_of(instant: int, span: int, width: int) -> int:
    """The cell of an instant on a bar of `width` cells."""
    return min(instant * (width - 1) // span, width - 1)


def instant_of(cell: int, span: int, width: int) -> int:
    """The first instant of a cell, the inverse of `cell_of`."""
    held = max(0, min(cell, width - 1))
    return min(-(-held * span // max(width - 1, 1)), span)


def status_text(found: Snapshot) -> str:
    """Mode, level, instant, fuel, and why it stopped."""
    state = found.state
    last = "?" if state.last_instant is None else f"{state.last_instant:,}"
    reason = found.stop.message or found.stop.reason.value
    form = "" if found.view.form is Form.SIGNED else f"  {found.view.form.value}"
    return (
        f"STEPPING {found.level.value}  instant {state.position.instant:,} of {last}  "
        f"fuel {state.fuel:,} of {state.fuel_limit:,}  {reason}{form}"
    )

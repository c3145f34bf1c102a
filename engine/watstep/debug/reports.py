"""What commands answer, as text for the prompt and as plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from watstep.debug.expression import parse
from watstep.debug.session import MOST_LOGGED, Session
from watstep.debug.state import Frame, Level, Logged, Slot, State, Stop
from watstep.errors import CommandError
from watstep.host.tape import HostCall, Value, call_value, value_text
from watstep.source.text import Source, Span, counted
from watstep.wasm.values import signed

_AROUND = 5
_LONGEST = 60


def reply_value(session: Session, command: str, stop: Stop, result: Any) -> dict[str, Any]:
    """One reply as `watstep debug --batch --json` prints it."""
    state_now = session.state()
    frame = state_now.frames[0]
    return {
        "command": command,
        "timeline": session.timelines.current.name,
        "instant": state_now.position.instant,
        "last_instant": state_now.last_instant,
        "reason": stop.reason.value,
        "level": session.level.value,
        "source": _place(session.program.source, state_now.source_line),
        "expansion": _place(session.program.rendering.as_source, state_now.expansion_line),
        "function": _frame_name(session, _program_frame(state_now)),
        "frames": [_frame_value(session, item) for item in state_now.frames],
        "stack": [signed(slot.value) for slot in frame.stack],
        "locals": {slot.name: signed(slot.value) for slot in frame.locals},
        "fuel": state_now.fuel,
        "message": stop.message,
        "result": result,
    }


def _place(text: Source, span: Span) -> dict[str, int]:
    position = text.position(span.start)
    return {"line": position.line, "column": position.column}


def _program_frame(state_now: State) -> Frame:
    return next(frame for frame in state_now.frames if frame.kind == "function")


def _frame_name(session: Session, frame: Frame) -> str:
    """A frame's name for programs to read: the dollar stays."""
    name = None if frame.kind == "macro" else session.program.function(frame.function).name
    return name or frame.name


def _frame_value(session: Session, frame: Frame) -> dict[str, Any]:
    line = session.program.source.line_of(frame.source.start)
    return {"name": _frame_name(session, frame), "kind": frame.kind, "line": line}


def call_text(call: HostCall) -> str:
    """A host call as one decoded line (STEPPING.md L5)."""
    arguments = ", ".join(value_text(value) for value in call.arguments)
    answers = ", ".join(value_text(value) for value in call.results[:1]) or "-"
    error = call.error or ("trapped" if call.trap else "OK")
    instant = "?" if call.instant is None else call.instant
    milliseconds = call.seconds * 1000
    return (
        f"{instant:>7}  {call.function}({arguments}) → {answers}  {error}  "
        f"{milliseconds:.1f} ms  {call.origin.value}"
    )


def place_text(session: Session, stop: Stop) -> str:
    """Where a move ended: the instant, the frame and the line that the cursor stands at."""
    state_now = session.state()
    last = "?" if state_now.last_instant is None else state_now.last_instant
    text, span = _shown(session, state_now)
    position = text.position(span.start)
    frame = state_now.frames[0]
    lines = [logged_text(item) for item in stop.logged]
    if len(lines) >= MOST_LOGGED:
        lines.append("there may be more: `logs` lists all of the run")
    if stop.message:
        lines.append(stop.message)
    head = f"instant {state_now.position.instant} of {last}, {frame.name}"
    lines.append(f"{head}, {text.name}:{position.line}:{position.column}")
    lines.append(f"{position.line:>5}  {text.line_text(position.line)}")
    if frame.kind == "macro" and session.level is Level.SOURCE:
        # The line is that of the macro call all along: show what runs in it.
        expansion = session.program.rendering.text
        inner = expansion[state_now.expansion_line.start : state_now.expansion_line.end]
        lines.append(f"    →  {inner.splitlines()[0]}")
    return "\n".join(lines)


def logged_text(item: Logged) -> str:
    """What a breakpoint logged, as one line."""
    return f"{item.instant:>7}  {item.number}: {item.text}"


def _shown(session: Session, state_now: State) -> tuple[Source, Span]:
    if session.level is Level.SOURCE:
        return session.program.source, state_now.source_line
    return session.program.rendering.as_source, state_now.expansion_line


def state(session: Session, argument: str) -> tuple[str, Any]:
    """Where the run is, in a few lines."""
    now = session.state()
    last = "?" if now.last_instant is None else now.last_instant
    rows = [
        f"instant {now.position.instant} of {last}, level {session.level.value}",
        f"fuel {now.fuel:,} of {now.fuel_limit:,}, memory {counted(now.pages, 'page')}, "
        f"{counted(len(now.calls), 'host call')}",
    ]
    source = session.program.source
    for frame in now.frames:
        place = source.position(frame.source.start)
        rows.append(f"  {frame.kind:<8} {frame.name} at {place.line}:{place.column}")
    if now.trap:
        rows.append(now.trap)
        rows += _stack_rows(session, [slot for slot in now.frames[0].stack if slot.read_next])
    if now.results:
        rows.append(f"returned {', '.join(map(str, now.results))}")
    if now.result_value is not None:
        rows.append(f"value {value_text(Value(0, now.result_value))}")
    values = {"log": list(now.log), "value": now.result_value, "results": list(now.results)}
    return "\n".join(rows), {**values, "pages": now.pages, "trap": now.trap}


def stack(session: Session, argument: str) -> tuple[str, Any]:
    """The operand stack, as the article writes it, and what pushed each value."""
    now = session.state()
    slots = now.frames[0].stack
    values = [signed(slot.value) for slot in slots]
    return "\n".join([f"[{', '.join(map(str, values))}]", *_stack_rows(session, slots)]), values


def _stack_rows(session: Session, slots: Sequence[Slot]) -> list[str]:
    """Values of a stack, each with what pushed it."""
    source = session.program.source
    rows = []
    for number, slot in enumerate(slots):
        origin = ""
        if slot.pushed_by:
            place = source.position(slot.pushed_by.start)
            code = " ".join(source.text[slot.pushed_by.start : slot.pushed_by.end].split())
            origin = f"  from {place.line}:{place.column} {code[:_LONGEST]}"
        mark = "*" if slot.changed else " "
        rows.append(f" {mark}{number}  {slot.type}  {signed(slot.value)}{origin}")
    return rows


def local_slots(session: Session, argument: str) -> tuple[str, Any]:
    """The locals of the innermost frame."""
    rows, values = [], {}
    for slot in session.state().frames[0].locals:
        values[slot.name] = signed(slot.value)
        mark = "*" if slot.changed else " "
        note = "" if slot.written else "  (not yet set)"
        rows.append(f" {mark}{slot.name} = {signed(slot.value)}{note}")
    return "\n".join(rows) or "no locals", values


def calls(session: Session, argument: str) -> tuple[str, Any]:
    """The host calls made up to the position."""
    made = session.state().calls
    return "\n".join(call_text(c) for c in made) or "no host calls", [call_value(c) for c in made]


def printed(session: Session, argument: str) -> tuple[str, Any]:
    """The value of an expression."""
    if not argument:
        raise CommandError("print takes an expression, such as $x or text[16]")
    value = parse(argument).value(session.scope())
    return (value_text(Value(0, value)) if isinstance(value, str) else str(value)), value


def listing(session: Session, argument: str) -> tuple[str, Any]:
    """The lines around the cursor, at the session's level."""
    try:
        around = int(argument) // 2 if argument else _AROUND
    except ValueError:
        raise CommandError(f"list takes a number of lines, not `{argument}`") from None
    text, span = _shown(session, session.state())
    line = text.line_of(span.start)
    first = max(line - around, 1)
    last = min(line + around, len(text.line_starts))
    rows, values = [], []
    for number in range(first, last + 1):
        mark = "▶" if number == line else " "
        rows.append(f"{mark}{number:>5}  {text.line_text(number)}")
        values.append({"line": number, "text": text.line_text(number), "current": number == line})
    return "\n".join(rows), values

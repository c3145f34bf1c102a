"""What the questions find, in sentences that name the forms of the source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from watstep.debug.causes import Cause, Made
from watstep.debug.occasions import Occasion, Occasions
from watstep.debug.places import Place
from watstep.debug.reports import call_text
from watstep.debug.spots import InMemory
from watstep.debug.stretch import Stretch
from watstep.debug.writers import Hand, Write
from watstep.host.tape import HostCall, call_value
from watstep.pipeline import Program
from watstep.source.text import Span, counted
from watstep.wasm.values import signed

_LONGEST = 60


def form_text(program: Program, span: Span) -> str:
    """Where a form of the source is, and what it says, on one line: `4:3 (local.set $x ...)`."""
    place = program.source.position(span.start)
    code = " ".join(program.source.text[span.start : span.end].split())
    return f"{place.line}:{place.column} {clipped(code)}"


def clipped(text: str) -> str:
    """A text that fits in a row."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def quoted(text: str) -> str:
    """A text between quotes, on one line."""
    shown = clipped(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + shown.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def ordinal(call: HostCall, tape: Sequence[HostCall]) -> str:
    """A host call as people count it: `http.get` number 2 is its second call of that function."""
    before = sum(1 for item in tape[: call.index] if item.function == call.function)
    return f"`{call.function}` number {before + 1}"


def place_value(program: Program, place: Place | None) -> dict[str, Any]:
    """The source form of an instruction as `--json` prints it; {} where there is none."""
    if place is None:
        return {}
    return span_value(program, program.source_span(*place))


def span_value(program: Program, span: Span) -> dict[str, Any]:
    """A form of the source as `--json` prints it."""
    position = program.source.position(span.start)
    code = " ".join(program.source.text[span.start : span.end].split())
    return {"line": position.line, "column": position.column, "form": code}


_WRITTEN = {
    Hand.INSTRUCTION: "{name} was written at instant {instant} by {form}",
    Hand.PARAMETER: "{name} was given at instant {instant} by the call {form}",
    Hand.RESULT: "{name} was returned at instant {instant} to the call {form}",
    Hand.HOST: "{name} is from {call} at instant {instant}, {form}",
    Hand.DATA: "{name} is there from the start: {form}",
    Hand.PERSON: "{name} was changed by hand, at instant {after}",
    Hand.NOBODY: "{name} was never written: it is 0",
}


def write_span(program: Program, write: Write) -> Span | None:
    """The source form that wrote a value, None where nothing did."""
    if write.data is not None:
        return program.rendering.source_span(write.data.span)
    return program.source_span(*write.place) if write.place else None


def write_text(program: Program, tape: Sequence[HostCall], name: str, write: Write) -> str:
    """Who wrote something, in one sentence."""
    span = write_span(program, write)
    return _WRITTEN[write.hand].format(
        name=name,
        instant=write.instant,
        after=write.instant + 1,
        form=form_text(program, span) if span else "",
        call="" if write.call is None else ordinal(tape[write.call], tape),
    )


def write_value(program: Program, write: Write) -> dict[str, Any]:
    """Who wrote something, as `--json` prints it."""
    span = write_span(program, write)
    led = write.hand not in {Hand.DATA, Hand.NOBODY}
    return {
        "by": write.hand.value,
        "instant": write.instant if led else None,
        **(span_value(program, span) if span else {}),
    }


def cause_span(program: Program, cause: Cause) -> Span | None:
    """The source form that made a value."""
    if cause.made is Made.DATA and isinstance(cause.operand.spot, InMemory):
        address = cause.operand.spot.address
        for data in reversed(program.module.data):
            if data.address <= address < data.address + len(data.content):
                return program.rendering.source_span(data.span)
    return program.source_span(*cause.place) if cause.place else None


def cause_text(program: Program, tape: Sequence[HostCall], cause: Cause) -> str:
    """A row of the tree: the value, how it was made, where and when."""
    parts = [*cause_parts(program, tape, cause)]
    if cause.instant is not None:
        parts.append(f"instant {cause.instant}")
    return "  ".join(part for part in parts if part)


def cause_parts(program: Program, tape: Sequence[HostCall], cause: Cause) -> tuple[str, str, str]:
    """A value with its name, how it was made, and the form that made it; "" where there is none."""
    span = cause_span(program, cause)
    head = f"{cause.operand.role}: " if cause.operand.role else ""
    value = "" if cause.value is None else str(signed(cause.value))
    if cause.made in {Made.CONSTANT, Made.TEXT}:
        head += value
    else:
        head += f"({cause.name})" if cause.made is Made.OPERATION else cause.name
        head += f" = {value}" if value else ""
    if cause.text:
        head += f" {quoted(cause.text)}"
    how = _HOW[cause.made]
    if cause.made is Made.ANSWER and not cause.part:
        how = "answered by {call}"
    how = how.format(
        part=_part(cause),
        pieces=counted(len(cause.operands), "piece"),
        call="" if cause.call is None else ordinal(cause.call, tape),
    )
    return head, how, form_text(program, span) if span else ""


_HOW = {
    Made.LOCAL: "set by",
    Made.PARAMETER: "given by the call",
    Made.OPERATION: "",
    Made.CONSTANT: "",
    Made.TEXT: "a text of the program",
    Made.RESULT: "returned to",
    Made.ANSWER: "{part}of what {call} answered",
    Made.PIECES: "in {pieces}",
    Made.STORED: "{part}stored by",
    Made.DATA: "{part}there from the start:",
    Made.CHANGED: "changed by hand",
    Made.UNSET: "never written",
}


def _part(cause: Cause) -> str:
    """Which bytes of what was written as a whole."""
    if cause.part is None:
        return ""
    first, after = cause.part
    if after <= 0:
        return "the length " if (first, after) == (-4, 0) else "a part of the length "
    if first < 0:
        whole = "" if first == -4 else "the end of "
        return f"{whole}the length and bytes 0 to {after - 1} "
    return f"byte {first} " if after == first + 1 else f"bytes {first} to {after - 1} "


def cause_value(program: Program, tape: Sequence[HostCall], cause: Cause) -> dict[str, Any]:
    """A row of the tree as `--json` prints it, without its operands."""
    span = cause_span(program, cause)
    return {
        "made": cause.made.value,
        "name": cause.name,
        "role": cause.operand.role,
        "value": None if cause.value is None else signed(cause.value),
        "text": cause.text or None,
        "instant": cause.instant,
        "call": None if cause.call is None else ordinal(cause.call, tape).replace("`", ""),
        "bytes": list(cause.part) if cause.part else None,
        **(span_value(program, span) if span else {}),
    }


MOST_ROWS = 100
"""How many rows of a list the prompt shows."""


def occasions_text(program: Program, found: Occasions) -> str:
    """A list of instants, with what differs from one to the next."""
    shown = found.told[:MOST_ROWS]
    rows = [f"{o.instant:>9}  {occasion_text(program, o)}".rstrip() for o in shown]
    head = count_text(found)
    if len(shown) < found.count:
        rows.append(f"… and {found.count - len(shown):,} more")
    return "\n".join([head, *rows])


def count_text(found: Occasions) -> str:
    """How often something happens."""
    head = counted(found.count, "time") if found.count else "never"
    return head if found.whole else f"{head}, as far as it was searched"


def occasion_text(program: Program, item: Occasion) -> str:
    """What one instant of a list is."""
    parts = []
    if item.access:
        parts.append(item.access)
    if item.call:
        parts.append(_call_alone(item.call))
    elif item.access and item.place:
        parts.append(form_text(program, program.source_span(*item.place)))
    else:
        parts += [f"{name}={signed(value)}" for name, value in item.differing]
    return "  ".join(parts)


def occasions_value(program: Program, tape: Sequence[HostCall], found: Occasions) -> dict[str, Any]:
    """A list of instants as `--json` prints it."""
    rows = [
        {
            "instant": item.instant,
            "locals": {name: signed(value) for name, value in item.differing},
            "access": item.access or None,
            "call": ordinal(item.call, tape).replace("`", "") if item.call else None,
            **place_value(program, item.place),
        }
        for item in found.told
    ]
    return {"count": found.count, "whole": found.whole, "instants": rows}


def stretch_rows(program: Program, found: Stretch) -> list[tuple[int | None, str]]:
    """What happened, a row each; beside a row the instant that it leads to, None where to none."""
    steps = found.last - found.first
    rows: list[tuple[int | None, str]] = [
        (None, f"instants {found.first:,} to {found.last:,}: {counted(steps, 'instruction')}, "
               f"{found.fuel:,} fuel{_depth_text(found.depths)}"),
    ]  # fmt: skip
    for item in found.locals:
        frame = "" if item.depth == found.depths[1] - 1 else f" of {_label(program, item.function)}"
        change = f"{signed(item.before)} → {signed(item.after)}"
        rows.append((None, f"{item.name}{frame}  {change}"))
    rows += [
        (None, f"memory {start} to {end - 1} written, {counted(end - start, 'byte')}")
        for start, end in found.memory
    ]
    if found.pages:
        rows.append((None, f"memory grew by {counted(found.pages, 'page')}"))
    rows += [
        (None, f"{_label(program, index)} entered, {counted(times, 'time')}")
        for index, times in found.entered
    ]
    rows += [((call.instant or 1) - 1, _call_alone(call)) for call in found.calls]
    return rows


def _call_alone(call: HostCall) -> str:
    """A host call as one line, without its instant."""
    return call_text(call).split(None, 1)[1]


def _depth_text(depths: tuple[int, int]) -> str:
    before, after = depths
    if before == after:
        return ""
    deeper = "deeper" if after > before else "less deep"
    return f", {counted(abs(after - before), 'call')} {deeper} at the end"


def _label(program: Program, function: int) -> str:
    found = program.function(function)
    return found.name or found.label


def stretch_value(program: Program, found: Stretch) -> dict[str, Any]:
    """What happened, as `--json` prints it."""
    return {
        "first": found.first,
        "last": found.last,
        "fuel": found.fuel,
        "pages": found.pages,
        "depths": list(found.depths),
        "locals": [
            {
                "function": _label(program, item.function),
                "depth": item.depth,
                "name": item.name,
                "before": signed(item.before),
                "after": signed(item.after),
            }
            for item in found.locals
        ],
        "memory": [list(item) for item in found.memory],
        "entered": {_label(program, index): times for index, times in found.entered},
        "calls": [call_value(call) for call in found.calls],
    }

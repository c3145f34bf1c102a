"""Timelines, their differences and host calls to be answered, as text and plain values (L7)."""

from __future__ import annotations

from typing import Any

from watstep.debug.answering import Asked
from watstep.debug.calls import question_text
from watstep.debug.parting import Difference, Parting, part
from watstep.debug.reports import call_text
from watstep.debug.session import Session
from watstep.debug.sides import Side, sides
from watstep.debug.timelines import Branch
from watstep.errors import CommandError
from watstep.host.tape import call_value
from watstep.machine.timeline import Timeline
from watstep.wasm.values import signed


def listed(session: Session, argument: str) -> tuple[str, Any]:
    """All timelines, the one looked at marked."""
    rows, values = [], []
    for branch in session.timelines:
        now = branch is session.timelines.current
        rows.append(f"{'▶' if now else ' '} {branch_text(branch)}")
        values.append({**branch_value(branch), "current": now})
    return "\n".join(rows), values


def branch_text(branch: Branch) -> str:
    """A timeline on one line: its name, where it begins, and where one stands on it."""
    timeline = branch.timeline
    last = "?" if timeline.end is None else timeline.end
    begun = "the run from the start"
    if branch.parent:
        begun = f"from {branch.parent.name} at instant {branch.start}: {branch.said}"
    elif branch.said:
        begun = branch.said
    elif timeline.sealed:
        begun = "the recorded run"
    return f"{branch.name}  {begun}  (at {branch.position.instant} of {last})"


def branch_value(branch: Branch) -> dict[str, Any]:
    """A timeline as `--json` prints it."""
    return {
        "name": branch.name,
        "parent": branch.parent.name if branch.parent else None,
        "start": branch.start,
        "change": branch.said or None,
        "instant": branch.position.instant,
        "last_instant": branch.timeline.end,
    }


def asked(session: Session, found: Asked) -> tuple[str, Any]:
    """The host call that an answer would be given to, and the answers that it can have."""
    lines = [f"{found.instant + 1:>7}  {question_text(found.question)}"]
    if found.made:
        lines.append(f"answered: {call_text(found.made).strip()}")
    elif found.recorded:
        lines.append(f"recorded: {call_text(found.recorded).strip()}")
    lines.append(f"answers: {', '.join(found.kinds)}")
    value = {
        "instant": found.instant + 1,
        "function": found.question.function,
        "arguments": [{"value": v.value, "text": v.text} for v in found.question.arguments],
        "answered": call_value(found.made) if found.made else None,
        "recorded": call_value(found.recorded) if found.recorded else None,
        "answers": list(found.kinds),
    }
    return "\n".join(lines), value


def compared(session: Session, argument: str) -> tuple[str, Any]:
    """Where the timeline looked at and another one part, and how both ended."""
    here, other = _pair(session, argument)
    found = parting_of(here.timeline, other.timeline)
    value = {
        "difference": found.difference.value,
        "instant": found.instant,
        "calls": [call_value(call) if call else None for call in found.calls],
        "states": {side.name: _signed(side) for side in _sides(here, other, found)},
        "ends": [end_text(branch.timeline) for branch in (here, other)],
    }
    return "\n".join(text for _, text in _comparison(here, other, found)), value


def comparison(session: Session, argument: str) -> list[tuple[int | None, str]]:
    """The same as rows; beside a row the instant that it leads to, None where to none."""
    here, other = _pair(session, argument)
    return _comparison(here, other, parting_of(here.timeline, other.timeline))


def _pair(session: Session, argument: str) -> tuple[Branch, Branch]:
    """The timeline that is looked at and another one, ready to be searched."""
    here, other = session.timelines.current, session.timelines.named(argument)
    if here is other:
        raise CommandError(f"`{argument}` is the timeline that is looked at")
    here.timeline.interrupted = other.timeline.interrupted = False
    return here, other


def _comparison(here: Branch, other: Branch, found: Parting) -> list[tuple[int | None, str]]:
    rows: list[tuple[int | None, str]] = [(found.instant, _parting_text(found))]
    for branch, call in zip((here, other), found.calls, strict=True):
        if call or any(found.calls):
            made = call_text(call).strip() if call else "no call"
            rows.append((None, f"  {branch.name:<8} {made}"))
    states = _sides(here, other, found)
    if states:
        rows.append((None, f"  {'':<16} {here.name:>12} {other.name:>12}"))
    for side in states:
        first, second = ("-" if value is None else str(value) for value in _signed(side))
        mark = "*" if side.differs else " "
        rows.append((None, f" {mark}{side.name:<16} {first:>12} {second:>12}"))
    for branch in (here, other):
        last = branch.timeline.end if branch is here else None
        rows.append((last, f"  {branch.name:<8} {end_text(branch.timeline)}"))
    return rows


def _sides(here: Branch, other: Branch, found: Parting) -> tuple[Side, ...]:
    """Both states where they part; () where they do not."""
    if found.difference in {Difference.NONE, Difference.OPEN}:
        return ()
    return sides(here.timeline, other.timeline, found.instant)


def _signed(side: Side) -> list[int | None]:
    return [None if value is None else signed(value) for value in (side.first, side.second)]


def parting_of(first: Timeline, second: Timeline) -> Parting:
    """Where two timelines part; what a person changed in one alone is a difference too."""

    def report(instant: int) -> None:
        first.reached = instant

    found = part(first, second, report)
    changed = {change.instant for change in {*first.changes} ^ {*second.changes}}
    at = min(changed, default=found.instant + 1)
    return Parting(Difference.VALUE, at) if at <= found.instant else found


def _parting_text(found: Parting) -> str:
    if found.difference is Difference.NONE:
        return f"both are alike to the end, instant {found.instant}"
    if found.difference is Difference.OPEN:
        return f"both are alike up to instant {found.instant}, as far as they were compared"
    return f"they part at instant {found.instant}: {found.difference.value}"


def end_text(timeline: Timeline) -> str:
    """How a timeline ended, or how far it was run."""
    if timeline.end is None:
        return f"was run up to instant {timeline.frontier}"
    if timeline.trap:
        return f"ended at instant {timeline.end}: {timeline.trap.message}"
    results = ", ".join(map(str, timeline.outcome().results)) or "nothing"
    return f"returned {results} at instant {timeline.end}"

"""A run file held against what its program does on the same answers, on both executors."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, NamedTuple

from watstep.host.live import read_text
from watstep.host.tape import HostCall, Value, value_text
from watstep.machine.machine import Machine
from watstep.machine.outcome import UNSTEADY, Outcome, Trap, TrapKind
from watstep.machine.timeline import SLICE, Before, Timeline
from watstep.runfile.reading import RunFile
from watstep.source.text import counted
from watstep.wasm.values import signed, wrap


class Difference(NamedTuple):
    """The first thing in which a run differs from the one in the file."""

    executor: str
    what: str
    """`host call 3`, `the end`, `the results`, `the fuel`, `the instants` or `the memory`."""
    recorded: str
    replayed: str
    instant: int | None = None
    """The instant before which it shows; None where the executor does not count."""


@dataclass(frozen=True)
class Replay:
    """What a replay found."""

    difference: Difference | None
    executors: tuple[str, ...]
    """Those on which the run was made again."""
    skipped: dict[str, str]
    """The others, each with the reason."""


def replay_run(run: RunFile) -> Replay:
    """Make the run again, offline, on the machine and then on wasmtime."""
    difference = _on_machine(run)
    reason = _why_not_native(run)
    if difference or reason:
        return Replay(difference, ("machine",), {"wasmtime": reason} if reason else {})
    return Replay(_on_wasmtime(run), ("machine", "wasmtime"), {})


def is_cut(run: RunFile) -> bool:
    """Whether the program itself would go on beyond the end that the file tells."""
    trap, tape = run.ending.trap, run.tape
    if trap is None:
        return run.ending.status == "unfinished"
    return trap.kind in UNSTEADY and not (tape and tape[-1].possibly_done)


def _why_not_native(run: RunFile) -> str:
    if run.changes:
        return "a value was changed by hand"
    if run.settings.limits.exact_fuel:
        return "wasmtime has no exact fuel"
    if run.ending.status == "unfinished":
        return "the run was kept before its end"
    trap = run.ending.trap
    return f"the run was ended by its limit: {trap.kind.value}" if trap and is_cut(run) else ""


# The machine.


def _on_machine(run: RunFile) -> Difference | None:
    ending, cut = run.ending, is_cut(run)
    before = Before(changes=run.changes)
    trap = None if cut else ending.trap
    timeline = Timeline(run.program, run.settings, run.tape, trap, before)
    try:
        parted = _walk(timeline, run, ending.steps if cut else None)
        if parted or (cut and ending.steps is None):
            return parted
        found = _facts_cut(timeline) if cut else _facts(timeline.outcome())
        return _first_of(run, "machine", found, timeline.machine.step)
    finally:
        timeline.close()


def _walk(timeline: Timeline, run: RunFile, last: int | None) -> Difference | None:
    """Run to the end, or as far as the file knows of one; the first call that is another."""
    machine, tape = timeline.machine, run.tape
    while timeline.end is None and (last is None or machine.step < last):
        made = machine.calls_made
        if last is None and is_cut(run) and made == len(tape):
            return None
        timeline.advance(machine.step + SLICE if last is None else last, live=True)
        if machine.calls_made > made:
            parted = _texts_parted(machine, tape[made], made)
            if parted:
                return parted
    return _call_parted(timeline, tape, run)


def _texts_parted(machine: Machine, call: HostCall, number: int) -> Difference | None:
    """Whether the texts that a call was given are other ones than the file tells."""
    found = tuple(
        value if value.text is None else Value(value.value, _text_at(machine, value.value))
        for value in call.arguments
    )
    if found == call.arguments:
        return None
    return Difference(
        "machine",
        f"host call {number}",
        _said(call.function, call.arguments),
        _said(call.function, found),
        machine.step - 1,
    )


def _text_at(machine: Machine, pointer: int) -> str | None:
    content = read_text(machine, wrap(pointer))
    return None if content is None else content.decode("utf-8", "replace")


def _said(function: str, arguments: tuple[Value, ...]) -> str:
    return f"{function}({', '.join(map(value_text, arguments))})"


def _call_parted(timeline: Timeline, tape: tuple[HostCall, ...], run: RunFile) -> Difference | None:
    """Whether the run stands at a call that the file has not, or ended before one that it has."""
    machine, number, trap = timeline.machine, timeline.machine.calls_made, timeline.trap
    what = f"host call {number}"
    if trap and trap.kind in {TrapKind.HOST, TrapKind.CANCELLED} and machine.step == timeline.end:
        name, given = machine.pending_call()
        values = tuple(Value(signed(value)) for value in given)
        recorded = tape[number] if number < len(tape) else None
        if recorded is None:
            return Difference("machine", what, "none", _said(name, values), machine.step)
        if recorded.function != name or tuple(wrap(v.value) for v in recorded.arguments) != given:
            known = _said(recorded.function, recorded.arguments)
            texts = zip(values, recorded.arguments, strict=False)
            read = tuple(
                value if of.text is None else Value(value.value, _text_at(machine, value.value))
                for value, of in texts
            )
            read = read if recorded.function == name else values
            return Difference("machine", what, known, _said(name, read), machine.step)
    elif number < len(tape):
        known = _said(tape[number].function, tape[number].arguments)
        end = f"the run {_end_of(trap)} before it" if timeline.end is not None else "none yet"
        return Difference("machine", what, known, end, machine.step)
    return None


class _Facts(NamedTuple):
    """What is compared of an end, in this order; None is not known, and not compared."""

    end: str | None
    results: tuple[int, ...] | None
    instants: int | None
    fuel: int | None
    memory: str | None


_WORDS = ("the end", "the results", "the instants", "the fuel", "the memory")


def _facts(outcome: Outcome) -> _Facts:
    return _Facts(
        _end_of(outcome.trap),
        outcome.results,
        outcome.steps,
        outcome.known_fuel,
        hashlib.sha256(outcome.memory).hexdigest(),
    )


def _facts_cut(timeline: Timeline) -> _Facts:
    """Of a run that does not end where the file does."""
    machine = timeline.machine
    memory = hashlib.sha256(machine.memory).hexdigest()
    return _Facts(None, None, machine.step, machine.fuel, memory)


def _end_of(trap: Trap | None) -> str:
    return f"trapped: {trap.kind.value}" if trap else "returned"


def _first_of(
    run: RunFile, executor: str, found: _Facts, instant: int | None = None
) -> Difference | None:
    """The first fact of an end that is another than in the file."""
    ending = run.ending
    # After a trap each executor has a figure of its own.
    fuel = ending.fuel if ending.trap is None or executor == run.executor else None
    end = _end_of(ending.trap)
    known = _Facts(end, ending.results, ending.steps, fuel, ending.memory_sha256)
    for what, ours, theirs in zip(_WORDS, known, found, strict=True):
        if ours is not None and theirs is not None and ours != theirs:
            return Difference(executor, what, _shown(ours), _shown(theirs), instant)
    return None


def _shown(fact: object) -> str:
    if isinstance(fact, tuple):
        return " ".join(map(str, fact)) or "none"
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


# wasmtime.


def _on_wasmtime(run: RunFile) -> Difference | None:
    from watstep.native.runner import run_native

    outcome = run_native(run.program, run.settings, tape=run.tape)
    trap, made = outcome.trap, len(outcome.calls)
    if trap and trap.kind in UNSTEADY:
        return None
    ended = run.ending.trap
    limited = ended is not None and ended.kind is TrapKind.HOST_LIMIT
    if limited and trap and trap.kind is TrapKind.HOST and made == len(run.tape):
        # The call that was one too many is on no tape.
        return None
    if made < len(run.tape):
        call = run.tape[made]
        said = trap.message if trap else "the run returned before it"
        known = _said(call.function, call.arguments)
        return Difference("wasmtime", f"host call {made}", known, said)
    return _first_of(run, "wasmtime", _facts(outcome))


# What is said of it.


def replay_text(run: RunFile, replay: Replay) -> str:
    """A replay in a few lines for a person."""
    lines = []
    if replay.difference:
        parted = replay.difference
        at = "" if parted.instant is None else f", at instant {parted.instant:,}"
        lines.append(f"the run differs on {parted.executor}: {parted.what}{at}")
        lines.append(f"  recorded  {parted.recorded}")
        lines.append(f"  replayed  {parted.replayed}")
        if run.redacted:
            covered = counted(run.redacted, "secret")
            lines.append(f"  {covered} of it covered by stars: a run that looks at one differs")
    else:
        lines.append(f"the same on {' and '.join(replay.executors)}: {_summary(run)}")
    lines += [f"not held against {name}: {why}" for name, why in replay.skipped.items()]
    return "\n".join(lines)


def _summary(run: RunFile) -> str:
    ending = run.ending
    parts = [_shown(ending.results)] if ending.results else []
    parts += [counted(len(run.tape), "host call")]
    parts += [f"{ending.steps:,} instants"] if ending.steps is not None else []
    parts += [f"{ending.fuel:,} fuel"] if ending.fuel is not None else []
    end = "kept before its end" if ending.status == "unfinished" else _end_of(ending.trap)
    return f"{end}, {', '.join(parts)}"


def replay_value(run: RunFile, replay: Replay) -> dict[str, Any]:
    """A replay as `--json` prints it."""
    return {
        "status": "differs" if replay.difference else "same",
        "difference": replay.difference._asdict() if replay.difference else None,
        "executors": list(replay.executors),
        "skipped": replay.skipped,
        "redacted": run.redacted,
    }

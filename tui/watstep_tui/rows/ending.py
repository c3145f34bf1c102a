"""How the run ended, the breakpoints, and the lines at the screen's edge."""

from __future__ import annotations

from rich.text import Text

from watstep.debug.agreement import NOT_REPEATED
from watstep.debug.breakpoint import Breakpoint
from watstep.debug.breakpoint_reports import breakpoint_text
from watstep.debug.state import Slot, StopReason
from watstep.source.text import counted
from watstep_tui.rows.snapshot import Form, Snapshot, code_at, quoted, written

_WORDS = {
    StopReason.STEP: "stopped: step",
    StopReason.BACK: "stopped: back",
    StopReason.START: "at the start of the run",
    StopReason.GOTO: "stopped: goto",
    StopReason.UNTIL: "stopped: the line was reached",
    StopReason.OUT: "stopped: the frame was left",
    StopReason.CANCELLED: "interrupted",
}
"""Why it stopped, where the session has no sentence of its own."""

_SAID = frozenset((StopReason.AT_START, StopReason.AT_END))


def result_rows(found: Snapshot) -> list[Text]:
    """How the run ended, and whether wasmtime says the same; before the end, what is known."""
    state = found.state
    rows = []
    if state.result_value is not None:
        rows.append(_named("value", quoted(state.result_value, 400), "text"))
    if state.results:
        rows.append(_named("result", ", ".join(map(str, state.results)), "strong"))
    if state.trap:
        rows.append(_named("trap", state.trap, "error"))
    if found.failed:
        rows.append(_named("at", code_at(found, found.failed[0]), ""))
        rows += [_operand(found, slot) for slot in state.frames[0].stack if slot.read_next]
    if not state.ended:
        rows.append(Text.assemble(("the run has not ended here", "muted")))
    parts = (
        f"{state.fuel:,} fuel",
        counted(found.instant, "instruction"),
        counted(len(state.calls), "host call"),
        counted(state.pages, "page", " of memory"),
    )
    rows.append(_named("cost", ", ".join(parts), ""))
    if found.changed:
        rows.append(_named("check", f"not held against wasmtime: {NOT_REPEATED}", "muted"))
    elif found.verdict == "":
        rows.append(_named("check", "✓ wasmtime gives the same on the same answers", "good"))
    elif found.verdict:
        rows.append(_named("check", f"✗ wasmtime differs in {found.verdict}", "error"))
    return rows


def _named(name: str, text: str, style: str) -> Text:
    return Text.assemble((f"{name:<8}", "muted"), (text, style))


def _operand(found: Snapshot, slot: Slot) -> Text:
    """A value that the failed instruction was given, and where it came from."""
    row = _named("given", written(slot.value, found.view.form), "strong")
    if slot.value in found.texts:
        row.append(f" {quoted(found.texts[slot.value])}", "text")
    if slot.pushed_by:
        row.append(f"  from {code_at(found, slot.pushed_by)}", "muted")
    return row


def breakpoint_row(item: Breakpoint) -> Text:
    """A breakpoint: whether it is on, what it stands on, whether it moved."""
    row = Text("● " if item.enabled and not item.trigger.missing else "○ ")
    row.stylize("breakpoint")
    row.append(breakpoint_text(item), "" if item.enabled else "muted")
    return row


def breakpoint_rows(found: Snapshot) -> list[Text]:
    """The breakpoints, with where they moved (B4)."""
    rows = []
    for item in found.breakpoints:
        rows.append(breakpoint_row(item))
    empty = "no breakpoints: b sets one on the line of the cursor"
    return rows or [Text.assemble((empty, "muted"))]


def why(found: Snapshot) -> tuple[str, str]:
    """Why the session stopped, in words, and the style of that."""
    state, stop = found.state, found.stop
    moved = stop.reason not in {StopReason.AT_START, StopReason.AT_END}
    if state.ended and state.trap and moved:
        return f"trapped: {state.trap}", "error"
    if state.ended and moved:
        return f"returned {', '.join(map(str, state.results)) or 'nothing'}", "strong"
    words = stop.message or _WORDS.get(stop.reason, "")
    return words, "strong" if stop.reason in _SAID else ""


def status_text(found: Snapshot, said: tuple[str, str] | None, width: int) -> Text:
    """Instant, fuel, and why it stopped or what there is to say instead."""
    state = found.state
    last = "?" if state.last_instant is None else f"{state.last_instant:,}"
    fuel = Text.assemble(
        ("fuel ", "muted"), f"{state.fuel:,}", (f" of {short(state.fuel_limit)}   ", "muted")
    )
    line = Text.assemble(
        ("instant ", "muted"), (f"{found.instant:,}", "strong"), (f" of {last}   ", "muted")
    )
    timeline = found.timeline
    if timeline and len(found.timelines) > 1:
        line.append_text(
            Text.assemble(
                ("timeline ", "muted"), (timeline.name, "strong"),
                (f" of {len(found.timelines)}   ", "muted"),
            )
        )  # fmt: skip
    reason = Text.assemble(said or why(found))
    if line.cell_len + fuel.cell_len + reason.cell_len <= width:
        line.append_text(fuel)
    line.append_text(reason)
    if found.view.form is not Form.SIGNED:
        line.append(f"   {found.view.form.value}", "key")
    return line


def beside(line: Text, right: str, width: int) -> Text:
    """A line with words at its right end, where there is room for them."""
    if right and line.cell_len + len(right) + 3 <= width:
        line.append(" " * (width - line.cell_len - len(right) - 1))
        line.append(right, "muted")
    return line


def short(number: int) -> str:
    """A round number of millions as `100 M`, another one in full."""
    millions, rest = divmod(number, 1_000_000)
    return f"{number:,}" if rest or not millions else f"{millions:,} M"

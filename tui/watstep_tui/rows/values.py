"""The operand stack, the locals and the call stack."""

from __future__ import annotations

from rich.text import Text

from watstep.debug.state import LocalSlot, Slot
from watstep.host.errors import error_name
from watstep_tui.rows.lazy import LazyRows
from watstep_tui.rows.snapshot import Form, Snapshot, code_at, quoted, written

LEGEND = "* changed  ◂ read  ▸ set"
"""The three marks of values (L3): what the last instruction changed, what the next one does."""
_WIDEST = 10


def _marks(*, changed: bool, read: bool, write: bool = False) -> Text:
    """Two cells: what the last instruction did, and what the next one does."""
    row = Text("*" if changed else " ", style="")
    row.stylize("changed")
    row.append("◂" if read else "▸" if write else " ", "read" if read else "write")
    return row


def stack_rows(found: Snapshot) -> list[Text]:
    """The operand stack, the top first, each value with the form that pushed it."""
    slots = found.frame.stack
    article = f"[{', '.join(written(slot.value, found.view.form) for slot in slots)}]"
    rows = [Text.assemble((article, "strong" if slots else "muted"))]
    for number in range(len(slots) - 1, -1, -1):
        slot = slots[number]
        row = _marks(changed=slot.changed, read=slot.read_next)
        row.append(f"{number} ", "muted")
        row.append(f"{slot.type} ", "muted")
        row.append(written(slot.value, found.view.form), "changed" if slot.changed else "strong")
        if slot.value in found.texts:
            row.append(f" {quoted(found.texts[slot.value])}", "text")
        rows.append(row)
        if slot.pushed_by:
            rows.append(Text.assemble((f"    from {code_at(found, slot.pushed_by)}", "muted")))
    return rows


def stack_columns(found: Snapshot, width: int) -> list[Text]:
    """The operand stack side by side, the top on the right: values, types, texts and origins.

    Where there is no room for all, those at the bottom are left out.
    """
    slots = found.frame.stack
    columns = [_column(found, slot) for slot in slots]
    widths = [max(text.cell_len for text in column) for column in columns]
    first, taken = len(slots), 1
    while first and taken + widths[first - 1] + 2 <= width - 1:
        first -= 1
        taken += widths[first] + 2
    first = min(first, max(len(slots) - 1, 0))
    rows = []
    # Which of them nothing stands in; the values themselves are always there.
    lines = [line for line in range(4) if not line or any(c[line].plain.strip() for c in columns)]
    for line in lines:
        row = Text("[" if not line else " ", "muted")
        row.append(("… " if first else "") if not line else "  " * bool(first), "muted")
        for number in range(first, len(slots)):
            text = columns[number][line]
            row.append_text(text).append(" " * (widths[number] - text.cell_len))
            row.append("  " if number < len(slots) - 1 else "")
        rows.append(row.append("]" if not line else "", "muted"))
    return rows


def _column(found: Snapshot, slot: Slot) -> tuple[Text, ...]:
    """A value with its marks, and below it its type, its text and where it came from."""
    value = _marks(changed=slot.changed, read=slot.read_next)
    value.append(written(slot.value, found.view.form), "changed" if slot.changed else "strong")
    text = quoted(found.texts[slot.value], _WIDEST) if slot.value in found.texts else ""
    origin = code_at(found, slot.pushed_by).partition(" ")[0] if slot.pushed_by else ""
    below = ((slot.type, "muted"), (text, "text"), (origin and f"from {origin}", "muted"))
    return value, *(Text.assemble(("  ", ""), part) for part in below)


def stack_slot_of(found: Snapshot, row: int) -> int | None:
    """The index from the bottom of the value that a row of the stack shows."""
    at = 1
    for number in range(len(found.frame.stack) - 1, -1, -1):
        at += 2 if found.frame.stack[number].pushed_by else 1
        if row < at:
            return number if row else None
    return None


def local_rows(found: Snapshot) -> list[Text]:
    """The locals of the frame that is looked at, with what changed and what is touched next."""
    width = min(max((len(slot.name) for slot in found.frame.locals), default=0), 20)
    rows = [_local_row(found, slot, width) for slot in found.frame.locals]
    return rows or [Text.assemble(("no locals", "muted"))]


def _local_row(found: Snapshot, slot: LocalSlot, width: int) -> Text:
    row = _marks(changed=slot.changed, read=slot.read_next, write=slot.written_next)
    row.append(f"{slot.name:<{width}}  ", "name")
    if not slot.written:
        row.append("0  not yet set", "muted")
        return row
    row.append(written(slot.value, found.view.form), "changed" if slot.changed else "strong")
    named = (error_name(slot.value) if slot.value else "OK") or ""
    if slot.name.endswith("err") and named:
        row.append(f"  {named}", "error" if slot.value else "good")
    elif slot.value in found.texts:
        row.append(f"  {quoted(found.texts[slot.value])}", "text")
    return row


class FrameRows(LazyRows):
    """The call stack, innermost first, macro frames among the functions."""

    def __init__(self, found: Snapshot) -> None:
        """The frames of a snapshot."""
        self.found = found

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self.found.state.frames)

    def row(self, index: int) -> Text:
        """A frame: its name, where it stands, and whether a macro call made it."""
        frame = self.found.state.frames[index]
        place = self.found.program.source.position(frame.source.start)
        seen = index == self.found.view.frame
        row = Text("▶ " if index == 0 else "▷ " if seen else "  ")
        row.stylize("position")
        row.append(frame.name, "strong" if seen else "")
        kind = "macro" if frame.kind == "macro" else "func"
        return row.append(f"  {place.line}:{place.column}  {kind}", "muted")


def value_text(found: Snapshot, name: str, value: int) -> str:
    """A value in all its forms, and the whole text that it points at (L4)."""
    forms = [written(value, form) for form in Form]
    shown = [text for at, text in enumerate(forms) if text not in forms[:at]]
    lines = [f"{name} = {' = '.join(shown)}"]
    if value in found.texts:
        text = found.texts[value]
        lines.append(f"points at {len(text.encode())} bytes of text:")
        lines += text.splitlines()
    return "\n".join(lines)

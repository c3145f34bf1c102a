"""What stands beside the code at a stop: values read and written, and how a branch went."""

from __future__ import annotations

from rich.text import Text

from watstep.debug.state import Level, Remark, Said
from watstep.host.errors import error_name
from watstep.source.text import Span
from watstep_tui.rows.snapshot import Snapshot, quoted, written

_LONGEST = 24


def remarks_by_line(found: Snapshot, level: Level) -> dict[int, Text]:
    """The remarks of a level's text by line, from 1; those of one line stand side by side."""
    if found.view.frame or found.failed:
        # They are of the innermost frame, and of a run that goes on.
        return {}
    program = found.program
    text = program.source if level is Level.SOURCE else program.rendering.as_source
    said: dict[int, dict[tuple[Said, str], Text]] = {}
    for remark in found.state.remarks:
        span = remark.source if level is Level.SOURCE else remark.expansion
        if span is not None:
            row = said.setdefault(text.line_of(span.start), {})
            row[remark.said, remark.name] = _remark(found, remark)
    return {line: Text("  ").join(row.values()) for line, row in said.items()}


def skipped_in(found: Snapshot, level: Level) -> tuple[Span, ...]:
    """The code of a level's text that is not run this time round."""
    arms = ((arm.source if level is Level.SOURCE else arm.expansion) for arm in found.state.skipped)
    return tuple(span for span in arms if span is not None)


def _remark(found: Snapshot, remark: Remark) -> Text:
    if not remark.name:
        return Text.assemble((remark.said.value, "read"))
    wrote = remark.said is Said.WROTE
    shown = Text.assemble((remark.name, "name"), (" ← " if wrote else " ", "muted"))
    shown.append(written(remark.value, found.view.form), "changed" if wrote else "strong")
    if remark.name.endswith("err"):
        shown.append(f" {error_name(remark.value) or ''}" if remark.value else " OK", "muted")
    elif remark.value in found.texts:
        shown.append(f" {quoted(found.texts[remark.value], _LONGEST)}", "text")
    return shown
